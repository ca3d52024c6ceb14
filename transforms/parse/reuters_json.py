"""Reuters' JSON: an item of Reuters Connect, alone or in an answer of its API.

The fields are NewsML-G2's in camel case (``headLine``, ``versionedGuid``, ``bodyXhtml``), sometimes all in lower
case; keys are read without regard to case. ``versionedGuid`` ends with the version; the family id is without it.

Sources: the public schema of Reuters Connect items and Reuters' NewsML-G2 guide (signals, ``edStat``).
"""

from collections.abc import Iterator
from typing import Any

from schemas.document import ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, pairs
from transforms.parse.catalog import last_part
from transforms.parse.countries import country_code
from transforms.parse.elements import join_lines, unique
from transforms.parse.errors import ParseError
from transforms.parse.json_document import (
    Entry,
    entries_at,
    entry_at,
    line_at,
    listed,
    lowered,
    number_at,
    read_json_document,
    text_at,
    texts_at,
)
from transforms.parse.limits import MAX_MEDIA
from transforms.parse.news_status import signals_of, status_of, take_key_of
from transforms.parse.newsml_text import read_text
from transforms.parse.probe import Probe

NAME = "reuters_json"

_TYPES = {"text": "text", "picture": "picture", "pic": "picture", "image": "picture", "pix": "picture"}
_TYPES |= {"video": "video", "vid": "video", "audio": "audio", "graphic": "graphics", "gfx": "graphics"}
_TYPES |= {"composite": "composite", "package": "composite", "cmp": "composite", "event": "event"}

_GUIDS = ("guid", "versionedguid", "usn", "uri", "id")
_MARKS = frozenset(("versionedguid", "usn", "bodyxhtml", "bodyxhtmlrich", "datecreated", "mediatype"))
_MAX_DEPTH = 4  # `data`, the query's name, its list, the item


def sniff(probe: Probe) -> bool:
    """Whether a document is Reuters': an object with its id and names, at most four levels deep."""
    if probe.first_json is None or not any(word in probe.text for word in ("reuters.com", "ersionedGuid", "bodyXhtml")):
        return False
    return next(_entries(probe.json()), None) is not None


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read one item or an answer that lists items. Never raises."""
    return read_json_document(doc, probe, NAME, _entries, _read)


def _entries(value: Any, depth: int = 0) -> Iterator[Entry]:
    """Items wherever the API's answer holds them."""
    if isinstance(value, dict):
        keys = {key.lower() for key in value}
        if keys & {"headline", "bodyxhtml", "caption", "fragment"} and keys & _MARKS:
            yield value
        elif depth < _MAX_DEPTH:
            for inner in value.values():
                yield from _entries(inner, depth + 1)
    elif isinstance(value, list) and depth < _MAX_DEPTH:
        for inner in listed(value):
            yield from _entries(inner, depth + 1)


