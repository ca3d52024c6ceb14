"""ANPA 1312: the North American wire format, as AP sends it and as others imitate it (Kyodo).

A message is SYN SYN SOH, a line with service level and number, a line with priority, category, slug, date and word
count, STX, the copy, ETX, a time stamp and EOT. AP's copy opens with lines between ``^`` and ``<`` (or ``=``):
keyword line, headline, photo numbers, ``Eds:``, editor's note, summary, byline and its agency. Paragraphs begin with
a tab. Only what stands before the first ETX is copy; what follows EOT is another transmission.

Sources: ANPA Bulletin 1312 (1979, 1986), AP's technical reference for its wires.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from schemas.document import ParsedDocument, RawDocument
from schemas.item import HEADLINE_OF_BODY, NewsItem
from schemas.media_topics import media_topics_of, subject_of_slug
from schemas.service_number import SLUG_SCHEME, names_a_slug
from transforms.parse.agency_document import ALERT_CHARS, Clock, pairs
from transforms.parse.elements import join_lines, unique
from transforms.parse.news_status import take_key_of
from transforms.parse.probe import Probe
from transforms.parse.text import one_line
from transforms.parse.text_document import read_text_document
from transforms.parse.wire_life import announces_embargo, read_embargo, read_life
from transforms.parse.wire_text import decode_wire, paragraphs, without_controls

NAME = "anpa1312"

_LEVEL = r"[ \t]*([A-Za-z])(\d{4})([^\n\x02]{0,80})\n"
_HEADER = re.compile(
    # SOH is optional: programs that show no control characters lose them
    r"\x01?" + _LEVEL + r"[ \t]*([a-z])[ \t]+([a-z])[ \t]*[\x0e-\x14]{0,3}[ \t]*([^\n\x02]{1,120}?)"
    r"(?:[ \t]+(\d{1,2}-\d{1,2}))?(?:[ \t]+(\d{1,5}))?[ \t]*\n",
    re.IGNORECASE,
)
_START = re.compile(r"\x01" + _LEVEL + r"(?=[ \t]*[a-z][ \t]+[a-z][ \t\x0e-\x14])", re.IGNORECASE)
_AP_STAMP = re.compile(r"(\d\d)-(\d\d)-(\d\d)[ \t]+(\d\d)(\d\d)[ \t]*([A-Z]{2,4})?")
_LAST_LINE = re.compile(r"\n[ \t]*(?=[A-Z]{2}-[A-Z]{2}-\d\d-\d\d-\d\d[ \t]+\d{4}[ \t]*[A-Z]{0,4}<?\s*\Z)")
_KYODO_STAMP = re.compile(r"(\d\d):(\d\d)-(\d\d)-(\d\d)-(\d\d)")

# Urgency by priority letter (ANPA 1312 table of priorities; AP's numbers for the same words).
_URGENCY = {"f": 1, "b": 2, "u": 3, "r": 4, "z": 4, "d": 5, "w": 6, "a": 7, "s": 8}
_SIGNAL = {"f": "alert", "b": "alert", "u": "urgent"}

_SLUG_LETTERS = 12
"""Letters of the header's slug, which is cut, that a keyword line repeats."""

_WRAPPED = 40
"""Characters of a header line that was wrapped, at least; a shorter one without its closing mark ends where it ends."""

