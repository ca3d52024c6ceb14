"""NewsML 1.0 to 1.2: one or many ``NewsItem`` elements, whatever depth their ``NewsComponent`` trees have.

Sources: IPTC NewsML 1.2 specification, and the shapes that agencies send (see `newsml_1_components` for content).
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas.document import ParsedDocument, RawDocument
from schemas.item import NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, Entry, joined, pairs, read_document
from transforms.parse.body_media import whole_number
from transforms.parse.countries import country_code
from transforms.parse.elements import (
    XML_LANG,
    Children,
    Element,
    attribute,
    child,
    children,
    descendants,
    first,
    grouped,
    join_lines,
    name_of,
    outermost,
    text_of,
    texts_of,
    unique,
)
from transforms.parse.news_status import is_embargoed, signals_of, status_of, take_key_of
from transforms.parse.newsml_1_components import Components, read_components
from transforms.parse.newsml_1_stories import stories_of
from transforms.parse.newsml_text import read_lines
from transforms.parse.probe import Probe
from transforms.parse.said import above, fullest_lines, unsaid
from transforms.parse.xml import ParseError

NAME = "newsml_1"

_CODE_NAMES = ("subject", "subjectmatter", "subjectdetail", "subjectqualifier")
_NOTE_LINES = frozenset(("advisoryline", "advisory", "editorialnote", "ednote", "note", "editornote", "instructions"))
_READ_LINES = _NOTE_LINES | {"catchword", "storytype", "productline"}
_PRINTED_DATELINE = re.compile(r"\([^()]{2,30}\)|\s[-–—_]{1,2}\s|/[A-Z]{3,}/")
_ITEM_TYPES = {
    "photo": "picture",
    "picture": "picture",
    "image": "picture",
    "graphic": "graphics",
    "graphics": "graphics",
    "video": "video",
    "audio": "audio",
    "animation": "video",
}


class _Envelope(NamedTuple):
    priority: int | None
    provider: str | None
    facts: tuple[tuple[str, str], ...]
    topics: dict[str, tuple[str, ...]]


def sniff(probe: Probe) -> bool:
    """The root ``NewsML``."""
    return probe.root == "newsml"


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 -- one signature for every format
    """Read a document. Never raises."""
    return read_document(doc, NAME, entries, read_entry)


def entries(root: Element) -> Iterator[Entry]:
    """The stories below a root, each with the envelope of its document; an item may stand inside another one."""
    for document in outermost(root, "newsml"):
        envelope = _envelope(child(document, "newsenvelope"), _topics(document))
        for item in descendants(document, "newsitem"):
            for number, story in enumerate(stories_of(item)):
                yield item, (envelope, story, number)


def _envelope(element: Element | None, topics: dict[str, tuple[str, ...]]) -> _Envelope:
    parts = grouped(element)
    sender = child(first(parts, "sentfrom"), "party")
    return _Envelope(
        priority=whole_number(_formal(first(parts, "priority"))),
        provider=attribute(sender, "formalname"),
        facts=pairs(
            ("sequence", text_of(first(parts, "transmissionid"))),
            ("sent", text_of(first(parts, "dateandtime"))),
            ("service", joined(_formal(each) for each in parts.get("newsservice", ()))),
            ("product", joined(_formal(each) for each in parts.get("newsproduct", ()))),
        ),
        topics=topics,
    )


def _formal(element: Element | None) -> str | None:
    """The ``FormalName`` of an element, or its text (TASS)."""
    return attribute(element, "formalname") or text_of(element)


def read_entry(item: Element, context: Any, clock: Clock) -> NewsItem:
    """Read one story."""
    envelope, (component, beside), number = context
    top = grouped(item)
    identity = grouped(child(item, "identification"))
    names = grouped(first(identity, "newsidentifier"))
    manage = grouped(first(top, "newsmanagement"))
    content = read_components(component, beside)
    lines, describe, admin = content.lines, content.description, content.administration

    begun, made = text_of(first(manage, "firstcreated")), text_of(first(manage, "thisrevisioncreated"))
    sent = dict(envelope.facts).get("sent")
    printed = made or begun or sent
    clock = clock.beside(made, begun, text_of(first(describe, "datelinedate")), sent)
    moment, dated = clock.dated(printed)
    moment = moment or clock.read(begun) or clock.read(sent)

    word = _formal(first(manage, "status"))
    status = status_of(word)
    embargo_until, embargo_raw = _embargo(manage, word, clock)
    revision = first(names, "revisionid")
    language = _formal(first(describe, "language")) or content.language or item.get(XML_LANG)
    titles, foreign = _in_language(lines.get("headline", []), language)
    headline = next(iter((*titles, *content.headlines, *content.page_titles)), None)
    guid = _family(names) or text_of(first(describe, "guid"))
    if number and guid:
        guid = f"{guid}#{attribute(component, 'duid') or number}"
    byline = _byline(lines) or joined(content.bylines, "; ") or _author(content)
    dateline = next(iter(texts_of(lines.get("dateline"))), None) or next(iter(content.datelines), None)
    summary = fullest_lines(
        *titles[1:], *unsaid(content.headlines, headline), *texts_of(lines.get("subheadline")), *content.summaries
    )
    # what the content prints above its copy, where NewsML's own lines say something else
    body = above((*content.bylines, *content.datelines), content.body, byline, dateline)
    if "topicset" in top and not (headline or body or content.media):
        raise ParseError("not_news", "is a set of topics: vocabulary for other tools, no news")
    if not any((guid, headline, summary, body, byline, dateline, content.media, content.notes)):
        raise ParseError("empty_item", "has neither an id nor any text")

    line_texts = _news_lines(lines)
    lines_of_their_own = [(kind, text) for kind, text in line_texts.items() if kind not in _READ_LINES]
    marks = [_formal(each) for each in manage.get("instruction", ())]
    marks += [_formal(each) for each in manage.get("newsitemtype", ())]
    update = attribute(revision, "update")
    earlier = attribute(revision, "previousrevision")
    updated = update not in {None, "N"} or (earlier not in {None, "0"})
    codes = _subject_codes(describe, envelope.topics)
    place = _place(describe)
    properties = _properties(describe)
    keywords = unique(properties.get("keyword", ())) or texts_of(lines.get("keywordline"))
    slug = next(iter(texts_of(lines.get("slugline"))), None) or text_of(first(identity, "namelabel"))
    slug = slug or line_texts.get("catchword")
    return NewsItem(
        guid=guid,
        version=text_of(revision),
        version_created=moment,
        first_created=clock.read(begun),
        provider=text_of(first(names, "providerid")) or _party(admin, "provider") or envelope.provider,
        source=_party(admin, "source"),
        url=_web(text_of(first(lines, "morelink"))),
        item_type=_item_type(content),
        status=status,
        signals=signals_of((*marks, "Update" if updated else None), status),
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        headline=headline,
        standfirst=summary,
        body=body,
        byline_raw=byline,
        dateline_raw=dateline
        or _stated_dateline(describe, place, content.body, (_formal(first(manage, "newsitemtype")) or "").lower()),
        dateline_date_raw=text_of(first(describe, "datelinedate")) or content.dateline_date,
        located_place=place.city,
        located_country=country_code(place.country),
        language=language,
        slug=slug,
        take_key=take_key_of(slug),
        keywords=keywords,
        genres=unique((*(_formal(each) for each in describe.get("genre", ())), line_texts.get("storytype"))),
        editorial_note=join_lines(
            *(text for kind, text in line_texts.items() if kind in _NOTE_LINES),
            *content.notes,
            *_properties(admin).get("editorialinfo", ()),
        ),
        usage_terms=join_lines(*(read_lines(each) for each in lines.get("rightsline", ())), *content.rights),
        credit=joined(texts_of(lines.get("creditline")), "; ") or joined(content.distributors, "; "),
        urgency=whole_number(_formal(first(manage, "urgency"))),
        priority=envelope.priority,
        media=content.media,
        wire_header=(
            *envelope.facts,
            *pairs(
                ("news_item_type", _formal(first(manage, "newsitemtype"))),
                ("category", next((cat for each in _codes(describe) if (cat := attribute(each, "cat"))), None)),
                ("keyword_line", joined(texts_of(lines.get("keywordline")), "; ")),
                ("product_line", line_texts.get("productline")),
                ("status", word if is_embargoed(word) else None),
                ("of_interest_to", joined(_formal(each) for each in describe.get("ofinterestto", ()))),
            ),
        ),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        published=moment,
        published_raw=printed,
        date_source=dated,
        updated=moment if updated else None,
        extra=pairs(
            ("copyright", joined(texts_of(lines.get("copyrightline")), "; ")),
            ("located_as", place.how),
            ("members", joined(content.members)),
            ("distributor", joined(unsaid(content.distributors, *texts_of(lines.get("creditline"))), "; ")),
            ("headlines_foreign", joined(foreign, "\n")),
            ("page_title", joined(unsaid(content.page_titles, headline, summary), "; ")),
            ("series", joined(texts_of(lines.get("seriesline")), "; ")),
            (
                "news_lines",
                joined((f"{kind}: {text}" for kind, text in lines_of_their_own), "\n"),
            ),
            # a translation or a summary is derived too: it replaces nothing
            ("derived_from", joined(attribute(each, "newsitem") for each in manage.get("derivedfrom", ()))),
        ),
    )


def _family(names: Children) -> str | None:
    """The id that all versions share: provider, date and item id, as ``PublicIdentifier`` without the revision.

    Some agencies send a ``PublicIdentifier`` that names no item (``urn:newsml:agency.example``); the parts are then put
    together as the specification says. Without an item id there is no family.
    """
    public = text_of(first(names, "publicidentifier"))
    own = text_of(first(names, "newsitemid"))
    provider, date = text_of(first(names, "providerid")), text_of(first(names, "dateid"))
    revision = text_of(first(names, "revisionid"))
    if public and (own is None or public.count(":") >= 4):
        head, _, tail = public.rpartition(":")
        if revision and head and (tail == revision or (tail[:-1] == revision and tail[-1:].isalpha())):
            return head
        if own is None or own in public or public.count(":") >= 4:
            return public if own or public.count(":") >= 4 else None
    if own is None:
        return None
    return ":".join(("urn:newsml", *unique((provider, date)), own))


def _embargo(manage: Children, word: str | None, clock: Clock) -> tuple[Any, str | None]:
    """When a story may be shown: an embargoed status and the moment at which it will change."""
    if not is_embargoed(word):
        return None, None
    change = first(manage, "statuswillchange")
    told = text_of(child(change, "dateandtime"))
    moment = clock.read(told)
    return (moment, None) if moment is not None else (None, told or "embargoed")


def _news_lines(lines: Children) -> dict[str, str]:
    """``NewsLine`` texts by their type (lower case)."""
    found: dict[str, list[str]] = {}
    for line in lines.get("newsline", ()):
        kind = _formal(child(line, "newslinetype"))
        text = joined((text_of(each) for each in children(line) if name_of(each) == "newslinetext"), "\n")
        if kind and text:
            found.setdefault(kind.lower(), []).append(text)
    return {kind: join_lines(*texts) or "" for kind, texts in found.items()}


def _codes(describe: Children) -> list[Element]:
    return [
        each for code in describe.get("subjectcode", ()) for each in descendants(code, *_CODE_NAMES) if len(each) == 0
    ]


def _topics(document: Element) -> dict[str, tuple[str, ...]]:
    """Names of the topics that a document describes in its ``TopicSet``, by their ``Duid``."""
    return {
        duid: tuple(text for each in children(topic) if name_of(each) == "formalname" and (text := text_of(each)))
        for topic in descendants(document, "topic")
        if (duid := attribute(topic, "duid"))
    }


def _subject_codes(describe: Children, topics: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """IPTC subject codes: eight digits; an agency's own categories (``ECO``) are none.

    A ``TopicOccurrence`` names a topic of the document's own ``TopicSet``, whose names may be such codes.
    """
    names = [attribute(each, "formalname") for each in _codes(describe)]
    for each in describe.get("topicoccurrence", ()):
        names.extend(topics.get((attribute(each, "topic") or "").lstrip("#"), ()))
    return unique(f"subj:{code}" for code in names if code and len(code) == 8 and code.isdigit())


def _properties(parts: Children) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in parts.get("property", ()):
        name, value = attribute(each, "formalname"), attribute(each, "value")
        if name and value:
            found.setdefault(name.lower(), []).append(value)
    return found


class _Place(NamedTuple):
    """Where, and what that place is to the story (``HowPresent``)."""

    city: str | None = None
    country: str | None = None
    how: str | None = None


def _place(describe: Children) -> _Place:
    """City and country of the ``Location`` that says Origin, else of the first, else of bare properties (ANA)."""
    locations = describe.get("location", [])
    locations = sorted(locations, key=lambda each: (attribute(each, "howpresent") or "").lower() != "origin")
    for location in locations:
        found = _properties(grouped(location))
        city = next(iter(found.get("city", ())), None)
        country = next(iter(found.get("country", ())), None)
        if city or country:
            return _Place(city, country, attribute(location, "howpresent"))
    found = _properties(describe)
    return _Place(next(iter(found.get("city", ())), None), next(iter(found.get("country", ())), None))


def _stated_dateline(describe: Children, place: _Place, body: str | None, kind: str) -> str | None:
    """The dateline of copy that prints none (AFP's alerts): the date of a dateline beside a place of origin.

    A bare ``Location`` is no dateline, and copy that prints one knows better; an alert prints none.
    """
    if first(describe, "datelinedate") is None or (place.how or "").lower() != "origin":
        return None
    return None if kind != "alert" and _PRINTED_DATELINE.search((body or "")[:100]) else place.city


def _party(admin: Children, name: str) -> str | None:
    for each in admin.get(name, ()):
        party = attribute(child(each, "party"), "formalname") or text_of(each)
        if party:
            return party
    return None


def _byline(lines: Children) -> str | None:
    """``ByLine``, its title on a line of its own."""
    byline = joined(texts_of(lines.get("byline")), "; ")
    title = joined(texts_of(lines.get("bylinetitle")), "; ")
    return joined((byline, title), "\n") if byline else None


def _author(content: Components) -> str | None:
    """Dialects that put the author into an element of its own."""
    return joined((text_of(each) for each in content.authors), "; ")


def _item_type(content: Components) -> str:
    """By the medium of the main content: a story with pictures is text, a picture with a caption is a picture.

    What holds neither but brings other items together is composite.
    """
    if content.body:
        return "text"
    for medium in content.media_types:
        if medium in _ITEM_TYPES:
            return _ITEM_TYPES[medium]
    return "composite" if content.members else "text"


def _in_language(elements: list[Element], language: str | None) -> tuple[list[str], list[str]]:
    """Texts in the item's language (else those that name none, else all), and the others."""
    texts = [((each.get(XML_LANG) or "")[:2].lower(), text) for each in elements if (text := text_of(each))]
    ours = (language or "")[:2].lower()
    for wanted in (ours, ""):
        if any(tag == wanted for tag, _ in texts):
            mine = [text for tag, text in texts if tag in {wanted, ""}]
            return mine, [text for tag, text in texts if tag not in {wanted, ""}]
    return [text for _, text in texts], []


def _web(text: str | None) -> str | None:
    return text if text and text.startswith(("http://", "https://")) and len(text.split("/")) > 4 else None
