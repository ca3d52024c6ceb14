"""One request to one feed: redirects followed by hand, every limit kept, every failure a code."""

import asyncio
import base64
import re
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urljoin

import aiohttp
from yarl import URL

from schemas.document import Source
from transforms.pull.addresses import HIDDEN, is_home, url_host, without_secrets
from transforms.pull.client import LARGE_BYTES, MAX_HEADER_BYTES, Client
from transforms.pull.decompress import GZIP, BadEncodingError, TooLargeError, decompress
from transforms.pull.dial import RefusedAddressError
from transforms.pull.exchange import ASKED_TO_WAIT, Answer, Plan
from transforms.pull.freshness import retry_after
from transforms.pull.pace import HostSilencedError
from transforms.pull.secrets import SecretError, resolve_secret

MAX_REDIRECTS = 5
"""Real feeds move twice at most (http to https, then to www); more is a loop."""


MAX_MESSAGE = 500
"""Characters of an error; what a server says may be long. Cut after secrets were taken out, never before."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one poll brought.

    Attributes:
        answer: for the schedule.
        error: what failed and what to do, without secrets; None when nothing did.
        content_type: as the server said.
        final_url: where redirects ended, without secrets.
        latency_ms: time spent on requests, pauses between them aside.
    """

    answer: Answer
    error: str | None = None
    content_type: str | None = None
    final_url: str | None = None
    latency_ms: int = 0


@dataclass(slots=True)
class _Journey:
    """One poll on its way."""

    url: str
    secrets: list[str]
    permanent: bool = True
    permanent_url: str | None = None
    at_home: bool = True
    spent: float = 0.0

    def shown(self, text: str) -> str:
        """A text as it may be logged and stored."""
        text = _URLS.sub(lambda found: without_secrets(found.group()), text)
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return _clean(text)


_URLS = re.compile(r"https?://[^\s'\"<>)\]]+", re.IGNORECASE)


