"""One part of a byline between separators: person, organisation, role, place, or nothing."""

import re

from transforms.enrich.byline_dense import read_dense
from transforms.enrich.byline_found import Parts
from transforms.enrich.byline_kinds import (
    case_turn,
    house_tail,
    is_acronym,
    is_broadcaster,
    is_house,
    is_modifier,
    is_organisation,
    is_role_noun,
    name_end,
    organisation_start,
    organisation_tail,
    organisation_word,
    place_like,
    role_start,
    upper_tail,
)
from transforms.enrich.byline_names import (
    is_given_name,
    is_initials,
    is_name_word,
    is_person,
    split_people,
    strip_titles,
)
from transforms.enrich.byline_words import (
    CITIES,
    DESKS,
    IN_WORDS,
    INITIALS_LIMIT,
    NOBODY,
    PLACES,
    POST_NOMINALS,
    ROLE_SUFFIXES,
    SECTIONS,
)

_FOR = re.compile(
    r"\s+(?:of\s+the|special\s+(?:to|for)|exclusively\s+for|for|für|pour|para|per|voor|till)\s+(?=[A-ZÀ-Þ\d])",
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"(?:(?:special|exclusively|exclusive)\s+(?:to|for)|for)\s+(?=[^\W\d_])", re.IGNORECASE)
"""``Special to the Courier``, ``for the Courier`` in a part of its own."""
_OF = re.compile(
    r"(?:of|at|for|d['’]|d[aeio]|das|dos|dell['’]|dello|du|des|del|della|der|von|van|bei|beim|für|with)\Z",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"(?P<org>.+?)['’]s\Z")
_FROM_HOUSE = re.compile(r"(?:\A|\s+)(?:of|d[aeo]|du|della|dell['’]|von|van|från|fra)\s+(?=[^\W\d_])")
"""What stands between somebody and a house: ``Ann Lee of Reuters``, ``da Lusa``."""
_BEFORE_HOUSES = frozenset(["for", "of", "at", "with"])
"""Between a role and a house, in capitals too: ``SENIOR REPORTER FOR THE POST``."""
_INDEFINITE = frozenset(["a", "an"])
_OF_HOUSES = frozenset(["Da", "Do", "De", "Della", "Dalla", "Dall'", "Du", "Aus", "Von"])
"""``Da Reuters``: from a house, at the start of a byline."""
_BEHIND_ROLES = frozenset(
    ["/", "|", "especial", "spécial", "spéciale", "speciale", "permanent", "permanente", "adjoint"]
)
"""What stands between a role and the name that follows it: ``Enviado especial``."""


def _read_house_prefix(words: list[str], parts: Parts) -> list[str]:
    """``CNN's Ann Lee``: the house first."""
    match = _POSSESSIVE.match(words[0])
    if match and len(words) > 2:
        if is_house([match["org"]]) or match["org"].isupper():
            parts.organisation(match["org"])
        return words[1:]
    return words


def _single(word: str, sign: str, parts: Parts, *, alone: bool, labelled: bool) -> None:
    low = word.casefold()
    if low in POST_NOMINALS and parts.people:
        return
    if (low.strip(".") in NOBODY and not (word.isupper() and is_house([word]))) or is_role_noun(word):
        if parts.people and is_role_noun(word):
            parts.title(word)
        elif is_role_noun(word) and word[0].isupper() and alone and not parts.organisations:
            parts.desks.append(word)
        return
    if is_house([word]) or organisation_word(word):
        if "-" in word and parts.people and low.rsplit("-", 1)[-1] in ROLE_SUFFIXES:
            parts.title(word)
        else:
            parts.organisation(word)
        return
    if "-" in word and low.rsplit("-", 1)[-1] in DESKS:
        if parts.people:
            parts.title(word)
        else:
            parts.organisation(word)
        return
    if word.endswith(".") and "." in word[:-1] and is_initials(word):
        # E.V.
        return
    if len(word.strip(".")) <= INITIALS_LIMIT and (word.islower() or (word.isupper() and len(word.strip(".")) <= 2)):
        return
    if not parts.people and parts.organisations and sign in {"|", ",", "/"} and low in CITIES:
        # a desk, then where it sits
        return
    if parts.people and sign != "and":
        # Turkish agencies print a slash and the place in capitals
        placed = low in CITIES or (sign == "/" and parts.language == "tr")
        if is_acronym(word, context_upper=parts.people[-1].name.isupper()) and not placed:
            parts.organisation(word)
        elif word[0].isupper():
            parts.location(word)
        return
    if not alone and sign == "and" and parts.people:
        return
    if labelled and is_name_word(word) and (not word.isupper() or len(word) > 6):
        parts.person([word])
    elif alone or not parts.people:
        if (alone and is_given_name(word) and word.istitle()) or (labelled and alone and not word.isupper()):
            parts.person([word])
        elif alone or word.islower() or word.isupper() or any(c.isupper() for c in word[1:]):
            parts.organisation(word)


