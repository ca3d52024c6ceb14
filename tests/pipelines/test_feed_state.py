"""What is remembered of a feed, crashed at every step: never ahead of its rows, and no host is in two hands."""

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import poll_committing
from pipelines.ingest import share_by_host
from pipelines.watched import follow_feeds
from schemas.batch import Pulled
from schemas.document import Source
from tests.pipelines.samples import item, rss
from tests.pipelines.test_crash_points import NOON, Crash, config_of, crash_at, ingest, steps_of
from transforms.enrich.story import EnrichResources
from transforms.lake.commit import CONTROL
from transforms.lake.lake import open_lake
from transforms.lake.memory import MemoryStorage
from transforms.pull.addresses import host_of
from transforms.pull.exchange import Answer
from transforms.pull.memory import FEEDS, FeedMemory, FeedRecord, encode_record, feed_key
from transforms.pull.schedule import after_answer, plan_request

URL = "https://coast.example/rss"
LEAST = dt.timedelta(minutes=1)
TEXT = "<p>The strike at the ferry line ended after two weeks, and boats sail again from the western pier.</p>"


def response(moment: dt.datetime) -> Pulled:
    """A feed's answer as the pull room hands it on, with the memory that it wants kept."""
    data = rss(item("1", "Ferry workers end strike", TEXT), item("2", "Council votes on bridge", TEXT))
    after = after_answer(FeedRecord(), Answer("ok", 200, etag='"1"', body=data), moment, LEAST, feed_key(URL))
    return Pulled(
        Source(URL), URL, moment, data, http_status=200, feed_key=feed_key(URL), feed_state=encode_record(after)
    )


def remembered(storage: MemoryStorage) -> FeedRecord:
    return follow_feeds(config_of(storage, NOON)).now().get(URL)


def stories(storage: MemoryStorage) -> int:
    lake = open_lake(storage)
    for name in lake.shard_names:
        lake.shard(name)  # whoever comes next takes over and finishes what was committed
    return int(lake.read("stories", columns=["row_id"]).num_rows)


@pytest.fixture(scope="module")
def resources() -> EnrichResources:
    return EnrichResources.load()


def new_lake() -> MemoryStorage:
    storage = MemoryStorage()
    open_lake(storage, create=True, clock=lambda: NOON)
    return storage


def test_validators_never_outrun_the_rows_and_the_next_poll_brings_what_a_crash_lost(
    resources: EnrichResources,
) -> None:
    points = steps_of(new_lake(), lambda storage: ingest(storage, resources, [response(NOON)]))
    outcomes = set()
    for point in range(points):
        storage = new_lake()
        storage.on_step = crash_at(point)
        with pytest.raises(Crash):
            ingest(storage, resources, [response(NOON)])
        storage.on_step = None
        durable = stories(storage)
        plan = plan_request(URL, feed_key(URL), remembered(storage))
        outcomes.add((durable, bool(plan.headers)))
        assert durable == 2 or plan.headers == (), f"step {point}: a 304 would hide rows that are not there"
        if not plan.headers:
            ingest(storage, resources, [response(NOON + dt.timedelta(minutes=5))])
        assert stories(storage) == 2
        assert remembered(storage).etag == '"1"'
    assert outcomes == {(0, False), (2, False), (2, True)}, "every stage of a run was met"


def test_when_memory_is_merged_sitemaps_of_long_ago_are_forgotten(
    resources: EnrichResources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll_committing, "MAX_SEGMENTS", 2)
    storage, old = new_lake(), "https://coast.example/news-2025-12-24.xml"
    record = FeedRecord(polled_at=NOON - dt.timedelta(days=60), child=True)
    for address, kept in ((old, record), ("https://coast.example/other", FeedRecord(polled_at=record.polled_at))):
        txn = open_lake(storage).shard(CONTROL).begin(NOON)
        txn.add_state(FeedMemory.of({feed_key(address): encode_record(kept)}).to_bytes(), kind=FEEDS)
        txn.commit()
    ingest(storage, resources, [response(NOON)])
    memory = follow_feeds(config_of(storage, NOON)).now()
    assert memory.get(old).polled_at is None
    assert memory.get("https://coast.example/other").polled_at == record.polled_at
    assert memory.get(URL).etag == '"1"'


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=60), st.integers(1, 12))
def test_a_host_is_in_one_share_and_every_feed_in_one(feeds: list[tuple[int, int]], groups: int) -> None:
    sources = [Source(f"https://h{host}.example/{number}") for host, number in dict.fromkeys(feeds)]
    shares = list(share_by_host(sources, groups))
    assert sorted(source.address for share in shares for source in share) == sorted(s.address for s in sources)
    holders: dict[str, set[int]] = defaultdict(set)
    for number, share in enumerate(shares):
        for source in share:
            holders[host_of(source.address)].add(number)
    assert all(len(found) == 1 for found in holders.values())
    assert len(shares) <= groups
