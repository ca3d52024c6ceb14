"""What a process keeps for a run: costly things made once and shared by all of its bundles.

An engine makes and drops instances of steps as it likes (after a quiet minute, for every thread); gazetteer, known
rows, worker processes and the deciders' memory outlive them here, until the run ends or the process does.
"""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

_Value = TypeVar("_Value")

_lock = threading.RLock()
_kept: dict[str, dict[Hashable, Any]] = {}


def resident(run_id: str, name: Hashable, make: Callable[[], _Value]) -> _Value:
    """The run's one value of a name in this process, made when first asked for.

    Args:
        run_id: the run.
        name: of the value within the run.
        make: makes it; nobody else makes another meanwhile.
    """
    with _lock:
        values = _kept.setdefault(run_id, {})
        if name not in values:
            values[name] = make()
        return cast("_Value", values[name])


def release(run_id: str) -> None:
    """Let go of a run's values; those with ``close`` are closed."""
    with _lock:
        values = _kept.pop(run_id, {})
    for value in values.values():
        close = getattr(value, "close", None)
        if close is not None:
            close()


@contextmanager
def releasing(run_id: str) -> Iterator[None]:
    """Let go of a run's values when the block ends."""
    try:
        yield
    finally:
        release(run_id)
