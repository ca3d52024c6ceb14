"""What reading the copy finds: bylines, datelines, places, topics, markers."""

import datetime as dt
from dataclasses import dataclass

from schemas.fast_init import fast_init


@dataclass(frozen=True, slots=True)
class Credit:
    """One line of credit: who did what, from where.

    Attributes:
        name: person as printed, title and markup removed.
        role: author, reporting, additional-reporting, writing, editing, photographer, translation, …
        location: as printed, or None.
    """

    name: str
    role: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote it.

    Attributes:
        raw: as printed, or None when nothing is printed.
        authors: people who wrote or reported, in printed order, without titles.
        agencies: organisations credited in place of or beside people.
        credits: everyone named, with role and location.
    """

    raw: str | None = None
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()


@fast_init
@fast_init
@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when the copy was filed, as printed at its head.

    Attributes:
        raw: the printed dateline, trimmed.
        start: index in the text of its first character.
        end: index in the text where the copy after it begins (separator and space passed).
        places: as printed, region included (``LA CROSSE, Wis.``).
        place: the first, without its region (``LA CROSSE``).
        region: as printed (``Wis.``, ``Argentina``), or None.
        country: ISO 3166 alpha-2, or None when the place is unknown.
        latitude: degrees, WGS 84.
        longitude: degrees, WGS 84.
        date: None when none is printed or its order of day and month cannot be known.
        agencies: as printed, in order.
    """

    raw: str
    start: int
    end: int
    places: tuple[str, ...] = ()
    place: str | None = None
    region: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    date: dt.date | None = None
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """The one top-level topic of a story.

    Attributes:
        topic: slug of schemas.topics, ``unclassified`` when unsure.
        confidence: probability that the choice is right, 0 to 1; 1.0 for a code.
        source: code, category or model; None when unclassified for want of text.
    """

    topic: str
    confidence: float
    source: str | None
