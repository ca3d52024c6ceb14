"""The copy inside agency XML: XHTML, NITF, bare paragraphs, escaped HTML or plain text, read as readable text.

Paragraphs are parted by line breaks, table rows are lines with tabs between the cells. Captions go to media, notes
that are not for publication go to notes, and what an XHTML ``header`` prints above the copy (headline, byline, topic
words) goes where it belongs. Nothing else is left out: every word of the body is in one of these places.

Sources: NITF 3.x DTD (``body.content``, ``media``, ``note``), XHTML/HTML block model, and the class names by which
agencies mark parts of XHTML bodies (``byline``, ``dateline``, ``teaser``, ``notepad``).
"""

from dataclasses import dataclass

from schemas.item import Media
from transforms.parse.body_media import MEDIA_TAGS, embedded_medium, is_medium, medium_with_caption
from transforms.parse.copy_elements import BLOCK, INLINE, SKIPPED, WHOLE, holds_only, is_private, stands_alone
from transforms.parse.elements import (
    SOFT_BREAK,
    Element,
    children,
    descendants,
    name_of,
    parted,
    raw_text_of,
    text_of,
    unique,
)
from transforms.parse.limits import MAX_ITEM_CHARS, MAX_MEDIA
from transforms.parse.plain_copy import has_markup, holds_copy, html_body, paragraphs_of

MAX_DEPTH = 100
"""Nesting beyond which structure is dropped and only the words are kept; real bodies nest fewer than 20 deep."""

_CLASSES = ("teaser", "byline")
"""Classes of a paragraph that say what it is."""

_BREAK = "\x00"  # stands for a line break while a paragraph is put together; XML cannot contain it


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
        reader.whole(element)
    return reader.copy()


def read_parts(element: Element, skipped: frozenset[str], *, flat: bool = False) -> Copy:
    """Read what an element holds besides children of the names `skipped`, which are read elsewhere.

    Args:
        element: the container.
        skipped: names of children.
        flat: all that is printed is body, as `read_lines` does.
    """
    reader = _Reader(soft_breaks=True, flat=flat)
    reader.loose(element.text)
    for each in element:
        name = name_of(each)
        if name and name not in skipped:
            reader.element(each, 1)
        reader.loose(each.tail)
    return reader.copy()


def read_lines(element: Element, *, wrapped: bool = False) -> str | None:
    """All that an element prints as lines of one text, whatever it says of its parts.

    Args:
        element: a note, description, caption, ….
        wrapped: line ends in its text are white space of the file; only elements part lines.
    """
    if len(element) == 0 and "<" not in (text := element.text or "") and "\n" not in text:
        return " ".join(text.split()) or None  # nearly all
    reader = _Reader(flat=True)
    if wrapped:
        reader.inside(element, 0)
    else:
        reader.whole(element)
    return reader.copy().body


def read_text(text: str) -> Copy:
    """Read text that may be HTML: as HTML when it has tags, else as paragraphs of plain text."""
    reader = _Reader()
    reader.plain(text)
    return reader.copy()


