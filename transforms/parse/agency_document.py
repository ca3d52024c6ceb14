"""From the bytes of an agency's XML document to items and failures: what its formats share.

A format names its entries and reads one at a time; whatever goes wrong with an entry becomes that entry's failure
and leaves the others alone. Nothing raises.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree

from schemas.document import Failure, ParsedDocument, RawDocument
from schemas.item import HEADLINE_OF_BODY, REPEATED_STANDFIRST, STANDFIRST_OF_BODY, NewsItem
from transforms.parse.dates import read_date
from transforms.parse.elements import Element, unique
from transforms.parse.limits import MAX_ITEM_CHARS, MAX_ITEMS, MAX_MEDIA, MAX_VALUES
from transforms.parse.wire_life import obey_notes
from transforms.parse.xml import ParseError, read_xml_noted

Entry = tuple[Element, Any]
"""An element and what its format wants to know of its surroundings."""

_LONG = ("body", "standfirst", "editorial_note", "usage_terms", "headline")
_LISTS = ("keywords", "genres", "subject_codes", "media_topics", "signals", "supersedes", "byline_names")


@dataclass(frozen=True, slots=True)
class Clock:
    """How an item's times without a zone are read.

    Attributes:
        zone: the source's IANA zone; None: UTC.
        stated: a zone that the item itself states elsewhere; it wins.
    """

    zone: str | None = None
    stated: tzinfo | None = None

    def beside(self, *texts: str | None) -> "Clock":
        """The clock of an item with these times: the first that names a zone settles those that name none."""
        for text in texts:
            moment = _iso(text) if text else None
            if moment is not None and moment.tzinfo is not None:
                return Clock(self.zone, moment.tzinfo)
        return self

    def read(self, text: str | None) -> datetime | None:
        """A moment in UTC, or None when the text is missing or no date."""
        return self.dated(text)[0]

    def dated(self, text: str | None) -> tuple[datetime | None, str | None]:
        """A moment in UTC and what it rests on, in the words of `NewsItem.date_source`."""
        if not text:
            return None, None
        moment = _iso(text)
        if moment is None:
            found = read_date(text, self.stated or self.zone)
            return found.moment, found.source
        try:
            if moment.tzinfo is not None:
                return moment.astimezone(UTC), "published"
            zone = self.stated or (_zone(self.zone) if self.zone else None) or UTC
            return moment.replace(tzinfo=zone).astimezone(UTC), "published-naive"
        except (OverflowError, ValueError):
            return None, "published-unreadable"


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_document(
    doc: RawDocument,
    name: str,
    entries_of: Callable[[Element], Iterable[Entry]],
    read_entry: Callable[[Element, Any, Clock], NewsItem],
) -> ParsedDocument:
    """Parse a document entry by entry.

    Args:
        doc: the bytes and where they came from.
        name: of the format.
        entries_of: finds the entries below the root.
        read_entry: reads one; raises `ParseError` for an entry that can be no row.

    Returns:
        Items and failures; every entry is one of them. A document without any entry is a failure.
    """
    try:
        read = read_xml_noted(doc.data, doc.content_type)
    except ParseError as error:
        return ParsedDocument(name, failures=(_failure(doc, error.code, error.message),))
    items: list[NewsItem] = []
    failures: list[Failure] = []
    clock = Clock(doc.source.time_zone)
    position = 0
    for position, (element, context) in enumerate(_bounded(_every(entries_of, (read.root, *read.more))), 1):
        try:
            item = read_entry(element, context, clock)
        except ParseError as error:
            failures.append(_failure(doc, error.code, error.message, position - 1, element))
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            # a fault of ours: the entry's bytes are kept, so that a later version reads it again
            message = f"could not be read ({type(error).__name__}: {error}); replay it with a newer version"
            failures.append(_failure(doc, "unreadable_item", message, position - 1, element))
        else:
            items.append(finished(item if position == 1 else replace(item, position=position - 1), clock))
    if position >= MAX_ITEMS:
        failures.append(_failure(doc, "too_many_items", f"holds more than {MAX_ITEMS:,} items: split it"))
    if read.truncated:
        message = f"ends before its root element does ({read.fault}); what stood before the break was read"
        failures.append(_failure(doc, "truncated", message))
    if read.unread:
        message = f"goes on behind its root with another document ('{read.unread}'), which was not read: split it"
        failures.append(_failure(doc, "trailing_document", message))
    if not items and not failures:
        failures.append(_failure(doc, "no_items", f"is {name} without any item in it"))
    return ParsedDocument(name, items=tuple(items), failures=tuple(failures))


ALERT_CHARS = 300
"""An alert is a sentence, of one or two lines; what is longer is a story that lacks a headline."""

_ALERT_LINES = 2
_LETTERS = re.compile(r"\W+")
_LONGEST_LEDE = 4_000
"""Characters of a summary that may be the copy's own opening; ledes have a few hundred."""

