"""Lakes of every format are read and continued; each is kept as it was written."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipelines.cli import main
from schemas.tables import SCHEMA_VERSION, TABLES, reading_schema
from tests.pipelines.samples import Ingest, item, rss
from transforms.lake.changes import changes
from transforms.lake.current import current, current_query
from transforms.lake.lake import open_lake
from transforms.lake.verify import verify

LAKES = Path(__file__).parent.parent / "data" / "lakes"
GUIDS = {"v0": ["1", "2", "5"], "v1": ["1", "2"]}
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(params=sorted(path.name for path in LAKES.glob("v*")))
def old(request: pytest.FixtureRequest, lake: Path) -> list[str]:
    """A copy of an old lake where the test's lake lies; the guids of its stories."""
    shutil.copytree(LAKES / request.param, lake)
    return GUIDS[request.param]


def _guids(lake: Path) -> list[str]:
    return sorted(pd.read_parquet(lake / "stories")["guid"])


def test_an_old_lake_reads(old: list[str], lake: Path) -> None:
    assert _guids(lake) == old
    opened = open_lake(str(lake))
    assert verify(opened, deep=True) == ()
    for table, schema in TABLES.items():
        assert set(opened.read(table).column_names) >= set(schema.names)
    assert sorted(current(str(lake)).column("guid").to_pylist()) == old
    assert sum(found.num_rows for found in changes(opened, LONG_AGO)) == len(old)
    frame = pd.read_parquet(lake / "stories", schema=reading_schema("stories"))
    assert {"take_key", "media_topics", "extra"} <= set(frame.columns)


def test_an_old_lake_goes_on_where_it_stood(
    old: list[str], lake: Path, run: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(LAKES / "input")  # inputs are known by the names under which they were read
    before = {table: len(pd.read_parquet(lake / table)) for table in TABLES if (lake / table).exists()}
    summary = run("coast.xml", "page.xml", *(["items.jsonl"] if "5" in old else []))
    assert (summary.kept, summary.repolled) == (0, len(old) + 2 * ("5" in old))
    assert {table: len(pd.read_parquet(lake / table)) for table in before if table != "polls"} == {
        table: rows for table, rows in before.items() if table != "polls"
    }
    more = tmp_path / "more.xml"
    more.write_bytes(rss(item("6", "Harbour master named", "<p>She takes over in March.</p>")))
    assert run(more).kept == 1
    assert _guids(lake) == [*old, "6"]
    with duckdb.connect() as base:
        found = base.execute(f"SELECT guid FROM ({current_query(str(lake))})").fetchall()
    assert sorted(one[0] for one in found) == [*old, "6"]


def test_compaction_brings_an_old_lake_to_todays_schema_and_changes_no_value(
    old: list[str], lake: Path, run: Ingest, tmp_path: Path
) -> None:
    more = tmp_path / "more.xml"
    more.write_bytes(rss(item("6", "Harbour master named", "<p>She takes over in March.</p>")))
    run(more)
    opened = open_lake(str(lake))
    before = {table: opened.read(table).sort_by("committed_at") for table in TABLES}
    assert main(["compact", str(lake)]) == 0
    for table, schema in TABLES.items():
        assert opened.read(table).sort_by("committed_at").to_pylist() == before[table].to_pylist()
        for path in (lake / table).rglob("*.parquet"):
            assert pq.read_schema(path).remove_metadata().equals(schema.remove_metadata())
            assert pq.read_schema(path).metadata[b"wirelake.schema_version"] == str(SCHEMA_VERSION).encode()
    assert verify(opened, deep=True) == ()
    assert main(["compact", str(lake)]) == 0
    assert main(["state", str(lake), "--verify"]) == 0


def test_failures_of_an_old_lake_are_read_again(old: list[str], lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(lake), "--workers", "1"]) == 1
    assert "1 fail as before" in capsys.readouterr().out
    assert _guids(lake) == old


def test_an_old_lake_forgets_what_is_purged(old: list[str], lake: Path, run: Ingest) -> None:
    assert main(["purge", str(lake), "--provider", "coast.example", "--yes"]) == 0
    left = [guid for guid in old if guid == "5"]
    found = open_lake(str(lake)).read("stories", columns=["guid"]).column(0).to_pylist()
    assert found == left
    assert run(LAKES / "input" / "coast.xml").kept == 2
