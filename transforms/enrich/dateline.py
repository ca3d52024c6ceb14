"""The dateline at the head of the copy: where, when and by whom it was filed, and where the story itself begins.

A small grammar over tokens: ``[agency] places [date] [agencies] separator``, its parts in the orders that agencies
print, tried from the left. What has been read is then weighed (:mod:`transforms.enrich.dateline_evidence`): a known
agency or a date is strong evidence; a bare place followed by a dash is believed only under conservative rules.
"""

import datetime as dt
import re
from dataclasses import replace

from schemas.reading import Dateline
from transforms.enrich.dateline_grammar import Grammar
from transforms.enrich.dateline_tokens import BYLINE, CAPITALS_FIRST, MARKUP, OPENERS, PROSE
from transforms.enrich.gazetteer import Gazetteer

WINDOW = 420
"""Characters looked at: a byline of eight names and the longest dateline. What is slower would grow with the text."""


def parse_dateline(
    text: str,
    *,
    published: dt.datetime | None,
    language: str | None,
    gazetteer: Gazetteer,
) -> Dateline | None:
    """Read the dateline at the start of a body, after a byline that runs in.

    Args:
        text: the body, plain, repeated headlines removed.
        published: completes dates without a year; None leaves them open.
        language: BCP 47, when known.
        gazetteer: places.

    Returns:
        The dateline with its span (``text[end:]`` is the story), or None. Never raises; looks at the first
        :data:`WINDOW` characters only.
    """
    head = text[:WINDOW]
    markup = MARKUP.match(head)
    start = markup.end() if markup else 0
    if start >= len(head):
        return None
    first = head[start]
    if first not in OPENERS and not first.isalnum() and first not in "'’":
        return None
    if PROSE.match(head, start) and not (head[start : start + 2].isupper() and CAPITALS_FIRST.match(head, start)):
        return None
    context = Grammar(head, published, language, gazetteer)
    byline = BYLINE.match(head, start)
    found = context.after_byline(start, byline.end()) if byline else None
    if found is None:
        found = context.at(start)
        if byline and found and found.places and found.country is None:
            return None  # ``By Ana Ruiz, Feb 16`` is no place
    return found


def read_dateline_element(
    raw: str,
    *,
    published: dt.datetime | None,
    language: str | None,
    gazetteer: Gazetteer,
) -> Dateline | None:
    """Read a dateline that a format carries in an element of its own.

    Args:
        raw: the element's text (``Strasbourg, 10 juil 2024 (AFP)``, ``NEW YORK``).
        published: completes dates without a year.
        language: BCP 47, when known.
        gazetteer: places.

    Returns:
        The dateline; None when the element holds a time stamp, a place holder (``No-Data-Available``) or nothing.
        An element is believed: an unknown place keeps its name.
    """
    text = " ".join(raw.split())[:WINDOW]
    if not text or not any(c.isalpha() for c in text):
        return None
    if _PLACEHOLDER.fullmatch(text):
        return None
    found = Grammar(text, published, language, gazetteer).element()
    bracket = _LAST_BRACKET.search(text)
    if bracket is None or (found is not None and found.country is not None):
        return found
    # an agency that no table knows, but the element says so
    before = text[: bracket.start()].rstrip(" ,")
    inner = Grammar(before, published, language, gazetteer).element() if before else None
    if inner is None or inner.country is None:
        return found
    return replace(inner, raw=text, end=len(text), agencies=(*inner.agencies, bracket.group(1).strip()))


_LAST_BRACKET = re.compile(r"[(（]([^()（）]{2,60})[)）][\s\-–—_]*$")

_PLACEHOLDER = re.compile(
    r"no[- ]data[- ]available|n/?a|unknown|none|null|tba|tbd|not (?:available|applicable)|undated|"
    r"\d{4}-?\d\d-?\d\d[T ].*|said to be .*",
    re.IGNORECASE,
)
