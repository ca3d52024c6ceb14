"""What an item is called before anything is read from its copy: who delivers it, which family and version it is."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

import tldextract

from schemas.document import Source
from schemas.identity import content_hash, family_id, row_id, story_id
from schemas.item import NewsItem
from transforms.enrich.language import normalise_language

UNKNOWN_PROVIDER = "unknown"

_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?:[/?]|\Z)")
"""An address whose host can be taken as it stands: nearly all."""


class Identity(NamedTuple):
    """Names of an item, known before anything is read from its copy.

    Attributes:
        provider: who delivers it.
        story_id: its family.
        content_hash: its text.
        row_id: this version.
    """

    provider: str
    story_id: str
    content_hash: str
    row_id: str


@lru_cache(maxsize=1)
def _suffixes() -> tldextract.TLDExtract:
    # the snapshot of the Public Suffix List that ships with tldextract: no network, no cache on disk
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65536)
def _domain_of_host(host: str) -> str | None:
    found = _suffixes()(host)
    return found.top_domain_under_public_suffix.lower() or host.lower() or None


def registrable_domain(address: str | None) -> str | None:
    """The domain that somebody registered, as the Public Suffix List has it: ``bbc.co.uk`` of ``feeds.bbc.co.uk``.

    Args:
        address: a URL; a path or a ``gs://`` address has no domain.

    Returns:
        The domain in lower case, the bare host where there is none (``localhost``, an IP address), or None.
    """
    if not address:
        return None
    plain = _PLAIN_HOST.match(address)
    if plain is not None:
        return _domain_of_host(plain[1])
    if not address.lower().startswith(("http://", "https://", "feed:", "//")):
        return None
    try:
        host = urlsplit(address.removeprefix("feed:")).hostname
    except ValueError:
        return None
    return _domain_of_host(host) if host else None


def provider_of(item: NewsItem, source: Source, feed_url: str) -> str:
    """Who delivers an item: the feed list's word, else the document's, else the registrable domain, else unknown."""
    return (
        source.provider
        or item.provider
        or registrable_domain(feed_url)
        or registrable_domain(item.url)
        or UNKNOWN_PROVIDER
    )


def stated_language(item: NewsItem, source: Source, document_language: str | None) -> str | None:
    """The language that item, source or document state, in this order, as BCP 47."""
    return (
        normalise_language(item.language)
        or normalise_language(source.language)
        or normalise_language(document_language)
    )


def identify(item: NewsItem, source: Source, feed_url: str, document_language: str | None) -> Identity:
    """Name an item without reading it: the cheap first question, asked before enriching.

    Args:
        item: as parsed.
        source: what the feed list says.
        feed_url: the document's address without secrets.
        document_language: of the whole document.

    Returns:
        The very values that ``read_item`` puts into its story. A detected language is not part of them.
    """
    provider = provider_of(item, source, feed_url)
    story = story_id(provider, family_id(item, feed_url))
    content = content_hash(item, stated_language(item, source, document_language))
    return Identity(provider, story, content, row_id(story, content, item))
