"""Plain text that is a story: press releases (AsiaNet, PR Newswire and their like), bulletins, tickers, typed copy.

The last of the formats to be asked. A text is a story when its head is that of a release or bulletin, or when it reads
as prose: title lines, a blank line, sentences. Program text, tables of values, calendars and logs are none, and end
as failures that say so.
"""

import re
from collections.abc import Iterator

from schemas.document import ParsedDocument, RawDocument
from schemas.item import NewsItem
from transforms.parse.agency_document import Clock, pairs
from transforms.parse.elements import join_lines, unique
from transforms.parse.probe import Probe
from transforms.parse.text import one_line
from transforms.parse.text_document import read_text_document
from transforms.parse.wire_life import read_embargo, read_life, split_embargo
from transforms.parse.wire_text import decode_wire, paragraphs, split_private, without_controls

NAME = "plain_text"

_KIND = (
    r"(?:(?:media|press|news)\s+release|(?:presse|medien)mitteilung|presseinformation|communiqué\s+de\s+presse|"
    r"comunicado\s+de\s+(?:prensa|imprensa)|nota\s+de\s+prensa|comunicato\s+stampa|persbericht|pressmeddelande|"
    r"pressemeddelelse|pressemelding|lehdistötiedote|informacja\s+prasowa|пресс-релиз)"
)
_RELEASE = re.compile(
    rf"(?im)^\W*{_KIND}\b|\bfor immediate release\b|"
    r"/\s?(?:PRNewswire|PR ?Newswire|Xinhua-AsiaNet|AsiaNet|GLOBE NEWSWIRE|Medianet|CNW|ots)[\w -]{0,24}/|"
    r"\((?:BUSINESS WIRE|GLOBE NEWSWIRE|Marketwired|ACCESSWIRE)\)"
)
_RELEASE_LINE = re.compile(rf"^\W*(?P<kind>{_KIND})\b[:\s]*(?P<number>[A-Z]{{0,4}}\d{{3,9}})?\s*$", re.IGNORECASE)
_NAME = r"(?:[A-ZÄÖÜÉÈÁÓÍ][\w'’.-]*|de|van|von|der|da|di|el|and|und|et|y|e)"
_BYLINE = re.compile(rf"^(?:By|Von|Par|Por|Di|Door|Av|Af) {_NAME}(?:,? {_NAME}){{1,7}}$")
_SOURCE_LINE = re.compile(r"^(?:source|quelle|fuente|fonte|bron)\s*:\s*(\S.*)$", re.IGNORECASE)
_ID_LINE = re.compile(r"^[A-Z]{2,4}\d{4,6}$")
_ISSUED = re.compile(r"(?im)^issued (?:at|by)\b[^\n]{0,160}$")
_TICKER = re.compile(r"\s\*\*\s")
_CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*(?:#!|//|/\*|use |import |from \w+ import|package |sub |def |class |my )|=>|\$\w+\s*="
)
_NOT_COPY = re.compile(r"^\s*(?:BEGIN:V|#!|<\?|%PDF|\[\w+\]\s*$)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[^\W\d_][^.!?。！？।]{15,400}[.!?。！？।](?:[\s\"'»”’)]|$)")
_SAMPLE = 6_000  # characters that decide; a story shows itself in its first paragraphs
_LONGEST_TITLE = 120  # characters of a title that ends with a full stop; longer ones are sentences of copy
_MIN_WORDS = 25  # shorter prose without a release's head is a note, not a story


def sniff(probe: Probe) -> bool:
    """Whether a text is a story."""
    if probe.binary or probe.first_json is not None or not probe.text.strip():
        return False
    if (probe.content_type or "").partition(";")[0].strip().lower() in {"text/html", "application/json", "text/csv"}:
        return False
    text = probe.text[:_SAMPLE].replace("\r\n", "\n")
    if probe.root is not None and text.lstrip().startswith("<"):
        return False
    if _NOT_COPY.match(text):
        return False
    if _is_ticker(text) or _RELEASE.search(text[:1500]) or _ISSUED.search(text[:1500]):
        return True
    return _is_prose(text)


def _is_ticker(text: str) -> bool:
    """One line of headlines between double asterisks."""
    return len(_TICKER.findall(text)) >= 3 and text.strip().count("\n") <= 2


