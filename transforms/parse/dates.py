"""Dates as documents print them, read as moments; what was assumed is said.

Two shapes make up nearly all of the news: RFC 822 (RSS) and ISO 8601 (the others). Both have a fast path of one or
two microseconds. Everything else goes through a tolerant reader that takes a date apart by its words.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from transforms.parse.date_words import MONTHS, PM_WORDS, UTC_NAMES, ZONES, ZONES_BEYOND_DOUBT

__all__ = ["NAIVE", "PRINTED", "REPAIRED", "UNREADABLE", "ReadDate", "read_date"]

PRINTED = "published"
"""The zone was printed, or its name is one that every reader knows."""
REPAIRED = "published-zone-repaired"
"""A zone name that most readers take for UTC (BST, CET, IST, …) was read by our table."""
NAIVE = "published-naive"
"""No zone was printed: the source's zone or UTC."""
UNREADABLE = "published-unreadable"
"""A date was printed that nobody can read for certain."""

FIRST_YEAR, LAST_YEAR = 1800, 2200
"""Years outside are faults (0001-01-01 is a system's word for "none"); pandas' nanoseconds end in 1677 and 2262."""

_MAX_CHARS = 120
"""Longer strings are no dates."""

_RFC822 = re.compile(
    r"(?:[A-Za-z]{3},?\s+)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d{2}):(\d{2})(?::(\d{2}))?\s+"
    r"(?:([+-])(\d{2}):?(\d{2})|([A-Za-z]{1,5}))"
)
_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:(?:[T_]|\s+)?(\d{1,2}):?(\d{2})(?::?(\d{2}))?(?:[.,](\d{1,9}))?\s*"
    r"(?:(Z)|(?:UTC|GMT)?([+-]|\u2212)(\d{2}):?(\d{2})?|([A-Za-z][A-Za-z/_]{1,40}))?)?\s*(?:\[[\w/+-]{1,40}\])?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{4,14}")
_RFC822_SIZE = {"T": 29, "0": 31}
_ISO_SIZES = frozenset((20, 25))
_MONTH_ONLY = re.compile(r"(\d{4})-(\d{2})")
_TIME = re.compile(
    r"(?<![\d:.])(\d{1,2})\s?[:h.\u6642\u65f6\uc2dc]\s?(\d{2})(?:\s?[:.m\u5206\ubd84]\s?(\d{2})(?:[.,]\d{1,9})?)?(?![\d])"
    r"(?:\s*([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_HOUR_ONLY = re.compile(r"\b(\d{1,2})\s*([ap])\.?m\b\.?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:GMT|UTC|Z)?\s*([+-]|\u2212)(\d{1,2}):?(\d{2})?\b", re.IGNORECASE)
_YMD = re.compile(
    r"(?<!\d)(\d{4})\s?[-/.\u5e74\ub144]\s?(\d{1,2})\s?[-/.\u6708\uc6d4]\s?(\d{1,2})\s?[\u65e5\uc77c]?(?!\d)"
)
_NUMERIC = re.compile(r"(?<![\d])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_WORDS = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?")
_NUMBERS = re.compile(r"\d{1,4}")
_MONTH_NUMBER = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_EPOCH_SECONDS = (9, 10)
_EPOCH_MILLISECONDS = (12, 13)


Zone = str | tzinfo | None
Parts = tuple[int, int, int, int, int, int]


class ReadDate(NamedTuple):
    """A printed date as read.

    Attributes:
        moment: aware UTC, or None when unreadable.
        source: ``published``, ``published-zone-repaired``, ``published-naive`` or ``published-unreadable``.
    """

    moment: datetime | None
    source: str


_UNREADABLE = ReadDate(None, UNREADABLE)


def read_date(text: str, zone: str | tzinfo | None = None) -> ReadDate:
    """Read a printed date.

    ISO 8601 (basic and extended, any fraction, offsets with or without colon, date only, month only), RFC 822 and
    2822, month names in the main languages, epoch seconds and milliseconds, am and pm, 24:00:00, CJK dates.
    Named zones: see `date_words.ZONES`; where the source's zone uses the printed name itself, it decides (a source
    in Asia/Jerusalem means Israel by IST). Of ``05/11/2024`` the order is known only when a number is above 12, by
    am/pm or an American source zone (month first), or by another source zone (day first); else it is unreadable.

    Args:
        text: as printed.
        zone: the source's zone (IANA name or object), for dates that print none; None or unknown: UTC.

    Returns:
        The moment and what it rests on. Never raises.
    """
    text = text.strip()
    try:
        moment = _canonical(text)
        if moment is not None:
            return ReadDate(moment, PRINTED)
        found = _RFC822.fullmatch(text)
        if found is not None:
            return _rfc822(found, zone)
        if not text or len(text) > _MAX_CHARS:
            return _UNREADABLE
        if text[0].isdigit():
            if _DIGITS.fullmatch(text):
                return _digits(text, zone)
            found = _ISO.fullmatch(text)
            if found is not None:
                return _iso(found, zone)
        return _tolerant(text, zone)
    except (ValueError, OverflowError):
        return _UNREADABLE


