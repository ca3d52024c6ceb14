"""`wirelake` with its crash windows held open: a pause before and after every step of the commit protocol.

Run as a program in place of `pipelines.cli`. Random kills of an unchanged program hit the milliseconds that matter too
rarely to prove anything.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from pipelines import committing
from pipelines.cli import main
from transforms.lake import commit
from transforms.lake.local import LocalStorage

PAUSE = float(os.environ.get("WIRELAKE_TEST_PAUSE", "0.25"))


def held_open(function: Callable[..., Any]) -> Callable[..., Any]:
    def slow(*arguments: Any, **options: Any) -> Any:
        time.sleep(random.random() * PAUSE)
        answer = function(*arguments, **options)
        time.sleep(random.random() * PAUSE)
        return answer

    return slow


def widen() -> None:
    for name in ("create", "publish", "settle"):
        setattr(LocalStorage, name, held_open(getattr(LocalStorage, name)))
    commit.write_head = held_open(commit.write_head)
    for committer in (committing.StoryCommitter, committing.PollCommitter):
        committer.commit = held_open(committer.commit)  # type: ignore[method-assign]


if __name__ == "__main__":
    widen()
    sys.exit(main())
