"""What is remembered of each feed between polls: versioned bytes, kept in the lake's state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from schemas.identity import hash_parts

MEMORY_VERSION = 1
"""First byte of everything encoded here; fields are only ever added, with a default."""

FEEDS = "feeds"
"""Kind of the state segments that hold it."""

WINDOW_IDS = 512
"""Item ids remembered of a feed's last window: longer than all but archives, and overlap needs only one of them."""

ID_BYTES = 8
"""64 bits name an item within its feed."""


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """One feed's memory.

    Attributes:
        polls: polls so far, failed ones included.
        errors: failed polls in a row.
        gone: the server said 410; the feed is never asked again.
        polled_at: last poll, aware UTC.
        next_poll_at: when it is due.
        not_before: no request before this moment, whatever the options (Retry-After).
        etag: byte for byte as sent.
        last_modified: byte for byte as sent.
        liar: content changed behind a 304; polled without validators from now on.
        body_hash: of the last full response, hex; empty before the first.
        learned_url: a permanent redirect, adopted.
        redirect_to: a permanent redirect, seen but not yet adopted.
        redirects_seen: how often in a row.
        window: ids of the last window's items, ID_BYTES each.
        interval_seconds: the feed's own rhythm as learned; 0 before it is known.
        least_seconds: what server and feed ask for between polls.
        skip_hours: GMT hours without polls.
        skip_days: days without polls, 0 is Monday.
    """

    polls: int = 0
    errors: int = 0
    gone: bool = False
    polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    not_before: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    liar: bool = False
    body_hash: str = ""
    learned_url: str | None = None
    redirect_to: str | None = None
    redirects_seen: int = 0
    window: bytes = b""
    interval_seconds: float = 0.0
    least_seconds: float = 0.0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


_RECORD = msgspec.msgpack.Decoder(FeedRecord)
_MEMORY = msgspec.msgpack.Decoder(dict[str, bytes])


class MemoryTooNewError(ValueError):
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
            records.update(_MEMORY.decode(_checked(segment)))
        return cls(records)

    def with_newer(self, newer: "FeedMemory") -> "FeedMemory":
        """This memory, with another's records in place of its own."""
        return FeedMemory({**self.records, **newer.records})

    def to_bytes(self) -> bytes:
        """As a state segment."""
        return bytes([MEMORY_VERSION]) + msgspec.msgpack.encode(dict(self.records))

    def get(self, address: str) -> FeedRecord:
        """What is remembered of a feed; a new one when it was never polled."""
        data = self.records.get(feed_key(address))
        return decode_record(data) if data else FeedRecord()
