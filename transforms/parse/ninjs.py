"""ninjs 1.x, 2.x and 3.x and the variants agencies send (TT, BBC LDRS, Superdesk): IPTC's News in JSON.

The three generations differ in spelling, not in matter: 1.x has ``headline``, ``body_ROLE`` and objects by name, 2.x
arrays in lower case (``headlines``, ``bodies`` with ``contenttype``), 3.x the same in camel case. Keys are read
without regard to case, so that one reader serves all three.

Sources: IPTC ninjs schemas 1.0 to 3.1; TT's ttninjs 1.4 and 3.0 (``replacing``, ``replacedby``).
"""

import re
from collections.abc import Iterator
from typing import Any

from schemas.document import ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, pairs
from transforms.parse.catalog import last_part, qcode_of_uri
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
from transforms.parse.news_status import is_embargoed, signals_of, status_of, take_key_of
from transforms.parse.newsml_text import Copy, read_text
from transforms.parse.plain_copy import has_markup
from transforms.parse.probe import Probe
from transforms.parse.text import html_to_text

NAME = "ninjs"

_TYPES = {
    "text": "text",
    "story": "text",
    "component": "text",
    "picture": "picture",
    "image": "picture",
    "photo": "picture",
    "video": "video",
    "audio": "audio",
    "graphic": "graphics",
    "graphics": "graphics",
    "composite": "composite",
    "package": "composite",
    "event": "event",
    "planning": "event",
}
_VISUAL = frozenset(("picture", "video", "audio", "graphics"))

# An object with a `uri` is ninjs when it has one of these, whatever generation it is of.
# fmt: off
_MARKS = frozenset(
    (
        "versioncreated", "pubstatus", "headlines", "headline", "bodies", "descriptions", "representationtype",
        "renditions", "associations", "eventdetails", "firstcreated", "copyrightholder", "usageterms",
        "located", "slugline", "altids", "standard", "mimetype", "infosources", "infosource", "copyrightnotice",
        "byline", "rightsinfo", "trustindicators", "plannedcoverage", "digitalsourcetype",
    )
)
# fmt: on
_SAMPLE = 64 * 1024  # characters in which an undeclared document must show ninjs keys
_LOOKS = re.compile(r'"(?:uri|guid)"\s*:')

_WORD = re.compile(r"\w+")
_OTHER_WORDS = 0.5
"""Share of a text's words that the copy lacks, from which it is no representation of the copy."""

_HTML_ROLE = re.compile(r"html|rich", re.IGNORECASE)
_XML_ROLE = re.compile(r"nitf|xml|newsml", re.IGNORECASE)
_NO_HEADLINE_ROLES = frozenset(("subtitle", "subheadline", "kicker", "subhead", "vignette", "seo", "print"))
_STANDFIRST_ROLES = ("lead", "summary", "abstract", "intro", "text", "main", "caption")


def sniff(probe: Probe) -> bool:
    """Whether a document is ninjs: JSON whose first entry has a ``uri`` and keys of the standard."""
    if probe.first_json is None or not _LOOKS.search(probe.text[:_SAMPLE]):
        return False
    entry = next(iter(listed(probe.json())), None)
    return isinstance(entry, dict) and _is_ninjs(entry)


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read one ninjs object, a list of them, or a web API's list. Never raises."""
    return read_json_document(doc, probe, NAME, listed, _read)


def _is_ninjs(entry: Entry) -> bool:
    if "urn" in entry or ("$schema" in entry and isinstance(entry.get("properties"), dict)):
        return False  # dpa's own JSON; a schema, which describes items and is none
    keys = {key.lower() for key in entry}
    if not isinstance(entry.get("uri"), str):  # Superdesk sends a guid alone
        return isinstance(entry.get("guid"), str) and len(keys & _MARKS) > 1
    if keys & _MARKS or str(entry.get("type")).lower() in _TYPES:
        return True
    return any(key.startswith(("body_", "headline_", "description_")) for key in keys) or len(keys) <= 4


