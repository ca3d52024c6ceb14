"""AP Media API: The Associated Press's JSON, one item or a feed page of them.

The envelope is ``data.item`` (or ``data.items[].item``); the copy is a NITF or HTML rendition that travels beside the
item when its collector fetched it, else it stands behind a link and the row has no body. ``located`` is here the
dateline as printed, ``datelinelocation`` the same place as data; AP's versions begin at 0.

Sources: AP Media API developer's guide, versions 1.1 to 2.1; AP's editorial priorities and ``slugline`` conventions.
"""

from collections.abc import Iterator
from typing import Any

from schemas.document import ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from schemas.media_topics import media_topics_of, subject_of_slug
from transforms.parse.agency_document import Clock, pairs
from transforms.parse.countries import country_code
from transforms.parse.elements import join_lines, unique
from transforms.parse.errors import ParseError
from transforms.parse.json_document import (
    Entry,
    entries_at,
    entry_at,
    line_at,
    number_at,
    read_json_document,
    text_at,
    texts_at,
)
from transforms.parse.limits import MAX_MEDIA
from transforms.parse.news_status import is_embargoed, signals_of, status_of, take_key_of
from transforms.parse.newsml_text import Copy, read_text
from transforms.parse.probe import Probe

NAME = "ap_media"

_TYPES = {"picture": "picture", "photo": "picture", "video": "video", "audio": "audio", "graphic": "graphics"}
_TYPES |= {"composite": "composite", "complextext": "text", "interactive": "composite"}

# AP's own signals say how an item travels, not how its story lives.
_NO_SIGNALS = frozenset(("newscontent", "apnewscontent"))

# The largest first: what a reader would show.
_RENDITIONS = ("main", "mezzanine", "preview", "thumbnail")


