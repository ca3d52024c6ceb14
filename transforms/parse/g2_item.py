"""One item of NewsML-G2: management metadata, content metadata and content as a `NewsItem`."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from schemas.item import Media, NewsItem
from transforms.parse.agency_document import Clock, joined, pairs
from transforms.parse.body_media import whole_number
from transforms.parse.catalog import Catalog, last_part
from transforms.parse.elements import (
    XML_LANG,
    Children,
    Element,
    attribute,
    child,
    first,
    grouped,
    join_lines,
    name_of,
    text_of,
    texts_of,
    unique,
)
from transforms.parse.g2_content import read_content
from transforms.parse.g2_management import read_management
from transforms.parse.g2_parts import member_ids, read_coverage, read_members
from transforms.parse.g2_place import read_place
from transforms.parse.g2_subjects import Codes
from transforms.parse.g2_titles import rank_of, read_descriptions, read_headlines
from transforms.parse.news_status import take_key_of
from transforms.parse.newsml_text import read_lines
from transforms.parse.said import above, fullest_lines, unsaid
from transforms.parse.xml import ParseError

_ITEM_TYPES = {
    "text": "text",
    "picture": "picture",
    "photo": "picture",
    "image": "picture",
    "graphic": "graphics",
    "graphics": "graphics",
    "video": "video",
    "animated": "video",
    "audio": "audio",
    "composite": "composite",
    "newscoverage": "event",
    "event": "event",
}
_TIME_STAMP = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")
"""Reuters prints a time stamp where others print the dateline."""


class Envelope(NamedTuple):
    """What a ``newsMessage`` says of all its items.

    Attributes:
        priority: of the transmission.
        sender: who sent it.
        facts: header facts.
        catalogs: ``catalog`` elements of the header.
    """

    priority: int | None = None
    sender: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    catalogs: tuple[Element, ...] = ()


def read_news_item(item: Element, envelope: Envelope, clock: Clock, name: str | None = None) -> NewsItem:
    """Read a ``newsItem``, ``packageItem`` or ``planningItem``, or what other items have in common with them.

    Args:
        item: the element.
        envelope: of the message around it.
        clock: for times without a zone.
        name: what the item is about, when that stands outside its metadata; it is the headline.

    Returns:
        The item, position 0.

    Raises:
        ParseError: ``empty_item`` when it has neither an id nor any text.
    """
    top = grouped(item)
    catalog = Catalog.of((*envelope.catalogs, *top.get("catalog", ())))
    meta = grouped(first(top, "itemmeta"))
    content = grouped(first(top, "contentmeta"))
    language = _language(item, content)

    made, begun = text_of(first(meta, "versioncreated")), text_of(first(meta, "firstcreated"))
    created, modified = text_of(first(content, "contentcreated")), text_of(first(content, "contentmodified"))
    printed = made or modified or created
    clock = clock.beside(made, begun, modified, created)
    moment, dated = clock.dated(printed)
    moment = moment or clock.read(modified) or clock.read(created)
    guid = attribute(item, "guid")
    manage = read_management(meta, catalog, guid, clock)

    kind = _ITEM_TYPES.get(last_part(catalog.code_of(first(meta, "itemclass"))))
    if kind is None:
        kind = {"packageitem": "composite", "planningitem": "event"}.get(name_of(item), "text")
    inside = read_content(top.get("contentset", ()))
    texts = read_descriptions(content.get("description", ()), catalog)
    titles, subtitle = read_headlines(content.get("headline", ()), catalog, language)
    headline = name or titles or inside.printed_title or inside.page_title or _title(meta)
    slug = next(iter(texts_of(content.get("slugline"))), None) or inside.slug
    if not (guid or headline or inside.body or inside.media or texts.summary or texts.caption):
        raise ParseError("empty_item", "has neither an id nor any text")

    members = read_members(top.get("groupset", ()))
    planned, plan_notes = read_coverage(top.get("newscoverageset", ()))
    # parts of a video or a page, in their order
    shots = [line for part in top.get("partmeta", ()) for each in part if (line := _part_line(each))]
    copy = inside.body or texts.script or "\n".join((*members, *planned, *shots)) or None
    media = inside.media
    caption = texts.caption if kind in {"picture", "graphics", "video", "audio"} else None
    unused = texts.caption is not None and caption is None  # a caption of no medium
    if caption and media:
        media = (_with_caption(media[0], caption), *media[1:])
    codes = Codes.of(content.get("subject", ()), catalog)
    place = read_place(content.get("located") or meta.get("located") or (), top.get("assert", ()), catalog)
    rights = _all_of(top.get("rightsinfo", ()))
    dateline = next(iter(texts_of(content.get("dateline"))), None) or inside.dateline
    byline = joined(texts_of(content.get("by")), "; ") or inside.byline
    standfirst = fullest_lines(
        *unsaid((inside.printed_title,), headline), subtitle, inside.subheadline, texts.summary, inside.standfirst
    )
    return NewsItem(
        guid=guid,
        version=attribute(item, "version"),
        version_created=moment,
        first_created=clock.read(begun) or (clock.read(created) if begun is None else None),
        provider=_party(first(meta, "provider"), catalog) or envelope.sender,
        source=_source(content.get("infosource", ()), catalog),
        url=_own_link(meta.get("link", ()), catalog),
        item_type=kind,
        status=manage.status,
        signals=manage.signals,
        supersedes=unique((*manage.supersedes, *_replaced(content.get("altid", ())))),
        embargo_until=manage.embargo_until,
        embargo_raw=manage.embargo_raw,
        headline=headline,
        standfirst=standfirst or caption,
        # what the content prints above its copy, where the metadata say something else
        body=above((inside.byline, inside.dateline, inside.slug), copy, byline, dateline, slug),
        byline_raw=byline,
        dateline_raw=dateline,
        dateline_date_raw=dateline if dateline and _TIME_STAMP.match(dateline) else inside.dateline_date,
        located_place=place.name,
        located_country=place.country,
        language=language,
        slug=slug,
        take_key=take_key_of(slug),
        keywords=texts_of(content.get("keyword")),
        genres=unique(_label(each, catalog) for each in content.get("genre", ())),
        editorial_note=join_lines(*manage.notes, *plan_notes, *inside.notes),
        usage_terms=fullest_lines(_rights(rights, language), inside.rights),
        credit=joined(texts_of(content.get("creditline")), "; ") or inside.distributor,
        urgency=whole_number(text_of(first(content, "urgency"))),
        priority=envelope.priority,
        media=media,
        wire_header=(
            *envelope.facts,
            *pairs(
                ("service", joined(catalog.code_of(each) or text_of(each) for each in meta.get("service", ()))),
                ("category", codes.category),
                ("role", catalog.code_of(first(meta, "role"))),
                ("profile", text_of(first(meta, "profile"))),
                ("word_count", inside.word_count),
            ),
        ),
        subject_codes=codes.subjects,
        media_topics=codes.topics,
        published=moment,
        published_raw=printed,
        date_source=dated,
        updated=clock.read(modified),
        extra=pairs(
            ("provider_codes", joined(codes.others)),
            (
                "creators",
                joined(
                    (text_of(child(each, "name")) or _party(each, catalog) for each in content.get("creator", ())), "; "
                ),
            ),
            ("members", joined(member_ids(top.get("groupset", ())))),
            ("copyright", joined(texts_of(rights.get("copyrightnotice")), "; ")),
            ("descriptions", joined((f"caption: {texts.caption}" if unused else None, *texts.others), "\n")),
            ("distributor", joined(unsaid((inside.distributor,), *texts_of(content.get("creditline"))))),
            ("page_title", joined(unsaid((inside.page_title,), headline, standfirst))),
        ),
    )


def _all_of(groups: Iterable[Element]) -> dict[str, list[Element]]:
    """The children of several elements of one name."""
    found: dict[str, list[Element]] = {}
    for group in groups:
        for name, elements in grouped(group).items():
            found.setdefault(name, []).extend(elements)
    return found


def _part_line(element: Element) -> str | None:
    """What a part of the content says of itself."""
    return read_lines(element) if name_of(element) in {"headline", "description"} else None


def _language(item: Element, content: Children) -> str | None:
    for each in sorted(content.get("language", ()), key=rank_of):
        tag = attribute(each, "tag")
        if tag:
            return tag
    return item.get(XML_LANG) or attribute(item, "lang")


def _title(meta: Children) -> str | None:
    """``itemMeta/title``, unless its role says that it is a tag."""
    return next(iter(texts_of(each for each in meta.get("title", ()) if not each.get("role"))), None)


def _label(element: Element, catalog: Catalog) -> str | None:
    """A concept's printed name, else its code without scheme."""
    name = child(element, "name")
    return text_of(name) or attribute(element, "literal") or last_part(catalog.code_of(element)) or None


