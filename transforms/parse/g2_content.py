"""The content of a NewsML-G2 item: inline XHTML, NITF, other XML, inline text, and renditions elsewhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.item import Media
from transforms.parse.body_media import whole_number
from transforms.parse.elements import (
    MAX_COMPARED,
    Element,
    attribute,
    child,
    children,
    descendants,
    join_lines,
    name_of,
    text_of,
    unique,
)
from transforms.parse.newsml_text import Copy, read_copy
from transforms.parse.nitf_content import read_nitf_body


@dataclass(frozen=True, slots=True)
class G2Content:
    """What ``contentSet`` holds; fields as in `Copy` and `NitfBody`. ``printed_title`` stands above the copy."""

    body: str | None = None
    headline: str | None = None
    printed_title: str | None = None
    subheadline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    dateline: str | None = None
    dateline_date: str | None = None
    slug: str | None = None
    notes: tuple[str, ...] = ()
    distributor: str | None = None
    rights: str | None = None
    word_count: str | None = None
    media: tuple[Media, ...] = ()


_SIGNS = re.compile(r"\W+")
_TEXT = ("", "text/", "application/xhtml", "application/nitf", "application/xml", "xhtml", "html", "nitf")


def read_content(sets: Iterable[Element]) -> G2Content:
    """Read content sets. Renditions become media."""
    pieces: list[G2Content] = []
    remote: list[Element] = []
    for content in sets:
        for part in children(content):
            name = name_of(part)
            if name == "inlinexml":
                pieces.append(_inline_xml(part))
            elif name == "inlinedata":
                piece = _inline_data(part)
                if piece is not None:
                    pieces.append(piece)
            elif name == "remotecontent":
                remote.append(part)
    media = _renditions(remote)
    if not pieces:
        return G2Content(media=media)
    if len(pieces) == 1 and not media:
        return pieces[0]
    first = pieces[0]
    return G2Content(
        body=_fullest(piece.body for piece in pieces),
        headline=first.headline,
        printed_title=first.printed_title,
        subheadline=first.subheadline,
        standfirst=join_lines(*(piece.standfirst for piece in pieces)),
        byline=first.byline,
        dateline=first.dateline,
        dateline_date=first.dateline_date,
        slug=first.slug,
        notes=unique(note for piece in pieces for note in piece.notes),
        distributor=first.distributor,
        rights=first.rights,
        word_count=first.word_count,
        media=(*media, *(medium for piece in pieces for medium in piece.media)),
    )


def _fullest(bodies: Iterable[str | None]) -> str | None:
    """The copies that say something of their own: a content set holds *alternative* renditions of one content.

    NITF, XHTML and plain text of the same copy differ in white space and signs only, or one prints a title more.
    """
    texts = unique(bodies)
    if not 1 < len(texts) <= MAX_COMPARED:
        return "\n".join(texts) or None
    bare = [_SIGNS.sub("", text).casefold() for text in texts]
    kept = [
        text
        for place, text in enumerate(texts)
        if not any(
            bare[place] in other and (len(bare[place]) < len(other) or number < place)
            for number, other in enumerate(bare)
            if number != place
        )
    ]
    return "\n".join(kept)


def _inline_xml(part: Element) -> G2Content:
    words = attribute(part, "wordcount")
    nitf = part if name_of(part) == "nitf" else next(descendants(part, "nitf"), None)
    if nitf is not None:
        body = read_nitf_body(nitf)
        return G2Content(
            body=body.copy.body,
            headline=body.headline or text_of(child(nitf, "head", "title")),
            printed_title=body.headline,
            subheadline=body.subheadline,
            standfirst=body.standfirst,
            byline=body.byline,
            dateline=body.dateline,
            dateline_date=body.dateline_date,
            notes=unique((body.note,)),
            distributor=body.distributor,
            rights=body.rights,
            word_count=words,
            media=body.copy.media,
        )
    html = child(part, "html")
    title = text_of(child(html, "head", "title"))
    return _of_copy(read_copy(part), title, words)


def _inline_data(part: Element) -> G2Content | None:
    kind = (attribute(part, "contenttype") or "").lower()
    if attribute(part, "encoding") or not (kind == "" or kind.startswith(_TEXT[1:])):
        return None
    return _of_copy(read_copy(part), None, attribute(part, "wordcount"))


def _of_copy(copy: Copy, title: str | None, words: str | None) -> G2Content:
    return G2Content(
        body=copy.body,
        headline=copy.headline or title,
        printed_title=copy.headline,
        subheadline=copy.subheadline,
        standfirst=copy.standfirst,
        byline=copy.byline,
        dateline=copy.dateline,
        slug=copy.slug,
        notes=copy.notes,
        word_count=None if words == "0" else words,
        media=copy.media,
    )


def _renditions(remote: list[Element]) -> tuple[Media, ...]:
    """Every rendition, the largest first; what the element prints (alternative ids, file names) is its title."""
    found: list[tuple[int, Media]] = []
    for part in remote:
        width, height = whole_number(attribute(part, "width")), whole_number(attribute(part, "height"))
        address = attribute(part, "href") or attribute(part, "residref")
        title = joined_text(part)
        if address is None and title is None:
            continue
        size = (width or 0) * (height or 0) or (whole_number(attribute(part, "size")) or 0) // 10
        medium = Media(url=address, type=attribute(part, "contenttype"), title=title, width=width, height=height)
        found.append((size, medium))
    found.sort(key=lambda each: -each[0])
    return tuple(medium for _, medium in found)


def joined_text(element: Element) -> str | None:
    """The texts of an element's descendants, parted by spaces."""
    return " ".join(unique(str(text).strip() for text in element.itertext())) or None
