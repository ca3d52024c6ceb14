"""RSS, RDF and Atom documents: where entries stand, which reader takes them, and what the feed says of itself.

Our own reader takes every document that is well-formed (or was made so by mending characters) and whose entries
stand where a format puts them. feedparser takes the others; what it gets wrong is repaired in
`transforms.parse.feedparser_reader`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from schemas.document import Failure, FeedHints, ParsedDocument, RawDocument
from schemas.item import NewsItem
from transforms.parse.dates import UNREADABLE, read_date
from transforms.parse.embedded import holds_documents, read_inside, with_documents
from transforms.parse.errors import ParseError
from transforms.parse.feed_facts import EntryFacts, to_item
from transforms.parse.feed_hints import hints_of, language_of, title_of
from transforms.parse.feed_names import Parts, group, key_of
from transforms.parse.feed_xml import context_of, read_entry
from transforms.parse.feedparser_reader import read_with_feedparser
from transforms.parse.limits import MAX_ITEMS
from transforms.parse.links import base_of
from transforms.parse.text import one_line
from transforms.parse.xml import XmlRead, local_name, read_xml_noted

_ROOTS = frozenset(("rss", "rdf", "feed"))
_FURNITURE = frozenset(("script", "style", "noscript", "html", "body", "div", "p", "span", "a", "img", "iframe", "br"))
"""What hosts append to any answer that they send; it is no document."""

_ENTRY_TAGS = ("{*}item", "{*}entry", "{*}Item", "{*}Entry")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's tree.

    Attributes:
        kind: rss, rdf or atom.
        entries: entries and tombstones, in document order.
        heads: children by key of the root and of its channels, entries included.
        usual: all entries of the tree stand where the format puts them.
    """

    kind: str
    entries: tuple[Any, ...]
    heads: Sequence[Parts]
    usual: bool


def parse_feed(doc: RawDocument) -> ParsedDocument:
    """Read a feed.

    Args:
        doc: its bytes.

    Returns:
        Items and failures: every entry is one of them.

    Raises:
        ParseError: the document as a whole cannot be read; see `read_xml_noted`, and ``not_a_feed``.
    """
    read = read_xml_noted(doc.data, doc.content_type)
    feed = _feed(read.root)
    base = base_of(doc)
    if feed is None or read.recovered or not feed.usual:
        alone = replace(doc, data=etree.tostring(read.root, encoding="utf-8", with_tail=False)) if read.more else doc
        items, failures, kind = _from_feedparser(alone, read, feed, base)
    else:
        items, failures = _from_tree(doc, feed, base)
        kind = feed.kind
    if read.truncated:
        failures.append(_truncated(doc, len(items), read.fault))
    if feed is not None and read.more:
        _read_more(doc, language_of(read.root, feed.heads), read.more, items, failures)
    if read.unread and read.unread.lower() not in _FURNITURE:
        failures.append(_unread(doc, read.unread))
    return ParsedDocument(
        format=kind,
        items=tuple(items),
        failures=tuple(failures),
        hints=hints_of(feed.heads, base) if feed else FeedHints(),
        language=language_of(read.root, feed.heads) if feed else None,
        title=title_of(feed.heads) if feed else None,
    )


def _read_more(
    doc: RawDocument, language: str | None, roots: Iterable[Any], items: list[NewsItem], failures: list[Failure]
) -> None:
    """Add what further feeds hold that stand behind the first one; another language than its becomes their items'."""
    for root in roots:
        begun = len(items) + sum(failure.position is not None for failure in failures)
        if begun >= MAX_ITEMS:
            failures.append(_unread(doc, local_name(root)))
            return
        alone = replace(doc, data=etree.tostring(root, encoding="utf-8", with_tail=False), content_type=None)
        parsed = parse_feed(alone)
        own = parsed.language if parsed.language != language else None
        items.extend(
            replace(item, position=begun + item.position, language=item.language or own) for item in parsed.items
        )
        for failure in parsed.failures:
            place = None if failure.position is None else begun + failure.position
            failures.append(replace(failure, position=place))


def _feed(root: Any) -> Feed | None:
    """Find the entries of a tree; None when its root is of no feed."""
    name = local_name(root).lower()
    if name not in _ROOTS:
        return None
    top = group(root)
    heads = [top]
    entries: list[Any] = []
    if name == "feed":
        entries = [child for child in root if key_of(child.tag) in ("entry", "deleted")]
    else:
        for child in root:
            key = key_of(child.tag)
            if key == "channel":
                heads.append(group(child))
                entries.extend(each for each in child if key_of(each.tag) in ("entry", "deleted"))
            elif key in ("entry", "deleted"):
                entries.append(child)
    usual = sum(1 for _ in root.iter(*_ENTRY_TAGS)) <= sum(key_of(each.tag) == "entry" for each in entries)
    return Feed({"feed": "atom"}.get(name, name), tuple(entries), heads[::-1], usual)


