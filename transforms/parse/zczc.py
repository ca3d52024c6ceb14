"""ZCZC…NNNN: telegraph frames that newsrooms still exchange, and the marked header lines inside them.

The frame comes from CCITT telegraph practice and says nothing of what is inside. Inside, lines that begin with a mark
are header fields; three sets of marks are in use, told apart by the marks themselves:

- ``%`` category, ``#`` slug, ``$`` headline, ``:`` take key, ``&`` who filed it, ``*`` subject code, ``@`` place;
- ``:`` slug, ``=`` take key, ``^`` headline, ``*`` service, ``&`` category, ``+`` subject code;
- two letters and ``#`` (``TI#`` title, ``TX#`` text, ``PD#`` date, …).

Frames without marks begin with a routing line and a title line. Racing and betting copy that is set off by SOH and
unit separators instead of the frame is read here too.
"""

import re
from collections.abc import Iterator

from schemas.document import ParsedDocument, RawDocument
from schemas.item import NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, pairs
from transforms.parse.elements import join_lines, unique
from transforms.parse.probe import Probe
from transforms.parse.text import one_line
from transforms.parse.text_document import read_text_document
from transforms.parse.wire_life import read_embargo, read_life, split_embargo
from transforms.parse.wire_text import decode_wire, paragraphs, split_private, without_controls

NAME = "zczc"

_FRAME = re.compile(r"(?im)^[ \x00-\x09\x0b-\x1f]*+ZCZC\b[ \t]*([^\n]*)$")
_END = re.compile(r"(?m)^[ \t]*NNNN[ \t]*$")
_SOH = re.compile(r"^[\x00\x16\s]*+\x01([^\x02\x03\n]{0,300}\x1f[^\n]{0,300})\n")
_MARKED = re.compile(r"^[%#$:&*@=^+]")
_TAG = re.compile(r"^([A-Z]{2})#(.*)$")
_ROUTING = re.compile(r"^[A-Z]{2}(?: [A-Z(][\w()]*)+$|^[A-Z]{2,10}[ -]?\d[\d. :/-]*$")
_CODE = re.compile(r"^\d{8}$")
_MAX_FIELDS = 30  # header lines; the longest seen has twelve
_FIRST = 400  # characters of a document in which the frame must begin


def sniff(probe: Probe) -> bool:
    """Whether a document begins with a frame, or with SOH and fields parted by unit separators."""
    head = _lines(probe.text[: 4 * _FIRST])
    found = _FRAME.search(head[:_FIRST])
    if found:
        return not head[: found.start()].strip("\x00\x16 \t\n\x01")
    return _SOH.match(head) is not None


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read all frames of a file. Never raises."""
    text = _lines(decode_wire(doc.data, probe.content_type))
    return read_text_document(doc, NAME, _frames(text), _read)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _frames(text: str) -> Iterator[str]:
    starts = [found.start() for found in _FRAME.finditer(text)]
    if not starts:
        yield text
        return
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def _read(frame: str, clock: Clock) -> NewsItem:
    opened = _FRAME.match(frame)
    if opened is None:
        return _read_separated(frame)
    service = one_line(opened[1]) or None
    text = frame[opened.end() :]
    if closed := _END.search(text):
        text = text[: closed.start()]
    lines = [line.rstrip() for line in text.split("\n")]
    lines = lines[next((at for at, line in enumerate(lines) if line.strip()), len(lines)) :]
    if lines and _TAG.match(lines[0]):
        return _read_tagged(lines, service, clock)
    fields, rest, first = _fields(lines)
    return _item(fields, rest, first, service, clock)


def _fields(lines: list[str]) -> tuple[list[tuple[str, str]], list[str], str | None]:
    """Marked lines, the copy, and the unmarked word that some frames put before the marks."""
    fields: list[tuple[str, str]] = []
    first = None
    at = 0
    for at, line in enumerate(lines[:_MAX_FIELDS]):
        text = without_controls(line).strip()
        if not text:
            if fields and any(mark in "$^:" for mark, _ in fields) and not _more_fields(lines[at + 1 : at + 3]):
                break
        elif _MARKED.match(text):
            fields.append((text[0], one_line(text[1:])))
        elif at == 0 and (_ROUTING.match(text) or len(text) <= 3):
            first = text
        else:
            break
    else:
        at = len(lines)
    return fields, lines[at:], first


def _more_fields(lines: list[str]) -> bool:
    return any(_MARKED.match(line.strip()) for line in lines[:1])


def _item(
    fields: list[tuple[str, str]], rest: list[str], first: str | None, service: str | None, clock: Clock
) -> NewsItem:
    """Give the fields their meaning."""
    marks = {mark for mark, _ in fields}
    named: dict[str, str] = {}
    for mark, value in fields:
        if value and mark not in named:
            named[mark] = value
    codes = tuple(f"subj:{value}" for mark, value in fields if mark in "*+" and _CODE.match(value))
    colons = [value for mark, value in fields if mark == ":" and value]
    rest, credit = _footer(rest, service)
    slug = take_key = headline = category = place = filed_by = source_line = None
    if marks & {"^", "="}:
        slug, take_key, headline, category = named.get(":"), named.get("="), named.get("^"), named.get("&")
        category = category or named.get("$")
    elif marks & {"#", "$", "%", "@"}:
        slug, headline, category, place = named.get("#"), named.get("$"), named.get("%"), named.get("@")
        take_key, filed_by = named.get(":"), named.get("&")
        if headline is not None and len(headline) == 1:  # releases have their category there and name their sender
            category, headline, take_key, source_line = headline, None, None, take_key
        if headline and place and not headline.upper().startswith(f"{place.upper()}:"):
            headline = f"{place.upper()}: {headline}"
        if headline is None and slug and take_key:
            headline = f"{slug}: {take_key}"
    elif colons:
        headline, slug = colons[0], colons[1] if len(colons) > 1 else None
    if headline is None:
        lead, embargo_line = split_embargo("\n".join(rest))
        headline, rest = _title(lead.split("\n"))
        rest = [embargo_line, *rest] if embargo_line else rest
    text, private = split_private("\n".join(rest))
    text, embargo = split_embargo(text)
    body = paragraphs(text)
    life = read_life("\n".join(filter(None, (slug, headline, embargo))), body)
    embargo_until, embargo_raw = read_embargo(life, clock)
    return NewsItem(
        status=life.status,
        signals=life.signals,
        kill_target=life.kill_target,
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        source=source_line,
        headline=headline,
        body=body,
        slug=slug,
        take_key=take_key,
        located_place=place,
        editorial_note=join_lines(embargo, paragraphs(private) if private else None),
        credit=credit,
        wire_header=pairs(
            ("service", service),
            ("category", category),
            ("routing", first),
            (
                "other_fields",
                " | ".join(_unread(fields, (slug, headline, take_key, category, place, filed_by, source_line))),
            ),
        ),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        extra=pairs(("filed_by", filed_by)),
    )


def _unread(fields: list[tuple[str, str]], read: tuple[str | None, ...]) -> Iterator[str]:
    """Header fields that no column holds, with their mark: repeated ones, and codes of a house's own."""
    for mark, value in fields:
        known = any(value in text for text in read if text) or (mark in "*+" and _CODE.match(value))
        if value and not known:
            yield f"{mark}{value}"


