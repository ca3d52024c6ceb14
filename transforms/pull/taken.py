"""Which watched files were taken, as versioned bytes in the lake's state: whole versions, and lines of growing files.

A record is committed with the poll of what was read, so the memory never runs ahead of the rows. Losing it costs a
second reading and nothing else: the seen-index knows the rows.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from transforms.lake.errors import LakeTooNew, StateDamaged

TAKEN = "taken"
"""Kind of the state segments that hold it."""

TAKEN_VERSION = 1
"""First byte of everything encoded here; fields are only ever added, with a default."""

MAX_TAKEN = 1_000_000
"""Records kept, the latest first: about 100 MB; a file older than a million others is read again and found known."""

RETRY_AFTER = timedelta(minutes=10)
"""A file that could not be opened is tried again: permissions and networks mend."""

_MARK = "file:"


@dataclass(frozen=True, slots=True)
class TakenRecord:
    """What was taken of one file.

    Attributes:
        size: of the file, bytes.
        mtime: its modification time, nanoseconds since 1970.
        start: first byte taken.
        end: byte after the last one taken.
        taken_at: when, aware UTC.
        retry_at: it could not be read; look again from then on.
    """

    size: int
    mtime: int
    start: int
    end: int
    taken_at: datetime
    retry_at: datetime | None = None


_RECORD = msgspec.msgpack.Decoder(TakenRecord)
_RECORDS = msgspec.msgpack.Decoder(dict[str, bytes])


class TakenTooNewError(LakeTooNew):
    """Memory of taken files written by a newer wirelake."""


def whole_key(path: str) -> str:
    """Names a file that is taken as a whole."""
    return f"{_MARK}{_digest(path.encode())}"


def growing_key(path: str, head: bytes) -> str:
    """Names a file that grows; another beginning makes it another file (rotated, replaced)."""
    return f"{_MARK}{_digest(path.encode(), head)}"


def part_key(key: str, start: int) -> str:
    """Names one part of a growing file."""
    return f"{key}@{start}"


def is_file_key(key: str | None) -> bool:
    """Whether a key names a file and not a feed."""
    return key is not None and key.startswith(_MARK)


def _digest(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        digest.update(len(part).to_bytes(4) + part)
    return digest.hexdigest()


def encode_taken(record: TakenRecord) -> bytes:
    """A record as bytes."""
    return bytes([TAKEN_VERSION]) + msgspec.msgpack.encode(record)


def decode_taken(data: bytes | memoryview) -> TakenRecord:
    """The inverse of ``encode_taken``, for this and older versions.

    Raises:
        TakenTooNewError: a newer wirelake wrote it.
    """
    return _RECORD.decode(_checked(data))


def retry_later(data: bytes, now: datetime) -> bytes:
    """The record of a file that could not be read: nothing was taken, look again later."""
    record = decode_taken(data)
    return encode_taken(replace(record, end=record.start, taken_at=now, retry_at=now + RETRY_AFTER))


def _checked(data: bytes | memoryview) -> bytes:
    if data[0] > TAKEN_VERSION:
        raise TakenTooNewError(f"memory of files of version {data[0]}; this wirelake reads {TAKEN_VERSION}: upgrade it")
    return bytes(data[1:])


@dataclass(frozen=True, slots=True)
class TakenFiles:
    """All that was taken, by key.

    Attributes:
        records: by ``whole_key`` or ``part_key``.
        offsets: for growing files, up to where everything was taken without a hole.
        waits: for growing files that could not be read, when to look again.
    """

    records: Mapping[str, TakenRecord]
    offsets: Mapping[str, int]
    waits: Mapping[str, datetime]

    @classmethod
    def of(cls, records: Mapping[str, TakenRecord]) -> "TakenFiles":
        """Sort out records; parts that follow each other become one."""
        plain: dict[str, TakenRecord] = {}
        parts: dict[str, list[TakenRecord]] = defaultdict(list)
        for key, record in records.items():
            base, mark, _ = key.partition("@")
            if mark:
                parts[base].append(record)
            else:
                plain[key] = record
        offsets: dict[str, int] = {}
        waits: dict[str, datetime] = {}
        for base, found in parts.items():
            found.sort(key=lambda record: record.start)
            joined: list[TakenRecord] = []
            for record in found:
                if joined and record.start <= joined[-1].end and record.retry_at is None:
                    last = joined[-1]
                    joined[-1] = replace(
                        record, start=last.start, end=max(last.end, record.end), retry_at=last.retry_at
                    )
                else:
                    joined.append(record)
            plain |= {part_key(base, record.start): record for record in joined}
            offsets[base] = joined[0].end if joined[0].start == 0 else 0
            later = [record.retry_at for record in joined if record.retry_at]
            if later:
                waits[base] = max(later)
        return cls(plain, offsets, waits)

    @classmethod
    def load(cls, segments: Iterable[bytes | memoryview]) -> "TakenFiles":
        """Read state segments, oldest first.

        Raises:
            TakenTooNewError: a newer wirelake wrote one.
        """
        records: dict[str, bytes] = {}
        for segment in segments:
            try:
                records.update(_RECORDS.decode(_checked(segment)))
            except (IndexError, msgspec.DecodeError) as error:
                raise StateDamaged("the memory of files") from error
        return cls.of({key: decode_taken(data) for key, data in records.items()})

    def to_bytes(self) -> bytes:
        """As a state segment, the latest ``MAX_TAKEN`` records."""
        kept = sorted(self.records.items(), key=lambda pair: pair[1].taken_at, reverse=True)[:MAX_TAKEN]
        return encode_segment({key: encode_taken(record) for key, record in kept})

    def knows(self, path: str, size: int, mtime: int, now: datetime) -> bool:
        """Whether this version of a file was taken as a whole, or is not to be tried again yet."""
        record = self.records.get(whole_key(path))
        if record is None or (record.size, record.mtime) != (size, mtime):
            return False
        return record.retry_at is None or now < record.retry_at

    def offset(self, key: str) -> int:
        """Up to where a growing file was taken."""
        return self.offsets.get(key, 0)

    def waits_at(self, key: str, now: datetime) -> bool:
        """Whether a growing file could not be read a short while ago."""
        until = self.waits.get(key)
        return until is not None and now < until


def encode_segment(records: Mapping[str, bytes]) -> bytes:
    """Encoded records as a state segment."""
    return bytes([TAKEN_VERSION]) + msgspec.msgpack.encode(dict(records))