_END_CHARS, _END_LETTERS = 40, 8
"""Characters and letters by which the ends of two paragraphs are compared before all of them."""

_DATELINE_LETTERS = 60
"""Letters that a dateline before the lede may have."""


def finished(item: NewsItem, clock: Clock) -> NewsItem:
    """An item as this room hands it out: its notes to editors obeyed, tidied, and within the limits of a row."""
    return bounded(_tidied(obey_notes(item, clock)))


def _tidied(item: NewsItem) -> NewsItem:
    """An item whose body is copy and nothing else; what it says twice is named."""
    return _with_alerts_headline(with_repeat_named(item))


def _with_alerts_headline(item: NewsItem) -> NewsItem:
    """An alert of one sentence that the agency sends without a headline is its own; ``headline_source`` says so."""
    body = item.body
    if item.headline or not body or item.item_type != "text" or len(body) > ALERT_CHARS:
        return item
    lines = body.split("\n")
    if len(lines) > _ALERT_LINES:
        return item
    return replace(item, headline=" ".join(lines), extra=(*item.extra, HEADLINE_OF_BODY))


def with_repeat_named(item: NewsItem) -> NewsItem:
    """Name a summary that is nothing but the first paragraph of the copy: both stay as the document states them."""
    summary, body = item.standfirst, item.body
    if not summary or not body or len(summary) > _LONGEST_LEDE:
        return item
    lines = body[: 2 * _LONGEST_LEDE].split("\n")
    count = summary.count("\n") + 1
    wanted: str | None = None
    ending = _LETTERS.sub("", summary[-_END_CHARS:]).casefold()
    for start in range(min(3, len(lines))):
        end = _LETTERS.sub("", "".join(lines[start : start + count])[-_END_CHARS:]).casefold()
        shared = min(_END_LETTERS, len(end), len(ending))
        if shared and end[-shared:] != ending[-shared:]:
            continue  # the cheap question first: most summaries are no opening of the copy
        if wanted is None:
            wanted = _LETTERS.sub("", summary).casefold()
        opening = _LETTERS.sub("", "".join(lines[start : start + count])).casefold()
        if wanted and opening.endswith(wanted) and len(opening) - len(wanted) <= _DATELINE_LETTERS:
            signals = unique((*item.signals, REPEATED_STANDFIRST))
            return replace(item, signals=signals, extra=(*item.extra, STANDFIRST_OF_BODY))
    return item


def bounded(item: NewsItem) -> NewsItem:
    """Keep an item within the limits of a row."""
    changes: dict[str, Any] = {}
    for field in _LONG:
        text = getattr(item, field)
        if text is not None and len(text) > MAX_ITEM_CHARS:
            changes[field] = text[:MAX_ITEM_CHARS]
    for field in _LISTS:
        values = getattr(item, field)
        if len(values) > MAX_VALUES:
            changes[field] = values[:MAX_VALUES]
    if len(item.media) > MAX_MEDIA:
        changes["media"] = item.media[:MAX_MEDIA]
    return replace(item, **changes) if changes else item


def pairs(*named: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    """Header facts that are there."""
    return tuple((name, value) for name, value in named if value)


def joined(values: Iterable[str | None], separator: str = " ") -> str | None:
    """Distinct values as one text, or None."""
    return separator.join(unique(values)) or None


def _every(entries_of: Callable[[Element], Iterable[Entry]], roots: Iterable[Element]) -> Iterator[Entry]:
    for root in roots:
        yield from entries_of(root)


def _bounded(entries: Iterable[Entry]) -> Iterator[Entry]:
    for number, entry in enumerate(entries):
        if number >= MAX_ITEMS:
            return
        yield entry


def _failure(
    doc: RawDocument, code: str, message: str, position: int | None = None, element: Element | None = None
) -> Failure:
    raw = etree.tostring(element, encoding="utf-8", with_tail=False) if element is not None else None
    where = f"{doc.input} (item {position})" if position is not None else doc.input
    return Failure("parse", code, f"{where} {message}", doc.input, position, raw)