def _title(lines: list[str]) -> tuple[str | None, list[str]]:
    """The first line as title when more follows it."""
    at = next((at for at, line in enumerate(lines) if line.strip()), None)
    if at is None:
        return None, lines
    title = one_line(without_controls(lines[at]))
    return (title, lines[at + 1 :]) if len(title) <= 250 else (None, lines)


def _footer(lines: list[str], service: str | None) -> tuple[list[str], str | None]:
    """The copy without the line that signs it (``AAP RTV``): an agency's letters, alone at the end."""
    end = len(lines)
    while end and not without_controls(lines[end - 1]).strip():
        end -= 1
    last = one_line(without_controls(lines[end - 1])) if end else ""
    agency = (service or "").split(" ")[0]
    if (
        last
        and re.fullmatch(r"[A-Z]{2,6}(?: [A-Z]{2,10})?(?: [a-z]{2,4}(?:/[a-z]{2,4}){0,4})?", last)
        and last.split(" ")[0] in {agency, "AAP", "PA", "AP"}
    ):
        return lines[: end - 1], last
    return lines[:end], None


def _read_tagged(lines: list[str], service: str | None, clock: Clock) -> NewsItem:
    """Fields of two letters and ``#``; a field runs until the next tag."""
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        tag = _TAG.match(line)
        if tag and name != "TX":
            name = tag[1]
            fields[name] = [tag[2]]
        elif name:
            fields[name].append(line)
    text = {name: one_line(without_controls(" ".join(value))) for name, value in fields.items() if name != "TX"}
    body = paragraphs("\n".join(fields.get("TX", ())))
    headline = text.get("TI") or None
    published, source = clock.dated(text.get("PD"))
    life = read_life(headline or "", body)
    embargo_until, embargo_raw = read_embargo(life, clock, published)
    return NewsItem(
        guid=text.get("AN") or None,
        version_created=published,
        status=life.status,
        signals=life.signals,
        kill_target=life.kill_target,
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        provider=text.get("KN") or None,
        source=text.get("SO") or None,
        headline=headline,
        standfirst=text.get("AB") or None,
        body=body,
        byline_raw=text.get("BY") or None,
        keywords=unique((text.get("KY"), text.get("CO"))),
        editorial_note=join_lines(text.get("NE")),
        wire_header=pairs(("service", service)),
        published=published,
        published_raw=text.get("PD") or None,
        date_source=source,
    )


def _read_separated(frame: str) -> NewsItem:
    """SOH, a title in fields parted by unit separators, and copy."""
    found = _SOH.match(frame)
    if found is None:
        headline, rest = _title(frame.split("\n"))
        return NewsItem(headline=headline, body=paragraphs("\n".join(rest)))
    fields = [one_line(without_controls(field)) for field in found[1].split("\x1f")]
    # Fields of one letter or number are flags of the typesetting system.
    headline = " ".join(field for field in fields if len(field) > 1) or None
    rest, credit = _footer(frame[found.end() :].partition("\x03")[0].split("\n"), None)
    return NewsItem(
        headline=headline,
        body=paragraphs("\n".join(rest)),
        credit=credit,
        wire_header=pairs(("header_fields", "|".join(fields))),
    )
