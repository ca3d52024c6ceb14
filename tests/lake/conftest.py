"""Rows, lakes and a storage that crashes where it is told, for the tests of this folder."""

import datetime as dt
import itertools
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.lake.lake import Lake, open_lake
from transforms.lake.memory import MemoryStorage
from transforms.lake.reader import read_entry
from transforms.write.files import merge_parquet, write_tables

NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


class Crash(BaseException):
    """The process ends here."""


class Bench:
    """What these tests share."""

    Crash = Crash
    NOON = NOON

    @staticmethod
    def rows(names: Iterable[str], committed_at: dt.datetime = NOON, **columns) -> pa.Table:
        names = list(names)
        data = {
            "story_id": names,
            "row_id": [f"{name}-row" for name in names],
            "headline": [f"Harbour bridge {name} reopens" for name in names],
            "provider": ["example.org"] * len(names),
            "status": ["usable"] * len(names),
            "fetched_at": pa.array([NOON] * len(names), pa.timestamp("us", tz="UTC")),
            "committed_at": pa.array([committed_at] * len(names), pa.timestamp("us", tz="UTC")),
            "date": [dt.date(2024, 5, 1 + len(name) % 2) for name in names],
            "topic": ["politics" if name < "m" else "sport" for name in names],
        }
        return pa.table(data | columns)

    def add(self, txn, table: str, rows: pa.Table) -> None:
        for file in write_tables(rows, table):
            txn.add_table(table, file.partition, file.data, file.rows)

    def ingest(
        self, lake: Lake, batch: str, names: Iterable[str], *, table: str = "stories", tries: int = 20, **columns
    ) -> None:
        """What the pipeline does: ask, decide, commit; after a lost race reload and decide again."""
        from transforms.lake.commit import CommitConflict

        shard = lake.shard(0)
        for _ in range(tries):
            if shard.covered(batch) is not None:
                return
            known = set(self.published_or_staged(lake, table))
            txn = shard.begin(NOON)
            new = [name for name in names if f"{name}-row" not in known]
            self.add(txn, table, self.rows(new, txn.committed_at, **columns)) if new else None
            txn.add_state("\n".join(new).encode(), shard.segments("seen") if shard.sequence % 3 == 2 else ())
            try:
                txn.commit({batch: ()})
                return
            except CommitConflict:
                shard.reload()
        raise AssertionError("never won a race")

    @staticmethod
    def published_or_staged(lake: Lake, table: str) -> list[str]:
        return sorted(lake.read(table, columns=["row_id"]).column(0).to_pylist())

    @staticmethod
    def in_folder(storage: MemoryStorage, table: str) -> list[str]:
        """What a reader of the plain folder sees."""
        found = []
        for path, data in list(storage.objects.items()):
            if path.startswith(f"{table}/"):
                found += pq.ParquetFile(pa.BufferReader(data)).read(columns=["row_id"]).column(0).to_pylist()
        return sorted(found)

    @staticmethod
    def crash_points(make, work) -> int:
        """How many steps work takes."""
        counter = itertools.count()
        storage = make()
        storage.on_step = lambda *_: next(counter)
        work(storage)
        return next(counter)

    @staticmethod
    def crash_at(point: int):
        counter = itertools.count()

        def step(operation, path, done):
            if next(counter) == point:
                raise Crash(operation, path, done)

        return step

    read_entry = staticmethod(read_entry)
    open_lake = staticmethod(open_lake)
    write = staticmethod(write_tables)
    merge = staticmethod(merge_parquet)


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()
