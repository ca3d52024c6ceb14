"""The stream on Beam's local streaming engine: the same rows as a batch, in real time, and a graceful end."""

import datetime as dt
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.pipelines.samples import embargoed, item, rss
from tests.stream.running import PRISM, content, needs_prism, rows, start, streaming
from tests.stream.samples import lines, story

pytestmark = [needs_prism, pytest.mark.timeout(300)]


def unclustered(lake: Path) -> list[dict[str, object]]:
    return sorted(({**row, "cluster_id": None} for row in content(lake)), key=repr)


def test_a_growing_file_and_a_folder_end_in_the_rows_of_a_batch(tmp_path: Path) -> None:
    folder, lake = tmp_path / "in", tmp_path / "lake"
    folder.mkdir()
    growing = folder / "items.jsonl"
    growing.write_text(lines(*range(5)))
    with streaming(folder, "--output", lake, "--flush", "2s", "--workers", 1) as running:
        running.wait_for(lambda: len(rows(lake)) == 5)
        with growing.open("a") as stream:
            stream.write(lines(5, 6) + lines(7)[:30])
        (folder / "feed.xml").write_bytes(rss(item("a", "Pier reopens"), item("b", "Lifeboat named")))
        running.wait_for(lambda: len(rows(lake)) == 9)
        with growing.open("a") as stream:
            stream.write(lines(7)[30:] + lines(0, 1))
        running.wait_for(lambda: len(rows(lake)) == 10)
        began = time.monotonic()
        with growing.open("a") as stream:
            stream.write(lines(8))
        running.wait_for(lambda: len(rows(lake)) == 11)
        assert time.monotonic() - began < 30, "flushes are called in real time"
        assert main(["ingest", str(folder), "--output", str(lake)]) == 2, "a batch is told that a stream runs"
        code, output = running.stop()
    assert code == 0, output
    assert "11 kept + 0 repeats + 0 held + 2 re-polled + 0 failures" in output
    batch = tmp_path / "batch"
    assert main(["ingest", str(folder), "--output", str(batch), "--workers", "1"]) == 0
    # the batch reads the folder by name and not as it grew, and clusters follow arrival
    assert unclustered(lake) == unclustered(batch)
    assert main(["ingest", str(folder), "--output", str(lake), "--workers", "1"]) == 0, "the lease was given back"
    assert len(rows(lake)) == 11


def test_what_was_pulled_is_written_on_the_way_out(tmp_path: Path) -> None:
    growing, lake = tmp_path / "items.jsonl", tmp_path / "lake"
    growing.write_text("")
    with streaming(growing, "--output", lake, "--flush", "1h", "--workers", 1) as running:
        running.wait_for((lake / "_lake.json").exists)
        growing.write_text(lines(*range(20)))
        time.sleep(8)  # a small batch travels with its reference: nothing shows before the flush
        code, output = running.stop()
    assert code == 0, output
    assert len(rows(lake)) == 20


def test_an_end_that_no_step_vouched_for_is_no_success(tmp_path: Path) -> None:
    growing, lake = tmp_path / "items.jsonl", tmp_path / "lake"
    growing.write_text(lines(*range(3)))
    silent = "from pipelines import cli, steps; steps.tell_drained = lambda config: None; raise SystemExit(cli.main())"
    running = start(growing, "--output", lake, "--flush", "1s", "--workers", 1, program=("-c", silent))
    try:
        running.wait_for(lambda: len(rows(lake)) == 3)
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 2, output
    assert "the job ended before all that was pulled was committed; what was committed stays" in output


FULL_DISK = """
import errno
from pipelines import cli
from transforms.lake.local import LocalStorage

def stage(*arguments, **options):
    raise OSError(errno.ENOSPC, "No space left on device")

LocalStorage.stage = stage
raise SystemExit(cli.main())
"""
"""A stream on a disk that is full."""


