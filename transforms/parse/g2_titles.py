"""Headlines and descriptions of NewsML-G2 by role, rank and language."""

from collections.abc import Iterable
from typing import NamedTuple

from transforms.parse.body_media import whole_number
from transforms.parse.catalog import Catalog
from transforms.parse.elements import XML_LANG, Element, join_lines, text_of, unique
from transforms.parse.newsml_text import read_lines

_MAIN_TITLE = ("", "title", "main", "headline", "head", "mainheadline", "hl1")
_SUMMARY = frozenset(("summary", "abstract", "teaser", "lead", "intro", "standfirst", "shortdescription", "preamble"))
_OF_MACHINES = frozenset(("semantics", "json", "embedding"))
_CAPTION = frozenset(("caption", "videocaption", "audiocaption"))


class Descriptions(NamedTuple):
    """``description`` elements by what they are: a summary, a caption, a script or shot list."""

    summary: str | None
    caption: str | None
    script: str | None
    others: tuple[str, ...]


def read_descriptions(elements: Iterable[Element], catalog: Catalog) -> Descriptions:
    """Sort descriptions by role; what serves machines (``semantics``) is left out, other roles are named."""
    summaries: list[str | None] = []
    captions: list[str | None] = []
    scripts: list[str | None] = []
    others: list[str | None] = []
    for each in elements:
        role = catalog.role_of(each)
        if role in _CAPTION:
            captions.append(read_lines(each, wrapped=True))
        elif role in {"", *_SUMMARY}:
            summaries.append(read_lines(each))
        elif role in {"script", "shotlist", "dopesheet", "story", "moreinfo"}:
            scripts.append(read_lines(each))
        elif role not in _OF_MACHINES:
            others.append(f"{role}: {text}" if (text := read_lines(each)) else None)
    return Descriptions(join_lines(*summaries), join_lines(*captions), join_lines(*scripts), unique(others))


def rank_of(element: Element) -> int:
    """The place of a property among others of its name; what has no ``rank`` comes behind what has one."""
    rank = whole_number(element.get("rank"))
    return _UNRANKED if rank is None else rank


_UNRANKED = 1_000_000_000


def read_headlines(
    elements: Iterable[Element], catalog: Catalog, language: str | None
) -> tuple[str | None, str | None]:
    """The main headline and the others; the lowest rank, a role of a main title and the item's language win."""
    found: list[tuple[int, int, int, str]] = []
    for number, each in enumerate(elements):
        text = text_of(each)
        if text:
            role = catalog.role_of(each)
            weight = _MAIN_TITLE.index(role) if role in _MAIN_TITLE else 50
            tag = each.get(XML_LANG)
            foreign = bool(tag and language and tag[:2].lower() != language[:2].lower())
            found.append((weight + 100 * foreign, rank_of(each), number, text))
    if not found:
        return None, None
    main = min(found)
    others = unique(text for weight, _, _, text in found if text != main[3] and weight < 100)
    return main[3], "\n".join(others) or None