def _is_prose(text: str) -> bool:
    """Sentences, and neither program text nor rows of values."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return False
    code = sum(1 for line in lines if _CODE_LINE.search(line))
    rows = sum(1 for line in lines if (line.count(",") >= 4 and line.count('"') >= 2) or line.count("\t") >= 3)
    if code * 8 > len(lines) or rows * 3 > len(lines):
        return False
    letters = sum(char.isalpha() or char.isspace() for char in text)
    return letters >= 0.75 * len(text) and len(_WORD.findall(text)) >= _MIN_WORDS and _SENTENCE.search(text) is not None


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read one text, or the headlines of a ticker. Never raises."""
    text = decode_wire(doc.data, probe.content_type)
    if _is_ticker(text[:_SAMPLE]):
        return read_text_document(doc, "ticker", _headlines(text), _read_headline)
    return read_text_document(doc, NAME, (text,), _read)


def _headlines(text: str) -> Iterator[str]:
    for part in _TICKER.split(f"{text} "):
        if line := one_line(without_controls(part).strip("* ")):
            yield line


def _read_headline(text: str, clock: Clock) -> NewsItem:  # noqa: ARG001 - one interface for all readers
    return NewsItem(headline=text)


def _read(text: str, clock: Clock) -> NewsItem:
    """Head lines (source, release number, title), then the copy."""
    text, private = split_private(text)
    text, embargo = split_embargo(text)
    lines = text.split("\n")
    source = number = byline = None
    kind: list[str] = []
    at = 0
    for at, line in enumerate(lines[:12]):
        bare = one_line(without_controls(line))
        if not bare:
            continue
        if source is None and (found := _SOURCE_LINE.match(bare)):
            source = one_line(found[1])
        elif found := _RELEASE_LINE.match(bare):
            number = found["number"] or number
            kind.append(found["kind"].lower())
            sender = _sender_below(lines[at + 1 :])
            if sender and source is None:
                source, lines[at + 1] = sender, ""
        elif number is None and _ID_LINE.match(bare):
            number = bare
        elif byline is None and _BYLINE.match(bare):
            byline = bare
        else:
            break
    headline, rest = _title(lines[at:])
    issued = _ISSUED.search(text[:1500])
    raw = re.sub(r"(?i)^issued (?:at|by)\s*", "", issued[0]).strip(" .") if issued else None
    published, date_source = clock.dated(_date_in(raw))
    body = paragraphs("\n".join(rest))
    if headline is None and body and "\n" not in body and len(body) < 250:
        headline, body = body, None
    life = read_life("\n".join(filter(None, (headline, embargo))), body)
    embargo_until, embargo_raw = read_embargo(life, clock, published)
    return NewsItem(
        guid=number,
        version_created=published,
        status=life.status,
        signals=life.signals,
        kill_target=life.kill_target,
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        source=source or _last_source(lines),
        headline=headline,
        body=body,
        byline_raw=byline,
        genres=unique(kind),
        editorial_note=join_lines(embargo, paragraphs(private) if private else None),
        published=published,
        published_raw=raw,
        date_source=date_source,
        extra=pairs(("release_number", number)),
    )


def _sender_below(lines: list[str]) -> str | None:
    """The one line right below the words "press release", when a title follows it: who sends it."""
    if len(lines) < 2 or lines[1].strip():
        return None
    sender, (title, _) = one_line(without_controls(lines[0])), _title(lines[1:])
    both_short = 0 < len(sender) <= _LONGEST_TITLE and title is not None and len(title) <= _LONGEST_TITLE
    return sender if both_short and sender[-1] not in ".:!?" and not _RELEASE.search(title or "") else None


def _title(lines: list[str]) -> tuple[str | None, list[str]]:
    """The lines before the first blank one, when they are few and no sentence of copy."""
    lines = lines[next((at for at, line in enumerate(lines) if line.strip()), len(lines)) :]
    end = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    title = one_line(without_controls(" ".join(lines[:end])))
    sentence = len(title) > _LONGEST_TITLE and title.endswith(".")
    if 0 < end <= 6 and end < len(lines) and len(title) <= 400 and not sentence:
        return title.removeprefix("# "), lines[end:]
    first = one_line(without_controls(lines[0])) if lines else ""
    if first and len(first) <= 120 and not first.endswith((".", ",", ";")) and len(lines) > 1:
        return first.removeprefix("# "), lines[1:]
    return None, lines


def _date_in(text: str | None) -> str | None:
    """``9:27 am EST on Thursday 5 July 2018`` with the day before the hour, as dates are read."""
    if not text:
        return None
    hour, on, day = text.partition(" on ")
    return f"{day} {hour}" if on else text


def _last_source(lines: list[str]) -> str | None:
    """``SOURCE: Example Ltd`` at the end of a release."""
    for line in lines[-12:]:
        if found := _SOURCE_LINE.match(line.strip()):
            return one_line(found[1])
    return None
