"""The dateline at the head of the copy: where, when and by whom it was filed, and where the story itself begins.

A small grammar over tokens: ``[agency] places [date] [agencies] separator``, its parts in the orders that agencies
print, tried from the left. What has been read is then weighed (:mod:`transforms.enrich.dateline_evidence`): a known
agency or a date is strong evidence; a bare place followed by a dash is believed only under conservative rules.
"""

import datetime as dt
import re
from dataclasses import dataclass, field, replace

from schemas.agencies import is_agency
from schemas.reading import Dateline
from transforms.enrich.dateline_cjk import match_cjk
from transforms.enrich.dateline_dates import PrintedDate, match_date, match_day, match_short_numeric, resolve_date
from transforms.enrich.dateline_evidence import CITY, Reading, believe
from transforms.enrich.dateline_places import PrintedPlace, locate_first, match_places
from transforms.enrich.dateline_tokens import (
    BYLINE,
    DASH,
    MARKUP,
    MAX_AGENCIES,
    MAX_BYLINE,
    OPENERS,
    PROSE,
    SEPARATOR,
    WORD,
    is_call_sign,
    is_upper,
    match_bare_agency,
    split_agencies,
)
from transforms.enrich.gazetteer import Gazetteer

WINDOW = 420
"""Characters looked at: a byline of eight names and the longest dateline. What is slower would grow with the text."""

_GAP = re.compile(r"[\s,،，.]*(?:\|\s*(?=\d))?")
_CLOSING_STROKE = re.compile(r"\s/\s|\s?\|\s")
"""What closes a dateline in place of a dash: ACCESSWIRE's stroke behind the date, taz's bar behind its name."""
_SIGNED_BEHIND = re.compile(r",\s(?:[А-ЯЁІЇЄ][\w-]+\s){1,2}[А-ЯЁІЇЄ][\w-]+(?=\.\s)")
"""``17 фев — РИА Новости, Иван Петров.``: who filed it."""
_LISTED = re.compile(r"\w+\s-\s")
_LOWER_AGENCY = re.compile(r" [a-z]{2,4}\s[|–-]\s")
_ONLY_PLACE = re.compile(r"\[([^\[\]\n]{3,40})\]\s+(?=[A-ZÀ-Þ“\"'])")
_CONNECT = re.compile(r"\s*(?:[-–—―−_=]{1,2})\s*")
_TRAILING_DATE = re.compile(r"\s+[-–—]\s+(?=\d|[A-Z][a-z])|,\s+(?=\d|[A-Z][a-z]{2,8}\.? \d)")
_TEST = re.compile(r" [A-Z]{2,12} - ")
_COMMA = re.compile(r",\s+")
_SHORT_BRACKET = re.compile(r"[(（]\s?([^()（）\n]{1,30})\s?[)）]")
_OPEN_SOURCE = re.compile(r"\[([^\[\]\n]{2,40})\]\s+")
_STATION = re.compile(r"\(([A-Z][\w .'’]{1,30})-([A-Z]{2,5})\)\s*")


@dataclass(slots=True)
class _Parts:
    """What the grammar has read so far."""

    places: tuple[PrintedPlace, ...] = ()
    date: PrintedDate | None = None
    agencies: tuple[str, ...] = ()
    end: int = 0
    bracketed: bool = False
    order: list[str] = field(default_factory=list)


def parse_dateline(
    text: str,
    *,
    published: dt.datetime | None,
    language: str | None,
    gazetteer: Gazetteer,
) -> Dateline | None:
    """Read the dateline at the start of a body, after a byline that runs in.

    Args:
        text: the body, plain, repeated headlines removed.
        published: completes dates without a year; None leaves them open.
        language: BCP 47, when known.
        gazetteer: places.

    Returns:
        The dateline with its span (``text[end:]`` is the story), or None. Never raises; looks at the first
        :data:`WINDOW` characters only.
    """
    head = text[:WINDOW]
    markup = MARKUP.match(head)
    start = markup.end() if markup else 0
    if start >= len(head):
        return None
    first = head[start]
    if (first not in OPENERS and not first.isalnum() and first not in "'’") or PROSE.match(head, start):
        return None
    context = _Context(head, published, language, gazetteer)
    byline = BYLINE.match(head, start)
    found = context.after_byline(start, byline.end()) if byline else None
    return found or context.at(start)


