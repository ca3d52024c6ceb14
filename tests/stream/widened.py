"""`wirelake` with its crash windows held open and marked: a pause before and after every step of the commit protocol.

Run as a program in place of `pipelines.cli`. Random kills of an unchanged program hit the milliseconds that matter too
rarely to prove anything; here whoever kills waits for the mark of a window and sees afterwards that it was open.
"""

import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines.cli import main
from pipelines.committing import StoryCommitter
from pipelines.poll_committing import PollCommitter
from transforms.lake import commit
from transforms.lake.local import LocalStorage

PAUSE = float(os.environ.get("WIRELAKE_TEST_PAUSE", "0.2"))
MARKS = "WIRELAKE_TEST_WINDOWS"
"""Names the folder in which an open window has a file: process, thread and window."""

WINDOWS = ("settle", "record", "publish", "head", "commit")
"""Files staged; the commit record made; files published, or half of them; the head written; the whole of a commit."""


@contextlib.contextmanager
def window(name: str) -> Iterator[None]:
    """Mark a window while the block runs."""
    mark = Path(os.environ[MARKS], f"{os.getpid()}.{threading.get_ident()}.{name}")
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def pause(name: str) -> None:
    with window(name):
        time.sleep(PAUSE / 2 + random.random() * PAUSE)


def held_open(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def slow(*arguments: Any, **options: Any) -> Any:
        pause(name)
        answer = function(*arguments, **options)
        pause(name)
        return answer

    return slow


def widen() -> None:
    create, publish = LocalStorage.create, LocalStorage.publish

    def create_slowly(self: LocalStorage, path: str, data: bytes) -> bool:
        if not path.startswith("_state/commits/"):
            return create(self, path, data)
        return bool(held_open("record", create)(self, path, data))

    def publish_slowly(self: LocalStorage, moves: Sequence[tuple[str, str]]) -> None:
        half = len(moves) // 2
        pause("publish")
        for part in (moves[:half], moves[half:]):
            publish(self, part)
            pause("publish")

    LocalStorage.create = create_slowly  # type: ignore[method-assign]
    LocalStorage.publish = publish_slowly  # type: ignore[method-assign]
    LocalStorage.settle = held_open("settle", LocalStorage.settle)  # type: ignore[method-assign]
    commit.write_head = held_open("head", commit.write_head)
    for committer in (StoryCommitter, PollCommitter):
        committer.commit = held_open("commit", committer.commit)  # type: ignore[method-assign]


if __name__ == "__main__":
    widen()
    sys.exit(main())
