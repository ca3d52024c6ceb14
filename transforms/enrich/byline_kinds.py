"""What a run of words in a byline is: a house, an organisation, a role; and where one begins behind a name."""

import re

from schemas.agencies import is_agency
from transforms.enrich.byline_names import (
    is_given_name,
    is_initials,
    is_particle,
    is_person,
    opens_person_before_organisation,
)
from transforms.enrich.byline_words import (
    ARTICLES,
    BROADCASTERS,
    MISSPELT,
    ORGANISATION_WORDS,
    PLACES,
    PUBLISHERS,
    ROLE_MODIFIERS,
    ROLE_NOUNS,
    ROLE_SUFFIXES,
    SECTIONS,
)

_DOMAIN = re.compile(
    r"(?:[\w-]+\.)+(?:com|org|net|info|eu|tv|news|co|de|at|ch|uk|fr|es|it|nl|be|se|no|dk|fi|pl|cz|br|ar|mx|in|ie|au|ca|io|ru|ua|tr|gr|pt)\Z",
    re.IGNORECASE,
)


_OF_PLACES = frozenset(["du", "des", "del", "della"])
"""Between a paper's name and its place behind an article; no name of a person has it there."""


def canonical(name: str) -> str:
    """The name a house uses of itself: misspelt and shortened forms of Reuters become it."""
    low = name.casefold()
    if low in MISSPELT:
        return MISSPELT[low]
    # one letter too many or too few at the end of a name that everybody knows
    if low.startswith("reuter") and len(low) <= len("reuters") + 1 and low != "reuters":
        return "Reuters"
    return name


def is_house(words: list[str]) -> bool:
    """A name from the tables: agency, broadcaster, publisher, site."""
    text = " ".join(words)
    low = text.casefold()
    if low in PUBLISHERS or (len(words) == 1 and (low in BROADCASTERS or _DOMAIN.match(text))):
        return True
    if len(words) == 1 and low.startswith("reuter") and len(low) <= len("reuters") + 1:
        return True
    if len(words) == 1 and text.istitle() and is_given_name(text):
        # LENA and ANA are agencies, Lena and Ana are people
        return False
    return is_agency(text)


def is_acronym(word: str, *, context_upper: bool) -> bool:
    """Whether a word is an acronym; where everything is in capitals nothing is."""
    bare = word.strip(".")
    return (
        not context_upper
        and 3 <= len(bare) <= 6
        and bare.isupper()
        and bare.isalnum()
        and bare.casefold() not in PLACES
    )


def is_broadcaster(word: str) -> bool:
    """Whether one word is a broadcaster or agency that signs with capitals."""
    return word.isupper() and len(word) > 1 and is_house([word])


def organisation_word(word: str) -> bool:
    """Whether a word marks an organisation (``Post``, ``Redaktion``)."""
    low = word.casefold()
    return low.strip(",.") in ORGANISATION_WORDS or low in ORGANISATION_WORDS or _is_authority(low)


def _is_authority(low: str) -> bool:
    """German compounds that name an office: ``Bundesministerium``, ``Wetterdienst``."""
    return len(low) > 9 and low.endswith(
        ("ministerium", "präsidium", "dienst", "behörde", "universität", "gesellschaft", "verband")
    )


def is_organisation(words: list[str], *, alone: bool = False) -> bool:
    """Whether words name an organisation as a whole.

    Args:
        words: one part.
        alone: nothing else stands beside it (then a desk counts, too).
    """
    if not words:
        return False
    if is_house(words):
        return True
    if words[0] in {"The", "THE"} and len(words) > 1:
        return True
    if len(words) > 3 and words[0] in {"Le", "La", "Les", "L'", "El", "Los", "Las"} and words[2] in _OF_PLACES:
        # La Voix du Port
        return True
    if len(words) > 1 and is_broadcaster(words[0].split("-", 1)[0]) and not words[1].isupper():
        # RNZ Pacific, ARD-Studio Nairobi; a house that somebody signs with stands behind the name
        return not is_given_name(words[1]) and not any(map(is_role_noun, words))
    if len(words) > 1 and is_house(words[:1]) and all(word.casefold() in SECTIONS for word in words[1:]):
        # Bloomberg Opinion
        return True
    known = [n for n, w in enumerate(words) if organisation_word(w) or _DOMAIN.match(w)]
    if not known:
        if (
            words[0].casefold() in ARTICLES
            and len(words) == 2
            and words[0][0].isupper()
            and words[0].casefold() in {"the", "het", "il", "der", "die", "das", "le", "la", "el"}
        ):
            return (
                words[0].casefold() == "the"
                or (words[0].casefold() not in {"le", "la", "el"})
                or not is_given_name(words[1])
            )
        return False
    if len(words) == 2 and known == [1] and is_given_name(words[0]):
        return False
    if len(words) == 1:
        return alone or words[0].casefold() not in {
            "team",
            "post",
            "press",
            "mirror",
            "times",
            "union",
            "group",
            "research",
        }
    return not (
        words[0]
        and len(known) == 1
        and known[0] == len(words) - 1
        and len(words) == 3
        and is_given_name(words[0])
        and is_given_name(words[1])
    )


