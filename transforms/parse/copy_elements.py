"""What elements of copy are: marks within a line, blocks, containers; and what is not for publication.

Sources: HTML's and NITF 3.6's content models, NewsML-G2's ``pubconstraint``, and the class names by which agencies
mark private parts of XHTML bodies.
"""

import re
from itertools import islice

from transforms.parse.elements import Element, attribute, name_of

_INLINE_NAMES = (
    "a abbr acronym alt-code b bdi bdo big chron cite city classifier code country data del dfn em event font "
    "frac function i ins kbd label lang location mark money num object.title org person postaddr pronounce q region s "
    "samp small span state strike strong sub sublocation sup time tt u var virtloc wbr"
)
INLINE = frozenset(_INLINE_NAMES.split())
_BLOCK_NAMES = (
    "address article aside blockquote body body.content body.end block center dd details dir div dl dt fieldset "
    "footer form h1 h2 h3 h4 h5 h6 hl1 hl2 hr li main nav ol p section summary tagline ul bq credit "
    "bibliography fn sidebar headline hedline byline byttl abstract datasource distributor note rights series title "
    "crosshead intro lead paragraph para subheadline html nitf content bodytext copyrite"
)
BLOCK = frozenset(_BLOCK_NAMES.split())
WHOLE = frozenset(("body", "body.content", "body.end"))
"""Containers that may hold escaped markup or plain text instead of elements."""

SKIPPED = frozenset(("head", "style", "script", "template", "noscript", "meta", "link", "col", "colgroup", "colspec"))
_PRIVATE_CLASS = re.compile(
    r"notepad|(?:np-)?non-?public|not-?for-?publication|np-constraint|editorial-?note|ed-?note|closingline",
    re.IGNORECASE,
)


_NAMES_OF_WORDS = "p h1 h2 h3 h4 h5 h6 hl1 hl2 li dt dd td th caption credit byline byttl title headline"
_OF_WORDS = frozenset(_NAMES_OF_WORDS.split())
"""Blocks that hold words rather than other blocks."""

_MOST_SIBLINGS = 50
"""Elements that are asked whether words stand beside them: a sentence shows it by its first marks."""


def stands_alone(element: Element, levels: int = 8) -> bool:
    """Whether an unknown element is a block: where blocks stand and no words stand beside it.

    Args:
        element: of an unknown name.
        levels: unknown containers around it that are asked too.
    """
    outer = element.getparent()
    if outer is None:
        return True
    name = name_of(outer)
    if name in INLINE or name in _OF_WORDS:
        return False
    if _is_said(outer.text) or _is_said(element.tail):
        return False
    if any(_is_said(each.tail) for each in islice(outer, _MOST_SIBLINGS)):
        return False
    return name in BLOCK or levels == 0 or stands_alone(outer, levels - 1)


def _is_said(text: str | None) -> bool:
    return text is not None and not text.isspace() and text != ""


def holds_only(element: Element, name: str) -> bool:
    """Whether an element has nothing but children of one name in it."""
    return not _is_said(element.text) and all(name_of(each) == name and not _is_said(each.tail) for each in element)


def is_private(element: Element) -> bool:
    """Whether an element says that it is not for publication."""
    kind = element.get("class")
    if kind and _PRIVATE_CLASS.search(kind):
        return True
    constraint = attribute(element, "pubconstraint")
    return constraint is not None and "nonpublic" in constraint.lower()
