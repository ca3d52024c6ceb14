"""Whole processes on one lake: two runs at once, runs beside compactions, a stream's lease, ends by signal."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from pipelines.cli import main
from tests.pipelines.samples import item, rss
from transforms.lake.lake import open_lake
from transforms.lake.verify import verify

WORDS = [
    "harbour",
    "pilot",
    "ferry",
    "union",
    "mayor",
    "frost",
    "orchard",
    "ministry",
    "prices",
    "valley",
    "basin",
    "grain",
    "ship",
    "tide",
    "storm",
    "road",
]


@pytest.fixture
def inputs(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders of feeds with half of their stories in common."""
    folders = []
    for name, first in (("one", 0), ("two", 20)):
        folder = tmp_path / name
        folder.mkdir()
        for feed in range(4):
            numbers = range(first + 10 * feed, first + 10 * feed + 10)
            data = rss(*(item(f"g{n}", f"Notice {n} of the harbour office", f"<p>{_copy(n)}</p>") for n in numbers))
            (folder / f"{feed}.xml").write_bytes(data)
        folders.append(folder)
    return folders[0], folders[1]


def _copy(number: int) -> str:
    return " ".join(f"{WORDS[(number * 7 + n * n) % len(WORDS)]} {number * n % 89}" for n in range(80))


def _start(*words: str, code: str = "") -> "subprocess.Popen[str]":
    program = f"import sys; {code}\nfrom pipelines.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


SLOW = """
import time
from transforms.lake.local import LocalStorage
for name in ("create", "write", "delete", "publish"):
    def slow(self, *args, inner=getattr(LocalStorage, name), **more):
        time.sleep(0.015)
        return inner(self, *args, **more)
    setattr(LocalStorage, name, slow)
"""
"""Widens the windows between the steps of a commit."""


def _poll(lake: Path, seen: set[str]) -> None:
    """One look of a reader of the plain folder: no half file, no row twice, none gone."""
    if any(lake.glob("stories/*/*/*.parquet")):
        rows = pd.read_parquet(lake / "stories", columns=["row_id"])["row_id"].tolist()
        assert len(rows) == len(set(rows)), "a row twice"
        assert seen <= set(rows), "a row gone"
        seen |= set(rows)


def _rows(lake: Path) -> dict[str, list[str]]:
    return {
        "stories": sorted(pd.read_parquet(lake / "stories")["guid"]),
        "polls": sorted(Path(url).parent.name + Path(url).name for url in pd.read_parquet(lake / "polls")["url"]),
    }


def _end(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


@pytest.mark.timeout(120)
def test_two_runs_started_together_end_like_one_after_the_other(tmp_path: Path, inputs: tuple[Path, Path]) -> None:
    apart, together = tmp_path / "apart", tmp_path / "together"
    for folder in inputs:
        assert main(["ingest", str(folder), "--output", str(apart), "--workers", "1"]) == 0
    seen: set[str] = set()
    runs = [_start("ingest", str(folder), "--output", str(together), "--workers", "1", code=SLOW) for folder in inputs]
    while any(run.poll() is None for run in runs):
        _poll(together, seen)
        time.sleep(0.02)
    for run in runs:
        _end(run)
    assert _rows(together) == _rows(apart)
    assert len(_rows(apart)["stories"]) == 60
    assert verify(open_lake(str(together)), deep=True) == ()


@pytest.mark.timeout(120)
def test_compactions_and_a_run_at_once_keep_every_row(tmp_path: Path, inputs: tuple[Path, Path]) -> None:
    lake = tmp_path / "lake"
    assert main(["ingest", str(inputs[0]), "--output", str(lake), "--workers", "1"]) == 0
    for feed in sorted(inputs[0].iterdir()):
        feed.write_bytes(feed.read_bytes().replace(b"harbour office", b"port office"))
        assert main(["ingest", str(feed), "--output", str(lake), "--workers", "1"]) == 0
    before = open_lake(str(lake)).read("stories", columns=["row_id"]).num_rows
    running = [
        _start("compact", str(lake), code=SLOW),
        _start("compact", str(lake), code=SLOW),
        _start("ingest", str(inputs[1]), "--output", str(lake), "--workers", "1", code=SLOW),
    ]
    opened = open_lake(str(lake))
    while any(one.poll() is None for one in running):
        rows = opened.read("stories", columns=["row_id"]).column(0).to_pylist()
        assert len(rows) == len(set(rows)) >= before  # the lake's own reader is exact while files are merged
        time.sleep(0.02)
    for one in running:
        _end(one)
    found = pd.read_parquet(lake / "stories")
    assert len(found) == found["row_id"].nunique() == opened.read("stories", columns=["row_id"]).num_rows > before
    assert set(found["guid"]) == {f"g{number}" for number in range(60)}
    assert verify(opened, deep=True) == ()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_compaction_that_is_ended_leaves_every_row(tmp_path: Path, inputs: tuple[Path, Path], number: int) -> None:
    lake = tmp_path / "lake"
    for folder in inputs:
        assert main(["ingest", str(folder), "--output", str(lake), "--workers", "1"]) == 0
    whole = _rows(lake)
    process = _start("compact", str(lake), code=SLOW)
    until = time.monotonic() + 40
    while not any(lake.glob("_state/commits/*/*3.json")) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    os.killpg(process.pid, number)
    process.communicate(timeout=60)
    opened = open_lake(str(lake))
    assert sorted(opened.read("stories", columns=["guid"]).column(0).to_pylist()) == whole["stories"]
    assert main(["compact", str(lake)]) == 0
    assert _rows(lake) == whole
    assert verify(opened, deep=True) == ()
    assert not [path for path in lake.glob("_staging/commit/**/*") if path.is_file()]


def test_a_run_that_meets_a_stream_is_told_so(
    tmp_path: Path, inputs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    words = ["ingest", str(inputs[0]), "--output", str(lake), "--workers", "1"]
    assert main(words) == 0
    rows = _rows(lake)
    with open_lake(str(lake)).hold_lease("wirelake stream feeds.yaml"):
        capsys.readouterr()
        for command in (words, ["purge", str(lake), "--provider", "coast.example", "--yes"], ["replay", str(lake)]):
            began = dt.datetime.now(dt.UTC)
            assert main(command) == 2
            said = capsys.readouterr().err
            assert "wirelake stream feeds.yaml (process" in said
            assert "stop it first" in said
            assert dt.datetime.now(dt.UTC) - began < dt.timedelta(seconds=30)
        assert main(["compact", str(lake)]) == 0  # merging races with nobody's decisions
    assert _rows(lake) == rows
