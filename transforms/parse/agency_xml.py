"""Agencies' own XML without a standard: press releases, planners and editorial systems.

Three shapes are known: Solita's press releases (``release``: NTB, STT and other Nordic agencies), NTB's planner
(``document`` with ``timeStart``) and the Canadian Press's system (``Publish/ContentItem``). Only the
names differ, so one table reads them all; documents of the same kind under another root are read as well when
they have a title and a text. Lists of ids, sport fixtures and search results have neither and are not taken.
"""

from collections.abc import Iterator
from typing import Any

from schemas.document import ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, Entry, joined, pairs, read_document
from transforms.parse.body_media import whole_number
from transforms.parse.countries import country_code
from transforms.parse.elements import (
    Element,
    attribute,
    child,
    children,
    descendants,
    first,
    grouped,
    join_lines,
    outermost,
    text_of,
    unique,
)
from transforms.parse.embedded import format_inside
from transforms.parse.news_status import signals_of, take_key_of
from transforms.parse.newsml_text import read_copy
from transforms.parse.probe import Probe
from transforms.parse.xml import ParseError

NAME = "agency_xml"

_ENTRIES = frozenset(("release", "document", "contentitem", "article", "story", "news", "newsstory", "pressrelease"))
_ROOTS = _ENTRIES | {"publish", "result", "results", "releases", "documents", "articles", "stories", "newslist"}

_TITLE = ("title", "headline", "heading")
_TEXT = ("contenttext", "content", "body", "text", "storytext", "maintext")
_LEAD = ("leadtext", "lead", "ingress", "preamble", "abstract", "summary", "directorytext", "subtitle")
_CAPTION = ("caption", "englishcaption", "frenchcaption")
_ID = ("guid", "ntbid", "systemslug", "newsid", "storyid", "id")
_MADE = ("updateddatetime", "publicationdate", "published", "pubdate", "time", "createddatetime", "created", "date")
_BEGUN = ("createddatetime", "created")
_LINK = ("longurl", "url", "link", "shorturl")
_BYLINE = ("byline", "author", "authors")
_EMBARGO = ("embargotime", "embargo", "embargoed")
_NEVER = "0001-01-01"
"""What .NET writes for a date that was not set."""


def sniff(probe: Probe) -> bool:
    """A known root with a title and a text in it, or with a picture's caption."""
    if probe.root not in _ROOTS:
        return False
    text = probe.text.lower()
    told = (_has(text, _TITLE) and _has(text, _TEXT)) or _has(text, _CAPTION)
    if not told or not any(f"<{name}" in text for name in _ENTRIES):
        return False
    inside = format_inside(probe)
    return inside is None or inside.NAME == "nitf"  # NITF may be an entry's text; NewsML is a document of its own


def _has(text: str, names: tuple[str, ...]) -> bool:
    return any(f"<{name}>" in text or f"<{name} " in text or f"<{name}/>" in text for name in names)


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 -- one signature for every format
    """Read a document. Never raises."""
    return read_document(doc, NAME, _entries, lambda element, _, clock: _read(element, clock))


def _entries(root: Element) -> Iterator[Entry]:
    for element in outermost(root, *_ENTRIES):
        yield element, None


