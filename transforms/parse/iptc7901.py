"""IPTC 7901: the seven- and eight-bit text format of the agencies' tickers, still sent by dpa, ATS and others.

A message is a header line (service and number, priority, category, word count), a keyword line, STX, the copy, ETX,
a date group and EOT. Copy begins with headline lines; dpa ends them with `` =`` and puts genre, correction and lead
lines above the headline and the byline below it.

Sources: IPTC 7901 recommendation; dpa's description of its text wires; AP's television scripts (``^``…``<`` lines).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from schemas.document import ParsedDocument, RawDocument
from schemas.item import NewsItem
from transforms.parse.agency_document import Clock, pairs
from transforms.parse.date_words import MONTHS
from transforms.parse.elements import join_lines, unique
from transforms.parse.probe import Probe
from transforms.parse.text import one_line
from transforms.parse.text_document import read_text_document
from transforms.parse.wire_life import announces_embargo, read_embargo, read_life
from transforms.parse.wire_text import decode_wire, paragraphs, split_private, without_controls

NAME = "iptc7901"

_HEADER = re.compile(
    r"^[\x00\x16\s]*+\x01?[ \t]*+([A-Za-z]{1,5})(\d{3,5})[ \t]+(\d)[ \t]+([A-Za-z]{1,4})[ \t]+(\d{1,6})"
    r"(?:[ \t]+([^\n]*))?\n"
)
_NEXT = re.compile(r"\n?\x01(?=[A-Za-z]{1,5}\d{3,5}[ \t]+\d[ \t]+[A-Za-z]{1,4}[ \t]+\d)")
_TRAILER = re.compile(
    r"(?m)^[\x00-\x20]*(\d{2})(\d{2})(\d{2})\s*([A-Z]{2,5})?\s+([^\W\d]{3,9})\.?\s+(\d{2}(?:\d{2})?)\s*([A-Z]{2,5})?\s*$"
)
_TRAILER_CHARS = 200  # the date group is the last thing in a message

_PARENTHESISED = re.compile(r"^\((.*)\)$", re.DOTALL)
_URGENT = re.compile(r"^(?:Eil|Blitz|Vorrang|Flash|Urgent|Bulletin|Alert\w*)\b", re.IGNORECASE)
_CORRECTION = re.compile(
    r"^(?:Berichtigung|Korrektur|Korrigiert|Correct\w*|Corr|Rectificatif|Rectification|Corrección|Corrige|Errata)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^(?:Achtung|Hinweis|Neu|Aktualisier\w*|Adds?|Updates?|Recasts|Note|Eds?|Attention|Wiederholung)\b")
_LEAD_LINE = re.compile(
    r"^(?:(?:REFILE|EXTRA|UPDATE|CORRECT(?:ION|ED)|LEAD|NET|ADD|TAKE|REPEAT|RPT|ADVANCE)(?: \d{1,2})?|"
    r"\d{1,2}(?:ST|ND|RD|TH) (?:LEAD|NET|ADD|TAKE|UPDATE|ROUNDUP|WRAP))(?: \d{1,2}(?:ST|ND|RD|TH)(?: (?:LEAD|NET))?)*$"
)
_KIND_LINE = re.compile(
    r"^(?:FEATURE|ANALYSIS|PREVIEW|ROUNDUP|NEWSMAKER|BACKGROUND|PROFILE|INTERVIEW|FACTBOX|CHRONOLOGY|URGENT|FLASH|ALERT|"
    r"BULLETIN|EDITORS?|ADVISORY|NEWS FEATURE|DPA EXCLUSIVE)$"
)
_BYLINE = re.compile(r"^(?:By|Von|Par|Por|De|Di|Da|Door|Av|Af)\s+(?=\S)")
_SIGNATURE = re.compile(r"^dpa(?:[/ -][a-z0-9]{1,8}){1,12}$")
_NOTEPAD = re.compile(r"(?m)^#[ \t]*[^\W\d][^\n]{2,40}$")
_DATELINE = re.compile(r"^[^\W\d_][^()\n]{1,60} \([A-Za-z][\w/ .-]{1,20}\)(?:\s*[-–—.:]+|\s+(?=\S))")
_NOTEPAD_NAME = re.compile(r"notizblock|notebook|notepad|bloc-?notes|cuaderno", re.IGNORECASE)
_MAX_HEAD = 12  # lines above the copy; the longest seen has seven
_WRAP = 55  # a headline line shorter than this was not wrapped: the next one is a second line of its own


@dataclass(slots=True)
class _Head:
    """What the lines above the copy say."""

    headline: list[str] = field(default_factory=list)
    byline: str | None = None
    take_key: list[str] = field(default_factory=list)
    genres: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)


def sniff(probe: Probe) -> bool:
    """Whether a document begins with the header line of 7901."""
    return probe.root is None and probe.first_json is None and _HEADER.match(_head_of(probe)) is not None


def _head_of(probe: Probe) -> str:
    return probe.text[:2000].replace("\r\n", "\n").replace("\r", "\n")


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read one message or a file of messages. Never raises."""
    text = decode_wire(doc.data, probe.content_type)
    return read_text_document(doc, NAME, _messages(text), _read)