def _party(element: Element | None, catalog: Catalog) -> str | None:
    """An organisation or person: code of IPTC's provider list, literal, name, or what else names it."""
    if element is None:
        return None
    code = catalog.code_of(element)
    if code and code.startswith("nprov:"):
        return code.removeprefix("nprov:")
    if element.get("literal"):
        return attribute(element, "literal")
    named = text_of(child(element, "name"))
    return named or text_of(element) or (last_part(code) or None)


def _source(elements: Iterable[Element], catalog: Catalog) -> str | None:
    """Whom the content is credited to: the original provider where roles tell."""
    found = [(catalog.role_of(each), _party(each, catalog)) for each in elements]
    for role in ("origprov", "originfo", "source", "contentsource", "supplier", ""):
        for have, name in found:
            if have == role and name:
                return name
    return next((name for _, name in found if name), None)


def _own_link(links: Iterable[Element], catalog: Catalog) -> str | None:
    """The address under which the item itself is found, when a link says so."""
    for link in links:
        relation = last_part(catalog.qcode(attribute(link, "rel") or ""))
        href = attribute(link, "href")
        if (
            href
            and href.startswith(("http://", "https://"))
            and relation in {"self", "webversion", "permalink", "canonical"}
        ):
            return href
    return None


def _replaced(alternatives: Iterable[Element]) -> Iterable[str | None]:
    """Ids that an ``altId`` names as replaced (TT's ``tt:refuno``)."""
    return (text_of(each) for each in alternatives if last_part(attribute(each, "type")) in {"refuno", "replaces"})


def _rights(rights: Children, language: str | None) -> str | None:
    """Usage terms in the item's language, else in any; a copyright notice is none."""
    terms = [(each.get(XML_LANG), read_lines(each, wrapped=True)) for each in rights.get("usageterms", ())]
    ours = [text for tag, text in terms if not tag or not language or tag[:2].lower() == language[:2].lower()]
    return joined(ours, "\n") or joined((text for _, text in terms), "\n")


def _with_caption(media: Media, caption: str) -> Media:
    return Media(media.url, media.type, media.caption or caption, media.credit, media.title, media.width, media.height)