def is_role_noun(word: str) -> bool:
    """Whether a word says what somebody does, compounds included (``Wirtschaftsredakteur``)."""
    low = word.casefold().strip(",.")
    if low in ROLE_NOUNS:
        return True
    return (len(low) > 10 and low.endswith(tuple(ROLE_SUFFIXES))) or (
        "-" in low and low.rsplit("-", 1)[1] in ROLE_SUFFIXES
    )


def is_role_word(word: str) -> bool:
    """Whether a word belongs to a role phrase."""
    return is_role_noun(word) or is_modifier(word)


def is_modifier(word: str) -> bool:
    """Whether a word stands before a role noun (``senior``, ``Health``)."""
    return word.casefold().strip(",&") in ROLE_MODIFIERS


def role_start(words: list[str]) -> int | None:
    """Where a role phrase begins: the noun with the modifiers before it; None without one."""
    for place, word in enumerate(words):
        head_of = word.casefold() == "head" and place + 1 < len(words) and words[place + 1] == "of"
        if not is_role_noun(word) and not head_of:
            continue
        # a surname that is a role's word: Jane Editor
        if place == 1 and len(words) == 2 and is_given_name(words[0]) and word[0].isupper():
            return None
        start = place
        while start > 0 and (is_modifier(words[start - 1]) or words[start - 1].casefold() in {"&", "and", "und"}):
            start -= 1
        return start
    return None


def name_end(words: list[str]) -> int:
    """How many words at the start make a name of two (particles and initials beside)."""
    main = 0
    for place, word in enumerate(words):
        if not is_particle(word) and not (is_initials(word) and place):
            main += 1
        if main == 2:
            return place + 1
    return len(words)


def upper_tail(words: list[str]) -> int | None:
    """Where a run of capitals begins behind a name in mixed case (``Meg Fox DAILY NEWS``)."""
    if len(words) < 3 or words[0].isupper() or words[1].isupper():
        return None
    for place in range(2, len(words)):
        rest = words[place:]
        if all(w.isupper() for w in rest) and sum(len(w) for w in rest) > 3 and not all(is_initials(w) for w in rest):
            return place
    return None


def case_turn(words: list[str]) -> int | None:
    """Where mixed case begins behind a name in capitals (``ANN LEE Harbour Courier``)."""
    turn = next((n for n, word in enumerate(words) if not word.isupper()), 0)
    plain = (
        turn >= 2 and len(words[0]) > 1 and not any(is_broadcaster(w) and not is_given_name(w) for w in words[:turn])
    )
    return turn if plain and words[turn][:1].isupper() and is_person(words[:turn]) else None


def place_like(words: list[str]) -> bool:
    """Two words behind a name that look like a place: ``Cortina d'Ampezzo``, ``San Remo``, ``Port Louis``."""
    low = words[0].casefold()
    if is_given_name(words[0]):
        return False
    return low in {
        "san",
        "santa",
        "são",
        "saint",
        "st.",
        "st",
        "new",
        "los",
        "las",
        "port",
        "fort",
        "cape",
        "bad",
        "mount",
        "rio",
        "north",
        "south",
        "east",
        "west",
    } or bool(
        re.match(r"d['’][A-ZÀ-Þ]", words[1]) and not words[0].casefold().endswith("ie"),
    )


def organisation_tail(words: list[str]) -> bool:
    """Whether a word behind the first marks an organisation."""
    return any(organisation_word(w) for w in words[1:])


def house_tail(words: list[str]) -> int | None:
    """Where a house's name begins behind a name: ``Ann Lee Reuters``, ``Ann Lee The Canadian Press``."""
    for place in range(2, len(words)):
        rest = words[place:]
        if rest[0] in {"The", "THE"} and len(rest) > 1 and is_person(words[:place]):
            return place
        if is_broadcaster(rest[0]) and not words[0].isupper() and is_person(words[:place]) and place == 2:
            return place
        if not is_house(rest):
            continue
        single = len(rest) == 1
        strong = (
            rest[0].isupper() != words[0].isupper()
            or rest[0].islower()
            or "." in rest[0]
            or rest[0].casefold().startswith("reuter")
        )
        if is_person(words[:place]) and (
            not single or strong or rest[0].casefold() in {"bloomberg", "xinhua", "yonhap", "kyodo", "anadolu"}
        ):
            return place
    return None


def organisation_start(words: list[str]) -> int | None:
    """Where an organisation begins behind a person without a separator; None when all of it is one."""
    if len(words) > 2 and (turn := case_turn(words)):
        return turn
    if len(words) < 3 or not (opens_person_before_organisation(words[0]) or is_initials(words[0])):
        return None
    if is_broadcaster(words[0]) and "." not in words[0]:
        # PA Political Staff
        return None
    end = name_end(words)
    if end >= len(words) or not is_person(words[:end]):
        return None
    if organisation_word(words[end - 1]) and not any(organisation_word(w) for w in words[end:]):
        return None
    return end
