"""The command line on Flink: the same rows as in this process, a graceful end, nothing said about Beam's hanging up."""

from pathlib import Path

import pytest

pytest.importorskip("google.cloud.pubsub_v1", reason="needs the gcp extra")

from pipelines.cli import main
from tests.deploy.conftest import BUCKET, ObjectStore, emulator, store  # noqa: F401 - fixtures
from tests.engines.flink import needs_flink
from tests.pipelines.samples import item, rss
from tests.stream.pubsub import Service
from tests.stream.running import content, rows, start
from tests.stream.samples import lines
from tests.stream.test_pubsub import ADDRESS, NAME, announce, publish, service  # noqa: F401 - a fixture among them

pytestmark = [pytest.mark.slow, needs_flink, pytest.mark.timeout(600)]


def test_batch_and_stream_end_in_the_rows_of_a_batch_in_process(tmp_path: Path, flink: str) -> None:
    growing = tmp_path / "items.jsonl"
    growing.write_text(lines(*range(30), *range(5)))
    here, there, streamed = tmp_path / "here", tmp_path / "there", tmp_path / "streamed"
    engine = ["--runner=FlinkRunner", f"--job_endpoint={flink}"]
    assert main(["ingest", str(growing), "--output", str(here), "--workers", "1"]) == 0
    assert main(["ingest", str(growing), "--output", str(there), "--workers", "1", *engine]) == 0
    assert content(there) == content(here)
    running = start(growing, "--output", streamed, "--flush", "2s", "--workers", 1, engine=engine, patience=240)
    try:
        running.wait_for(lambda: len(rows(streamed)) == 30)
        assert content(streamed) == content(here)
        with growing.open("a") as stream:
            stream.write(lines(30, 31))
        running.wait_for(lambda: len(rows(streamed)) == 32)
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert "= 32 kept + 0 repeats + 0 held + 5 re-polled + 0 failures" in output
    assert "Traceback" not in output


def test_what_was_pulled_is_written_on_the_way_out(tmp_path: Path, flink: str) -> None:
    growing, lake = tmp_path / "items.jsonl", tmp_path / "lake"
    growing.write_text(lines(*range(20)))
    engine = ["--runner=FlinkRunner", f"--job_endpoint={flink}"]
    running = start(growing, "--output", lake, "--flush", "1h", "--workers", 1, engine=engine, patience=240)
    try:
        assert running.process.stdout is not None
        assert any("20 items" in line for line in running.process.stdout), "the status line tells what was read"
        assert rows(lake).empty, "a flush is an hour away"
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert len(rows(lake)) == 20


def test_messages_and_objects_become_rows_and_are_acknowledged(
    service: Service,  # noqa: F811
    store: ObjectStore,  # noqa: F811
    tmp_path: Path,
    flink: str,
) -> None:
    lake = tmp_path / "lake"
    store.put("watched/a.xml", rss(item("a", "Pier reopens")))
    store.put("apart/b.xml", rss(item("b", "Lifeboat named")))
    publish(service, *range(5))
    announce(service, "OBJECT_FINALIZE", "apart/b.xml")
    engine = ["--runner=FlinkRunner", f"--job_endpoint={flink}"]
    options = ("--output", lake, "--flush", "2s", "--workers", 1)
    running = start(
        ADDRESS, f"gs://{BUCKET}/watched", *options, engine=engine, patience=240, STORAGE_EMULATOR_HOST=store.url
    )
    try:
        running.wait_for(lambda: len(rows(lake)) == 7 and service.left(NAME) == 0)
        store.put("watched/a.xml", rss(item("a", "Pier reopens"), item("c", "Ferry delayed")))
        publish(service, 4, 5)
        running.wait_for(lambda: len(rows(lake)) == 9 and service.left(NAME) == 0)
        publish(service, 6)
        running.wait_for(lambda: service.deliveries(NAME) >= 9)  # and maybe taken at a look, of which each waits 5 s
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert "Traceback" not in output
    assert len(rows(lake)) + service.left(NAME) == 10, "written and acknowledged on the way out, or given back"
    assert rows(lake).row_id.is_unique
