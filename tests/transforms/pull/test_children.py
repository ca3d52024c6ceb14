from datetime import UTC, datetime, timedelta

import pytest

from pipelines.reading import documents_of
from schemas.document import LinkedDocument, ParsedDocument, Source
from schemas.item import NewsItem
from transforms.pull.children import MAX_CHILDREN, RECENT, child_source, choose_children, with_children
from transforms.pull.memory import FeedMemory, FeedRecord, encode_record, feed_key
from transforms.pull.poll import Surroundings, poll_feeds
from transforms.pull.schedule import PullSettings
from transforms.pull.settle import settle

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SETTINGS = PullSettings(allow_private=("127.0.0.0/8",), host_gap=timedelta(0))
INDEX = Source("https://coast.example/sitemap.xml", provider="coast", tags=("north",))


def chosen(*documents: LinkedDocument | str, index: Source = INDEX, arrived_at: str | None = None) -> tuple[str, ...]:
    named = [one if isinstance(one, LinkedDocument) else LinkedDocument(one) for one in documents]
    return choose_children(index, arrived_at, named, NOW)


def on(host: str, *names: str) -> list[str]:
    return [f"https://{host}/{name}" for name in names]


def test_of_its_own_host_only() -> None:
    ours, www, theirs = on("coast.example", "a.xml"), on("www.coast.example", "b.xml"), on("harbour.example", "c.xml")
    assert chosen(*ours, *www, *theirs) == tuple(ours)
    assert chosen(*ours, *www, *theirs, arrived_at="https://www.coast.example/sitemap.xml") == (*ours, *www)


def test_the_latest_changed_first_and_old_ones_never() -> None:
    old = LinkedDocument("https://coast.example/2019.xml", NOW - RECENT - timedelta(seconds=1))
    new = LinkedDocument("https://coast.example/today.xml", NOW - timedelta(hours=1))
    edge = LinkedDocument("https://coast.example/edge.xml", NOW - RECENT)
    silent = LinkedDocument("https://coast.example/silent.xml")
    assert chosen(silent, old, edge, new) == (new.address, edge.address, silent.address)


def test_where_names_say_news_those_only() -> None:
    pages = on("coast.example", "news/pages.xml", "posts.xml")
    assert chosen(*pages, "https://coast.example/sitemap-News-1.xml") == ("https://coast.example/sitemap-News-1.xml",)
    assert chosen(*pages) == tuple(pages)


def test_no_more_than_a_publisher_has_sections() -> None:
    many = on("coast.example", *(f"{number}.xml" for number in range(1000)))
    assert chosen(*many) == tuple(many[:MAX_CHILDREN])


def test_what_is_kept_in_clear_shows_no_secret_and_is_not_the_index_itself() -> None:
    assert chosen("https://coast.example/a.xml?token=abc", "https://me:pw@coast.example/b.xml", INDEX.address) == ()


def test_a_child_inherits_what_a_list_says_and_its_secrets_stay_at_home() -> None:
    index = Source("https://me:pw@coast.example/s.xml", provider="coast", headers=(("X-Key", "env:KEY"),))
    child = child_source(index, "https://coast.example/a.xml")
    assert child == Source(
        "https://me:pw@coast.example/a.xml", provider="coast", headers=index.headers, index=index.address
    )
    for elsewhere in ("http://coast.example/a.xml", "https://coast.example:8443/a.xml", "https://b.example/a.xml"):
        child = child_source(index, elsewhere)
        assert (child.address, child.headers, child.provider) == (elsewhere, (), "coast")


def test_known_children_are_feeds_of_their_own() -> None:
    a, b = on("coast.example", "a.xml", "b.xml")
    polled, fresh = encode_record(FeedRecord(polled_at=NOW)), encode_record(FeedRecord())
    index = FeedRecord(polled_at=NOW, children=(a, b))
    memory = FeedMemory.of({feed_key(INDEX.address): encode_record(index), feed_key(a): polled, feed_key(b): fresh})
    assert with_children([INDEX, INDEX], memory) == (INDEX, child_source(INDEX, a))
    assert with_children([Source(a), INDEX], memory) == (Source(a), INDEX)
    gone = memory.with_newer(
        FeedMemory.of({feed_key(INDEX.address): encode_record(FeedRecord(gone=True, children=(a,)))})
    )
    assert with_children([INDEX], gone) == (INDEX,)


def test_a_sitemap_that_no_index_names_any_more_is_forgotten() -> None:
    month = timedelta(days=30)
    records = {
        "monday's": FeedRecord(polled_at=NOW, child=True),
        "tuesday's": FeedRecord(polled_at=NOW + timedelta(days=1), child=True),
        "a listed feed": FeedRecord(polled_at=NOW),
    }
    memory = FeedMemory.of({name: encode_record(record) for name, record in records.items()})
    assert set(memory.pruned(NOW + month).records) == set(records)
    assert set(memory.pruned(NOW + month + timedelta(hours=1)).records) == {"tuesday's", "a listed feed"}


