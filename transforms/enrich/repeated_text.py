"""Headline and standfirst printed again at the head of the body.

Feeds often carry the headline (even twice) and the summary inside the copy. Words are compared, not characters, so
case, punctuation, white space and quotation marks make no difference. A copy counts only when the copy *ends* there:
at the end of its paragraph, before another copy, or before the dateline. A lede that merely begins like the headline
is no copy.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from schemas.item import REPEATED_STANDFIRST

REPEATED_HEADLINE = "repeated-headline"

MOST_COPIES = 6
"""Headline, standfirst and their doubles; more never stood at the head of one story."""

LEAST_WORDS = 4
"""A headline of fewer words is a copy only when a paragraph ends behind it: ``Weather`` may open any sentence."""

LEAST_SUMMARY = 40
"""Characters that have to be the same before an opening counts as said twice."""

FARTHEST_LEDE = 1200
"""Characters within which the lede must say it again: two long summaries and a dateline."""

_WORD = re.compile(r"\w+")
_CLOSING = re.compile(r"""[^\w\s(\[{<«“‘„¿¡「『（【@#$£€-]*""")
_PARAGRAPH_END = re.compile(r"[ \t\r\f\v\u00a0\u3000|*_=~–—-]*(?:\n|\Z)")
_CUT_SHORT = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*\Z")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A body without the copies at its head.

    Attributes:
        body: what is left; None when it was nothing but copies.
        signals: ``repeated-headline``, ``repeated-standfirst``.
    """

    body: str | None
    signals: tuple[str, ...] = ()


def copy_end(text: str, start: int, words: list[str]) -> int | None:
    """Where a copy of some words ends that begins at ``start``.

    Args:
        text: the body.
        start: index to begin at; anything but words is skipped.
        words: the headline's or standfirst's words, casefolded.

    Returns:
        The index behind the last word and its closing punctuation, or None when the words do not stand there.
    """
    if not words:
        return None
    position = start
    for word in words:
        match = _WORD.search(text, position)
        if match is None or match[0].casefold() != word:
            return None
        position = match.end()
    closing = _CLOSING.match(text, position)
    return closing.end() if closing else position


def words_of(text: str | None) -> list[str]:
    """The casefolded words of a text.

    >>> words_of("“Gold” rises…")
    ['gold', 'rises']
    """
    return _WORD.findall(text.casefold()) if text else []


def _first_word(text: str | None) -> str | None:
    match = _WORD.search(text) if text else None
    return match[0].casefold() if match else None


def opens_with(text: str | None, opening: str) -> bool:
    """Whether a text begins with the words of another, and there are any."""
    return bool(text) and copy_end(text or "", 0, words_of(opening)) is not None


def copies(text: str | None, other: str) -> bool:
    """Whether two texts are the same words.

    >>> copies("Gold rises.", "GOLD RISES")
    True
    """
    words = words_of(text)
    return bool(words) and words == words_of(other)


def summary_said_twice(body: str) -> str | None:
    """The opening that a body says again soon, word for word: a summary before the dateline, the lede behind it.

    >>> summary_said_twice("The river rose on Monday, officials said. OSLO The river rose on Monday, officials said. A")
    'The river rose on Monday, officials said. '
    """
    again = body.find(body[:LEAST_SUMMARY], LEAST_SUMMARY, FARTHEST_LEDE) if len(body) > 2 * LEAST_SUMMARY else -1
    if again < 0:
        return None
    end = LEAST_SUMMARY
    while end < again and again + end < len(body) and body[end] == body[again + end]:
        end += 1
    return body[:end]


def clean_repeats(
    body: str | None,
    headlines: tuple[str, ...],
    standfirst: str | None,
    *,
    dateline_opens: Callable[[str], bool] = lambda _: False,
) -> Cleaned:
    """Take away copies of headline and standfirst at the head of a body.

    Args:
        body: the copy.
        headlines: the headline's forms: as printed, and without markers.
        standfirst: summary; one that is cut short (``…``) is no copy but an excerpt, and stays in the body.
        dateline_opens: whether a text opens with a dateline; asked only when a copy was found, at most twice.

    Returns:
        The rest of the body and what was found. A standfirst that itself opens with a dateline is the lede of the
        story, not a copy of it, and stays, unless the body is nothing else.
    """
    if not body:
        return Cleaned(None)
    first = _WORD.search(body)
    if first is None:
        return Cleaned(body)
    opening = first[0].casefold()
    if not any(_first_word(text) == opening for text in (*headlines, standfirst)):
        return Cleaned(body)
    summary = words_of(standfirst) if standfirst and not _CUT_SHORT.search(standfirst[-16:]) else []
    candidates = [(words_of(h), REPEATED_HEADLINE) for h in headlines]
    # the longer form first, so that the stripped headline does not win over the printed one
    candidates.sort(key=lambda c: -len(c[0]))
    if summary:
        candidates.append((summary, REPEATED_STANDFIRST))

    ends: list[tuple[int, str, int]] = []
    position = 0
    while len(ends) < MOST_COPIES:
        for words, signal in candidates:
            end = copy_end(body, position, words)
            if end is not None:
                ends.append((end, signal, len(words)))
                position = end
                break
        else:
            break
    # a cut is good where the text says so; otherwise one copy fewer, which the next copy's start proves
    doubtful = True
    while ends:
        end, signal, length = ends[-1]
        rest = body[end:].lstrip()
        lede = signal == REPEATED_STANDFIRST and rest != "" and dateline_opens(standfirst or "")
        if not lede and (
            _PARAGRAPH_END.match(body, end)
            or not doubtful
            or (length >= LEAST_WORDS and len(ends) > 1 and signal == ends[-2][1] and rest[:1].isupper())
            or dateline_opens(rest)
        ):
            break
        ends.pop()
        doubtful = lede or length < LEAST_WORDS
    if not ends:
        return Cleaned(body)
    rest = body[ends[-1][0] :].lstrip(" \t\r\n\f\v\u00a0\u3000")
    if rest and not _WORD.search(rest):
        rest = ""
    return Cleaned(rest or None, tuple(dict.fromkeys(signal for _, signal, _ in ends)))
