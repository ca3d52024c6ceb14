"""The lake's memory of what it has seen, as bytes: the segment format, and the index over many segments.

A segment is a header and named columns of fixed-width numbers, little-endian, each aligned to 8 bytes, so that a
memory-mapped file is searched in place without being read:

    magic ``WLSEEN``, version (u16), number of columns (u32), 4 bytes of zeros; per column: name (16 bytes),
    NumPy type (8 bytes), count (u64), offset (u64); then the columns.

The index needs three of them, sorted by the first two: ``row_hi`` and ``row_lo`` (the two halves of a row id) and
``row_day`` (days since 1970 UTC when the row was last seen; ``FOREVER`` for tombstones). A row costs 18 bytes here
and 22 with what the decisions keep beside it; ten million known stories stay below 600 MB.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.lake.errors import LakeDamaged

SEEN = "seen"
"""Kind of the state segments that hold it, in commit records."""

MAGIC = b"WLSEEN"
VERSION = 1
"""Raised when the layout or the meaning of a column changes; a reader refuses what it does not know."""

FOREVER = 0xFFFF
"""``row_day`` of rows that are never forgotten."""

ID_BYTES = 16
_HEADER = struct.Struct("<6sHII")
_COLUMN = struct.Struct("<16s8sQQ")
_MAX_COLUMNS = 256
_TYPES = {kind.encode(): np.dtype(kind) for kind in ("|u1", "<u2", "<u4", "<u8", "<i4", "<i8")}
_ROW_COLUMNS = ("row_hi", "row_lo", "row_day")

Buffer = bytes | bytearray | memoryview
Columns = dict[str, npt.NDArray[Any]]
Words = npt.NDArray[np.uint64]


class SeenFormatError(LakeDamaged):
    """A state segment that cannot be read; the message says what to do."""


def write_segment(columns: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Write columns of numbers as one segment.

    Args:
        columns: one-dimensional arrays of numbers by name (ASCII, at most 16 characters).

    Returns:
        Bytes, equal for equal columns.
    """
    arrays = {name: _little(array) for name, array in columns.items()}
    offset = _HEADER.size + _COLUMN.size * len(arrays)
    head = [_HEADER.pack(MAGIC, VERSION, len(arrays), 0)]
    parts: list[bytes | memoryview] = []
    for name, array in arrays.items():
        gap = -offset % 8
        head.append(_COLUMN.pack(name.encode("ascii"), array.dtype.str.encode("ascii"), len(array), offset + gap))
        parts += [b"\0" * gap, array.data.cast("B") if len(array) else b""]
        offset += gap + array.nbytes
    return b"".join([*head, *parts])


