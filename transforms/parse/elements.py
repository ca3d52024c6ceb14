"""Walking agency XML: element names without namespace and case, texts without markup.

Agencies send the same vocabulary under other namespaces, without one, or in another case (``<Header><Sent>``), so
nothing here looks at namespaces. Every function costs time in proportion to the element it is given.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from lxml import etree

Element = etree._Element  # noqa: SLF001 -- lxml names its element type with an underscore
Children = Mapping[str, list[Element]]

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@lru_cache(maxsize=4096)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def name_of(element: Element) -> str:
    """Local name in lower case; empty for comments, processing instructions and entity references."""
    tag = element.tag
    return _bare(tag) if isinstance(tag, str) else ""


def children(element: Element | None) -> Iterator[Element]:
    """The child elements, without comments and the like."""
    if element is not None:
        for child in element:
            if isinstance(child.tag, str):
                yield child


def grouped(element: Element | None) -> dict[str, list[Element]]:
    """Child elements by name, each list in document order. ``None`` has no children."""
    found: dict[str, list[Element]] = {}
    if element is not None:
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                name = _bare(tag)
                if name in found:
                    found[name].append(child)
                else:
                    found[name] = [child]
    return found


def first(parts: Children, name: str) -> Element | None:
    """The first child of that name in a grouping."""
    found = parts.get(name)
    return found[0] if found else None


def child(element: Element | None, *path: str) -> Element | None:
    """Follow first children by name; None as soon as one is missing."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if name_of(each) == name), None)
    return element


def descendants(element: Element | None, *names: str) -> Iterator[Element]:
    """All elements of these names below (and including) an element, in document order."""
    if element is not None:
        wanted = frozenset(names)
        for each in element.iter(etree.Element):
            if name_of(each) in wanted:
                yield each


def outermost(element: Element, *names: str) -> Iterator[Element]:
    """Elements of these names that stand in no other of them, in document order; the element itself may be one."""
    wanted = frozenset(names)
    waiting = [element]
    while waiting:
        each = waiting.pop()
        if name_of(each) in wanted:
            yield each
        elif len(each):
            waiting.extend(reversed(each))


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name, any namespace and case; None when it is missing or blank."""
    if element is None:
        return None
    value = element.get(name)
    if value is None:
        wanted = name.lower()
        for key in element.keys():  # noqa: SIM118 -- an element is a list of children, not a mapping
            if _bare(key) == wanted:
                value = element.get(key)
                break
    return " ".join(value.split()) or None if value else None


def text_of(element: Element | None) -> str | None:
    """All text of an element on one line, comments left out; None when there is none."""
    if element is None:
        return None
    raw = element.text if len(element) == 0 else raw_text_of(element)
    return (" ".join(raw.split()) or None) if raw else None


def raw_text_of(element: Element) -> str:
    """All text of an element with its white space; elements that are no marks within a word part words."""
    if len(element) == 0:
        return element.text or ""
    pieces: list[str] = []
    _gather(element, pieces)
    return parted("".join(pieces))


SOFT_BREAK = "\x02"
"""Stands between two elements until `parted` has looked at what is on its sides; XML cannot contain it."""

_TIGHT_NAMES = (
    "a abbr acronym alt-code b bdi bdo big cite code data del dfn em font frac frac-num frac-sep frac-den i ins kbd "
    "lang mark money num object.title pronounce q rb rp rt ruby s samp small span strike strong sub sup tt u var wbr"
)
_TIGHT = frozenset(_TIGHT_NAMES.split())
"""Marks within a word or beside one: ``H<sub>2</sub>O``, ``<em>T</em>itle``."""

_IDEOGRAPHS = "\u3001-\u30ff\u3400-\u9fff\uff01-\uff60"
"""Chinese and Japanese, which print no spaces."""

_NO_SPACE = re.compile(
    rf"{SOFT_BREAK}+(?=[\s,.;:!?)\]}}”»%…]|['’]s\b|\Z)|(?<=[\s(\[{{“«‘¿¡]){SOFT_BREAK}+|\A{SOFT_BREAK}+"
    rf"|(?<=[{_IDEOGRAPHS}]){SOFT_BREAK}+(?=[{_IDEOGRAPHS}])"
)


def parted(text: str) -> str:
    """Text whose soft breaks became spaces, but not before a comma, behind a bracket, beside white space or ideographs.

    >>> parted("ROME\\x02\\x02Italy\\x02, (\\x02AP\\x02)")
    'ROME Italy, (AP)'
    """
    if SOFT_BREAK not in text:
        return text
    text = _NO_SPACE.sub("", text)
    return _SOFT_BREAKS.sub(" ", text) if SOFT_BREAK in text else text


_SOFT_BREAKS = re.compile(f"{SOFT_BREAK}+")


def text_without(element: Element, skipped: frozenset[str]) -> str | None:
    """Text of an element on one line, elements of the names `skipped` left out."""
    pieces: list[str] = []
    _gather(element, pieces, skipped)
    return " ".join(parted("".join(pieces)).split()) or None


def _gather(element: Element, pieces: list[str], skipped: frozenset[str] = frozenset()) -> None:
    if element.text:
        pieces.append(element.text)
    for each in element:
        name = name_of(each)
        if name in _TIGHT:
            _gather(each, pieces, skipped)
        elif name:
            pieces.append(SOFT_BREAK)
            if name not in skipped:
                _gather(each, pieces, skipped)
            pieces.append(SOFT_BREAK)
        if each.tail:
            pieces.append(each.tail)


def texts_of(elements: Iterable[Element] | None) -> tuple[str, ...]:
    """The texts of elements, blanks and repetitions left out."""
    if not elements:
        return ()
    return unique(text_of(each) for each in elements)


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """What is there, each once, in the order of first mention."""
    found: dict[str, None] = {}
    for value in values:
        if value:
            found[value] = None
    return tuple(found)


MAX_COMPARED = 32
"""Texts that `join_lines` compares with each other. Real items have up to a dozen notes; comparing every pair of
thousands would cost quadratic time."""


def join_lines(*texts: str | None) -> str | None:
    """Put texts on lines of their own, leaving out what another one already says."""
    kept = list(unique(texts))
    if 1 < len(kept) <= MAX_COMPARED:
        kept = [text for text in kept if not any(text is not other and text in other for other in kept)]
    return "\n".join(kept) or None
