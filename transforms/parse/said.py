"""Which of several texts say something of their own: letters count, white space, signs and case do not.

A document may state a headline, byline or dateline in its metadata and print it in its content again, or carry one
text in several renditions. What is said already is left out; nothing else is.
"""

import re
from collections.abc import Iterable

from transforms.parse.elements import MAX_COMPARED, unique

_SIGNS = re.compile(r"\W+")


def letters_of(text: str) -> str:
    """What two texts are compared by.

    >>> letters_of("By Jo Do,\\nROME")
    'byjodorome'
    """
    return _SIGNS.sub("", text).casefold()


def fullest(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The texts that no other one contains, in their order; of equal ones the first."""
    kept = unique(texts)
    if not 1 < len(kept) <= MAX_COMPARED:
        return kept
    bare = [letters_of(text) for text in kept]
    return tuple(
        text
        for place, text in enumerate(kept)
        if not any(
            bare[place] in other and (len(bare[place]) < len(other) or number < place)
            for number, other in enumerate(bare)
            if number != place
        )
    )


def fullest_lines(*texts: str | None) -> str | None:
    """The same as lines of one text, or None."""
    return "\n".join(fullest(texts)) or None


def unsaid(texts: Iterable[str | None], *said: str | None) -> tuple[str, ...]:
    """The texts that none of what is said already contains.

    >>> unsaid(("BY JO DO", "ROME -", None), "By Jo Do", "Rome was quiet.")
    ()
    """
    new = unique(texts)
    if not new:
        return ()
    known = [letters_of(text) for text in said if text]
    return tuple(text for text in fullest(new) if not any(letters_of(text) in other for other in known))


def above(texts: Iterable[str | None], body: str | None, *said: str | None) -> str | None:
    """A body with what its document prints above it and no column says, each on a line of its own."""
    return "\n".join((*unsaid(texts, body, *said), *filter(None, (body,)))) or None
