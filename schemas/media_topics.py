"""What agencies' subject codes stand for: concepts of IPTC Media Topics, and the top-level topic above them.

Tables in ``schemas/vocabularies``: Media Topics 2023-10 and Subject Codes with their mapping (IPTC NewsCodes,
copyright IPTC, CC BY 4.0), Reuters News 2000 topics and AP subject ids as IPTC concepts. Each is read once, when
first asked for; after that a code costs one look-up.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from schemas.topics import TOPIC_BY_MEDTOP

_EIGHT_DIGITS = re.compile(r"(?:^|[:/#=_-])(\d{8})$")
_MEDIA_TOPIC_SCHEME = re.compile(r"medtop|media-?topic", re.IGNORECASE)
_CONCEPT_SCHEME = re.compile(r"subj|subref|iptc|newscode|topic|tobject|medtop", re.IGNORECASE)
_NEWS_2000 = re.compile(r"^(?:N2|N2000|.*/N2000?)[:/]([A-Z0-9]{1,8})$", re.IGNORECASE)
_AP_SUBJECT = re.compile(r"(?:^|[:/#])([0-9a-f]{32})$")

_CATEGORIES: dict[str, str] = {
    # ANPA 1312 and AP category letters, where AP, Canadian Press and AAP agree
    "d": "lifestyle",
    "e": "arts",
    "f": "economy",
    "p": "politics",
    "s": "sport",
    # dpa desks (IPTC 7901 header)
    "ku": "arts",
    "pl": "politics",
    "sp": "sport",
    "wi": "economy",
}

# AP's keyword prefixes of sports copy as IPTC subject codes: `BKN--Heat-Hawks` is NBA basketball. Of ball games and ice
# hockey the third letter is the league or level (A, N: major; C: college; H: high school; I: international; W: women).
_SPORTS: dict[str, str] = {
    "BB": "15007000",
    "BK": "15008000",
    "FB": "15003000",
    "HK": "15031000",
    "ATH": "15005000",
    "BOX": "15014000",
    "CAR": "15039000",
    "CRI": "15017000",
    "CYC": "15019000",
    "DIV": "15021000",
    "FIG": "15025000",
    "GLF": "15027000",
    "GYM": "15028000",
    "JUD": "15033000",
    "LAX": "15035000",
    "LUG": "15036000",
    "MMA": "15000000",
    "MOT": "15041000",
    "NOR": "15043000",
    "OLY": "15000000",
    "RAC": "15030000",
    "RGL": "15048000",
    "RGU": "15049000",
    "ROW": "15047000",
    "RUG": "15049000",
    "SAI": "15050000",
    "SKI": "15000000",
    "SOC": "15054000",
    "SPO": "15000000",
    "SWM": "15062000",
    "TEN": "15065000",
    "TRI": "15066000",
    "VOL": "15067000",
    "WRE": "15000000",
}
_PREFIX = re.compile(r"(?:(?:BC|AM|PM|AP)-)*(?:(BB|BK|FB|HK)[A-Z]|([A-Z]{3}))--")


class _Concept(NamedTuple):
    """A row of the concept table: bare codes, an empty parent at the top."""

    parent: str
    retired: bool
    name: str


def media_topics_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Read codes of several vocabularies as live IPTC media topics.

    Args:
        codes: media topics (``medtop:20000822``, the concept's URI, bare ``20000822``), IPTC subject codes
            (``subj:04000000``, URI, bare), Reuters topics (``N2:DIV``), AP subject ids (32 hex digits, with or
            without a scheme).

    Returns:
        ``medtop:…`` in the order of first mention, each once. Retired concepts stand as their nearest live
        ancestor; what no table knows is left out.
    """
    return tuple(dict.fromkeys(topic for code in codes if (topic := media_topic_of(code))))


@lru_cache(maxsize=16_384)
def media_topic_of(code: str) -> str | None:
    """One code as a live media topic (``medtop:…``), or None when no table knows it."""
    bare = _bare_media_topic(code.strip())
    concepts = _concepts()
    while bare and concepts[bare].retired:
        bare = concepts[bare].parent
    return f"medtop:{bare}" if bare else None