def read_dateline_element(
    raw: str,
    *,
    published: dt.datetime | None,
    language: str | None,
    gazetteer: Gazetteer,
) -> Dateline | None:
    """Read a dateline that a format carries in an element of its own.

    Args:
        raw: the element's text (``Strasbourg, 10 juil 2024 (AFP)``, ``NEW YORK``).
        published: completes dates without a year.
        language: BCP 47, when known.
        gazetteer: places.

    Returns:
        The dateline; None when the element holds a time stamp, a place holder (``No-Data-Available``) or nothing.
        An element is believed: an unknown place keeps its name.
    """
    text = " ".join(raw.split())[:WINDOW]
    if not text or not any(c.isalpha() for c in text):
        return None
    if _PLACEHOLDER.fullmatch(text):
        return None
    found = _Context(text, published, language, gazetteer).element()
    bracket = _LAST_BRACKET.search(text)
    if bracket is None or (found is not None and found.country is not None):
        return found
    # an agency that no table knows, but the element says so
    before = text[: bracket.start()].rstrip(" ,")
    inner = _Context(before, published, language, gazetteer).element() if before else None
    if inner is None or inner.country is None:
        return found
    return replace(inner, raw=text, end=len(text), agencies=(*inner.agencies, bracket.group(1).strip()))


_LAST_BRACKET = re.compile(r"[(（]([^()（）]{2,60})[)）][\s\-–—_]*$")

_PLACEHOLDER = re.compile(
    r"no[- ]data[- ]available|n/?a|unknown|none|null|tba|tbd|not (?:available|applicable)|undated|"
    r"\d{4}-?\d\d-?\d\d[T ].*|said to be .*",
    re.IGNORECASE,
)


