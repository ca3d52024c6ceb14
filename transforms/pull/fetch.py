"""One request to one feed: redirects followed by hand, every limit kept, every failure a code."""

import asyncio
import base64
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import aiohttp

from schemas.document import Source
from transforms.pull.addresses import without_secrets
from transforms.pull.decompress import ACCEPT_ENCODING, BadEncodingError, TooLargeError, decompress
from transforms.pull.dial import CheckedResolver, Network, RefusedAddressError, guarded_socket
from transforms.pull.schedule import Answer, Plan
from transforms.pull.secrets import SecretError, resolve_secret

MAX_REDIRECTS = 5
"""Real feeds move twice at most (http to https, then to www); more is a loop."""

MAX_WIRE_BYTES = 32 * 1024 * 1024
"""As received: the largest news feed seen has 12 MB before compression."""

MAX_BODY_BYTES = 64 * 1024 * 1024
"""Content encodings removed."""

HEADER_SECONDS = 20.0
"""From dialling to the end of the headers, per hop."""

TOTAL_SECONDS = 60.0
"""A whole poll with all its hops: a slow loris ends here."""

USER_AGENT = "wirelake/{version} (+{contact})"
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one poll brought.

    Attributes:
        answer: for the schedule.
        error: what failed and what to do, without secrets; None when nothing did.
        content_type: as the server said.
        final_url: where redirects ended, without secrets.
        latency_ms: from the first request to the last byte.
        hops: addresses asked, in order, with secrets; for the referee and for host gaps.
    """

    answer: Answer
    error: str | None = None
    content_type: str | None = None
    final_url: str | None = None
    latency_ms: int = 0
    hops: tuple[str, ...] = ()


@dataclass(slots=True)
class _Journey:
    url: str
    began: float
    permanent: bool = True
    permanent_url: str | None = None
    hops: list[str] = field(default_factory=list)


class _FetchError(Exception):
    def __init__(self, code: str, message: str, status: int | None = None, retry: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry = retry


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
        ssl=tls if tls is not None else True,
    )
    return aiohttp.ClientSession(
        connector=connector,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,  # a proxy would dial in our place, past the check of addresses
        headers={"User-Agent": user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING},
        timeout=aiohttp.ClientTimeout(total=None),
    )


async def fetch(session: aiohttp.ClientSession, source: Source, plan: Plan) -> Fetched:
    """Ask for a feed once.

    Args:
        session: of ``make_session``.
        source: whose headers are sent to its own host only.
        plan: address and validators.

    Returns:
        What came; never raises for anything that a server or network does.
    """
    journey = _Journey(plan.url, time.monotonic())
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            return await _travel(session, source, plan, journey)
    except _FetchError as error:
        return _failed(journey, error.code, str(error), error.status, error.retry)
    except TimeoutError:
        return _failed(journey, "timeout", f"no complete answer within {TOTAL_SECONDS:.0f} s")
    except SecretError as error:
        return _failed(journey, "secret", str(error))
    except Exception as error:  # noqa: BLE001 - sorted into codes below
        return _failed(journey, *_sort(error))


async def _travel(session: aiohttp.ClientSession, source: Source, plan: Plan, journey: _Journey) -> Fetched:
    home = _origin(plan.url)
    own = {name: resolve_secret(value) for name, value in source.headers}
    for _ in range(MAX_REDIRECTS + 1):
        url, credentials = _split_credentials(journey.url)
        headers = dict(plan.headers)
        if _origin(journey.url) == home:
            headers |= own | credentials
        journey.hops.append(journey.url)
        async with asyncio.timeout(HEADER_SECONDS):
            response = await session.get(url, headers=headers, allow_redirects=False)
        try:
            target = response.headers.get("Location")
            if response.status in {301, 302, 303, 307, 308} and target:
                _follow(journey, response.status, target)
                continue
            return await _arrive(response, plan, journey)
        finally:
            response.release()
    raise _FetchError("redirects", f"more than {MAX_REDIRECTS} redirects; look at the address")


def _follow(journey: _Journey, status: int, target: str) -> None:
    journey.permanent = journey.permanent and status in {301, 308}
    journey.url = urljoin(journey.url, target.strip())
    if urlsplit(journey.url).scheme not in {"http", "https"}:
        raise _FetchError("refused_address", f"redirected to {without_secrets(journey.url)[:200]}: only http and https")
    if journey.permanent:
        journey.permanent_url = journey.url


async def _arrive(response: aiohttp.ClientResponse, plan: Plan, journey: _Journey) -> Fetched:
    headers = response.headers
    status, retry = response.status, headers.get("Retry-After")
    if status == 304:
        if not plan.headers:
            raise _FetchError("http_3xx", "304 to an unconditional request; the server is at fault", status, retry)
        body, outcome = b"", "not_modified"
    elif 200 <= status < 300:
        body, outcome = await _read(response), "ok"
    else:
        code = f"http_{status // 100}xx"
        raise _FetchError(
            code, f"HTTP {status} {response.reason or ''}".strip() + _ADVICE.get(status, ""), status, retry
        )
    return Fetched(
        answer=Answer(
            outcome=outcome,
            status=status,
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
            retry_after=retry if status in {429, 503} else None,
            cache_control=headers.get("Cache-Control"),
            expires=headers.get("Expires"),
            date=headers.get("Date"),
            permanent_url=journey.permanent_url if journey.permanent else None,
            body=body,
            conditional=bool(plan.headers),
        ),
        content_type=headers.get("Content-Type"),
        final_url=without_secrets(journey.url),
        latency_ms=_since(journey),
        hops=tuple(journey.hops),
    )


_ADVICE = {
    401: "; the feed needs credentials: give `headers` in the feed list",
    403: "; the server refuses: check credentials, or ask the publisher",
    404: "; check the address",
    410: "; the feed has ended and will not be asked again",
    429: "; asked to wait",
}


async def _read(response: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        raw += chunk
        if len(raw) > MAX_WIRE_BYTES:
            raise _FetchError("too_large", f"more than {MAX_WIRE_BYTES} bytes", response.status)
    try:
        return decompress(bytes(raw), response.headers.get("Content-Encoding", ""), MAX_BODY_BYTES)
    except TooLargeError as error:
        raise _FetchError("too_large", f"{error} when decompressed", response.status) from error
    except BadEncodingError as error:
        raise _FetchError("encoding", str(error), response.status) from error


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _split_credentials(url: str) -> tuple[str, dict[str, str]]:
    """The URL without user and password, and the header that carries them."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url, {}
    login, _, host = parts.netloc.rpartition("@")
    token = base64.b64encode(unquote(login).encode()).decode()
    return urlunsplit(parts._replace(netloc=host)), {"Authorization": f"Basic {token}"}


def _sort(error: Exception) -> tuple[str, str]:
    """Code and message of what a network can do."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RefusedAddressError):
            return "refused_address", str(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError | ssl.SSLError):
        return "tls", f"{error}; the certificate must be valid for this host"
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return "dns", "the host name is not known; check the address"
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return "refused_address", f"not a usable address: {without_secrets(str(error))[:200]}"
    return "connect", f"{type(error).__name__}: {without_secrets(str(error))[:200]}; the server or the way to it failed"


def _since(journey: _Journey) -> int:
    return int((time.monotonic() - journey.began) * 1000)


def _failed(journey: _Journey, code: str, message: str, status: int | None = None, retry: str | None = None) -> Fetched:
    return Fetched(
        answer=Answer(outcome=code, status=status, retry_after=retry if status in {429, 503} else None),
        error=f"{without_secrets(journey.url)}: {message}",
        latency_ms=_since(journey),
        hops=tuple(journey.hops),
    )
