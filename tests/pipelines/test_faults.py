"""Disks that fill up, folders that cannot be written, files that somebody changed: through the real commands."""

import datetime as dt
import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipelines.cli import main
from pipelines.reading import shard_of
from tests.pipelines.samples import Ingest, item, rss
from transforms.lake.lake import open_lake
from transforms.lake.local import LocalStorage
from transforms.lake.verify import verify

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Sixty stories in six feeds, 150 KB of rows before compression."""
    folder = tmp_path / "in"
    folder.mkdir()
    for feed in range(6):
        items = [
            item(f"{feed}-{n}", f"Notice {n} of harbour office {feed}", f"<p>{_copy(feed, n)}</p>") for n in range(10)
        ]
        (folder / f"{feed}.xml").write_bytes(rss(*items))
    return folder


def _copy(feed: int, number: int) -> str:
    return " ".join(f"Berth {(feed * 977 + number * 31 + n * n) % 9973} is closed." for n in range(100))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A small disk of its own; called again with other options it is mounted anew with its contents."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = False

    def mount(options: str) -> Path:
        nonlocal mounted
        words = ["-o", f"remount,{options}"] if mounted else ["-t", "tmpfs", "-o", options, "tmpfs"]
        done = subprocess.run(["mount", *words, str(place)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting a small disk needs root: {done.stderr.strip()}")
        mounted = True
        return place

    if shutil.which("mount") is None:
        pytest.skip("there is no mount command")
    yield mount
    if mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _ids(lake: Path) -> list[str]:
    return sorted(pd.read_parquet(lake / "stories", columns=["row_id"])["row_id"])


@pytest.fixture
def whole(inputs: Path, tmp_path: Path, capsys: Captured) -> list[str]:
    lake = tmp_path / "whole"
    assert main(["ingest", str(inputs), "--output", str(lake), "--workers", "1"]) == 0
    return _ids(lake)


@pytest.mark.parametrize("size", ["60k", "120k", "160k", "220k"])
def test_a_disk_that_fills_up_and_is_freed_later_loses_nothing(
    inputs: Path, disk: Callable[[str], Path], whole: list[str], capsys: Captured, size: str
) -> None:
    lake = disk(f"size={size}") / "lake"
    assert main(["ingest", str(inputs), "--output", str(lake), "--workers", "1"]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1, "one line, not a stack trace"
    assert "no space left" in said[0]
    assert "free some space and run the same command again" in said[0]
    assert not list(lake.glob("_staging/spool/**/*.arrow"))  # what failed leaves the space that is left
    disk("size=50m")
    assert main(["ingest", str(inputs), "--output", str(lake), "--workers", "1"]) == 0
    assert _ids(lake) == whole
    assert verify(open_lake(str(lake)), deep=True) == ()


def test_a_read_only_lake_is_said_and_still_answers(
    inputs: Path, disk: Callable[[str], Path], whole: list[str], capsys: Captured
) -> None:
    lake = disk("size=50m") / "lake"
    assert main(["ingest", str(inputs), "--output", str(lake), "--workers", "1"]) == 0
    disk("ro")
    capsys.readouterr()
    for command in (
        ["ingest", str(inputs), "--output"],
        ["compact"],
        ["purge", "--provider", "coast.example", "--yes"],
    ):
        assert main([*command, str(lake)]) == (0 if command == ["compact"] else 2)
        said = capsys.readouterr().err.strip()
        assert command == ["compact"] or ("not allowed to write" in said and "\n" not in said)
    assert main(["state", str(lake), "--verify"]) == 0
    assert main(["changes", str(lake), "--since", "2000-01-01"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > len(whole)
    disk("rw")
    assert main(["ingest", str(inputs), "--output", str(lake), "--workers", "1"]) == 0
    assert _ids(lake) == whole


def test_what_was_committed_can_be_read_where_nobody_may_publish_it(
    inputs: Path, disk: Callable[[str], Path], whole: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    lake = disk("size=50m") / "lake"

    def die(storage: LocalStorage, moves: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(LocalStorage, "publish", die)
        assert main(["ingest", str(inputs), "--output", str(lake), "--workers", "1"]) == 2
        assert "Input/output error" in capsys.readouterr().err
    assert not (lake / "stories").exists()
    disk("ro")
    capsys.readouterr()
    assert sorted(open_lake(str(lake)).read("stories", columns=["row_id"]).column(0).to_pylist()) == whole
    assert main(["state", str(lake), "--verify"]) == 0
    assert main(["changes", str(lake), "--since", "2000-01-01"]) == 0
    disk("rw")
    assert main(["compact", str(lake)]) == 0
    assert _ids(lake) == whole


def _last(lake: Path, pattern: str) -> Path:
    return max(lake.glob(pattern))


DAMAGE = {
    "table file": ("stories/*/*/*.parquet", "changes", "cannot be read"),
    "memory of stories": ("_state/segments/0/seen-*", "ingest", "--verify"),
    "memory of failures": ("_state/segments/control/failed-*", "ingest", "--verify"),
    "commit record": ("_state/commits/0/*", "ingest", "cannot be read"),
}


@pytest.mark.parametrize("name", DAMAGE)
@pytest.mark.parametrize("left", [0, 10])
def test_a_truncated_file_is_named_with_what_to_do_and_restoring_it_mends_the_lake(
    inputs: Path, lake: Path, capsys: Captured, name: str, left: int
) -> None:
    pattern, command, word = DAMAGE[name]
    (inputs / "broken.xml").write_bytes(b"<html><body>Sign in</body></html>")
    for _ in range(2):
        main(["ingest", str(inputs), "--output", str(lake), "--workers", "1"])
        (inputs / "more.xml").write_bytes(rss(item("more", "Ferry workers end strike", "<p>It is over.</p>")))
        (inputs / "worse.xml").write_bytes(b"<html><body>Sign in again</body></html>")
    before = _ids(lake)
    path = _last(lake, pattern)
    data = path.read_bytes()
    path.write_bytes(data[:left])
    capsys.readouterr()
    (inputs / "last.xml").write_bytes(b"<html><body>Sign in once more</body></html>")
    words = ["ingest", str(inputs), "--output", str(lake), "--workers", "1"]
    if command == "changes":
        words = ["changes", str(lake), "--since", "2000-01-01"]
    assert main(words) == 2
    said = capsys.readouterr().err.strip()
    assert word in said
    assert "Traceback" not in said
    assert main(["state", str(lake), "--verify"]) in (1, 2)
    told = capsys.readouterr().err
    assert str(path.relative_to(lake)) in told
    assert "estore" in told
    path.write_bytes(data)
    assert main(["state", str(lake), "--verify"]) == 0
    assert main(["ingest", str(inputs), "--output", str(lake), "--workers", "1"]) == 1
    assert _ids(lake) == before


def test_short_cuts_that_are_broken_or_gone_cost_nothing(
    inputs: Path, lake: Path, whole: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    from transforms.lake import commit, history

    monkeypatch.setattr(commit, "CHECKPOINT_EVERY", 2)
    monkeypatch.setattr(history, "CHECKPOINT_EVERY", 2)
    words = ["ingest", str(inputs), "--output", str(lake), "--workers", "1"]
    for number in range(3):
        (inputs / "more.xml").write_bytes(rss(item("more", "Ferry workers end strike", f"<p>Day {number}.</p>")))
        assert main(words) == 0
    before = _ids(lake)
    assert list(lake.glob("_state/checkpoints/0/*"))
    for path in [*lake.glob("_state/heads/*"), *lake.glob("_state/checkpoints/*/*")]:
        path.write_bytes(b"")
    assert main(words) == 0
    for path in [*lake.glob("_state/heads/*"), *lake.glob("_state/checkpoints/*/*")]:
        path.unlink()
    assert main(words) == 0
    assert _ids(lake) == before
    assert verify(open_lake(str(lake)), deep=True) == ()


def test_a_lake_file_that_is_gone_or_anothers_is_said(inputs: Path, lake: Path, capsys: Captured) -> None:
    words = ["ingest", str(inputs), "--output", str(lake), "--workers", "1"]
    shards = next(number for number in range(2, 99) if shard_of("en", number) == number - 1)
    assert main([*words, "--shards", str(shards)]) == 0
    path = lake / "_lake.json"
    data = path.read_bytes()
    path.write_bytes(data.replace(f'"shards": {shards}'.encode(), f'"shards": {shards - 1}'.encode()))
    assert main(words) == 2
    assert "another lake's" in capsys.readouterr().err
    path.unlink()
    assert main(words) == 2
    said = capsys.readouterr().err
    assert f'"shards": {shards}' in said
    path.write_text(said[said.index("{") :])
    assert main(words) == 0
    path.write_bytes(data.replace(b'"format": 1', b'"format": 2'))
    for command in (
        words,
        ["state", str(lake)],
        ["changes", str(lake), "--since", "2000-01-01"],
        ["compact", str(lake)],
    ):
        assert main(command) == 2
        assert "Upgrade wirelake" in capsys.readouterr().err


def test_a_clock_that_is_set_back_costs_nothing(lake: Path, run: Ingest, tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.xml"
    now = dt.datetime.now(dt.UTC)
    for number, moment in enumerate(
        [now, now - dt.timedelta(days=400), now + dt.timedelta(days=3), now + dt.timedelta(seconds=1)]
    ):
        path.write_bytes(
            rss(*(item(str(n), f"Harbour notice {n}", f"<p>{_copy(1, n)}</p>") for n in range(number + 1)))
        )
        summary = run(path, moment=moment)
        assert (summary.kept, summary.repolled) == (1, number)
    assert sorted(pd.read_parquet(lake / "stories")["guid"]) == ["0", "1", "2", "3"]
    moments = (
        open_lake(str(lake)).read("stories", columns=["guid", "committed_at"]).sort_by("guid").column(1).to_pylist()
    )
    assert moments == sorted(set(moments))


def test_any_name_of_a_folder_will_do(inputs: Path, tmp_path: Path, whole: list[str], capsys: Captured) -> None:
    odd = tmp_path / "a lake 100%20 ü [x]*'?#"
    assert main(["ingest", str(inputs), "--output", str(odd), "--workers", "1"]) == 0
    (tmp_path / "link").symlink_to(odd)
    here = Path.cwd()
    try:
        os.chdir(tmp_path)
        for name in ("link", "./link/", str(odd)):
            assert main(["ingest", str(inputs), "--output", name, "--workers", "1"]) == 0
            assert main(["compact", name]) == 0
            assert main(["state", name, "--verify"]) == 0
    finally:
        os.chdir(here)
    assert _ids(odd) == whole
