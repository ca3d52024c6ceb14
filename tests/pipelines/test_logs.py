import io
import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.logs import JsonFormatter, log_event, wants_json


@pytest.fixture
def written():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("wirelake-test-logs")
    logger.propagate = False
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield logger, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_an_event_is_one_line_with_text_and_fields(written):
    logger, lines = written
    log_event(logger, "stories committed", shard="0000", kept=3)
    (line,) = lines()
    assert line["severity"] == "INFO"
    assert line["message"] == "stories committed shard=0000 kept=3"
    assert (line["shard"], line["kept"]) == ("0000", 3)
    assert line["time"].endswith("+00:00")


def test_an_exception_stays_on_one_line(written):
    logger, lines = written
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logger.exception("broken")
    (line,) = lines()
    assert line["severity"] == "ERROR"
    assert "two\nlines" in line["stack_trace"]


def test_fields_cannot_take_the_place_of_the_line_s_own(written):
    logger, lines = written
    log_event(logger, "x", severity="EMERGENCY", time="never")
    (line,) = lines()
    assert line["severity"] == "INFO" and line["time"] != "never"


def test_levels_have_cloud_logging_s_names(written):
    logger, lines = written
    for level in (logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        logger.log(level, "x")
    assert [line["severity"] for line in lines()] == ["INFO", "WARNING", "ERROR", "CRITICAL"]


def test_nothing_is_formatted_for_nobody():
    logger = logging.getLogger("wirelake-test-silent")
    logger.setLevel(logging.WARNING)

    class Costly:
        def __str__(self):
            raise AssertionError("formatted")

    log_event(logger, "x", value=Costly())


def test_the_environment_asks_for_json():
    assert wants_json({"WIRELAKE_LOG": "JSON"})
    assert not wants_json({})


def test_a_run_says_one_line_per_commit_and_none_per_item(run, tmp_path, caplog):
    feed = tmp_path / "items.jsonl"
    feed.write_text("".join(f'{{"id": "{n}", "headline": "Ferry {n} sails on day {n}"}}\n' for n in range(50)))
    with caplog.at_level(logging.INFO):
        run(feed)
    ours = [record for record in caplog.records if record.name.startswith(("pipelines", "transforms"))]
    told = [record.getMessage() for record in ours]
    assert sorted(text.split(" run_id=")[0] for text in told) == ["polls committed", "stories committed"]
    assert any("kept=50" in text for text in told) and any("polls=1" in text for text in told)
    assert not any("Ferry" in text for text in told)


def test_everything_on_standard_error_is_a_line_for_cloud_logging(tmp_path):
    """The command as the image runs it: an input that fails, one that cannot be read in part, fifty items."""
    for number in range(12):
        (tmp_path / f"{number}.jsonl").write_text(
            f'{{"id": "{number}", "headline": "Ferry {number} sails"}}\nnot json\n'
        )
    names = [str(tmp_path / f"{number}.jsonl") for number in range(13)]
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "ingest", *names, "--output", str(tmp_path / "lake"), "--workers", "2"],
        env={**os.environ, "WIRELAKE_LOG": "json", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert all({"severity", "time", "message"} <= set(line) for line in lines)
    ours = [line for line in lines if line["logger"].startswith(("pipelines", "transforms"))]
    assert sorted(line["message"].split(" run_id=")[0] for line in ours) == ["polls committed", "stories committed"]
    by_event = {line["message"].split(" ")[0]: line for line in ours}
    assert (by_event["polls"]["polls"], by_event["stories"]["kept"]) == (13, 12)
    assert "Ferry" not in done.stderr


def test_progress_is_an_event_where_lines_are_structured(monkeypatch, caplog, capsys):
    from pipelines import progress

    monkeypatch.setenv("WIRELAKE_LOG", "json")
    monkeypatch.setattr(progress, "LOG_EVERY", 0.01)
    with caplog.at_level(logging.INFO), progress.ProgressLine("watched", None) as counts:
        counts.items = 7
        while not caplog.records:
            time.sleep(0.01)
    assert "progress run_id=watched inputs=0 items=7 kept=0" in caplog.records[-1].getMessage()
    assert capsys.readouterr().err == ""
