"""The orders in which agencies print the parts of a dateline: ``[agency] places [date] [agencies] separator``."""

import re

from schemas.agencies import agency_home, is_agency
from schemas.reading import Dateline
from transforms.enrich.dateline_cjk import match_cjk
from transforms.enrich.dateline_components import Components, Parts
from transforms.enrich.dateline_dates import PrintedDate, is_date_word, match_date, resolve_date
from transforms.enrich.dateline_evidence import CITY, TOWN, Reading, believe
from transforms.enrich.dateline_places import PrintedPlace, locate_first, match_places
from transforms.enrich.dateline_tokens import (
    DASH,
    MARKUP,
    MAX_BYLINE,
    WORD,
    is_upper,
    match_bare_agency,
)

_LISTED = re.compile(r"\w+\s-\s")
_LOWER_AGENCY = re.compile(r" [a-z]{2,4}\s[|–-]\s")
_ONLY_PLACE = re.compile(r"\[([^\[\]\n]{3,40})\]\s+(?=[A-ZÀ-Þ“\"'])")
_TEST = re.compile(r" [A-Z]{2,12} - ")
_DATED = re.compile(r"(?:,\s|\s{2,})(?=[A-Z][a-z]{2,8}\.?\s\d|\d)")
"""``By Ann Lee, Feb 16 (Reuters) -``: no place between the byline and the date."""
_COMMA = re.compile(r",\s+")
_OPEN_SOURCE = re.compile(r"\[([^\[\]\n]{2,40})\]\s+")
_STATION = re.compile(r"\(([A-Z][\w .'’]{1,30})-([A-Z]{2,5})\)\s*")