def test_a_full_disk_ends_a_stream_with_what_to_do_and_the_next_one_has_every_row(tmp_path: Path) -> None:
    growing, lake = tmp_path / "items.jsonl", tmp_path / "lake"
    growing.write_text(lines(*range(4)))
    arguments = (growing, "--output", lake, "--flush", "1s", "--workers", 1)
    running = start(*arguments, program=("-c", FULL_DISK))
    try:
        code, output = running.end()
    finally:
        running.kill()
    assert code == 2, output
    last = output.splitlines()[-1]
    assert last.startswith(f"wirelake stream: {lake}: no space left while staging a file."), last
    assert last.endswith("free some space and run the same command again."), last
    assert output.count("Traceback") <= 3, "Beam prints one, of three errors; nothing of ours repeats it"
    with streaming(*arguments) as again:
        again.wait_for(lambda: len(rows(lake)) == 4)
        code, output = again.stop()
    assert code == 0, output


HUNG_DISK = """
import sys, time
from pathlib import Path
from pipelines import cli, reading

def read_file(path):
    Path(sys.argv[1]).parent.joinpath("reading").touch()
    time.sleep(1000)

reading.read_file = read_file
raise SystemExit(cli.main(sys.argv[2:]))
"""
"""A stream that stands before a disk that does not answer."""


def test_a_second_signal_ends_what_hangs(tmp_path: Path) -> None:
    document, lake = tmp_path / "a.xml", tmp_path / "lake"
    document.write_bytes(rss(item("a", "Pier reopens")))
    program = ("-c", HUNG_DISK, str(document))
    running = start(document, "--output", lake, "--flush", "1s", "--workers", 1, program=program)
    try:
        running.wait_for((tmp_path / "reading").exists)
        running.process.send_signal(signal.SIGINT)
        time.sleep(1)
        began = time.monotonic()
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 130, output
    assert time.monotonic() - began < 60
    assert "stopped; what was committed stays, the rest is read again next time" in output
    assert "Traceback" not in output
    with streaming(document, "--output", lake, "--flush", "1s", "--workers", 1) as again:
        again.wait_for(lambda: len(rows(lake)) == 1)


def test_a_restart_reads_on(tmp_path: Path) -> None:
    growing, lake = tmp_path / "items.jsonl", tmp_path / "lake"
    growing.write_text(lines(*range(10)))
    arguments = (growing, "--output", lake, "--flush", "1s", "--workers", 1)
    with streaming(*arguments) as running:
        running.wait_for(lambda: len(rows(lake, "polls")) == 1)
        running.kill()
    with growing.open("a") as stream:
        stream.write(lines(10, 11))
    with streaming(*arguments) as running:
        running.wait_for(lambda: len(rows(lake)) == 12)
        code, output = running.stop()
    assert code == 0, output
    assert "1 inputs, 2 items = 2 kept" in output, "lines that are durable are not read again"


OFTEN = """
import datetime
from pipelines import cli, committing
committing.RELEASE_EVERY = datetime.timedelta(seconds=1)
raise SystemExit(cli.main())
"""
"""A stream that looks for ended embargoes every second in place of every minute."""


def test_an_embargo_ends_when_it_is_due_though_nothing_comes(tmp_path: Path) -> None:
    folder, lake = tmp_path / "in", tmp_path / "lake"
    folder.mkdir()
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=9)
    (folder / "budget.json").write_bytes(embargoed(soon))
    running = start(folder, "--output", lake, "--flush", "1s", "--workers", 1, program=("-c", OFTEN))
    try:
        running.wait_for(lambda: len(rows(lake)) == 1 and rows(lake, "held").empty)
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    (committed,) = rows(lake).committed_at
    assert committed >= soon


def test_odd_dates_hold_nothing_up(tmp_path: Path) -> None:
    growing, lake = tmp_path / "items.jsonl", tmp_path / "lake"
    dates = ["1987-10-19T09:00:00Z", "2009-02-17T12:00:00Z", "2190-01-01T00:00:00Z", None, "yesterday, perhaps"]
    odd = [{**story(number), "published": date} for number, date in enumerate(dates)]
    growing.write_text("".join(json.dumps(one) + "\n" for one in odd))
    with streaming(growing, "--output", lake, "--flush", "1s", "--workers", 1) as running:
        running.wait_for(lambda: len(rows(lake)) == 5)
        began = time.monotonic()
        with growing.open("a") as stream:
            stream.write(lines(5))
        running.wait_for(lambda: len(rows(lake)) == 6)
        assert time.monotonic() - began < 30, "a date a century ahead is no watermark"
        code, output = running.stop()
    assert code == 0, output
    found = rows(lake).set_index("guid")
    today = str(found.loc["coast-5"].fetched_at.date())
    expected = ["1987-10-19", "2009-02-17", today, today, today, "2026-02-06"]
    assert [str(found.loc[f"coast-{number}"].date) for number in range(6)] == expected
    assert found.loc["coast-2"].date_source.endswith("-future")
    assert found.loc["coast-3"].date_source == "fetched"


