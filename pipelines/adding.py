"""What the committers of stories and of polls share: rows into a transaction, races and lineage."""

from importlib.metadata import version

import pyarrow as pa

from transforms.lake.commit import Transaction
from transforms.write.files import write_tables

MAX_CONFLICTS = 50
"""Lost races before giving up; each one means that another writer got on."""


def wirelake_version() -> str:
    """The installed version, for lineage columns."""
    return version("wirelake")


def add_rows(txn: Transaction, table: str, rows: pa.Table) -> None:
    """Add rows to a transaction as Parquet files, one per partition.

    Args:
        txn: open.
        table: name of the table.
        rows: its columns and partition columns; others are left out.
    """
    if rows.num_rows:
        for file in write_tables(rows, table):
            txn.add_table(table, file.partition, file.data, file.rows)
