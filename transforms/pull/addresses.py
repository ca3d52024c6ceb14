"""Addresses of inputs: what kind they are, and how they look without their secrets."""

import re
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from yarl import URL

_SECRET_NAME = re.compile(
    r"(?i)^(.*[-_.])?(api[-_]?key|apikey|key|token|access[-_]?token|auth|authorization|pass(word|wd)?|pwd|secret|sig(nature)?"
    r"|session(id)?|sid|user(name)?|credential|x-amz-.*|x-goog-.*)$"
)
"""Names of query parameters whose values open doors; a feed's page or format parameter is not among them."""

HIDDEN = "***"
"""What stands in place of a secret."""

SUBSCRIPTION_SCHEME = "pubsub://"

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")


def is_url(address: str) -> bool:
    """True for http and https addresses.

    >>> is_url("HTTPS://example.org/feed"), is_url("feeds/a.xml"), is_url("gs://b/c")
    (True, False, False)
    """
    return address[:8].lower().startswith(("http://", "https://"))


def is_remote_file(address: str) -> bool:
    """True for addresses of an object store (``gs://…``) or another file system of Beam's."""
    local = address.lower().startswith("file://")
    return bool(_SCHEME.match(address)) and not is_url(address) and not is_subscription(address) and not local


def is_subscription(address: str) -> bool:
    """True for addresses of a Pub/Sub subscription.

    >>> is_subscription("pubsub://my-project/wire"), is_subscription("gs://b/c")
    (True, False)
    """
    return address[: len(SUBSCRIPTION_SCHEME)].lower() == SUBSCRIPTION_SCHEME


def without_secrets(address: str) -> str:
    """The address as it may be logged and stored: user, password and secret-looking parameters are replaced.

    Idempotent; keeps everything else byte for byte.

    >>> without_secrets("https://me:pw@example.org/rss?apikey=1&format=xml#x")
    'https://***@example.org/rss?apikey=***&format=xml#x'
    >>> without_secrets("feeds/a.xml")
    'feeds/a.xml'
    """
    if not is_url(address) or not ("@" in address or "?" in address):
        return address  # nothing in it can be a secret; so are most, and this is asked at every poll
    try:
        parts = urlsplit(address)
    except ValueError:
        return address.split("?", 1)[0].rsplit("@", 1)[-1]
    host = parts.netloc.rsplit("@", 1)
    netloc = f"{HIDDEN}@{host[1]}" if len(host) == 2 else parts.netloc
    query = parts.query
    if query:
        query = "&".join(_hide(pair) for pair in query.split("&"))
    return urlunsplit((parts.scheme, netloc, parts.path, query, parts.fragment))


def _hide(pair: str) -> str:
    name, equals, _value = pair.partition("=")
    decoded = parse_qsl(f"{name}=x", keep_blank_values=True)
    plain = decoded[0][0] if decoded else name
    return f"{name}={HIDDEN}" if equals and _SECRET_NAME.match(plain) else pair


def host_of(address: str) -> str:
    """The host of a URL in lower case without its port; empty for files.

    >>> host_of("https://Example.org:8080/x")
    'example.org'
    """
    try:
        return (urlsplit(address).hostname or "") if is_url(address) else ""
    except ValueError:
        return ""


def url_host(url: URL) -> str:
    """The host of a parsed URL in lower case, without its port and a last dot."""
    return (url.raw_host or "").rstrip(".").lower()


def is_home(home: URL, url: URL) -> bool:
    """Whether credentials for one address may be sent to another: the same server, or its twin behind TLS."""
    if url_host(home) != url_host(url):
        return False
    same = (home.scheme, home.port) == (url.scheme, url.port)
    return same or (home.scheme == "http" and url.scheme == "https" and (home.port, url.port) == (80, 443))


def child_url(base: str, path: str) -> str:
    """A path in a feed list, made absolute: URLs stay, paths are read beside the list.

    Args:
        base: address of the list (path, ``gs://`` or URL).
        path: entry of the list.
    """
    if _SCHEME.match(path) or path.startswith("/"):
        return path
    folder = base.rsplit("/", 1)[0] if "/" in base else ""
    return f"{folder}/{quote(path) if is_url(base) else path}" if folder else path
