"""The copy inside agency XML: XHTML, NITF, bare paragraphs, escaped HTML or plain text, read as readable text.

Paragraphs are parted by line breaks, table rows are lines with tabs between the cells. Captions go to media, notes
that are not for publication go to notes, and what an XHTML ``header`` prints above the copy (headline, byline, topic
words) goes where it belongs. Nothing else is left out: every word of the body is in one of these places.

Sources: NITF 3.x DTD (``body.content``, ``media``, ``note``), XHTML/HTML block model, and the class names by which
agencies mark parts of XHTML bodies (``byline``, ``dateline``, ``teaser``, ``notepad``).
"""

import re
from dataclasses import dataclass

from lxml import etree

from schemas.item import Media
from transforms.parse.elements import Element, attribute, children, descendants, name_of, text_of, unique
from transforms.parse.limits import MAX_ITEM_CHARS, MAX_MEDIA

MAX_DEPTH = 100
"""Nesting beyond which structure is dropped and only the words are kept; real bodies nest fewer than 20 deep."""

_BREAK = "\x00"  # stands for a line break while a paragraph is put together; XML cannot contain it

_INLINE = frozenset(
    "a abbr acronym alt-code b bdi bdo big chron cite city classifier code copyrite country data del dfn em event font "
    "frac function i ins kbd label lang location mark money num object.title org person postaddr pronounce q region s "
    "samp small span state strike strong sub sublocation sup time tt u var virtloc wbr".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body body.content body.end block center dd details dir div dl dt fieldset "
    "footer form h1 h2 h3 h4 h5 h6 hl1 hl2 hr li main nav ol p section summary tagline ul bq credit "
    "bibliography fn sidebar headline".split()
)
_SKIPPED = frozenset(("head", "style", "script", "template", "noscript", "svg", "math", "meta", "link", "colgroup"))
_MEDIA_TAGS = frozenset(("img", "video", "audio", "picture", "iframe", "object", "embed"))
_PRIVATE_CLASS = re.compile(
    r"notepad|(?:np-)?non-?public|not-?for-?publication|np-constraint|editorial-?note|ed-?note|closingline",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<(?:p|br|div|span|b|i|em|strong|a|h[1-6]|ul|ol|li|table|tr|td|hr|img|blockquote|html|body)\b[^<>]*/?>",
    re.IGNORECASE,
)
_INDENTED = re.compile(r"^[ \t]{2,}\S", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n")


@dataclass(frozen=True, slots=True)
class Copy:
    """What a piece of content holds.

    Attributes:
        body: the copy, or None.
        headline: what a header above the copy prints as title.
        subheadline: a second heading above the copy.
        standfirst: a teaser paragraph that the markup names so.
        byline: a byline that the markup names so.
        dateline: a dateline that the markup names so; it stays in the body too.
        slug: topic words of a header, parted by ``/``.
        notes: lines marked as not for publication, and the time that a header prints.
        media: pictures and other media with their captions.
    """

    body: str | None = None
    headline: str | None = None
    subheadline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    dateline: str | None = None
    slug: str | None = None
    notes: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


def read_copy(*elements: Element, soft_breaks: bool = False) -> Copy:
    """Read the content of elements, one after the other.

    Args:
        elements: containers of copy (``html``, ``body``, ``body.content``, ``DataContent``, …).
        soft_breaks: ``br`` after a space is a wrapped line of a wire terminal, not the end of a line.

    Returns:
        The copy; a container that holds escaped HTML or plain text is read as that.
    """
    reader = _Reader(soft_breaks=soft_breaks)
    for element in elements:
        if len(element) == 0:
            reader.plain(element.text or "")
        else:
            reader.inside(element, 0)
            reader.flush()
    return reader.copy()


def read_text(text: str) -> Copy:
    """Read text that may be HTML: as HTML when it has tags, else as paragraphs of plain text."""
    reader = _Reader()
    reader.plain(text)
    return reader.copy()


def paragraphs_of(text: str) -> list[str]:
    """Paragraphs of plain text as wires print them.

    Blank lines part paragraphs; without them indented first lines do; without these every line is a paragraph. Lines
    with tabs are rows of a table and stay as they are.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in text:
        return [line] if (line := " ".join(text.split())) else []
    if _BLANK_LINE.search(text.strip()):
        blocks = _BLANK_LINE.split(text)
    elif (starts := [found.start() for found in _INDENTED.finditer(text)]) and len(starts) < text.count("\n"):
        blocks = [text[a:b] for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]
    else:
        blocks = text.split("\n")
    lines: list[str] = []
    for block in blocks:
        if "\t" in block.strip():
            lines.extend(row for line in block.split("\n") if (row := line.strip()))
        elif line := " ".join(block.split()):
            lines.append(line)
    return lines


def has_markup(text: str) -> bool:
    """Whether text contains HTML tags (after XML's own escaping is undone)."""
    return "<" in text and _MARKUP.search(text) is not None


def html_body(text: str) -> Element | None:
    """HTML text as a tree; None when nothing is in it. Nothing is fetched, scripts are not run."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None else None


class _Reader:
    """Collects lines while walking a tree; one per piece of content."""

    __slots__ = ("_soft", "_buffer", "_lines", "_media", "_notes", "_heads", "_classed", "_chars")

    def __init__(self, *, soft_breaks: bool = False) -> None:
        self._soft = soft_breaks
        self._buffer: list[str] = []
        self._lines: list[str] = []
        self._media: list[Media] = []
        self._notes: list[str] = []
        self._heads: dict[str, list[str]] = {}
        self._classed: dict[str, list[str]] = {}
        self._chars = 0

    def copy(self) -> Copy:
        """What was collected."""
        self.flush()
        body = "\n".join(self._lines)
        if len(body) > MAX_ITEM_CHARS:
            body = body[:MAX_ITEM_CHARS]
        heads, classed = self._heads, self._classed
        titles = unique(heads.get("title", ()))
        return Copy(
            body=body or None,
            headline=titles[0] if titles else None,
            subheadline="\n".join(unique((*titles[1:], *heads.get("subtitle", ())))) or None,
            standfirst="\n".join(unique(classed.get("teaser", ()))) or None,
            byline="; ".join(unique(classed.get("byline", ()))) or None,
            dateline=next(iter(classed.get("dateline", ())), None),
            slug="/".join(unique(heads.get("slug", ()))) or None,
            notes=unique(self._notes),
            media=tuple(self._media),
        )

    def plain(self, text: str) -> None:
        """Text of an element without children: escaped HTML or plain text."""
        if has_markup(text):
            root = html_body(text)
            if root is not None:
                self.inside(root, 0)
                self.flush()
                return
        self._lines.extend(paragraphs_of(text))

    def flush(self) -> None:
        """End the paragraph."""
        if not self._buffer:
            return
        joined = "".join(self._buffer)
        self._buffer.clear()
        if _BREAK in joined:
            parts = joined.split(_BREAK)
            if self._soft:
                parts = _unwrap(parts)
            self._lines.extend(line for part in parts if (line := " ".join(part.split())))
        elif line := " ".join(joined.split()):
            self._lines.append(line)

    def inside(self, element: Element, depth: int) -> None:
        """The text and the children of an element."""
        buffer = self._buffer
        if element.text:
            buffer.append(element.text)
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                self._element(child, depth + 1)
            elif child.text and tag is etree.Entity:
                buffer.append(child.text)
            if child.tail:
                buffer.append(child.tail)

    def _element(self, element: Element, depth: int) -> None:
        name = name_of(element)
        if depth > MAX_DEPTH:
            self._buffer.append(f" {text_of(element) or ''} ")
            return
        if name in _INLINE:
            if name == "span" and "dateline" in (element.get("class") or ""):
                self._note_class("dateline", text_of(element))
            self.inside(element, depth)
        elif name == "p":
            self._paragraph(element, depth)
        elif name == "br":
            self._buffer.append(_BREAK)
        elif name in _SKIPPED:
            pass
        elif name == "table":
            self.flush()
            self._table(element, depth)
            self.flush()
        elif name == "pre":
            self.flush()
            self._preformatted(element)
        elif name == "header":
            self.flush()
            self._header(element, depth)
        elif name in {"figure", "media", "photo", "graphic"}:
            self._figure(element, depth)
        elif name in _MEDIA_TAGS:
            self._embedded(element, depth)
        elif name in _BLOCK:
            self._block(element, depth)
        else:
            # unknown: a container if its children are blocks, else words within a sentence
            self._buffer.append(" ")
            self.inside(element, depth)
            self._buffer.append(" ")

    def _paragraph(self, element: Element, depth: int) -> None:
        self.flush()
        kind = element.get("class")
        if kind is not None or element.get("pubconstraint") is not None:
            if _is_private(element):
                self._private(element)
                return
            if kind in {"teaser", "byline"}:
                self._note_class(kind, text_of(element))
                return
        self.inside(element, depth)
        self.flush()

    def _block(self, element: Element, depth: int) -> None:
        self.flush()
        if element.get("class") is not None and _is_private(element):
            self._private(element)
            return
        self.inside(element, depth)
        self.flush()

    def _note_class(self, kind: str, text: str | None) -> None:
        if text:
            self._classed.setdefault(kind, []).append(text)

    def _private(self, element: Element) -> None:
        reader = _Reader()
        reader._open(element)
        self._notes.extend(reader._lines)
        self._notes.extend(reader._notes)

    def _open(self, element: Element) -> None:
        """Read a private part: what is inside is private whatever it says of itself."""
        for each in element.iter(etree.Element):
            if name_of(each) not in _INLINE:
                self.flush()
            if name_of(each) in _SKIPPED:
                continue
            if each.text:
                self._buffer.append(each.text)
            # the tail of the part itself belongs to what follows it
            if each is not element and each.tail and len(each) == 0:
                self._buffer.append(each.tail)
        self.flush()

    def _header(self, element: Element, depth: int) -> None:
        """An XHTML ``header``: what is printed above the copy."""
        for part in children(element):
            name = name_of(part)
            text = text_of(part)
            if name == "h1":
                self._head("title", text)
            elif name in {"h2", "h3", "h4", "h5", "h6"}:
                self._head("subtitle", text)
            elif name in {"ul", "ol"}:
                for word in descendants(part, "li"):
                    self._head("slug", text_of(word))
            elif name == "time":
                self._notes.extend(unique((text,)))
            else:
                self._element(part, depth + 1)
        self.flush()

    def _head(self, kind: str, text: str | None) -> None:
        if text:
            self._heads.setdefault(kind, []).append(text)

    def _preformatted(self, element: Element) -> None:
        text = "".join(element.itertext(etree.Element, etree.Entity)).replace("\r\n", "\n")
        self._lines.extend(line.rstrip() for line in text.split("\n") if line.strip())

    def _table(self, element: Element, depth: int) -> None:
        if element.text and element.text.strip():
            self._buffer.append(element.text)
        for part in children(element):
            name = name_of(part)
            if name in {"tr", "row", "nitf-table-row"}:
                self.flush()
                self._row(part, depth + 1)
            elif name in {"thead", "tbody", "tfoot", "tgroup"} and depth < MAX_DEPTH:
                self._table(part, depth + 1)
            elif name not in {"col", "colgroup", "colspec"}:
                self._element(part, depth + 1)
                self.flush()
            if part.tail and part.tail.strip():
                self._buffer.append(part.tail)

    def _row(self, row: Element, depth: int) -> None:
        cells: list[str] = []
        for cell in children(row):
            if len(cell) == 0:
                cells.append(" ".join((cell.text or "").split()))
            else:
                inner = _Reader()
                if name_of(cell) in {"td", "th", "entry"}:
                    inner.inside(cell, depth + 1)
                else:
                    inner._element(cell, depth + 1)
                inner.flush()
                self._take(inner)
                if next(descendants(cell, "table"), None) is not None and inner._lines:
                    # a table within a cell keeps its rows
                    self._lines.append("\t".join(cells).rstrip("\t")) if any(cells) else None
                    self._lines.extend(inner._lines)
                    cells = []
                else:
                    cells.append(" ".join(inner._lines))
            if cell.tail and cell.tail.strip():
                cells.append(" ".join(cell.tail.split()))
        if any(cells):
            self._lines.append("\t".join(cells).rstrip("\t"))

    def _take(self, other: "_Reader") -> None:
        self._media.extend(other._media[: MAX_MEDIA - len(self._media)])
        self._notes.extend(other._notes)
        for mine, theirs in ((self._heads, other._heads), (self._classed, other._classed)):
            for kind, texts in theirs.items():
                mine.setdefault(kind, []).extend(texts)

    def _figure(self, element: Element, depth: int) -> None:
        """NITF ``media`` or HTML ``figure``: one medium with its caption."""
        self.flush()
        name = name_of(element)
        inner = next(descendants(element, *_MEDIA_TAGS, "media-reference", "photo", "graphic"), None)
        if name == "figure" and (inner is None or next(descendants(element, "table", "blockquote"), None) is not None):
            self.inside(element, depth)
            self.flush()
            return
        reference = inner if inner is not None else element
        captions = [text_of(each) for each in descendants(element, "media-caption", "figcaption", "caption")]
        credits_ = [text_of(each) for each in descendants(element, "media-producer", "credit")]
        title = attribute(reference, "alternate-text") or attribute(reference, "alt") or attribute(reference, "name")
        kind = attribute(reference, "mime-type") or attribute(element, "media-type") or _kind_of(name_of(reference))
        medium = Media(
            url=_address_of(reference),
            type=kind,
            caption="\n".join(unique(captions)) or None,
            credit="; ".join(unique(credits_)) or None,
            title=title,
            width=whole_number(attribute(reference, "width")),
            height=whole_number(attribute(reference, "height")),
        )
        if (medium.url or medium.caption or medium.title) and len(self._media) < MAX_MEDIA:
            self._media.append(medium)

    def _embedded(self, element: Element, depth: int) -> None:
        url = _address_of(element)
        if url and len(self._media) < MAX_MEDIA:
            self._media.append(
                Media(
                    url=url,
                    type=attribute(element, "type") or _kind_of(name_of(element)),
                    title=attribute(element, "alt") or attribute(element, "title"),
                    width=whole_number(attribute(element, "width")),
                    height=whole_number(attribute(element, "height")),
                )
            )
        if len(element) or element.text:
            self._buffer.append(" ")
            self.inside(element, depth)


def _unwrap(parts: list[str]) -> list[str]:
    """Join lines that a terminal wrapped: they end with a space and the next one begins with a word."""
    joined = [parts[0]]
    for part in parts[1:]:
        if joined[-1][-1:].isspace() and part[:1] and not part[:1].isspace():
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _is_private(element: Element) -> bool:
    kind = element.get("class")
    if kind and _PRIVATE_CLASS.search(kind):
        return True
    constraint = attribute(element, "pubconstraint")
    return constraint is not None and "nonpublic" in constraint.lower()


def _kind_of(name: str) -> str | None:
    return {"img": "image", "photo": "image", "graphic": "image", "picture": "image", "iframe": "text/html"}.get(
        name, name if name in {"video", "audio"} else None
    )


def _address_of(element: Element) -> str | None:
    for name in ("source", "src", "data-location", "href", "data"):
        value = attribute(element, name)
        if value and not value.startswith("data:"):
            return value
    source = next(descendants(element, "source"), None)
    return attribute(source, "src") if source is not None else None


def whole_number(text: str | None) -> int | None:
    """A number of up to nine digits, a unit after it ignored (``800px``)."""
    match = re.match(r"\s*(\d{1,9})(?!\d)", text or "")
    return int(match[1]) if match else None