def _canonical(text: str) -> datetime | None:
    """The two shapes that most dates have, without a regular expression; None: look closer.

    Raises:
        ValueError: no such day or hour.
    """
    size = len(text)
    if text.endswith((" GMT", " +0000")) and text[3:5] == ", " and size == _RFC822_SIZE[text[-1]]:
        month = _MONTH_NUMBER.get(text[8:11].lower())
        day, year, hour, minute, second = text[5:7], text[12:16], text[17:19], text[20:22], text[23:25]
        plain = (day + year + hour + minute + second).isdigit() and text[19] == text[22] == ":"
        if month and plain and hour != "24" and second < "60" and FIRST_YEAR <= int(year) <= LAST_YEAR:
            return datetime(int(year), month, int(day), int(hour), int(minute), int(second), 0, UTC)
    elif size in _ISO_SIZES and text[10] == "T" and text[:4].isdigit() and text[11:13] != "24" and text[17:19] < "60":
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None and FIRST_YEAR <= moment.year <= LAST_YEAR:
            return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return None


def _rfc822(found: re.Match[str], zone: Zone) -> ReadDate:
    day, name, year, hour, minute, second, sign, hours, minutes, zone_name = found.groups()
    month = _MONTH_NUMBER.get(name.lower()) or MONTHS.get(name.lower())
    if month is None:
        return _UNREADABLE
    parts = (int(year), month, int(day), int(hour), int(minute), int(second or 0))
    if sign is not None:
        return _with_offset(parts, 0, _offset(sign, hours, minutes))
    if zone_name in ("GMT", "UTC", "Z"):
        return _with_offset(parts, 0, 0)
    return _named(parts, 0, zone_name, zone)


