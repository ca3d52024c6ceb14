"""The kills of the stream's tests: who is in a window is hit, who has died there is passed over."""

import subprocess
import sys
from pathlib import Path

from tests.stream.killing import Windows


def test_a_process_that_died_in_its_window_is_not_hit_again(tmp_path: Path) -> None:
    windows = Windows(tmp_path / "windows")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as living:
        (tmp_path / "windows" / f"{living.pid}.head").touch()
        assert windows.kill_in("head")
        living.wait()
    assert not windows.kill_in("head")
