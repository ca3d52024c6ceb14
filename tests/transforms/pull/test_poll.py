import asyncio
import logging
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from schemas.batch import Pulled
from schemas.document import Failure, ParsedDocument, Source
from schemas.item import NewsItem
from transforms.pull.client import Limits
from transforms.pull.handover import Handover
from transforms.pull.memory import FeedMemory, FeedRecord, decode_record, encode_record, feed_key
from transforms.pull.pace import HostPaces, HostSilencedError
from transforms.pull.poll import Surroundings, fetch_once, poll_feeds
from transforms.pull.schedule import PullSettings, plan_request
from transforms.pull.settle import settle

SETTINGS = PullSettings(allow_private=("127.0.0.0/8",), host_gap=timedelta(0))
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def around(web, **names) -> Surroundings:
    return Surroundings(resolver=web.names(names.get("table")), limits=Limits(header_seconds=10.0, total_seconds=20.0))


def poll(web, sources, memory=None, settings=SETTINGS, now=NOW, **names) -> list[Pulled]:
    return list(poll_feeds(sources, memory or FeedMemory({}), settings, lambda: now, around(web, **names)))


def remembered(*pulled: Pulled) -> FeedMemory:
    return FeedMemory.of({one.feed_key: one.feed_state for one in pulled})


def test_every_feed_has_one_answer(server, web) -> None:
    server.pages["/rss"] = web.answer(200, web.rss, ETag='"1"')
    hosts = [f"h{n % 40}.example" for n in range(120)]
    sources = [Source(address=server.url(f"/rss?{n}", host)) for n, host in enumerate(hosts)]
    for n in range(120):
        server.pages[f"/rss?{n}"] = server.pages["/rss"]
    found = poll(web, sources)
    assert {one.source for one in found} == set(sources)
    assert {one.outcome for one in found} == {"ok"}
    assert all(one.data == web.rss and one.next_poll_at and one.fetched_at == NOW for one in found)
    assert all(decode_record(one.feed_state).etag == '"1"' for one in found)


def test_one_failure_of_each_kind_leaves_the_others_alone(server, web) -> None:
    server.pages |= {
        "/ok": web.answer(200, web.rss),
        "/404": web.answer(404),
        "/500": web.answer(500),
        "/big": b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n",
        "/away": web.answer(302, Location="http://10.0.0.1/"),
        "/slow": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "/loop": web.answer(302, Location="/loop"),
        "/coding": web.answer(200, b"x", Content_Encoding="gzip"),
    }
    expected = {
        "/ok": "ok", "/404": "http_4xx", "/500": "http_5xx", "/big": "too_large", "/away": "refused_address",
        "/slow": "connect", "/loop": "redirects", "/coding": "encoding", "/secret": "secret",
    }  # fmt: skip
    sources = [Source(address=server.url(path, f"h{n}.example")) for n, path in enumerate(expected)]
    sources[-1] = replace(sources[-1], headers=(("X", "env:NOT_SET_ANYWHERE"),))
    sources += [
        Source(address="http://nowhere.example/"),
        Source(address="http://10.1.1.1/"),
        Source(address="http://127.0.0.1:1/"),
        Source(address="http://[broken"),
    ]
    found = {one.source.address: one for one in poll(web, sources, table={"nowhere.example": []})}
    outcomes = [found[source.address].outcome for source in sources]
    assert outcomes[: len(expected)] == list(expected.values())
    assert outcomes[len(expected) :] == ["dns", "refused_address", "connect", "refused_address"]
    for one in found.values():
        assert (one.error is None) == (one.outcome == "ok")
        assert (one.data is None) == (one.outcome != "ok")
        assert one.next_poll_at > NOW
        assert one.feed_state


def test_the_second_poll_is_conditional(server, web) -> None:
    server.pages["/rss"] = web.answer(200, web.rss, ETag='"1"')
    source = Source(address=server.url("/rss"))
    (first,) = poll(web, [source])
    server.pages["/rss"] = web.answer(304)
    (second,) = poll(web, [source], remembered(first))
    assert (second.outcome, second.data) == ("not_modified", None)
    assert server.requests[1].headers["if-none-match"] == '"1"'
    assert second.next_poll_at > first.next_poll_at


