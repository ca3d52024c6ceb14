"""The content of a NewsML-G2 item: inline XHTML, NITF, other XML, inline text, and renditions elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.item import Media
from transforms.parse.body_media import whole_number
from transforms.parse.elements import Element, attribute, child, children, descendants, name_of, text_of, unique
from transforms.parse.newsml_text import Copy, read_copy, read_text
from transforms.parse.nitf_content import read_nitf_body
from transforms.parse.plain_copy import decoded_text
from transforms.parse.said import above, fullest, fullest_lines, unsaid


@dataclass(frozen=True, slots=True)
class G2Content:
    """What ``contentSet`` holds; fields as in `Copy` and `NitfBody`.

    ``printed_title`` stands above the copy, ``page_title`` in the ``head`` of an XHTML or NITF document.
    """

    body: str | None = None
    page_title: str | None = None
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


_TEXT = ("text/", "application/xhtml", "application/nitf", "application/xml", "xhtml", "html", "nitf")


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

    def of(field: str) -> tuple[str, ...]:
        return unique(getattr(piece, field) for piece in pieces)

    # a content set holds *alternative* renditions of one content: NITF, XHTML and plain text of the same copy differ
    # in white space and signs only, or one prints a title more
    body = "\n".join(fullest(piece.body for piece in pieces)) or None
    firsts = {name: next(iter(of(name)), None) for name in ("printed_title", "byline", "dateline", "slug")}
    body = above((*of("byline"), *of("dateline"), *of("slug")), body, *firsts.values())
    return G2Content(
        body=body,
        page_title=next(iter(of("page_title")), None),
        subheadline=fullest_lines(*unsaid(of("printed_title"), firsts["printed_title"]), *of("subheadline")),
        standfirst=fullest_lines(*of("standfirst")),
        dateline_date=next(iter(of("dateline_date")), None),
        notes=unique(note for piece in pieces for note in piece.notes),
        distributor="; ".join(of("distributor")) or None,
        rights=fullest_lines(*of("rights")),
        word_count=next(iter(of("word_count")), None),
        media=(*media, *(medium for piece in pieces for medium in piece.media)),
        **firsts,
    )


def _inline_xml(part: Element) -> G2Content:
    words = attribute(part, "wordcount")
    nitf = next(descendants(part, "nitf"), None)
    if nitf is not None:
        body = read_nitf_body(nitf)
        return G2Content(
            body=body.copy.body,
            page_title=text_of(child(nitf, "head", "title")),
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
    return _of_copy(read_copy(part), text_of(child(part, "html", "head", "title")), words)


def _inline_data(part: Element) -> G2Content | None:
    """Inline text; None for other data, and for what a decoder would have to be guessed for."""
    kind = (attribute(part, "contenttype") or "").lower()
    if kind and not kind.startswith(_TEXT):
        return None
    encoding = attribute(part, "encoding")
    if len(part):
        return _inline_xml(part)
    if not encoding:
        return _of_copy(read_copy(part), None, attribute(part, "wordcount"))
    text = decoded_text(part.text, encoding) if kind else None
    return None if text is None else _of_copy(read_text(text), None, attribute(part, "wordcount"))


def _of_copy(copy: Copy, title: str | None, words: str | None) -> G2Content:
    return G2Content(
        body=copy.body,
        page_title=title,
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
