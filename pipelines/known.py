"""What a lake's shards remember, followed read-only while others commit: known rows and the control shard's memory.

Opening a shard for writing finishes what a dead writer left; readers that only follow must not do that every second.
They read the head, which names a commit that is published, and the state segments of its record.
"""

import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from transforms.lake.history import read_head, read_record
from transforms.lake.lake import Lake
from transforms.lake.seen import SEEN, SeenIndex
from transforms.lake.storage import NotFound, Storage

SEGMENTS = "_state/segments"

LOOKS = 5
"""Segments may be merged away between reading their names and opening them; five times in a row means something else,
and the value of the last look still holds."""

_Value = TypeVar("_Value")


class Followed(Generic[_Value]):
    """A value made of a shard's live state segments of one kind, made again when they change."""

    def __init__(
        self, storage: Storage, shard: str, kind: str, load: Callable[[Sequence[memoryview]], _Value], pause: float
    ) -> None:
        """Follow ``kind`` in ``shard``.

        Args:
            storage: of the lake.
            shard: its name.
            kind: of the segments.
            load: makes the value of segments, oldest first.
            pause: least seconds between two looks; infinite: the first look holds.
        """
        self._storage = storage
        self._shard = shard
        self._kind = kind
        self._load = load
        self._pause = pause
        self._looked: float | None = None
        self._sequence = -1
        self._names: tuple[str, ...] | None = None
        self._value = load(())

    def now(self) -> _Value:
        """The value as of the last look; looks again when the pause is over."""
        moment = time.monotonic()
        if self._looked is None or moment - self._looked >= self._pause:
            self._look()
            self._looked = moment
        return self._value

    def _look(self) -> None:
        for _ in range(LOOKS):
            if self._load_latest():
                return

    def _load_latest(self) -> bool:
        sequence = read_head(self._storage, self._shard).sequence
        if sequence == self._sequence:
            return True
        record = read_record(self._storage, self._shard, sequence) if sequence else None
        prefix = f"{self._kind}-"
        names = tuple(n for n in (record.state if record else ()) if n.rpartition("/")[2].startswith(prefix))
        if names != self._names:
            try:
                views = [self._storage.view(f"{SEGMENTS}/{self._shard}/{name}") for name in names]
            except NotFound:
                return False
            self._value, self._names = self._load(views), names
        self._sequence = sequence
        return True


class NothingKnown:
    """Stands for the known rows where everything is to be read as if for the first time."""

    def now(self) -> Sequence[SeenIndex]:
        """None."""
        return ()


class KnownRows:
    """The known rows of every shard of a lake, by shard number."""

    def __init__(self, lake: Lake, pause: float = float("inf")) -> None:
        """Know the rows of ``lake``; look again every ``pause`` seconds, by default never."""
        self._shards = [
            Followed(lake.storage, str(number), SEEN, SeenIndex.open, pause) for number in range(lake.shards)
        ]

    def now(self) -> Sequence[SeenIndex]:
        """One index per shard."""
        return [shard.now() for shard in self._shards]
