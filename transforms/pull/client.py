"""What the polls of one run share: a client that dials safely, turns at hosts, limits, clocks.

It speaks HTTP/1.1 only. HTTP/2 helps where many requests travel beside each other over one connection; here a host is
asked one thing at a time with a pause between, and most hosts once a run: nothing would travel beside anything.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
from aiohttp.connector import NEEDS_CLEANUP_CLOSED

from transforms.pull.decompress import ACCEPT_ENCODING
from transforms.pull.dial import CheckedResolver, Network, guarded_socket
from transforms.pull.pace import HostPaces

USER_AGENT = "wirelake/{version} (+{contact})"
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)

MAX_HEADER_BYTES = 8190
"""Of one header line: what common servers send at most themselves."""

LARGE_BYTES = 1024 * 1024
"""From here on a response counts as large; one feed in a few hundred is."""

LARGE_AT_ONCE = 4
"""Large responses received at once: they bound memory, however many servers send them together."""


def utc_now() -> datetime:
    """The system's clock, aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one poll may cost.

    Attributes:
        header_seconds: from dialling to the end of the headers, per hop.
        total_seconds: a whole poll with all its hops, pauses between them aside: a slow loris ends here.
        wire_bytes: as received; the largest news feed seen has 12 MB before compression.
        body_bytes: content encodings removed.
    """

    header_seconds: float = 20.0
    total_seconds: float = 60.0
    wire_bytes: int = 32 * 1024 * 1024
    body_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Client:
    """What the polls of one run share.

    Attributes:
        session: of ``make_session``.
        paces: turns at each host.
        kept: hosts that will be asked again in this run; connections to others are closed at once.
        limits: what a poll may cost.
        large: turns at receiving large responses.
        clock: aware UTC.
        monotonic: a clock in seconds that never goes back.
    """

    session: aiohttp.ClientSession
    paces: HostPaces
    kept: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LARGE_AT_ONCE))
    clock: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic


def make_session(
    allowed: Sequence[Network],
    *,
    user_agent: str,
    limit: int,
    resolver: aiohttp.abc.AbstractResolver | None = None,
    tls: ssl.SSLContext | None = None,
) -> aiohttp.ClientSession:
    """A client that dials public addresses only, verifies TLS, ignores proxies of the environment and keeps no cookies.

    Args:
        allowed: private networks that may be dialled.
        user_agent: who asks.
        limit: connections at once.
        resolver: in place of the system's.
        tls: in place of the system's trust.
    """
    connector = aiohttp.TCPConnector(
        limit=limit,
        limit_per_host=1,
        resolver=CheckedResolver(allowed, resolver),
        socket_factory=guarded_socket(allowed),
        ttl_dns_cache=None,
        enable_cleanup_closed=NEEDS_CLEANUP_CLOSED,  # a server that never says goodbye would hold a socket for 30 s
        ssl=tls if tls is not None else True,
    )
    return aiohttp.ClientSession(
        connector=connector,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,  # a proxy would dial in our place, past the check of addresses
        headers={"User-Agent": user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING},
        timeout=aiohttp.ClientTimeout(total=None),
        max_line_size=MAX_HEADER_BYTES,
        max_field_size=MAX_HEADER_BYTES,
    )
