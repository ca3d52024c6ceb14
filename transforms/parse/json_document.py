"""From a JSON document of an agency to items and failures: what its formats share.

A format names its entries and reads one at a time; whatever goes wrong with an entry becomes that entry's failure
and leaves the others alone. Values of a wrong type count as missing. Nothing raises.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from schemas.document import Failure, ParsedDocument, RawDocument
from schemas.item import NewsItem
from transforms.parse.agency_document import Clock, bounded, with_repeat_named
from transforms.parse.body_media import whole_number
from transforms.parse.elements import unique
from transforms.parse.errors import ParseError
from transforms.parse.limits import MAX_ITEMS, MAX_VALUES
from transforms.parse.probe import Probe
from transforms.parse.text import one_line
from transforms.parse.wire_life import obey_notes

Entry = Mapping[str, Any]
"""One JSON object."""

_NO_ENTRY: Entry = {}

ENVELOPES = ("item", "items", "hits", "_items", "entries", "results", "data")
"""Keys under which web APIs wrap the items that they list."""


def read_json_document(
    doc: RawDocument,
    probe: Probe,
    name: str,
    entries_of: Callable[[Any], Iterable[Any]],
    read_entry: Callable[[Entry, Clock], NewsItem],
) -> ParsedDocument:
    """Parse a document entry by entry.

    Args:
        doc: the bytes and where they came from.
        probe: the first look at them, which keeps the JSON once read.
        name: of the format.
        entries_of: finds the entries in the document's value.
        read_entry: reads one; raises `ParseError` for an entry that can be no row.

    Returns:
        Items and failures; every entry is one of them. A document without any entry is a failure.
    """
    value = probe.json()
    if value is None:
        message = f"{doc.input} is no complete JSON document; fetch it again"
        return ParsedDocument(name, failures=(Failure("parse", "malformed_json", message, doc.input),))
    items: list[NewsItem] = []
    failures: list[Failure] = []
    clock = Clock(doc.source.time_zone)
    for position, entry in enumerate(entries_of(value)):
        if position >= MAX_ITEMS:
            message = f"{doc.input} holds more than {MAX_ITEMS:,} items: split it"
            failures.append(Failure("parse", "too_many_items", message, doc.input))
            break
        try:
            if not isinstance(entry, dict):
                raise ParseError("not_an_item", "is no JSON object; ask its sender for one object per item")
            item = read_entry(entry, clock)
        except ParseError as error:
            failures.append(_failure(doc, error.code, error.message, position, entry))
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            # a fault of ours: the entry's bytes are kept, so that a later version reads it again
            message = f"could not be read ({type(error).__name__}: {error}); replay it with a newer version"
            failures.append(_failure(doc, "unreadable_item", message, position, entry))
        else:
            items.append(bounded(with_repeat_named(obey_notes(replace(item, position=position), clock))))
    if not items and not failures:
        message = f"{doc.input} is {name} without any item in it"
        failures.append(Failure("parse", "no_items", message, doc.input))
    return ParsedDocument(name, items=tuple(items), failures=tuple(failures))


def text_at(entry: Entry, *names: str) -> str | None:
    """The first of the named values that is a text with something in it (numbers count), as it stands."""
    for name in names:
        value = entry.get(name)
        if isinstance(value, str):
            if value and not value.isspace():
                return value.replace("\x00", "") if "\x00" in value else value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return None


def line_at(entry: Entry, *names: str) -> str | None:
    """The same on one line, white space folded."""
    value = text_at(entry, *names)
    return one_line(value) or None if value else None


def entry_at(entry: Entry, *path: str) -> Entry:
    """The object at a path of names; an empty one when there is none."""
    for name in path:
        value = entry.get(name)
        if not isinstance(value, dict):
            return _NO_ENTRY
        entry = value
    return entry


def entries_at(entry: Entry, *names: str) -> list[Entry]:
    """The objects of the first named list (or of an object's values) that holds any."""
    for name in names:
        value = entry.get(name)
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            found: list[Entry] = [each for each in value[: 4 * MAX_VALUES] if isinstance(each, dict)]
            if found:
                return found
    return []


def texts_at(entry: Entry, *names: str) -> tuple[str, ...]:
    """Texts of the first named value: one text, a list of texts, or the names of listed objects."""
    for name in names:
        value = entry.get(name)
        values = value[: 4 * MAX_VALUES] if isinstance(value, list) else [value]
        found = unique(
            line_at(each, "name", "title", "value", "literal", "code") if isinstance(each, dict) else _line(each)
            for each in values
        )
        if found:
            return found
    return ()


def number_at(entry: Entry, *names: str) -> int | None:
    """A whole number, also when it is printed as text."""
    value = text_at(entry, *names)
    return whole_number(value) if value else None


def listed(value: Any) -> list[Any]:
    """The entries of a document that is one object, a list of them, or a web API's envelope around them."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        for name in ENVELOPES:
            inner = value.get(name)
            if isinstance(inner, list) and inner and isinstance(inner[0], dict):
                return inner
        return [value]
    return []


def lowered(entry: Entry, depth: int = 0) -> dict[str, Any]:
    """The same object with lower-case keys, objects inside it too, as deep as news items nest."""
    if depth > 6:  # associations, their renditions and places nest four deep
        return dict(entry)
    return {
        key.lower(): lowered(value, depth + 1)
        if isinstance(value, dict)
        else [lowered(each, depth + 1) if isinstance(each, dict) else each for each in value]
        if isinstance(value, list)
        else value
        for key, value in entry.items()
    }


def _line(value: Any) -> str | None:
    return one_line(value) or None if isinstance(value, str) else None


def _failure(doc: RawDocument, code: str, message: str, position: int, entry: Any) -> Failure:
    try:
        raw = msgspec.json.encode(entry)
    except (msgspec.EncodeError, TypeError, ValueError, RecursionError):
        raw = None
    return Failure("parse", code, f"{doc.input} (item {position}) {message}", doc.input, position, raw)