def topic_of_codes(codes: Iterable[str]) -> str | None:
    """The top-level topic that a document's codes name, as a slug of ``schemas.topics``.

    A code that is the ancestor of another one says nothing new and is set aside (many agencies send whole paths).
    What remains votes with its top-level topic: most votes win, and among equals the one named first.

    Args:
        codes: anything that `media_topics_of` reads.

    Returns:
        A slug, or None when no code is known.
    """
    topics = media_topics_of(codes)
    paths = [_path(topic) for topic in topics]
    implied = {step for path in paths for step in path[1:]}
    votes: dict[str, int] = {}
    for topic, path in zip(topics, paths, strict=True):
        if topic not in implied:
            votes[path[-1]] = votes.get(path[-1], 0) + 1
    return TOPIC_BY_MEDTOP[max(votes, key=lambda top: votes[top])] if votes else None


def topic_of_media_topic(topic: str) -> str | None:
    """The top-level topic above one live media topic (``medtop:…``)."""
    return TOPIC_BY_MEDTOP.get(_path(topic)[-1])


def topic_of_category(category: str) -> str | None:
    """What a one or two letter wire category says of the topic, where agencies mean the same by it.

    Letters that differ between agencies (``q``: results or stocks, ``o``: weather or parliament) decide nothing.
    """
    return _CATEGORIES.get(category.strip().lower())


def topic_of_slug(slug: str) -> str | None:
    """What AP's keyword prefix says of the topic (``BKN--Heat-Hawks`` is sport), or None."""
    return "sport" if subject_of_slug(slug) else None


def subject_of_slug(slug: str) -> str | None:
    """The IPTC subject code of the sport that AP's keyword prefix names, or None.

    >>> subject_of_slug("BC-BKN--Heat-Hawks"), subject_of_slug("US--Budget")
    ('15008000', None)
    """
    found = _PREFIX.match(slug)
    return _SPORTS.get(found[1] or found[2]) if found else None


def name_of(topic: str) -> str | None:
    """IPTC's English name of a media topic (``medtop:…``), retired ones included."""
    concept = _concepts().get(topic.removeprefix("medtop:"))
    return concept.name if concept else None


@lru_cache(maxsize=4_096)
def _path(topic: str) -> tuple[str, ...]:
    """The concept and its ancestors, top level last."""
    concepts = _concepts()
    steps = []
    bare = topic.removeprefix("medtop:")
    while bare in concepts:
        steps.append(f"medtop:{bare}")
        bare = concepts[bare].parent
    return tuple(steps) or (topic,)


def _bare_media_topic(code: str) -> str | None:
    """The concept that a code stands for, retired or not, as eight digits."""
    if digits := _EIGHT_DIGITS.search(code):
        bare = digits[1]
        scheme = code[: digits.start(1)]
        if scheme and not _CONCEPT_SCHEME.search(scheme):
            return None
        if scheme and _MEDIA_TOPIC_SCHEME.search(scheme):
            return bare if bare in _concepts() else None
        # In a bare code the two vocabularies never collide: media topics below the top begin with 2000.
        return _of_subject_code(bare) or (bare if bare in _concepts() else None)
    if news_2000 := _NEWS_2000.match(code):
        return _provider_codes().get(("N2", news_2000[1].upper()))
    if subject := _AP_SUBJECT.search(code.lower()):
        return _provider_codes().get(("ap", subject[1]))
    return None


def _of_subject_code(code: str) -> str | None:
    """By the subject code, else by its parent: three digits of matter and three of detail are cut in turn."""
    table = _subject_codes()
    return table.get(code) or table.get(f"{code[:5]}000") or table.get(f"{code[:2]}000000")


def _rows(name: str) -> list[list[str]]:
    text = (files("schemas.vocabularies") / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


@cache
def _concepts() -> dict[str, _Concept]:
    return {code: _Concept(parent, bool(retired), label) for code, parent, retired, label in _rows("media_topics.tsv")}


@cache
def _subject_codes() -> dict[str, str]:
    return dict(_rows("subject_codes.tsv"))


@cache
def _provider_codes() -> dict[tuple[str, str], str]:
    return {(scheme, code): topic for scheme, code, topic in _rows("provider_codes.tsv")}
