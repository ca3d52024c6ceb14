"""Ritzau's own XML: an ``RBNews`` element for each story, alone or in a queue's answer.

Source: the element names of Ritzau's news service; HTML bodies, Danish local times without a zone.
"""

from collections.abc import Iterator
from typing import Any

from schemas.document import ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, Entry, joined, pairs, read_document
from transforms.parse.body_media import whole_number
from transforms.parse.elements import (
    Element,
    first,
    grouped,
    join_lines,
    name_of,
    outermost,
    text_of,
    texts_of,
    unique,
)
from transforms.parse.news_status import signals_of
from transforms.parse.newsml_text import read_copy
from transforms.parse.probe import Probe
from transforms.parse.xml import ParseError

NAME = "ritzau"


def sniff(probe: Probe) -> bool:
    """An ``RBNews`` root, or one of the wrappers around it."""
    return probe.root in {"rbnews", "arrayofrbnews", "listofrbnews"} or (
        probe.root in {"xmlnewsqueuedresponse", "xmlnewsresponse"}
        or (probe.root is not None and "<RBNews" in probe.text)
    )


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 -- one signature for every format
    """Read a document. Never raises."""
    return read_document(doc, NAME, _entries, lambda element, _, clock: _read(element, clock))


def _entries(root: Element) -> Iterator[Entry]:
    for element in outermost(root, "rbnews"):
        yield element, None


def _read(news: Element, clock: Clock) -> NewsItem:
    parts = grouped(news)

    def text(name: str) -> str | None:
        return text_of(first(parts, name))

    copy = read_copy(*parts.get("content", []))
    headline, guid = text("headline"), text("newsid")
    if not (guid or headline or copy.body):
        raise ParseError("empty_item", "has neither an id nor any text")
    printed = text("publishdate")
    published, dated = clock.dated(printed)
    status = "canceled" if _is_true(text("annulleret")) or _is_true(text("annuleret")) else "usable"
    origin = text("origin")
    codes = unique(
        f"subj:{code}"
        for each in parts.get("iptclist", ())
        for number in each.iter()
        if len(number) == 0 and (code := text_of(number)) and code.isdigit() and len(code) == 8
    )
    marks = (
        "Update" if _is_true(text("nyversion")) else None,
        "Correction" if _is_true(text("korrektion")) else None,
        "Flash" if _is_true(text("infoflash")) else None,
    )
    slug = text("strapline")
    return NewsItem(
        guid=guid,
        version=text("version"),
        version_created=published,
        source=origin.strip("/ ") if origin else None,
        status=status,
        signals=signals_of(marks, status),
        supersedes=unique((text("replacedid"), *_ids(parts.get("replaces", ())))),
        headline=headline,
        standfirst=read_copy(*parts.get("subtitle", ())).body,
        body=copy.body,
        byline_raw=text("byline"),
        dateline_raw=joined((text("town"), origin)) if text("town") else None,
        slug=slug,
        keywords=unique(each for part in parts.get("subjectkeyword", ()) for each in _ids((part,))),
        editorial_note=join_lines(
            *(read_copy(each).body for each in parts.get("tilredaktionen", ())),
            joined((text("bylineemail"), text("bylinephone"))),
            *copy.notes,
        ),
        priority=whole_number(text("priority")),
        media=(*_media(parts.get("multimedielist", [])), *copy.media),
        wire_header=pairs(
            ("category", text("section")),
            ("service", text("format")),
            ("keyword_line", slug),
            ("news_item_type", text("status")),
            ("history_id", text("histid")),
        ),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        published=published,
        published_raw=printed,
        date_source=dated,
    )


def _is_true(text: str | None) -> bool:
    return (text or "").lower() in {"true", "1"}


def _ids(elements: Any) -> tuple[str, ...]:
    """The texts of elements, or of their children where they are lists."""
    return unique(value for each in elements for value in (texts_of(each) if len(each) else (text_of(each),)))


def _media(lists: list[Element]) -> Iterator[Media]:
    for each in lists:
        for entry in each:
            url = caption = None
            for part in entry:
                name = name_of(part)
                if url is None and ("url" in name or name == "link"):
                    url = text_of(part)
                elif caption is None and ("tekst" in name or "caption" in name):
                    caption = text_of(part)
            if url or caption:
                yield Media(url=url, caption=caption)
