"""What a personal name looks like: its words, titles, particles, suffixes, order, and where the next one begins."""

import re

from transforms.enrich.byline_given_names import ALSO_SURNAMES, GIVEN_NAMES, PLACE_NAMES
from transforms.enrich.byline_words import (
    GENERATIONS,
    NOBODY,
    ORGANISATION_WORDS,
    PARTICLES,
    POST_NOMINALS,
    ROLE_NOUNS,
    TITLES,
)

MOST_NAME_WORDS = 5
"""Words of one name without its particles: two given names, two surnames and one more."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3005"
_CASELESS = re.compile(r"[\u0590-\u109f\u10d0-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NAME_WORD = re.compile(
    r"[^\W\d_](?:[^\W\d_]|['’`´.·‐-](?=[^\W\d_])|[\u0300-\u036f\u0900-\u0eff\u200c\u200d])*[.'’]?\Z"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,3}\Z")
_PARTICLE_PREFIX = re.compile(r"(?:[dDlL]['’]|al-|el-|as-|ad-|an-|ash-|ul-|ibn-|bin-|abd-|van't|’t|'t)", re.IGNORECASE)
_DENSE_NAME = re.compile(rf"[{HAN}]{{2,5}}\Z|[\uac00-\ud7af]{{2,5}}\Z|[\u3040-\u30ff{HAN}ー・･]{{3,12}}\Z")


def is_dense(text: str) -> bool:
    """Whether a text is in a script that writes names without spaces (Han, kana, Hangul)."""
    return re.search(rf"[{HAN}\u3040-\u30ff\uac00-\ud7af]", text) is not None


def is_given_name(word: str) -> bool:
    """Whether a word is a common given name; both halves decide for a hyphenated one."""
    low = word.casefold().strip(".")
    if low in GIVEN_NAMES:
        return True
    return "-" in low and low.split("-", 1)[0] in GIVEN_NAMES


def starts_a_person(word: str) -> bool:
    """Whether a word opens a name rather than ending one."""
    return is_given_name(word) and word.casefold() not in ALSO_SURNAMES


def opens_person_before_organisation(word: str) -> bool:
    """Whether ``word … Post`` is a person and a paper rather than a paper alone."""
    return is_given_name(word) and word.casefold() not in PLACE_NAMES


def is_particle(word: str) -> bool:
    """Whether a word is a particle as it stands: in lower case, or one of the longer ones in any case."""
    low = word.casefold()
    return low in PARTICLES and (
        word == low or low not in {"a", "e", "y", "i", "o", "op", "in", "as", "ad", "san", "santa"}
    )


def is_name_word(word: str) -> bool:
    """Whether a word can stand in a personal name: a capital or a script without case, letters, joined by hyphens."""
    if not _NAME_WORD.match(word) and not _INITIALS.match(word):
        return False
    first = word[0]
    return first.isupper() or first.istitle() or bool(_CASELESS.match(first)) or bool(_PARTICLE_PREFIX.match(word))


def is_initials(word: str) -> bool:
    """Whether a word is one or more initials: ``J.``, ``J.R.``, ``X``."""
    if len(word.replace(".", "").replace("-", "")) > 2 or not word[:1].isupper() or _INITIALS.match(word) is None:
        return False
    # Bo and Li are names
    return word.isupper() or "." in word


def is_person(words: list[str]) -> bool:
    """Whether words are one person's name: at least two, capitals or particles, none a role or an organisation."""
    main = [w for w in words if not is_particle(w)]
    if not 2 <= len(main) <= MOST_NAME_WORDS or len(words) > MOST_NAME_WORDS + 3:
        if len(words) != 2 or len(main) != 1 or not is_name_word(main[0]):
            return False
        # Al Pacino; and Li Na, whose given name is a particle elsewhere
        return len(main[0]) > 2 if words[1] == main[0] else words[1].istitle() and words[1].isalpha()
    if is_particle(words[-1]) and words[-1].islower():
        return False
    for place, word in enumerate(words):
        low = word.casefold()
        if is_particle(word):
            continue
        if not is_name_word(word) and not (word.startswith("(") or word.endswith(")") or word[0] in "\"“„«'‘"):
            return False
        spoiled = low in ORGANISATION_WORDS or low in ROLE_NOUNS or low in NOBODY
        if spoiled and not (place and (is_given_name(words[0]) or is_initials(words[0]))):
            return False
    return not all(is_initials(w) for w in main)


