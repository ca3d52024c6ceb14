"""From a text file of messages to items and failures: what the character-based formats share."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from schemas.document import Failure, ParsedDocument, RawDocument
from schemas.item import NewsItem
from transforms.parse.agency_document import Clock, bounded
from transforms.parse.errors import ParseError
from transforms.parse.limits import MAX_ITEMS


def read_text_document(
    doc: RawDocument,
    name: str,
    messages: Iterable[str],
    read_message: Callable[[str, Clock], NewsItem],
) -> ParsedDocument:
    """Read a file message by message.

    Args:
        doc: the bytes and where they came from.
        name: of the format.
        messages: the texts of the messages.
        read_message: reads one; raises `ParseError` for a message that can be no row.

    Returns:
        Items and failures; every message is one of them. A file without any is a failure.
    """
    items: list[NewsItem] = []
    failures: list[Failure] = []
    clock = Clock(doc.source.time_zone)
    for position, message in enumerate(messages):
        raw = message.encode("utf-8", "replace")
        where = f"{doc.input} (item {position})"
        if position >= MAX_ITEMS:
            text = f"{doc.input} holds more than {MAX_ITEMS:,} messages: split it"
            failures.append(Failure("parse", "too_many_items", text, doc.input))
            break
        try:
            item = read_message(message, clock)
        except ParseError as error:
            failures.append(Failure("parse", error.code, f"{where} {error.message}", doc.input, position, raw))
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            # a fault of ours: the message is kept, so that a later version reads it again
            text = f"{where} could not be read ({type(error).__name__}: {error}); replay it with a newer version"
            failures.append(Failure("parse", "unreadable_item", text, doc.input, position, raw))
        else:
            if item.headline or item.body or item.editorial_note or item.kill_target or item.status != "usable":
                # a headline of control characters alone is none
                item = replace(item, headline=item.headline or None, body=item.body or None)
                items.append(bounded(replace(item, position=position)))
            else:
                text = f"{where} holds a header but no copy; ask its sender for it again"
                failures.append(Failure("parse", "empty_item", text, doc.input, position, raw))
    if not items and not failures:
        failures.append(Failure("parse", "no_items", f"{doc.input} is {name} without any message in it", doc.input))
    return ParsedDocument(name, items=tuple(items), failures=tuple(failures))
