"""Addresses in documents, made absolute."""

import re
from urllib.parse import urljoin, urlsplit

from schemas.document import RawDocument

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WEB = ("http://", "https://")
_NO_STORY = frozenset(("javascript", "data", "vbscript", "about"))
_SPACE = re.compile(r"[\s\x00-\x1f]+")


def base_of(doc: RawDocument) -> str | None:
    """What a document's relative links are relative to: where it was finally found, when that is on the web."""
    for address in (doc.final_url, doc.source.address):
        if address and address.startswith(_WEB):
            return address
    return None


def absolute(url: str | None, base: str | None) -> str | None:
    """A printed address, absolute where that is possible; None when it is empty or no address of a story.

    >>> absolute(" /a?b=1#c ", "https://example.org/feed"), absolute("javascript:alert(1)", None)
    ('https://example.org/a?b=1#c', None)
    """
    if not url:
        return None
    if url.startswith(_WEB) and " " not in url and "\n" not in url:
        return url.strip()
    url = url.strip()
    if not url:
        return None
    if "\n" in url or "\t" in url or "\r" in url:
        url = _SPACE.sub("", url)
    scheme = _SCHEME.match(url)
    if scheme:
        return None if scheme[0][:-1].lower() in _NO_STORY else url
    if base:
        try:
            return urljoin(base, url)
        except ValueError:
            return url
    return f"https:{url}" if url.startswith("//") else url


def is_web(url: str | None) -> bool:
    """Whether an address can be asked over HTTP.

    >>> is_web("https://example.org/1"), is_web("tag:example.org,2026:1"), is_web("http://[")
    (True, False, False)
    """
    if not url or not url.lower().startswith(_WEB):
        return False
    try:
        return bool(urlsplit(url).netloc)
    except ValueError:
        return False
