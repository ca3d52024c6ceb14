import io
import json
import logging

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
