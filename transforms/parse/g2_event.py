"""Concept items of NewsML-G2: an event is news to plan with, any other concept is vocabulary."""

from schemas.item import NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, joined, pairs
from transforms.parse.catalog import Catalog, last_part
from transforms.parse.elements import (
    XML_LANG,
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
    unique,
)
from transforms.parse.g2_item import Envelope
from transforms.parse.g2_place import read_place
from transforms.parse.news_status import signals_of, status_of
from transforms.parse.newsml_text import read_copy
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
    meta, content = grouped(first(top, "itemmeta")), grouped(first(top, "contentmeta"))
    made, begun = text_of(first(meta, "versioncreated")), text_of(first(meta, "firstcreated"))
    clock = clock.beside(made, begun)
    moment = clock.read(made)
    status = status_of(last_part(catalog.code_of(first(meta, "pubstatus"))))
    codes = [catalog.code_of(each) for each in meta.get("signal", ())]
    if "sttinstruct:remove" in codes:
        status = "canceled"

    parts = grouped(concepts[0])
    details = grouped(first(parts, "eventdetails"))
    dates = grouped(first(details, "dates"))
    place = read_place(details.get("location", ()), top.get("assert", ()), catalog)
    subjects = unique(catalog.code_of(each) for each in (*details.get("subject", ()), *content.get("subject", ())))
    iptc = tuple(code for code in subjects if code.startswith(("subj:", "medtop:")))
    return NewsItem(
        guid=attribute(item, "guid"),
        version=attribute(item, "version"),
        version_created=moment,
        first_created=clock.read(begun),
        provider=attribute(first(meta, "provider"), "literal")
        or last_part(catalog.code_of(first(meta, "provider")))
        or envelope.sender,
        item_type="event",
        status=status,
        signals=signals_of(codes, status),
        headline=next(iter(texts_of(parts.get("name"))), None) or text_of(first(content, "headline")),
        body="\n".join(filter(None, (_describe(each, named=len(concepts) > 1) for each in concepts))) or None,
        editorial_note=join_lines(
            *(read_copy(each).body for each in meta.get("ednote", ())),
            *(read_copy(each).body for each in parts.get("note", ())),
        ),
        located_place=place.name,
        located_country=place.country,
        language=attribute(first(content, "language"), "tag") or item.get(XML_LANG),
        subject_codes=iptc,
        media_topics=media_topics_of(iptc or subjects),
        priority=envelope.priority,
        wire_header=envelope.facts,
        published=moment,
        published_raw=made,
        date_source=None if made is None else "published" if moment else "published-unreadable",
        extra=pairs(
            ("event_start", text_of(first(dates, "start"))),
            ("event_end", text_of(first(dates, "end"))),
            ("provider_codes", joined(code for code in subjects if code not in iptc)),
        ),
    )


def _describe(concept: Element, *, named: bool) -> str | None:
    """What a concept says of its event, under its name where there are several."""
    told = join_lines(*(read_copy(each).body for each in grouped(concept).get("definition", ())))
    return joined((text_of(child(concept, "name")), told), "\n") if named else told
