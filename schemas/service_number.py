"""Service numbers: how the character wires name a message, and what a kill names when it names no id.

A kill says "kill item dpa 157", "Meldung bdt0534 streichen" or "the story slugged BC-US--Pier". The numbers stand in
the header of the message meant: IPTC 7901 prints the service's own (``bdt0534``) and the agency's (``dpa 157``), ANPA
1312 the level's (``a1234``). They begin again each day, so a number means the latest message that carries it.

Sources: IPTC 7901 (header line), ANPA 1312 (first line), the advisories of dpa and AP.
"""

import re
from collections.abc import Iterable, Mapping

REACH_HOURS = 36
"""Hours back in which a kill's number or slug is looked for: numbers begin again each day, and kills follow within one;
half a day more covers zones and clocks that are wrong."""

AHEAD_HOURS = 6
"""Hours by which a kill may be fetched before its message where one of the two states no time, so that their arrival is
all that is known: files of one delivery come in any order, and numbers begin again the next day."""

REPLACES_HOURS = 18
"""Hours back in which a writethru replaces the messages of its slug: those of its cycle (AP has two a day, which lap);
a slug such as ``EU--Storm`` stands over another story the next day."""

SLUG_SCHEME = "slug:"
"""Before a slug in ``supersedes``, where other formats name an id."""

NUMBER_PATTERN = r"^([a-z]{1,8})0*([0-9]{1,8})$"
"""A number in lower case without spaces; the two groups joined are its one spelling. Also read by RE2."""

MIN_SLUG_CHARS = 6
"""Characters of a slug that names one story; ``Adv`` names none."""

NUMBER_FIELDS = (("item_number",), ("service", "sequence"), ("service_level", "sequence"))
"""Fields of ``wire_header`` that make a number when joined."""

BESIDE_SLUG_PATTERN = r"(?s)^(?:BC|AM|PM)-|,.*$"
"""What a slug has before and behind its words: cycle and take. Also read by RE2."""

_BESIDE = re.compile(BESIDE_SLUG_PATTERN)
_NUMBER = re.compile(NUMBER_PATTERN)


def service_number(text: str | None) -> str | None:
    """The one spelling of a number, or None when the text is none.

    >>> service_number("dpa 0157")
    'dpa157'
    """
    found = _NUMBER.match((text or "").replace(" ", "").lower())
    return found[1] + found[2] if found else None


def service_numbers(header: Mapping[str, str]) -> tuple[str, ...]:
    """The numbers under which a message is known, from its ``wire_header``."""
    joined = ("".join(header.get(name) or "" for name in names) for names in NUMBER_FIELDS)
    return tuple(dict.fromkeys(number for text in joined if (number := service_number(text))))


def numbers_meant(target: str, own: Iterable[str]) -> tuple[str, ...]:
    """The numbers that a kill means.

    Args:
        target: its ``kill_target``.
        own: the numbers of the kill itself; a target of digits only is one of its own services.
    """
    if target.isascii() and target.isdigit():
        prefixes = (number.rstrip("0123456789") for number in own)
        return tuple(dict.fromkeys(number for each in prefixes if (number := service_number(each + target))))
    number = service_number(target)
    return (number,) if number else ()


def names_a_slug(target: str) -> bool:
    """Whether a ``kill_target`` may be a slug."""
    return len(slug_key(target) or "") >= MIN_SLUG_CHARS and "-" in target


def slug_key(slug: str | None) -> str | None:
    """A slug without the cycle before it and the take behind it, which a kill may leave out.

    >>> slug_key("BC-US--Pier Fall, 1st Ld-Writethru")
    'US--Pier Fall'
    """
    return _BESIDE.sub("", slug) if slug else None
