"""The README keeps its word: its Python runs on the demo's lake, its commands and options exist."""

import datetime as dt
import re
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import COMMANDS, main
from transforms.lake.current import current, current_query

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--output", str(folder / "lake")]) == 0
    return folder


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0][:40])
def test_python_runs_on_the_demo_lake(block: str, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo)
    exec(compile(block, "README.md", "exec"), {})


def test_the_query_for_duckdb_answers_like_the_function(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo)
    query = current_query("lake")
    with duckdb.connect() as base:
        found = base.execute(f"SELECT row_id, date, topic FROM ({query})").fetchall()
    rows = current("lake")
    assert len(found) > 5
    assert sorted(found) == sorted(
        (
            one["row_id"],
            one["date"] if isinstance(one["date"], dt.date) else dt.date.fromisoformat(one["date"]),
            one["topic"],
        )
        for one in rows.select(["row_id", "date", "topic"]).to_pylist()
    )


def test_every_command_is_in_the_table() -> None:
    table = {name.split()[0] for name in re.findall(r"^\| `([a-z ]+)` \|", README, re.MULTILINE)}
    assert table == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert f"wirelake {name}" in text
    assert len(text.splitlines()) > 5


def test_options_in_examples_exist(capsys: pytest.CaptureFixture[str]) -> None:
    for line in re.findall(r"^wirelake ([a-z]+) (.*?)(?:#.*)?$", README, re.MULTILINE):
        name, rest = line
        with pytest.raises(SystemExit):
            main([name, "--help"])
        text = capsys.readouterr().out
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in text, f"wirelake {name} has no {option}"
