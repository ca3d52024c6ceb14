"""Polling many feeds: hosts side by side, the feeds of a host one after the other with a pause between."""

import asyncio
import contextlib
import ipaddress
import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from yarl import URL

from schemas.batch import Pulled
from schemas.document import Source
from transforms.pull.addresses import host_of, without_secrets
from transforms.pull.client import USER_AGENT, Client, Limits, make_session, utc_now
from transforms.pull.exchange import Answer, Plan
from transforms.pull.fetch import Fetched, fetch
from transforms.pull.handover import Handover
from transforms.pull.memory import FeedMemory, FeedRecord, encode_record, feed_key
from transforms.pull.pace import MAX_AT_ONCE, HostPaces
from transforms.pull.robots import ALLOW_ALL, ALLOW_NONE, Robots, read_robots
from transforms.pull.schedule import PullSettings, after_answer, is_fresh, plan_request, why_waiting

DNS_THREADS = 32
"""Look-ups at once: the system's resolver blocks a thread for each."""

CONTACT = "https://pypi.org/project/wirelake/"
"""Where a server's owner learns what this is, unless the user gives an address of their own."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What polling touches besides the network; other values are for tests.

    Attributes:
        sleep: waits for seconds.
        monotonic: a clock in seconds that never goes back.
        resolver: in place of the system's DNS; an ``aiohttp.abc.AbstractResolver``.
        tls: an ``ssl.SSLContext`` in place of the system's trust.
        limits: what one poll may cost.
    """

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    resolver: Any = None
    tls: Any = None
    limits: Limits = field(default_factory=Limits)


def poll_feeds(
    sources: Sequence[Source],
    memory: FeedMemory,
    settings: PullSettings,
    clock: Callable[[], datetime] = utc_now,
    around: Surroundings | None = None,
) -> Iterator[Pulled]:
    """Poll what may be polled.

    Args:
        sources: feeds; those of one host are asked one after the other.
        memory: what is remembered of them.
        settings: how to ask.
        clock: aware UTC.
        around: DNS, trust and the passing of time, where they are not the system's.

    Yields:
        One Pulled per feed that was asked, in the order in which answers came, with the memory to keep. Feeds that are
        not due, asked to be left alone or are gone give nothing; how many is logged once.
    """
    around = around or Surroundings()
    asked = _choose(sources, memory, settings, clock())
    if not asked:
        return
    handover = Handover()
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = []

    async def run() -> None:
        handover.open()
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        loop.set_default_executor(ThreadPoolExecutor(DNS_THREADS, "wirelake-dns"))
        if task is not None:
            running.append((loop, task))
        await _poll_all(asked, settings, clock, around, handover)

    def work() -> None:
        try:
            asyncio.run(run())
            handover.end()
        except BaseException as error:  # noqa: BLE001 - raised where the answers are taken
            handover.end(error)

    thread = threading.Thread(target=work, name="wirelake-pull", daemon=True)
    thread.start()
    try:
        yield from handover.taken()
    finally:
        for loop, task in running if thread.is_alive() else ():
            with contextlib.suppress(RuntimeError):  # the loop may close at this very moment
                loop.call_soon_threadsafe(task.cancel)
        thread.join()


def _choose(
    sources: Sequence[Source], memory: FeedMemory, settings: PullSettings, now: datetime
) -> list[tuple[Source, FeedRecord]]:
    """The feeds to ask, with what is remembered of each."""
    asked: list[tuple[Source, FeedRecord]] = []
    waiting: Counter[str] = Counter()
    for source in sources:
        record = memory.get(source.address)
        why = why_waiting(record, now, due_only=settings.due_only, force=settings.now)
        if why is None:
            asked.append((source, record))
        else:
            waiting[why] += 1
    if waiting:
        counts = ", ".join(f"{count} {why}" for why, count in sorted(waiting.items()))
        level = logging.DEBUG if settings.due_only else logging.WARNING
        _LOG.log(level, "feeds not asked: %s (--now asks those that are fresh, too)", counts)
    return asked


