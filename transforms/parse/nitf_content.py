"""The body of NITF, wherever it stands: alone, inside NewsML-G2 ``inlineXML`` or inside NewsML 1 ``DataContent``.

Source: NITF 3.6 DTD: ``body.head`` (hedline, note, rights, byline, distributor, dateline, abstract), ``body.content``,
``body.end`` (tagline, bibliography).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from transforms.parse.elements import (
    Element,
    attribute,
    child,
    descendants,
    grouped,
    name_of,
    outermost,
    text_of,
    unique,
)
from transforms.parse.newsml_text import Copy, read_copy, read_lines, read_parts
from transforms.parse.said import fullest_lines, unsaid

_HEAD = frozenset(
    (
        "hedline",
        "headline",
        "note",
        "rights",
        "byline",
        "distributor",
        "dateline",
        "copyrite",
        "abstract",
        "pubdata",
    )
)
_RIGHTS = ("rights", "copyrite")
_HEADLINES = ("hl1", "hl2")
_ELSEWHERE = frozenset((*_HEAD, "body.head", "head", "docdata"))
"""Children of a body that are no copy."""


@dataclass(frozen=True, slots=True)
class NitfBody:
    """What the body of a NITF document says.

    Attributes:
        headline: ``hl1``, or what a header above the copy prints as title.
        subheadline: ``hl2`` and further ``hl1`` that differ from it.
        byline: as printed; a title (``byttl``) stands on a line of its own, several bylines are parted by ``; ``.
        dateline: as printed.
        dateline_date: the ``norm`` of its ``story.date``.
        city: the dateline's ``city``.
        country: the dateline's ``country``.
        standfirst: ``abstract``.
        note: ``note`` elements of the head, for editors.
        distributor: who distributes the text.
        rights: ``rights`` and ``copyrite``.
        copy: ``body.content``, ``body.end``, and what the head prints that has no column.
    """

    headline: str | None = None
    subheadline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    dateline_date: str | None = None
    city: str | None = None
    country: str | None = None
    standfirst: str | None = None
    note: str | None = None
    distributor: str | None = None
    rights: str | None = None
    copy: Copy = field(default_factory=Copy)

    @property
    def says_something(self) -> bool:
        """Whether it prints a title, copy or a medium."""
        return any((self.headline, self.subheadline, self.standfirst, self.copy.body, self.copy.media))


def read_nitf_body(nitf: Element) -> NitfBody:
    """Read the body of a ``nitf`` element (or of a ``body`` itself)."""
    body = nitf if name_of(nitf) in {"body", "body.content"} else child(nitf, "body")
    if body is None:
        body = nitf
    parts = grouped(body)
    head: dict[str, list[Element]] = {}
    # bodies without body.head print its elements directly
    for group in (*map(grouped, parts.get("body.head", ())), parts):
        for name, elements in group.items():
            if name in _HEAD:
                head.setdefault(name, []).extend(elements)
    titles = unique(line for name in ("hedline", "headline") for each in head.get(name, ()) for line in _lines(each))
    datelines = [each for each in head.get("dateline", ()) if text_of(each)] or head.get("dateline", [])
    dateline = datelines[0] if datelines else None
    abstract = read_copy(*head.get("abstract", ()))
    copy = read_copy(body, soft_breaks=True) if name_of(body) == "body.content" else read_parts(body, _ELSEWHERE)
    above = _head_rest(parts.get("body.head", ()))
    printed = unique((*(text_of(each) for each in datelines[1:]), *above))
    if printed:
        copy = replace(copy, body="\n".join((*printed, *filter(None, (copy.body,)))))
    if abstract.media:
        copy = replace(copy, media=(*abstract.media, *copy.media))
    headline = titles[0] if titles else copy.headline
    bylines = unique((*(byline_text(each) for each in head.get("byline", ())), abstract.byline, copy.byline))
    return NitfBody(
        headline=headline,
        subheadline=fullest_lines(*titles[1:], *unsaid((copy.headline,), headline), copy.subheadline, copy.slug),
        byline="; ".join(bylines) or None,
        dateline=text_of(dateline),
        dateline_date=attribute(next(descendants(dateline, "story.date"), None), "norm"),
        city=text_of(next(descendants(dateline, "city"), None)),
        country=text_of(next(descendants(dateline, "country"), None)),
        standfirst=fullest_lines(
            abstract.headline, abstract.subheadline, abstract.standfirst, abstract.slug, abstract.body, copy.standfirst
        ),
        note="\n".join(unique((*(read_lines(each) for each in head.get("note", ())), *abstract.notes, *copy.notes)))
        or None,
        distributor="; ".join(unique(text_of(each) for each in head.get("distributor", ()))) or None,
        rights="; ".join(unique(text_of(each) for name in _RIGHTS for each in head.get(name, ()))) or None,
        copy=copy,
    )


def _head_rest(heads: Iterable[Element]) -> tuple[str, ...]:
    """What ``body.head`` prints besides the elements that have a place of their own."""
    return unique(read_parts(head, _HEAD, flat=True).body for head in heads)


def _lines(hedline: Element) -> Iterator[str | None]:
    """The lines of a ``hedline``, main ones first, and what stands beside them."""
    for name in _HEADLINES:
        for line in outermost(hedline, *_HEADLINES):
            if name_of(line) == name:
                yield text_of(line)
    yield (read_parts(hedline, frozenset(_HEADLINES), flat=True).body or "").replace("\n", " ")


def byline_text(byline: Element) -> str | None:
    """A byline as printed: titles on a line of their own, people that nothing parts with a comma.

    ``By <person>A B</person><byttl>Reporter</byttl>`` → ``By A B\\nReporter``.
    """
    lines: list[list[str]] = [[]]  # the pieces of each line, white space between them included
    previous = ""

    def add(text: str | None, *, new_line: bool = False) -> None:
        if not text or not text.strip():
            return
        text = " ".join(text.split())
        last = lines[-1]
        if new_line and last and not last[-1].endswith(","):
            lines.append([text])
        else:
            if last and text[0] not in ",;.:)":
                last.append(" ")
            last.append(text)

    add(byline.text)
    for part in byline:
        name = name_of(part)
        if name:
            text = text_of(part)
            if text and name == previous == "person" and lines[-1]:
                lines[-1].append(",")
            add(text, new_line=name in {"byttl", "virtloc", "location", "org"} and previous in {"person", "byttl", ""})
            previous = name if text else previous
        if part.tail and part.tail.strip():
            add(part.tail)
            previous = "text"
    return "\n".join("".join(line) for line in lines if line) or None
