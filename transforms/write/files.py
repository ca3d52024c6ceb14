"""Rows to Parquet files: one explicit schema per table, one file per partition, equal bytes for equal rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.tables import TABLES
from transforms.write.partition import Partition, split_by_partition

ROW_GROUP_ROWS = 64 * 1024
"""About 150 MB of copy uncompressed: large enough for good compression, small enough to be read in parts."""

COMPRESSION_LEVEL = 3
"""Of zstd: half a level more costs twice the time and gains two percent on wire copy."""

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
        One file per partition, in order of path; memory for one of them at a time.
    """
    for part in split_by_partition(rows, table):
        yield ParquetFile(part.partition, encode_parquet(part.rows, table), part.rows.num_rows)


def encode_parquet(rows: pa.Table, table: str) -> bytes:
    """Rows as one Parquet file with the table's schema, whatever columns the rows have.

    Args:
        rows: in the order to be written.
        table: whose schema is used.
    """
    schema = TABLES[table]
    columns = [
        rows.column(field.name).cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(
        pa.Table.from_arrays(columns, schema=schema),
        sink,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        row_group_size=ROW_GROUP_ROWS,
        use_dictionary=[name for name in schema.names if name not in PLAIN_COLUMNS],
        write_page_index=True,
        store_schema=True,
    )
    return bytes(sink.getvalue())