class _Reader:
    """Collects lines while walking a tree; one per piece of content."""

    __slots__ = ("buffer", "classed", "flat", "heads", "lines", "media", "notes", "soft")

    def __init__(self, *, soft_breaks: bool = False, flat: bool = False) -> None:
        self.soft = soft_breaks
        self.flat = flat  # headers, classes and captions are lines like any other
        self.buffer: list[str] = []
        self.lines: list[str] = []
        self.media: list[Media] = []
        self.notes: list[str] = []
        self.heads: dict[str, list[str]] = {}
        self.classed: dict[str, list[str]] = {}

    def copy(self) -> Copy:
        """What was collected."""
        self.flush()
        body = "\n".join(self.lines)
        if len(body) > MAX_ITEM_CHARS:
            body = body[:MAX_ITEM_CHARS]
        heads, classed = self.heads, self.classed
        titles = unique(heads.get("title", ()))
        return Copy(
            body=body or None,
            headline=titles[0] if titles else None,
            subheadline="\n".join(unique((*titles[1:], *heads.get("subtitle", ())))) or None,
            standfirst="\n".join(unique(classed.get("teaser", ()))) or None,
            byline="; ".join(unique(classed.get("byline", ()))) or None,
            dateline=next(iter(classed.get("dateline", ())), None),
            slug="/".join(unique(heads.get("slug", ()))) or None,
            notes=unique(self.notes),
            media=tuple(self.media),
        )

    def whole(self, element: Element) -> None:
        """A container of copy."""
        if len(element) == 0:
            self.plain(element.text or "")
        else:
            self.inside(element, 0)
            self.flush()

    def loose(self, text: str | None) -> None:
        """Text beside blocks."""
        if text and text.strip():
            self.flush()
            self.plain(text)

    def plain(self, text: str) -> None:
        """Text of an element without children: escaped HTML or plain text."""
        if has_markup(text):
            root = html_body(text)
            if root is not None:
                self.inside(root, 0)
                self.flush()
                return
        self.lines.extend(paragraphs_of(text))

    def flush(self) -> None:
        """End the paragraph."""
        if not self.buffer:
            return
        joined = parted("".join(self.buffer))
        self.buffer.clear()
        if _BREAK in joined:
            parts = joined.split(_BREAK)
            if self.soft:
                parts = _unwrap(parts)
            self.lines.extend(line for part in parts if (line := " ".join(part.split())))
        elif line := " ".join(joined.split()):
            self.lines.append(line)

    def inside(self, element: Element, depth: int) -> None:
        """The text and the children of an element."""
        buffer = self.buffer
        if element.text:
            buffer.append(element.text)
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                self.element(child, depth + 1)
            if child.tail:
                buffer.append(child.tail)

    def element(self, element: Element, depth: int) -> None:
        """One element; its tail is not part of it."""
        name = name_of(element)
        if depth > MAX_DEPTH:
            self.buffer.append(f"{SOFT_BREAK}{text_of(element) or ''}{SOFT_BREAK}")
            return
        if name in INLINE:
            if name == "span" and "dateline" in (element.get("class") or ""):
                self._note_class("dateline", text_of(element))
            self.inside(element, depth)
        elif name == "p":
            self._paragraph(element, depth)
        elif name == "br":
            self.buffer.append(_BREAK)
        elif name in SKIPPED:
            self.buffer.append(SOFT_BREAK)
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
            self.flush()
            if not self.flat and is_medium(element):
                self._add(medium_with_caption(element))
            else:
                self.inside(element, depth)
                self.flush()
        elif name in MEDIA_TAGS:
            self._add(embedded_medium(element))
            self.buffer.append(SOFT_BREAK)
            self.inside(element, depth)
            self.buffer.append(SOFT_BREAK)
        elif name in BLOCK or stands_alone(element):
            self._block(element, depth)
        else:
            self.buffer.append(SOFT_BREAK)
            self.inside(element, depth)
            self.buffer.append(SOFT_BREAK)

    def _paragraph(self, element: Element, depth: int) -> None:
        self.flush()
        kind = element.get("class")
        if kind is not None or element.get("pubconstraint") is not None:
            if not self.flat and is_private(element):
                self._keep_private(element)
                return
            named = None if self.flat or kind is None else next((n for n in _CLASSES if n in kind.split()), None)
            if named is not None:
                self._note_class(named, text_of(element))
                return
        if len(element) == 0 and holds_copy(element.text):
            self.plain(element.text or "")
            return
        self.inside(element, depth)
        self.flush()

    def _block(self, element: Element, depth: int) -> None:
        self.flush()
        if not self.flat and element.get("class") is not None and is_private(element):
            self._keep_private(element)
        elif len(element) == 0 and (name_of(element) in WHOLE or holds_copy(element.text)):
            self.plain(element.text or "")
        else:
            self.inside(element, depth)
            self.flush()

    def _add(self, medium: Media | None) -> None:
        if medium is not None and len(self.media) < MAX_MEDIA:
            self.media.append(medium)
        elif medium is not None:
            self.lines.extend(filter(None, (medium.caption, medium.credit)))

    def _note_class(self, kind: str, text: str | None) -> None:
        if text:
            self.classed.setdefault(kind, []).append(text)

    def _keep_private(self, element: Element) -> None:
        """Read a part that is not for publication; what is inside is private whatever it says of itself."""
        reader = _Reader(flat=True)
        reader.inside(element, 0)
        reader.flush()
        self.notes.extend(reader.lines)
        self.media.extend(reader.media[: MAX_MEDIA - len(self.media)])

    def _header(self, element: Element, depth: int) -> None:
        """An XHTML ``header``: what is printed above the copy."""
        if element.text:
            self.buffer.append(element.text)
        for part in element:
            name = name_of(part)
            self.flush()
            if self.flat:
                if name:
                    self.element(part, depth + 1)
            elif name == "h1":
                self._head("title", text_of(part))
            elif name in {"h2", "h3", "h4", "h5", "h6"}:
                self._head("subtitle", text_of(part))
            elif name in {"ul", "ol"} and holds_only(part, "li"):
                for word in children(part):
                    self._head("slug", text_of(word))
            elif name == "time":
                self.notes.extend(unique((text_of(part),)))
            elif name:
                self.element(part, depth + 1)
            self.flush()
            if part.tail:
                self.buffer.append(part.tail)
        self.flush()

    def _head(self, kind: str, text: str | None) -> None:
        if text:
            self.heads.setdefault(kind, []).append(text)

    def _preformatted(self, element: Element) -> None:
        text = raw_text_of(element).replace("\r\n", "\n")
        self.lines.extend(line.rstrip() for line in text.split("\n") if line.strip())

    def _table(self, element: Element, depth: int) -> None:
        if element.text and element.text.strip():
            self.buffer.append(element.text)
        for part in children(element):
            name = name_of(part)
            if name in {"tr", "row", "nitf-table-row"}:
                self.flush()
                self._row(part, depth + 1)
            elif name in {"thead", "tbody", "tfoot", "tgroup"} and depth < MAX_DEPTH:
                self.flush()
                self._table(part, depth + 1)
                self.flush()
            else:
                self.element(part, depth + 1)
                self.flush()
            if part.tail and part.tail.strip():
                self.buffer.append(part.tail)

    def _row(self, row: Element, depth: int) -> None:
        cells: list[str] = [text] if row.text and (text := " ".join(row.text.split())) else []
        for cell in children(row):
            if len(cell) == 0:
                cells.append(" ".join((cell.text or "").split()))
            else:
                inner = _Reader(flat=self.flat)
                if name_of(cell) in {"td", "th", "entry"}:
                    inner.inside(cell, depth + 1)
                else:
                    inner.element(cell, depth + 1)
                inner.flush()
                self._take(inner)
                if next(descendants(cell, "table"), None) is not None and inner.lines:
                    # a table within a cell keeps its rows
                    if any(cells):
                        self.lines.append("\t".join(cells).rstrip("\t"))
                    self.lines.extend(inner.lines)
                    cells = []
                else:
                    cells.append(" ".join(inner.lines))
            if cell.tail and cell.tail.strip():
                cells.append(" ".join(cell.tail.split()))
        if any(cells):
            self.lines.append("\t".join(cells).rstrip("\t"))

    def _take(self, other: "_Reader") -> None:
        self.media.extend(other.media[: MAX_MEDIA - len(self.media)])
        self.notes.extend(other.notes)
        for mine, theirs in ((self.heads, other.heads), (self.classed, other.classed)):
            for kind, texts in theirs.items():
                mine.setdefault(kind, []).extend(texts)


def _unwrap(parts: list[str]) -> list[str]:
    """Join lines that a terminal wrapped: they end with a space and the next one begins with a word."""
    joined = [[parts[0]]]
    for part in parts[1:]:
        if joined[-1][-1][-1:].isspace() and part[:1] and not part[:1].isspace():
            joined[-1].append(part)
        else:
            joined.append([part])
    return ["".join(lines) for lines in joined]
