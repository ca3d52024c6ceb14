"""One part of a byline between separators: person, organisation, role, place, or nothing."""

import re
from dataclasses import dataclass, field

from schemas.agencies import is_agency
from transforms.enrich.byline_names import (
    dense_names,
    is_dense,
    is_given_name,
    is_initials,
    is_name_word,
    is_particle,
    is_person,
    opens_person_before_organisation,
    split_people,
    strip_titles,
)
from transforms.enrich.byline_words import (
    ARTICLES,
    BROADCASTERS,
    DESKS,
    IN_WORDS,
    INITIALS_LIMIT,
    MISSPELT,
    NOBODY,
    ORGANISATION_WORDS,
    PLACES,
    POST_NOMINALS,
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
_FOR = re.compile(
    r"\s+(?:special\s+(?:to|for)|exclusively\s+for|for|für|pour|para|per|voor|till)\s+(?=[A-ZÀ-Þ\d])", re.IGNORECASE
)
_OF = re.compile(r"(?:of|at|for|d['’]|de|du|des|del|della|der|von|van|bei|beim|für|with)\Z", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?P<org>.+?)['’]s\Z")
_DENSE_ROLE = re.compile(
    r"\s*(?:监訳|監訳|監修|訳|译|譯)\s*\Z",
)
_DENSE_AUTHOR = re.compile(
    r"\s*(?:著|文|記者|记者|기자|특파원|선임기자|인턴기자|논설위원|編集委員|特派員|通讯员|撰|报道|報導|報道|摄|攝|実習)\s*\Z"
)
_DENSE_PLACE = re.compile(r"[／/]?\s*[\u4e00-\u9fff]{2,4}(?:报道|報導|報道|電|电)\s*\Z")
_WORDS_ONLY = re.compile(r"[^\w]+")
_NO_TAIL = frozenset(["reporting", "writing", "reports", "says"])


@dataclass(slots=True)
class Person:
    """Somebody named.

    Attributes:
        name: as printed, titles removed.
        role: author, translation, editing, ….
        title: what the byline says of them (``Staff Writer``).
        location: where from.
    """

    name: str
    role: str
    title: str | None = None
    location: str | None = None


@dataclass(slots=True)
class Parts:
    """What a byline said so far.

    Attributes:
        language: primary subtag.
        role: of the people that follow; None: they wrote.
        people: in printed order.
        organisations: as printed.
        notes: what stood in brackets.
        desks: signatures such as ``Staff Writer``; they count when nobody else is named.
    """

    language: str | None = None
    role: str | None = None
    people: list[Person] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    desks: list[str] = field(default_factory=list)

    def person(self, words: list[str], title: str | None = None, location: str | None = None) -> None:
        """Add a name, printed with single spaces."""
        name = " ".join(strip_titles(words)).strip(" ,;:")
        if name:
            self.people.append(Person(name, self.role or "author", title, location))

    def organisation(self, name: str) -> None:
        """Add an organisation; house names signed in a shorter or misspelt form get their own."""
        name = name.strip(" ,;:-–—")
        if not name or self.role is not None:
            return
        self.organisations.append(_canonical(name))

    def title(self, text: str) -> None:
        """What the last person does."""
        if self.people and self.people[-1].title is None:
            self.people[-1].title = text

    def location(self, text: str) -> None:
        """Where the last people report from."""
        for person in reversed(self.people):
            if person.location is not None:
                break
            person.location = text


def _canonical(name: str) -> str:
    low = name.casefold()
    if low in MISSPELT:
        return MISSPELT[low]
    # one letter too many or too few at the end of a name that everybody knows
    if low.startswith("reuter") and len(low) <= len("reuters") + 1 and low != "reuters":
        return "Reuters"
    return name


def _is_house(words: list[str]) -> bool:
    """A name from the tables: agency, broadcaster, publisher, site."""
    text = " ".join(words)
    low = text.casefold()
    if low in PUBLISHERS or (len(words) == 1 and (low in BROADCASTERS or _DOMAIN.match(text))):
        return True
    if len(words) == 1 and low.startswith("reuter") and len(low) <= len("reuters") + 1:
        return True
    return is_agency(text)


def _is_acronym(word: str, *, context_upper: bool) -> bool:
    bare = word.strip(".")
    return (
        not context_upper
        and 3 <= len(bare) <= 6
        and bare.isupper()
        and bare.isalnum()
        and bare.casefold() not in PLACES
    )


def _organisation_word(word: str) -> bool:
    return word.casefold().strip(",.") in ORGANISATION_WORDS or word.casefold() in ORGANISATION_WORDS


def is_organisation(words: list[str], *, alone: bool = False) -> bool:
    """Whether words name an organisation as a whole.

    Args:
        words: one part.
        alone: nothing else stands beside it (then a desk counts, too).
    """
    if not words:
        return False
    if _is_house(words):
        return True
    if words[0] in {"The", "THE"} and len(words) > 1:
        return True
    known = [n for n, w in enumerate(words) if _organisation_word(w) or _DOMAIN.match(w)]
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


def _is_role_noun(word: str) -> bool:
    low = word.casefold().strip(",.")
    if low in ROLE_NOUNS:
        return True
    return (
        (len(low) > 10 and low.endswith(tuple(ROLE_SUFFIXES))) or ("-" in low and low.rsplit("-", 1)[1] in ROLE_SUFFIXES)
    )


def is_role_word(word: str) -> bool:
    """Whether a word belongs to a role phrase."""
    return _is_role_noun(word) or _is_modifier(word)


def _is_modifier(word: str) -> bool:
    return word.casefold().strip(",&") in ROLE_MODIFIERS


def _role_start(words: list[str]) -> int | None:
    """Where a role phrase begins: the noun with the modifiers before it; None without one."""
    for place, word in enumerate(words):
        if not _is_role_noun(word):
            continue
        # a surname that is a role's word: Jane Editor
        if place == 1 and len(words) == 2 and is_given_name(words[0]) and word[0].isupper():
            return None
        start = place
        while start > 0 and (_is_modifier(words[start - 1]) or words[start - 1].casefold() in {"&", "and", "und"}):
            start -= 1
        return start
    return None


def _name_end(words: list[str]) -> int:
    """How many words at the start make a name of two (particles and initials beside)."""
    main = 0
    for place, word in enumerate(words):
        if not is_particle(word) and not (is_initials(word) and place):
            main += 1
        if main == 2:
            return place + 1
    return len(words)


def _upper_tail(words: list[str]) -> int | None:
    """Where a run of capitals begins behind a name in mixed case (``Meg Fox DAILY NEWS``)."""
    if len(words) < 3 or words[0].isupper() or words[1].isupper():
        return None
    for place in range(2, len(words)):
        rest = words[place:]
        if all(w.isupper() for w in rest) and sum(len(w) for w in rest) > 3 and not all(is_initials(w) for w in rest):
            return place
    return None


def _read_dense(text: str, parts: Parts) -> bool:
    if not is_dense(text):
        return False
    body = _DENSE_PLACE.sub("", text)
    translated = _DENSE_ROLE.search(body)
    if translated:
        for name in dense_names(body[: translated.start()].strip(), "ja"):
            parts.people.append(Person(name, "translation"))
        return True
    author = _DENSE_AUTHOR.search(body)
    while author:
        body, author = body[: author.start()].strip(), _DENSE_AUTHOR.search(body[: author.start()].strip())
    if _is_house([body]) or re.search(
        r"(?:社|报|報|新聞|新闻|通信|通讯|编辑部|編集部|取材班|뉴스|신문|일보|통신|编辑|網|网|取材)\Z", body
    ):
        parts.organisation(body)
        return True
    if not is_dense(body):
        words = body.split()
        if is_person(words):
            parts.person(words)
        return True
    for name in dense_names(body, parts.language):
        parts.person([name])
    return True


def _read_house_prefix(words: list[str], parts: Parts) -> list[str]:
    """``CNN's Ann Lee``: the house first."""
    match = _POSSESSIVE.match(words[0])
    if match and len(words) > 2:
        if _is_house([match["org"]]) or match["org"].isupper():
            parts.organisation(match["org"])
        return words[1:]
    return words


def _single(word: str, sign: str, parts: Parts, *, alone: bool, labelled: bool) -> None:
    low = word.casefold()
    if low in POST_NOMINALS and parts.people:
        return
    if low.strip(".") in NOBODY or _is_role_noun(word):
        if parts.people and _is_role_noun(word):
            parts.title(word)
        elif _is_role_noun(word) and word[0].isupper() and alone and not parts.organisations:
            parts.desks.append(word)
        return
    if _is_house([word]) or _organisation_word(word):
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
    if len(word.strip(".")) <= INITIALS_LIMIT and (word.islower() or (word.isupper() and len(word.strip(".")) <= 2)):
        return
    if parts.people and sign != "and":
        if _is_acronym(word, context_upper=parts.people[-1].name.isupper()) and word.casefold() not in PLACES:
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
    if not any(c.isalpha() for c in text) or _read_dense(text, parts):
        return
    halves = _FOR.split(text, maxsplit=1)
    if len(halves) == 2 and len(halves[0].split()) >= 2 and _role_start(halves[0].split()) is None:
        read_part(halves[0], sign, parts, alone=alone, labelled=labelled)
        if _role_start(halves[1].split()) is None:
            parts.organisation(halves[1])
        return
    words = [w for w in (w.strip(",;:") for w in text.split()) if w]
    if not words:
        return
    words = strip_titles(_read_house_prefix(words, parts))
    low = " ".join(words).casefold()
    if low in NOBODY:
        return
    if len(words) == 1:
        _single(words[0], sign, parts, alone=alone, labelled=labelled)
        return
    if low in PLACES and parts.people:
        parts.location(text)
        return
    # "Ann Lee in Rome"
    prepositions = set((IN_WORDS.get(parts.language or "", "in")).split("|")) | {"in", "في"}
    if parts.people and words[0] in prepositions and (words[1][:1].isupper() or not words[1].isascii()):
        parts.location(" ".join(words[1:]))
        return
    for place in range(2, len(words)):
        if (
            words[place] in prepositions
            and place + 1 < len(words)
            and (words[place + 1][:1].isupper() or not words[place + 1].isascii())
        ):
            if _role_start(words[:place]) is None and not is_person(words[:place]):
                break
            read_part(" ".join(words[:place]), sign, parts, alone=alone, labelled=labelled)
            parts.location(" ".join(words[place + 1 :]))
            return
    if _is_house(words):
        parts.organisation(" ".join(words))
        return
    # section or role before the name
    start = 0
    while len(words) - start > 2 and (
        _is_role_noun(words[start])
        or (_is_modifier(words[start]) and _is_role_noun(words[start + 1]))
        or (start == 0 and words[0].casefold() in SECTIONS and is_person(words[1:3]) and not _organisation_tail(words))
        or (start > 0 and words[start].casefold() in {"/", "|"})
    ):
        start += 1
    if start and is_person(words[start : start + 2]):
        title = " ".join(words[:start])
        read_part(" ".join(words[start:]), sign, parts, alone=False, labelled=True)
        parts.title(title)
        return
    role = _role_start(words)
    if role is not None:
        _read_role(words, role, parts, alone=alone)
        return
    upper = _upper_tail(words)
    if upper:
        parts.person(words[:upper])
        parts.organisation(" ".join(words[upper:]))
        return
    house = _house_tail(words)
    if house:
        read_part(" ".join(words[:house]), sign, parts, alone=False, labelled=labelled)
        parts.organisation(" ".join(words[house:]))
        return
    if is_organisation(words, alone=alone):
        name_end = _organisation_start(words)
        if name_end:
            parts.person(words[:name_end])
            words = words[name_end:]
        elif (
            parts.people and words[-1].casefold() in {"staff", "team", "desk"} and not words[0].isupper() and sign == ""
        ):
            parts.title(" ".join(words))
            return
        while len(words) > 1 and words[-1].casefold() in {"nachrichtenagentur", "correspondents"}:
            words = words[:-1]
        parts.organisation(" ".join(words))
        return
    people = split_people(words, parts.language)
    if all(is_person(p) for p in people):
        if parts.people and sign in {",", "/", "|"} and len(words) == 2 and _place_like(words):
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
    end = _name_end(words)
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


def _place_like(words: list[str]) -> bool:
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


def _organisation_tail(words: list[str]) -> bool:
    return any(_organisation_word(w) for w in words[1:])


def _house_tail(words: list[str]) -> int | None:
    """Where a house's name begins behind a name: ``Ann Lee Reuters``, ``Ann Lee The Canadian Press``."""
    for place in range(2, len(words)):
        rest = words[place:]
        if rest[0] in {"The", "THE"} and len(rest) > 1 and is_person(words[:place]):
            return place
        if not _is_house(rest):
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


def _organisation_start(words: list[str]) -> int | None:
    """Where an organisation begins behind a person without a separator; None when all of it is one."""
    if len(words) < 3 or not (opens_person_before_organisation(words[0]) or is_initials(words[0])):
        return None
    end = _name_end(words)
    if end >= len(words) or not is_person(words[:end]):
        return None
    if _organisation_word(words[end - 1]) and not any(_organisation_word(w) for w in words[end:]):
        return None
    return end


def _read_role(words: list[str], role: int, parts: Parts, *, alone: bool) -> None:
    """A part with a role in it: ``Ann Lee Staff Writer``, ``Press Association Political Correspondent``, ``News Editor``."""
    before, phrase = words[:role], words[role:]
    if role == 0:
        noun = next((n for n, w in enumerate(phrase) if _is_role_noun(w)), 0)
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
        if _is_house(before) or before[0].isupper() or before[0].islower():
            if not before[0].islower() or _is_house(before):
                parts.organisation(before[0])
            if parts.people:
                parts.title(" ".join(phrase))
        elif parts.people:
            parts.title(" ".join(words))
        else:
            parts.organisation(" ".join(words))
        return
    if _is_house(before) or (is_organisation(before) and _organisation_start(before) is None):
        parts.organisation(" ".join(before))
        parts.title(" ".join(phrase))
        return
    house = _house_tail(before)
    name = before[:house] if house else before
    people = split_people(name, parts.language)
    if not all(is_person(p) for p in people):
        end = _name_end(name)
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
    parts.title(" ".join(phrase))
    if house:
        parts.organisation(" ".join(before[house:]))
    _role_tail(phrase, parts)


def _role_tail(phrase: list[str], parts: Parts) -> None:
    """The house behind a role: ``Présidente d'ATD Quart Monde``, ``Reporter, NBC``."""
    for place, word in enumerate(phrase[1:], 1):
        elided = re.match(r"[dl]['’](?=[A-Z])", word)
        tail = [word[2:], *phrase[place + 1 :]] if elided else phrase[place + 1 :]
        if (elided or _OF.match(word)) and tail and (_is_house(tail) or (tail[0].isupper() and len(tail[0]) > 1)):
            parts.organisation(" ".join(tail))
            return
