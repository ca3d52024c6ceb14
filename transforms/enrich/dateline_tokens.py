"""The smallest pieces of a dateline: words of a place, separators, agencies in brackets, bylines that run in."""

import re
from collections.abc import Callable

from schemas.agencies import begins_agency, is_agency

SEPARATOR = re.compile(r"\s*(?:[.,:;؛،。：](?!\.)\s*)?(?:(?:[-–—―−‐_=~－]{1,3}|[:：])\s*){0,4}")
"""What stands between a dateline and its story; always matches, if only nothing."""
DASH = re.compile(r"[-–—―−‐_=~－]")
WORD = re.compile(
    r"(?:['’](?=[stST][ -][A-Z]))?"  # 'S-HERTOGENBOSCH
    r"(?!_)\w[\w'’`´ʼ\u0300-\u036f\u0900-\u0dff]*(?:(?:[-‑](?=[^\W_])|\.(?=[^\W\d_]))[\w'’`´\u0300-\u036f\u0900-\u0dff]*)*"
)
SHORT_WORDS = frozenset(["st", "ste", "mt", "ft", "pt", "s", "sta", "sto", "dr", "bad", "gen", "no", "a", "b", "d"])
"""Words of place names that are printed with a full stop (``ST. LOUIS``)."""
PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "delle",
        "dei",
        "degli",
        "di",
        "da",
        "do",
        "das",
        "dos",
        "du",
        "des",
        "la",
        "le",
        "las",
        "les",
        "los",
        "lo",
        "el",
        "al",
        "an",
        "am",
        "auf",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "vom",
        "im",
        "ob",
        "bei",
        "zum",
        "zur",
        "unter",
        "über",
        "vor",
        "of",
        "the",
        "on",
        "upon",
        "sur",
        "sous",
        "en",
        "lès",
        "aux",
        "op",
        "ter",
        "aan",
        "den",
        "het",
        "van",
        "der",
        "nad",
        "pod",
        "na",
        "es",
        "bin",
        "ben",
    ]
)
"""Small words inside place names (``Frankfurt am Main``, ``Rio de Janeiro``, ``Stoke on Trent``)."""
MAX_WORDS = 6
CAPITALS = 4
"""A first word of more letters in capitals: then the place's others are in capitals, too."""
JOINTS = re.compile(
    r"\s*/\s*|\s*[&＆]\s*|,?\s+(?:and|und|et|y|e|og|och|en|ja|i|и|dan|&amp;)\s+|\s*[·・،、]\s*", re.IGNORECASE
)
OPENERS = {"(": ")", "[": "]", "〔": "〕", "/": "/", "（": "）", "［": "］", "【": "】"}
MAX_AGENCIES = 64
"""Characters between the brackets of an agency list; UrduPoint's with a date is the longest seen."""
MARKUP = re.compile(r"(?:\s|&lt;/?[a-zA-Z]{1,6}\s?/?&gt;|<[^<>\n]{0,40}>|[\\\ufeff\u200b-\u200f\u202a-\u202e])+")
"""Remains of markup and space before the copy."""

BYLINE = re.compile(
    r"(?:by|von|par|por|di|door|af|av|text:|autor:|от)\s+|da\w{0,4}\s+nostr[aoie]\s+(?:inviat[aoie]|corrispondent[ei])\s*",
    re.IGNORECASE,
)
"""Words that open a byline run in before the dateline."""
MAX_BYLINE = 240
"""Characters a run-in byline may take: eight names."""

PROSE = re.compile(
    r"(?!(?i:by|von|par|por|di|door|af|av|от)\b)"
    r"[^\W\d_]+(?: [^\W\d_]+){0,3}? "
    r"(?!(?:"
    + "|".join(sorted(PARTICLES))
    + r"|and|und|et|y|e|i|og|och|en|ja|и|dan)\b)[a-zß-öø-ÿа-яёα-ωğışčřžłńęąćśźż]"
)
"""A few words and then a small letter: how most copy begins that has no dateline. The cheap first test."""

CAPITALS_FIRST = re.compile(
    r"(?:[A-ZÀ-Þ.]{2,5} )?[A-ZÀ-Þ]{4,} (?:(?:The|An?|In|On|At|It|He|She|They) |[a-z]{2,4} ?[|–])"
)
"""What looks like prose and may be none: ``HOUSTON The oil company …``, ``BERLIN taz | …``."""

