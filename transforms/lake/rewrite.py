"""Rows that move: what compaction, releases, purges and replays share.

The lake knows no Parquet encoder; whoever calls passes the write room's ``write_tables`` in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake.commit import ShardWriter, Transaction
from transforms.lake.errors import CommitConflict, LakeDamaged
from transforms.lake.history import summarise
from transforms.lake.reader import read_entry, read_parts
from transforms.lake.records import FileEntry
from transforms.lake.storage import Storage


class EncodedFile(Protocol):
    """A Parquet file to be, as the write room makes it."""

    @property
    def partition(self) -> tuple[tuple[str, str], ...]:
        """Partition columns and values."""

    @property
    def data(self) -> bytes:
        """The file's bytes."""

    @property
    def rows(self) -> int:
        """How many rows it holds."""


MergeParts = Callable[[Iterable[pa.Table], str], bytes]
"""Rows of one partition and a table's name to one file."""

WriteTables = Callable[[pa.Table, str], Iterable[EncodedFile]]
"""Rows with their partition columns, and a table's name, to one file per partition."""


def live_entries(shard: ShardWriter) -> list[FileEntry]:
    """Live files of a shard as of the commit on which the writer stands, in order of path."""
    files = summarise(shard.storage, shard.shard, shard.sequence).files
    return [files[path] for path in sorted(files)]


def read_live(shard: ShardWriter, entry: FileEntry) -> pa.Table:
    """The rows of a live file, for a transaction on top of the writer's commit.

    Raises:
        CommitConflict: another writer committed meanwhile and took the file away.
        LakeDamaged: it is gone, or broken.
    """
    try:
        return read_entry(shard.storage, entry)
    except LakeDamaged:
        if has_moved(shard.storage, shard):
            raise CommitConflict(f"{shard.storage.uri}: {entry.path} was merged away meanwhile.") from None
        raise


def live_parts(shard: ShardWriter, entries: Iterable[FileEntry]) -> Iterator[pa.Table]:
    """The rows of live files one row group after the other, for a transaction on top of the writer's commit.

    Raises:
        CommitConflict: another writer committed meanwhile and took a file away.
        LakeDamaged: one is gone, or broken.
    """
    for entry in entries:
        try:
            yield from read_parts(shard.storage, entry)
        except LakeDamaged:
            if has_moved(shard.storage, shard):
                raise CommitConflict(f"{shard.storage.uri}: {entry.path} was merged away meanwhile.") from None
            raise


def has_moved(storage: Storage, shard: ShardWriter) -> bool:
    """Whether somebody committed after the writer's commit."""
    return summarise(storage, shard.shard).sequence > shard.sequence


def put_rows(txn: Transaction, rows: pa.Table, table: str, write: WriteTables, *, stamp: bool = False) -> None:
    """Add rows to a transaction as files.

    Args:
        txn: open.
        rows: in today's schema, partition columns included.
        table: its name.
        write: the write room's encoder.
        stamp: give the rows this transaction's ``committed_at``; else they keep their own.
    """
    if not rows.num_rows:
        return
    if stamp:
        at = rows.schema.get_field_index("committed_at")
        moment = pa.repeat(pa.scalar(txn.committed_at, pa.timestamp("us", tz="UTC")), rows.num_rows)
        rows = rows.set_column(at, rows.schema.field(at), moment)
    for file in write(rows, table):
        part = rows if not file.partition else _part(rows, file.partition)
        txn.add_table(table, file.partition, file.data, file.rows, committed=_span(part, txn.committed_at))


def replace_files(
    txn: Transaction, entries: Sequence[FileEntry], rows: pa.Table, table: str, write: WriteTables
) -> None:
    """Let rows stand in the place of files; no rows: the files just end."""
    txn.remove(entries)
    put_rows(txn, rows, table, write)


def _part(rows: pa.Table, partition: Sequence[tuple[str, str]]) -> pa.Table:
    for name, value in partition:
        rows = rows.filter(pc.equal(pc.cast(rows.column(name), pa.string()), value))
    return rows


def _span(rows: pa.Table, otherwise: datetime) -> tuple[datetime, datetime]:
    """Earliest and latest ``committed_at``; rows of an older schema may have none."""
    span = pc.min_max(rows.column("committed_at"))
    first, last = span["min"].as_py(), span["max"].as_py()
    return (first or otherwise, last or otherwise)
