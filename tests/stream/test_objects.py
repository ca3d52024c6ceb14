"""A watched prefix of an object store: new and changed objects are taken, none is touched."""

from pathlib import Path

import pytest

from tests.deploy.conftest import BUCKET, ObjectStore, emulator, store  # noqa: F401 - fixtures
from tests.pipelines.samples import item, rss
from tests.stream.running import needs_prism, rows, start

pytestmark = [
    pytest.mark.slow,  # stores are listed every ten seconds
    needs_prism,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def test_objects_are_taken_when_they_come_and_when_they_change(store: ObjectStore, tmp_path: Path) -> None:  # noqa: F811
    lake = tmp_path / "lake"
    store.put("watched/a.xml", rss(item("a", "Pier reopens")))
    store.put("watched/_tmp/b.xml", rss(item("hidden", "Not yet")))
    source = f"gs://{BUCKET}/watched"
    running = start(source, "--output", lake, "--flush", "1s", "--workers", 1, STORAGE_EMULATOR_HOST=store.url)
    try:
        running.wait_for(lambda: len(rows(lake)) == 1)
        store.put("watched/c.jsonl", b'{"id": "c", "headline": "Ferry strike ends"}\n')
        running.wait_for(lambda: len(rows(lake)) == 2)
        store.put("watched/a.xml", rss(item("a", "Pier reopens"), item("d", "Lifeboat named")))
        running.wait_for(lambda: len(rows(lake)) == 3)
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert "3 inputs, 4 items = 3 kept + 0 repeats + 0 held + 1 re-polled + 0 failures" in output
    names = [name for name in store.names() if name.startswith("watched/")]
    assert names == ["watched/_tmp/b.xml", "watched/a.xml", "watched/c.jsonl"]
