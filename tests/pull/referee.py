"""A month of other people's servers: scripted feeds on a real web server, and a referee who writes down every request.

Time is simulated: the clock stands still while requests are under way and moves on when the poller sleeps or a run is
over, so that a month takes as long as its requests do.
"""

import asyncio
import json
import random
import socket
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp import web
from aiohttp.abc import AbstractResolver

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = 3600.0
DAY = 24 * HOUR
GAP = 1.0
LEAST = 60.0
SLACK = 1e-6
ROUNDS = 5
"""Of the event loop, for which a request is under way: one that was sent beside it arrives meanwhile."""

KINDS = (
    "etag", "etag", "etag", "modified", "modified", "both", "both", "none", "max_age", "expires", "ttl", "skips",
    "moved", "moved_308", "elsewhere", "undecided", "busy_429", "busy_503", "ends", "outage", "vanishes", "frozen_etag",
    "always_304", "bursts",
)  # fmt: skip


class Clock:
    """Seconds since START; moves on only when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        until = self.seconds + seconds
        await asyncio.sleep(0)
        self.seconds = max(self.seconds, until)


@dataclass
class Feed:
    """One scripted feed: when its items appear, and what its server does with those who ask."""

    number: int
    kind: str
    host: str
    published: list[float]
    window: int
    hints: dict[str, object] = field(default_factory=dict)
    gone_at: float = float("inf")
    # what the referee remembers of the last answer
    etag: str | None = None
    modified: str | None = None
    wait_until: float = 0.0
    fresh_until: float = 0.0
    ended: bool = False
    last_status: int = 0
    last_at: float = float("-inf")
    hop_at: float = float("-inf")
    hops_seen: int = 0
    full: int = 0
    requests: int = 0
    # what the poller was given
    seen: set[int] = field(default_factory=set)
    last_ok: float = float("-inf")
    kept: tuple[str | None, str | None] = (None, None)

    @property
    def path(self) -> str:
        return f"/{self.number}/rss"

    def items(self, now: float) -> range:
        count = self.window + sum(1 for at in self.published if at <= now)
        return range(count - self.window, count)


def script(number: int, kind: str, hosts: int, days: float) -> Feed:
    """A feed's whole month, from its number alone."""
    dice = random.Random(number)
    a_day = dice.choice([1, 2, 4, 8, 12, 24, 48, 96])
    if kind in {"frozen_etag", "always_304"}:
        a_day = min(a_day, 24)  # what appears before a lie is found out must still be in the window
    published, at = [], 0.0
    while at < days * DAY:
        at += dice.expovariate(a_day / DAY)
        hour = at % DAY / HOUR
        rests = kind == "skips" and (hour < 5 or at // DAY % 7 == 6)  # what it says it skips
        if not rests and (6 <= hour < 23 or dice.random() < 0.2):  # desks sleep
            published.append(at)
    if kind == "bursts":
        published += [
            day * DAY + 12 * HOUR + minute * 60 for day in range(1, int(days), 3) for minute in range(0, 60, 5)
        ]
        published.sort()
    hints: dict[str, object] = {}
    if kind == "ttl":
        hints = {"ttl_minutes": 120}
    if kind == "skips":
        hints = {"skip_hours": (0, 1, 2, 3, 4), "skip_days": (6,)}
    gone_at = days * DAY / 3 if kind == "ends" else float("inf")
    window = dice.choice([20, 30, 50]) if a_day <= 24 else 50
    return Feed(number, kind, f"host{number % hosts}.example", published, window, hints, gone_at)


class Referee:
    """Sees every request and knows every script."""

    def __init__(self, feeds: list[Feed], clock: Clock) -> None:
        self.feeds = {feed.number: feed for feed in feeds}
        self.clock = clock
        self.violations: list[str] = []
        self.counts: Counter[str] = Counter()
        self.under_way: Counter[str] = Counter()
        self.free_at: dict[str, float] = defaultdict(lambda: float("-inf"))

    def blame(self, feed: Feed, what: str) -> None:
        self.violations.append(f"{self.clock.seconds / HOUR:.3f} h, {feed.kind} {feed.number}: {what}")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        host = request.host.partition(":")[0]
        number, _, name = request.path.strip("/").partition("/")
        feed = self.feeds[int(number)]
        now = self.clock.seconds
        if self.under_way[host]:
            self.blame(feed, f"two at once on {host}")
        if now < self.free_at[host] + GAP - SLACK:
            self.blame(feed, f"{now - self.free_at[host]:.3f} s after the last request to {host}")
        self.under_way[host] += 1
        self.counts["requests"] += 1
        try:
            for _ in range(ROUNDS):
                await asyncio.sleep(0)
            status, headers, body = self.answer(feed, name, host, request, now)
            self.counts[str(status)] += 1
            return web.Response(status=status, headers=headers, body=body)
        finally:
            self.under_way[host] -= 1
            self.free_at[host] = self.clock.seconds

    def answer(self, feed: Feed, name: str, host: str, request: web.Request, now: float):
        sent = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        if name == "rss":
            if host != feed.host:
                self.blame(feed, f"asked at {host}")
            hop = self.redirect(feed, now)
            if hop is not None:
                feed.hop_at, feed.last_at = now, now
                feed.hops_seen += 1
                return hop
        elif now - feed.hop_at > 60 and not self.may_know(feed, name, host):
            self.blame(feed, f"went to {host}/{name} without being sent")
        self.judge(feed, sent, now)
        feed.last_at = now
        feed.requests += 1
        status, headers, body = self.serve(feed, sent, now)
        feed.last_status = status
        if status == 200:
            feed.full += 1
            feed.etag, feed.modified = headers.get("ETag"), headers.get("Last-Modified")
        return status, headers, body

    def may_know(self, feed: Feed, name: str, host: str) -> bool:
        return (
            feed.kind in {"moved", "moved_308"} and feed.hops_seen >= 2 and host == f"new-{feed.host}" and name == "new"
        )

    def redirect(self, feed: Feed, now: float):
        if feed.kind in {"moved", "moved_308"} and now > 2 * DAY:
            status = 301 if feed.kind == "moved" else 308
            return status, {"Location": f"http://new-{feed.host}:{self.port}/{feed.number}/new"}, b""
        if feed.kind == "elsewhere":
            return 302, {"Location": f"http://mirror.example:{self.port}/{feed.number}/m"}, b""
        if feed.kind == "undecided":
            way = "ab"[feed.hops_seen % 2]
            return 301, {"Location": f"http://{way}.example:{self.port}/{feed.number}/{way}"}, b""
        return None

    def judge(self, feed: Feed, sent: tuple[str | None, str | None], now: float) -> None:
        checking = feed.last_status == 304 and sent == (None, None)
        if feed.ended:
            self.blame(feed, "asked after 410")
        if now < feed.wait_until - SLACK:
            self.blame(feed, f"{feed.wait_until - now:.0f} s before its Retry-After")
        if now < feed.fresh_until - SLACK:
            self.blame(feed, f"{feed.fresh_until - now:.0f} s before its max-age")
        if feed.kind in {"elsewhere", "undecided", "moved", "moved_308"}:
            return  # the hop before it counts as well
        if now - feed.last_at < LEAST - SLACK and not checking:
            self.blame(feed, f"{now - feed.last_at:.0f} s after the last poll")
        if sent[0] != feed.etag or sent[1] != feed.modified:
            if sent != (None, None):
                self.blame(feed, f"validators {sent} instead of {(feed.etag, feed.modified)}")
            elif feed.kind in {"frozen_etag", "always_304"}:
                self.counts["unconditional to liars"] += 1
            elif checking:
                self.counts["probes"] += 1
            else:
                self.blame(feed, "missing validator")

    def serve(self, feed: Feed, sent: tuple[str | None, str | None], now: float):
        day, headers = int(now // DAY), {"Date": format_datetime(self.clock.now(), usegmt=True)}
        if now >= feed.gone_at:
            feed.ended = True
            return 410, headers, b""
        if feed.kind == "busy_429" and day % 5 == 2 and now >= feed.wait_until and now % DAY < 4 * HOUR:
            feed.wait_until = now + 2 * HOUR
            return 429, headers | {"Retry-After": "7200"}, b""
        if feed.kind == "busy_503" and day % 4 == 1 and now >= feed.wait_until and now % DAY < 3 * HOUR:
            until = self.clock.now().replace(microsecond=0) + timedelta(hours=3)
            feed.wait_until = (until - START).total_seconds()
            return 503, headers | {"Retry-After": format_datetime(until, usegmt=True)}, b""
        if feed.kind == "outage" and day % 6 == 3 and 9 * HOUR <= now % DAY < 11 * HOUR:
            return 500, headers, b""
        if feed.kind == "vanishes" and day % 7 == 4 and now % DAY < 5 * HOUR:
            return 404, headers, b""
        if feed.kind == "max_age":
            feed.fresh_until = now + 1200
            headers["Cache-Control"] = "public, max-age=1200"
        if feed.kind == "expires":
            until = self.clock.now().replace(microsecond=0) + timedelta(minutes=30)
            feed.fresh_until = (until - START).total_seconds()
            headers["Expires"] = format_datetime(until, usegmt=True)
        items = feed.items(now)
        etag = f'W/"{items.stop:x}-gzip"' if feed.kind != "frozen_etag" else '"frozen"'
        at = (
            START + timedelta(seconds=int(feed.published[items.stop - feed.window - 1]))
            if items.stop > feed.window
            else START
        )
        modified = format_datetime(at, usegmt=True)
        if feed.kind == "always_304" and sent != (None, None):
            return 304, headers, b""
        uses_etag = feed.kind not in {"modified", "none"}
        uses_date = feed.kind in {"modified", "both"}
        if (uses_etag and sent[0] == etag) or (not uses_etag and uses_date and sent[1] == modified):
            return 304, headers, b""
        if uses_etag:
            headers["ETag"] = etag
        if uses_date:
            headers["Last-Modified"] = modified
        return 200, headers, json.dumps([feed.number, list(items)]).encode()

    port = 0


class Door(AbstractResolver):
    """The names of all hosts, and the server behind them.

    It opens in the event loop that first asks for a name and closes with it. Poller and server share a thread: two
    would spend more time on handing each other the interpreter than on HTTP.
    """

    def __init__(self, referee: Referee) -> None:
        self._referee = referee
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening: asyncio.Future[None] | None = None
        self._until_the_end: AsyncGenerator[None, None] | None = None
        with socket.create_server(("127.0.0.1", 0)) as found:
            referee.port = found.getsockname()[1]

    async def resolve(self, host, port=0, family=socket.AF_INET):
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            self._until_the_end = self._open()
            self._opening = asyncio.ensure_future(anext(self._until_the_end))
        await asyncio.shield(self._opening)
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def _open(self) -> AsyncGenerator[None, None]:
        server = web.Server(self._referee.handle)
        listening = await asyncio.get_running_loop().create_server(
            server, "127.0.0.1", self._referee.port, backlog=1024
        )
        try:
            yield
        finally:  # the loop ends its generators before it closes
            listening.close()
            await server.shutdown(0)

    async def close(self) -> None:
        pass


def referee_of(feeds: int, hosts: int, days: float, share: int = 0, shares: int = 1) -> tuple[Referee, Door]:
    """A referee for scripted feeds, or for those of one share of the hosts, and his door."""
    numbers = [number for number in range(feeds) if number % hosts % shares == share]
    referee = Referee([script(n, KINDS[n % len(KINDS)], hosts, days) for n in numbers], Clock())
    return referee, Door(referee)