def _messages(text: str) -> Iterator[str]:
    """Messages of a capture; each begins with SOH and a header line."""
    starts = [found.start() for found in _NEXT.finditer(text)]
    if not starts or text[: starts[0]].strip("\x00\x16 \n"):
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def _read(message: str, clock: Clock) -> NewsItem:
    header = _HEADER.match(message)
    if header is None:
        return NewsItem(body=paragraphs(message))
    service, sequence, priority, category, count, number = header.groups()
    keyword_line, copy, end = _parts(message[header.end() :])
    published_raw, published, source = _date(end, clock)
    copy, signature = _without_signature(copy)
    copy, private = split_private(copy)
    head, rest = _read_head(copy)
    rest, notepad = _without_notepad(rest)
    body = paragraphs(rest)
    headline = one_line(" ".join(head.headline)) or None
    life = read_life("\n".join((keyword_line or "", headline or "", *head.take_key, *head.notes)), body)
    embargo_until, embargo_raw = read_embargo(life, clock, published)
    take_key = " ".join(head.take_key) or None
    guid = f"{service}{sequence}:{published:%Y-%m-%d}" if published and sequence.strip("0") else None
    return NewsItem(
        guid=guid,
        version_created=published,
        status=life.status,
        signals=unique((*life.signals, *head.signals)),
        kill_target=life.kill_target,
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        headline=headline,
        body=body,
        byline_raw=head.byline,
        slug=keyword_line,
        take_key=take_key,
        keywords=_keywords(keyword_line),
        genres=unique(head.genres),
        editorial_note=join_lines(*head.notes, notepad, paragraphs(private) if private else None),
        urgency=int(priority) if priority in "123456789" else None,
        priority=int(priority),
        wire_header=pairs(
            ("service", service),
            ("sequence", sequence),
            ("category", category),
            ("priority_code", priority),
            ("word_count", count),
            ("keyword_line", keyword_line),
            ("item_number", one_line(without_controls(number or ""))),
            ("signature", signature),
        ),
        published=published,
        published_raw=published_raw,
        date_source=source,
    )


def _parts(text: str) -> tuple[str | None, str, str]:
    """Keyword line, copy and what follows it. Without STX the first line with a slash or hyphen is the keyword line."""
    before, stx, copy = text.partition("\x02")
    if not stx or not without_controls(before).strip():
        before, copy = "", (copy if stx else text).lstrip("\n\x00 ")
        first, _, rest = copy.partition("\n")
        if first.startswith("/") or first.rstrip().endswith("/"):
            before, copy = first, rest
    before, lines = _keyword_lines(before)
    copy, _, end = f"{lines}{copy}".partition("\x03")
    keywords = one_line(without_controls(before)).strip("/ ") or None
    end = end.partition("\x04")[0]
    if not end.strip("\x00\x7f \n"):
        found = list(_TRAILER.finditer(copy, max(0, len(copy) - _TRAILER_CHARS)))
        if found:
            copy, end = copy[: found[-1].start()], found[-1][0]
    return keywords, copy.partition("\x04")[0], end


def _keyword_lines(before: str) -> tuple[str, str]:
    """Part what stands above STX: the keyword line, which may be wrapped behind a slash, and lines of the copy's head.

    Desks type the headline above STX or below it; only the keyword line is header.
    """
    lines = before.split("\n")
    at = next((at for at, line in enumerate(lines) if without_controls(line).strip()), len(lines))
    while at + 1 < len(lines) and "/" in lines[at] and _is_keywords(lines[at + 1]):
        at += 1
    rest = "\n".join(lines[at + 1 :])
    return "\n".join(lines[: at + 1]), f"{rest.strip()}\n" if without_controls(rest).strip() else ""


def _is_keywords(line: str) -> bool:
    """Whether a line goes on with words between slashes."""
    line = without_controls(line).strip()
    return line.endswith("/") and " " not in line


def _keywords(line: str | None) -> tuple[str, ...]:
    """The words of a keyword line; a line without slashes is one slug, not a list."""
    return unique(one_line(word) for word in line.split("/")) if line and "/" in line else ()


def _date(end: str, clock: Clock) -> tuple[str | None, datetime | None, str | None]:
    """The date group ``DDHHMM ZONE Mon YY``, its month in any of the agencies' languages."""
    raw = one_line(without_controls(end)) or None
    found = _TRAILER.search(end[:_TRAILER_CHARS])
    if not found:
        return raw, None, "published-unreadable" if raw else None
    day, hour, minute, zone, word, year, late_zone = found.groups()
    month = _month(word)
    if not month:
        return raw, None, "published-unreadable"
    full = year if len(year) == 4 else f"{'19' if year > '69' else '20'}{year}"
    zone = zone or late_zone
    if zone is None:
        moment, source = clock.dated(f"{full}-{month:02}-{day}T{hour}:{minute}:00")
    else:
        name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
        moment, source = clock.dated(f"{day} {name} {full} {hour}:{minute}:00 {zone}")
    return one_line(found[0]), moment, source


