"""Concept items of NewsML-G2: an event is news to plan with, any other concept is vocabulary."""

from dataclasses import replace

from schemas.item import NewsItem
from transforms.parse.agency_document import Clock, joined, pairs
from transforms.parse.catalog import Catalog
from transforms.parse.elements import (
    Element,
    attribute,
    child,
    descendants,
    first,
    grouped,
    join_lines,
    name_of,
    text_of,
    texts_of,
)
from transforms.parse.g2_item import Envelope, read_news_item
from transforms.parse.g2_place import read_place
from transforms.parse.g2_subjects import Codes
from transforms.parse.newsml_text import read_lines
from transforms.parse.xml import ParseError


def read_concept(item: Element, envelope: Envelope, clock: Clock) -> NewsItem:
    """Read a ``conceptItem`` or ``knowledgeItem`` that describes events.

    A knowledge item with several events is one row: the first names it, all are in the body.

    Raises:
        ParseError: ``not_news`` when it describes no event.
    """
    top = grouped(item)
    concepts = [each for each in descendants(item, "concept") if child(each, "eventdetails") is not None]
    if not concepts:
        message = f"is a {name_of(item)} without an event: vocabulary for other tools, no news"
        raise ParseError("not_news", message)
    catalog = Catalog.of((*envelope.catalogs, *top.get("catalog", ())))
    content = grouped(first(top, "contentmeta"))
    parts = grouped(concepts[0])
    details = grouped(first(parts, "eventdetails"))
    dates = grouped(first(details, "dates"))
    codes = Codes.of((*details.get("subject", ()), *content.get("subject", ())), catalog)
    place = read_place(details.get("location", ()), top.get("assert", ()), catalog)
    told = read_news_item(item, envelope, clock, next(iter(texts_of(parts.get("name"))), None))
    return replace(
        told,
        item_type="event",
        body="\n".join(filter(None, (_describe(each, named=len(concepts) > 1) for each in concepts))) or None,
        editorial_note=join_lines(told.editorial_note, *map(read_lines, parts.get("note", ()))),
        located_place=place.name or told.located_place,
        located_country=place.country or told.located_country,
        subject_codes=codes.subjects,
        media_topics=codes.topics,
        extra=(
            *pairs(
                ("event_start", text_of(first(dates, "start"))),
                ("event_end", text_of(first(dates, "end"))),
                ("organisers", joined(map(_named, details.get("organiser", ())), "; ")),
                ("participants", joined(map(_named, details.get("participant", ())), "; ")),
                ("registration", joined(map(read_lines, details.get("registration", ())), "\n")),
                ("provider_codes", joined(codes.others)),
            ),
            *(pair for pair in told.extra if pair[0] != "provider_codes"),
        ),
    )


def _named(element: Element) -> str | None:
    return text_of(child(element, "name")) or attribute(element, "literal")


def _describe(concept: Element, *, named: bool) -> str | None:
    """What a concept says of its event, under its name where there are several."""
    told = join_lines(*map(read_lines, grouped(concept).get("definition", ())))
    return joined((text_of(child(concept, "name")), told), "\n") if named else told