_SIGNED = re.compile(r"(?:Корр\.|корр\.|Corr\.)\s(\S+(?:\s[^\W\d_]+)?)(?:\s[^\W\d_][\w-]+\s[^\W\d_][\w-]+)?")
"""``/Корр. ТАСС Иван Петров/``, ``/Корр. БЕЛТА/``: the agency and its correspondent."""
_SPLIT = re.compile(r"\s*[/,;+&|،／、]\s*|\s+(?:and|und|et|y|e)\s+")
_CALL_SIGN = re.compile(
    r"(?:[WK][A-Z]{3}|WLS|WGN|WBZ|WHO|WOR|WSB|WJR|WRC|WOI|WSM|WWJ|WIS|WHP|WJW|WJZ|WWL|WMC|KYW|KGO|KGW|KOB|KSL|KHQ|KFI|KNX|KLZ)"
    r"(?:-(?:TV|DT|FM|AM))?|(?:ABC|CBS|NBC|FOX|Fox|CW) ?\d{1,2}(?: News)?"
)
"""Call signs of American stations (FCC: W or K and three letters; a few old ones have two), as their datelines print
them in brackets; and a network's name with the channel's number (``FOX 13``)."""
_BARE = re.compile(r"[^\s(\[/,:;—–=_]+(?: [^\s(\[/,:;—–=_-][^\s(\[/,:;—–=_]*){0,3}")


def is_upper(text: str) -> bool:
    """Whether all cased letters are capitals, and there is one."""
    return text.isupper()


def is_caseless(text: str) -> bool:
    """Whether the script knows no capitals."""
    return text.upper() == text.lower()


def split_agencies(inside: str) -> tuple[str, ...] | None:
    """Read what stands between an agency list's brackets.

    Args:
        inside: ``dpa/lno``, ``Kyodo JBN-AsiaNet``, ``UrduPoint / Pakistan Point News``.

    Returns:
        The names as printed; None when none of them is a known agency. Beside a known one, others are names too
        (``KNA/iz``: the house's own sign), if they are short.
    """
    inside = " ".join(inside.split())
    if (signed := _SIGNED.fullmatch(inside)) and is_agency(signed[1]):
        return (signed[1],)
    if not inside or len(inside) > MAX_AGENCIES:
        return None
    if is_agency(inside) and "/" not in inside:
        return (inside,)
    parts = [p.strip(" .-") for p in _SPLIT.split(inside)]
    parts = [p for p in parts if p]
    if len(parts) > 1 and all(is_agency(p) or is_call_sign(p) for p in parts):
        return tuple(parts)
    if not parts or not any(is_agency(p) for p in parts):
        return (inside,) if is_agency(inside) else None
    if all(is_agency(p) or (len(p) <= 24 and any(c.isalpha() for c in p)) for p in parts):
        return tuple(parts)
    return None


def is_call_sign(text: str) -> bool:
    """Whether the text has the form of an American station's call sign."""
    return _CALL_SIGN.fullmatch(text) is not None


def match_bare_agency(text: str, pos: int) -> tuple[int, tuple[str, ...]] | None:
    """Read an agency printed without brackets (``SEOUL, Nov 26 AFP -``): the longest known name at ``pos``."""
    found = _BARE.match(text, pos)
    if not found:
        return None
    words = found[0].split(" ")
    if not begins_agency(words[0]):
        return None
    end = found.end()
    for n in range(len(words), 0, -1):
        name = " ".join(words[:n])
        trimmed = name.rstrip(".-")
        if trimmed and is_agency(trimmed) and any(c.isalpha() for c in trimmed):
            return end - (len(name) - len(trimmed)), (trimmed,)
        end -= len(words[n - 1]) + 1
    return None


def match_place(text: str, pos: int, *, is_stop: Callable[[str, int, str], bool]) -> int:
    """Read the words of one place that begins at ``pos``.

    Args:
        text: the copy.
        pos: where to look.
        is_stop: whether a word (after the first) begins something else, such as a date.

    Returns:
        Where the last word ends; ``pos`` when no place can begin there.
    """
    end, count, at, capitals = pos, 0, pos, False
    while count < MAX_WORDS:
        word = WORD.match(text, at)
        if not word:
            break
        token = word[0]
        if count and is_stop(text, at, token):
            break
        if token[0].isdigit() or (count and capitals and not token.isupper() and token[0].isupper()):
            break  # ``HOUSTON The oil company …``
        elided = len(token) > 2 and token[1] in "'’" and token[2].isupper()  # ``Côte d'Ivoire``
        if token[0].islower() and not elided and not (count == 0 and not token.isascii()):
            if token.casefold() not in PARTICLES:
                break
            at = word.end() + 1
            if not count or text[word.end() : at] != " ":
                break
            following = WORD.match(text, at)
            if not following or not following[0]:
                break
            if following[0][0].islower() and following[0].casefold() not in PARTICLES:
                break
            count += 1
            continue
        capitals = capitals or (not count and len(token) > CAPITALS and token.isupper())
        end = word.end()
        count += 1
        if text[end : end + 1] == "." and token.casefold() in SHORT_WORDS and text[end + 1 : end + 2] in " \u00a0":
            end += 1
        if text[end : end + 1] not in " \u00a0":
            break
        at = end + 1
        if text[at : at + 1] == " " or text[at : at + 1] == "\u00a0":
            break
    return end