def sniff(probe: Probe) -> bool:
    """Whether a document is AP's: an item whose alternative ids hold an ``itemid``."""
    if probe.first_json is None or '"altids"' not in probe.text or '"itemid"' not in probe.text:
        return False
    entry = next(iter(_entries(probe.json())), None)
    return isinstance(entry, dict) and text_at(entry_at(_item(entry), "altids"), "itemid") is not None


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read one item or a page of them. Never raises."""
    return read_json_document(doc, probe, NAME, _entries, _read)


def _entries(value: Any) -> Iterator[Any]:
    """The entries with what stands beside their item: copy and associated items fetched by the collector."""
    if isinstance(value, list):
        yield from value
        return
    if not isinstance(value, dict):
        return
    listed = entry_at(value, "data").get("items") or value.get("items")
    if isinstance(listed, list):
        yield from listed
    else:
        yield value


def _item(entry: Entry) -> Entry:
    return entry_at(entry, "data", "item") or entry_at(entry, "item") or entry


def _read(entry: Entry, clock: Clock) -> NewsItem:
    item = _item(entry)
    altids = entry_at(item, "altids")
    guid = line_at(altids, "itemid") or line_at(item, "uri")
    headline = line_at(item, "headline", "title")
    copy = _copy(entry, item)
    if not (guid or headline or copy.body):
        raise ParseError("empty_item", "has neither id nor text; nothing can be kept of it")
    created = text_at(item, "versioncreated")
    version_created = clock.read(created)
    status = status_of(line_at(item, "pubstatus"))
    embargo_raw = text_at(item, "embargoed") or ("embargoed" if is_embargoed(line_at(item, "pubstatus")) else None)
    embargo = clock.read(embargo_raw)
    item_type = _TYPES.get((line_at(item, "type") or "text").lower(), "text")
    slug = line_at(item, "slugline")
    place = entry_at(item, "datelinelocation")
    bylines = entries_at(item, "bylines")
    subjects = entries_at(item, "subject", "subjects")
    codes = tuple(_codes(subjects))
    sport = subject_of_slug(slug or "")
    codes = (*codes, f"subj:{sport}") if sport else codes
    kinds = texts_at(item, "editorialtypes")
    caption = line_at(item, "description_caption")
    standfirst = line_at(item, "description_summary", "headline_extended") or caption or copy.standfirst
    others = unique(line_at(item, name) for name in ("headline_extended", "title", "description_caption"))
    return NewsItem(
        guid=guid,
        version=line_at(item, "version"),
        version_created=version_created,
        first_created=clock.read(text_at(item, "firstcreated")),
        provider=line_at(item, "provider"),
        source=next(iter(texts_at(item, "infosource")), None),
        url=_canonical(item),
        item_type=item_type,
        status=status,
        signals=signals_of((*(s for s in texts_at(item, "signals") if s not in _NO_SIGNALS), *kinds), status),
        embargo_until=embargo,
        embargo_raw=embargo_raw if embargo is None else None,
        headline=headline,
        standfirst=standfirst,
        body=copy.body,
        byline_raw="; ".join(unique(line_at(each, "by") for each in bylines))
        or line_at(entry_at(item, "photographer"), "name")
        or copy.byline,
        dateline_raw=line_at(item, "located") or _place_name(place) or copy.dateline,
        located_place=line_at(place, "city"),
        located_country=country_code(line_at(place, "countrycode", "countryname")),
        language=line_at(item, "language"),
        slug=slug,
        take_key=take_key_of(slug),
        keywords=texts_at(item, "keywords"),
        genres=unique((line_at(item, "profile"),)),
        editorial_note=join_lines(line_at(item, "ednote"), *copy.notes),
        usage_terms=join_lines(*texts_at(item, "usageterms")),
        credit=line_at(item, "description_creditline"),
        urgency=number_at(item, "urgency"),
        media=(*_own_media(item, item_type, caption), *_associated(entry, item), *copy.media)[:MAX_MEDIA],
        wire_header=pairs(
            ("category", next(_categories(subjects), None)),
            ("sequence", line_at(altids, "transref")),
            ("priority_code", line_at(item, "editorialpriority")),
            ("profile", line_at(item, "profile")),
            ("reference_id", line_at(altids, "referenceid")),
        ),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        published=version_created,
        published_raw=created,
        date_source=("published" if version_created else "published-unreadable") if created else None,
        extra=pairs(
            ("copyright_notice", line_at(item, "copyrightnotice")),
            ("other_texts", "\n".join(text for text in others if text not in (headline, standfirst))),
            ("byline_title", "; ".join(unique(line_at(each, "title") for each in bylines))),
            ("dateline_position", _position(place)),
        ),
    )


def _copy(entry: Entry, item: Entry) -> Copy:
    """The rendition of the copy that came along: NITF or HTML, beside the item or inside it."""
    beside = (entry_at(entry, "nitf"), entry_at(item, "nitf"), entry_at(item, "main"), entry, entry_at(entry, "data"))
    for holder in (*beside, item):
        text = text_at(holder, "body_html", "body_nitf", "nitf", "body_text")
        if text:
            return read_text(_nitf_block(text))
    return Copy()


def _nitf_block(text: str) -> str:
    """What stands in ``body.content`` when the text is a whole NITF document."""
    start, end = text.find("<body.content"), text.rfind("</body.content")
    return text[text.find(">", start) + 1 : end] if 0 <= start < end else text


def _canonical(item: Entry) -> str | None:
    for link in entries_at(item, "links"):
        if line_at(link, "rel") == "canonical":
            return line_at(link, "href")
    return None


def _place_name(place: Entry) -> str | None:
    """A dateline that is only given as data, in the order of print: ``Pamplona, Spain``, ``Boston, MA``."""
    city = line_at(place, "city")
    country = line_at(place, "countryname")
    area = line_at(place, "countryareacode")
    if not city:
        return None
    if area and country_code(line_at(place, "countrycode")) in {"US", "CA", "AU"}:
        return f"{city}, {area}"
    return f"{city}, {country.title() if country.isupper() else country}" if country else city


def _position(place: Entry) -> str | None:
    """``latitude,longitude`` of GeoJSON, which prints longitude first."""
    found = entry_at(place, "geometry_geojson").get("coordinates")
    if isinstance(found, list) and len(found) == 2 and all(isinstance(each, int | float) for each in found):
        return f"{found[1]},{found[0]}"
    return None


def _categories(subjects: list[Entry]) -> Iterator[str]:
    for subject in subjects:
        if "category" in texts_at(subject, "rels") and (code := line_at(subject, "code")):
            yield code


def _codes(subjects: list[Entry]) -> Iterator[str]:
    """AP's subject ids with their scheme; its category letters stand in the wire header."""
    for subject in subjects:
        code, scheme = line_at(subject, "code"), line_at(subject, "scheme")
        if code and scheme:
            yield f"{scheme.rstrip('/')}/{code}"


def _own_media(item: Entry, item_type: str, caption: str | None) -> tuple[Media, ...]:
    """The picture, video or audio that the item is, at its largest address."""
    if item_type not in {"picture", "video", "audio", "graphics"}:
        return ()
    renditions = entry_at(item, "renditions")
    named = [each for name in _RENDITIONS if (each := entry_at(renditions, name))]
    best = next((each for each in named if line_at(each, "href")), named[0] if named else {})
    return (
        Media(
            url=line_at(best, "href"),
            type=line_at(best, "mimetype") or ("image" if item_type == "picture" else item_type),
            caption=caption,
            credit=line_at(item, "description_creditline"),
            title=line_at(item, "headline", "title"),
            width=number_at(best, "width"),
            height=number_at(best, "height"),
        ),
    )


def _associated(entry: Entry, item: Entry) -> tuple[Media, ...]:
    """Pictures and other media that AP names as belonging to the story."""
    found: list[Media] = []
    for each in entries_at(item, "associations") or entries_at(entry, "associations"):
        inner = _item(each)
        kind = _TYPES.get((line_at(inner, "type") or "").lower())
        if kind in {"picture", "video", "audio", "graphics"}:
            found.extend(_own_media(inner, kind, line_at(inner, "description_caption", "description_text")))
    return tuple(found)
