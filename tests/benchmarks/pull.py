"""Fetching many feeds of many hosts from a local server, beside a plain script of asyncio, httpx and feedparser.

    python tests/benchmarks/pull.py [--feeds 10000] [--items 20] [--only fetch,parse,plain,ingest]

Every feed has a host name of its own, which a test resolver turns into loopback addresses; the server runs in a
process of its own and its cost is printed apart. A second run finds nothing changed (304). ``ingest`` runs the whole
command twice on the same feeds, until all rows are readable; there a host is a loopback address (127.1.2.3).
"""

import argparse
import asyncio
import multiprocessing
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from schemas.document import ParsedDocument, Source
from transforms.pull.memory import FeedMemory
from transforms.pull.poll import Surroundings, poll_feeds
from transforms.pull.schedule import PullSettings

WORDS = "harbour ferry storm council budget bridge market strike vote flood school hospital railway festival".split()
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def make_feed(number: int, items: int) -> bytes:
    """An RSS document of about 400 bytes an item, different for every number."""
    parts = []
    for item in range(items):
        words = [WORDS[(number * 7 + item * 3 + at * at) % len(WORDS)] for at in range(40)]
        when = START - timedelta(minutes=item * 37 + number % 600)
        parts.append(
            f"<item><title>{' '.join(words[:6]).capitalize()} {number}-{item}</title>"
            f"<link>https://h{number}.example/{item}</link><guid>urn:{number}:{item}</guid>"
            f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
            f"<description>{' '.join(words)} {number * items + item}.</description></item>"
        )
    head = f"<rss version='2.0'><channel><title>H{number}</title><link>https://h{number}.example/</link>"
    return f"{head}<language>en</language>{''.join(parts)}</channel></rss>".encode()


class Protocol(asyncio.Protocol):
    """As little of a web server as will do: its cost is not what is measured."""

    items = 20

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.data = b""

    def data_received(self, data: bytes) -> None:
        self.data += data
        while b"\r\n\r\n" in self.data:
            head, _, self.data = self.data.partition(b"\r\n\r\n")
            lower = head.lower()
            number = int(head.split(b" ", 2)[1].rsplit(b"/", 1)[1])
            etag = b'"v%d"' % number
            if b"if-none-match: " + etag in lower:
                self.transport.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
            else:
                body = make_feed(number, self.items)
                self.transport.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %s\r\nContent-Length: %d\r\n\r\n"
                    % (etag, len(body))
                    + body
                )
            if b"connection: close" in lower:
                self.transport.close()


def cpu(*who: int) -> float:
    """Seconds of CPU of this process, of its children, or both."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, who))


def serve(pipe: Connection, items: int) -> None:
    """The server's process: says its port, then its cost in seconds of CPU whenever asked, until it is told to end."""
    Protocol.items = items

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Protocol, "0.0.0.0", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        while await loop.run_in_executor(None, pipe.recv) != "end":
            pipe.send(cpu(resource.RUSAGE_SELF))

    asyncio.run(main())