_RULE = re.compile(r"^[_=-]{3,}$")
_CYCLE = re.compile(r"^(?:(?:BC|bc|AM|PM|AP)-)+")
_KILLED = re.compile(r"[ ,]+(?:KILL|HOLD)\b.*$")
_SLUG_TAKE = re.compile(
    r"[ ,(]+((?:\d{1,2}(?:st|nd|rd|th)[ -]?)?(?:ld|lead|add|insert|sub)\b[\w-]*|"
    r"\d{1,2}(?:st|nd|rd|th) ?(?:ld|lead|add)[\w-]*|(?:take|update|wrapup) \d+|(?:urgent|advisory|writethru)\b)",
    re.IGNORECASE,
)
_WRITETHRU = re.compile(r"write-?thru", re.IGNORECASE)
_PHOTOS = re.compile(r"^(?:AP )?(?:Photos?|Graphics?|Videos?)\b:?(?:[ ,]+[A-Z]{1,5}\d{1,5})+")
_EDS = re.compile(r"^\(?\s*(?:Eds?|Editors?)[.:]\s*", re.IGNORECASE)
_KEYWORDS = re.compile(r"^(?:BC|AM|PM|AP)-|--|,[ ]?(?:\d{1,2}(?:st|nd|rd|th) )?Ld\b|,[ ]?\d{1,5}$|,[ ]?(?:KILL|Adv)")
"""AP's keyword line: a cycle, a double hyphen, a take or a count of words; without it the title comes first."""
_ADVANCE = re.compile(r"^(?:\$adv\w*|end(?: of)?(?: advance| add)?|more)$", re.IGNORECASE)
_SIGNED = re.compile(r"^(?:The )?(?:AP|Associated Press)$")
_NOTE = re.compile(r"^\(?\s*(?:EDITOR'?S'? NOTE|NOTE TO EDITORS|ADVISORY|ATTN)\s*[_:—-]*\s*", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:By|Par|Por|Von)\s+\S")
_BYLINE_GOES_ON = re.compile(r"^(?:and|et|und|y|e) (?=[A-Z])")
_AFFILIATION = re.compile(
    r"\b(?:Press|News|Times|Post|Herald|Tribune|Writers?|Editors?|Correspondents?|Columnists?|Staff|Reporters?|Service|"
    r"Agency|Bureau)\s*$"
)
_DATELINE = re.compile(r"^[^()\n]{2,80}\([A-Z][\w/ ]{1,20}\)\s*(?:_|--?|—|–)\s*")


@dataclass(slots=True)
class _Copy:
    """What the copy's lines are."""

    keyword_line: str | None = None
    headline: str | None = None
    standfirst: list[str] = field(default_factory=list)
    byline: list[str] = field(default_factory=list)
    affiliation: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    signed: str | None = None
    body: list[str] = field(default_factory=list)


def sniff(probe: Probe) -> bool:
    """Whether a document begins with the two header lines of 1312."""
    if probe.root is not None or probe.first_json is not None:
        return False
    head = probe.text[:2000].replace("\r\n", "\n").replace("\r", "\n").lstrip("\x16\x00 \n")
    return _HEADER.match(head) is not None


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read one message or a capture of many. Never raises."""
    text = decode_wire(doc.data, probe.content_type)
    return read_text_document(doc, NAME, _messages(text), _read)


def _messages(text: str) -> Iterator[str]:
    """Messages of a capture; each begins with SOH and its service level."""
    starts = [found.start() for found in _START.finditer(text)] or [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end].lstrip("\x16\x00")


def _read(message: str, clock: Clock) -> NewsItem:
    header = _HEADER.match(message)
    if header is None:  # a level line without the second one: keep the words
        return NewsItem(body=paragraphs(message.partition("\x03")[0]))
    level, number, routing, priority, category, keyword, day, count = header.groups()
    text, etx, end = message[header.end() :].partition("\x03")
    if not etx:  # lost on the way: EOT still ends the transmission, and the stamp is the last line before it
        text = text.partition("\x04")[0]
        if stamp := _LAST_LINE.search(text):
            text, end = text[: stamp.start()], text[stamp.end() :]
    end = end.partition("\x04")[0]
    copy = _read_copy(text.partition("\x02")[2] or text, one_line(_CYCLE.sub("", keyword)))
    raw, published, source = _date(end, day, clock)
    take = _SLUG_TAKE.search(keyword)
    slug = one_line(_CYCLE.sub("", _KILLED.sub("", keyword[: take.start()] if take else keyword)))
    body = "\n".join(copy.body) or None
    extra = pairs(("byline_title", "; ".join(copy.affiliation)), ("photos", " ".join(copy.photos)))
    if copy.headline is None and body and "\n" not in body and len(body) <= ALERT_CHARS:
        copy.headline = _DATELINE.sub("", body)
        extra = (*extra, HEADLINE_OF_BODY)
    letter = priority.lower()
    sport = subject_of_slug(slug)
    codes = (f"subj:{sport}",) if sport else ()
    life = read_life("\n".join(filter(None, (keyword, copy.keyword_line, copy.headline, *copy.notes))), body)
    embargo_until, embargo_raw = read_embargo(life, clock, published)
    target = life.kill_target
    if life.status == "canceled" and slug and (target is None or _is_same(_CYCLE.sub("", target), slug)):
        target = slug  # a kill goes out under the slug of the story that it ends, and its text may spell it in full
    return NewsItem(
        guid=f"{level}{number}:{published:%Y-%m-%d}" if published else None,
        version_created=published,
        status=life.status,
        signals=unique((*life.signals, _SIGNAL.get(letter))),
        kill_target=target,
        supersedes=_replaced(slug, keyword, copy.keyword_line),
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        headline=copy.headline,
        standfirst="\n".join(copy.standfirst) or None,
        body=body,
        byline_raw="; ".join(copy.byline) or None,
        slug=slug or None,
        take_key=one_line(take[1]) if take else take_key_of(copy.keyword_line),
        editorial_note=join_lines(*copy.notes),
        credit=copy.signed,
        urgency=_URGENCY.get(letter),
        wire_header=pairs(
            ("service_level", level),
            ("sequence", number),
            ("service", one_line(without_controls(routing.partition("\x1f")[2] or routing)).strip("_- ") or None),
            ("priority_code", priority),
            ("category", category),
            ("word_count", count.lstrip("0") if count else None),
            ("header_date", day),
            ("keyword_line", copy.keyword_line),
        ),
        subject_codes=codes,
        media_topics=media_topics_of(codes),
        published=published,
        published_raw=raw,
        date_source=source,
        extra=extra,
    )


def _replaced(slug: str, *lines: str | None) -> tuple[str, ...]:
    """What a writethru replaces, as it states it: by the slug of the story that it writes through."""
    written = names_a_slug(slug) and any(line and _WRITETHRU.search(line) for line in lines)
    return (f"{SLUG_SCHEME}{slug}",) if written else ()


def _date(end: str, day: str | None, clock: Clock) -> tuple[str | None, datetime | None, str | None]:
    """The time stamp behind ETX (``AP-WF-MM-DD-YY HHMMGMT``); without one the header's day, which has no year."""
    raw = one_line(without_controls(end)).rstrip("<") or None
    if found := _AP_STAMP.search(end[:200]):
        month, number, year, hour, minute, zone = found.groups()
        moment, source = clock.dated(_stamp(year, month, number, hour, minute, zone))
        return raw, moment, source
    if found := _KYODO_STAMP.search(end[:200]):
        hour, minute, number, month, year = found.groups()
        moment, source = clock.dated(_stamp(year, month, number, hour, minute, None))
        return raw, moment, source
    raw = raw or day
    return raw, None, "published-unreadable" if raw else None