def _read(printed: Entry, clock: Clock) -> NewsItem:
    """Read one object as an item."""
    entry = lowered(printed)
    guid = text_at(entry, "uri", "guid")
    copy, body = _body(entry)
    planned = _planned(entry)
    headline = _headline(entry) or copy.headline
    standfirst = _standfirst(entry) or copy.standfirst
    media = (*_own_media(entry), *_associated(entry), *copy.media)[:MAX_MEDIA]
    if not (guid or headline or body or standfirst or planned):
        raise ParseError("empty_item", "has neither id nor text; nothing can be kept of it")
    dates = {
        name: text_at(entry, name) for name in ("versioncreated", "firstcreated", "contentcreated", "contentmodified")
    }
    clock = clock.beside(*dates.values())
    status = status_of(last_part(line_at(entry, "pubstatus", "status", "state")))
    embargo_raw = _embargo(entry)
    embargo = clock.read(embargo_raw)
    version_created = clock.read(dates["versioncreated"])
    slug = line_at(entry, "slugline")
    codes = tuple(_codes(entries_at(entry, "subjects", "subject")))
    names = unique(line_at(each, "name") for each in entries_at(entry, "subjects", "subject"))
    details = entry_at(entry, "eventdetails")
    event = entry_at(details, "dates")
    return NewsItem(
        guid=guid,
        version=line_at(entry, "version"),
        version_created=version_created,
        first_created=clock.read(dates["firstcreated"]),
        provider=line_at(entry, "provider"),
        source=_source(entry),
        item_type=_item_type(entry, body),
        status=status,
        signals=signals_of((*texts_at(entry, "signals", "signal"), *_replacement_signals(entry)), status),
        supersedes=unique((*_ids(entry.get("replacing")), *_ids(entry.get("evolvedfrom")))),
        embargo_until=embargo,
        embargo_raw=embargo_raw if embargo is None else None,
        headline=headline,
        standfirst=standfirst if standfirst != body else None,
        body=body or planned,
        byline_raw=_byline(entry) or copy.byline,
        dateline_raw=copy.dateline,
        located_place=line_at(entry, "located") or line_at(entry_at(entry, "located"), "name", "city"),
        language=line_at(entry, "language"),
        slug=slug,
        take_key=take_key_of(slug),
        keywords=texts_at(entry, "keywords") or names,
        genres=texts_at(entry, "genres", "genre"),
        editorial_note=join_lines(line_at(entry, "ednote", "editorialnote"), *copy.notes),
        usage_terms=join_lines(*texts_at(entry, "usageterms")),
        credit=line_at(entry, "creditline", "description_creditline"),
        urgency=_small(number_at(entry, "urgency")),
        priority=_small(number_at(entry, "priority")),
        media=media,
        wire_header=pairs(("profile", line_at(entry, "profile"))),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        published=version_created,
        published_raw=dates["versioncreated"],
        date_source=clock.dated(dates["versioncreated"])[1],
        updated=clock.read(dates["contentmodified"]),
        extra=pairs(
            ("copyright_notice", line_at(entry, "copyrightnotice")),
            ("copyright_holder", line_at(entry, "copyrightholder")),
            ("other_headlines", "; ".join(_other_headlines(entry, headline))),
            ("other_descriptions", "\n".join(_other_descriptions(entry, standfirst, body))),
            ("planned_coverage", planned if body else None),
            ("content_created", line_at(entry, "contentcreated")),
            ("expires", line_at(entry, "expires")),
            ("replaced_by", next(iter(_ids(entry.get("replacedby"))), None)),
            ("event_start", line_at(event, "startdate", "expectedstartdate", "estimatedstartdate")),
            ("event_end", line_at(event, "enddate", "expectedenddate", "estimatedenddate")),
            ("organiser", line_at(entry_at(details, "organiser"), "name")),
        ),
    )


def _by_role(entry: Entry, plural: str, single: str) -> Iterator[tuple[str, str, Entry]]:
    """All texts of one kind as (role, text, object): arrays of 2.x and 3.x, then the properties of 1.x."""
    for each in entries_at(entry, plural):
        if value := text_at(each, "value"):
            yield (line_at(each, "role") or "").lower(), value, each
    if value := text_at(entry, single):
        yield "", value, {}
    for key in entry:
        if key.startswith(f"{single}_") and (value := text_at(entry, key)):
            yield key[len(single) + 1 :], value, {}


