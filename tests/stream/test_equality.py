"""The same recorded month as batch, as stream and as backfill, on any engine and sharding: equal tables, row for row."""

import random
from pathlib import Path

import pytest

from schemas.batch import Pulled
from schemas.document import Source
from tests.engines.flink import needs_flink
from tests.stream.recorded import as_stream, recorded, run
from tests.stream.running import needs_prism
from transforms.lake.current import current
from transforms.lake.lake import open_lake
from transforms.lake.replay import archived_documents

OF_A_RUN = ("committed_at", "run_id", "held_at", "failed_at")
TABLES = ("stories", "repeats", "held", "failures", "polls")

ENGINES = [pytest.param("prism", marks=needs_prism), pytest.param("flink", marks=needs_flink)]

pytestmark = pytest.mark.timeout(600)


def tables(lake: Path) -> dict[str, list[dict[str, object]]]:
    found = {}
    for name in TABLES:
        table = open_lake(str(lake)).read(name)
        table = table.drop_columns([column for column in OF_A_RUN if column in table.column_names])
        found[name] = sorted(table.to_pylist(), key=repr)
    return found


def rows_of(lake: Path) -> dict[str, list[dict[str, object]]]:
    """What a backfill ends in as well; empty answers leave no bytes to store, so its polls are fewer."""
    found = tables(lake)
    return {name: found[name] for name in ("stories", "repeats", "held")}


def stored(lake: Path) -> list[Pulled]:
    """The raw bytes that a lake keeps, as inputs."""
    return [
        Pulled(
            source=Source(address=one.document.source.address, provider=one.document.source.provider),
            input=one.document.input,
            fetched_at=one.document.fetched_at,
            data=one.document.data,
            http_status=200,
            content_type=one.document.content_type,
        )
        for one in archived_documents(open_lake(str(lake)))
    ]


def shuffled(polls: list[Pulled], seed: int) -> list[Pulled]:
    polls = list(polls)
    random.Random(seed).shuffle(polls)
    return polls


@pytest.fixture(scope="module")
def month() -> list[Pulled]:
    return recorded()


@pytest.fixture(scope="module")
def batch(month: list[Pulled], tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("batch") / "lake"
    run(lake, month, archive=True)
    return lake


def test_the_month_holds_what_it_should(batch: Path) -> None:
    found = tables(batch)
    assert len(found["stories"]) > 300
    assert found["repeats"] and found["failures"] and len(found["polls"]) == 188
    assert sum(row["repolled_items"] for row in found["polls"]) > 300  # type: ignore[misc]
    assert any(row["status"] == "canceled" for row in found["stories"])
    assert any(row["version"] == "2" for row in found["stories"])
    for row in found["polls"]:
        parts = (row[name] for name in ("kept", "repeats", "held", "repolled_items", "failures"))
        assert row["items"] == sum(parts), row  # type: ignore[arg-type]


def test_order_of_delivery_changes_nothing(month: list[Pulled], batch: Path, tmp_path: Path) -> None:
    run(tmp_path / "lake", shuffled(month, 5))
    assert tables(tmp_path / "lake") == tables(batch)


@pytest.mark.parametrize("shards", [1, 4])
def test_a_stream_equals_the_batch(month: list[Pulled], batch: Path, tmp_path: Path, shards: int) -> None:
    run(tmp_path / "lake", as_stream(month, random.Random(shards)), shards)
    assert tables(tmp_path / "lake") == tables(batch)


def test_four_shards_equal_one(month: list[Pulled], batch: Path, tmp_path: Path) -> None:
    run(tmp_path / "lake", month, shards=4)
    assert tables(tmp_path / "lake") == tables(batch)


def test_a_backfill_of_the_stored_bytes_equals_the_batch(batch: Path, tmp_path: Path) -> None:
    run(tmp_path / "lake", shuffled(stored(batch), 9), shards=4)
    assert rows_of(tmp_path / "lake") == rows_of(batch)


def test_many_small_runs_equal_one(month: list[Pulled], batch: Path, tmp_path: Path) -> None:
    for start in range(0, len(month), 124):
        run(tmp_path / "lake", month[start : start + 124])
    assert tables(tmp_path / "lake") == tables(batch)


@pytest.mark.slow
@pytest.mark.parametrize("engine_options", ENGINES, indirect=True)
@pytest.mark.parametrize("shards", [1, 4])
def test_a_batch_on_an_engine_equals_the_batch(
    month: list[Pulled], batch: Path, tmp_path: Path, shards: int, engine_options: list[str]
) -> None:
    run(tmp_path / "lake", shuffled(month, 7), shards, engine_options)
    assert tables(tmp_path / "lake") == tables(batch)


@pytest.mark.slow
@pytest.mark.parametrize("engine_options", ENGINES, indirect=True)
@pytest.mark.parametrize("shards", [1, 4])
def test_a_stream_on_an_engine_equals_the_batch(
    month: list[Pulled], batch: Path, tmp_path: Path, shards: int, engine_options: list[str]
) -> None:
    run(tmp_path / "lake", as_stream(month, random.Random(shards)), shards, engine_options)
    assert tables(tmp_path / "lake") == tables(batch)


@pytest.mark.slow
@pytest.mark.parametrize("engine_options", ENGINES, indirect=True)
def test_a_backfill_on_an_engine_equals_the_batch(batch: Path, tmp_path: Path, engine_options: list[str]) -> None:
    run(tmp_path / "lake", shuffled(stored(batch), 11), 4, engine_options)
    assert rows_of(tmp_path / "lake") == rows_of(batch)


def test_the_state_of_every_family_is_equal(month: list[Pulled], batch: Path, tmp_path: Path) -> None:
    run(tmp_path / "lake", as_stream(month, random.Random(3)), 4)
    mine, theirs = (current(str(lake)).drop_columns(["committed_at", "run_id"]) for lake in (tmp_path / "lake", batch))
    assert mine.equals(theirs)
