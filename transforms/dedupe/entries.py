"""Rows as the decisions need them: columns of numbers, and lists as offsets and values; no object per row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.dedupe.policy import Copy
from transforms.dedupe.signature import FLAGS
from transforms.lake.seen import Columns, Words, split_ids

Index = npt.NDArray[np.int64]
Lists = tuple[Index, npt.NDArray[Any]]
"""Offsets (one more than rows, the first 0) and values."""

NUMBERS = {
    "story_hi": "<u8",
    "story_lo": "<u8",
    "provider": "<u8",
    "text_hash": "<u8",
    "copy_hash": "<u8",
    "headline_key": "<u8",
    "time": "<i8",
    "words": "<i4",
    "flags": "<u2",
    "shift": "<u1",
}
LISTS = {"shingles": "<u4", "figures": "<u8", "headline_tokens": "<u4", "events": "<u4"}
_NAMES = {
    "provider": "win_provider",
    "text_hash": "win_text",
    "copy_hash": "win_copy",
    "headline_key": "win_head_key",
    "headline_tokens": "win_headline",
}
NO_TIME = -(1 << 63)
"""Stands for a missing time."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What the rules see of many stories.

    Attributes:
        numbers: the columns of ``NUMBERS``.
        lists: the columns of ``LISTS``; events carry the headline's mark in bit 0.
    """

    numbers: dict[str, npt.NDArray[Any]]
    lists: dict[str, Lists]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.numbers["words"])

    def take(self, places: Index) -> "Entries":
        """Rows at places."""
        return Entries(
            {name: column[places] for name, column in self.numbers.items()},
            {name: _take(lists, places) for name, lists in self.lists.items()},
        )

    def list_of(self, name: str, place: int) -> npt.NDArray[Any]:
        """One row's values."""
        offsets, values = self.lists[name]
        return values[offsets[place] : offsets[place + 1]]

    def copy_of(self, place: int, language: int) -> Copy:
        """One row as the rules take it."""
        numbers = self.numbers
        events = self.list_of("events", place).tolist()
        figures = frozenset(self.list_of("figures", place).tolist())
        flags = int(numbers["flags"][place])
        return Copy(
            provider=int(numbers["provider"][place]),
            language=language,
            text_hash=int(numbers["text_hash"][place]),
            copy_hash=int(numbers["copy_hash"][place]),
            headline_key=int(numbers["headline_key"][place]),
            time=int(numbers["time"][place]),
            words=int(numbers["words"][place]),
            flags=flags,
            shift=int(numbers["shift"][place]),
            shingles=frozenset(self.list_of("shingles", place).tolist()),
            figures=figures,
            figures_end=max(figures) if flags & FLAGS["figures_cut"] else None,
            headline=frozenset(self.list_of("headline_tokens", place).tolist()),
            headline_stems=frozenset(event & 0xFFFFFFFE for event in events if event & 1),
            opening=frozenset(event & 0xFFFFFFFE for event in events),
        )


def spread(first: Index, lengths: Index) -> Index:
    """Indices of the members of all ranges, one range after the other."""
    before = np.cumsum(lengths) - lengths
    places: Index = np.arange(int(lengths.sum())) + np.repeat(first - before, lengths)
    return places


def _take(lists: Lists, places: Index) -> Lists:
    offsets, values = lists
    lengths = offsets[places + 1] - offsets[places]
    out = np.zeros(len(places) + 1, np.int64)
    np.cumsum(lengths, out=out[1:])
    return out, values[spread(offsets[places], lengths)]


def concat(parts: Sequence[Entries]) -> Entries:
    """Rows of several, one after the other; at least one part."""
    if len(parts) == 1:
        return parts[0]
    lists: dict[str, Lists] = {}
    for name in LISTS:
        lengths = [np.diff(part.lists[name][0]) for part in parts]
        offsets = np.zeros(sum(map(len, lengths)) + 1, np.int64)
        np.cumsum(np.concatenate(lengths), out=offsets[1:])
        lists[name] = offsets, np.concatenate([part.lists[name][1] for part in parts])
    return Entries({name: np.concatenate([part.numbers[name] for part in parts]) for name in NUMBERS}, lists)


def read_ids(column: pa.ChunkedArray) -> tuple[Words, Words]:
    """Halves of a column of 16-byte ids; zeros where it is null."""
    array = _one(column)
    data = np.frombuffer(array.buffers()[1] or b"", np.uint8)[array.offset * 16 : (array.offset + len(array)) * 16]
    high, low = split_ids(data.view("S16"))
    if array.null_count:
        empty = array.is_null().to_numpy(zero_copy_only=False)
        high[empty], low[empty] = 0, 0
    return high, low


def read_numbers(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """A column of numbers; ``NO_TIME`` where it is null."""
    array = _one(column)
    values: npt.NDArray[Any] = (array.fill_null(NO_TIME) if array.null_count else array).to_numpy(zero_copy_only=False)
    return values


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def read_entries(rows: pa.Table) -> Entries:
    """Signature columns (``SIGNATURE_SCHEMA``) as entries."""
    numbers: dict[str, npt.NDArray[Any]] = {}
    numbers["story_hi"], numbers["story_lo"] = read_ids(rows.column("story_id"))
    published, fetched = read_numbers(rows.column("published")), read_numbers(rows.column("fetched"))
    numbers["time"] = np.where(published == NO_TIME, fetched, published)
    for name in NUMBERS:
        if name not in numbers:
            numbers[name] = read_numbers(rows.column(name))
    lists: dict[str, Lists] = {}
    for name in LISTS:
        array = _one(rows.column(name))
        offsets = array.offsets.to_numpy().astype(np.int64)
        lists[name] = offsets - offsets[0], array.values.to_numpy()[offsets[0] : offsets[-1]]
    return Entries(numbers, lists)


def pack(entries: Entries) -> Columns:
    """Columns of a state segment."""
    columns: Columns = {}
    for name, kind in NUMBERS.items():
        columns[_NAMES.get(name, f"win_{name}")] = entries.numbers[name].astype(kind, copy=False)
    for name, kind in LISTS.items():
        offsets, values = entries.lists[name]
        column = _NAMES.get(name, f"win_{name}")
        columns[column] = values.astype(kind, copy=False)
        columns[f"{column}_n"] = np.diff(offsets).astype("<u2")
    return columns


def unpack(columns: Columns) -> Entries:
    """The entries of which ``pack`` made columns."""
    lists: dict[str, Lists] = {}
    for name in LISTS:
        column = _NAMES.get(name, f"win_{name}")
        counts = columns[f"{column}_n"]
        offsets = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=offsets[1:])
        lists[name] = offsets, columns[column]
    return Entries({name: columns[_NAMES.get(name, f"win_{name}")] for name in NUMBERS}, lists)
