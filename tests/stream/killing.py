"""What kills need: a writer that never rests, a reader that looks on, and windows that are seen to be open."""

import contextlib
import os
import random
import signal
import threading
from pathlib import Path
from typing import Self

import pandas as pd

from tests.stream.running import rows
from tests.stream.samples import lines
from tests.stream.widened import MARKS
from transforms.lake.lake import open_lake
from transforms.lake.verify import verify


class _Thread:
    """Does something every so often while a block runs."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self.act()

    def act(self) -> None:
        raise NotImplementedError


class Feeder(_Thread):
    """Appends items to a growing file; ``number`` says how many there are."""

    def __init__(self, path: Path) -> None:
        super().__init__(0.4)
        path.touch()
        self._path = path
        self.number = 0

    def act(self) -> None:
        count = random.randrange(1, 5)
        with self._path.open("a") as stream:
            stream.write(lines(*range(self.number, self.number + count)))
        self.number += count


class Onlooker(_Thread):
    """Polls the lake with pandas; every row it ever saw must stay, once."""

    def __init__(self, lake: Path) -> None:
        super().__init__(0.3)
        self._lake = lake
        self.seen: set[str] = set()
        self.problems: list[str] = []
        self.looks = 0

    def act(self) -> None:
        try:
            found = rows(self._lake)
        except Exception as error:  # noqa: BLE001 - whatever a reader meets is the finding
            self.problems.append(f"pandas: {error!r}")
            return
        self.looks += 1
        ids = set(found.row_id)
        if not found.row_id.is_unique:
            self.problems.append(f"doubled: {found.row_id[found.row_id.duplicated()].tolist()}")
        if self.seen - ids:
            self.problems.append(f"vanished: {sorted(self.seen - ids)[:5]}")
        self.seen |= ids


class Windows:
    """The windows of widened processes: which are open, and which were open when a process died."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.environment = {MARKS: str(folder)}
        self.hits: list[str] = []

    def open(self, name: str) -> list[int]:
        """The processes in a window of that name."""
        return [int(mark.name.partition(".")[0]) for mark in self._folder.glob(f"*.{name}")]

    def kill_in(self, name: str) -> bool:
        """Kill the processes that are in a window, but not their group, which is a worker pool's; whether one was.

        The mark of one that died in its window stays: who has died meanwhile is not hit.
        """
        hit = False
        for pid in self.open(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                hit = True
        return hit

    def note(self, name: str) -> None:
        """After a kill: whether it hit; the window of a process that was killed stands open for ever."""
        if self.open(name):
            self.hits.append(name)
        for mark in self._folder.iterdir():
            mark.unlink(missing_ok=True)


def assert_exact(lake: Path, number: int) -> None:
    """Every item is there, once, and every file is whole."""
    found = pd.concat([rows(lake), rows(lake, "repeats")])
    assert sorted(found.guid, key=lambda guid: int(guid.rpartition("-")[2])) == [f"coast-{n}" for n in range(number)]
    opened = open_lake(str(lake))
    assert verify(opened, deep=True) == ()
    assert not any(opened.storage.list("_staging/commit"))
