"""Where a printed place lies: names in many languages to country and coordinates.

The data (GeoNames, CC BY 4.0, places of 500 inhabitants and more; CLDR's names of countries; seats and old names of our
own) is one read-only file inside the package, mapped into memory: nothing is parsed, downloaded or written at start,
and all worker processes share its pages.
"""

import json
import mmap
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from schemas.agencies import agency_home
from transforms.enrich.gazetteer_fame import LANGUAGE_COUNTRIES, STAND_ALONE
from transforms.enrich.gazetteer_format import COUNTRY, INDEX, MAGIC, OTHER_NAME, WEIGHT_STEPS, weight_of
from transforms.enrich.place_keys import key_hash, place_key

STAND_ALONE_BONUS = 60
HOME_BONUS = WEIGHT_STEPS
"""An agency that serves one country prints its own small towns bare: worth ten times the inhabitants."""
LANGUAGE_BONUS = 20
POSTAL_CODE = 2
"""Letters of a state's postal code: of two countries that have it, the United States print it most."""
MAX_CODE = 3
"""Letters of a region's code, which as a place means nothing: ``ME``, ``QLD``."""
CAPITAL_BONUS = 25
OTHER_NAME_MALUS = 20
"""A place called so only in some language must be four times as large as one whose own name it is."""
LARGE = weight_of(150_000)
"""A city of this size keeps its own name against any place that is called so elsewhere: ``Cancún`` is also Changchun's
name in a list, ``Andong`` Dandong's; and against a country that only another language calls so (``Granada``)."""
MEMO = 8192
"""Places remembered per process: a wire prints a few hundred again and again."""

_DIRECTIONS = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "near",
        "downtown",
        "upper",
        "lower",
        "greater",
        "the",
        "aboard",
    ]
)
_ARTICLES = {"al": "el", "el": "al"}
"""The Arabic article is printed either way: ``Deir al-Balah``, ``Deir el-Balah``."""
_KINDS_OF_AREA = frozenset(["province", "state", "region", "oblast", "prefecture", "governorate", "county"])
_SUFFIXES = frozenset(["township", "county", "city", "district", "province", "area", "region", "village", "camp"])


@dataclass(frozen=True, slots=True)
class Location:
    """A place found.

    Attributes:
        name: the gazetteer's name of it; the printed one when only its country is known.
        country: ISO 3166 alpha-2 (XK for Kosovo, as GeoNames has it).
        latitude: degrees, WGS 84; None when only the country is known. A country stands at its capital, a state at the
            city of our table, or its largest.
        longitude: likewise.
        weight: how large it is, :data:`WEIGHT_STEPS` per power of ten of inhabitants.
        own_name: whether it was found by its own name (or one of our table), not a foreign one; False where a country
            or state stands at a city of another name.
        is_country: whether the print names a country or a state of one.
    """

    name: str
    country: str
    latitude: float | None = None
    longitude: float | None = None
    weight: int = 0
    own_name: bool = True
    is_country: bool = False


@lru_cache(MEMO)
def _homes_of(agencies: tuple[str, ...]) -> tuple[str, ...]:
    """Countries that agencies serve alone, in alphabetical order, each once."""
    return tuple(sorted({home for agency in agencies if (home := agency_home(agency))}))


