"""The place list of a dateline: one place or several, each with the region printed after it."""

import re
from dataclasses import dataclass

from schemas.agencies import is_agency
from schemas.fast_init import fast_init
from transforms.enrich.dateline_dates import is_date_word, month_of
from transforms.enrich.dateline_tokens import JOINTS, WORD, is_upper, match_place
from transforms.enrich.gazetteer import Gazetteer, Location
from transforms.enrich.place_keys import place_key

MAX_PLACES = 8
_COMMA = re.compile(r"\s?[,،，]\s*")
_AND_REGION = re.compile(r"\s(?:and|und|et|y|e|och|og|en)\s(?:the\s)?[A-ZÀ-Þ][\w-]+")
_RIVER = re.compile(
    r"/(?:Main|Oder|Saale|Rhein|Rh\.|Donau|Neckar|Elbe|Spree|Havel|Ruhr|Weser|Lahn|Inn|Enz|Ostsee|Taunus|Westf\.)(?!\w)",
    re.IGNORECASE,
)
"""``Frankfurt/Main`` is one place: German copy parts a town from its river or region by a stroke."""
_SEATS = frozenset(
    map(
        place_key, ["United Nations", "Nations unies", "Naciones Unidas", "Nações Unidas", "ООН", "الأمم المتحدة", "UN"]
    )
)
_BRACKETED = re.compile(r"\s?[(\[（]\s?([^()\[\]（）\n]{2,40})\s?[)\]）]")


@fast_init
@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """One place as printed.

    Attributes:
        printed: with its region (``LA CROSSE, Wis.``).
        place: without it.
        region: as printed, or None.
        known_region: whether the region is a state, province or country we know.
    """

    printed: str
    place: str
    region: str | None = None
    known_region: bool = False


@fast_init
@dataclass(frozen=True, slots=True)
class PlaceList:
    """Several places and where they end in the text.

    Attributes:
        places: in printed order.
        end: index after the last.
    """

    places: tuple[PrintedPlace, ...]
    end: int


def _stops(text: str, at: int, token: str) -> bool:
    """A date begins here: ``MILAN, Italy Oct. 5``."""
    if token in ("في", "يوم"):  # Arabic "on", "on the day"
        return text[at + len(token) + 1 : at + len(token) + 2].isdigit()
    if not is_date_word(token):
        return False
    after = text[at + len(token) : at + len(token) + 4].lstrip(". \u00a0")
    return after[:1].isdigit() or (month_of(token) is None and after[:1] in "(,-–—")


def _region_prefix(text: str, pos: int, end: int, gazetteer: Gazetteer) -> int | None:
    """The longest beginning of ``text[pos:end]``, in whole words, that names a region; its end."""
    while end > pos:
        candidate = text[pos:end]
        if gazetteer.is_region(candidate):
            return end + (text[end : end + 1] == "." and _abbreviation_dot(text, end, candidate))
        cut = max(candidate.rfind(" "), candidate.rfind("\u00a0"))
        if cut <= 0:
            return None
        end = pos + cut
    return None


def _abbreviation_dot(text: str, end: int, region: str) -> bool:
    """Whether the full stop after a region belongs to it.

    It does after short forms and before a further comma; not where a state stands in capitals before a comma
    (``DEERFIELD, ILL., June 2``), as old wire copy sets all states.
    """
    comma = text[end + 1 : end + 2] == ","
    if comma and is_upper(region) and "." not in region:
        return False
    return len(region) <= 6 or "." in region or comma


def _stands_behind(inside: str, gazetteer: Gazetteer) -> bool:
    """Whether a bracket behind a place holds its region, or the seat: ``NEW YORK (Nations unies)``."""
    if is_agency(inside):
        return False
    return gazetteer.is_region(inside) or place_key(inside) in _SEATS


def match_regions(
    text: str, pos: int, place: str, gazetteer: Gazetteer, *, lenient: bool
) -> tuple[int, str | None, bool]:
    """Read the regions after a place: ``, Wis.``, ``, DC, United States``, `` [Syria]``, `` (فرنسا)``.

    Args:
        text: the copy.
        pos: the end of the place.
        place: as printed.
        gazetteer: knows regions.
        lenient: also take one unknown region (``MALANG, Jawa Tengah``), for the caller to justify.

    Returns:
        End, the region as printed (without the comma or brackets) or None, and whether it is known.
    """
    found: list[str] = []
    bracketed, last = _BRACKETED.match(text, pos), pos
    while bracketed and _stands_behind(bracketed[1].strip(), gazetteer):
        found.append(bracketed[1].strip())
        last = bracketed.end()
        bracketed = _BRACKETED.match(text, last)
    if found:
        return last, ", ".join(found), True
    end, first, known = pos, None, False
    for _ in range(3):
        comma = _COMMA.match(text, end)
        if not comma:
            break
        start = comma.end()
        article = 4 * text.startswith("the ", start)
        word_end = match_place(text, start + article, is_stop=_stops)
        if word_end <= start + article:
            break
        if (
            is_date_word(text[start:word_end].split(" ", maxsplit=1)[0].strip("."))
            and text[word_end : word_end + 4].strip(". ")[:1].isdigit()
        ):
            break
        joined = _AND_REGION.match(text, word_end)
        if joined and gazetteer.is_region(text[start : joined.end()]):
            word_end = joined.end()  # Bosnia and Herzegovina
        region_end = _region_prefix(text, start, word_end, gazetteer)
        if region_end is None:
            if not lenient or first is not None or is_agency(text[start:word_end]) or is_upper(text[start:word_end]):
                break
            if gazetteer.locate(text[start:word_end]) is not None:
                break
            return word_end, text[start:word_end], False
        region = text[start:region_end]
        if is_upper(region) and is_agency(region.strip(".")) and not _lies_in(place, region, gazetteer):
            break  # ``HYDERABAD, AP`` is a state, ``ROME, AP`` an agency
        if first is None and _is_second_place(place, region, gazetteer):
            break
        first = start if first is None else first
        end, known = region_end, True
    return end, (text[first:end] if first is not None else None), known