def test_what_is_not_due_is_not_asked(server, web, caplog) -> None:
    server.pages["/rss"] = web.answer(200, web.rss, Cache_Control="max-age=600")
    source = Source(address=server.url("/rss"))
    (first,) = poll(web, [source])
    memory = remembered(first)
    with caplog.at_level(logging.DEBUG):
        assert poll(web, [source], memory) == []
        assert "1 fresh" in caplog.text
        assert poll(web, [source], memory, replace(SETTINGS, due_only=True), NOW + timedelta(minutes=12)) == []
        assert "1 not_due" in caplog.text
    assert len(poll(web, [source], memory, replace(SETTINGS, now=True))) == 1
    assert len(poll(web, [source], memory, replace(SETTINGS, due_only=True), NOW + timedelta(hours=1))) == 1
    assert len(server.requests) == 3
    assert source.address not in caplog.text


def test_retry_after_and_410_hold_even_with_now(server, web) -> None:
    server.pages |= {"/wait": web.answer(503, Retry_After="600"), "/gone": web.answer(410)}
    sources = [Source(address=server.url(path, f"{path[1:]}.example")) for path in server.pages]
    memory = remembered(*poll(web, sources))
    server.requests.clear()
    at_once = replace(SETTINGS, now=True)
    assert poll(web, sources, memory, at_once, NOW + timedelta(minutes=9)) == []
    assert server.requests == []
    assert len(poll(web, sources, memory, at_once, NOW + timedelta(minutes=11))) == 1
    assert server.paths == ["/wait"]


def test_one_429_spares_the_host_the_rest(server, web) -> None:
    server.pages["/1"] = web.answer(429, Retry_After="600")
    sources = [Source(address=server.url(f"/{n}", host)) for host in ("a.example", "b.example") for n in (1, 2, 3)]
    found = poll(web, sources)
    assert len(server.requests) == 2
    assert sorted(one.outcome for one in found) == ["asked_to_wait"] * 4 + ["http_4xx"] * 2
    for one in found:
        record = decode_record(one.feed_state)
        assert record.not_before >= NOW + timedelta(seconds=599)
        assert record.polls == (one.outcome == "http_4xx")


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause_even_through_redirects(server, web) -> None:
    under_way, most, ends = 0, 0, []

    async def page(reader, writer) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        began = time.monotonic()
        await asyncio.sleep(0.02)
        under_way -= 1
        ends.append((began, time.monotonic()))
        writer.write(web.answer(200, web.rss))

    server.pages["/end"] = page
    for n in range(6):
        server.pages[f"/{n}"] = web.answer(302, Location=server.url("/end", "common.example"))
    sources = [Source(address=server.url(f"/{n}", f"h{n}.example")) for n in range(6)]
    found = poll(web, sources, settings=replace(SETTINGS, host_gap=timedelta(seconds=0.1)))
    assert [one.outcome for one in found] == ["ok"] * 6
    assert most == 1
    assert all(later[0] - earlier[1] >= 0.09 for earlier, later in pairwise(ends))


def test_a_slow_host_does_not_hold_up_the_others(server, web) -> None:
    async def page(reader, writer) -> None:
        await asyncio.sleep(0.4)
        writer.write(web.answer(200, web.rss))

    server.pages |= {"/slow": page, "/rss": web.answer(200, web.rss)}
    sources = [Source(address=server.url("/slow", "slow.example"))]
    sources += [Source(address=server.url("/rss", f"h{n}.example")) for n in range(20)]
    found = poll(web, sources)
    assert found[-1].source is sources[0]


def test_a_server_that_lies_is_found_out_and_asked_in_full(server, web) -> None:
    source = Source(address=server.url("/rss"))
    stories = 0

    async def page(reader, writer) -> None:
        conditional = "if-none-match" in server.requests[-1].headers
        body = "".join(f"<item><guid>{n}</guid></item>" for n in range(stories, stories + 10)).encode()
        writer.write(web.answer(304) if conditional else web.answer(200, body, ETag='"frozen"'))

    server.pages["/rss"] = page
    memory = FeedMemory({})
    for _ in range(8):
        (pulled,) = poll(web, [source], memory)
        items = tuple(NewsItem(position=n, guid=str(stories + n)) for n in range(10))
        settled, _ = settle(pulled, ParsedDocument("rss", items), timedelta(minutes=1))
        memory = remembered(settled)
        stories += 1
    assert memory.get(source.address).liar
    sent = ["if-none-match" in request.headers for request in server.requests]
    assert sent[:2] + sent[-3:] == [False, True, False, False, False]