def _read(story: Element, clock: Clock) -> NewsItem:
    parts = grouped(story)

    def text(*names: str) -> str | None:
        for name in names:
            for each in parts.get(name, ()):
                if len(each) == 0 and (found := text_of(each)) and not found.startswith(_NEVER):
                    return found
        return None

    def copies(*names: str) -> list[Any]:
        return [read_copy(each) for name in names for each in parts.get(name, ())]

    found = copies(*_TEXT)
    copy = max(found, key=lambda each: len(each.body or ""), default=None)
    body = copy.body if copy is not None else None
    headline = text(*_TITLE)
    guid = text(*_ID) or attribute(story, "id")
    captions = unique(each.body for each in copies(*_CAPTION))
    if not (guid or headline or body or captions):
        raise ParseError("empty_item", "has neither an id nor any text")

    # a planner's `time` beside `startDate` is the event's
    printed = text(*(name for name in _MADE if name != "time" or "startdate" not in parts))
    clock = clock.beside(printed, text(*_BEGUN))
    made, dated = clock.dated(printed)
    begun = clock.read(text(*_BEGUN))
    if begun and made and begun > made:
        begun = Clock().read(text(*_BEGUN))  # .NET systems keep one time local and the other in UTC
    embargo = text(*_EMBARGO)
    until = clock.read(embargo)
    subjects = [each for part in parts.get("subjects", ()) for each in descendants(part, "subject")]
    codes = unique(f"subj:{code}" for each in subjects if (code := attribute(each, "reference")) and len(code) == 8)
    lead = next((each.body for each in copies(*_LEAD) if each.body), None)
    if lead and body and " ".join(body.split()).startswith(" ".join(lead.split())[:150]):
        lead = None  # the opening of the text itself, cut to a length
    slug = text("slugproper", "slugline", "slug", "strapline")
    is_event = "timestart" in parts or "startdate" in parts or "timeend" in parts
    picture = (text("contenttype") or "").lower() in {"photo", "picture"}
    if captions:
        media_caption: str | None = "\n".join(captions)
    else:
        media_caption = body if picture else None
    media = (*_media(parts, media_caption), *(copy.media if copy is not None else ()))
    place = first(parts, "geo") is not None or is_event
    return NewsItem(
        guid=guid,
        version=text("version", "ntbversion", "authorversion"),
        version_created=made,
        first_created=begun,
        source=text("source"),
        url=next((each for each in (text(name) for name in _LINK) if each and each.startswith("http")), None),
        item_type="event" if is_event else "picture" if picture else "text",
        status="withheld" if text("holdflag") == "true" else "usable",
        signals=signals_of(()),
        embargo_until=until,
        embargo_raw=embargo if until is None else None,
        headline=headline,
        standfirst=join_lines(lead),
        body=None if picture and media and not captions else body,
        byline_raw=text(*_BYLINE),
        located_place=text("city")
        or (text("location") or text_of(child(first(parts, "calendardata"), "location")) if place else None),
        located_country=country_code(text("country")),
        language=attribute(story, "lang"),
        slug=slug,
        take_key=take_key_of(slug),
        keywords=_keywords(text("keywords", "keyword")) or unique(text_of(each) for each in subjects),
        editorial_note=join_lines(*(copy.notes if copy is not None else ()), text("ednote", "editorsnote", "advisory")),
        credit=text("credit", "creditline"),
        urgency=whole_number(text("urgency", "rankingvalue")),
        priority=whole_number(text("priority")),
        media=media,
        wire_header=pairs(
            ("category", text("category")),
            ("service", text("service", "services")),
            ("news_item_type", text("messagetype", "contenttype") or _label(parts, "type")),
            ("file_name", text("filename")),
        ),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        published=made,
        published_raw=printed,
        date_source=dated,
        updated=clock.read(text("updateddatetime", "updated", "modified")),
        extra=pairs(
            ("event_start", text("timestart", "startdate")),
            ("event_end", text("timeend", "stopdate", "enddate")),
            ("boilerplate", joined((each.body for each in copies("boilerplate")), "\n")),
            ("contacts", joined((_contact(each) for each in parts.get("contacts", ())), "; ")),
        ),
    )


def _label(parts: dict[str, list[Element]], name: str) -> str | None:
    return text_of(child(first(parts, name), "label"))


def _keywords(text: str | None) -> tuple[str, ...]:
    return unique(word.strip() for word in (text or "").replace(";", ",").split(","))


def _contact(contacts: Element) -> str | None:
    names = (joined((text_of(child(each, "name")), text_of(child(each, "email")))) for each in children(contacts))
    return joined(names, "; ")


def _media(parts: dict[str, list[Element]], caption: str | None) -> list[Media]:
    found: list[Media] = []
    reference = text_of(first(parts, "contentref"))
    if reference:
        found.append(Media(url=reference, type="image", caption=caption))
    for holder in (*parts.get("images", ()), *parts.get("medialist", ())):
        for each in children(holder):
            address = text_of(child(each, "url")) or attribute(each, "url")
            text = text_of(child(each, "caption")) or text_of(child(each, "description"))
            if address or text:
                found.append(Media(url=address, type=attribute(each, "mimeType"), caption=text))
    return found