def read_part(text: str, sign: str, parts: Parts, *, alone: bool, labelled: bool) -> None:
    """Read one part into ``parts``.

    Args:
        text: the part.
        sign: what stood before it (a symbol, ``and``, or nothing).
        parts: what was read so far; changed.
        alone: the byline has no other part.
        labelled: ``By`` or the like stood before.
    """
    text = text.strip()
    if not any(c.isalpha() for c in text) or read_dense(text, sign, parts):
        return
    halves = _FOR.split(text, maxsplit=1)
    if len(halves) == 2 and len(halves[0].split()) >= 2 and role_start(halves[0].split()) is None:
        read_part(halves[0], sign, parts, alone=alone, labelled=labelled)
        if role_start(halves[1].split()) is None:
            parts.organisation(halves[1])
        return
    special = _SPECIAL.match(text)
    if special and parts.people:
        parts.organisation(text[special.end() :])
        return
    of = _FROM_HOUSE.search(text)
    behind = text[of.end() :].split() if of else []
    known = is_house(behind) or (of and not of.start() and of[0] == "of " and is_organisation(behind))
    if of and known and (not of.start() or is_person(text[: of.start()].split())):
        read_part(text[: of.start()], sign, parts, alone=False, labelled=labelled)
        parts.organisation(text[of.end() :])
        return
    words = [w for w in (w.strip(",;:") for w in text.split()) if w]
    if not words:
        return
    words = strip_titles(_read_house_prefix(words, parts))
    low = " ".join(words).casefold()
    if low in NOBODY and not (text.isupper() and is_house(words)):
        return
    if len(words) == 1:
        _single(words[0], sign, parts, alone=alone, labelled=labelled)
        return
    if low in PLACES:
        parts.location(text)
        return
    # "Ann Lee in Rome"
    prepositions = set((IN_WORDS.get(parts.language or "", "in")).split("|")) | {"in", "في"}
    if parts.people and words[0] in prepositions and (words[1][:1].isupper() or not words[1].isascii()):
        parts.location(" ".join(words[1:]))
        return
    for place in range(1, len(words)):
        if (
            words[place] in prepositions
            and place + 1 < len(words)
            and (
                words[place + 1][:1].isupper()
                or not words[place + 1].isascii()
                or is_house(words[place + 1 :])
                or words[-1].casefold() in DESKS
            )
        ):
            known = is_person(words[:place]) or is_house(words[:place])
            if not known and (place == 1 or role_start(words[:place]) is None):
                break
            read_part(" ".join(words[:place]), sign, parts, alone=alone, labelled=labelled)
            where = words[place + 1 :]
            if is_house(where) or where[-1].casefold() in DESKS:
                parts.organisation(" ".join(where))
            else:
                parts.location(" ".join(where))
            return
    if is_house(words) or (words[0] in _OF_HOUSES and is_house(words[1:])):
        parts.organisation(" ".join(words))
        return
    # section or role before the name
    start = 0
    while len(words) - start > 2 and (
        is_role_noun(words[start])
        or (is_modifier(words[start]) and is_role_noun(words[start + 1]))
        or (
            start == 0
            and words[0].casefold().rstrip(".:") in SECTIONS
            and is_person(words[1:3])
            and not organisation_tail(words)
        )
        or (start > 0 and words[start].casefold() in _BEHIND_ROLES)
    ):
        start += 1
    if start and is_role_noun(words[start - 1]):
        # Корр. ТАСС Анна Ли
        for length in (2, 1):
            agency, name = words[start : start + length], words[start + length :]
            if is_house(agency) and is_person(name):
                parts.organisation(" ".join(agency))
                parts.person(name, " ".join(words[:start]))
                return
    if start and is_person(words[start : start + 2]) and words[start].casefold() not in _BEFORE_HOUSES:
        title = " ".join(words[:start])
        read_part(" ".join(words[start:]), sign, parts, alone=False, labelled=True)
        parts.title(title)
        return
    role = role_start(words)
    if role is not None:
        if role > 1 and sign == "," and _is_beat(words, role, parts):
            parts.title(" ".join(words))
            return
        _read_role(words, role, parts, alone=alone)
        return
    upper = upper_tail(words)
    if upper:
        parts.person(words[:upper])
        parts.organisation(" ".join(words[upper:]))
        return
    house = house_tail(words)
    if house:
        read_part(" ".join(words[:house]), sign, parts, alone=False, labelled=labelled)
        parts.organisation(" ".join(words[house:]))
        return
    if is_organisation(words, alone=alone):
        begins = organisation_start(words)
        if begins:
            parts.person(words[:begins])
            words = words[begins:]
        elif (
            parts.people and words[-1].casefold() in {"staff", "team", "desk"} and not words[0].isupper() and sign == ""
        ):
            parts.title(" ".join(words))
            return
        while len(words) > 1 and words[-1].casefold() in {"nachrichtenagentur", "correspondents"}:
            words = words[:-1]
        parts.organisation(" ".join(words))
        return
    if len(words) > 3 and " ".join(words[-2:]).casefold() in PLACES and is_person(words[:-2]):
        ends = -3 if words[-3].casefold() in prepositions and len(words) > 4 else -2
        parts.person(words[:ends], location=" ".join(words[-2:]))
        return
    if (
        len(words) > 2
        and words[-1].casefold() in CITIES
        and (
            (is_person(words[:-1]) and (is_given_name(words[0]) or is_initials(words[0])))
            or (len(words) > 3 and words[-2].casefold() in prepositions and is_person(words[:-2]))
        )
    ):
        ends = -2 if words[-2].casefold() in prepositions and len(words) > 3 else -1
        parts.person(words[:ends], location=words[-1])
        return
    people = split_people(words, parts.language)
    if all(is_person(p) for p in people):
        if parts.people and sign in {",", "/", "|"} and len(words) == 2 and place_like(words):
            parts.location(" ".join(words))
            return
        first_upper = words[0].isupper() and len(words[0]) > 2
        mixed = parts.people and not parts.people[-1].name.isupper()
        if (
            first_upper
            and all(w.isupper() for w in words)
            and (mixed or (parts.organisations and not labelled))
            and not is_given_name(words[0])
        ):
            parts.organisation(" ".join(words))
            return
        for person in people:
            parts.person(person)
        return
    if "&" in words:
        parts.organisation(" ".join(words))
        return
    # a name, then words that are none: keep the name where it is one beyond doubt
    end = name_end(words)
    if (
        end < len(words)
        and is_person(words[:end])
        and (labelled or is_given_name(words[0]))
        and words[end][:1].islower()
        and not parts.people
    ):
        if words[end] in {"says", "said", "ready", "sagt", "dit"}:
            return
        parts.person(words[:end])