def index_of(*addresses: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'.encode()


@pytest.fixture
def poll(web):
    def run(source, memory=None, now=NOW, settings=SETTINGS):
        memory = memory or FeedMemory({})
        around = Surroundings(resolver=web.names())
        sources = with_children([source], memory)
        found = list(poll_feeds(sources, memory, settings, lambda: now, around, documents=documents_of))
        states = {one.feed_key: one.feed_state for one in found}
        return found, memory.with_newer(FeedMemory.of(states))

    return run


def test_an_index_brings_its_children_along(server, web, poll) -> None:
    server.pages["/index.xml"] = web.answer(200, index_of(server.url("/a.xml"), server.url("/b.xml")), ETag='"1"')
    server.pages |= {"/a.xml": web.answer(200, web.rss), "/b.xml": web.answer(404)}
    found, memory = poll(Source(server.url("/index.xml"), provider="coast"))
    assert [(one.input, one.outcome) for one in found] == [
        (server.url("/index.xml"), "ok"),
        (server.url("/a.xml"), "ok"),
        (server.url("/b.xml"), "http_4xx"),
    ]
    assert {one.source.provider for one in found} == {"coast"}
    index, *children = (memory.get(server.url(path)) for path in ("/index.xml", "/a.xml", "/b.xml"))
    assert (index.child, index.children) == (False, (server.url("/a.xml"), server.url("/b.xml")))
    assert [(child.child, child.children) for child in children] == [(True, ())] * 2
    server.requests.clear()
    server.pages["/index.xml"] = web.answer(304)
    poll(Source(server.url("/index.xml")), memory, NOW + timedelta(hours=1))
    assert server.paths == ["/index.xml", "/a.xml", "/b.xml"], "each polled once, the index's word unchanged"


def test_children_have_a_rhythm_of_their_own(server, web, poll) -> None:
    server.pages["/index.xml"] = web.answer(200, index_of(server.url("/a.xml")))
    server.pages["/a.xml"] = web.answer(200, web.rss, Cache_Control="max-age=7200")
    _, memory = poll(Source(server.url("/index.xml")))
    due = PullSettings(allow_private=("127.0.0.0/8",), host_gap=timedelta(0), due_only=True)
    server.requests.clear()
    poll(Source(server.url("/index.xml")), memory, NOW + timedelta(hours=1), due)
    assert server.paths == ["/index.xml"]


def test_a_child_that_its_index_dropped_is_not_asked_any_more(server, web, poll) -> None:
    server.pages["/index.xml"] = web.answer(200, index_of(server.url("/monday.xml")))
    server.pages |= {"/monday.xml": web.answer(200, web.rss), "/tuesday.xml": web.answer(200, web.rss)}
    _, memory = poll(Source(server.url("/index.xml")))
    server.pages["/index.xml"] = web.answer(200, index_of(server.url("/tuesday.xml")))
    server.requests.clear()
    poll(Source(server.url("/index.xml")), memory, NOW + timedelta(hours=1))
    assert server.paths == ["/index.xml", "/tuesday.xml"]


def test_an_index_within_an_index_is_not_followed(server, web, poll) -> None:
    server.pages["/index.xml"] = web.answer(200, index_of(server.url("/inner.xml")))
    server.pages["/inner.xml"] = web.answer(200, index_of(server.url("/a.xml")))
    poll(Source(server.url("/index.xml")))
    assert server.paths == ["/index.xml", "/inner.xml"]


def test_a_child_waits_for_its_turn_at_the_host(server, web) -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    names = [server.url(f"/{number}.xml") for number in range(3)]
    server.pages["/index.xml"] = web.answer(200, index_of(*names))
    settings = PullSettings(allow_private=("127.0.0.0/8",), host_gap=timedelta(seconds=5))
    around = Surroundings(resolver=web.names(), sleep=sleep, monotonic=lambda: 0.0)
    sources = [Source(server.url("/index.xml"))]
    list(poll_feeds(sources, FeedMemory({}), settings, lambda: NOW, around, documents=documents_of))
    assert naps == [5.0, 5.0, 5.0]


def test_a_gap_of_a_child_is_told(server, web, poll) -> None:
    server.pages["/index.xml"] = web.answer(200, index_of(server.url("/a.xml")))
    server.pages["/a.xml"] = web.answer(200, web.rss)
    found, memory = poll(Source(server.url("/index.xml")))
    gaps = []
    for guid in ("1", "2"):
        child = next(one for one in found if one.input.endswith("/a.xml"))
        settled, gap = settle(
            child, ParsedDocument("sitemap", (NewsItem(position=0, guid=guid),)), timedelta(minutes=1)
        )
        gaps.append(gap)
        memory = memory.with_newer(FeedMemory.of({settled.feed_key: settled.feed_state}))
        found, memory = poll(Source(server.url("/index.xml")), memory, NOW + timedelta(hours=1))
    assert gaps == [None, True]


def test_a_sitemap_published_as_a_gzip_file(server, web, poll) -> None:
    import gzip

    server.pages["/index.xml.gz"] = web.answer(
        200, gzip.compress(index_of(server.url("/a.xml"))), Content_Type="application/x-gzip"
    )
    server.pages["/a.xml"] = web.answer(200, web.rss)
    found, _ = poll(Source(server.url("/index.xml.gz")))
    assert [one.outcome for one in found] == ["ok", "ok"]


def test_a_bomb_in_a_gzip_file_stops_early(server, web) -> None:
    import gzip

    from transforms.pull.client import Limits

    server.pages["/bomb.xml.gz"] = web.answer(200, gzip.compress(b" " * 10_000_000))
    around = Surroundings(resolver=web.names(), limits=Limits(body_bytes=1_000_000))
    (found,) = poll_feeds([Source(server.url("/bomb.xml.gz"))], FeedMemory({}), SETTINGS, around=around)
    assert found.outcome == "too_large"