def _iso(found: re.Match[str], zone: Zone) -> ReadDate:
    year, month, day, hour, minute, second, fraction, zulu, sign, hours, minutes, name = found.groups()
    parts = (int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
    if zulu:
        return _with_offset(parts, micro, 0)
    if sign:
        return _with_offset(parts, micro, _offset(sign, hours, minutes))
    if name:
        return _named(parts, micro, name, zone)
    return _naive(parts, micro, zone)


def _digits(text: str, zone: Zone) -> ReadDate:
    """Numbers: 20240131, 202401311015, 20240131101500, a year, and seconds or milliseconds since 1970."""
    size = len(text)
    if size == 4:
        return _naive((int(text), 1, 1, 0, 0, 0), 0, zone)
    if size in (8, 12, 14):
        parts = (int(text[:4]), int(text[4:6]), int(text[6:8]), int(text[8:10] or 0), int(text[10:12] or 0))
        try:
            return _naive((*parts, int(text[12:14] or 0)), 0, zone)
        except ValueError:
            if size not in _EPOCH_MILLISECONDS:
                raise
    if size in _EPOCH_SECONDS:
        return ReadDate(datetime.fromtimestamp(int(text), UTC), PRINTED)
    if size in _EPOCH_MILLISECONDS:
        return ReadDate(datetime.fromtimestamp(int(text) // 1000, UTC), PRINTED)
    return _UNREADABLE


def _offset(sign: str, hours: str, minutes: str | None) -> int:
    """Minutes east of Greenwich."""
    value = int(hours) * 60 + int(minutes or 0)
    if value > 18 * 60:  # the widest that java.time and PostgreSQL know; real ones end at +14:00
        raise ValueError(value)
    return value if sign == "+" else -value


def _with_offset(parts: Parts, micro: int, minutes: int, source: str = PRINTED) -> ReadDate:
    year, month, day, hour, minute, second = parts
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _UNREADABLE
    if hour == 24 or second >= 60:  # midnight at the day's end; a leap second is the next second
        if hour == 24 and (minute or second):
            return _UNREADABLE
        extra = timedelta(days=hour == 24, seconds=second == 60)
        moment = datetime(year, month, day, hour % 24, minute, second - (second == 60), micro, tzinfo=UTC) + extra
    else:
        moment = datetime(year, month, day, hour, minute, second, micro, UTC)
    if minutes:
        moment -= timedelta(minutes=minutes)
    return ReadDate(moment, source)


@lru_cache(maxsize=1024)
def _zone_info(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # an unknown name, a name that is a path
        return None


def _in_zone(parts: Parts, micro: int, info: tzinfo, source: str) -> ReadDate:
    utc = _with_offset(parts, micro, 0).moment
    if utc is None:
        return _UNREADABLE
    return ReadDate(utc.replace(tzinfo=info).astimezone(UTC), source)


def _naive(parts: Parts, micro: int, zone: Zone) -> ReadDate:
    info = _zone_info(zone) if isinstance(zone, str) else zone
    if info is None:
        return _with_offset(parts, micro, 0, NAIVE)
    return _in_zone(parts, micro, info, NAIVE)


def _named(parts: Parts, micro: int, name: str, zone: Zone) -> ReadDate:
    """Apply a printed zone name: UTC's own names, the source's zone when it uses the name, the table, an IANA name."""
    key = name.upper()
    if key in UTC_NAMES:
        return _with_offset(parts, micro, 0)
    info = _zone_info(zone) if isinstance(zone, str) else zone
    if info is not None:
        local = datetime(parts[0], parts[1], min(parts[2], 28), min(parts[3], 23), tzinfo=info)
        if local.tzname() == key:
            return _in_zone(parts, micro, info, PRINTED if key in ZONES_BEYOND_DOUBT else REPAIRED)
    minutes = ZONES.get(key)
    if minutes is not None:
        return _with_offset(parts, micro, minutes, PRINTED if key in ZONES_BEYOND_DOUBT else REPAIRED)
    named = _zone_info(name) if "/" in name else None
    if named is not None:
        return _in_zone(parts, micro, named, REPAIRED)
    return _naive(parts, micro, zone)  # a name that nobody knows says nothing


def _tolerant(text: str, zone: Zone) -> ReadDate:
    """Take a date apart by its words; what is left unread must be harmless."""
    month_only = _MONTH_ONLY.fullmatch(text)
    if month_only:
        return _naive((int(month_only[1]), int(month_only[2]), 1, 0, 0, 0), 0, zone)
    rest = text
    ordered = _YMD.search(rest)
    if ordered:
        rest = rest[: ordered.start()] + " " + rest[ordered.end() :]
    numeric = None if ordered else _NUMERIC.search(rest)
    if numeric:
        rest = rest[: numeric.start()] + " " + rest[numeric.end() :]
    clock = _TIME.search(rest) or _HOUR_ONLY.search(rest)
    hour = minute = second = 0
    half = ""
    offset = None
    if clock:
        after = rest[clock.end() :]
        shift = _OFFSET.search(after)
        if shift:
            offset = _offset(shift[1], shift[2], shift[3])
            after = after[: shift.start()] + " " + after[shift.end() :]
        rest = rest[: clock.start()] + " " + after
        groups = clock.groups()
        if len(groups) == 2:  # `5 pm`
            hour, half = int(groups[0]), groups[1].lower()
        else:
            hour, minute, second = int(groups[0]), int(groups[1]), int(groups[2] or 0)
            half = (groups[3] or "").lower()
    words = [word for raw in _WORDS.findall(rest) if (word := raw.casefold())]
    if not half and any(word in PM_WORDS for word in words):
        half = "p"
    hour = _half_day(hour, half)
    day = _day(rest, words, ordered, numeric, _order(zone, half))
    if day is None:
        return _UNREADABLE
    parts = (day.year, day.month, day.day, hour, minute, second)
    if offset is not None:
        return _with_offset(parts, 0, offset)
    for raw in _WORDS.findall(rest):
        if clock and (raw.upper() in ZONES or raw.upper() in UTC_NAMES or "/" in raw) and raw.casefold() not in MONTHS:
            return _named(parts, 0, raw, zone)
    return _naive(parts, 0, zone)


def _half_day(hour: int, half: str) -> int:
    if half == "p" and hour < 12:
        return hour + 12
    if half == "a" and hour == 12:
        return 0
    return hour


def _order(zone: Zone, half: str) -> str:
    """Which of two small numbers is the month: ``md``, ``dm`` or unknown."""
    if half or str(zone or "").startswith(("America/", "US/")):
        return "md"
    return "dm" if zone else ""


def _day(
    rest: str, words: list[str], ordered: re.Match[str] | None, numeric: re.Match[str] | None, order: str
) -> date | None:
    if ordered:
        return date(int(ordered[1]), int(ordered[2]), int(ordered[3]))
    if numeric:
        return _numeric_day(numeric, order)
    named = [word for word in words if word in MONTHS]
    if len(named) > 1 and named[0] == "mar":  # Romance languages' Tuesday
        del named[0]
    month = MONTHS[named[0]] if named else None
    numbers = _NUMBERS.findall(rest)
    if month is None or len(numbers) < 2:
        return None
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if years and days:
        return date(int(years[0]), month, int(days[0]))
    if len(days) >= 2:
        return date(_full_year(days[1]), month, int(days[0]))
    return None


def _numeric_day(found: re.Match[str], order: str) -> date | None:
    first, mark, second, year = int(found[1]), found[2], int(found[3]), _full_year(found[4])
    if mark == "." or first > 12 or first == second:  # dots are written where the day comes first
        return date(year, second, first)
    if second > 12 or order == "md":
        return date(year, first, second)
    return date(year, second, first) if order == "dm" else None


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 90 else 1900)  # feedparser's border: no feed is older than 1990
