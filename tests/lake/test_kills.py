"""Real kills: writers are killed with -9 at widened moments while pandas polls; the tables are exact afterwards."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from transforms.lake.lake import open_lake
from transforms.lake.verify import verify

KILLS = 36
"""By the slow test; tests/benchmarks/soak.py makes hundreds."""
BATCHES = 14

WRITER = """
import sys, time, random, datetime as dt
sys.path.insert(0, {root!r})
from transforms.lake.local import LocalStorage
from transforms.lake.lake import open_lake
from transforms.lake.compact import compact
from transforms.write.files import merge_parquet
from transforms.lake.errors import CommitConflict
import importlib.util
spec = importlib.util.spec_from_file_location("bench", {bench!r})
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
bench = module.Bench()
rng = random.Random(int(sys.argv[2]))

class Slow(LocalStorage):
    "Widens every window between two steps."
    def _wait(self):
        time.sleep(rng.uniform(0, 0.02))
    def stage(self, path, data):
        self._wait(); super().stage(path, data); self._wait()
    def create(self, path, data):
        self._wait(); made = super().create(path, data); self._wait(); return made
    def write(self, path, data, *, durable=True):
        self._wait(); super().write(path, data, durable=durable); self._wait()
    def publish(self, moves):
        for move in moves:
            self._wait(); super().publish([move])
    def delete(self, path):
        self._wait(); super().delete(path)

lake = open_lake(Slow(sys.argv[1]), create=True)
for number in range({batches}):
    bench.ingest(lake, f"b{{number}}", [f"ant{{number}}", f"newts{{number}}", f"newt{{number % 3}}"], tries=500)
    if sys.argv[3] == "compact" and number % 4 == 3:
        compact(lake, merge_parquet, lambda: dt.datetime.now(dt.UTC))
print("done")
"""


def _expected() -> list[str]:
    names = {f"ant{n}" for n in range(BATCHES)} | {f"newts{n}" for n in range(BATCHES)} | {f"newt{n}" for n in range(3)}
    return sorted(f"{name}-row" for name in names)


def _start(lake: Path, seed: int, mode: str) -> subprocess.Popen:
    root = Path(__file__).parents[2]
    code = WRITER.format(root=str(root), bench=str(Path(__file__).with_name("conftest.py")), batches=BATCHES)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(lake), str(seed), mode],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _poll(lake: Path, seen: set[str], *, merging: bool) -> None:
    """One look of a reader of the plain folder."""
    if not any(lake.glob("stories/*/*/*.parquet")):
        return  # nothing was committed yet; pandas cannot read columns of an empty folder
    try:
        rows = pd.read_parquet(lake / "stories", columns=["row_id"])["row_id"].tolist()
    except FileNotFoundError:
        assert merging  # only merging takes a file away, and it is said
        return
    assert merging or len(rows) == len(set(rows)), "a row twice"
    assert seen <= set(rows), "a row gone"
    seen |= set(rows)


def kill_writers(folder: Path, mode: str, wanted: int, seed: int) -> int:
    """Kill pairs of writers with -9 until there were enough kills; every lake is exact after its last writer.

    Args:
        folder: for the lakes; each is removed once it was found exact.
        mode: ``plain``, or ``compact``: writers merge files too.
        wanted: kills.
        seed: of the moments.

    Returns:
        How many writers were killed.
    """
    kills = rounds = 0
    rng = random.Random(seed)
    while kills < wanted:
        rounds += 1
        lake = folder / f"lake{rounds}"
        seen: set[str] = set()
        for _ in range(5):
            writers = [_start(lake, rng.randrange(10**6), mode) for _ in range(2)]
            until = time.monotonic() + rng.uniform(1.5, 4.0)
            while time.monotonic() < until:
                _poll(lake, seen, merging=mode == "compact")
                time.sleep(0.05)
            for writer in writers:
                if writer.poll() is None:
                    os.killpg(writer.pid, signal.SIGKILL)
                    kills += 1
                writer.communicate()
            _poll(lake, seen, merging=mode == "compact")
        last = _start(lake, 1, mode)
        while last.poll() is None:
            _poll(lake, seen, merging=mode == "compact")
            time.sleep(0.05)
        out, err = last.communicate()
        assert b"done" in out, err.decode()
        opened = open_lake(str(lake))
        assert sorted(opened.read("stories", columns=["row_id"]).column(0).to_pylist()) == _expected()
        assert sorted(pd.read_parquet(lake / "stories")["row_id"]) == _expected()
        assert verify(opened, deep=True) == ()
        shutil.rmtree(lake)
    return kills


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("mode", ["plain", "compact"])
def test_writers_killed_at_bad_moments_leave_exact_tables(tmp_path, mode):
    assert kill_writers(tmp_path, mode, KILLS // 2, seed=7) >= KILLS // 2


@pytest.mark.timeout(90)
def test_two_writers_at_once_end_in_the_rows_of_one_after_the_other(tmp_path):
    lake = tmp_path / "lake"
    seen: set[str] = set()
    writers = [_start(lake, seed, "plain") for seed in (1, 2)]
    while any(writer.poll() is None for writer in writers):
        _poll(lake, seen, merging=False)
        time.sleep(0.05)
    for writer in writers:
        out, err = writer.communicate()
        assert b"done" in out, err.decode()
    opened = open_lake(str(lake))
    assert opened.read("stories", columns=["row_id"]).num_rows == len(_expected())
    assert sorted(pd.read_parquet(lake / "stories")["row_id"]) == _expected()
    assert verify(opened, deep=True) == ()