def _from_tree(doc: RawDocument, feed: Feed, base: str | None) -> tuple[list[NewsItem], list[Failure]]:
    context = context_of(doc.data, base, atom=feed.kind == "atom")
    zone = doc.source.time_zone

    def read(element: Any, position: int) -> NewsItem:
        if key_of(element.tag) == "deleted":
            return tombstone(element, position, zone)
        return to_item(read_entry(element, context), position, zone)

    if not holds_documents(doc.data):
        return read_entries(doc, feed.entries, read)

    def read_both(pair: Any, position: int) -> NewsItem:
        entry, inside = pair
        item = read(entry, position)
        return item if inside is None else read_inside(inside, item, zone)

    return read_entries(doc, with_documents(feed.entries), read_both)


def read_entries(
    doc: RawDocument, entries: Iterable[Any], read: Callable[[Any, int], NewsItem], start: int = 0
) -> tuple[list[NewsItem], list[Failure]]:
    """Read entries one by one; what goes wrong with one is its own failure.

    Args:
        doc: where they come from.
        entries: in document order.
        read: makes an item of an entry and its position.
        start: position of the first one.

    Returns:
        Items and failures.
    """
    items: list[NewsItem] = []
    failures: list[Failure] = []
    for position, entry in enumerate(entries, start):
        if position >= MAX_ITEMS:
            message = f"{doc.input}: has more than {MAX_ITEMS:,} entries; the rest was not read: split the document"
            failures.append(Failure("parse", "too_many_items", message, doc.input, position))
            break
        try:
            items.append(read(entry, position))
        except ParseError as error:
            message = f"{doc.input}, item {position}: {error.message}"
            failures.append(Failure("parse", error.code, message, doc.input, position))
        except Exception as error:  # noqa: BLE001 - a defect in a reading rule must cost a failure row, never a run
            message = f"{doc.input}, item {position}: {type(error).__name__}: {error}; kept for replay, please report"
            failures.append(Failure("parse", "defect", message, doc.input, position))
    return items, failures


def tombstone(element: Any, position: int, zone: str | None) -> NewsItem:
    """RFC 6721: an entry that its publisher has withdrawn.

    Raises:
        ParseError: ``no_id``: it does not say which entry is meant.
    """
    reference = (element.get("ref") or "").strip()
    if not reference:
        raise ParseError("no_id", "a deleted-entry without 'ref' does not say what was deleted; ask its publisher")
    when = (element.get("when") or "").strip()
    moment, source = read_date(when, zone) if when else (None, None)
    comment = next((child for child in element if local_name(child) == "comment"), None)
    note = one_line("".join(comment.itertext())) if comment is not None else None
    return NewsItem(
        position=position,
        guid=reference,
        status="canceled",
        signals=("kill", "deleted-entry"),
        published=moment,
        published_raw=when or None,
        date_source=source if moment or source == UNREADABLE else None,
        version_created=moment,
        editorial_note=note or None,
    )


def _from_feedparser(
    doc: RawDocument, read: XmlRead, feed: Feed | None, base: str | None
) -> tuple[list[NewsItem], list[Failure], str]:
    """Entries by feedparser; tombstones, which it does not know, by the recovered tree."""
    facts, version = read_with_feedparser(doc, base)
    if read.truncated and facts and _breaks_in_entry(doc.data):
        facts.pop()  # half a story would stand in the lake as a version of its own
    if not facts and not version and feed is None:
        name = local_name(read.root)
        raise ParseError(
            "not_a_feed", f"is XML of an unknown kind (root element '{name}'): no entries were found in it"
        )
    zone = doc.source.time_zone

    def from_facts(entry: EntryFacts, position: int) -> NewsItem:
        return to_item(entry, position, zone)

    items, failures = read_entries(doc, facts, from_facts)
    if feed is not None:
        graves = [each for each in feed.entries if key_of(each.tag) == "deleted"]
        more, bad = read_entries(doc, graves, lambda each, at: tombstone(each, at, zone), start=len(facts))
        items, failures = items + more, failures + bad
    kind = feed.kind if feed is not None else kind_of(version)
    return items, failures, kind


def _breaks_in_entry(data: bytes) -> bool:
    """Whether a truncated document ends inside an entry."""
    opened = max(data.rfind(b"<item"), data.rfind(b"<entry"))
    return opened > max(data.rfind(b"</item"), data.rfind(b"</entry"))


def kind_of(version: str) -> str:
    """Our name of feedparser's format version."""
    if version.startswith("atom"):
        return "atom"
    if version in ("rss090", "rss10"):
        return "rdf"
    return "cdf" if version == "cdf" else "rss"


def _unread(doc: RawDocument, name: str) -> Failure:
    message = f"{doc.input}: goes on behind its end with another document ('{name}'), which was not read: split it"
    return Failure("parse", "trailing_document", message, doc.input)


def _truncated(doc: RawDocument, kept: int, fault: str | None) -> Failure:
    message = (
        f"{doc.input}: breaks off before its end ({fault}); the {kept} entries before the break were kept, "
        "the broken one was not: pull it again"
    )
    return Failure("parse", "truncated", message, doc.input)