class Gazetteer:
    """Look-up over the compiled file. Made by :meth:`load`; read-only and safe to share between threads."""

    def __init__(self, data: Any) -> None:
        if bytes(data[:8]) != MAGIC:
            raise ValueError("the gazetteer's file is damaged or of another version: install wirelake again")
        (length,) = struct.unpack("<I", data[8:12])
        header = json.loads(bytes(data[12 : 12 + length]))
        view = memoryview(data)[12 + length :]
        sections = {name: view[at : at + size] for name, at, size in header["sections"]}

        def numbers(name: str, kind: str) -> Sequence[int]:
            if sys.byteorder == "little":
                return sections[name].cast(kind)  # type: ignore[call-overload,no-any-return]
            swapped = array(kind, bytes(sections[name]))
            swapped.byteswap()
            return swapped

        self._buckets, self._hashes, self._refs = numbers("buckets", "I"), numbers("hashes", "I"), numbers("refs", "I")
        self._lat, self._lon, self._starts = numbers("lat", "i"), numbers("lon", "i"), numbers("starts", "I")
        self._region, self._country = numbers("region", "H"), numbers("country", "B")
        self._weight, self._names = numbers("weight", "B"), sections["names"]
        self._countries: list[str] = header["countries"]
        self._areas: list[str] = header["regions"]
        self._capitals: dict[str, int] = header["capitals"]
        self._capital_set = frozenset(self._capitals.values())
        self._region_names: dict[str, list[tuple[str, str, int]]] = header["region_names"]
        self._stand_alone = {w.replace("_", " "): c for c, words in STAND_ALONE.items() for w in words.split()}
        self._memo: Callable[..., Location | None] = lru_cache(MEMO)(self._locate)
        self._region_memo: Callable[[str], tuple[tuple[str, str | None], ...]] = lru_cache(MEMO)(self._read_region)
        self._refs_memo: Callable[[str], tuple[int, ...]] = lru_cache(MEMO)(self._find)

    @classmethod
    def load(cls) -> "Gazetteer":
        """Map the packaged file into memory.

        Returns:
            A gazetteer; takes milliseconds, writes nothing, needs no network.

        Raises:
            FileNotFoundError: the installation lacks its data file.
            ValueError: the data file is not one.
        """
        source = files("transforms.enrich") / "gazetteer.bin"
        if isinstance(source, Path):
            with source.open("rb") as file:
                return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return cls(source.read_bytes())

    def _find(self, key: str) -> tuple[int, ...]:
        """References kept under a key."""
        if not key:
            return ()
        value = key_hash(key)
        low, high = self._buckets[value >> 32], self._buckets[(value >> 32) + 1]
        wanted = value & 0xFFFFFFFF
        at = bisect_left(self._hashes, wanted, low, high)
        found = []
        while at < high and self._hashes[at] == wanted:
            found.append(self._refs[at])
            at += 1
        return tuple(found)

    def _read_region(self, region: str) -> tuple[tuple[str, str | None], ...]:
        """What a printed region can mean: (country, area of it or None for all of it)."""
        key = place_key(region.strip(" .()[]（）［］"))
        found = self._meanings(key)
        if not found and " " in key:
            head, _, kind = key.rpartition(" ")
            found = self._meanings(head) if kind in _KINDS_OF_AREA else []
        return tuple(found)

    def _meanings(self, key: str) -> list[tuple[str, str | None]]:
        found: list[tuple[str, str | None]] = [(c, area) for c, area, _ in self._region_names.get(key, ())]
        return found + [(self._countries[r & INDEX], None) for r in self._refs_memo(key) if r & COUNTRY]

    def is_region(self, text: str) -> bool:
        """Whether the text names a state, province or country that datelines print after a place."""
        return bool(self._region_memo(text))

    def is_country(self, text: str) -> bool:
        """Whether the text names a country, in any of the languages compiled in."""
        return any(r & COUNTRY for r in self._refs_memo(place_key(text)))

    def locate(
        self,
        place: str,
        *,
        region: str | None = None,
        agencies: tuple[str, ...] = (),
        language: str | None = None,
        country: str | None = None,
    ) -> Location | None:
        """Find a place.

        Args:
            place: as printed, without its region.
            region: state, province or country as printed; several joined by commas (``DC, United States``).
            agencies: as printed in the dateline; an agency of one country prefers places there.
            language: BCP 47; prefers, weakly, the countries that speak it.
            country: ISO 3166 alpha-2, where a document's metadata state it; decides like a printed region.

        Returns:
            The place; a :class:`Location` without coordinates when only the region tells the country; None when
            nothing is known. The printed region always decides; then fame (stand-alone lists), the agency's home,
            being a capital, the language, and size.
        """
        homes = _homes_of(agencies) if agencies else ()
        return self._memo(place[:80], region[:80] if region else None, homes, (language or "")[:2].lower(), country)

    def _locate(
        self, place: str, region: str | None, homes: tuple[str, ...], language: str, stated: str | None
    ) -> Location | None:
        parts = (
            [m for p in region.replace("，", ",").replace("،", ",").split(",") if (m := self._region_memo(p))]
            if region
            else []
        )
        if stated:
            parts.append(((stated, None),))
        key = place_key(place)
        best = self._best(key, parts, homes, language)
        if not parts and key in self._region_names and len(key) > MAX_CODE:
            best = self._area(key, best, homes, language) or best
        if best is not None:
            return best
        words = key.split()
        if best is None and not parts and len(words) > 1 and "(" not in key:
            best = self._with_region_behind(words, homes, language)
        if best is None and not _ARTICLES.keys().isdisjoint(words):
            best = self._best(" ".join(_ARTICLES.get(w, w) for w in words), parts, homes, language)
        while best is None and len(words) > 1 and words[0] in _DIRECTIONS:
            words = words[1:]
            best = self._best(" ".join(words), parts, homes, language)
        if best is None and len(words) > 1 and words[-1] in _SUFFIXES:
            best = self._best(" ".join(words[:-1]), parts, homes, language)
        if best is not None:
            return best
        if parts and (whole := self._best(key, [], homes, language)) is not None and whole.is_country:
            return whole  # ``MÉXICO, D.F.``: the region is unknown to us or another country's, the country is not
        countries = {country for meant in parts for country, _ in meant}
        for meant in parts:
            countries &= {country for country, _ in meant}
        if len(countries) > 1:  # ``PA`` is Pennsylvania, or Pará
            spoken = LANGUAGE_COUNTRIES.get(language, ())
            countries = countries.intersection(homes) or countries.intersection(spoken) or countries
            if len(countries) > 1 and region and len(region.strip(" .")) == POSTAL_CODE:
                countries &= {"US"}
        return Location(place, countries.pop(), own_name=False) if len(countries) == 1 else None

    def _with_region_behind(self, words: list[str], homes: tuple[str, ...], language: str) -> Location | None:
        """``Landquart GR``, ``Ottawa Ontario Canada``: a canton, state or country that is printed without a comma."""
        parts: list[tuple[tuple[str, str | None], ...]] = []
        while len(words) > 1:
            for size in (1, 2):
                meant = self._region_memo(" ".join(words[-size:])) if len(words) > size else ()
                if meant:
                    break
            else:
                return None
            words, parts = words[:-size], [*parts, meant]
            found = self._best(" ".join(words), parts, homes, language)
            if found is not None and not found.is_country:
                return found
        return None

    def _area(self, key: str, city: Location | None, homes: tuple[str, ...], language: str) -> Location | None:
        """The state or province of that name, unless a large city, one in the area itself or a country is called so."""
        meanings = self._region_names[key]
        if city is not None:
            at_home = city.country in homes or not any(country in homes for country, *_ in meanings)
            if city.is_country or (city.own_name and city.weight >= LARGE and at_home):
                return None
            inside = self._best(key, [self._region_memo(key)], homes, language)
            if inside is not None and inside.own_name:
                return None
        spoken = LANGUAGE_COUNTRIES.get(language, ())
        *_, seat = max(meanings, key=lambda meant: (meant[0] in homes, meant[0] in spoken))
        return self._location(seat, own=False, is_country=True)

    def _best(
        self, key: str, parts: list[tuple[tuple[str, str | None], ...]], homes: tuple[str, ...], language: str
    ) -> Location | None:
        spoken = LANGUAGE_COUNTRIES.get(language, ())
        famous = self._stand_alone.get(key) if not parts else None
        best, best_score, state, printed_so = -1, -1, None, False
        other, other_score = -1, -1
        for ref in self._refs_memo(key):
            index = ref & INDEX
            if ref & COUNTRY:
                country = self._countries[index]
                if all(any(c == country for c, _ in meant) for meant in parts):
                    state, printed_so = country, not ref & OTHER_NAME
                continue
            country = self._countries[self._country[index]]
            area = self._areas[self._region[index]]
            if parts and not all(any(c == country and a in (None, area) for c, a in meant) for meant in parts):
                continue
            score = self._weight[index]
            score += STAND_ALONE_BONUS if country == famous else 0
            # an agency's home and its language say the same: the stronger counts
            score += HOME_BONUS if country in homes else LANGUAGE_BONUS if country in spoken else 0
            score += CAPITAL_BONUS if index in self._capital_set else 0
            if ref & OTHER_NAME:
                if score > other_score:
                    other, other_score = index, score
            elif score > best_score:
                best, best_score = index, score
        own = best >= 0
        large = own and self._weight[best] >= LARGE
        if other_score - OTHER_NAME_MALUS > best_score and not (
            large and self._countries[self._country[other]] not in homes
        ):
            best, own, large = other, False, False
        if state is not None and (best < 0 or self._countries[self._country[best]] != state):
            # ``Granada`` is Grenada in Spanish, ``عمان`` Oman in Arabic: datelines name cities
            if own and not printed_so and (large or best in self._capital_set):
                return self._location(best, own=True, is_country=False)
            capital = self._capitals.get(state)
            if capital is None:
                return Location(key, state, is_country=True)
            return self._location(capital, own=False, is_country=True)
        if best < 0:
            return None
        return self._location(best, own=own, is_country=state is not None)

    def _location(self, index: int, *, own: bool, is_country: bool) -> Location:
        name = bytes(self._names[self._starts[index] : self._starts[index + 1]]).decode()
        return Location(
            name,
            self._countries[self._country[index]],
            self._lat[index] / 1e5,
            self._lon[index] / 1e5,
            self._weight[index],
            own,
            is_country,
        )
