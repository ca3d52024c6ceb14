"""Which of several texts say something of their own: letters count, white space, signs and case do not.

A document may state a headline, byline or dateline in its metadata and print it in its content again, or carry one
text in several renditions. What is said already is left out; nothing else is.
"""

import re
from collections.abc import Iterable

from transforms.parse.elements import MAX_COMPARED, unique

_SIGNS = re.compile(r"\W+")

_SHORT = 40
"""Letters below which a text counts as said only where its words stand as words: ``Rain`` is not said by ``Trains``."""


class _Bare:
    """A text as others are compared with it."""

    __slots__ = ("letters", "words")

    def __init__(self, text: str) -> None:
        self.words = f" {_SIGNS.sub(' ', text.casefold()).strip()} "
        self.letters = self.words.replace(" ", "")

    def stands_in(self, other: "_Bare") -> bool:
        if self.letters not in other.letters:
            return False
        return len(self.letters) >= _SHORT or self.words in other.words


def fullest(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The texts that no other one contains, in their order; of equal ones the first."""
    kept = unique(texts)
    if not 1 < len(kept) <= MAX_COMPARED:
        return kept
    bare = [_Bare(text) for text in kept]
    return tuple(
        text
        for place, text in enumerate(kept)
        if not any(
            (len(bare[place].letters) < len(other.letters) or number < place) and bare[place].stands_in(other)
            for number, other in enumerate(bare)
            if number != place
        )
    )


def fullest_lines(*texts: str | None) -> str | None:
    """The same as lines of one text, or None."""
    return "\n".join(fullest(texts)) or None


def unsaid(texts: Iterable[str | None], *said: str | None) -> tuple[str, ...]:
    """The texts that none of what is said already contains; more than `MAX_COMPARED` are not compared.

    >>> unsaid(("BY JO DO", "ROME -", None), "By Jo Do", "Rome was quiet.")
    ()
    """
    new = unique(texts)
    if not new or len(new) > MAX_COMPARED:
        return new
    known = [_Bare(text) for text in said if text]
    return tuple(text for text in fullest(new) if not any(map(_Bare(text).stands_in, known)))


def above(texts: Iterable[str | None], body: str | None, *said: str | None) -> str | None:
    """A body with what its document prints above it and no column says, each on a line of its own."""
    return "\n".join((*unsaid(texts, body, *said), *filter(None, (body,)))) or None
