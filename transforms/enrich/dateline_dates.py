"""Dates as datelines print them, in the languages of the wires, and the day they mean.

Names of months and weekdays come from Unicode CLDR with the short forms that wires print (``dateline_words.tsv``).
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

AHEAD = dt.timedelta(days=2)
"""A printed day may lie this far behind the clock that stamped the item: time zones, and copy moved for tomorrow."""

SHORT_DAY = 3
"""Weekdays of three letters are taken in English only: ``paz`` is Sunday in Turkish and half of La Paz."""

_NUMBER = r"(\d{1,2})"
_WORD = r"([^\W\d_](?:[^\W\d_]|[\u0900-\u0963\u0970-\u0de5])*)"
_YEAR = re.compile(
    r"(?:[,،.]?\s{0,2}|-)(?:de\s|del\s|de\s+l'|of\s)?((?:19|20|١٩|٢٠|۱۹|۲۰|১৯|২০|१९|२०|１９|２０)\d\d)(?!\d)(?:\s?(?:г\.|года|р\.|року|م\b|г\b|г\.))?"
)
_FIRST_WORD = re.compile(_WORD)
_DAY_MONTH = re.compile(
    _NUMBER
    + r"(?:(?:st|nd|rd|th|er|re|de|º|ª|°|-?e|\.)(?![^\W\d_]))?[\s\u00a0-]*(?:(?:de|of|di|d['’]|da)\s*\b)?"
    + _WORD,
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(_WORD + r"\.?\s{0,3}" + _NUMBER + r"(?!\d)(?:st|nd|rd|th)?", re.IGNORECASE)
_MONTH_YEAR = re.compile(_WORD + r"\.?,?\s{0,2}((?:19|20)\d\d)(?!\d)")
_YEAR_MONTH_DAY = re.compile(r"((?:19|20)\d\d)\.?\s{0,2}" + _WORD + r"\.?\s{0,2}" + _NUMBER + r"\.?")
_ISO = re.compile(r"((?:19|20)\d\d)([-./])(\d{1,2})\2(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(\d{1,2})([-./])(?:(?<=\.)\s)?(\d{1,2})\2(?:(?<=\.)\s)?((?:19|20)?\d\d)(?!\d)")
_SHORT_NUMERIC = re.compile(r"(\d{1,2})([./])(\d{1,2})(?!\d)")
_CJK = re.compile(r"(?:(\d{4}|\d{2})\s?年\s?)?(?:(\d{1,2})\s?月\s?)?(\d{1,2})\s?日")
_WEEKDAY = re.compile(_WORD + r"(?:\s?\([^)]{1,12}\))?,?\s{0,2}")
_WEEKDAY_BEHIND = re.compile(r",\s" + _WORD)
_DAY_ALONE = re.compile(r"(\d{1,2})(?=\s[(/])")
_SHORT_YEAR = re.compile(r"\.?,?\s['’]?(\d\d)(?=\s?[(/])")
"""``17 feb. 26 (ANDINA)``: two figures only where the agency's bracket follows."""
_SECOND_WORD = re.compile(r"\s" + _WORD)
_TWIN = re.compile(r"\s?/\s?" + _WORD)
_DAY_FIRST = frozenset(
    [
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "da",
        "sv",
        "nb",
        "no",
        "nn",
        "fi",
        "pl",
        "cs",
        "sk",
        "ro",
        "bg",
        "sr",
        "hr",
        "sl",
        "mk",
        "sq",
        "el",
        "tr",
        "ru",
        "uk",
        "be",
        "kk",
        "az",
        "hy",
        "ka",
        "ar",
        "he",
        "id",
        "ms",
        "vi",
        "th",
        "et",
        "lv",
        "ca",
        "eu",
        "gl",
    ]
)
"""Languages whose printed dates with strokes put the day first everywhere (CLDR short date patterns)."""
_LEADS = re.compile(r"(?:le|il|el|den|der|am|on|dne|dnia|a|em|el día|في|يوم)\s+", re.IGNORECASE)


def fold_word(word: str) -> str:
    """A month's or weekday's name as the table has it."""
    if word.isascii():
        return word.replace(".", "").lower()
    # a capital İ folds to i and a dot above it
    return unicodedata.normalize("NFKC", word).replace("\u200f", "").replace(".", "").casefold().replace("i\u0307", "i")


