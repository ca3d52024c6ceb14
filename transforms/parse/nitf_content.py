"""The body of NITF, wherever it stands: alone, inside NewsML-G2 ``inlineXML`` or inside NewsML 1 ``DataContent``.

Source: NITF 3.6 DTD: ``body.head`` (hedline, note, rights, byline, distributor, dateline, abstract), ``body.content``,
``body.end`` (tagline, bibliography).
"""

from dataclasses import dataclass, field, replace

from transforms.parse.elements import Element, attribute, child, descendants, grouped, name_of, text_of, unique
from transforms.parse.newsml_text import Copy, read_copy

_CONTENT = frozenset(("body.head", "body.content", "body.end"))
_HEAD = frozenset(
    ("hedline", "headline", "note", "rights", "byline", "distributor", "dateline", "abstract", "series", "pubdata")
)


@dataclass(frozen=True, slots=True)
class NitfBody:
    """What the body of a NITF document says.

    Attributes:
        headline: ``hl1``.
        subheadline: ``hl2`` and further ``hl1`` that differ from it.
        byline: as printed; a title (``byttl``) stands on a line of its own, several bylines are parted by ``; ``.
        dateline: as printed.
        dateline_date: the ``norm`` of its ``story.date``.
        city: the dateline's ``city``.
        country: the dateline's ``country``.
        standfirst: ``abstract``.
        note: ``note`` elements of the head, for editors.
        distributor: who distributes the text.
        rights: ``rights``.
        copy: ``body.content`` and ``body.end``.
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


def read_nitf_body(nitf: Element) -> NitfBody:
    """Read the body of a ``nitf`` element (or of a ``body`` itself)."""
    body = nitf if name_of(nitf) in {"body", *_CONTENT} else child(nitf, "body")
    if body is None:
        body = nitf
    parts = grouped(body)
    head = grouped(parts["body.head"][0]) if "body.head" in parts else {}
    for each in parts.get("body.head", ())[1:]:
        for name, elements in grouped(each).items():
            head.setdefault(name, []).extend(elements)
    contents = [each for each in body if name_of(each) in {"body.content", "body.end"}]
    if name_of(body) == "body.content":
        contents = [body]
    elif not contents:
        # bodies without body.content print their paragraphs directly
        contents = [each for each in body if name_of(each) not in {"", "body.head", *_HEAD}]
        if not contents and len(body) == 0:
            contents = [body]
    headlines = [
        text_of(line)
        for hedline in (*head.get("hedline", ()), *head.get("headline", ()))
        for line in (*descendants(hedline, "hl1"), *descendants(hedline, "hl2"), *_without_lines(hedline))
    ]
    titles = unique(headlines)
    dateline = next((each for each in head.get("dateline", ()) if text_of(each)), None)
    if dateline is None:
        dateline = next(iter(head.get("dateline", ())), None)
    abstract = read_copy(*head.get("abstract", ()))
    copy = read_copy(*contents, soft_breaks=True)
    if abstract.media:
        copy = replace(copy, media=(*abstract.media, *copy.media))
    return NitfBody(
        headline=titles[0] if titles else None,
        subheadline="\n".join(titles[1:]) or None,
        byline="; ".join(unique(byline_text(each) for each in head.get("byline", ()))) or copy.byline,
        dateline=text_of(dateline),
        dateline_date=attribute(next(descendants(dateline, "story.date"), None), "norm"),
        city=text_of(next(descendants(dateline, "city"), None)),
        country=text_of(next(descendants(dateline, "country"), None)),
        standfirst=abstract.body,
        note="\n".join(unique((*(read_copy(each).body for each in head.get("note", ())), *copy.notes))) or None,
        distributor="; ".join(unique(text_of(each) for each in head.get("distributor", ()))) or None,
        rights="; ".join(unique(text_of(each) for each in head.get("rights", ()))) or None,
        copy=copy,
    )


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


def _without_lines(hedline: Element) -> list[Element]:
    """A ``hedline`` that prints its text without ``hl1``."""
    return [hedline] if next(descendants(hedline, "hl1", "hl2"), None) is None else []
