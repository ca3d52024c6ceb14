"""Rows to Parquet files: one explicit schema per table, one file per partition, equal bytes for equal rows."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import PARTITIONS, TABLES
from transforms.write.partition import Part, Partition, split_by_partition

ROW_GROUP_ROWS = 64 * 1024
"""About 150 MB of copy uncompressed: large enough for good compression, small enough to be read in parts."""

ROW_GROUP_BYTES = 128 * 1024 * 1024
"""Rows in memory at which a merged file's row group is full, where they are long."""

COMPRESSION_LEVEL = 3
"""Of zstd: half a level more costs twice the time and gains two percent on wire copy."""

ENCODERS = 2
"""Files encoded side by side: as many as the smallest machine has cores."""

PLAIN_COLUMNS = ("story_id", "row_id", "content_hash", "headline", "headline_raw", "standfirst", "body", "url", "guid")
"""Columns whose values hardly ever repeat; a dictionary of them is built in vain."""


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """One file to be.

    Attributes:
        partition: where it lies.
        data: its bytes.
        rows: how many rows it holds.
    """

    partition: Partition
    data: bytes
    rows: int


def write_tables(rows: pa.Table, table: str) -> Iterator[ParquetFile]:
    """Encode rows as files of a table, partition by partition.

    Args:
        rows: every column of the table's schema (missing ones become null) and its partition columns; others are
            left out.
        table: its name.

    Yields:
        One file per partition, in order of path; memory for a few of them at a time.
    """
    schema = TABLES[table]
    keys = [name for name in PARTITIONS[table] if name not in schema.names]
    whole = fit_schema(rows, schema)
    for name in keys:
        whole = whole.append_column(name, rows.column(name))
    parts = split_by_partition(whole, table)
    with ThreadPoolExecutor(ENCODERS) as encoders:  # Arrow lets go of the interpreter while it encodes
        waiting: deque[tuple[Part, Future[bytes]]] = deque()
        for part in parts:
            waiting.append((part, encoders.submit(encode_parquet, part.rows, table)))
            if len(waiting) > 2 * ENCODERS:
                yield _finished(*waiting.popleft())
        while waiting:
            yield _finished(*waiting.popleft())


def _finished(part: Part, data: "Future[bytes]") -> ParquetFile:
    return ParquetFile(part.partition, data.result(), part.rows.num_rows)


def fit_schema(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows with exactly the columns of a schema: missing ones null, others left out."""
    columns = []
    for field in schema:
        at = rows.schema.get_field_index(field.name)
        if at < 0:
            columns.append(pa.nulls(rows.num_rows, field.type))
        else:
            column = rows.column(at)
            columns.append(column if column.type == field.type else column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def merge_parquet(parts: Iterable[pa.Table], table: str) -> bytes:
    """Rows of several files as one Parquet file, in the order in which they come.

    Memory holds one row group of it besides the parts on their way: parts are joined until they are one.

    Args:
        parts: rows of one partition.
        table: whose schema is used.
    """
    schema = TABLES[table]
    sink = pa.BufferOutputStream()
    waiting: list[pa.Table] = []
    rows = size = 0
    with pq.ParquetWriter(sink, schema, **_options(schema)) as writer:
        for part in parts:
            waiting.append(fit_schema(part, schema))
            rows += part.num_rows
            size += part.nbytes
            if rows >= ROW_GROUP_ROWS or size >= ROW_GROUP_BYTES:
                writer.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP_ROWS)
                waiting, rows, size = [], 0, 0
        if waiting:
            writer.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP_ROWS)
    return bytes(sink.getvalue())


def encode_parquet(rows: pa.Table, table: str) -> bytes:
    """Rows as one Parquet file with the table's schema, whatever columns the rows have.

    Args:
        rows: in the order to be written.
        table: whose schema is used.
    """
    schema = TABLES[table]
    sink = pa.BufferOutputStream()
    pq.write_table(fit_schema(rows, schema), sink, row_group_size=ROW_GROUP_ROWS, **_options(schema))
    return bytes(sink.getvalue())


def _options(schema: pa.Schema) -> dict[str, Any]:
    return {
        "compression": "zstd",
        "compression_level": COMPRESSION_LEVEL,
        "use_dictionary": [name for name in schema.names if name not in PLAIN_COLUMNS],
        "write_page_index": True,
        "store_schema": True,
    }
