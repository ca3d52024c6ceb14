"""A `wirelake stream` as its users run it: a process of its own, watched from outside."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest

from transforms.lake.lake import open_lake

PRISM = os.environ.get("WIRELAKE_PRISM") or shutil.which("prism")

needs_prism = pytest.mark.skipif(
    PRISM is None, reason="needs Beam's prism on PATH (or in WIRELAKE_PRISM): go install …/sdks/v2/go/cmd/prism@v2.77.0"
)

PATIENCE = 90.0
"""Seconds that a loaded machine may take for what takes three."""

ROOT = Path(__file__).parents[2]


def start(
    *arguments: object,
    engine: Sequence[str] = (),
    program: tuple[str, ...] = ("-m", "pipelines.cli"),
    patience: float = PATIENCE,
    **environment: str,
) -> "Running":
    """Start `wirelake stream` in a process group of its own; on Prism, unless options name another engine."""
    options = engine or [f"--prism_location={PRISM}"]
    command = [sys.executable, *program, "stream", *map(str, arguments), *options]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, **environment},
    )
    return Running(process, patience)


class Running:
    """One running stream."""

    def __init__(self, process: "subprocess.Popen[str]", patience: float = PATIENCE) -> None:
        self.process = process
        self._patience = patience

    def stop(self) -> tuple[int, str]:
        """Ask it to end; its exit code and output."""
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> tuple[int, str]:
        """Wait for its end; its exit code and output."""
        output, _ = self.process.communicate(timeout=self._patience)
        return self.process.returncode, output

    def kill(self) -> None:
        """End its process group without a chance to tidy up, if it lives."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.process.communicate()

    def wait_for(self, condition: Callable[[], object], every: float = 0.2) -> None:
        """Wait until something holds, as long as the stream lives; looks ``every`` so many seconds."""
        deadline = time.monotonic() + self._patience
        while not condition():
            if self.process.poll() is not None:
                raise AssertionError(f"the stream ended with {self.process.returncode}: {self.process.stdout.read()}")  # type: ignore[union-attr]
            assert time.monotonic() < deadline, "not within the time"
            time.sleep(every)


@contextlib.contextmanager
def streaming(*arguments: object, engine: Sequence[str] = ()) -> Iterator[Running]:
    """A stream that certainly ends with the block."""
    running = start(*arguments, engine=engine)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.kill()


def rows(lake: Path, table: str = "stories") -> pd.DataFrame:
    """A table as pandas reads it; empty before the first commit."""
    if not any((lake / table).rglob("*.parquet")):
        return pd.DataFrame(columns=["guid", "story_id", "row_id", "headline"])
    return pd.read_parquet(lake / table)


OF_A_RUN = ["fetched_at", "committed_at", "run_id", "seen_at", "failed_at", "held_at"]
"""Columns that tell when and by which run a row was made."""


def content(lake: Path, table: str = "stories") -> list[dict[str, object]]:
    """All rows of a table without what differs from run to run, in one order."""
    found = open_lake(str(lake)).read(table)
    found = found.drop_columns([name for name in OF_A_RUN if name in found.column_names])
    return sorted(found.to_pylist(), key=repr)
