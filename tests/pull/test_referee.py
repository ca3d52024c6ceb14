"""Seasons of polling in simulated time before a referee who writes down every request; and what he calls a foul."""

import asyncio
import multiprocessing
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import reduce
from operator import add

import aiohttp
import pytest

from tests.pull.months import Season, season
from tests.pull.referee import DAY, HOUR, KINDS, Referee, referee_of

PROCESSES = 2
"""A host is polled by one process, so seasons of different hosts can pass beside each other."""


def check(found: Season, capsys) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{found}\n")
    blamed = Counter(one.partition(", ")[2].partition(":")[0] for one in found.violations)
    assert not found.violations, f"{blamed}\n" + "\n".join(found.violations[:40])
    assert found.lost == {}
    assert found.new > found.published * 0.9
    assert found.probes < 0.04 * found.requests


def test_no_violation_and_nothing_lost_in_some_days(capsys) -> None:
    check(season(feeds=48, hosts=20, days=4), capsys)


@pytest.mark.timeout(900)
def test_no_violation_and_nothing_lost_in_a_month_of_200_feeds(capsys) -> None:
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        shares = [pool.submit(season, 200, 80, 30, share, PROCESSES) for share in range(PROCESSES)]
        found = reduce(add, [share.result() for share in shares])
    assert found.feeds == 200
    check(found, capsys)


def test_a_poller_who_comes_too_seldom_loses_items_and_is_told_of_gaps() -> None:
    found = season(feeds=24, hosts=24, days=12, least=timedelta(days=5))
    assert found.lost
    assert found.gaps
    assert not found.violations


class Rude:
    """A client without manners or memory: what it asks for is written down, nothing else."""

    def __init__(self, referee: Referee, session: aiohttp.ClientSession) -> None:
        self.referee = referee
        self._session = session

    async def ask(
        self, kind: str, host: str | None = None, name: str = "rss", **headers: str
    ) -> aiohttp.ClientResponse:
        feed = next(feed for feed in self.referee.feeds.values() if feed.kind == kind)
        url = f"http://{host or feed.host}:{self.referee.port}/{feed.number}/{name}"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._session.get(url, headers=sent, allow_redirects=False) as response:
            return response

    def wait(self, seconds: float) -> None:
        self.referee.clock.seconds += seconds


async def two_at_once(rude: Rude) -> None:
    await asyncio.gather(rude.ask("etag"), rude.ask("etag"))


async def no_gap(rude: Rude) -> None:
    first = await rude.ask("etag")
    rude.wait(0.5)
    await rude.ask("etag", If_None_Match=first.headers["ETag"])


async def too_soon(rude: Rude) -> None:
    first = await rude.ask("etag")
    rude.wait(30)
    await rude.ask("etag", If_None_Match=first.headers["ETag"])


async def before_retry_after_in_seconds(rude: Rude) -> None:
    rude.wait(2 * DAY)
    assert (await rude.ask("busy_429")).status == 429
    rude.wait(HOUR)
    await rude.ask("busy_429")


async def before_retry_after_as_a_date(rude: Rude) -> None:
    rude.wait(DAY)
    assert (await rude.ask("busy_503")).status == 503
    rude.wait(HOUR)
    await rude.ask("busy_503")


async def before_max_age(rude: Rude) -> None:
    first = await rude.ask("max_age")
    rude.wait(600)
    await rude.ask("max_age", If_None_Match=first.headers["ETag"])


async def before_expires(rude: Rude) -> None:
    first = await rude.ask("expires")
    rude.wait(600)
    await rude.ask("expires", If_None_Match=first.headers["ETag"])


async def no_validator(rude: Rude) -> None:
    await rude.ask("etag")
    rude.wait(HOUR)
    await rude.ask("etag")


async def half_a_validator(rude: Rude) -> None:
    first = await rude.ask("both")
    rude.wait(HOUR)
    await rude.ask("both", If_None_Match=first.headers["ETag"])


async def altered_validator(rude: Rude) -> None:
    first = await rude.ask("etag")
    rude.wait(HOUR)
    await rude.ask("etag", If_None_Match=first.headers["ETag"].removeprefix("W/"))


async def after_the_end(rude: Rude) -> None:
    rude.wait(2 * DAY)
    assert (await rude.ask("ends")).status == 410
    rude.wait(DAY)
    await rude.ask("ends")


async def learned_from_302(rude: Rude) -> None:
    assert (await rude.ask("elsewhere")).status == 302
    rude.wait(HOUR)
    await rude.ask("elsewhere", host="mirror.example", name="m")


async def learned_at_once(rude: Rude) -> None:
    rude.wait(3 * DAY)
    feed = next(feed for feed in rude.referee.feeds.values() if feed.kind == "moved")
    assert (await rude.ask("moved")).status == 301
    rude.wait(HOUR)
    await rude.ask("moved", host=f"new-{feed.host}", name="new")


async def learned_from_one_who_wavers(rude: Rude) -> None:
    for _ in range(3):
        assert (await rude.ask("undecided")).status == 301
        rude.wait(HOUR)
    await rude.ask("undecided", host="a.example", name="a")


async def at_the_wrong_host(rude: Rude) -> None:
    await rude.ask("etag", host="mirror.example")


FOULS: list[tuple[Callable[[Rude], Awaitable[None]], str]] = [
    (two_at_once, "two at once on host"),
    (no_gap, "after the last request to host"),
    (too_soon, "30 s after the last poll"),
    (before_retry_after_in_seconds, "before its Retry-After"),
    (before_retry_after_as_a_date, "before its Retry-After"),
    (before_max_age, "before its max-age"),
    (before_expires, "before its max-age"),
    (no_validator, "missing validator"),
    (half_a_validator, "validators ("),
    (altered_validator, "validators ("),
    (after_the_end, "asked after 410"),
    (learned_from_302, "went to mirror.example/m without being sent"),
    (learned_at_once, "without being sent"),
    (learned_from_one_who_wavers, "went to a.example/a without being sent"),
    (at_the_wrong_host, "asked at mirror.example"),
]


@pytest.mark.parametrize(("foul", "told"), FOULS, ids=[foul.__name__ for foul, _ in FOULS])
def test_the_referee_sees_every_foul(foul: Callable[[Rude], Awaitable[None]], told: str) -> None:
    """So that zero violations mean something."""
    referee, door = referee_of(feeds=len(KINDS), hosts=len(KINDS), days=6)

    async def play() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=door)) as session:
            await foul(Rude(referee, session))

    asyncio.run(play())
    assert told in " ".join(referee.violations)


def test_the_referee_blames_nobody_who_keeps_the_rules() -> None:
    referee, door = referee_of(feeds=len(KINDS), hosts=len(KINDS), days=6)

    async def play() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=door)) as session:
            polite = Rude(referee, session)
            for kind in ("etag", "max_age", "expires"):
                first = await polite.ask(kind)
                polite.wait(HOUR)
                await polite.ask(kind, If_None_Match=first.headers["ETag"])

    asyncio.run(play())
    assert referee.violations == []
