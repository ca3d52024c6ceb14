"""NewsML-G2, every conformance level and namespace variant: news items, packages, events and plans.

One document is one item or a ``newsMessage`` with any number of them. Element names are read without namespace and
case, concepts by QCode, URI or literal. An item becomes a row even when fields are bad or missing; an item without
an id and without text becomes a failure. Concept, knowledge and catalog items that describe no event are vocabulary,
not news, and become failures that say so. A ``packageItem`` without id or headline is the packing list of its message
and no story.

Sources: IPTC NewsML-G2 2.35 specification and guidelines; the variants that agencies send.
"""

from collections.abc import Iterator
from typing import Any

from schemas.document import ParsedDocument, RawDocument
from schemas.item import NewsItem
from transforms.parse.agency_document import Clock, Entry, joined, pairs, read_document
from transforms.parse.body_media import whole_number
from transforms.parse.elements import Element, attribute, child, children, grouped, name_of, outermost, text_of
from transforms.parse.g2_event import read_concept
from transforms.parse.g2_item import Envelope, read_news_item
from transforms.parse.probe import Probe

NAME = "newsml_g2"

_NEWS = frozenset(("newsitem", "packageitem", "planningitem"))
_CONCEPTS = frozenset(("conceptitem", "knowledgeitem", "catalogitem"))
_ITEMS = _NEWS | _CONCEPTS
_NAMESPACE = "iptc.org/std/nar"


def sniff(probe: Probe) -> bool:
    """A root of the standard, with its namespace or with what only it has."""
    if probe.root == "newsmessage" or probe.root in _CONCEPTS:
        return True
    if probe.root in _NEWS:
        return (
            _NAMESPACE in probe.namespace.lower()
            or "standardversion" in probe.attributes
            or "guid" in probe.attributes
            or "<itemMeta" in probe.text
        )
    return False


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 -- one signature for every format
    """Read a document. Never raises."""
    return read_document(doc, NAME, entries, read_entry)


def entries(root: Element) -> Iterator[Entry]:
    """The items below a root, each with the envelope of its message."""
    if name_of(root) in _ITEMS:
        yield root, Envelope()
        return
    if name_of(root) != "newsmessage":
        for each in outermost(root, "newsmessage", *_ITEMS):
            if each is not root:
                yield from entries(each)
        return
    envelope = _envelope(child(root, "header"))
    for part in children(root):
        if name_of(part) != "header":
            for item in outermost(part, *_ITEMS):
                if not _is_packing_list(item):
                    yield item, envelope


def read_entry(item: Element, envelope: Any, clock: Clock) -> NewsItem:
    """Read one item."""
    if name_of(item) in _CONCEPTS:
        return read_concept(item, envelope, clock)
    return read_news_item(item, envelope, clock)


def _is_packing_list(item: Element) -> bool:
    return name_of(item) == "packageitem" and not attribute(item, "guid") and child(item, "contentmeta") is None


def _envelope(header: Element | None) -> Envelope:
    parts = grouped(header)

    def texts(name: str) -> str | None:
        return joined(text_of(each) for each in parts.get(name, ()))

    return Envelope(
        priority=whole_number(texts("priority")),
        sender=texts("sender"),
        facts=pairs(
            ("transmission_id", texts("transmitid")),
            ("sent", texts("sent")),
            ("channel", texts("channel")),
            ("origin", texts("origin")),
        ),
        catalogs=tuple(parts.get("catalog", ())),
    )
