"""Polling many feeds: hosts side by side, the feeds of a host one after the other with a pause between."""

import asyncio
import ipaddress
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp

from schemas.batch import Pulled
from schemas.document import Source
from transforms.pull.addresses import host_of, without_secrets
from transforms.pull.fetch import USER_AGENT, fetch, make_session
from transforms.pull.memory import FeedMemory, FeedRecord, encode_record, feed_key
from transforms.pull.schedule import PullSettings, after_answer, is_due, plan_request

MAX_HOSTS_AT_ONCE = 256
"""Connections at once: sockets and memory of a small machine; one host never has more than one."""

WAITING = 64
"""Answers fetched and not yet taken over: bounds memory when reading is slower than the network."""

CONTACT = "https://pypi.org/project/wirelake/"
"""Where a server's owner learns what this is, unless the user gives an address of their own."""


def utc_now() -> datetime:
    """The system's clock, aware UTC."""
    return datetime.now(UTC)


def poll_feeds(
    sources: Sequence[Source],
    memory: FeedMemory,
    settings: PullSettings,
    clock: Callable[[], datetime] = utc_now,
    resolver: Any = None,
) -> Iterator[Pulled]:
    """Poll what may be polled.

    Args:
        sources: feeds; those of one host are asked one after the other.
        memory: what is remembered of them.
        settings: how to ask.
        clock: aware UTC.
        resolver: in place of the system's DNS.

    Yields:
        One Pulled per feed that was asked, in the order in which answers came, with the memory to keep. Feeds that are
        not due, asked to be left alone or are gone give nothing.
    """
    now = clock()
    asked = [
        (source, memory.get(source.address))
        for source in sources
        if is_due(memory.get(source.address), now, due_only=settings.due_only, force=settings.now)
    ]
    if not asked:
        return
    results: queue.Queue[Pulled | BaseException | None] = queue.Queue(WAITING)
    stop = threading.Event()

    def run() -> None:
        try:
            asyncio.run(_poll_all(asked, settings, clock, resolver, results, stop))
            results.put(None)
        except BaseException as error:  # noqa: BLE001 - handed to the consumer, who raises it
            results.put(error)

    thread = threading.Thread(target=run, name="wirelake-pull", daemon=True)
    thread.start()
    try:
        while (found := results.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stop.set()
        while thread.is_alive():
            try:
                results.get(timeout=0.05)
            except queue.Empty:
                continue


async def _poll_all(
    asked: Sequence[tuple[Source, FeedRecord]],
    settings: PullSettings,
    clock: Callable[[], datetime],
    resolver: Any,
    results: "queue.Queue[Pulled | BaseException | None]",
    stop: threading.Event,
) -> None:
    hosts: dict[str, list[tuple[Source, FeedRecord]]] = defaultdict(list)
    for source, record in asked:
        hosts[host_of(record.learned_url or source.address)].append((source, record))
    turns = asyncio.Semaphore(MAX_HOSTS_AT_ONCE)
    loop = asyncio.get_running_loop()
    agent = USER_AGENT.format(version=settings.version, contact=settings.contact or CONTACT)
    networks = tuple(ipaddress.ip_network(text) for text in settings.allow_private)

    async def ask_host(feeds: Sequence[tuple[Source, FeedRecord]], session: aiohttp.ClientSession) -> None:
        async with turns:
            for number, (source, record) in enumerate(feeds):
                if stop.is_set():
                    return
                if number:
                    await asyncio.sleep(settings.host_gap.total_seconds())
                pulled = await _poll(session, source, record, settings, clock)
                await loop.run_in_executor(None, results.put, pulled)

    client = make_session(networks, user_agent=agent, limit=MAX_HOSTS_AT_ONCE, resolver=resolver)
    async with client as session, asyncio.TaskGroup() as group:
        for feeds in hosts.values():
            group.create_task(ask_host(feeds, session))


async def _poll(
    session: aiohttp.ClientSession,
    source: Source,
    record: FeedRecord,
    settings: PullSettings,
    clock: Callable[[], datetime],
) -> Pulled:
    key = feed_key(source.address)
    fetched = await fetch(session, source, plan_request(source.address, key, record))
    now = clock()
    after = after_answer(record, fetched.answer, now, settings.min_interval, key)
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


def fetch_once(sources: Sequence[Source], settings: PullSettings) -> Iterator[Pulled]:
    """Ask every feed once, without memory."""
    yield from poll_feeds(sources, FeedMemory({}), settings)
