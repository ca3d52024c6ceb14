"""Datelines of Chinese, Japanese and Korean copy, which has no spaces to part the pieces."""

import re
from dataclasses import dataclass

from schemas.agencies import AGENCIES, is_agency
from transforms.enrich.dateline_dates import PrintedDate, match_date
from transforms.enrich.dateline_places import PrintedPlace
from transforms.enrich.gazetteer import Gazetteer

MAX_NAME = 12
"""Characters of an agency's or place's name in these scripts."""
_CJK_AGENCIES = sorted({n for a in AGENCIES.values() for n in a.names if n[:1] >= "\u2e80"}, key=lambda n: (-len(n), n))
_AGENCY = re.compile("|".join(map(re.escape, _CJK_AGENCIES)))
_ZH = re.compile(r"[（(【]?(?:本報|本报|" + _AGENCY.pattern + r")")
_ZH_DATE = re.compile(r"(?:(?:\d{4})\s?年)?(?:\d{1,2}\s?月)?\d{1,2}\s?日")
_ZH_CLOSE = re.compile(r"(?:[综專专綜]合?)?(?:外[电電])?[电電讯訊]?(?:[（(][^（）()\n]{1,40}[）)])?[】）)]?[：:]?\s*")
_ZH_WIRE = re.compile(r"(?:[综專专綜]合?)?(?:外[电電])?[电電讯訊]")
_REPORTER = re.compile(r"(?:记者|記者|通讯员|特派员|特派員)")
_OWN_PAPER = re.compile(
    r"(?:本報|本报|(?=[記记]者))(?:(?:記者|记者)[\u4e00-\u9fff]{2,4}[／/])?([\u4e00-\u9fff]{2,8})(?:報導|报道|電|电|訊|讯)"
)
"""``【本報台北訊】``, ``〔記者王小明／台北報導〕``: a paper's own dateline."""
_BRACKET = re.compile(r"[【［\[（(〔]\s?([^【】［］\[\]（）()〔〕\n]{2,40})\s?[】］\])）〕]")
_AFTER = re.compile(r"\s*(?:[-–—―=＝:：]+\s*)*")
_KO_REPORTER = re.compile(r"\s*(?:[가-힣·, ]{2,24}\s?(?:기자|특파원|통신원|선임기자|인턴기자)\s*)?[=:]?\s*")
_EQUALS = re.compile(r"[=＝]")


@dataclass(frozen=True, slots=True)
class CjkReading:
    """What was read.

    Attributes:
        places: as printed.
        date: as printed.
        agencies: as printed.
        end: where the story begins.
    """

    places: tuple[PrintedPlace, ...]
    date: PrintedDate | None
    agencies: tuple[str, ...]
    end: int


def match_cjk(text: str, pos: int, language: str | None, gazetteer: Gazetteer) -> CjkReading | None:
    """Read ``新华社北京10月22日电``, ``【ワシントン共同】``, ``(서울=연합뉴스) 홍길동 기자 =`` and their kin.

    Args:
        text: the copy.
        pos: where it begins.
        language: BCP 47.
        gazetteer: places.

    Returns:
        The reading, or None.
    """
    return _chinese(text, pos, language, gazetteer) or _bracketed(text, pos, language, gazetteer)


def _suffix_place(run: str, gazetteer: Gazetteer) -> str | None:
    """The place at the end of a run that may begin with a reporter's name."""
    for start in range(len(run)):
        name = run[start:].strip()
        if len(name) >= 2 and (start == 0 or start >= 2) and _known(name, gazetteer):
            return name
    return None


def _known(name: str, gazetteer: Gazetteer) -> bool:
    location = gazetteer.locate(name)
    return location is not None and location.latitude is not None


def _chinese(text: str, pos: int, language: str | None, gazetteer: Gazetteer) -> CjkReading | None:
    opened = _ZH.match(text, pos)
    if not opened:
        return None
    agency = opened[0].lstrip("（(【")
    at = opened.end()
    reporter = _REPORTER.match(text, at)
    at = reporter.end() if reporter else at
    stamp = _ZH_DATE.search(text, at, at + 24)
    if not stamp:
        return None
    run = text[at : stamp.start()].strip(" \u3000，,")
    found = match_date(text, stamp.start(), language)
    if found is None or len(run) > MAX_NAME or any(c in run for c in "。，、“”「」"):
        return None
    end, date = found
    wire = _ZH_WIRE.match(text, end)
    close = _ZH_CLOSE.match(text, end)
    story = close.end() if close else end
    if not wire and not text[end:story].strip():
        return None
    agencies = (agency,) if is_agency(agency) else ()
    if not run:
        return CjkReading((), date, agencies, story) if agencies else None
    names = [n for n in re.split(r"[/／、·]", run) if n]
    if len(names) > 1 and all(_known(n, gazetteer) for n in names):
        places = tuple(PrintedPlace(n, n) for n in names)
    else:
        place = (_suffix_place(run, gazetteer) if reporter else None) or run
        places = (PrintedPlace(place, place),)
    return CjkReading(places, date, agencies, story)


def _bracketed(text: str, pos: int, language: str | None, gazetteer: Gazetteer) -> CjkReading | None:
    found = _BRACKET.match(text, pos)
    if not found or not any(c >= "\u2e80" for c in found[1]):
        return None
    inside = found[1]
    korean = _EQUALS.split(inside)
    if len(korean) == 2:
        left, right = (p.strip() for p in korean)
        names = [n for n in re.split(r"[/·・、,]", left) if n]
        if is_agency(right) and names:
            reporter = _KO_REPORTER.match(text, found.end())
            return CjkReading(
                tuple(PrintedPlace(n, n) for n in names), None, (right,), reporter.end() if reporter else found.end()
            )
        if found[0][0] in "【［" and names and _known(names[0], gazetteer):
            return CjkReading(tuple(PrintedPlace(n, n) for n in names), None, (), _end(text, found.end()))
    own = _OWN_PAPER.fullmatch(inside)
    if own and _known(own[1], gazetteer):
        return CjkReading((PrintedPlace(own[1], own[1]),), None, (), _end(text, found.end()))
    agencies: list[str] = []
    places: list[PrintedPlace] = []
    date: PrintedDate | None = None
    for token in re.split(r"[\s\u3000]+", inside):
        stamp = match_date(token, 0, language) if token[:1].isdigit() else None
        if stamp and stamp[0] >= len(token):
            date = stamp[1]
        elif is_agency(token):
            agencies.append(token)
        elif (glued := _glued(token)) is not None and _known(glued[0], gazetteer):
            places.append(PrintedPlace(glued[0], glued[0]))
            agencies.append(glued[1])
        elif _known(token, gazetteer):
            places.append(PrintedPlace(token, token))
        else:
            return None
    if not (agencies and (places or date)) and not (places and date):
        return None
    return CjkReading(tuple(places), date, tuple(agencies), _end(text, found.end()))


def _glued(token: str) -> tuple[str, str] | None:
    """Split ``ワシントン共同`` into place and agency."""
    for agency in _CJK_AGENCIES:
        if token.endswith(agency) and len(token) > len(agency):
            return token[: -len(agency)], agency
    return None


def _end(text: str, pos: int) -> int:
    after = _AFTER.match(text, pos)
    return after.end() if after else pos