def _month(word: str) -> int | None:
    """A month's name or its beginning."""
    key = word.casefold().rstrip(".")
    if key in MONTHS:
        return MONTHS[key]
    return next((number for name, number in MONTHS.items() if name.startswith(key[:3])), None)


def _read_head(copy: str) -> tuple[_Head, str]:
    """Read the lines above the copy and take them away."""
    lines = copy.split("\n")
    start = next((at for at, line in enumerate(lines) if without_controls(line).strip()), len(lines))
    lines = lines[start:]
    marked = bool(lines) and lines[0].lstrip("\x02").startswith("^")
    if marked:
        head = _Head(headline=[_unmarked(lines[0])])
        return head, "\n".join(map(_unmarked, lines[1:]))
    blank = next((at for at, line in enumerate(lines) if not without_controls(line).strip()), len(lines))
    end = next((at for at, line in enumerate(lines[:_MAX_HEAD]) if line.rstrip().endswith("=")), None)
    if end is None or end > blank:
        head_end = next((at for at, line in enumerate(lines[:blank]) if at and _begins_copy(line)), blank)
        short = head_end <= 3 and head_end < len(lines)
        end = head_end - 1 if short else 0
    head = _Head()
    for line in _joined_parentheses([one_line(without_controls(line)) for line in lines[: end + 1]]):
        _read_head_line(head, line.rstrip("= ").strip())
    if not head.headline and head.byline:
        head.headline, head.byline = [head.byline], None
    return head, "\n".join(lines[end + 1 :])


def _begins_copy(line: str) -> bool:
    """Whether a line right below the headline is the first one of the copy: indented, or with a dateline."""
    return line[:2].isspace() or _DATELINE.match(without_controls(line)) is not None


def _unmarked(line: str) -> str:
    """A line between ``^`` and ``<`` or ``=``, as AP marks up its lines."""
    line = without_controls(line).strip()
    return line.removeprefix("^").rstrip("<= ") if line.startswith("^") or line.endswith("<") else line


def _joined_parentheses(lines: list[str]) -> Iterator[str]:
    """Lines, a parenthesis that was wrapped on one of its own."""
    held = ""
    for line in lines:
        held = f"{held} {line}" if held else line
        if held.startswith("(") and ")" not in held:
            continue
        yield held
        held = ""
    if held:
        yield held


def _read_head_line(head: _Head, line: str) -> None:
    if not line:
        return
    inside = _PARENTHESISED.match(line)
    if announces_embargo(line):
        head.notes.append(line.strip("()") if line.startswith("(") and line.endswith(")") else line)
    elif inside:
        text = one_line(inside[1])
        if _URGENT.match(text):
            head.signals.append("urgent")
        elif _CORRECTION.match(text):
            head.signals.append("correction")
            head.notes.append(text)
        elif _NOTE.match(text):
            head.notes.append(text)
        else:
            head.genres.append(text)
    elif not head.headline and _LEAD_LINE.match(line):
        head.take_key.append(line)
        head.signals.append("correction" if line.startswith(("REFILE", "CORRECT")) else "update")
    elif not head.headline and _KIND_LINE.match(line):
        head.genres.append(line)
        if _URGENT.match(line):
            head.signals.append("urgent")
    elif head.headline and _is_byline(line):
        head.byline = f"{head.byline}; {line}" if head.byline else line
    else:
        if head.headline and len(head.headline[-1]) < _WRAP:
            head.headline[-1] += " -"
        head.headline.append(line)


def _is_byline(line: str) -> bool:
    """``By`` and names: every long word begins with a capital, or the agency is named."""
    start = _BYLINE.match(line)
    if not start:
        return False
    words = [word for word in re.findall(r"[^\W\d]{4,}", line[start.end() :]) if word.lower() != "correspondents"]
    return len(words) <= 10 and (", dpa" in line or "/" in line or all(word[0].isupper() for word in words))


def _without_signature(text: str) -> tuple[str, str | None]:
    """Copy without the line of those who wrote and edited it (``dpa ab yyzz n1 cd``)."""
    if "\ndpa" not in text:
        return text, None
    lines = text.split("\n")
    signatures = [line for line in lines if _SIGNATURE.match(line.strip())]
    rest = "\n".join(line for line in lines if not _SIGNATURE.match(line.strip()))
    return rest, "; ".join(map(one_line, signatures)) or None


def _without_notepad(text: str) -> tuple[str, str | None]:
    """Copy, and the notepad that a heading of its own parts from it."""
    found = _NOTEPAD.search(text)
    if found is None:
        return text, None
    start = found.end() if _NOTEPAD_NAME.search(found[0]) else found.start()
    return text[: found.start()], paragraphs(text[start:])