class Grammar(Components):
    """One text, tried in every order from one place."""

    def at(self, start: int, *, strict: bool = False) -> Dateline | None:
        """A dateline that begins exactly at ``start``."""
        text = self.text
        first = text[start]
        if first >= "\u2e80" or first in "([（":
            found = match_cjk(text, start, self.language, self.gazetteer)
            if found:
                parts = Parts(found.places, found.date, found.agencies, found.end)
                return self.finish(start, parts, found.end)
        if first.isdigit():
            return self.date_first(start)
        if first in "([（/":
            return self.bracket_first(start)
        if not first.isalpha() and first not in "'’":
            return None
        return self.place_first(start, strict=strict) or self.word_first(start)

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
        parts = Parts(listed.places)
        if "-" in text[start : listed.end] and (glued := self.glued(start)):
            return self.finish(start, glued, self.separator(glued.end)[0])
        self.tail(parts, listed.end)
        if not parts.agencies and text.find("«", parts.end, parts.end + 4) > 0:
            self.quoted(parts)
        if not parts.agencies and not parts.date and text[listed.end : listed.end + 1] in ",،":
            lenient = match_places(text, start, self.gazetteer, lenient=True)
            if lenient and lenient.end > listed.end:
                other = Parts(lenient.places)
                self.tail(other, lenient.end)
                if other.agencies or (other.date and is_upper(lenient.places[0].place)):
                    parts = other
        if (parts.date and not parts.agencies) or not parts.order:
            self.unknown_bracket(parts)
        return self.weigh(start, parts, strict=strict)

    def glued(self, start: int) -> Parts | None:
        """``دمشق-سانا``, ``Baghdad-INA``: an agency of that country behind a hyphen."""
        word = WORD.match(self.text, start)
        if word is None:
            return None
        name, _, agency = word[0].rpartition("-")
        location = self.gazetteer.locate(name, language=self.language) if name and is_agency(agency) else None
        if location is None or location.latitude is None or agency_home(agency) != location.country:
            return None
        return Parts((PrintedPlace(name, name),), None, (agency,), word.end())

    def weigh(self, start: int, parts: Parts, *, strict: bool = False, prefixed: bool = False) -> Dateline | None:
        """Decide whether what was read is a dateline."""
        end, separator = self.separator(parts.end)
        location = locate_first(parts.places, parts.agencies, self.language, self.gazetteer)
        reading = Reading(
            place=parts.places[0].place if parts.places else None,
            region=parts.places[0].region if parts.places else None,
            known_region=bool(parts.places and parts.places[0].known_region),
            in_brackets=bool(parts.places) and parts.places[0].printed[-1:] in ")]）］",
            place_count=len(parts.places),
            location=location,
            has_date=parts.date is not None,
            has_year=bool(parts.date and parts.date.year),
            has_agency=bool(parts.agencies) and not (prefixed and not parts.order),
            bracketed=parts.bracketed or (prefixed and bool(parts.order)),
            separator=separator,
            body=self.text[end : end + 80],
            language=self.language,
        )
        if not believe(reading, strict=strict) or (reading.region is None and is_date_word(reading.place or "")):
            return None
        if not parts.order and not reading.region and self.is_fixture(parts, end):
            return None
        return self.finish(start, parts, end)

    def is_fixture(self, parts: Parts, end: int) -> bool:
        """``Rennes - Brest, le derby``: behind the dash another town, and then no verb."""
        if is_upper(parts.places[0].place):
            return False
        other = match_places(self.text, end, self.gazetteer)
        if other is None or not self.text.startswith((",", ":", ";", " ("), other.end):
            return False
        location = self.gazetteer.locate(other.places[0].place)
        return bool(location and location.own_name and not location.is_country and location.weight >= TOWN)

    def date_first(self, start: int) -> Dateline | None:
        """``9 يونيو (رويترز) -``, ``8/24/2004 --``, ``12 января, Минск /Корр. БЕЛТА/.``."""
        found = match_date(self.text, start, self.language)
        return self.after_date(start, found) if found else None

    def after_date(self, start: int, found: tuple[int, PrintedDate]) -> Dateline | None:
        """What may follow a date that opens the copy."""
        parts = Parts(date=found[1])
        self.tail(parts, found[0])
        if parts.agencies:
            return self.weigh_undated(start, parts)
        comma = _COMMA.match(self.text, found[0])
        listed = match_places(self.text, comma.end(), self.gazetteer) if comma else None
        if listed and listed.places:
            placed = Parts(listed.places, found[1])
            self.tail(placed, listed.end)
            if placed.agencies:
                return self.weigh(start, placed)
        return self.date_alone(start, parts)

    def date_alone(self, start: int, parts: Parts) -> Dateline | None:
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

    def weigh_undated(self, start: int, parts: Parts) -> Dateline | None:
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
            parts = Parts((), date, agencies, close, bracketed=True)
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
                    return self.finish(start, Parts(listed.places, None, (source[1].strip(),)), end)
        only = _ONLY_PLACE.match(text, start)
        if only:
            # SciDev.Net's form: nothing but a place in square brackets
            location = self.gazetteer.locate(only[1], language=self.language)
            if (
                location
                and location.latitude is not None
                and (location.own_name or location.is_country)
                and location.weight >= CITY
            ):
                return self.finish(start, Parts((PrintedPlace(only[1], only[1]),)), only.end())
        station = _STATION.match(text, start)
        if station and is_agency(station[2]) and self.gazetteer.locate(station[1]):
            parts = Parts((PrintedPlace(station[1], station[1]),), None, (station[2],), bracketed=True)
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
        parts = Parts(listed.places)
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
        elif separator == " ":
            placed = self.place_after_agency(start, end, agencies)
            if placed and placed.date and placed.region:
                return placed  # ``VMPL New Delhi [India], February 16:``
        if not DASH.search(separator) or not separator[:1].isspace():
            return self.test_prefix(start)
        if _LISTED.match(text, end) or not _stands_alone(agencies[0]) or not text[end : end + 1] or text[end].islower():
            return None
        return self.finish(start, Parts((), None, agencies), end)

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
        dated = _DATED.search(text, pos, limit)
        found = self.date_first(dated.end()) if dated else None
        return found if found and found.agencies else None

    def element(self) -> Dateline | None:
        """The whole text as a dateline."""
        text = self.text
        found = self.at(0)
        if found and found.end >= len(text) and (found.places or found.agencies):
            return found
        listed = match_places(text, 0, self.gazetteer, lenient=True)
        if listed is None:
            return found
        parts = Parts(listed.places)
        self.tail(parts, listed.end)
        end, _ = self.separator(parts.end)
        if end < len(text):
            if found:
                return found
            first = text.split("(")[0].strip(" ,-–—_")
            parts = Parts((PrintedPlace(first, first),)) if first else parts
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
        "SIR",
        "NASDAQ",
        "VG",
        "NRK",
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