class _Context:
    """One text being read: what every rule needs."""

    def __init__(self, text: str, published: dt.datetime | None, language: str | None, gazetteer: Gazetteer) -> None:
        self.text = text
        self.published = published
        self.language = language
        self.gazetteer = gazetteer

    def at(self, start: int, *, strict: bool = False) -> Dateline | None:
        """A dateline that begins exactly at ``start``."""
        text = self.text
        first = text[start]
        if first >= "\u2e80" or first in "([（":
            found = match_cjk(text, start, self.language, self.gazetteer)
            if found:
                parts = _Parts(found.places, found.date, found.agencies, found.end)
                return self.finish(start, parts, found.end)
        if first.isdigit():
            return self.date_first(start)
        if first in "([（/":
            return self.bracket_first(start)
        if not first.isalpha() and first not in "'’":
            return None
        return self.place_first(start, strict=strict) or self.word_first(start)

    def finish(self, start: int, parts: _Parts, end: int) -> Dateline:
        """Put the reading together."""
        location = locate_first(parts.places, parts.agencies, self.language, self.gazetteer) if parts.places else None
        first = parts.places[0] if parts.places else None
        return Dateline(
            raw=self.text[start:end].strip(),
            start=start,
            end=end,
            places=tuple(p.printed for p in parts.places),
            place=first.place if first else None,
            region=first.region if first else None,
            country=location.country if location else None,
            latitude=location.latitude if location else None,
            longitude=location.longitude if location else None,
            date=resolve_date(parts.date, self.published) if parts.date else None,
            agencies=parts.agencies,
        )

    def bracket(self, pos: int) -> tuple[int, tuple[str, ...], PrintedDate | None] | None:
        """An agency list in brackets or strokes at ``pos``; a date may stand in it."""
        text = self.text
        closer = OPENERS.get(text[pos : pos + 1])
        if closer is None:
            return None
        close = text.find(closer, pos + 1, pos + MAX_AGENCIES + 2)
        if close < 0:
            return None
        if closer == "/":  # ``/KUNA/AFP/``: the list may hold strokes
            while text[close - 1] != " " and (further := text.find("/", close + 1, pos + MAX_AGENCIES)) > 0:
                if split_agencies(text[pos + 1 : further]) is None or " " in text[close + 1 : further]:
                    break
                close = further
        inside = text[pos + 1 : close].strip()
        agencies = split_agencies(inside)
        if agencies:
            return close + 1, agencies, None
        for cut in _TRAILING_DATE.finditer(inside):
            agencies = split_agencies(inside[: cut.start()])
            date = match_date(inside, cut.end(), self.language)
            if agencies and date and not inside[date[0] :].strip(" .,"):
                return close + 1, agencies, date[1]
        return None

    def tail(self, parts: _Parts, pos: int) -> None:
        """Read date and agencies, in any order, after the places; sets ``parts.end``."""
        text = self.text
        parts.end = pos
        for _ in range(5):
            gap = _GAP.match(text, parts.end)
            at = gap.end() if gap else parts.end
            if at >= len(text):
                return
            if self.component(parts, at):
                continue
            dash = _CONNECT.match(text, parts.end) or _CONNECT.match(text, at)
            if dash and dash.end() > at and self.component(parts, dash.end(), after_dash=True):
                continue
            return

    def component(self, parts: _Parts, at: int, *, after_dash: bool = False) -> bool:
        """Read one date or agency list at ``at``."""
        text = self.text
        char = text[at : at + 1]
        if not parts.agencies and char in OPENERS:
            # ``JIM WATSON/AFP/Getty`` is a picture's credit: strokes that open a list stand after a space
            found = self.bracket(at) if char != "/" or not text[at - 1 : at].isalnum() else None
            if found:
                parts.end, parts.agencies, date = found
                parts.bracketed = True
                parts.date = parts.date or date
                parts.order.append("agency")
                return True
            if char in "(（" and parts.date is None:
                date_found = match_date(text, at + 1, self.language)
                if date_found and text[date_found[0] : date_found[0] + 1] in ")）":
                    parts.date, parts.end = date_found[1], date_found[0] + 1
                    parts.order.append("date")
                    return True
            short = _SHORT_BRACKET.match(text, at)
            if short and is_call_sign(short[1]) and parts.places and parts.places[0].place:
                parts.end, parts.agencies, parts.bracketed = short.end(), (short[1],), True
                parts.order.append("agency")
                return True
            return False
        if parts.date is None and (char.isdigit() or char.isalpha()):
            date_found = match_date(text, at, self.language)
            if date_found is None and char.isdigit() and not after_dash:
                short_date = match_short_numeric(text, at)
                if short_date is None and text[at - 2 : at] == ", ":
                    short_date = match_day(text, at)
                if short_date and self.bracket(short_date[0] + 1):
                    date_found = short_date
            if date_found and self.date_fits(date_found, after_dash=after_dash):
                parts.end, parts.date = date_found
                parts.order.append("date")
                return True
        if not parts.agencies and char.isalpha():
            bare = match_bare_agency(text, at)
            if bare and self.agency_fits(bare, parts, after_dash=after_dash):
                parts.end, parts.agencies = bare
                if signed := _SIGNED_BEHIND.match(text, parts.end):
                    parts.end = signed.end()
                parts.order.append("agency")
                return True
        return False

    def date_fits(self, found: tuple[int, PrintedDate], *, after_dash: bool) -> bool:
        """A bare weekday or what follows a dash must be closed by punctuation, or the story has begun with it."""
        end, date = found
        following = self.text[end : end + 3].lstrip(" ")
        if date.weekday is not None or after_dash:
            return following[:1] in ("(", "/", "-", "–", "—", ":", ".", "[") or end >= len(self.text)
        return not self.text[end : end + 1].isalnum()

    def agency_fits(self, found: tuple[int, tuple[str, ...]], parts: _Parts, *, after_dash: bool) -> bool:
        """A bare agency must stand between the dateline and a separator."""
        end = found[0]
        match = SEPARATOR.match(self.text, end)
        between = match[0] if match else ""
        if end >= len(self.text) or (parts.date is not None and _SIGNED_BEHIND.match(self.text, end)):
            return True
        closes = (
            bool(DASH.search(between))
            or ":" in between
            or self.text[end : end + 3].strip(" ")[:1] == "|"
            or (between.strip() == "." and parts.date is not None)
        )
        if after_dash and parts.date is None:
            return bool(DASH.search(between)) or ":" in between
        return closes

    def separator(self, end: int) -> tuple[int, str]:
        """The separator after the last part: where the story begins, and what was printed."""
        match = SEPARATOR.match(self.text, end)
        if not match:
            return end, ""
        if not match[0].strip() and (stroke := _CLOSING_STROKE.match(self.text, end)):
            return stroke.end(), stroke[0]
        return match.end(), match[0]

    def place_first(self, start: int, *, strict: bool = False) -> Dateline | None:
        """``NEW YORK, Jan 21 (Reuters) -`` and all that begins with a place."""
        text = self.text
        listed = match_places(text, start, self.gazetteer)
        if listed is None:
            return None
        follow = text[listed.end : listed.end + 2]
        if (
            follow[:1] == " "
            and follow[1:].islower()
            and follow[1:].isascii()
            and not follow[1:].isdigit()
            and _LOWER_AGENCY.match(text, listed.end) is None
        ):
            return None
        parts = _Parts(listed.places)
        self.tail(parts, listed.end)
        if not parts.agencies and not parts.date and text[listed.end : listed.end + 1] in ",،":
            lenient = match_places(text, start, self.gazetteer, lenient=True)
            if lenient and lenient.end > listed.end:
                other = _Parts(lenient.places)
                self.tail(other, lenient.end)
                if other.agencies or (other.date and is_upper(lenient.places[0].place)):
                    parts = other
        if (parts.date and not parts.agencies) or not parts.order:
            self.unknown_bracket(parts)
        return self.weigh(start, parts, strict=strict)

    def unknown_bracket(self, parts: _Parts) -> None:
        """Pass over a bracket with a deliverer we do not know: it is no agency to us, but no story either."""
        gap = _GAP.match(self.text, parts.end)
        short = _SHORT_BRACKET.match(self.text, gap.end() if gap else parts.end)
        if not short or not short[1][:1].isalpha() or any(c.isdigit() for c in short[1]):
            return
        if not DASH.search(self.separator(short.end())[1]):
            return
        first = parts.places[0] if parts.places else None
        if parts.date or (
            first and is_upper(first.place) and self.gazetteer.locate(first.place) and len(short[1]) <= 25
        ):
            parts.end = short.end()

    def weigh(self, start: int, parts: _Parts, *, strict: bool = False, prefixed: bool = False) -> Dateline | None:
        """Decide whether what was read is a dateline."""
        end, separator = self.separator(parts.end)
        location = locate_first(parts.places, parts.agencies, self.language, self.gazetteer)
        reading = Reading(
            place=parts.places[0].place if parts.places else None,
            region=parts.places[0].region if parts.places else None,
            known_region=bool(parts.places and parts.places[0].known_region),
            place_count=len(parts.places),
            location=location,
            has_date=parts.date is not None,
            has_year=bool(parts.date and parts.date.year),
            has_agency=bool(parts.agencies) and not (prefixed and not parts.order),
            bracketed=parts.bracketed or (prefixed and bool(parts.order)),
            separator=separator,
            body=self.text[end : end + 40],
            language=self.language,
        )
        if not believe(reading, strict=strict):
            return None
        return self.finish(start, parts, end)

    def date_first(self, start: int) -> Dateline | None:
        """``9 يونيو (رويترز) -``, ``8/24/2004 --``, ``12 января, Минск /Корр. БЕЛТА/.``."""
        found = match_date(self.text, start, self.language)
        return self.after_date(start, found) if found else None

    def after_date(self, start: int, found: tuple[int, PrintedDate]) -> Dateline | None:
        """What may follow a date that opens the copy."""
        parts = _Parts(date=found[1])
        self.tail(parts, found[0])
        if parts.agencies:
            return self.weigh_undated(start, parts)
        comma = _COMMA.match(self.text, found[0])
        listed = match_places(self.text, comma.end(), self.gazetteer) if comma else None
        if listed and listed.places:
            placed = _Parts(listed.places, found[1])
            self.tail(placed, listed.end)
            if placed.agencies:
                return self.weigh(start, placed)
        return self.date_alone(start, parts)

    def date_alone(self, start: int, parts: _Parts) -> Dateline | None:
        """A full date and a dash: a dateline only when it is the day of publication or shortly before."""
        if not parts.date or parts.date.year is None or self.published is None:
            return None
        day = resolve_date(parts.date, self.published)
        end, separator = self.separator(parts.end)
        if day is None or not DASH.search(separator) or not -2 <= (self.published.date() - day).days <= 7:
            return None
        if self.text[end : end + 1].islower():
            return None
        return self.finish(start, parts, end)

    def weigh_undated(self, start: int, parts: _Parts) -> Dateline | None:
        """Date and agency without a place."""
        end, separator = self.separator(parts.end)
        if parts.bracketed or DASH.search(separator) or ":" in separator:
            return self.finish(start, parts, end)
        return None

    def bracket_first(self, start: int) -> Dateline | None:
        """``(CNN) --``, ``(ANSA) - ROMA, 1 LUG -``, ``[Addis Standard] Addis Abeba --``, ``(Columbia-AP) Nov. 24``."""
        text = self.text
        found = self.bracket(start)
        if found:
            close, agencies, date = found
            end, separator = self.separator(close)
            placed = self.place_after_agency(start, end, agencies)
            if placed:
                return placed
            parts = _Parts((), date, agencies, close, bracketed=True)
            if text[start] == "/" and not DASH.search(separator):
                return None
            if not date:
                self.tail(parts, close)
                if parts.date and not DASH.search(self.separator(parts.end)[1]):
                    parts.date, parts.end = None, close
            end, separator = self.separator(parts.end)
            following = text[end : end + 1]
            if following.islower() and following.isascii() and not separator.strip():
                return None
            return self.finish(start, parts, end)
        source = _OPEN_SOURCE.match(text, start)
        if source:
            listed = match_places(text, source.end(), self.gazetteer)
            if listed:
                end, separator = self.separator(listed.end)
                location = locate_first(listed.places, (), self.language, self.gazetteer)
                if DASH.search(separator) and location and location.latitude is not None:
                    # allAfrica's form: the publisher in brackets, the place, two hyphens
                    return self.finish(start, _Parts(listed.places, None, (source[1].strip(),)), end)
        only = _ONLY_PLACE.match(text, start)
        if only:
            # SciDev.Net's form: nothing but a place in square brackets
            location = self.gazetteer.locate(only[1], language=self.language)
            if location and location.latitude is not None and location.own_name and location.weight >= CITY:
                return self.finish(start, _Parts((PrintedPlace(only[1], only[1]),)), only.end())
        station = _STATION.match(text, start)
        if station and is_agency(station[2]) and self.gazetteer.locate(station[1]):
            parts = _Parts((PrintedPlace(station[1], station[1]),), None, (station[2],), bracketed=True)
            self.tail(parts, station.end())
            return self.finish(start, parts, self.separator(parts.end)[0])
        return None

    def place_after_agency(self, start: int, pos: int, agencies: tuple[str, ...]) -> Dateline | None:
        """A whole dateline after the agency that opens the copy; its own agencies are added."""
        text = self.text
        if pos >= len(text) or not text[pos].isalpha():
            return None
        listed = match_places(text, pos, self.gazetteer)
        if not listed:
            return None
        parts = _Parts(listed.places)
        self.tail(parts, listed.end)
        parts.agencies = agencies + tuple(a for a in parts.agencies if a not in agencies)
        if not parts.order:
            # ``AFP - China can claim …`` is prose: without a date the place must be known and closed
            location = locate_first(parts.places, agencies, self.language, self.gazetteer)
            separator = self.separator(parts.end)[1]
            if location is None or location.latitude is None or not (DASH.search(separator) or ":" in separator):
                return None
        return self.weigh(start, parts, prefixed=True)

    def word_first(self, start: int) -> Dateline | None:
        """``AFP - …``, ``Canadian Press - BANJA LUKA, …``, ``TEMPO.CO, Jakarta -``, ``Jan 3 (Reuters) -``."""
        text = self.text
        date = match_date(text, start, self.language)
        if date and date[1].day:
            return self.after_date(start, date)
        if date and date[1].weekday is not None:
            return None
        bare = match_bare_agency(text, start)
        if bare is None:
            return self.test_prefix(start)
        close, agencies = bare
        end, separator = self.separator(close)
        if separator.startswith(",") or DASH.search(separator):
            placed = self.place_after_agency(start, end, agencies)
            if placed:
                return placed
        if not DASH.search(separator) or not separator[:1].isspace():
            return self.test_prefix(start)
        if _LISTED.match(text, end) or not _stands_alone(agencies[0]) or not text[end : end + 1] or text[end].islower():
            return None
        return self.finish(start, _Parts((), None, agencies), end)

    def test_prefix(self, start: int) -> Dateline | None:
        """``ANSA TEST - ROMA, 01 LUG -``: an agency and another word before the dash."""
        word = WORD.match(self.text, start)
        if not word or not is_upper(word[0]) or not is_agency(word[0]):
            return None
        dash = _TEST.match(self.text, word.end())
        return self.place_after_agency(start, dash.end(), (word[0],)) if dash else None

    def after_byline(self, start: int, pos: int) -> Dateline | None:
        """A dateline after a byline that runs in (``By Jane Doe LIMA, Jan 21 (Reuters) -``)."""
        text = self.text
        limit = min(len(text), start + MAX_BYLINE)
        line = text.find("\n", pos, limit)
        if line >= 0:
            gap = MARKUP.match(text, line)
            found = self.at(gap.end()) if gap and gap.end() < len(text) else None
            if found:
                return found
        # ``Dal nostro inviato`` is followed by the place at once
        strict = "nostr" not in text[start:pos].casefold()
        immediate = self.at(pos, strict=strict) if pos < len(text) and text[pos].isalpha() else None
        if immediate and immediate.places:
            return immediate
        word = WORD.search(text, pos, limit)
        tries = 0
        while word and tries < 24:
            at = word.start()
            if text[at].isupper() and at > pos and is_upper(word[0]):
                tries += 1
                found = self.place_first(at, strict=True)
                if found:
                    return found
            word = WORD.search(text, word.end(), limit)
        return None

    def element(self) -> Dateline | None:
        """The whole text as a dateline."""
        text = self.text
        found = self.at(0)
        if found and found.end >= len(text) and (found.places or found.agencies):
            return found
        listed = match_places(text, 0, self.gazetteer, lenient=True)
        if listed is None:
            return found
        parts = _Parts(listed.places)
        self.tail(parts, listed.end)
        end, _ = self.separator(parts.end)
        if end < len(text):
            if found:
                return found
            first = text.split("(")[0].strip(" ,-–—_")
            parts = _Parts((PrintedPlace(first, first),)) if first else parts
        if not parts.places[0].place or match_date(text, 0, self.language):
            return None
        return self.finish(0, parts, len(text))


def _stands_alone(name: str) -> bool:
    """Whether an agency before a dash may open copy without a place: printed as no ordinary word is."""
    return name in _OPENING or (sum(c.isupper() for c in name) >= 2 and name not in _WORDS) or ".com" in name


_OPENING = frozenset(
    [
        "Reuters",
        "Bloomberg",
        "Xinhua",
        "Kyodo",
        "Yonhap",
        "Tass",
        "Belga",
        "Interfax",
        "Bernama",
        "Lusa",
        "Ansa",
        "Efe",
        "Anadolu",
    ]
)
_WORDS = frozenset(
    [
        "DIRE",
        "NOVA",
        "BETA",
        "SUN",
        "PUNCH",
        "TREND",
        "REPORT",
        "FOCUS",
        "ONLINE",
        "TEMPO",
        "VALOR",
        "DIRECT",
        "FOX",
        "EP",
        "PL",
        "UP",
        "AE",
        "NA",
        "ST",
    ]
)
"""Agencies whose names in capitals are ordinary words or initials."""