class Names(AbstractResolver):
    """Every name is a loopback address of its own."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        number = int(host.partition(".")[0][1:])
        return [
            ResolveResult(hostname=host, host=loopback(number), port=port, family=family, proto=0, flags=0),
        ]

    async def close(self) -> None:
        pass


def loopback(number: int) -> str:
    return f"127.1.{number // 250}.{number % 250 + 1}"


def fetched(sources: list[Source], memory: FeedMemory) -> tuple[Counter[str], FeedMemory, int]:
    """One run over all feeds: outcomes, what is remembered, bytes."""
    settings = PullSettings(allow_private=("127.0.0.0/8",))
    outcomes: Counter[str] = Counter()
    states: dict[str, bytes] = {}
    size = 0
    for pulled in poll_feeds(sources, memory, settings, around=Surroundings(resolver=Names())):
        outcomes[pulled.outcome] += 1
        size += len(pulled.data or b"")
        if pulled.feed_key and pulled.feed_state:
            states[pulled.feed_key] = pulled.feed_state
    return outcomes, FeedMemory.of(states), size


def parsed(sources: list[Source]) -> int:
    """The same with every document read to items, as the plain script does."""
    from schemas.document import RawDocument
    from transforms.parse.registry import parse_document

    items = 0
    settings = PullSettings(allow_private=("127.0.0.0/8",))
    for pulled in poll_feeds(sources, FeedMemory({}), settings, around=Surroundings(resolver=Names())):
        raw = RawDocument(pulled.source, pulled.input, pulled.data or b"", pulled.fetched_at)
        document: ParsedDocument = parse_document(raw)
        items += len(document.items)
    return items


async def plain(urls: list[str]) -> int:
    """What a user would write: no turns, no limits, no memory."""
    import feedparser
    import httpx

    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=256), timeout=60) as client:
        turns, items = asyncio.Semaphore(256), 0

        async def one(url: str) -> int:
            async with turns:
                answer = await client.get(url, headers={"Connection": "close"})
            return len(feedparser.parse(answer.content).entries)

        for found in asyncio.as_completed([one(url) for url in urls]):
            items += await found
    return items


class Stopwatch:
    """Prints what a piece of work took, and what it cost the server meanwhile."""

    def __init__(self, server: Connection, feeds: int) -> None:
        self._server = server
        self._feeds = feeds

    def _server_cpu(self) -> float:
        self._server.send("cost")
        return float(self._server.recv())

    def time(self, name: str, work: Callable[[], Any], who: int = resource.RUSAGE_SELF) -> Any:
        served, before, began = self._server_cpu(), cpu(who), time.monotonic()
        made = work()
        seconds, spent = time.monotonic() - began, cpu(who) - before
        served = self._server_cpu() - served
        peak = resource.getrusage(who).ru_maxrss / 1024
        print(
            f"{name}: {seconds:.1f} s, {self._feeds / seconds:.0f} feeds/s, {spent:.1f} s of CPU "
            f"({spent / self._feeds * 1000:.2f} ms a feed), peak {peak:.0f} MiB so far; server {served:.1f} s of CPU",
            flush=True,
        )
        return made


def ingest(folder: str) -> str:
    """The command itself, until its rows are readable: how many are."""
    import pyarrow.dataset as ds

    command = [sys.executable, "-m", "pipelines.cli", "ingest", f"{folder}/feeds.yaml", "--output", f"{folder}/lake"]
    subprocess.run([*command, "--allow-private", "127.0.0.0/8"], check=True, capture_output=True)
    tables = {name: Path(folder, "lake", name) for name in ("stories", "repeats", "polls")}
    rows = {name: ds.dataset(path).count_rows() if path.exists() else 0 for name, path in tables.items()}
    return ", ".join(f"{count} {name}" for name, count in rows.items())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=10_000)
    options.add_argument("--items", type=int, default=20)
    options.add_argument("--only", default="fetch,parse,plain,ingest", help="which parts, with commas between")
    asked = options.parse_args()
    parts = asked.only.split(",")
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, asked.items))
    server.start()
    port = ours.recv()
    numbers = range(asked.feeds)
    sources = [Source(address=f"http://h{number}.example:{port}/{number}") for number in numbers]
    urls = [f"http://{loopback(number)}:{port}/{number}" for number in numbers]
    watch = Stopwatch(ours, asked.feeds)
    if "fetch" in parts:
        outcomes, memory, size = watch.time("fetched, first run", lambda: fetched(sources, FeedMemory({})))
        print(f"  {dict(outcomes)}, {size / 1e6:.0f} MB")
        outcomes, _, _ = watch.time("fetched, second run", lambda: fetched(sources, memory))
        print(f"  {dict(outcomes)}")
    if "parse" in parts:
        print(f"  {watch.time('fetched and parsed', lambda: parsed(sources))} items")
    if "plain" in parts:
        items = watch.time("plain script (asyncio, httpx, feedparser)", lambda: asyncio.run(plain(urls)))
        print(f"  {items} items")
    if "ingest" in parts:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "feeds.yaml").write_text("".join(f"- {url}\n" for url in urls))
            for run in ("first", "second"):
                name = f"wirelake ingest until all rows are readable, {run} run"
                print(f"  {watch.time(name, lambda: ingest(folder), resource.RUSAGE_CHILDREN)} readable")
    ours.send("end")
    server.join()


if __name__ == "__main__":
    main()
