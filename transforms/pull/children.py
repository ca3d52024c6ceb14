"""Sitemap indexes: which of the sitemaps that an index names are polled, as feeds that belong to it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from yarl import URL

from schemas.document import LinkedDocument, Source
from transforms.pull.addresses import host_of, is_home, without_secrets
from transforms.pull.memory import FeedMemory

MAX_CHILDREN = 16
"""Sitemaps polled of one index: a news sitemap holds up to 1,000 stories of two days, so a publisher has one, or one a
section or language; indexes that name thousands list archives."""

RECENT = timedelta(days=3)
"""A sitemap unchanged for longer has no news: stories leave a news sitemap after two days (Google's rule)."""

_MARK = b"sitemapindex"
_HEAD_BYTES = 4096
_NEWS = "news"

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def looks_like_index(body: bytes) -> bool:
    """Whether a response is worth being read as a sitemap index."""
    return _MARK in body[:_HEAD_BYTES].lower()


def choose_children(
    index: Source, arrived_at: str | None, documents: Sequence[LinkedDocument], now: datetime
) -> tuple[str, ...]:
    """The sitemaps of an index that are polled with it.

    Of the index's own host only, as the protocol has it (sitemaps.org); none that has not changed for RECENT. Where
    file names say which ones hold news, those; the latest changed first, those without a word on it in the index's
    order after them; MAX_CHILDREN at most. Addresses that show a secret are left out: what is chosen is kept in clear.

    Args:
        index: as polled.
        arrived_at: where redirects ended, or None.
        documents: what the index names.
        now: aware UTC.
    """
    hosts = {host_of(index.address), host_of(arrived_at or "")} - {""}
    own = [
        one
        for one in documents
        if host_of(one.address) in hosts
        and one.address != index.address
        and without_secrets(one.address) == one.address
        and (one.modified is None or now - one.modified <= RECENT)
    ]
    news = [one for one in own if _NEWS in urlsplit(one.address).path.rsplit("/", 1)[-1].lower()]
    latest = sorted(news or own, key=lambda one: one.modified or _LONG_AGO, reverse=True)
    return tuple(one.address for one in latest[:MAX_CHILDREN])


def child_source(index: Source, address: str) -> Source:
    """A child as a feed: what a list says of the index holds for it; credentials go to the index's own server only."""
    home, url = URL(index.address), URL(address)
    if not is_home(home, url):
        return replace(index, address=address, headers=(), index=index.address)
    if home.raw_user is not None or home.raw_password is not None:
        address = str(url.with_user(home.user).with_password(home.password))
    return replace(index, address=address, index=index.address)


def with_children(sources: Iterable[Source], memory: FeedMemory) -> tuple[Source, ...]:
    """Feeds, and after each index those of its children that were polled before: they have a rhythm of their own.

    Children that were never polled follow from their index's next poll.
    """
    found: dict[str, Source] = {}
    for source in sources:
        found.setdefault(source.address, source)
        record = memory.get(source.address)
        for address in () if record.gone else record.children:
            child = child_source(source, address)
            if memory.get(child.address).polled_at is not None:
                found.setdefault(child.address, child)
    return tuple(found.values())