def strip_titles(words: list[str]) -> list[str]:
    """Drop forms of address before a name and degrees behind it, while a name of two words remains.

    >>> strip_titles("Prof. Dr. Anna Weiss PhD".split())
    ['Anna', 'Weiss']
    """
    start, end = 0, len(words)
    if len(words) > 3 and words[0].casefold() in {"the", "u.s.", "former"} and words[1].casefold() in TITLES:
        start = 1
    while (
        end - start > 1 and words[start].casefold() in TITLES and not (is_given_name(words[start]) and end - start == 2)
    ):
        if end - start == 2 and words[start].casefold() in _TITLES_WITH_SURNAME:
            break
        if len(words[start].strip(".")) == 1 and is_initials(words[start + 1]):
            break  # M. S. Subramanian is no Monsieur
        start += 1
    while (
        end - start > 2
        and words[end - 1].casefold().strip("(),") in POST_NOMINALS
        and (words[end - 1].upper() == words[end - 1] or "." in words[end - 1] or words[end - 1].startswith("Ph"))
    ):
        if end - start == 2 + 1 and words[end - 1].casefold() in {"ma", "do", "ba", "ms", "ld"} and words[0].isupper():
            break
        end -= 1
    return words[start:end]


_TITLES_WITH_SURNAME = frozenset(
    """
    lord lady sir dame baroness bishop archbishop cardinal rabbi imam pastor father sister brother judge justice
    prince princess
    """.split()  # noqa: SIM905 -- a table of words
)
"""Titles that stay before a single name: without them it is none."""


def is_generation(word: str) -> bool:
    """Whether a word is ``Jr.``, ``III`` and the like."""
    return word.casefold() in GENERATIONS


def invert(left: list[str], right: list[str]) -> list[str] | None:
    """``Surname, First`` in reading order, or None when the two parts are something else.

    >>> invert(["Berg"], ["Anna", "van", "den"])
    ['Anna', 'van', 'den', 'Berg']
    """
    if not left or not right or len(left) > 3 or len(right) > 4:
        return None
    surname = [w for w in left if not is_particle(w)]
    given = [w for w in right if not is_particle(w)]
    if not surname or not given or len(given) > 3 or not all(is_name_word(w) for w in surname + given):
        return None
    if any(w.casefold() in ORGANISATION_WORDS or w.casefold() in ROLE_NOUNS for w in surname + given):
        return None
    first = given[0]
    if len(surname) == 1:
        certain = (
            len(given) == 1 or is_given_name(first) or is_particle(right[-1]) or all(is_initials(w) for w in given[1:])
        )
    else:
        certain = is_given_name(first) and not is_given_name(left[0]) and (len(given) == 1 or is_initials(given[-1]))
    return [*right, *left] if certain else None


def split_people(words: list[str], language: str | None) -> list[list[str]]:
    """Part a run of names without separators: ``Ann Ode Tom Lee`` are two people.

    A new one begins at a given name that is no surname, behind a word that is no given name, when both sides keep two
    words. Iberian names have two surnames, often given names themselves; they are parted only when they get too long.
    """
    least = 6 if language in {"es", "pt", "ca", "gl", "it"} else 4
    if len(words) < least:
        return [words]
    parts: list[list[str]] = [[]]
    for place, word in enumerate(words):
        current = parts[-1]
        if (
            len([w for w in current if not is_particle(w)]) >= 2
            and (starts_a_person(word) or (len(current) > 2 and is_given_name(word)))
            and not is_particle(words[place - 1])
            and not is_given_name(current[-1])
            and place + 1 < len(words)
        ):
            parts.append([])
            current = parts[-1]
        current.append(word)
    return parts if all(len(p) >= 2 for p in parts) else [words]


def dense_names(text: str, language: str | None) -> list[str]:
    """Names in Han, kana or Hangul inside one segment.

    Two short parts are family and given name in Japanese (``山田 太郎``), two people in Chinese when each part alone
    is a name (``王小明 李大伟``).
    """
    parts = text.split()
    if len(parts) == 2 and all(is_dense(p) for p in parts):
        together = "".join(parts)
        lengths = {len(p) for p in parts}
        single = 1 in lengths
        if len(together) <= 6 and (language == "ja" or single) and not (language == "zh" and not single):
            return [" ".join(parts)]
    return [p for p in parts if _DENSE_NAME.match(p)]