def _tables() -> tuple[dict[str, int], dict[tuple[str, str], int], dict[str, int]]:
    months: dict[str, int] = {}
    special: dict[tuple[str, str], int] = {}
    days: dict[str, int] = {}
    numbers = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
    for line in (files("transforms.enrich") / "dateline_words.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, word, number, *languages = line.split("\t")
        if kind == "month" and languages:
            for language in languages[0].split():
                special[word, language] = int(number)
        elif kind == "month":
            months[word] = int(number)
        elif not languages and len(word) > SHORT_DAY:
            days[word] = int(number)
    for word, number_ in numbers.items():
        days.setdefault(word, number_)
    return months, special, days


_MONTHS, _MONTHS_OF, _DAYS = _tables()


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed: what stands there, nothing added.

    Attributes:
        year: four digits, or None.
        month: 1 to 12, or None.
        day: 1 to 31, or None.
        weekday: 0 is Monday; only kept when nothing else is printed.
        swapped: with ``day`` and ``month`` in an order that the print leaves open (``05/06/2024``).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    swapped: bool = False


def month_of(word: str, language: str | None = None) -> int | None:
    """The month that a word names, or None."""
    folded = fold_word(word)
    if language and (found := _MONTHS_OF.get((folded, language[:2]))):
        return found
    return _MONTHS.get(folded)


def is_date_word(word: str) -> bool:
    """Whether a word names a month or a weekday."""
    folded = fold_word(word)
    return folded in _MONTHS or folded in _DAYS


_HIJRI = re.compile(r"\d{1,2}\s[^\d\n]{3,14}\s1[34]\d\d\s?هـ?\s(?:الموافق(?:\sل?ـ?)?\s?)?(?=\d)")
"""``28 شعبان 1447 هـ الموافق 16 فبراير``: SPA prints the Islamic day first."""


def match_date(text: str, pos: int, language: str | None = None) -> tuple[int, PrintedDate] | None:
    """Read a date that begins at ``pos``.

    Args:
        text: the copy.
        pos: where to look.
        language: BCP 47; decides between languages that give one word to two months.

    Returns:
        The end of what was read and the date, or None. Constant time.
    """
    lead = _LEADS.match(text, pos)
    if not lead and language and language.startswith("ar"):
        lead = _HIJRI.match(text, pos)
    if lead:
        return _match(text, lead.end(), language) or _match(text, pos, language)
    return _match(text, pos, language)


def _match(text: str, pos: int, language: str | None) -> tuple[int, PrintedDate] | None:
    first = text[pos : pos + 1]
    if first.isdigit():
        return _match_digits(text, pos, language)
    word = _FIRST_WORD.match(text, pos)
    if word is None:
        return None
    # most words are neither month nor weekday: two look-ups answer before any date is tried
    folded = fold_word(word[0])
    if folded in _MONTHS or (language and (folded, language[:2]) in _MONTHS_OF):
        found = _match_month_first(text, pos, language)
        if found:
            return found
    number = _DAYS.get(folded)
    weekday = _WEEKDAY.match(text, pos) if number is not None else None
    if weekday and weekday.end() - pos >= 3:
        rest = _match_digits(text, weekday.end(), language) or _match_month_first(text, weekday.end(), language)
        if rest:
            return rest
        end = weekday.end(1)
        return (end + (text[end : end + 1] == "."), PrintedDate(weekday=number))
    return None


def _with_year(text: str, end: int, month: int, day: int) -> tuple[int, PrintedDate] | None:
    if not 1 <= day <= 31:
        return None
    year = _YEAR.match(text, end)
    if year:
        return year.end(), PrintedDate(int(year[1]), month, day)
    short = _SHORT_YEAR.match(text, end)
    if short:
        return short.end(), PrintedDate(2000 + int(short[1]), month, day)
    return end, PrintedDate(None, month, day)


def _match_month_first(text: str, pos: int, language: str | None) -> tuple[int, PrintedDate] | None:
    found = _MONTH_DAY.match(text, pos)
    if found and (month := month_of(found[1], language)):
        return _with_year(text, found.end(), month, int(found[2]))
    found = _MONTH_YEAR.match(text, pos)
    if found and (month := month_of(found[1], language)):
        return found.end(), PrintedDate(int(found[2]), month, None)
    return None


def _match_digits(text: str, pos: int, language: str | None) -> tuple[int, PrintedDate] | None:
    if not text[pos : pos + 1].isdigit():
        return None
    found = _CJK.match(text, pos)
    if found:
        year = int(found[1]) if found[1] else None
        if year is not None and year < 100:
            year += 2000
        month = int(found[2]) if found[2] else None
        return _checked(found.end(), year, month, int(found[3]))
    found = _ISO.match(text, pos)
    if found:
        return _checked(found.end(), int(found[1]), int(found[3]), int(found[4]))
    found = _NUMERIC.match(text, pos)
    if found:
        return _numeric(found, language)
    found = _YEAR_MONTH_DAY.match(text, pos)
    if found and (month := month_of(found[2], language)):
        weekday = _WEEKDAY_BEHIND.match(text, found.end())
        end = weekday.end() if weekday and fold_word(weekday[1]) in _DAYS else found.end()
        return _checked(end, int(found[1]), month, int(found[3]))
    found = _DAY_MONTH.match(text, pos)
    if found:
        month, end = month_of(found[2], language), found.end()
        longer = _SECOND_WORD.match(text, end)
        if longer and (of_two := month_of(f"{found[2]} {longer[1]}", language)):
            month, end = of_two, longer.end()
        if month:
            twin = _TWIN.match(text, end)
            if twin and month_of(twin[1], language) == month:
                end = twin.end()
            if text[end : end + 1] == "." and _YEAR.match(text, end + 1):
                end += 1
            return _with_year(text, end, month, int(found[1]))
    return None


def _checked(end: int, year: int | None, month: int | None, day: int) -> tuple[int, PrintedDate] | None:
    if (month is None or 1 <= month <= 12) and 1 <= day <= 31:
        return end, PrintedDate(year, month, day)
    return None


def _numeric(found: re.Match[str], language: str | None) -> tuple[int, PrintedDate] | None:
    one, stroke, two, year = int(found[1]), found[2], int(found[3]), int(found[4])
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    if stroke == "." or one > 12 or one == two or (language or "")[:2] in _DAY_FIRST:
        return _checked(found.end(), year, two, one)
    if two > 12:
        return _checked(found.end(), year, one, two)
    return found.end(), PrintedDate(year, two, one, swapped=True)


def match_day(text: str, pos: int) -> tuple[int, PrintedDate] | None:
    """A day alone before the agency's bracket (``MADRID, 17 (EUROPA PRESS)``)."""
    found = _DAY_ALONE.match(text, pos)
    return _checked(found.end(), None, None, int(found[1])) if found else None


def match_short_numeric(text: str, pos: int) -> tuple[int, PrintedDate] | None:
    """A day and a month in figures without a year (Belga: ``BRUSSELS 12/01 (BELGA)``), day first."""
    found = _SHORT_NUMERIC.match(text, pos)
    return _checked(found.end(), None, int(found[3]), int(found[1])) if found else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def resolve_date(printed: PrintedDate, published: dt.datetime | None) -> dt.date | None:
    """The day that a printed date means.

    Args:
        printed: as read.
        published: when the item was published; what lacks a year, a month or all but the weekday is the latest such
            day not more than :data:`AHEAD` after it (so ``Dec 31`` on 1 January is last year's).

    Returns:
        The day; None when no publication time can complete it, when no day is printed, when there is no such day, or
        when the order of day and month stays open (of two readings exactly one within a week before publication is
        taken).
    """
    base = published.date() if published else None
    latest = base + AHEAD if base and base < dt.date(9999, 1, 1) else base
    if printed.weekday is not None:
        if base is None:
            return None
        back = (base.weekday() - printed.weekday) % 7
        return base - dt.timedelta(days=back) if base.toordinal() > 7 else None
    if printed.day is None:
        return None
    if printed.year is not None and printed.month is not None:
        if not printed.swapped:
            return _day(printed.year, printed.month, printed.day)
        if base is None:
            return None
        near = [
            day
            for day in (_day(printed.year, printed.month, printed.day), _day(printed.year, printed.day, printed.month))
            if day and -2 <= (base - day).days <= 7
        ]
        return near[0] if len(near) == 1 else None
    if latest is None:
        return None
    if printed.month is not None:
        for year in range(latest.year, max(0, latest.year - 8), -1):  # 8: February 29 across 1900 and 2100
            day = _day(year, printed.month, printed.day)
            if day and day <= latest:
                return day
        return None
    for back in range(13):
        index = latest.year * 12 + latest.month - 1 - back
        day = _day(index // 12, index % 12 + 1, printed.day) if index >= 12 else None
        if day and day <= latest:
            return day
    return None