def _little(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<"))


def read_segment(segment: Buffer) -> Columns:
    """Read a segment without copying it.

    Args:
        segment: what ``write_segment`` made; may be a memory map.

    Returns:
        The columns by name, as views into ``segment``.

    Raises:
        SeenFormatError: no segment, a version that this release does not know, or a truncated one.
    """
    view = memoryview(segment)
    if len(view) < _HEADER.size:
        raise SeenFormatError(
            "this is no seen-index segment: it is too short; `wirelake state LAKE --verify` names the file to restore"
        )
    magic, version, count, _ = _HEADER.unpack_from(view)
    if magic != MAGIC:
        raise SeenFormatError(
            "this is no seen-index segment: wrong magic; `wirelake state LAKE --verify` names the file to restore"
        )
    if version != VERSION:
        raise SeenFormatError(
            f"the seen-index has format {version}, this one reads {VERSION}: use the release that wrote it"
        )
    columns: Columns = {}
    if count > _MAX_COLUMNS or _HEADER.size + count * _COLUMN.size > len(view):
        raise SeenFormatError(
            "the seen-index segment is truncated; `wirelake state LAKE --verify` names the file to restore"
        )
    for number in range(count):
        name, kind, length, offset = _COLUMN.unpack_from(view, _HEADER.size + number * _COLUMN.size)
        dtype = _TYPES.get(kind.rstrip(b"\0"))
        if dtype is None or offset + length * dtype.itemsize > len(view):
            raise SeenFormatError(
                "the seen-index segment is damaged; `wirelake state LAKE --verify` names the file to restore"
            )
        column = np.frombuffer(view, dtype, length, offset) if length else np.zeros(0, dtype)
        columns[name.rstrip(b"\0").decode("ascii", "replace")] = column
    return columns


def split_ids(ids: npt.NDArray[np.bytes_] | Sequence[bytes]) -> tuple[Words, Words]:
    """The two halves of 16-byte ids as numbers that sort like the ids.

    Args:
        ids: an array of type ``S16``, or byte strings of 16 bytes.
    """
    array = np.ascontiguousarray(ids, "S16") if len(ids) else np.zeros(0, "S16")
    halves = array.view(">u8").reshape(-1, 2).astype(np.uint64)
    return np.ascontiguousarray(halves[:, 0]), np.ascontiguousarray(halves[:, 1])


def join_ids(high: Words, low: Words) -> npt.NDArray[np.bytes_]:
    """The ids of which ``split_ids`` made halves."""
    return np.ascontiguousarray(np.stack((high, low), axis=1).astype(">u8")).view("S16").reshape(-1)


def find(keys: tuple[Words, Words], high: Words, low: Words) -> npt.NDArray[np.int64]:
    """Where ids stand in sorted columns.

    Args:
        keys: sorted halves, unique together.
        high: first halves of the ids asked for.
        low: second halves.

    Returns:
        Places; -1 where an id is not there.
    """
    known_high, known_low = keys
    if not len(known_high) or not len(high):
        return np.full(len(high), -1, np.int64)
    place = np.searchsorted(known_high, high)
    found = np.full(len(high), -1, np.int64)
    open_ = np.arange(len(high))
    while len(open_):  # ids that share 64 bits stand beside each other; one round for all others
        at = place[open_]
        inside = at < len(known_high)
        open_, at = open_[inside], at[inside]
        same = known_high[at] == high[open_]
        open_, at = open_[same], at[same]
        hit = known_low[at] == low[open_]
        found[open_[hit]] = at[hit]
        open_ = open_[~hit]
        place[open_] += 1
    return found


class SeenIndex:
    """Which rows are known, asked of segments that may be memory maps."""

    def __init__(self, parts: Sequence[tuple[Words, Words, npt.NDArray[np.uint16]]]) -> None:
        """Use ``open`` instead."""
        self._parts = tuple(parts)

    @classmethod
    def open(cls, segments: Sequence[Buffer]) -> "SeenIndex":
        """Open segments, oldest first; nothing is copied.

        Raises:
            SeenFormatError: a segment is not of this format.
        """
        parts = []
        for segment in segments:
            columns = read_segment(segment)
            if all(name in columns for name in _ROW_COLUMNS):
                parts.append(tuple(columns[name] for name in _ROW_COLUMNS))
        return cls(parts)  # type: ignore[arg-type]

    def __len__(self) -> int:
        """Rows in all segments; one that was seen again stands in several."""
        return sum(len(part[0]) for part in self._parts)

    def count(self) -> int:
        """Rows known, each counted once."""
        rows = 0
        for number, (high, low, _) in enumerate(self._parts):
            older = np.zeros(len(high), np.bool_)
            for known_high, known_low, _ in self._parts[:number]:
                older |= find((known_high, known_low), high, low) >= 0
            rows += len(high) - int(older.sum())
        return rows

    def contains(self, row_ids: npt.NDArray[np.bytes_]) -> npt.NDArray[np.bool_]:
        """Whether each row id (type ``S16``) is known. A thousand ids cost a millisecond or two per segment."""
        return self.last_seen(row_ids) >= 0

    def last_seen(self, row_ids: npt.NDArray[np.bytes_]) -> npt.NDArray[np.int64]:
        """The day (since 1970 UTC) on which each row was last seen, ``FOREVER`` for tombstones, -1 if unknown."""
        high, low = split_ids(row_ids)
        order = np.argsort(high)  # neighbours lie on the same pages
        high, low = high[order], low[order]
        days = np.full(len(high), -1, np.int64)
        for known_high, known_low, known_day in self._parts:
            at = find((known_high, known_low), high, low)
            hit = np.flatnonzero(at >= 0)
            days[order[hit]] = np.maximum(days[order[hit]], known_day[at[hit]])
        return days
