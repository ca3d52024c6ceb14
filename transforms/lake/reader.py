"""The exact reader: which files are the lake is decided by commit records, not by what lies in a folder.

A row stands in exactly one live file at every moment, also while files are being published, merged or removed. A
file that is committed but not yet published is read where it is staged.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import PARTITIONS, reading_schema
from transforms.lake.errors import LakeDamaged
from transforms.lake.history import summarise
from transforms.lake.records import FileEntry
from transforms.lake.storage import NotFound, Storage

Filters = Sequence[tuple[str, str, Any]]
"""(column, operator, value) triples that must all hold; operators ``= == != < <= > >= in``, ``not in``."""

READ_ATTEMPTS = 20
"""A reader starts over when files it needs were merged away; each time a whole commit of merging must have passed."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lake at one moment: for each shard the last commit and its live files.

    Attributes:
        storage: of the lake.
        sequences: shard to its last commit.
        entries: live files of all shards, by path.
    """

    storage: Storage
    sequences: Mapping[str, int]
    entries: Mapping[str, FileEntry]

    @staticmethod
    def of(storage: Storage, shards: Sequence[str]) -> "Snapshot":
        """Read the newest commit of every shard."""
        sequences: dict[str, int] = {}
        entries: dict[str, FileEntry] = {}
        for shard in shards:
            summary = summarise(storage, shard)
            sequences[shard] = summary.sequence
            entries.update(summary.files)
        return Snapshot(storage, sequences, entries)

    def files(self, table: str) -> tuple[FileEntry, ...]:
        """Live files of a table, in order of path."""
        return tuple(self.entries[path] for path in sorted(self.entries) if self.entries[path].table == table)

    def read(self, table: str, *, columns: Sequence[str] | None = None, filters: Filters = ()) -> Iterator[pa.Table]:
        """The rows of each live file that can match, in order of path.

        Raises:
            LakeDamaged: a file is neither in its place nor staged.
        """
        for entry in self.files(table):
            if partition_may_match(entry, filters):
                yield read_entry(self.storage, entry, columns=columns, filters=filters)


def read_table(
    storage: Storage,
    shards: Sequence[str],
    table: str,
    *,
    columns: Sequence[str] | None = None,
    filters: Filters = (),
) -> pa.Table:
    """Read a table as of one moment; starts over when files were merged away in between.

    Raises:
        LakeDamaged: a live file is gone.
    """
    schema = wanted_schema(table, columns)
    for attempt in range(READ_ATTEMPTS):
        snapshot = Snapshot.of(storage, shards)
        try:
            parts = list(snapshot.read(table, columns=columns, filters=filters))
        except LakeDamaged:
            if attempt == READ_ATTEMPTS - 1 or Snapshot.of(storage, shards).sequences == snapshot.sequences:
                raise
            continue
        return pa.concat_tables(parts) if parts else schema.empty_table()
    raise AssertionError("unreachable")


def wanted_schema(table: str, columns: Sequence[str] | None) -> pa.Schema:
    """The reading schema of a table, cut to some columns in the order asked for."""
    schema = reading_schema(table)
    return schema if columns is None else pa.schema([schema.field(name) for name in columns], schema.metadata)


def read_bytes(storage: Storage, entry: FileEntry) -> memoryview:
    """A live file's bytes, from its place or from where it is staged.

    Raises:
        LakeDamaged: it is in neither.
    """
    for path in (entry.path, entry.staged, entry.path):  # a third look: it may be published between the first two
        try:
            return storage.view(path)
        except NotFound:
            continue
    raise LakeDamaged(
        f"{storage.uri}: {entry.path} ({entry.rows} rows) is missing, though a commit lists it. Restore it from a "
        "backup or an older object version; its SHA-256 is " + entry.sha256 + "."
    )


def read_entry(
    storage: Storage, entry: FileEntry, *, columns: Sequence[str] | None = None, filters: Filters = ()
) -> pa.Table:
    """The rows of one file in today's schema, partition columns included.

    Columns that the file is too old to have are null.

    Raises:
        LakeDamaged: it is gone, or not the Parquet file that was committed.
    """
    schema = wanted_schema(entry.table, columns)
    needed = {*schema.names, *(name for name, _, _ in filters)}
    with _whole(storage, entry):
        file = _open(storage, entry)
        stored = file.read(columns=[name for name in file.schema_arrow.names if name in needed])
    return _today(stored, entry, schema, filters)


def read_parts(storage: Storage, entry: FileEntry) -> Iterator[pa.Table]:
    """Like ``read_entry`` for all columns, row group by row group, with memory for one of them.

    Raises:
        LakeDamaged: it is gone, or not the Parquet file that was committed.
    """
    schema = wanted_schema(entry.table, None)
    with _whole(storage, entry):
        file = _open(storage, entry)
        for number in range(file.num_row_groups):
            yield _today(file.read_row_group(number), entry, schema, ())


def _open(storage: Storage, entry: FileEntry) -> pq.ParquetFile:
    return pq.ParquetFile(pa.BufferReader(pa.py_buffer(read_bytes(storage, entry))))


@contextmanager
def _whole(storage: Storage, entry: FileEntry) -> Iterator[None]:
    """Say what is wrong with a file that cannot be read."""
    try:
        yield
    except (pa.ArrowInvalid, OSError) as error:
        raise LakeDamaged(
            f"{storage.uri}: {entry.path} cannot be read ({error}); it should have {entry.size} bytes and SHA-256 "
            f"{entry.sha256}. Restore it from a backup or an older object version."
        ) from error


def _today(stored: pa.Table, entry: FileEntry, schema: pa.Schema, filters: Filters) -> pa.Table:
    """Rows of a file with the columns of ``schema``, those that it is too old to have null."""
    needed = {*schema.names, *(name for name, _, _ in filters)}
    present = set(stored.column_names)
    rows = stored.num_rows
    partition = dict(entry.partition)
    full = reading_schema(entry.table)
    arrays: dict[str, Any] = {}
    for name in needed:
        kind = full.field(name).type
        if name in present:
            column = stored.column(name)
            arrays[name] = column if column.type == kind else column.cast(kind)
        elif name in PARTITIONS[entry.table]:
            arrays[name] = pa.repeat(pa.scalar(partition.get(name), kind), rows)
        else:
            arrays[name] = pa.nulls(rows, kind)
    if filters:
        names = sorted(needed)
        frame = pa.table([arrays[name] for name in names], names=names)
        frame = frame.filter(pq.filters_to_expression([tuple(one) for one in filters]))
        return frame.select(schema.names).cast(schema) if frame.num_columns else frame
    return pa.table([arrays[name] for name in schema.names], schema=schema)


def partition_may_match(entry: FileEntry, filters: Filters) -> bool:
    """Whether a file's partition values leave a filter a chance."""
    partition = dict(entry.partition)
    for name, operator, value in filters:
        if name not in partition:
            continue
        row = pa.table({name: [partition[name]]})
        if row.filter(pq.filters_to_expression([(name, operator, value)])).num_rows == 0:
            return False
    return True
