"""Who wrote a story: bylines as papers and agencies print them, to people, roles, organisations and places.

Four steps: page furniture becomes bars (``byline_furniture``), labels and other roles are taken apart
(``byline_labels``), separators and conjunctions part the rest, and each part is read as person, organisation, role,
place or nothing (``byline_parts``). Desks (``Staff Writer``) and agencies are organisations; initials are nobody.
"""

import re
from functools import lru_cache

from schemas.reading import Byline, Credit
from transforms.enrich.byline_found import Parts
from transforms.enrich.byline_furniture import strip_furniture
from transforms.enrich.byline_kinds import is_house, is_modifier, is_organisation, is_role_noun, role_start
from transforms.enrich.byline_labels import split_lead, split_roles, strip_label
from transforms.enrich.byline_names import (
    invert,
    is_dense,
    is_generation,
    is_given_name,
    is_initials,
    is_particle,
    is_person,
    strip_titles,
)
from transforms.enrich.byline_parts import read_part
from transforms.enrich.byline_words import ANY_CONJUNCTIONS, CONJUNCTIONS, DESKS, IN_WORDS, PARTICLES
from transforms.enrich.language import primary_language

LONGEST_BYLINE = 600
"""Characters read; what is longer is a biography or copy that strayed into the element."""

MOST_PEOPLE = 60
"""Names kept of one byline."""

LONGEST_ABBREVIATION = 5
"""Letters and point of a last word that keeps its point: ``Jr.``, ``Inc.``, ``Corp.``; a longer one ends a sentence."""

AUTHOR = "author"