def _is_beat(words: list[str], role: int, parts: Parts) -> bool:
    """Whether what stands before a role's noun is the beat of the person before: ``Public Interest Journalism``."""
    beat = words[:role]
    return (
        bool(parts.people and not parts.people[-1].title)
        and is_role_noun(words[-1])
        and not is_given_name(beat[0])
        and not (is_house(beat) or is_organisation(beat) or house_tail(beat))
    )


def _read_role(words: list[str], role: int, parts: Parts, *, alone: bool) -> None:
    """A part with a role in it: ``Ann Lee Staff Writer``, ``Press Association Correspondent``."""
    before, phrase = words[:role], words[role:]
    if role == 0:
        noun = next((n for n, w in enumerate(phrase) if is_role_noun(w)), 0)
        rest = phrase[noun + 1 :]
        if is_person(rest) and not parts.people:
            parts.person(rest, " ".join(phrase[: noun + 1]))
        elif parts.people:
            parts.title(" ".join(words))
            _role_tail(phrase, parts)
        elif alone or not parts.organisations:
            # Staff Writer, Our Correspondent
            parts.desks.append(" ".join(words))
        return
    if len(before) == 1:
        if before[0].casefold() in _INDEFINITE:
            # A Staff Reporter
            if not parts.people and (alone or not parts.organisations):
                parts.desks.append(" ".join(words))
        elif is_house(before) or before[0].isupper() or before[0].islower():
            if not before[0].islower() or is_house(before):
                parts.organisation(before[0])
            noun = next((n for n, w in enumerate(phrase) if is_role_noun(w)), 0)
            if is_person(phrase[noun + 1 :]):
                # Xinhua writer Ann Lee
                parts.person(phrase[noun + 1 :], " ".join(phrase[: noun + 1]))
            elif parts.people:
                parts.title(" ".join(phrase))
        elif parts.people:
            parts.title(" ".join(words))
        else:
            parts.organisation(" ".join(words))
        return
    if is_house(before) or (is_organisation(before) and organisation_start(before) is None):
        parts.organisation(" ".join(before))
        parts.title(" ".join(phrase))
        return
    if len(before) > 2 and before[-1].casefold() in CITIES and is_person(before[:-1]):
        before, phrase = before[:-1], before[-1:] + phrase
    house = house_tail(before) or _paper_tail(before)
    inner = next((n for n in range(2, len(before)) if is_broadcaster(before[n]) and is_person(before[:n])), None)
    if house is None and inner is not None:
        # the house and its service between name and role
        phrase = before[inner + 1 :] + phrase
        before, house = before[: inner + 1], inner
    name = before[:house] if house else before
    people = split_people(name, parts.language)
    if not all(is_person(p) for p in people):
        end = name_end(name)
        if is_person(name[:end]) and not parts.people:
            people, phrase = [name[:end]], name[end:] + phrase
        else:
            if parts.people:
                parts.title(" ".join(words))
            elif alone:
                parts.organisation(" ".join(words))
            return
    for person in people:
        parts.person(person)
    noun = next((n for n, w in enumerate(phrase) if is_role_noun(w)), 0)
    again = phrase[noun + 1 :]
    if len(again) > 1 and is_given_name(again[0]) and is_person(again[:2]):
        # Ann Lee Journalist Tom Moe Editor
        parts.title(" ".join(phrase[: noun + 1]))
        read_part(" ".join(again), "", parts, alone=False, labelled=True)
        return
    parts.title(" ".join(phrase))
    if house:
        parts.organisation(" ".join(before[house:]))
    _role_tail(phrase, parts)


def _paper_tail(words: list[str]) -> int | None:
    """Where a paper's name begins between a name and a role: ``Ann Lee Courier (Staff Writer)``."""
    end = case_turn(words) or name_end(words)
    tail = words[end:]
    if not tail or not organisation_word(tail[-1]) or not is_person(words[:end]):
        return None
    return None if len(tail) == 1 and is_given_name(words[0]) and is_given_name(words[1]) else end


def _role_tail(phrase: list[str], parts: Parts) -> None:
    """The house behind a role: ``Présidente d'ATD Quart Monde``, ``Reporter, NBC``."""
    for place, word in enumerate(phrase[1:], 1):
        elided = re.match(r"[dl]['’](?=[A-Z])", word)
        tail = [word[2:], *phrase[place + 1 :]] if elided else phrase[place + 1 :]
        if (elided or _OF.match(word)) and tail and (is_house(tail) or (tail[0].isupper() and len(tail[0]) > 1)):
            parts.organisation(" ".join(tail))
            return
    noun = next((n for n, w in enumerate(phrase) if is_role_noun(w)), 0)
    if phrase[noun + 1 :] and is_house(phrase[noun + 1 :]):
        parts.organisation(" ".join(phrase[noun + 1 :]))