async def _poll_all(
    asked: Sequence[tuple[Source, FeedRecord]],
    settings: PullSettings,
    clock: Callable[[], datetime],
    around: Surroundings,
    handover: Handover,
) -> None:
    hosts: dict[str, list[tuple[Source, FeedRecord]]] = defaultdict(list)
    for source, record in asked:
        hosts[host_of(record.learned_url or source.address)].append((source, record))
    networks = tuple(ipaddress.ip_network(text) for text in settings.allow_private)
    session = make_session(
        networks,
        user_agent=USER_AGENT.format(version=settings.version, contact=settings.contact or CONTACT),
        limit=MAX_AT_ONCE,
        resolver=around.resolver,
        tls=around.tls,
    )
    paces = HostPaces(settings.host_gap.total_seconds(), sleep=around.sleep, monotonic=around.monotonic)
    async with session:
        client = Client(
            session,
            paces,
            kept=frozenset(host for host, feeds in hosts.items() if len(feeds) > 1),
            limits=around.limits,
            clock=clock,
            monotonic=around.monotonic,
        )
        poller = _Poller(client, settings, handover)
        async with asyncio.TaskGroup() as group:
            for feeds in hosts.values():
                group.create_task(poller.ask_host(feeds))


class _Poller:
    """The polls of one run."""

    def __init__(self, client: Client, settings: PullSettings, handover: Handover) -> None:
        self._client = client
        self._settings = settings
        self._handover = handover
        self._robots: dict[str, Robots] = {}

    async def ask_host(self, feeds: Sequence[tuple[Source, FeedRecord]]) -> None:
        for source, record in feeds:
            await self._handover.room()
            self._handover.put(await self._poll(source, record))

    async def _poll(self, source: Source, record: FeedRecord) -> Pulled:
        key = feed_key(source.address)
        plan = plan_request(source.address, key, record)
        fetched = await self._barred(source, plan) if source.robots else None
        if fetched is None:
            fetched = await fetch(self._client, source, plan)
        if plan.listed and record.learned_url and fetched.answer.outcome not in {"ok", "not_modified"}:
            plan = replace(plan, url=record.learned_url, listed=False)
            fetched = await fetch(self._client, source, plan)
        if plan.recheck or plan.listed:
            answer = replace(fetched.answer, recheck=plan.recheck, listed=plan.listed)
            fetched = replace(fetched, answer=answer)
        if plan.probe and fetched.answer.outcome == "not_modified":
            fetched = await self._ask_again(source, plan, fetched)
        now = self._client.clock()
        after = after_answer(record, fetched.answer, now, self._settings.min_interval, key)
        return Pulled(
            source=source,
            input=without_secrets(source.address),
            fetched_at=now,
            data=fetched.answer.body if fetched.answer.outcome == "ok" else None,
            outcome=fetched.answer.outcome,
            error=fetched.error,
            content_type=fetched.content_type,
            final_url=fetched.final_url,
            http_status=fetched.answer.status,
            latency_ms=fetched.latency_ms,
            next_poll_at=after.next_poll_at,
            feed_key=key,
            feed_state=encode_record(after),
        )

    async def _ask_again(self, source: Source, plan: Plan, fetched: Fetched) -> Fetched:
        """Check a 304 by a request without validators; at the next poll where the server calls its answer fresh."""
        if not is_fresh(fetched.answer, self._client.clock()):
            again = await fetch(self._client, source, Plan(plan.url))
            if again.answer.outcome == "ok":
                permanent, listed = again.answer.permanent_url, plan.listed
                if permanent != fetched.answer.permanent_url:
                    permanent = None  # a server that sends two requests to two places has not moved
                return replace(again, answer=replace(again.answer, probe=True, permanent_url=permanent, listed=listed))
        return replace(fetched, answer=replace(fetched.answer, probe=True))

    async def _barred(self, source: Source, plan: Plan) -> Fetched | None:
        """What robots.txt says against a request, or None."""
        try:
            url = URL(plan.url)
            root = str(url.origin())
        except ValueError:
            return None  # no usable address: the request itself says so
        robots = self._robots.get(root)
        if robots is None:
            found = await fetch(self._client, Source(address=f"{root}/robots.txt"), Plan(f"{root}/robots.txt"))
            missing = found.answer.status is not None and 400 <= found.answer.status < 500
            robots = ALLOW_ALL if missing else ALLOW_NONE
            if found.answer.outcome == "ok":
                robots = read_robots(found.answer.body)
            self._robots[root] = robots
            self._client.paces.slow_down(host_of(root), robots.delay)
        if robots.allows(url.raw_path_qs):
            return None
        error = f"{without_secrets(source.address)}: robots.txt does not allow it; ask the publisher"
        return Fetched(Answer("robots"), error=error)


def fetch_once(
    sources: Sequence[Source], settings: PullSettings, around: Surroundings | None = None
) -> Iterator[Pulled]:
    """Ask every feed once, without memory."""
    yield from poll_feeds(sources, FeedMemory({}), settings, around=around)
