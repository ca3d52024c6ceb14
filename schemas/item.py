"""NewsItem: one entry as its document states it, before wirelake reads the copy."""

from dataclasses import dataclass
from datetime import datetime

from schemas.fast_init import fast_init


@fast_init
@dataclass(frozen=True, slots=True)
class Media:
    """A picture, video or other attachment of a story.

    Attributes:
        url: address, absolute where the document allows it; None for inline or unaddressed media.
        type: MIME type or the format's own word (``image``, ``image/jpeg``), or None.
        caption: plain text; captions never stand in the body.
        credit: who made it.
        title: headline of the media item.
        width: pixels.
        height: pixels.
    """

    url: str | None = None
    type: str | None = None
    caption: str | None = None
    credit: str | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None


HEADLINE_OF_BODY = ("headline_source", "body")
"""In ``extra`` of an alert that was sent without a headline: its one sentence stands in ``headline`` and ``body``."""

STANDFIRST_OF_BODY = ("standfirst_source", "body")
"""In ``extra`` of an item whose document states as summary what opens its copy: it stands in both columns."""

REPEATED_STANDFIRST = "repeated-standfirst"
"""The signal of a standfirst that the copy prints again."""


@fast_init
@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """One entry of a document. Text is plain (no markup, paragraphs parted by ``\\n``), ``None`` means not given.

    Datetimes are aware UTC. Nothing here is guessed from the copy: a byline or dateline stands in
    ``byline_raw`` or ``dateline_raw`` only when an element of the format says so.

    Attributes:
        position: place in the document, from 0.
        guid: family id as given (itemID, guid, uri, ``id``); the same for all versions.
        version: as given.
        version_created: when this version was made.
        first_created: when the story's first version was made.
        provider: who delivers, when the document says it.
        source: whom the document credits as its source.
        url: link of the story, absolute.
        item_type: text, picture, video, audio, graphics, composite or event.
        status: usable, withheld or canceled.
        signals: lower-case marks of life (update, correction, kill, deleted-entry, format's own qcodes).
        supersedes: ids this document states it replaces.
        kill_target: id of another item this one cancels or withdraws, or its service number or slug as printed.
        embargo_until: not before this moment.
        embargo_raw: an embargo that could not be read as a moment (it holds the item).
        headline: as printed, markers included.
        standfirst: summary, abstract or description.
        body: the whole copy; of a package or a plan what it says of its parts.
        byline_raw: byline element(s) as printed; several elements joined by ``; ``.
        byline_names: the separate names when the format lists them (dc:creator ×n, JSON Feed authors).
        dateline_raw: dateline element as printed.
        dateline_date_raw: date that a dateline element carries as metadata.
        located_place: where metadata say the content was made (``located``, ``Location``); often not the dateline.
        located_country: ISO 3166 alpha-2, or the name as given when it is no code.
        language: BCP 47.
        slug: slugline.
        take_key: take or lead marker (``1ST LEAD``, ``8th Ld-Writethru``).
        keywords: keywords and categories as words.
        genres: as words.
        editorial_note: notes to editors; never part of the body.
        usage_terms: rights and restrictions.
        credit: credit line.
        urgency: 1 (most urgent) to 9.
        priority: of the transmission.
        media: attachments.
        wire_header: header facts without a column, as (name, value).
        subject_codes: as given, qcodes kept (``subj:15000000``, ``medtop:20000822``), feed category codes too.
        media_topics: ``medtop:…`` the codes stand for, retired ones replaced by a live parent.
        published: when the document says this was published.
        published_raw: that date as printed.
        date_source: what ``published`` rests on: published, published-zone-repaired (a zone name that most
            readers take for UTC), published-naive (no zone; the source's zone or UTC), published-unreadable
            (printed but not readable: published is None), or None when no date is printed.
        updated: when the document says it was last changed.
        extra: anything else worth keeping, as (name, value).
    """

    position: int = 0
    guid: str | None = None
    version: str | None = None
    version_created: datetime | None = None
    first_created: datetime | None = None
    provider: str | None = None
    source: str | None = None
    url: str | None = None
    item_type: str = "text"
    status: str = "usable"
    signals: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    kill_target: str | None = None
    embargo_until: datetime | None = None
    embargo_raw: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    body: str | None = None
    byline_raw: str | None = None
    byline_names: tuple[str, ...] = ()
    dateline_raw: str | None = None
    dateline_date_raw: str | None = None
    located_place: str | None = None
    located_country: str | None = None
    language: str | None = None
    slug: str | None = None
    take_key: str | None = None
    keywords: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    editorial_note: str | None = None
    usage_terms: str | None = None
    credit: str | None = None
    urgency: int | None = None
    priority: int | None = None
    media: tuple[Media, ...] = ()
    wire_header: tuple[tuple[str, str], ...] = ()
    subject_codes: tuple[str, ...] = ()
    media_topics: tuple[str, ...] = ()
    published: datetime | None = None
    published_raw: str | None = None
    date_source: str | None = None
    updated: datetime | None = None
    extra: tuple[tuple[str, str], ...] = ()
