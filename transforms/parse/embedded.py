"""Agency documents inside other ones: in envelopes of any root, and in the entries of feeds.

Delivery systems wrap what agencies send (SOAP, an archive's answer, a spool), and agencies put NITF or NewsML into
Atom's ``content``. What stands inside is read by its own format, its embargo and its status first of all; the entry
around it completes what it does not say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from schemas.item import NewsItem
from transforms.parse import newsml_1, newsml_g2, nitf
from transforms.parse.agency_document import Clock, finished
from transforms.parse.elements import Element, name_of, outermost
from transforms.parse.probe import Probe

_MARKS = (b"iptc.org/std/", b"nitf>", b"nitf ", b"NewsML")
"""One of these stands in every such document; most feeds have none, and looking for them costs next to nothing."""

_INSIDE = (
    # the outer format first: NewsML carries NITF
    (newsml_g2, re.compile(r"<(?:[\w-]{1,40}:)?(?:newsMessage|newsItem|packageItem|planningItem|conceptItem)[\s>]")),
    (newsml_1, re.compile(r"<(?:[\w-]{1,40}:)?NewsML[\s>]")),
    (nitf, re.compile(r"<(?:[\w-]{1,40}:)?nitf[\s>]")),
)
_ROOTS = frozenset(("newsmessage", "newsitem", "packageitem", "planningitem", "conceptitem", "newsml", "nitf"))
_OF_ENTRY = frozenset(("position", "body"))
"""Fields that an entry's own text never gives: its copy is the document inside it."""


def format_inside(probe: Probe) -> Any:
    """The format module whose documents stand inside an XML document of an unknown root, or None."""
    if probe.root is None or not holds_documents(probe.data):
        return None
    return next((module for module, tag in _INSIDE if tag.search(probe.text)), None)


def holds_documents(data: bytes) -> bool:
    """Whether there may be agency documents in a document."""
    return any(mark in data for mark in _MARKS)


def with_documents(entries: Iterable[Element]) -> Iterator[tuple[Element, tuple[Any, Element, Any] | None]]:
    """Entries, each with one document that it holds: its module, its element and what is around it.

    An entry with several items inside comes several times, an entry with none once with None.
    """
    for entry in entries:
        found = False
        for root in outermost(entry, *_ROOTS):
            module = newsml_1 if name_of(root) == "newsml" else nitf if name_of(root) == "nitf" else newsml_g2
            for element, context in module.entries(root):
                found = True
                yield entry, (module, element, context)
        if not found:
            yield entry, None


def read_inside(document: tuple[Any, Element, Any], around: NewsItem, zone: str | None) -> NewsItem:
    """Read a document that stands in an entry.

    Args:
        document: as `with_documents` gives it.
        around: the entry as a feed's item; it completes what the document does not say.
        zone: the source's time zone.

    Raises:
        ParseError: the document can be no row.
    """
    module, element, context = document
    clock = Clock(zone)
    item = module.read_entry(element, context, clock)
    missing = {
        field.name: getattr(around, field.name)
        for field in fields(NewsItem)
        if field.name not in _OF_ENTRY and getattr(item, field.name) == field.default
    }
    if around.body is None:
        missing.pop("standfirst", None)  # the text of the document, read as the entry's summary
    if item.published is not None:
        for name in ("published_raw", "date_source"):
            missing.pop(name, None)
    return finished(replace(item, position=around.position, **missing), clock)
