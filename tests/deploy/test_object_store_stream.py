"""A stream from gs:// to gs:// on a real local engine: the rows of a batch over the same objects."""

import time
from collections import Counter

import pytest

from pipelines.cli import main
from tests.deploy.conftest import ITEMS
from tests.deploy.recording import BUCKET
from tests.pipelines.samples import item, rss
from tests.stream.running import needs_prism, streaming

pytestmark = [needs_prism, pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore::ResourceWarning")]

IDLE = 10

SOURCES = f"gs://{BUCKET}/live-in/"


def stories(lake: str) -> Counter:
    from transforms.lake.errors import LakeMissing
    from transforms.lake.lake import open_lake

    try:
        found = open_lake(lake).read("stories").select(["guid", "headline", "body", "topic"]).to_pylist()
    except LakeMissing:
        return Counter()
    return Counter(tuple(map(str, row.values())) for row in found)


def test_a_stream_from_objects_to_objects(on_store, capsys):
    lake, batch = f"gs://{BUCKET}/live-lake", f"gs://{BUCKET}/live-batch"
    on_store.put("live-in/a.jsonl", ITEMS.encode())
    with streaming(SOURCES, "--output", lake, "--flush", "2s", "--workers", 1) as running:
        running.wait_for(lambda: sum(stories(lake).values()) == 40, every=1.0)
        on_store.put("live-in/b.xml", rss(item("a", "Pier reopens"), item("b", "Lifeboat named")))
        running.wait_for(lambda: sum(stories(lake).values()) == 42, every=1.0)
        assert main(["ingest", SOURCES, "--output", lake]) == 2, "a batch is told that a stream runs"
        on_store.asked.clear()
        time.sleep(IDLE)
        idle = list(on_store.asked)
        code, output = running.stop()
    assert code == 0, output
    assert "42 kept + 0 repeats" in output
    assert main(["ingest", SOURCES, "--output", batch, "--workers", "1"]) == 0
    assert stories(lake) == stories(batch)
    assert main(["state", lake, "--verify"]) == 0
    capsys.readouterr()
    # What the runbook reckons with for a stream that stands by, over IDLE seconds: a list every ten, the stop mark every
    # second, and the state that it follows (every second at this flush, every thirty at the usual one).
    kinds = Counter(one.name.split("/")[-2] if "/" in one.name else one.bill for one in idle)
    assert kinds["A"] <= 3
    assert 1 <= kinds["stops"] <= IDLE + 2
    assert sum(one.bill == "B" for one in idle) <= 2 * IDLE + 5
    assert not [one for one in idle if one.name.endswith("_lake.json")], "a lake is opened once"