_BRACKET = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]*)[)）\]】]\s*")
_SYMBOLS = re.compile(r"\s*(?:[,;|·•●、，；،؛｜／+]|/|\s[-–—~]+(?=\s)|[–—]|(?<=\w)[:：]\s)\s*|\s+-\s*$|^\s*-\s+")
_AMPERSAND = re.compile(r"\s*[&＆]\s*")
_CONVERSATION = re.compile(
    r"\s+(?:im\s+(?:gespräch|interview)\s+mit|in\s+conversation\s+with|en\s+conversation\s+avec|en\s+conversación\s+con|as\s+told\s+to)\s+",
    re.IGNORECASE,
)
_PICTURED = re.compile(
    r"[,;|/&\s]*\b(?:(?:and|und|et|y|e|en|og|och)\s+)?(?P<name>[^\W\d_][^,;|/&()]{2,60}?)\s*"
    r"\((?:fotos?|photos?|bild(?:er)?|bilde|foto's|foton|kuvat?|fotografías?|imagens|imágenes|illustrationen)\)",
    re.IGNORECASE,
)
_PHOTO = re.compile(
    r"(?<![/&+,])(?<![/&+,]\s)[(\[]?(?P<house>\b[^\W\d_][^|/,;()\[\]]{1,40}?\s+)??(?:(?:file|pool|handout|archive|staff|courtesy)\s+)?\b(?:photo|foto)s?\s?/\s?"
    r"(?P<name>[^\W\d_][^|/,;()\[\]]{2,60})[)\]]?",
    re.IGNORECASE,
)
"""The picture credit of the agencies: ``(AP Photo/Ann Lee)``."""
_STAFF_OF = re.compile(r"\s*staff\s*/\s*(?=[^\W\d_])", re.IGNORECASE)
"""``STAFF/ECHO``: the house signs, and staff is no other one."""
_WITH = re.compile(r"(?:with|mit|avec|con|com|met)\s+", re.IGNORECASE)
_WAW = re.compile(r"\s+(?:و\s?(?=[\u0621-\u064a]{3})|ו(?=[\u05d0-\u05ea]{2}))")
_DENSE_HOUSE = re.compile(
    r"\s*(?P<house>[\u4e00-\u9fff]{2,6}?(?:社|报|報|网|網))(?=(?:特[约約])?(?:记者|記者|编辑|特派))"
)
_PREPOSITIONS = frozenset(word for line in IN_WORDS.values() for word in line.split("|"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SMALL_WORDS = (
    PARTICLES
    | _PREPOSITIONS
    | frozenset(word for line in (*CONJUNCTIONS.values(), ANY_CONJUNCTIONS) for word in line.split("|"))
    | frozenset(["by", "for", "of", "the", "to", "from"])
)
"""Words that stay small in a line of names."""
_FULL_NAMES = re.compile(r"(?<=\w)-(?=\w+\s)")
_OWN_HOUSE = frozenset(["本社", "本报", "本報", "本网", "本網"])
"""``Our paper's`` reporter: it names no house."""


@lru_cache(maxsize=64)
def _joiner(language: str | None) -> re.Pattern[str]:
    words = "|".join(filter(None, (CONJUNCTIONS.get(language or ""), ANY_CONJUNCTIONS)))
    own = CONJUNCTIONS.get(language or "", "and")
    return re.compile(rf"\s+(?:{words})\s+|\A(?:and|with|und|et|y|(?-i:{own}))\s+", re.IGNORECASE)


def _take_brackets(text: str, parts: Parts) -> str:
    """Remove brackets that hold a role, place or agency; keep those inside a name."""

    def look(match: re.Match[str]) -> str:
        inside, after = _WITH.sub("", match[1].strip()), text[match.end() : match.end() + 1]
        if not inside:
            return " "
        whole = not text[: match.start()].strip() and not after
        if whole:
            return inside
        words = inside.split()
        if "=" in inside:
            # (서울=연합뉴스)
            inside = inside.rsplit("=", 1)[1].strip()
            words = inside.split() or words
        listed = [name.strip() for name in re.split(r"[,;/]", inside)]
        if len(listed) > 1 and all(name and is_house(name.split()) for name in listed):
            for name in listed:
                parts.organisation(name)
            return " | "
        if "," not in inside and is_organisation(words) and words[-1].casefold() not in DESKS:
            parts.organisation(inside)
            return " | "
        before = text[: match.start()].split()
        if (
            after.isalpha()
            and after.isupper()
            and len(before) == 1
            and all(w[:1].isupper() or w.islower() for w in words)
        ):
            return f" ({inside}) "
        parts.notes.append(inside)
        return " | "

    return _BRACKET.sub(look, text)


def _take_pictured(text: str) -> tuple[str, list[tuple[str | None, str]]]:
    """Take out who only made the pictures (``Ann Lee (text), Tom Moe (photos)``)."""
    if "(" not in text:
        return text, []
    pictured: list[tuple[str | None, str]] = [("photographer", match["name"]) for match in _PICTURED.finditer(text)]
    return (_PICTURED.sub("", text), pictured) if pictured else (text, pictured)


def _take_photo_credits(text: str) -> tuple[str, list[tuple[str | None, str]]]:
    """Take out who made the picture of ``AP Photo/Ann Lee``; the agency stays."""
    if "/" not in text:
        return text, []
    pictured: list[tuple[str | None, str]] = []

    def look(match: re.Match[str]) -> str:
        house = (match["house"] or "").strip()
        if house and not (is_house(house.split()) or is_person(house.split())):
            return match[0]
        pictured.append(("photographer", match["name"]))
        return f" | {house} | "

    return _PHOTO.sub(look, text).strip(" |"), pictured


def _segments(text: str, language: str | None) -> list[tuple[str, str]]:
    """Parts of a byline with what stood before each: the symbol, ``and``, or nothing."""
    cut: list[tuple[str, str]] = []
    position, before = 0, ""
    for match in _SYMBOLS.finditer(text):
        cut.append((before, text[position : match.start()]))
        position, before = match.end(), match[0].strip() or "-"
    cut.append((before, text[position:]))
    found: list[tuple[str, str]] = []
    joiner = _joiner(language)
    for sign, segment in cut:
        for number, piece in enumerate(_CONVERSATION.split(segment)):
            joined = _two_surnames(piece, joiner.split(piece), language)
            if len(joined) == 2 and _is_double_beat(joined[0].split(), joined[1].split()):
                joined = [piece]
            if (
                len(joined) > 1
                and (joined[0] or piece[:1].isupper())
                and is_organisation(piece.split(), alone=True)
                and not _is_somewhere(joined[0])
            ):
                left = joined[0].split()
                right = joined[1].split()
                if is_house(left) and is_person(right) and not is_organisation(right, alone=True):
                    pass
                elif (
                    not (is_organisation(left, alone=True) and is_organisation(joined[1].split(), alone=True))
                    or "staff" in joined[0].casefold()
                ):
                    joined = [piece]
            pieces: list[str] = []
            for part in joined:
                halves = _AMPERSAND.split(part)
                if len(halves) > 1 and not all(
                    len(h.split()) > 1 or is_house([h]) or h.casefold() in DESKS for h in halves if h
                ):
                    pieces.append(part)
                else:
                    pieces.extend(halves)
            if "\u0590" <= piece[:1] <= "\u06ff" or language in {"ar", "fa", "ur", "he"}:
                pieces = [p for q in pieces for p in _split_waw(q)]
            elif language == "tr" and "-" in piece:
                # Ada Kaya-Can Demir/ANKARA: the Turkish agencies' mark between two people
                pieces = [p for q in pieces for p in _if_whole(q, _FULL_NAMES.split(q))]
            for place, part in enumerate(pieces):
                found.append((sign if not number and not place else "and", _trim(part)))
    return [(sign, part) for sign, part in found if part]


def _trim(text: str) -> str:
    text = text.strip(" \t:='\"«»„“”-–—*_）】」』").lstrip(".")
    if text.endswith(".") and len(text.rsplit(None, 1)[-1]) > LONGEST_ABBREVIATION:
        text = text.rstrip(".")
    return text


def _is_somewhere(text: str) -> bool:
    """Whether a text begins with a person, or a person in a place: ``Ann Lee in Rome``."""
    words = text.split()
    return is_person(words[:3]) or (len(words) > 3 and words[2] in _PREPOSITIONS and is_person(words[:2]))


def _is_double_beat(left: list[str], right: list[str]) -> bool:
    """Whether a conjunction joins two beats of one role: ``Ann Lee Environment`` and ``Energy Correspondent``."""
    return len(left) > 2 and is_modifier(left[-1]) and is_person(left[:-1]) and role_start(right) == 0


def _two_surnames(piece: str, joined: list[str], language: str | None) -> list[str]:
    """Keep a name whole whose two surnames are joined as two people are: ``Ana Vidal y Cerezo``."""
    if len(joined) != 2 or language not in {"es", "ca", "gl", "pt"}:
        return joined
    left, right = joined[0].split(), joined[1].split()
    whole = (
        len(right) == 1
        and right[0].istitle()
        and is_person(left)
        and not (is_organisation(right, alone=True) or is_house(right) or is_role_noun(right[0]))
    )
    return [piece] if whole else joined


def _split_waw(text: str) -> list[str]:
    """Arabic and Hebrew join names with a prefixed letter; it counts only between two names of two words."""
    return _if_whole(text, _WAW.split(text))


def _if_whole(text: str, halves: list[str]) -> list[str]:
    return halves if all(len(h.split()) >= 2 for h in halves) else [text]


def _inverted(segments: list[tuple[str, str]], *, labelled: bool) -> list[tuple[str, str]]:
    """Turn ``Surname, First`` round where the commas can mean nothing else."""
    out: list[tuple[str, str]] = []
    place = 0
    while place < len(segments):
        sign, text = segments[place]
        follows = segments[place + 1] if place + 1 < len(segments) else None
        if follows and follows[0] in {",", "，", "،"}:
            words, second = text.split(), strip_titles(follows[1].split())
            if is_generation(follows[1]) and is_person(words):
                out.append((sign, f"{text} {follows[1]}"))
                place += 2
                continue
            ends_here = place + 2 == len(segments) or segments[place + 2][0] in {";", "|", "/", "and", "；"}
            turned = None
            if ends_here and not labelled and (sign in {"", ";", "|", "and", "；", "؛"}):
                turned = None if is_organisation(words) or is_organisation(second) else invert(words, second)
            if turned and not is_dense(text):
                out.append((sign, " ".join(turned)))
                place += 2
                continue
        out.append((sign, text))
        place += 1
    return out


def _is_certain(name: list[str]) -> bool:
    """Whether words are a name without the help of capitals: a given name, a surname, nothing strange between."""
    between = all(is_given_name(word) or is_initials(word) or is_particle(word) for word in name[1:-1])
    return len(name) > 1 and is_given_name(name[0]) and between and is_person(name)


def _in_lower_case(raw: str, language: str | None) -> Byline | None:
    """Read a byline that has no capital (``by ann lee``); None when it has one or names nobody beyond doubt."""
    if raw != raw.lower() or raw == raw.upper():
        return None
    capitals = _WORD.sub(lambda match: match[0] if match[0] in _SMALL_WORDS else match[0].capitalize(), raw)
    byline = _read(capitals, language)
    names = [credit.name.split() for credit in byline.credits]
    houses = [name.split() for name in byline.agencies]
    if not (all(map(_is_certain, names)) if names else houses and all(map(is_house, houses))):
        return None
    return Byline(
        raw=raw,
        authors=tuple(name.lower() for name in byline.authors),
        agencies=tuple(name.lower() for name in byline.agencies),
        credits=tuple(
            Credit(c.name.lower(), c.role and c.role.lower(), c.location and c.location.lower()) for c in byline.credits
        ),
    )


@lru_cache(maxsize=16384)
def _parse(raw: str, language: str | None) -> Byline:
    return _in_lower_case(raw, language) or _read(raw, language)


def _read(raw: str, language: str | None) -> Byline:
    text = strip_furniture(raw[:LONGEST_BYLINE])
    parts = Parts(language=language)
    signed = None if text.isascii() else _DENSE_HOUSE.match(text)
    if signed and signed["house"] not in _OWN_HOUSE:
        parts.organisation(signed["house"])
    text, labelled = strip_label(text, language)
    text, credited = _take_photo_credits(_STAFF_OF.sub("", text, count=1) if _STAFF_OF.match(text) else text)
    text, pictured = _take_pictured(text)
    if not labelled:
        lead, text = split_lead(text)
        if lead:
            if is_organisation(lead.split(), alone=True):
                parts.organisation(lead)
            text, labelled = strip_label(text, language)
    for role, piece in [*split_roles(text), *pictured, *credited]:
        parts.role = role
        own = _take_brackets(piece, parts).strip()
        own, again = strip_label(own, language)
        segments = _inverted(_segments(own, language), labelled=labelled or again)
        for sign, segment in segments:
            read_part(segment, sign, parts, alone=len(segments) == 1, labelled=labelled or again)
    return Byline(
        raw=raw,
        authors=tuple(dict.fromkeys(c.name for c in parts.people if c.role == AUTHOR))[:MOST_PEOPLE],
        agencies=tuple(dict.fromkeys(parts.organisations or (() if parts.people else parts.desks))),
        credits=tuple(Credit(c.name, c.title or c.role, c.location) for c in parts.people)[:MOST_PEOPLE],
    )


def parse_byline(raw: str, language: str | None = None) -> Byline:
    """Read a printed byline.

    Args:
        raw: as printed, page furniture and all.
        language: BCP 47 tag of the story; decides short conjunctions and labels.

    Returns:
        People in printed order, organisations, and everyone with role and place. Never raises; time is linear.

    >>> parse_byline("By Ann Lee and Tom Moe, Reuters").authors
    ('Ann Lee', 'Tom Moe')
    """
    return _parse(raw, primary_language(language))


def byline_of(raw: str | None, names: tuple[str, ...], language: str | None = None) -> Byline:
    """Read the byline of an item: its separate names when the format lists them, else the printed line.

    Args:
        raw: byline element as printed, or None.
        names: names that the format lists one by one.
        language: of the story.

    Returns:
        One byline; ``raw`` is the printed line, else the names joined by ``; ``.
    """
    if not names:
        return parse_byline(raw, language) if raw and raw.strip() else Byline()
    read = [parse_byline(name, language) for name in names if name.strip()]
    return Byline(
        raw=raw or "; ".join(names),
        authors=tuple(dict.fromkeys(a for b in read for a in b.authors)),
        agencies=tuple(dict.fromkeys(a for b in read for a in b.agencies)),
        credits=tuple(dict.fromkeys(c for b in read for c in b.credits)),
    )
