"""Story: a NewsItem read and enriched; one row of ``stories``, field by field."""

import datetime as dt
from dataclasses import dataclass

from schemas.fast_init import fast_init
from schemas.item import Media
from schemas.reading import Credit

KILL_SIGNALS = frozenset(("kill", "deleted-entry", "withdrawn", "withdrawal"))
"""Signals that end a story: kills, withdrawals, and deleted entries of Atom."""


@fast_init
@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One version of a story with everything wirelake read from it.

    The fields are the columns of ``stories`` (schemas.tables documents each); ``date`` and ``topic`` are the
    partition. ``committed_at``, ``cluster_id``, ``run_id`` and the other lineage columns are written later and
    are not here. ``embargo_raw`` is kept in ``extra`` as ``embargo_raw`` when it could not be read.
    """

    # identity
    story_id: str
    row_id: str
    content_hash: str
    guid: str | None = None
    version: str | None = None
    version_created: dt.datetime | None = None
    first_created: dt.datetime | None = None
    provider: str = "unknown"
    source: str | None = None
    feed_url: str | None = None
    url: str | None = None
    item_type: str = "text"
    status: str = "usable"
    signals: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    kill_target: str | None = None
    embargo_until: dt.datetime | None = None
    # text
    headline: str | None = None
    headline_raw: str | None = None
    standfirst: str | None = None
    body: str | None = None
    language: str | None = None
    word_count: int = 0
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
    # byline
    byline_raw: str | None = None
    authors: tuple[str, ...] = ()
    byline_agencies: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    # dateline
    dateline_raw: str | None = None
    dateline_places: tuple[str, ...] = ()
    dateline_place: str | None = None
    dateline_region: str | None = None
    dateline_country: str | None = None
    dateline_lat: float | None = None
    dateline_lon: float | None = None
    dateline_date: dt.date | None = None
    dateline_agencies: tuple[str, ...] = ()
    located_place: str | None = None
    located_country: str | None = None
    # topic
    topic: str = "unclassified"
    topic_confidence: float = 0.0
    topic_source: str | None = None
    subject_codes: tuple[str, ...] = ()
    media_topics: tuple[str, ...] = ()
    # time
    date: dt.date
    published: dt.datetime | None = None
    published_raw: str | None = None
    date_source: str = "fetched"
    first_published: dt.datetime | None = None
    updated: dt.datetime | None = None
    fetched_at: dt.datetime
    # lineage
    extra: tuple[tuple[str, str], ...] = ()
    # where it stood
    input: str = ""
    position: int = 0
