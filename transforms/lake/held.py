"""Releasing held rows that are due: into ``stories`` and out of ``held`` by one commit."""

from collections.abc import Callable
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake.commit import ShardWriter, Transaction, transact
from transforms.lake.lake import Lake
from transforms.lake.rewrite import WriteTables, live_entries, put_rows, read_live, replace_files


def due(lake: Lake, now: datetime) -> pa.Table:
    """Held rows whose ``release_at`` has come."""
    return lake.read("held", filters=[("release_at", "<=", now)])


def release_due(lake: Lake, write: WriteTables, clock: Callable[[], datetime]) -> int:
    """Release every held row that is due, shard by shard; each shard's release is one commit.

    Args:
        lake: open.
        write: the write room's ``write_tables``.
        clock: aware UTC.

    Returns:
        How many rows moved. They are new in ``stories`` at the commit's moment.
    """
    return sum(
        transact(lake.shard(number), clock, lambda shard, txn: release(shard, txn, write, clock()))
        for number in range(lake.shards)
    )


def release(shard: ShardWriter, txn: Transaction, write: WriteTables, now: datetime) -> int:
    """Move the due rows of one shard within a transaction, and commit it when there are any.

    Raises:
        CommitConflict: another writer was first; reload and try again.
    """
    released = 0
    try:
        for entry in live_entries(shard):
            if entry.table != "held":
                continue
            rows = read_live(shard, entry)
            is_due = pc.fill_null(
                pc.less_equal(rows.column("release_at"), pa.scalar(now, rows.schema.field("release_at").type)), False
            )
            out = rows.filter(is_due)
            if out.num_rows:
                put_rows(txn, out, "stories", write, stamp=True)
                replace_files(txn, [entry], rows.filter(pc.invert(is_due)), "held", write)
                released += out.num_rows
        if not released:
            txn.abort()
            return 0
        txn.commit(counts={"released": released}, reason="release")
    except BaseException:
        txn.abort()
        raise
    return released
