"""What is pulled: a source as the user names it, and the bytes that came from it at one moment."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.item import NewsItem


@dataclass(frozen=True, slots=True)
class Source:
    """One input of a run and what its list says of it.

    Attributes:
        address: a URL, a path or a ``gs://`` path, as given (secrets included; never stored or logged).
        provider: who delivers it; None: the registrable domain, or what the document says.
        language: BCP 47 tag that holds where the document says none.
        tags: free labels of the feed list, kept in ``extra``.
        topic: an IPTC top-level slug that holds where the document has no code.
        headers: extra request headers as (name, value); a value may name a secret by reference.
        time_zone: IANA zone of dates that name none; None: UTC, said in ``date_source``.
        robots: ask robots.txt before polling it.
        index: address of the sitemap index that names it, where no list does.
    """

    address: str
    provider: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    topic: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    time_zone: str | None = None
    robots: bool = False
    index: str | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The bytes of one input at one moment.

    Attributes:
        source: where they came from.
        input: the address without secrets, as it appears in rows.
        data: the bytes, content encodings removed.
        fetched_at: aware UTC; frozen once, it orders decisions.
        content_type: as the server said, or None.
        final_url: where redirects ended (base of relative links), or None.
    """

    source: Source
    input: str
    data: bytes
    fetched_at: datetime
    content_type: str | None = None
    final_url: str | None = None


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A document that another one names.

    Attributes:
        address: absolute, http or https.
        modified: when it last changed, aware UTC, as the naming document says; None where it says nothing readable.
    """

    address: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a document says of its own polling.

    Attributes:
        ttl_minutes: RSS ``ttl``.
        skip_hours: RSS ``skipHours``, GMT hours 0 to 23, all of them.
        skip_days: RSS ``skipDays``, 0 (Monday) to 6.
        update_seconds: ``sy:updatePeriod`` divided by ``sy:updateFrequency``, in seconds.
        next_page: address of older items (RFC 5005, JSON Feed ``next_url``).
        hubs: WebSub hubs.
        documents: further documents (a sitemap index's children), in document order, each address once.
    """

    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    update_seconds: int | None = None
    next_page: str | None = None
    hubs: tuple[str, ...] = ()
    documents: tuple[LinkedDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not become a row, with what is needed to try again.

    Attributes:
        stage: the room: pull, parse, enrich, write.
        code: short, stable, snake_case; for counting (``not_a_feed``, ``truncated``, ``too_large``, …).
        error: one sentence that names the input and says what to do.
        input: the document's address without secrets.
        position: the item's place in the document; None: the whole document.
        raw: the bytes to keep, when they are not the whole document's.
    """

    stage: str
    code: str
    error: str
    input: str
    position: int | None = None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """All that one document says. Every entry is an item or a failure; a feed without entries has neither.

    Attributes:
        format: short name of the wire format (rss, atom, rdf, jsonfeed, sitemap, newsml_g2, …; unknown).
        items: in document order, ``position`` counted from 0.
        failures: of the document or of single entries.
        hints: for the next poll.
        language: of the whole document, BCP 47, or None.
        title: of the feed, or None.
    """

    format: str
    items: tuple[NewsItem, ...] = ()
    failures: tuple[Failure, ...] = ()
    hints: FeedHints = field(default_factory=FeedHints)
    language: str | None = None
    title: str | None = None
