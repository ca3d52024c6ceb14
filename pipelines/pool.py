"""Worker processes for reading copy: Python reads one item at a time, so a machine's cores need a process each."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import timedelta

from transforms.lake.seen import SEEN

from pipelines.reading import Reader, Reading
from schemas.batch import Pulled
from transforms.pull.schedule import MIN_INTERVAL

GROUP_BYTES = 2 * 1024 * 1024
"""Bytes of documents handed to a worker at a time: long enough to hide the hand-over, short enough to share out."""

GROUP_INPUTS = 64
"""Inputs handed to a worker at a time, however small."""

IN_FLIGHT = 3
"""Groups waiting per worker: keeps it busy and memory bounded."""


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """What a worker needs to build its Reader.

    Attributes:
        lake: address of the lake.
        archive: keep the bytes of every document.
        workers: processes; 1 reads in this process, 0 means one per usable core.
        least: least time between two polls of a feed.
    """

    lake: str
    archive: bool = False
    workers: int = 0
    least: timedelta = MIN_INTERVAL


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def build_reader(settings: ReaderSettings) -> Reader:
    """Open the lake and load gazetteer, model and known rows, once per process."""
    from transforms.lake.seen import SeenIndex

    from transforms.enrich.story import EnrichResources
    from transforms.lake.lake import open_lake

    lake = open_lake(settings.lake)
    seen = []
    for number in range(lake.shards):
        shard = lake.shard(number)
        seen.append(SeenIndex.open([shard.read_state(name) for name in shard.segments(SEEN)]))
    return Reader(lake, EnrichResources.load(), seen, archive=settings.archive, least=settings.least)


_reader: Reader | None = None  # of a worker process, set once by its initialiser


def _start_worker(settings: ReaderSettings) -> None:
    global _reader  # noqa: PLW0603 - the one way to hand a worker process its resources
    _reader = build_reader(settings)


def _read_group(group: Sequence[Pulled]) -> Reading:
    assert _reader is not None
    return _reader.read(group)


class ReaderPool:
    """Reads inputs in worker processes, in bounded flight.

    Results come back in the order of submission, so that runs are alike. A group that kills its worker (memory, a
    crash in native code) is read again input by input; the one that kills it again becomes a failure.
    """

    def __init__(self, settings: ReaderSettings) -> None:
        """Prepare; processes start with the second group, because a small job is faster without them."""
        self._settings = settings
        self._workers = settings.workers or usable_cores()
        self._local: Reader | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._group: list[Pulled] = []
        self._size = 0
        self._waiting: deque[tuple[list[Pulled], Future[Reading]]] = deque()

    def add(self, pulled: Pulled, size: int) -> Iterator[Reading]:
        """Take one input; yields what is finished by now.

        Args:
            pulled: the input.
            size: its bytes, estimated for files.
        """
        self._group.append(pulled)
        self._size += size
        if self._size >= GROUP_BYTES or len(self._group) >= GROUP_INPUTS:
            self._submit()
        while self._waiting and (self._waiting[0][1].done() or len(self._waiting) > IN_FLIGHT * self._workers):
            yield from self._next()

    def finish(self) -> Iterator[Reading]:
        """Read what is left and yield all that is outstanding."""
        if self._group and (self._pool is None or self._workers == 1) and not self._waiting:
            group, self._group, self._size = self._group, [], 0
            yield self._here().read(group)
        elif self._group:
            self._submit()
        while self._waiting:
            yield from self._next()

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _here(self) -> Reader:
        if self._local is None:
            self._local = build_reader(self._settings)
        return self._local

    def _submit(self) -> None:
        group, self._group, self._size = self._group, [], 0
        if self._workers == 1:
            done: Future[Reading] = Future()
            done.set_result(self._here().read(group))
            self._waiting.append((group, done))
            return
        self._waiting.append((group, self._start().submit(_read_group, group)))

    def _start(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_worker,
                initargs=(self._settings,),
            )
        return self._pool

    def _next(self) -> Iterator[Reading]:
        group, future = self._waiting.popleft()
        try:
            yield future.result()
        except BrokenProcessPool:
            later = [waiting for waiting, _ in self._waiting]
            self._waiting.clear()
            for pending in (group, *later):
                for pulled in pending:
                    yield self._alone(pulled)

    def _alone(self, pulled: Pulled) -> Reading:
        self.close()
        try:
            return self._start().submit(_read_group, [pulled]).result()
        except BrokenProcessPool:
            self.close()
            error = f"{pulled.input}: reading it ended its worker process; look at its size and content"
            return self._here().read([replace(pulled, outcome="worker_died", error=error)])