class _FetchError(Exception):
    def __init__(self, code: str, message: str, response: aiohttp.ClientResponse | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = response.status if response is not None else None
        self.retry = response.headers.get("Retry-After") if response is not None else None
        self.date = response.headers.get("Date") if response is not None else None


async def fetch(client: Client, source: Source, plan: Plan) -> Fetched:
    """Ask for a feed once.

    Args:
        client: of this run.
        source: whose headers and credentials are sent to its own host only, and no more once a redirect has left it.
        plan: address and validators.

    Returns:
        What came; never raises for anything that a server or network does.
    """
    journey = _Journey(plan.url, [])
    try:
        home = _parse(source.address)
        remote = any("secret:" in value for _, value in source.headers)  # asked over the network
        credentials = (
            await asyncio.to_thread(_credentials, source, home, journey)
            if remote
            else _credentials(source, home, journey)
        )
        return await _travel(client, home, plan, journey, credentials)
    except HostSilencedError as error:
        answer = Answer(ASKED_TO_WAIT, retry_after=str(int(error.seconds) + 1))
        return Fetched(answer, error=journey.shown(f"{journey.url}: {error}"))
    except _FetchError as error:
        return _failed(journey, error.code, str(error), error)
    except TimeoutError:
        return _failed(journey, "timeout", f"no complete answer within {client.limits.total_seconds:.0f} s")
    except SecretError as error:
        return _failed(journey, "secret", str(error))
    except Exception as error:  # noqa: BLE001 - sorted into codes below
        return _failed(journey, *_sort(error))


async def _travel(client: Client, home: URL, plan: Plan, journey: _Journey, credentials: dict[str, str]) -> Fetched:
    for _ in range(MAX_REDIRECTS + 1):
        url = _parse(journey.url)
        if url.scheme not in {"http", "https"} or not url.host:
            raise _FetchError("refused_address", f"{journey.url}: only http and https are asked")
        journey.at_home = journey.at_home and is_home(home, url)
        headers = dict(plan.headers)
        if journey.at_home:
            headers |= credentials
        host = url_host(url)
        if host not in client.kept:
            headers["Connection"] = "close"
        async with client.paces.turn(host):
            began = client.monotonic()
            try:
                async with asyncio.timeout(client.limits.total_seconds - journey.spent):
                    fetched = await _ask(client, url.with_user(None), headers, plan, journey)
            finally:
                journey.spent += client.monotonic() - began
        if fetched is not None:
            return fetched
    raise _FetchError("redirects", f"more than {MAX_REDIRECTS} redirects; look at the address")


async def _ask(client: Client, url: URL, headers: dict[str, str], plan: Plan, journey: _Journey) -> Fetched | None:
    """One hop: what came, or None when the journey goes on elsewhere."""
    began = client.monotonic()
    try:
        async with asyncio.timeout(client.limits.header_seconds):
            response = await client.session.get(url, headers=headers, allow_redirects=False)
    except TimeoutError:
        message = f"no answer within {client.limits.header_seconds:.0f} s"
        raise _FetchError("timeout", message) from None
    try:
        target = response.headers.get("Location")
        if response.status in {301, 302, 303, 307, 308} and target:
            _follow(journey, response.status, target)
            return None
        if response.status == 429:
            _silence(client, url, response)
        return await _arrive(client, response, plan, journey, began)
    finally:
        response.close()


def _silence(client: Client, url: URL, response: aiohttp.ClientResponse) -> None:
    """What 429 asks of one caller, it asks of all of our polls at that host."""
    wait = retry_after(response.headers.get("Retry-After"), client.clock(), response.headers.get("Date"))
    if wait:
        client.paces.silence(url_host(url), wait.total_seconds())


def _follow(journey: _Journey, status: int, target: str) -> None:
    journey.permanent = journey.permanent and status in {301, 308}
    journey.url = urljoin(journey.url, _clean(target.strip()))
    if journey.permanent:
        # An address that holds a secret is not learned: what is learned is stored in clear.
        journey.permanent_url = journey.url if journey.shown(journey.url) == journey.url else None


async def _arrive(
    client: Client, response: aiohttp.ClientResponse, plan: Plan, journey: _Journey, began: float
) -> Fetched:
    headers, status = response.headers, response.status
    if status == 304:
        if not plan.headers:
            raise _FetchError("http_3xx", "304 to a request without validators; the server is at fault", response)
        body, outcome = b"", "not_modified"
    elif 200 <= status < 300:
        body, outcome = await _read(client, response), "ok"
    else:
        reason = f"HTTP {status} {response.reason or ''}".strip()
        raise _FetchError(f"http_{status // 100}xx", reason + _ADVICE.get(status, ""), response)
    spent = journey.spent + client.monotonic() - began
    return Fetched(
        answer=Answer(
            outcome=outcome,
            status=status,
            etag=_sendable(headers.get("ETag")),
            last_modified=_sendable(headers.get("Last-Modified")),
            cache_control=headers.get("Cache-Control"),
            expires=headers.get("Expires"),
            age=headers.get("Age"),
            date=headers.get("Date"),
            permanent_url=journey.permanent_url if journey.permanent else None,
            body=body,
            conditional=bool(plan.headers),
        ),
        content_type=_clean(headers.get("Content-Type", "")) or None,
        final_url=journey.shown(journey.url),
        latency_ms=int(spent * 1000),
    )


_ADVICE = {
    401: "; the feed needs credentials: give `headers` in the feed list",
    403: "; the server refuses: check credentials, or ask the publisher",
    404: "; check the address",
    410: "; the feed has ended and will not be asked again",
    429: "; asked to wait",
}


async def _read(client: Client, response: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    large = False
    try:
        async for chunk in response.content.iter_chunked(64 * 1024):
            raw += chunk
            if len(raw) > client.limits.wire_bytes:
                raise _FetchError("too_large", f"more than {client.limits.wire_bytes} bytes", response)
            if not large and len(raw) > LARGE_BYTES:
                await client.large.acquire()
                large = True
        encoding = response.headers.get("Content-Encoding", "")
        body = decompress(bytes(raw), encoding, client.limits.body_bytes)
        # sitemaps are published as .gz files, which no header speaks of
        return decompress(body, "gzip", client.limits.body_bytes) if body.startswith(GZIP) else body
    except TooLargeError as error:
        raise _FetchError("too_large", f"{error} when decompressed", response) from error
    except BadEncodingError as error:
        raise _FetchError("encoding", str(error), response) from error
    finally:
        if large:
            client.large.release()


def _parse(url: str) -> URL:
    """A URL byte for byte where it may stand so in a request, quoted where it may not."""
    return URL(url, encoded=bool(_PLAIN_URL.fullmatch(url)))


_PLAIN_URL = re.compile(r"[!#-;=?-\[\]_a-z~]+")


def _credentials(source: Source, home: URL, journey: _Journey) -> dict[str, str]:
    """Headers of a source, secrets followed; the journey learns what must not be shown.

    Raises:
        SecretError: a secret is not where it should be.
    """
    headers = {}
    for name, value in source.headers:
        headers[name] = resolve_secret(value)
        journey.secrets += [headers[name], *headers[name].split()[1:]]
    if home.raw_user is not None or home.raw_password is not None:
        login = f"{unquote(home.raw_user or '')}:{unquote(home.raw_password or '')}"
        token = base64.b64encode(login.encode()).decode()
        headers = {"Authorization": f"Basic {token}"} | headers
        journey.secrets += [token, home.raw_password or "", unquote(home.raw_password or "")]
    if home.raw_query_string:
        shown = dict(parse_qsl(_parse(without_secrets(source.address)).raw_query_string))
        pairs = parse_qsl(home.raw_query_string)
        journey.secrets += [value for name, value in pairs if shown.get(name) == HIDDEN]
    journey.secrets = sorted({one for one in journey.secrets if len(one) >= LEAST_SECRET}, key=len, reverse=True)
    return headers


LEAST_SECRET = 4
"""Characters of a secret that is looked for in messages; shorter ones would blot out half of every sentence."""


def _sendable(value: str | None) -> str | None:
    """A validator as it came, or None when its bytes cannot be sent back."""
    return value if value and value == _clean(value) and len(value) <= MAX_HEADER_BYTES else None


def _clean(text: str) -> str:
    """A header's text without the stand-ins for bytes that are no UTF-8, which no database takes."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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
    if isinstance(error, aiohttp.ClientResponseError):
        code = "too_large" if "Got more than" in error.message or "Too many" in error.message else "connect"
        return code, f"no valid HTTP answer: {error.message}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "connect", "the answer ended early"
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return "refused_address", f"not a usable address: {error}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "connect", f"{error.os_error.strerror or 'no connection'}; the server or the way to it failed"
    return "connect", f"{type(error).__name__}: {error}; the server or the way to it failed"


def _failed(journey: _Journey, code: str, message: str, error: _FetchError | None = None) -> Fetched:
    answer = Answer(outcome=code)
    if error is not None:
        answer = Answer(outcome=code, status=error.status, retry_after=error.retry, date=error.date)
    return Fetched(
        answer, error=journey.shown(f"{journey.url}: {message}")[:MAX_MESSAGE], latency_ms=int(journey.spent * 1000)
    )
