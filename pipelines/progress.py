"""Counts of a run as it goes, shown on a terminal; only where the run's steps share this process."""

import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable

from pipelines.logs import log_event, wants_json
from pipelines.reading import Reading
from schemas.batch import DocumentOutcome

SHOW_EVERY = 0.5
"""Seconds between two lines on a terminal."""

LOG_EVERY = 30.0
"""Seconds between two lines where nobody watches (a file, a service log)."""

logger = logging.getLogger(__name__)

RATE_OVER = 60.0
"""Seconds over which items a second are counted: after months, a mean since the start says nothing."""


class Progress:
    """Inputs done, items in, kept, repeats and failures of one run."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._lock = threading.Lock()
        self.inputs = 0
        self.items = 0
        self.repolled = 0
        self.failures = 0
        self.kept = 0
        self.repeats = 0
        self.held = 0

    def read(self, reading: Reading) -> None:
        """Count what was read."""
        with self._lock:
            self.inputs += len(reading.reports)
            self.items += sum(report.items for report in reading.reports)
            self.repolled += sum(report.repolled for report in reading.reports)
            self.failures += sum(len(report.failures) for report in reading.reports)

    def decided(self, outcomes: Iterable[DocumentOutcome]) -> None:
        """Count what was decided."""
        with self._lock:
            for outcome in outcomes:
                self.kept += outcome.kept
                self.repeats += outcome.repeats
                self.held += outcome.held
                self.repolled += outcome.repolled

    def counts(self) -> dict[str, int]:
        """The counts by name."""
        names = ("inputs", "items", "kept", "repeats", "held", "repolled", "failures")
        return {name: getattr(self, name) for name in names}

    def line(self, total: int | None) -> str:
        """One line for people."""
        inputs = f"{self.inputs:,}" + (f"/{total:,}" if total else "")
        return (
            f"{inputs} inputs  {self.items:,} items  {self.kept:,} kept  {self.repeats:,} repeats"
            f"  {self.repolled:,} re-polled  {self.held:,} held  {self.failures:,} failures"
        )


_runs: dict[str, Progress] = {}


def progress_of(run_id: str) -> Progress:
    """The counts of a run in this process."""
    return _runs.setdefault(run_id, Progress())


class ProgressLine:
    """Shows a run's progress on standard error while a ``with`` block runs."""

    def __init__(self, run_id: str, total: int | None) -> None:
        """Show the run's counts against ``total`` inputs, where known."""
        self._progress = progress_of(run_id)
        self._run_id = run_id
        self._total = total
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> Progress:
        """Begin."""
        self._thread.start()
        return self._progress

    def __exit__(self, *_: object) -> None:
        """End, leaving a clean line."""
        self._stop.set()
        self._thread.join()
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        _runs.pop(self._run_id, None)

    def _show(self) -> None:
        terminal = sys.stderr.isatty()
        pause = SHOW_EVERY if terminal else LOG_EVERY
        past = deque([(time.monotonic(), 0)], maxlen=max(int(RATE_OVER / pause), 1) + 1)
        while not self._stop.wait(pause):
            (then, before), now, items = past[0], time.monotonic(), self._progress.items
            past.append((now, items))
            if wants_json():
                log_event(logger, "progress", run_id=self._run_id, **self._progress.counts())
                continue
            line = f"{self._progress.line(self._total)}  {(items - before) / (now - then):,.0f} items/s"
            sys.stderr.write(f"\r\x1b[K{line}" if terminal else f"{line}\n")
            sys.stderr.flush()