def _stamp(year: str, month: str, day: str, hour: str, minute: str, zone: str | None) -> str:
    full = f"{'19' if year > '69' else '20'}{year}"
    try:
        written = date(int(full), int(month), int(day))
    except ValueError:
        return ""
    text = f"{written:%d} {_MONTHS[written.month - 1]} {full} {hour}:{minute}:00"
    return f"{text} {zone}" if zone else f"{full}-{month}-{day}T{hour}:{minute}:00"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _read_copy(text: str, slug: str) -> _Copy:
    """Sort the copy's lines into keyword line, header lines and body."""
    copy = _Copy()
    lines = text.split("\n")
    if any(line.lstrip("\x02").startswith("^") for line in lines[:4]):
        _read_marked(copy, lines, slug)
    else:
        _read_plain(copy, lines)
    return copy


def _is_keyword_line(text: str, slug: str) -> bool:
    """Whether the first marked line names the story as the header does, and is not its headline."""
    return _KEYWORDS.search(text) is not None or _letters(text).startswith(_letters(slug)[:_SLUG_LETTERS])


def _is_same(target: str, slug: str) -> bool:
    """Whether two slugs are one in two spellings."""
    return target != slug and _letters(target) == _letters(slug)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _read_marked(copy: _Copy, lines: list[str], slug: str) -> None:
    """AP's form: ``^`` lines above the first paragraph are its header."""
    logical = list(_marked_lines(lines))
    start = len(logical)
    for at, (line, marked) in enumerate(logical):
        text = one_line(without_controls(line).lstrip("^").rstrip("<= "))
        if not text:
            continue
        if not marked:
            start = at
            break
        if copy.keyword_line is None and copy.headline is None and _is_keyword_line(text, slug):
            copy.keyword_line = one_line(without_controls(line).strip().rstrip("< "))
        elif not _is_header_line(copy, text):
            start = at
            break
    _read_paragraphs(copy, logical[start:])


