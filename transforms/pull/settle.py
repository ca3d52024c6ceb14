"""Completing a feed's memory once its document was read: what the window held, and whether something fell out."""

from dataclasses import replace
from datetime import timedelta

from schemas.batch import Pulled
from schemas.document import ParsedDocument
from schemas.identity import hash_parts
from transforms.pull.memory import ID_BYTES, decode_record, encode_record
from transforms.pull.schedule import after_items


def settle(pulled: Pulled, parsed: ParsedDocument, least: timedelta) -> tuple[Pulled, bool | None]:
    """Complete a feed's memory with what its document held.

    Args:
        pulled: a response.
        parsed: what it held.
        least: the run's least interval.

    Returns:
        The same with the memory to keep and the next poll time, and whether items may have been missed since the last
        poll (None: cannot be said).
    """
    if pulled.feed_state is None or pulled.feed_key is None or pulled.outcome != "ok":
        return pulled, None
    ids = [
        bytes.fromhex(
            hash_parts("window", (item.guid or item.url or item.headline or item.body or "",))[: 2 * ID_BYTES]
        )
        for item in parsed.items
    ]
    record, gap = after_items(
        decode_record(pulled.feed_state), ids, parsed.hints, pulled.fetched_at, least, pulled.feed_key
    )
    settled = replace(pulled, feed_state=encode_record(record), next_poll_at=record.next_poll_at)
    return settled, gap
