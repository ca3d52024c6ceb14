"""Completing a feed's memory once its document was read: what the window held, and whether something fell out."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from schemas.batch import Pulled
from schemas.document import ParsedDocument
from schemas.item import NewsItem
from transforms.pull.memory import ID_BYTES, decode_record, encode_record
from transforms.pull.schedule import after_broken, after_items


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
    record, gap, key = decode_record(pulled.feed_state), None, pulled.feed_key
    broken = any(failure.position is None for failure in parsed.failures)
    if parsed.items or not broken:
        content = hashlib.blake2b(digest_size=16)
        ids = []
        for item in parsed.items:
            ids.append(_item_id(item))
            text = "\0".join((item.headline or "", item.standfirst or "", item.body or ""))
            content.update(ids[-1] + text.encode("utf-8", "surrogatepass"))
        record, gap = after_items(record, ids, content.digest(), parsed.hints, pulled.fetched_at, least, key)
    if broken:
        record = after_broken(record, pulled.fetched_at, least, key, items=bool(parsed.items))
    return replace(pulled, feed_state=encode_record(record), next_poll_at=record.next_poll_at), gap


def _item_id(item: NewsItem) -> bytes:
    """What names an item within its feed, whatever else changes in it."""
    name = item.guid or item.url or item.headline or item.body or item.standfirst or ""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=ID_BYTES).digest()