def _read(printed: Entry, clock: Clock) -> NewsItem:
    entry = lowered(printed)
    version = line_at(entry, "version")
    guid = _family(next((each for name in _GUIDS if (each := line_at(entry, name))), None), version)
    headline = line_at(entry, "headline", "title")
    copy = read_text(text_at(entry, "bodyxhtmlrich", "bodyxhtml", "body", "bodytext", "fragment") or "")
    if not (guid or headline or copy.body):
        raise ParseError("empty_item", "has neither id nor text; nothing can be kept of it")
    stated = {
        name: text_at(entry, name)
        for name in ("versioncreated", "firstcreated", "sorttimestamp", "datecreated", "contenttimestamp")
    }
    clock = clock.beside(*stated.values())
    created = stated["versioncreated"] or stated["sorttimestamp"] or stated["contenttimestamp"] or stated["datecreated"]
    version_created, date_source = clock.dated(created)
    status = status_of(last_part(line_at(entry, "pubstatus", "status")))
    embargo_raw = text_at(entry, "embargoed", "embargountil")
    embargo = clock.read(embargo_raw)
    slug = line_at(entry, "slug", "slugline")
    codes = unique(_codes(entry))
    located = entry_at(entry, "located")
    caption = line_at(entry, "caption")
    kind = _TYPES.get((line_at(entry, "type", "mediatype") or "text").lower(), "text")
    return NewsItem(
        guid=guid,
        version=version or _version_in(line_at(entry, "versionedguid", "id")),
        version_created=version_created,
        first_created=clock.read(stated["firstcreated"] or stated["datecreated"]),
        provider=line_at(entry, "provider") or line_at(entry_at(entry, "provider"), "literal", "name"),
        source=next(iter(texts_at(entry, "source", "infosource")), None),
        url=line_at(entry, "canonicalurl", "url"),
        item_type=kind,
        status=status,
        signals=signals_of((*texts_at(entry, "signal", "signals"), *texts_at(entry, "edstat")), status),
        embargo_until=embargo,
        embargo_raw=embargo_raw if embargo is None else None,
        headline=headline,
        standfirst=line_at(entry, "intro", "description", "summary") or caption,
        body=copy.body if kind == "text" or copy.body != caption else None,
        byline_raw=line_at(entry, "byline", "by") or copy.byline,
        dateline_raw=line_at(entry, "dateline") or copy.dateline,
        located_place=line_at(entry, "located", "city") or line_at(located, "name", "city", "literal"),
        located_country=country_code(line_at(located, "country", "countrycode")),
        language=line_at(entry, "language"),
        slug=slug,
        take_key=take_key_of(slug),
        keywords=texts_at(entry, "keyword", "keywords"),
        genres=texts_at(entry, "genre", "genres"),
        editorial_note=join_lines(*texts_at(entry, "ednote", "editorialnote", "advisory"), *copy.notes),
        usage_terms=join_lines(*texts_at(entry, "usageterms", "restrictions")),
        credit=line_at(entry, "creditline"),
        urgency=number_at(entry, "urgency"),
        priority=number_at(entry, "priority"),
        media=(*_media(entry, kind, caption), *_associated(entry), *copy.media)[:MAX_MEDIA],
        wire_header=pairs(
            ("service", next(iter(texts_at(entry, "productlabel")), None)), ("usn", line_at(entry, "usn"))
        ),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        published=version_created,
        published_raw=created,
        date_source=date_source,
        extra=pairs(("copyright_notice", line_at(entry, "copyrightnotice", "copyright"))),
    )


def _family(guid: str | None, version: str | None) -> str | None:
    """The id without the version that a versioned one ends with."""
    stem, colon, last = (guid or "").rpartition(":")
    if colon and last.isdigit() and "newsml_" in stem and (version is None or last == version):
        return stem
    return guid


def _version_in(guid: str | None) -> str | None:
    last = (guid or "").rpartition(":")[2]
    return last if last.isdigit() else None


def _codes(entry: Entry) -> Iterator[str]:
    for name in ("subject", "subjects", "subjectcode", "topiccodes"):
        value = entry.get(name)
        for each in value if isinstance(value, list) else [value]:
            code = line_at(each, "code", "qcode", "uri", "literal", "id") if isinstance(each, dict) else each
            if isinstance(code, str) and code.strip():
                yield code.strip()


def _media(entry: Entry, kind: str, caption: str | None) -> Iterator[Media]:
    """The picture or video that the item is, at its largest rendition."""
    if kind not in {"picture", "video", "audio", "graphics"}:
        return
    best = max(entries_at(entry, "renditions"), key=lambda each: number_at(each, "width") or 0, default={})
    yield Media(
        url=line_at(best, "uri", "url", "href") or line_at(entry, "previewurl", "thumbnailurl"),
        type=line_at(best, "mimetype") or ("image" if kind == "picture" else kind),
        caption=caption,
        credit=line_at(entry, "creditline", "byline"),
        title=line_at(entry, "headline"),
        width=number_at(best, "width"),
        height=number_at(best, "height"),
    )


def _associated(entry: Entry) -> Iterator[Media]:
    for each in entries_at(entry, "associations"):
        kind = _TYPES.get((line_at(each, "type", "mediatype") or "picture").lower(), "text")
        yield from _media(each, kind, line_at(each, "caption", "description"))
