"""Who wrote a story: bylines as papers and agencies print them."""

import re

from schemas.reading import Byline, Credit

_LABEL = re.compile(r"\s*(?:by|von|par|por|di|da|av|door|text|автор)\b\s*:?\s*", re.IGNORECASE)
_BREAK = re.compile(r"\s*(?:,|;|/|\||&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bog\b|\boch\b|\ben\b)\s*")


def parse_byline(raw: str, language: str | None = None) -> Byline:  # noqa: ARG001
    """Read a printed byline."""
    text = _LABEL.sub("", raw, count=1).strip()
    names = tuple(dict.fromkeys(n for n in _BREAK.split(text) if n and " " in n))
    return Byline(raw=raw, authors=names, credits=tuple(Credit(n, "author") for n in names))


def byline_of(raw: str | None, names: tuple[str, ...], language: str | None = None) -> Byline:
    """Read the byline of an item."""
    if raw:
        return parse_byline(raw, language)
    return Byline(authors=names)