def test_a_document_that_is_no_feed_keeps_no_validators(server, web) -> None:
    server.pages["/rss"] = web.answer(200, b"<html>", ETag='"1"')
    (pulled,) = poll(web, [Source(address=server.url("/rss"))])
    whole = Failure(stage="parse", code="not_a_feed", error="x", input="x")
    settled, gap = settle(pulled, ParsedDocument("unknown", failures=(whole,)), timedelta(minutes=1))
    record = decode_record(settled.feed_state)
    assert (record.etag, record.errors, gap) == (None, 1, None)
    cut, _ = settle(pulled, ParsedDocument("rss", (NewsItem(position=0),), (whole,)), timedelta(minutes=1))
    record = decode_record(cut.feed_state)
    assert (record.etag, record.errors, len(record.window)) == (None, 0, 8)


def test_files_and_failures_are_settled_as_they_are() -> None:
    pulled = Pulled(source=Source(address="a.xml"), input="a.xml", fetched_at=NOW)
    assert settle(pulled, ParsedDocument("rss"), timedelta(minutes=1)) == (pulled, None)


# --- robots.txt ---


def test_robots_are_asked_once_per_host_where_the_list_says_so(server, web) -> None:
    server.pages |= {
        "/robots.txt": web.answer(200, b"User-agent: *\nDisallow: /no"),
        "/yes": web.answer(200, web.rss),
        "/no": web.answer(200, web.rss),
    }
    sources = [Source(address=server.url(path), robots=True) for path in ("/yes", "/no")]
    found = poll(web, sources)
    assert [one.outcome for one in found] == ["ok", "robots"]
    assert server.paths == ["/robots.txt", "/yes"]
    assert "robots.txt" in found[1].error
    server.requests.clear()
    poll(web, [replace(source, robots=False) for source in sources])
    assert server.paths == ["/yes", "/no"]


def test_a_crawl_delay_is_kept(server, web) -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    server.pages |= {
        "/robots.txt": web.answer(200, b"User-agent: *\nCrawl-delay: 20\n"),
        **{f"/{n}": web.answer(200, web.rss) for n in range(2)},
    }
    sources = [Source(address=server.url(f"/{n}"), robots=True) for n in range(2)]
    surroundings = Surroundings(resolver=web.names(), sleep=sleep, monotonic=lambda: 0.0)
    found = list(poll_feeds(sources, FeedMemory({}), SETTINGS, lambda: NOW, surroundings))
    assert [one.outcome for one in found] == ["ok", "ok"]
    assert naps and naps[-1] == 20.0


@pytest.mark.parametrize(("status", "outcome"), [(404, "ok"), (403, "ok"), (500, "robots")])
def test_robots_that_cannot_be_read(server, web, status: int, outcome: str) -> None:
    server.pages |= {"/robots.txt": web.answer(status), "/rss": web.answer(200, web.rss)}
    (found,) = poll(web, [Source(address=server.url("/rss"), robots=True)])
    assert found.outcome == outcome


# --- secrets ---


def test_no_secret_leaves_by_rows_logs_or_memory(server, web, caplog, monkeypatch) -> None:
    monkeypatch.setenv("WIRE_KEY", "hush-4711")
    url = server.url("/rss?token=5ecret").replace("//", "//me:passw0rd@")
    source = Source(address=url, headers=(("X-Key", "env:WIRE_KEY"),))
    pages = [
        web.answer(200, web.rss),
        web.answer(500),
        web.answer(301, Location="/new?token=5ecret"),
        web.answer(302, Location="http://10.0.0.1/?token=5ecret&k=hush-4711"),
    ]
    memory = FeedMemory({})
    with caplog.at_level(logging.DEBUG):
        for page in pages * 3:
            server.pages["/rss?token=5ecret"] = page
            server.pages["/new?token=5ecret"] = web.answer(200, web.rss)
            (pulled,) = poll(web, [source], memory)
            memory = remembered(pulled)
            shown = repr(replace(pulled, source=Source(address=""))) + repr(memory.to_bytes()) + caplog.text
            for secret in ("passw0rd", "5ecret", "hush-4711"):
                assert secret not in shown