def _is_second_place(place: str, region: str, gazetteer: Gazetteer) -> bool:
    """``CHICAGO, NEW YORK``: a city that is a region's name too, after a place that does not lie there."""
    if gazetteer.is_country(region) or len(region) <= 4 or "." in region or not is_upper(region):
        return False
    alone = gazetteer.locate(region)
    return not _lies_in(place, region, gazetteer) and alone is not None and alone.latitude is not None


def _lies_in(place: str, region: str, gazetteer: Gazetteer) -> bool:
    """Whether a place of that name lies in the region."""
    located = gazetteer.locate(place, region=region)
    return located is not None and located.latitude is not None


def match_places(text: str, pos: int, gazetteer: Gazetteer, *, lenient: bool = False) -> PlaceList | None:
    """Read a list of places: ``WASHINGTON/GENEVA``, ``NEW YORK, LONDON and BEIJING``, ``TEL AVIV, Israel``.

    Args:
        text: the copy.
        pos: where the first may begin.
        gazetteer: knows regions, and which word after a comma is another place.
        lenient: see :func:`match_regions`.

    Returns:
        The list, or None when nothing here can be a place. Whether it is one is for the caller to weigh.
    """
    places: list[PrintedPlace] = []
    at = pos
    while len(places) < MAX_PLACES:
        end = match_place(text, at, is_stop=_stops)
        if end <= at:
            break
        river = _RIVER.match(text, end)
        if river:
            end = river.end()
        elif text.startswith(" ", end):
            if text[end + 1 : end + 2].isupper():
                end = _with_date_word(text, at, end, gazetteer)
            elif text.startswith("(", end + 1) and not places:
                end = _with_bracket(text, at, end, gazetteer)
        name = text[at:end]
        if places and not _goes_on(places[0].place, name, gazetteer):
            break
        after, region, known = match_regions(text, end, name, gazetteer, lenient=lenient)
        places.append(PrintedPlace(text[at:after], name, region, known))
        pos = after
        joint = JOINTS.match(text, after)
        if not joint:
            comma = _COMMA.match(text, after)
            if not comma or not is_upper(name):
                break
            joint = comma
        elif joint[0].strip() in "،、·・" and not (joint[0].strip() and gazetteer.locate(name)):
            break
        at = joint.end()
    return PlaceList(tuple(places), pos) if places else None


def _with_date_word(text: str, start: int, end: int, gazetteer: Gazetteer) -> int:
    """The end of a place whose last word is a weekday or month elsewhere: ``SANTO DOMINGO``, ``SANTA MARTA``."""
    word = WORD.match(text, end + 1)
    if word is None or not is_date_word(word[0]):
        return end
    location = gazetteer.locate(text[start : word.end()])
    return word.end() if location is not None and location.latitude is not None else end


def _with_bracket(text: str, start: int, end: int, gazetteer: Gazetteer) -> int:
    """The end of a place that has a bracket in its name: ``Halle (Saale)``."""
    bracket = _BRACKETED.match(text, end)
    if bracket is None or is_agency(bracket[1]):
        return end
    located = gazetteer.locate(text[start : bracket.end()])
    return bracket.end() if located is not None and located.latitude is not None else end


def _goes_on(first: str, name: str, gazetteer: Gazetteer) -> bool:
    """Whether a name after a joint or comma is a further place: printed like the first, and known."""
    if is_agency(name) or is_date_word(name.split(" ", maxsplit=1)[0].rstrip(".")):
        return False
    if is_upper(first) != is_upper(name):
        return False
    location = gazetteer.locate(name)
    return location is not None and location.latitude is not None


def locate_first(
    places: tuple[PrintedPlace, ...], agencies: tuple[str, ...], language: str | None, gazetteer: Gazetteer
) -> Location | None:
    """Where the first place lies."""
    if not places:
        return None
    first = places[0]
    river = _RIVER.search(first.place)
    if river:
        town = first.place[: river.start()]
        for name in (f"{town} am {river[0][1:]}", f"{town} an der {river[0][1:]}", f"{town} ({river[0][1:]})"):
            found = gazetteer.locate(name, language="de")
            if found is not None and found.latitude is not None:
                return found
        return gazetteer.locate(town, agencies=agencies, language="de")
    return gazetteer.locate(
        first.place,
        region=first.region if first.known_region else None,
        agencies=agencies,
        language=language,
    )
