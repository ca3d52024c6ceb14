"""Polling many feeds: hosts side by side, the feeds of a host one after the other with a pause between."""

import asyncio
import contextlib
import ipaddress
import logging
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from yarl import URL

from schemas.batch import Pulled
from schemas.document import LinkedDocument, RawDocument, Source
from transforms.pull.addresses import host_of, without_secrets
from transforms.pull.children import child_source, choose_children, looks_like_index
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


Documents = Callable[[RawDocument], Sequence[LinkedDocument]]
"""Reads what a sitemap index names."""


def no_documents(_index: RawDocument) -> Sequence[LinkedDocument]:
    """Follows no index."""
    return ()


def poll_feeds(
    sources: Sequence[Source],
    memory: FeedMemory,
    settings: PullSettings,
    clock: Callable[[], datetime] = utc_now,
    around: Surroundings | None = None,
    documents: Documents = no_documents,
) -> Iterator[Pulled]:
    """Poll what may be polled.

    A sitemap index brings those of its children along that were never polled; the others have to be among the sources
    (``with_children``), and are passed over when their index no longer names them.

    Args:
        sources: feeds; those of one host are asked one after the other.
        memory: what is remembered of them.
        settings: how to ask.
        clock: aware UTC.
        around: DNS, trust and the passing of time, where they are not the system's.
        documents: reads what a sitemap index names.

    Yields:
        One Pulled per feed that was asked, in the order in which answers came, with the memory to keep. Feeds that are
        not due, asked to be left alone or are gone give nothing; how many is logged once.
    """
    around = around or Surroundings()
    asked = _choose(sources, memory, settings, clock())
    if not asked:
        return
    handover = Handover()
    follow = _Follow(memory, documents, frozenset(source.address for source in sources))
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = []

    async def run() -> None:
        handover.open()
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        loop.set_default_executor(ThreadPoolExecutor(DNS_THREADS, "wirelake-dns"))
        if task is not None:
            running.append((loop, task))
        await _poll_all(asked, settings, clock, around, handover, follow)

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
    follow: "_Follow",
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
        poller = _Poller(client, settings, handover, follow)
        async with asyncio.TaskGroup() as group:
            for feeds in hosts.values():
                group.create_task(poller.ask_host(feeds))


class _Follow:
    """The children of a run's sitemap indexes."""

    def __init__(self, memory: FeedMemory, documents: Documents, listed: frozenset[str]) -> None:
        self._memory = memory
        self._documents = documents
        self._met = set(listed)
        self._named: dict[str, frozenset[str]] = {}

    async def children(self, source: Source, fetched: Fetched, record: FeedRecord, now: datetime) -> tuple[str, ...]:
        """The children of a feed, after it was asked: none where it is no index; unchanged where nothing new came."""
        if source.index is not None or fetched.answer.outcome != "ok":
            return record.children
        body = fetched.answer.body
        if not looks_like_index(body):
            return ()
        address = without_secrets(source.address)
        raw = RawDocument(source, address, body, now, fetched.content_type, fetched.final_url)
        named = await asyncio.to_thread(self._documents, raw)
        chosen = choose_children(source, fetched.final_url, named, now)
        self._named[source.address] = frozenset(child_source(source, one).address for one in chosen)
        return chosen

    def new_ones(self, source: Source, children: Sequence[str]) -> Iterator[tuple[Source, FeedRecord]]:
        """Those that were never polled, each once."""
        for address in children:
            child = child_source(source, address)
            record = self._memory.get(child.address)
            if child.address not in self._met and record.polled_at is None:
                self._met.add(child.address)
                yield child, record

    def is_dropped(self, source: Source) -> bool:
        """Whether a feed's index, asked in this run, no longer names it."""
        named = self._named.get(source.index) if source.index is not None else None
        return named is not None and source.address not in named


class _Poller:
    """The polls of one run."""

    def __init__(self, client: Client, settings: PullSettings, handover: Handover, follow: _Follow) -> None:
        self._client = client
        self._settings = settings
        self._handover = handover
        self._follow = follow
        self._robots: dict[str, Robots] = {}

    async def ask_host(self, feeds: Sequence[tuple[Source, FeedRecord]]) -> None:
        waiting = deque(feeds)
        while waiting:
            source, record = waiting.popleft()
            if self._follow.is_dropped(source):
                continue
            await self._handover.room()
            pulled, children = await self._poll(source, record)
            self._handover.put(pulled)
            waiting.extend(self._follow.new_ones(source, children))

    async def _poll(self, source: Source, record: FeedRecord) -> tuple[Pulled, tuple[str, ...]]:
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
        children = await self._follow.children(source, fetched, record, now)
        if children != after.children or source.index is not None:
            after = replace(after, children=children, child=source.index is not None)
        pulled = Pulled(
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
        return pulled, () if after.gone else children

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
    sources: Sequence[Source],
    settings: PullSettings,
    around: Surroundings | None = None,
    documents: Documents = no_documents,
) -> Iterator[Pulled]:
    """Ask every feed once, without memory; see ``poll_feeds``."""
    yield from poll_feeds(sources, FeedMemory({}), settings, around=around, documents=documents)
