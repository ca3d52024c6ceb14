"""News agencies and press-release wires, under the names that datelines and bylines print.

A name is an agency only when it stands here (or extends one that does: ``Thomson Reuters Foundation``,
``PRNewswire-AsiaNet``); capitals alone never make one.

Sources: members of the European Alliance of News Agencies, the Organisation of Asia-Pacific News Agencies and the
Federation of Arab News Agencies as their sites list them; the agencies' own style books and sample copy for the printed
forms; for press-release wires and news services, their own releases.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency.

    Attributes:
        name: its usual name.
        home: ISO 3166 alpha-2 of the one country it serves first, or None when it serves the world or releases.
        names: all printed forms.
    """

    name: str
    home: str | None
    names: tuple[str, ...]


_EXTENSIONS = frozenset(
    [
        "news",
        "agency",
        "business",
        "sports",
        "sport",
        "newswire",
        "newswires",
        "foundation",
        "international",
        "indonesia",
        "english",
        "television",
        "tv",
        "radio",
        "online",
        "staff",
        "wire",
        "wires",
        "service",
        "services",
        "media",
        "group",
        "live",
        "health",
        "money",
        "world",
        "press",
        "firstcall",
        "asianet",
        "asia",
        "usnewswire",
        "prnewswire",
        "prweb",
        "com",
        "afx",
        "photo",
        "video",
        "economic",
        "relaxnews",
        "life!",
    ]
)
"""Words that an agency's printed name may be followed by."""

_PUNCTUATION = re.compile(r"[\s\u00a0\u200b-\u200f]+")


_NO_SIGNS = {ord(sign): None for sign in ".«»"}


def agency_key(text: str) -> str:
    """The form under which an agency's name is looked up: case, width, dots, «» and space are no difference."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _PUNCTUATION.sub(" ", text.translate(_NO_SIGNS)).strip(" -/,").casefold()


def _table() -> dict[str, Agency]:
    table: dict[str, Agency] = {}
    for line in (files("schemas") / "agencies.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        home, printed = line.split("\t")
        names = tuple(printed.split("|"))
        agency = Agency(names[0], None if home == "-" else home, names)
        for name in names:
            table.setdefault(agency_key(name), agency)
    return table


AGENCIES: dict[str, Agency] = _table()
"""Agencies by :func:`agency_key` of each printed name; worldwide ones win a name that several print."""


@lru_cache(8192)
def find_agency(text: str) -> Agency | None:
    """The agency that a printed name stands for.

    Args:
        text: one name, without brackets (``dpa``, ``Thomson Reuters Foundation``, ``PRNewswire-AsiaNet``).

    Returns:
        The agency, or None. A compound is an agency when each part by hyphen is one (``NTB-AFP``), and so is a known
        name of three letters and more followed only by words such as ``News``, ``Agency`` or ``Business``.
    """
    if len(text) > 60:  # no agency's name is longer; keeps the memo small
        return None
    key = agency_key(text)
    found = AGENCIES.get(key)
    if found is not None or len(key) < 3:
        return found
    if "-" in key:
        parts = [p.strip() for p in key.split("-")]
        known = [AGENCIES.get(p) for p in parts]
        if known[0] is not None and all(k is not None or p in _EXTENSIONS for k, p in zip(known, parts, strict=True)):
            return known[0]
    words = key.split(" ")
    for n in range(len(words) - 1, 0, -1):
        head = AGENCIES.get(" ".join(words[:n]))
        if head is not None and len(words[0]) >= 3 and all(w in _EXTENSIONS for w in words[n:]):
            return head
    return None


_FIRST_WORDS = frozenset(part for key in AGENCIES for part in (key.split(" ")[0], key.split(" ")[0].split("-")[0]))


@lru_cache(8192)
def begins_agency(word: str) -> bool:
    """Whether a word is the first of some agency's name: one look-up where most words of copy are none."""
    key = agency_key(word[:60])
    return key in _FIRST_WORDS or key.split("-")[0] in _FIRST_WORDS


def is_agency(text: str) -> bool:
    """Whether a printed name is that of a news agency, news service or press-release wire we know."""
    return find_agency(text) is not None


def agency_home(text: str) -> str | None:
    """ISO 3166 alpha-2 of the country that an agency serves first; None for worldwide and unknown ones."""
    found = find_agency(text)
    return found.home if found else None
