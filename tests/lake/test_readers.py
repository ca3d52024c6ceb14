"""Every reader opens the tables as they are: pandas, DuckDB, pyarrow.dataset, Polars, with DESIGN's traps."""

import datetime as dt

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest

from schemas.tables import reading_schema
from transforms.lake.lake import open_lake


@pytest.fixture
def lake(tmp_path, bench):
    lake = open_lake(str(tmp_path / "lake"), create=True)
    # The first file's optional columns are all null; the second's are not.
    bench.ingest(lake, "b1", ("ant",))
    bench.ingest(lake, "b2", ("newt", "asp"), body=["Quay walls hold.", "Ferries wait."], keywords=[["port"], None])
    lake.keep_raw(b"bytes")
    lake.spool_write("half.parquet", b"PAR1 half")
    return lake


def test_pandas_reads_all_rows_and_with_filters(lake):
    frame = pd.read_parquet(f"{lake.uri}/stories")
    assert sorted(frame["story_id"]) == ["ant", "asp", "newt"]
    assert frame["body"].notna().sum() == 2
    assert frame["date"].notna().all()
    sport = pd.read_parquet(f"{lake.uri}/stories", filters=[("date", "=", "2024-05-01"), ("topic", "=", "sport")])
    assert list(sport["story_id"]) == ["newt"]
    typed = pd.read_parquet(f"{lake.uri}/stories", schema=reading_schema("stories"))
    assert sorted(typed["story_id"]) == ["ant", "asp", "newt"]


def test_duckdb_reads_dates_from_the_path(lake):
    with duckdb.connect() as base:
        query = (
            f"SELECT story_id, date, topic FROM read_parquet('{lake.uri}/stories/**/*.parquet', hive_partitioning=true)"
        )
        found = sorted(base.execute(query).fetchall())
    assert found[0] == ("ant", dt.date(2024, 5, 2), "politics")
    assert len(found) == 3


def test_pyarrow_dataset_reads_partitions(lake):
    dataset = ds.dataset(f"{lake.uri}/stories", partitioning="hive")
    assert sorted(dataset.to_table().column("story_id").to_pylist()) == ["ant", "asp", "newt"]
    assert dataset.to_table(filter=ds.field("topic") == "sport").num_rows == 1


def test_polars_reads_partitions(lake):
    frame = pl.scan_parquet(f"{lake.uri}/stories/**/*.parquet", hive_partitioning=True).collect()
    assert sorted(frame["story_id"].to_list()) == ["ant", "asp", "newt"]
    assert frame.schema["date"] == pl.Date


def test_the_exact_reader_and_pandas_agree(lake):
    exact = lake.read("stories").to_pandas().sort_values("row_id").reset_index(drop=True)
    plain = pd.read_parquet(f"{lake.uri}/stories").sort_values("row_id").reset_index(drop=True)
    assert exact["body"].tolist() == plain["body"].tolist()
    assert exact["topic"].tolist() == plain["topic"].astype(str).tolist()
