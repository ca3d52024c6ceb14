"""The kept stories of the last fortnight in one language, found by what they say.

Candidates for a new story are those with the same copy, the same headline, or a shared anchor: an anchor is a shingle
whose hash is below 2^32 / 16, or one of the story's six smallest, so that a cut-down copy shares anchors with the
whole one. A key names its latest eight stories. A story costs about 1.2 KB of memory and 800 bytes of state while it
is in the window; all of it is columns, none of it objects.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.dedupe.entries import NUMBERS, Entries, Index, concat, spread
from transforms.dedupe.policy import HOUR, POLICY
from transforms.dedupe.postings import Keys, Postings, compose
from transforms.dedupe.signature import FLAGS
from transforms.dedupe.tokens import mix
from transforms.lake.seen import Words

WINDOW = POLICY.window_hours * HOUR
MAX_STORIES = 200_000
"""Of one language: 250 MB at most; the oldest leave first."""

MAX_BUCKET = 8
"""Latest stories looked at for one key: wording shared by more is a form, which figures would part anyway."""

MAX_CANDIDATES = 12
"""Compared with one new story, the latest first."""

FACTS = ("copy_hash", "text_hash", "time", "words")
"""What cheap conditions are asked of."""

_ANCHOR_LIMIT = 1 << 28
_MIN_ANCHORS = 6
_MAX_ANCHORS = 16
_CHUNK = 1 << 14
"""Rows up to which neighbouring chunks are joined, so that small calls leave few."""

_KIND_BITS = np.uint64(~((1 << 26) - 1) & 0xFFFFFFFFFFFFFFFF)
_COPY, _HEADLINE = (np.uint64(kind << 24) for kind in (1, 2))


class Column:
    """A growing array that forgets its beginning."""

    def __init__(self, kind: str, width: int | None = None) -> None:
        """Begin empty, of a NumPy type; with a width, of rows of so many."""
        self._kind = kind
        self._shape = () if width is None else (width,)
        self._data = np.zeros((0, *self._shape), kind)
        self._from = 0
        self._to = 0

    @property
    def values(self) -> npt.NDArray[Any]:
        """What it holds, as a view."""
        return self._data[self._from : self._to]

    def extend(self, values: npt.NDArray[Any]) -> None:
        """Add rows."""
        if self._to + len(values) > len(self._data):
            live = self.values
            self._data = np.zeros((2 * (len(live) + len(values)), *self._shape), self._kind)
            self._data[: len(live)] = live
            self._from, self._to = 0, len(live)
        self._data[self._to : self._to + len(values)] = values
        self._to += len(values)

    def trim(self, count: int) -> None:
        """Forget the first rows."""
        self._from += count


def keys_of(entries: Entries) -> tuple[Keys, Index]:
    """Under which stories are filed and looked for, and the row of each key; kinds of keys cannot meet.

    Pictures and the like have none: they repeat nothing.
    """
    numbers = entries.numbers
    text = np.flatnonzero((numbers["flags"] & FLAGS["not_text"]) == 0)
    offsets, values = entries.lists["shingles"]
    count = np.minimum(offsets[text + 1] - offsets[text], _MAX_ANCHORS)
    smallest = values[spread(offsets[text], count)].astype(np.uint64)
    rank = spread(np.zeros(len(text), np.int64), count)
    anchor = (rank < _MIN_ANCHORS) | (smallest < _ANCHOR_LIMIT)
    keys, owners = [smallest[anchor] << np.uint64(32)], [np.repeat(text, count)[anchor]]
    for name, kind in (("copy_hash", _COPY), ("headline_key", _HEADLINE)):
        values = numbers[name][text]
        there = values != 0
        keys.append((values[there].astype(np.uint64) & _KIND_BITS) | kind)
        owners.append(text[there])
    return np.concatenate(keys), np.concatenate(owners)


def family_keys(high: Words, low: Words) -> Keys:
    """Keys of families, for ``Window.families``."""
    return mix(high ^ (low * np.uint64(3)))


class Window:
    """Kept stories of one language, numbered in order of arrival.

    Attributes:
        next: number of the next story.
        clock: of each story held, when it came; never falling.
        story: halves of each story's family id.
        cluster: halves of each story's cluster id.
        facts: the columns ``FACTS`` of each story.
        index: numbers by key.
        families: numbers by family.
    """

    def __init__(self, first: int = 0) -> None:
        """Begin empty, counting from ``first``."""
        self.next = first
        self.clock = Column("<i8")
        self.story = (Column("<u8"), Column("<u8"))
        self.cluster = (Column("<u8"), Column("<u8"))
        self.facts = {name: Column(NUMBERS[name]) for name in FACTS}
        self.index = Postings()
        self.families = Postings()
        self._chunks: list[tuple[int, Entries]] = []

    def __len__(self) -> int:
        """Number of stories held."""
        return len(self.clock.values)

    @property
    def base(self) -> int:
        """Number of the first story held."""
        return self.next - len(self)

    def floors(self, clocks: Index, numbers: npt.NDArray[np.integer] | int) -> Index:
        """The least number that counts at these clocks, when the next story has these numbers."""
        by_time = np.searchsorted(self.clock.values, clocks - WINDOW) + self.base
        floors: Index = np.maximum(by_time, np.asarray(numbers) - MAX_STORIES)
        return floors

    def expire(self, clock: int) -> None:
        """Forget what no later story can be compared with."""
        floor = int(self.floors(np.array([clock]), self.next)[0])
        gone = floor - self.base
        if gone > 0:
            for column in (self.clock, *self.story, *self.cluster, *self.facts.values()):
                column.trim(gone)
            self._chunks = [(start, rows) for start, rows in self._chunks if start + len(rows) > floor]

    def add(self, rows: Entries, clocks: Index, keys: Keys | None = None) -> None:
        """File kept stories.

        Args:
            rows: in order of arrival.
            clocks: of each.
            keys: made by ``compose`` with their numbers less ``index.base``, sorted; None: made here.
        """
        if not len(rows):
            return
        floor, first = self.base, self.next
        self.make_room(len(rows))
        if keys is None:
            plain, owner = keys_of(rows)
            keys = np.sort(compose(plain, owner + (first - self.index.base)))
        self.index.add(keys, floor)
        high, low = rows.numbers["story_hi"], rows.numbers["story_lo"]
        places = np.arange(first, first + len(rows)) - self.families.base
        self.families.add(np.sort(compose(family_keys(high, low), places)), floor)
        self.clock.extend(clocks)
        self.story[0].extend(high)
        self.story[1].extend(low)
        for name, column in self.facts.items():
            column.extend(rows.numbers[name])
        self.next += len(rows)
        self._chunks.append((first, rows))
        while len(self._chunks) > 1:
            (start, one), (_, other) = self._chunks[-2:]
            if len(one) > 2 * len(other) or len(one) + len(other) > _CHUNK:
                break
            self._chunks[-2:] = [(start, concat((one, other)))]

    def make_room(self, count: int) -> None:
        """See that the next ``count`` numbers fit into the index."""
        self.index.rebase(self.base, self.next + count)
        self.families.rebase(self.base, self.next + count)

    def find(self, number: int) -> tuple[Entries, int]:
        """The entries that hold a story, and its place there."""
        low, high = 0, len(self._chunks)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._chunks[middle][0] <= number else (low, middle)
        return self._chunks[low][1], number - self._chunks[low][0]

    def latest_of(self, high: Words, low: Words, numbers: Index, clocks: Index) -> Index:
        """The last story of each family (story id) below a number and still counting at a clock; -1: none."""
        if not len(high) or not len(self):
            return np.full(len(high), -1, np.int64)
        found = self.families.before(family_keys(high, low), numbers)
        alive = found >= np.maximum(self.floors(clocks, numbers), self.base)
        at = np.where(alive, found - self.base, 0)
        alive &= (self.story[0].values[at] == high) & (self.story[1].values[at] == low)
        return np.where(alive, found, -1)

    def entries(self, floor: int) -> Entries | None:
        """All stories from a number on; None: there are none."""
        parts = []
        for start, rows in self._chunks:
            if start + len(rows) > floor:
                parts.append(rows if start >= floor else rows.take(np.arange(floor - start, len(rows))))
        return concat(parts) if parts else None
