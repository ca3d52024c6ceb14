"""What is remembered of each feed between polls: versioned bytes, kept in the lake's state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from schemas.identity import hash_parts
from transforms.lake.errors import LakeTooNew, StateDamaged

MEMORY_VERSION = 1
"""First byte of everything encoded here; fields are only ever added, with a default."""

FEEDS = "feeds"
"""Kind of the state segments that hold it."""

WINDOW_IDS = 512
"""Item ids remembered of a feed's last window: longer than all but archives. Of a longer window the smallest ids are
kept: which ones they are does not depend on the order of items, so two windows are compared by like samples."""

CHILD_KEPT = timedelta(days=30)
"""A sitemap that no index has named for so long is forgotten: publishers name a new one every day."""

ID_BYTES = 8
"""64 bits name an item within its feed."""


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """One feed's memory.

    Attributes:
        polls: polls so far, failed ones included.
        errors: failed polls in a row; a document that could not be read counts as one.
        failing_since: the first of them.
        gone: the server said 410; the feed is never asked again.
        polled_at: last poll, aware UTC.
        next_poll_at: when it is due.
        not_before: no request before this moment, whatever the options (Retry-After).
        fresh_until: until when the server called its last answer fresh (max-age, Expires).
        etag: byte for byte as sent.
        last_modified: byte for byte as sent.
        asked: how the last full response was asked for, one of ``ASKED_…``.
        recheck: the next poll goes without validators, to check the last 304.
        quiet: polls in a row that brought no change.
        strikes: suspicions in a row that content had changed behind a 304.
        honest: a conditional request has brought changed content at least once.
        liar: content changed behind a 304; polled without validators from now on.
        items_hash: of the last window's items and their text; empty before the first.
        learned_url: a permanent redirect, adopted.
        redirect_to: a permanent redirect, seen but not yet adopted.
        redirects_seen: how often in a row.
        window: ids of the last window's items, ID_BYTES each, sorted; the first WINDOW_IDS of them.
        window_at: when that window was fetched.
        new_at: when an item was last new.
        peak_per_hour: the busiest rate of new items seen, fading with time.
        interval_seconds: the feed's own rhythm as learned; 0 before it is known.
        document_seconds: what the document asks for between polls (ttl, update period).
        skip_hours: GMT hours without polls.
        skip_days: days without polls, 0 is Monday.
        children: of a sitemap index, the addresses that are polled with it; none that shows a secret.
        child: a sitemap that is polled because an index names it.
    """

    polls: int = 0
    errors: int = 0
    failing_since: datetime | None = None
    gone: bool = False
    polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    not_before: datetime | None = None
    fresh_until: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    asked: int = 0
    recheck: bool = False
    quiet: int = 0
    strikes: int = 0
    honest: bool = False
    liar: bool = False
    items_hash: bytes = b""
    learned_url: str | None = None
    redirect_to: str | None = None
    redirects_seen: int = 0
    window: bytes = b""
    window_at: datetime | None = None
    new_at: datetime | None = None
    peak_per_hour: float = 0.0
    interval_seconds: float = 0.0
    document_seconds: float = 0.0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    children: tuple[str, ...] = ()
    child: bool = False


ASKED_PLAIN, ASKED_CONDITIONAL, ASKED_AGAIN, ASKED_AGAIN_SAME, ASKED_LATER = range(5)
"""How a full response was asked for: without validators; with them; without them after a 304 moments before, and the
validators had changed; the same, or later, and they had not; later, and they had."""

_RECORD = msgspec.msgpack.Decoder(FeedRecord)
_MEMORY = msgspec.msgpack.Decoder(dict[str, bytes])


class MemoryTooNewError(LakeTooNew):
    """Feed memory written by a newer wirelake."""


def feed_key(address: str) -> str:
    """Names a feed in the memory without showing its address, which may hold secrets."""
    return hash_parts("feed", (address,))


def encode_record(record: FeedRecord) -> bytes:
    """A feed's memory as bytes."""
    return bytes([MEMORY_VERSION]) + msgspec.msgpack.encode(record)


def decode_record(data: bytes) -> FeedRecord:
    """The inverse of ``encode_record``, for this and older versions.

    Raises:
        MemoryTooNewError: a newer wirelake wrote it.
    """
    return _RECORD.decode(_checked(data))


def _checked(data: bytes | memoryview) -> bytes:
    if data[0] > MEMORY_VERSION:
        raise MemoryTooNewError(f"feed memory of version {data[0]}; this wirelake reads {MEMORY_VERSION}: upgrade it")
    return bytes(data[1:])


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """The memory of many feeds, by key; records stay encoded until they are asked for.

    Attributes:
        records: encoded records by feed key.
    """

    records: Mapping[str, bytes]

    @classmethod
    def of(cls, records: Mapping[str, bytes]) -> "FeedMemory":
        """Memory of some feeds."""
        return cls(dict(records))

    @classmethod
    def load(cls, segments: Iterable[bytes | memoryview]) -> "FeedMemory":
        """Read state segments, oldest first; a later record of a feed replaces an earlier one.

        Raises:
            MemoryTooNewError: a newer wirelake wrote one.
        """
        records: dict[str, bytes] = {}
        for segment in segments:
            try:
                records.update(_MEMORY.decode(_checked(segment)))
            except (IndexError, msgspec.DecodeError) as error:
                raise StateDamaged("the memory of feeds") from error
        return cls(records)

    def with_newer(self, newer: "FeedMemory") -> "FeedMemory":
        """This memory, with another's records in place of its own."""
        return FeedMemory({**self.records, **newer.records})

    def to_bytes(self) -> bytes:
        """As a state segment."""
        return bytes([MEMORY_VERSION]) + msgspec.msgpack.encode(dict(self.records))

    def pruned(self, now: datetime) -> "FeedMemory":
        """This memory without the sitemaps that no index has named for CHILD_KEPT."""

        def is_old(record: FeedRecord) -> bool:
            return record.child and record.polled_at is not None and now - record.polled_at > CHILD_KEPT

        return FeedMemory({key: data for key, data in self.records.items() if not is_old(decode_record(data))})

    def get(self, address: str) -> FeedRecord:
        """What is remembered of a feed; a new one when it was never polled."""
        data = self.records.get(feed_key(address))
        return decode_record(data) if data else FeedRecord()