def _headline(entry: Entry) -> str | None:
    """The main headline; a kicker or subtitle only when nothing else stands there."""
    found = list(_by_role(entry, "headlines", "headline"))
    for wanted in (("", "main", "headline", "text"), None):
        for role, value, _ in found:
            if (role in wanted if wanted else role not in _NO_HEADLINE_ROLES) and (line := _one_line(value)):
                return line
    return line_at(entry, "title", "name") or (_one_line(found[0][1]) if found else None)


def _standfirst(entry: Entry) -> str | None:
    """The description, an unmarked or plain one before one with markup."""
    found = [each for each in _by_role(entry, "descriptions", "description") if each[0] != "creditline"]
    ranked = sorted(found, key=lambda each: (has_markup(each[1]), _rank(each[0])))
    for _, value, _ in ranked:
        if text := html_to_text(value):
            return text
    return line_at(entry, "abstract", "standfirst")


def _other_headlines(entry: Entry, headline: str | None) -> tuple[str, ...]:
    """Kickers, short and long headlines, subtitles: what stands beside the headline."""
    found = [_one_line(value) for _, value, _ in _by_role(entry, "headlines", "headline")]
    return tuple(line for line in unique((*found, line_at(entry, "subtitle", "title"))) if line != headline)


def _other_descriptions(entry: Entry, standfirst: str | None, body: str | None) -> tuple[str, ...]:
    """Descriptions that are neither the standfirst nor the copy's own words."""
    found = unique(
        html_to_text(value) for role, value, _ in _by_role(entry, "descriptions", "description") if role != "creditline"
    )
    return tuple(text for text in found if text != standfirst and text not in (body or ""))


def _rank(role: str) -> int:
    return _STANDFIRST_ROLES.index(role) if role in _STANDFIRST_ROLES else len(_STANDFIRST_ROLES)


def _body(entry: Entry) -> tuple[Copy, str | None]:
    """The copy in its best representation, and what other texts of the item say besides.

    Markup keeps paragraphs and captions apart and is preferred, unless it is an excerpt. A text that shares little with
    the copy is no other representation of it but another part (an infobox, a fact file) and follows it.
    """
    plain: Copy | None = None
    marked: Copy | None = None
    foreign: Copy | None = None
    offered: list[Copy] = []
    for role, value, details in _by_role(entry, "bodies", "body"):
        kind = f"{role} {line_at(details, 'contenttype', 'mimetype') or ''}"
        if _HTML_ROLE.search(kind) or (not _XML_ROLE.search(kind) and has_markup(value)):
            offered.append(read_text(value))
            marked = marked or offered[-1]
        elif _XML_ROLE.search(kind):
            offered.append(Copy(body=html_to_text(_nitf_content(value)) or None))
            foreign = foreign or offered[-1]
        else:
            offered.append(read_text(value))
            plain = plain or offered[-1]
    if marked and marked.body and (not plain or len(marked.body) >= 0.6 * len(plain.body or "")):
        best = marked
    else:
        found = plain if plain and plain.body else foreign if foreign and foreign.body else marked
        if found is None:
            return Copy(), None
        best = found
    body = best.body
    for copy in offered:
        if copy is not best and copy.body and _is_another(copy.body, body or ""):
            body = join_lines(body, copy.body)
    return best, body


def _planned(entry: Entry) -> str | None:
    """What a plan says of the coverage that it announces, a line for each piece."""
    pieces = entries_at(entry, "plannedcoverage")
    return join_lines(
        *(line for each in pieces for line in (line_at(each, "title", "headline"), line_at(each, "ednote")))
    )


def _is_another(text: str, body: str) -> bool:
    """Whether most words of a text do not stand in the body."""
    words, there = set(_WORD.findall(text.casefold())), set(_WORD.findall(body.casefold()))
    return len(words - there) > _OTHER_WORDS * len(words)


def _nitf_content(value: str) -> str:
    """The copy inside a NITF document that travels as text; the whole text when it has no such element."""
    start = value.find("<body.content")
    end = value.rfind("</body.content")
    return value[start:end] if 0 <= start < end else value