# --- the machinery ---


def test_a_consumer_that_leaves_ends_the_polling(server, web) -> None:
    async def page(reader, writer) -> None:
        await asyncio.sleep(0.2)
        writer.write(web.answer(200, web.rss))

    server.pages |= {"/slow": page, "/rss": web.answer(200, web.rss)}
    sources = [Source(address=server.url("/rss"))]
    sources += [Source(address=server.url("/slow", f"h{n % 5}.example")) for n in range(500)]
    polls = poll_feeds(sources, FeedMemory({}), SETTINGS, lambda: NOW, around(web))
    next(polls)
    began = time.monotonic()
    polls.close()
    assert time.monotonic() - began < 3
    assert not [thread for thread in threading.enumerate() if thread.name == "wirelake-pull"]


def test_an_error_of_ours_is_raised_where_answers_are_taken(server, web) -> None:
    clock = iter([NOW])
    with pytest.raises(BaseExceptionGroup):
        list(poll_feeds([Source(address=server.url("/"))], FeedMemory({}), SETTINGS, lambda: next(clock), around(web)))


def test_asking_once_needs_no_memory(server, web) -> None:
    server.pages["/rss"] = web.answer(200, web.rss)
    assert [one.outcome for one in fetch_once([Source(address=server.url("/rss"))], SETTINGS, around(web))] == ["ok"]
    assert list(fetch_once([], SETTINGS)) == []


def test_waiting_answers_are_bounded_by_their_bytes() -> None:
    big = Pulled(source=Source(address="x"), input="x", fetched_at=NOW, data=bytes(40 * 1024 * 1024))

    async def main() -> list[bool]:
        handover = Handover()
        handover.open()
        found = []
        for _ in range(2):
            handover.put(big)
            found.append(handover._room.is_set())
        taking = handover.taken()
        assert next(taking) is big
        await asyncio.sleep(0)
        found.append(handover._room.is_set())
        handover.end()
        assert list(taking) == [big]
        return found

    assert asyncio.run(main()) == [True, False, True]


def test_answers_are_taken_after_the_loop_that_put_them_is_closed() -> None:
    handover = Handover()

    async def main() -> None:
        handover.open()
        for _ in range(300):
            handover.put(Pulled(source=Source(address="x"), input="x", fetched_at=NOW))

    asyncio.run(main())
    taking = handover.taken()
    next(taking)
    handover.end()
    assert len(list(taking)) == 299


def test_a_silenced_host_is_asked_again_when_its_time_is_over() -> None:
    now = 0.0

    async def main() -> list[str]:
        nonlocal now
        paces = HostPaces(0.0, monotonic=lambda: now)
        paces.silence("a", 60)
        found = []
        for moment in (0.0, 59.0, 61.0):
            now = moment
            try:
                async with paces.turn("a"):
                    found.append("asked")
            except HostSilencedError as error:
                found.append(f"{error.seconds:.0f}")
        return found

    assert asyncio.run(main()) == ["60", "1", "asked"]


def test_a_learned_address_is_asked_directly_and_keyed_by_the_listed_one(server, web) -> None:
    server.pages["/new"] = web.answer(200, web.rss)
    source = Source(address=server.url("/old"))
    record = FeedRecord(learned_url=server.url("/new", "moved.example"))
    (pulled,) = poll(web, [source], FeedMemory.of({feed_key(source.address): encode_record(record)}))
    assert server.paths == ["/new"]
    assert pulled.feed_key == feed_key(source.address)
    assert pulled.input == source.address


def test_a_listed_address_that_is_gone_does_not_end_a_feed_that_moved(server, web) -> None:
    server.pages |= {"/new": web.answer(200, web.rss), "/old": web.answer(410)}
    source = Source(address=server.url("/old"))
    key = feed_key(source.address)
    learned = FeedRecord(learned_url=server.url("/new", "moved.example"))
    records = (replace(learned, polls=n) for n in range(5000))
    record = next(one for one in records if plan_request(source.address, key, one).listed)
    (pulled,) = poll(web, [source], FeedMemory.of({key: encode_record(record)}))
    assert server.paths == ["/old", "/new"]
    assert pulled.outcome == "ok"
    assert decode_record(pulled.feed_state).learned_url == learned.learned_url
