"""Worker processes for reading copy: Python reads one item at a time, so a machine's cores need a process each."""

import gc
import multiprocessing
import multiprocessing.connection
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import timedelta

from pipelines.known import KnownRows, NothingKnown
from pipelines.reading import Reader, Reading
from schemas.batch import Pulled
from transforms.pull.schedule import MIN_INTERVAL

GROUP_BYTES = 2 * 1024 * 1024
"""Bytes of documents handed to a worker at a time: long enough to hide the hand-over, short enough to share out."""

GROUP_INPUTS = 64
"""Inputs handed to a worker at a time, however small."""

ALONE_TRIES = 3
"""Another reader's input may have ended the processes meanwhile; three times is no chance."""

IN_FLIGHT = 3
"""Groups waiting per worker: keeps it busy and memory bounded."""


COLLECT_AFTER = 10_000
"""New objects between two looks of Python's collector for cycles (its own 700 costs a reader 7 % of its time: a story
is some 40 objects, none of them in a cycle)."""


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """What a worker needs to build its Reader.

    Attributes:
        lake: address of the lake.
        archive: keep the bytes of every document.
        workers: processes; 1 reads in this process, 0 means one per usable core.
        least: least time between two polls of a feed.
        refresh: how often known rows are looked up anew; None: those at the start hold for the whole run.
        flush: how long rows are gathered; batches hold rows of one flush.
        run_id: of the run that reads.
        anew: read what the lake knows too.
    """

    lake: str
    archive: bool = False
    workers: int = 0
    least: timedelta = MIN_INTERVAL
    refresh: timedelta | None = None
    flush: timedelta | None = None
    run_id: str = "run"
    anew: bool = False


CLOSE_SECONDS = 5.0
"""For reading that was begun before a run was given up. A disk that hangs would keep the lake's lease for ever."""


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def build_reader(settings: ReaderSettings) -> Reader:
    """Open the lake and load gazetteer, model and known rows, once per process."""
    from transforms.enrich.story import EnrichResources
    from transforms.lake.lake import open_lake

    lake = open_lake(settings.lake)
    pause = settings.refresh.total_seconds() if settings.refresh else float("inf")
    resources = EnrichResources.load()
    known = NothingKnown() if settings.anew else KnownRows(lake, pause)
    return Reader(
        lake,
        resources,
        known,
        archive=settings.archive,
        least=settings.least,
        flush=settings.flush,
        run_id=settings.run_id,
    )


_reader: Reader | None = None  # of a worker process, set once by its initialiser


def _start_worker(settings: ReaderSettings) -> None:
    global _reader  # noqa: PLW0603 - the one way to hand a worker process its resources
    if hasattr(os, "setsid"):
        os.setsid()  # a terminal's Ctrl-C reaches the whole group; what was pulled is still read
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _reader = build_reader(settings)
    gc.freeze()  # what was loaded stays: the collector need not walk it again and again
    gc.set_threshold(COLLECT_AFTER)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _read_group(group: Sequence[Pulled]) -> Reading:
    assert _reader is not None
    return _reader.read(group)


class ReaderProcesses:
    """The worker processes of a run and the reader of this process, shared by all who read in it."""

    def __init__(self, settings: ReaderSettings) -> None:
        """Prepare; nothing starts before it is needed."""
        self._settings = settings
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._reader: Reader | None = None
        self.workers = settings.workers or usable_cores()

    @property
    def started(self) -> bool:
        """Whether there are worker processes."""
        return self._pool is not None

    def here(self, group: Sequence[Pulled]) -> Reading:
        """Read a group in this process; one at a time, Python would do no more at once."""
        with self._lock:
            if self._reader is None:
                self._reader = build_reader(self._settings)
            return self._reader.read(group)

    def submit(self, group: Sequence[Pulled]) -> Future[Reading]:
        """Read a group in a worker process."""
        pool = self._start()
        try:
            return pool.submit(_read_group, group)
        except BrokenProcessPool:
            self._give_up(pool)
            return self._start().submit(_read_group, group)

    def _give_up(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = None
        broken.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the worker processes; what hangs is left behind."""
        ending = threading.Thread(target=self._end, daemon=True)
        ending.start()
        ending.join(CLOSE_SECONDS)

    def _end(self) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self.workers,
                    mp_context=multiprocessing.get_context("spawn"),
                    initializer=_start_worker,
                    initargs=(self._settings,),
                )
            return self._pool


class ReaderPool:
    """Reads inputs in worker processes, in bounded flight.

    Results come back in the order of submission, so that runs are alike. A group that kills its worker (memory, a
    crash in native code) is read again input by input; the one that kills it again becomes a failure.
    """

    def __init__(self, processes: ReaderProcesses) -> None:
        """Use ``processes``; they start with the second group, because a small job is faster without them."""
        self._processes = processes
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
        limit = IN_FLIGHT * self._processes.workers
        while self._waiting and (self._waiting[0][1].done() or len(self._waiting) > limit):
            yield from self._next()

    def finish(self) -> Iterator[Reading]:
        """Read what is left and yield all that is outstanding."""
        if self._group and not self._processes.started and not self._waiting:
            group, self._group, self._size = self._group, [], 0
            yield self._processes.here(group)
        elif self._group:
            self._submit()
        while self._waiting:
            yield from self._next()

    def _submit(self) -> None:
        group, self._group, self._size = self._group, [], 0
        if self._processes.workers == 1:
            done: Future[Reading] = Future()
            done.set_result(self._processes.here(group))
            self._waiting.append((group, done))
            return
        self._waiting.append((group, self._processes.submit(group)))

    def _next(self) -> Iterator[Reading]:
        group, future = self._waiting.popleft()
        try:
            yield future.result()
        except (BrokenProcessPool, CancelledError):
            later = [waiting for waiting, _ in self._waiting]
            self._waiting.clear()
            for pending in (group, *later):
                for pulled in pending:
                    yield self._alone(pulled)

    def _alone(self, pulled: Pulled) -> Reading:
        for _ in range(ALONE_TRIES):
            try:
                return self._processes.submit([pulled]).result()
            except (BrokenProcessPool, CancelledError):
                continue
        error = f"{pulled.input}: reading it ended its worker process; look at its size and content"
        return self._processes.here([replace(pulled, outcome="worker_died", error=error)])