def _byline(entry: Entry) -> str | None:
    """``by`` or ``byline``; for pictures of some agencies the photographer stands apart."""
    return line_at(entry, "by", "byline") or line_at(entry_at(entry, "photographer"), "name")


def _source(entry: Entry) -> str | None:
    return line_at(entry, "source") or next(iter(texts_at(entry, "infosources", "infosource")), None)


def _item_type(entry: Entry, body: str | None) -> str:
    """The stated type; without one, what the object carries."""
    stated = _TYPES.get((line_at(entry, "type") or "").lower())
    if stated:
        return stated
    if "eventdetails" in entry:
        return "event"
    if not body:
        for rendition in entries_at(entry, "renditions"):
            kind = (line_at(rendition, "contenttype", "mimetype") or "").partition("/")[0].lower()
            if kind in ("image", "video", "audio"):
                return "picture" if kind == "image" else kind
    return "text"


def _embargo(entry: Entry) -> str | None:
    stated = text_at(entry, "embargoeduntil", "embargoed")
    if stated is None and (is_embargoed(line_at(entry, "pubstatus")) or entry.get("embargoed") is True):
        return "embargoed"
    return stated


def _replacement_signals(entry: Entry) -> Iterator[str]:
    """TT says that an item stands for older ones, or that a newer one stands for it."""
    status = (line_at(entry, "pubstatus") or "").lower()
    if entry.get("replacing"):
        yield "update"
    if status in {"replaced", "commissioned"}:
        yield status


def _ids(value: Any) -> Iterator[str]:
    """Ids that are texts or objects with a ``uri``, one or a list."""
    for each in value if isinstance(value, list) else [value]:
        found = text_at(each, "uri", "guid", "id") if isinstance(each, dict) else each
        if isinstance(found, str) and found.strip():
            yield found.strip()


def _codes(subjects: list[Entry]) -> Iterator[str]:
    """Subject codes: a URI as QCode where IPTC's catalog knows its scheme, else scheme and code as printed."""
    for subject in subjects:
        uri = line_at(subject, "uri")
        code = line_at(subject, "code", "qcode", "literal")
        scheme = line_at(subject, "scheme")
        if uri:
            yield qcode_of_uri(uri)
        elif code and scheme and scheme.startswith("http"):
            yield qcode_of_uri(scheme.rstrip("/") + "/" + code)
        elif code:
            yield code


def _own_media(entry: Entry) -> tuple[Media, ...]:
    """The picture, video or audio that the item itself is."""
    if _item_type(entry, None) not in _VISUAL:
        return ()
    return _media(entry)


def _associated(entry: Entry) -> tuple[Media, ...]:
    """Pictures and other media that come with a story; other stories of a package are no media."""
    found: list[Media] = []
    for each in entries_at(entry, "associations"):
        if _TYPES.get((line_at(each, "type") or "picture").lower(), "text") in _VISUAL:
            found.extend(_media(each))
    return tuple(found)


def _media(entry: Entry) -> tuple[Media, ...]:
    """One attachment, at the address of its largest rendition."""
    renditions = [each for each in entries_at(entry, "renditions") if line_at(each, "href", "url")]
    best = max(renditions, key=lambda each: number_at(each, "width") or 0, default=entry_at(entry, "none"))
    caption = _standfirst(entry)
    # an association's name is its place in the story ("featuremedia"), no title
    title = _headline({key: value for key, value in entry.items() if key != "name"})
    address = line_at(best, "href", "url")
    kind = line_at(best, "contenttype", "mimetype") or _TYPES.get((line_at(entry, "type") or "").lower())
    if not (address or caption or title):
        return ()
    return (
        Media(
            url=address,
            type="image" if kind == "picture" else kind,
            caption=caption,
            credit=line_at(entry, "creditline", "description_creditline") or _byline(entry),
            title=title,
            width=number_at(best, "width"),
            height=number_at(best, "height"),
        ),
    )


def _one_line(value: str) -> str | None:
    return " ".join(html_to_text(value).split()) or None


def _small(value: int | None) -> int | None:
    """Urgency and priority are one digit in every version."""
    return value if value is not None and 0 <= value <= 9 else None