def _read_paragraphs(copy: _Copy, lines: list[tuple[str, bool]]) -> None:
    """The copy's lines: an indented one begins a paragraph, and one at the margin goes on with it."""
    going_on = False
    for line, marked in lines:
        if marked and _ADVANCE.match(mark := without_controls(line).strip().strip("^<= ")):
            copy.notes.append(mark)
            continue
        indented = line[:1].isspace()
        found = _body_line(line, marked)
        if found and going_on and not (marked or indented or "\x08" in line[:2] or _RULE.match(found)):
            copy.body[-1] = f"{copy.body[-1]} {found}"
            continue
        if found:
            copy.body.append(found)
        going_on = bool(found) and indented and not marked and "\x08" not in line[:2]


def _marked_lines(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Logical lines and whether they are marked: a header line that was wrapped ends with its ``<`` or ``=``."""
    held, last = "", ""
    for line in lines:
        bare = line.strip("\x02\n")
        closes = bare.rstrip().endswith(("<", "="))
        if held and ((len(last) < _WRAPPED and not closes) or bare[:1].isspace() or bare[:1] in {"", "^"}):
            yield held, True
            held = ""
        stripped = bare.rstrip()
        marked = bool(held) or stripped.startswith("^")
        whole = f"{held} {stripped.strip()}" if held else bare
        if marked and not stripped.endswith(("<", "=")) and len(whole) < 600 and not _ends_table(stripped):
            held, last = whole.rstrip(), stripped
            continue
        yield whole, marked
        held = ""
    if held:
        yield held, True


def _ends_table(line: str) -> bool:
    """Whether a line closes a column of agate, which no other mark ends."""
    return line.endswith("\x10")


def _is_header_line(copy: _Copy, text: str) -> bool:
    """File a header line; False for the first one that is copy."""
    if _PHOTOS.match(text):
        copy.photos.append(text)
    elif note := _NOTE.match(text):
        copy.notes.append(text[note.end() :].strip())
    elif eds := _EDS.match(text):
        rest = text[eds.end() :].strip()
        copy.notes.append(f"({rest}" if text.startswith("(") and rest.endswith(")") else rest)
    elif _ADVANCE.match(text) or announces_embargo(text):
        copy.notes.append(text)
    elif _SIGNED.match(text) and not copy.byline:
        copy.signed = text
    elif _BYLINE.match(text) and not copy.byline:
        copy.byline.append(text)
    elif copy.byline and _BYLINE_GOES_ON.match(text):
        copy.byline[-1] += f" {text}"
    elif copy.byline:
        if len(copy.affiliation) > 1 or not _AFFILIATION.search(text):
            return False
        copy.affiliation.append(text)
    elif copy.headline is None:
        copy.headline = text
    elif len(copy.standfirst) < 3:
        copy.standfirst.append(text)
    else:
        return False
    return True


def _body_line(line: str, marked: bool) -> str | None:
    """One line of copy: agate columns become cells, AP's dashes and halves what print shows."""
    table = "\x08" in line[:2]
    text = without_controls(line.replace("\x10", " "))
    if marked or text.lstrip().startswith("^"):
        text = text.strip().lstrip("^").rstrip("<= ")
    if table and ";" in text:
        return "\t".join(one_line(cell) for cell in text.replace("{", "½").split(";")).rstrip() or None
    return one_line(text.strip().rstrip("<")) or None


def _read_plain(copy: _Copy, lines: list[str]) -> None:
    """Others' form: keyword line, headline (it ends with ``+`` or before the first indented line), paragraphs."""
    rows = [without_controls(line).rstrip() for line in "\n".join(lines).rstrip().split("\n")]
    rows = rows[next((at for at, row in enumerate(rows) if row.strip()), len(rows)) :]
    if not rows:
        return
    copy.keyword_line = one_line(rows[0]) or None
    indented = next((at for at, row in enumerate(rows) if at and row[:1].isspace() and row.strip()), None)
    start = indented if indented is not None and indented <= 6 else 1
    head = [row for row in rows[1:start] if row.strip()]
    for row in head:
        text = one_line(row.rstrip("+ "))
        if copy.headline is not None and _BYLINE.match(text):
            copy.byline.append(text)
        else:
            copy.headline = f"{copy.headline} {text}" if copy.headline else text
    if rows and start == 1 and len(rows) == 1:
        copy.headline, copy.keyword_line = copy.keyword_line, None
    body = [row for row in rows[start:] if not re.match(r"^==\s*[A-Z][a-z]+$", row.strip())]
    copy.body = (paragraphs("\n".join(body)) or "").split("\n") if body else []
    copy.body = [line for line in copy.body if line]
