"""The parts of a dateline, each read by itself (dates, agencies, separators), and how they are put together."""

import datetime as dt
import re
from dataclasses import dataclass, field

from schemas.agencies import is_agency
from schemas.reading import Dateline
from transforms.enrich.dateline_dates import PrintedDate, match_date, match_day, match_short_numeric, resolve_date
from transforms.enrich.dateline_places import PrintedPlace, locate_first
from transforms.enrich.dateline_tokens import (
    DASH,
    MAX_AGENCIES,
    OPENERS,
    SEPARATOR,
    is_call_sign,
    is_upper,
    match_bare_agency,
    split_agencies,
)
from transforms.enrich.gazetteer import Gazetteer

_GAP = re.compile(r"[\s,،，.]*(?:\|\s*(?=\d))?")
_CLOSING_STROKE = re.compile(r"\s/\s|\s?\|\s")
"""What closes a dateline in place of a dash: ACCESSWIRE's stroke behind the date, taz's bar behind its name."""
_SIGNED_BEHIND = re.compile(r",\s(?:[А-ЯЁІЇЄ][\w-]+\s){1,2}[А-ЯЁІЇЄ][\w-]+(?=\.\s)")
"""``17 фев — РИА Новости, Иван Петров.``: who filed it."""
_CONNECT = re.compile(r"\s*(?:[-–—―−_=]{1,2})\s*")
_FIGURE = re.compile(r"\d")
_TRAILING_DATE = re.compile(
    r"\s+[-–—]\s+(?=\d|[A-Z][a-z])|(?:,|\s/)\s+(?=\d|[A-Z][a-z]{2,8}\.? \d)|\s(?=\d{1,2}/\d{1,2}$)"
)
_QUOTED = re.compile(r"\s?[:\-–—]?\s?«([^«»\n]{2,30})»")
_SHORT_BRACKET = re.compile(r"[(（]\s?([^()（）\n]{1,30})\s?[)）]")


def _is_signed_off(text: str, found: tuple[int, tuple[str, ...]]) -> bool:
    """``Baku, February 16, AZERTAC The President …``: the name in capitals after a comma ends the dateline."""
    end, (name, *_) = found
    start = end - len(name)
    if "\u0600" <= name < "\u0700":
        return True  # ``الرياض 16 فبراير 2026 م واس افتتح …``
    return len(name) > 3 and is_upper(name) and text[start - 2 : start] == ", " and text[end + 1 : end + 2].isupper()


@dataclass(slots=True)
class Parts:
    """What the grammar has read so far."""

    places: tuple[PrintedPlace, ...] = ()
    date: PrintedDate | None = None
    agencies: tuple[str, ...] = ()
    end: int = 0
    bracketed: bool = False
    order: list[str] = field(default_factory=list)


class Components:
    """One text being read, and what may stand in a dateline at any place of it."""

    def __init__(self, text: str, published: dt.datetime | None, language: str | None, gazetteer: Gazetteer) -> None:
        self.text = text
        self.published = published
        self.language = language
        self.gazetteer = gazetteer

    def finish(self, start: int, parts: Parts, end: int) -> Dateline:
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
        for cut in _TRAILING_DATE.finditer(inside) if _FIGURE.search(inside) else ():
            agencies = split_agencies(inside[: cut.start()])
            date = match_date(inside, cut.end(), self.language) or match_short_numeric(inside, cut.end())
            if agencies and date and not inside[date[0] :].strip(" .,"):
                return close + 1, agencies, date[1]
        agencies = split_agencies(inside)
        return (close + 1, agencies, None) if agencies else None

    def tail(self, parts: Parts, pos: int) -> None:
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

    def component(self, parts: Parts, at: int, *, after_dash: bool = False) -> bool:
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

    def agency_fits(self, found: tuple[int, tuple[str, ...]], parts: Parts, *, after_dash: bool) -> bool:
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
            or (parts.date is not None and (between.strip() == "." or "\n" in between))
            or (bool(parts.date and parts.places) and between == " " and _is_signed_off(self.text, found))
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

    def quoted(self, parts: Parts) -> None:
        """``لندن: «الشرق الأوسط»``: how Arab papers sign."""
        found = _QUOTED.match(self.text, parts.end)
        if found and is_agency(found[1]):
            parts.agencies, parts.end, parts.bracketed = (found[1],), found.end(), True
            parts.order.append("agency")

    def unknown_bracket(self, parts: Parts) -> None:
        """Pass over a bracket with a deliverer we do not know: it is no agency to us, but no story either."""
        gap = _GAP.match(self.text, parts.end)
        short = _SHORT_BRACKET.match(self.text, gap.end() if gap else parts.end)
        if not short or not short[1][:1].isalpha() or any(c.isdigit() for c in short[1]):
            return
        behind = self.separator(short.end())[1]
        if not DASH.search(behind) and not (parts.date and ":" in behind):
            return
        first = parts.places[0] if parts.places else None
        if parts.date or (
            first and is_upper(first.place) and self.gazetteer.locate(first.place) and len(short[1]) <= 25
        ):
            parts.end = short.end()
