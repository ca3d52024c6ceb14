"""What people see of a run that goes on: a line that is written over, with the rate of the last minute."""

import io
import sys
import time

import pytest

from pipelines import progress as progress_module
from pipelines.progress import ProgressLine
from pipelines.reading import Reading
from schemas.batch import DocumentOutcome, DocumentReport
from tests.pipelines.test_labels import MOMENT


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_one_line_and_the_rate_of_late(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress_module, "SHOW_EVERY", 0.02)
    monkeypatch.setattr(progress_module, "RATE_OVER", 0.1)
    with ProgressLine("line", 7) as progress:
        progress.read(Reading((), (DocumentReport("d", "a.xml", MOMENT, "ok", items=1234, repolled=4),)))
        progress.decided([DocumentOutcome("d", kept=1200, repeats=30)])
        time.sleep(0.5)
    lines = terminal.getvalue().split("\r\x1b[K")
    assert "1/7 inputs  1,234 items  1,200 kept  30 repeats  4 re-polled  0 held  0 failures" in lines[-2]
    assert not lines[1].endswith("  0 items/s")
    assert lines[-2].endswith("  0 items/s"), "nothing came of late"
    assert lines[-1] == "" and "\n" not in terminal.getvalue()


def test_a_log_has_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(progress_module, "LOG_EVERY", 0.02)
    with ProgressLine("log", None):
        time.sleep(0.2)
    assert log.getvalue().startswith("0 inputs  0 items") and "\x1b" not in log.getvalue()