SET_BACK = """
import datetime, pathlib, sys, types
from pipelines import cli, steps, watching

class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        hour = datetime.timedelta(hours=pathlib.Path(sys.argv[1]).exists())
        return datetime.datetime.now(tz) - hour

steps.datetime = Clock
watching.dt = types.SimpleNamespace(datetime=Clock, UTC=datetime.UTC)
raise SystemExit(cli.main(sys.argv[2:]))
"""
"""A stream whose clock goes back by an hour when a file appears."""


def test_a_clock_that_is_set_back_holds_nothing_up_and_orders_commits_as_they_came(tmp_path: Path) -> None:
    growing, lake, mark = tmp_path / "items.jsonl", tmp_path / "lake", tmp_path / "back"
    growing.write_text(lines(0, 1))
    program = ("-c", SET_BACK, str(mark))
    running = start(growing, "--output", lake, "--flush", "1s", "--workers", 1, program=program)
    try:
        running.wait_for(lambda: len(rows(lake)) == 2)
        mark.touch()
        began = time.monotonic()
        with growing.open("a") as stream:
            stream.write(lines(2, 0))
        running.wait_for(lambda: len(rows(lake)) == 3)
        assert time.monotonic() - began < 30
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert "= 3 kept + 0 repeats + 0 held + 1 re-polled + 0 failures" in output
    found = rows(lake).set_index("guid")
    assert found.loc["coast-2"].committed_at > found.loc["coast-1"].committed_at, "whoever asks for changes sees it"


def test_two_streams_do_not_share_a_lake(tmp_path: Path) -> None:
    growing, lake = tmp_path / "items.jsonl", tmp_path / "lake"
    growing.write_text(lines(1))
    with streaming(growing, "--output", lake, "--flush", "1s", "--workers", 1) as running:
        running.wait_for(lambda: len(rows(lake)) == 1)
        other = start(growing, "--output", lake)
        output, _ = other.process.communicate(timeout=60)
        assert other.process.returncode == 2
        assert "a stream is writing to this lake" in output


def test_without_the_engine_the_message_says_how_to_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = tmp_path / "lake"
    assert main(["stream", str(tmp_path), "--output", str(lake), "--prism_location=/nowhere/prism"]) == 2
    assert "go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0" in capsys.readouterr().err


def test_the_in_process_runner_streams_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stream", str(tmp_path), "--output", str(tmp_path / "lake"), "--runner=DirectRunner"]) == 2
    assert "batches only" in capsys.readouterr().err


def test_a_batch_on_prism_equals_a_batch_in_process(tmp_path: Path) -> None:
    growing = tmp_path / "items.jsonl"
    growing.write_text(lines(*range(30), *range(5)))
    here, there = tmp_path / "here", tmp_path / "there"
    assert main(["ingest", str(growing), "--output", str(here), "--workers", "1"]) == 0
    engine = ["--runner=PrismRunner", f"--prism_location={PRISM}"]
    assert main(["ingest", str(growing), "--output", str(there), "--workers", "1", *engine]) == 0
    assert content(here) == content(there)


@needs_prism
def test_a_stream_whose_job_is_followed_no_longer_says_so_in_one_line(tmp_path):
    """Beam's own limit, here of seconds, ends the call that follows the job; it ended every stream after 300 s."""
    (tmp_path / "items.jsonl").write_text('{"id": "a", "headline": "Port reopens after the storm"}\n')
    words = ["stream", str(tmp_path / "items.jsonl"), "--output", str(tmp_path / "lake"), "--flush", "2s"]
    engine = [f"--prism_location={PRISM}", "--job_server_timeout=8"]
    command = [sys.executable, "-m", "pipelines.cli", *words, *engine]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith(
        "wirelake stream: the engine gave up: Stream removed (Deadline Exceed"
    )
