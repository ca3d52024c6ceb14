"""Rows between reading and deciding: Arrow files in the lake's spool, signatures beside the columns."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.batch import RowBatch
from schemas.rows import stories_to_table
from schemas.story import Story
from transforms.dedupe.signature import sign, signature_columns
from transforms.lake.lake import Lake

PREFIX = "sign."
"""Signature columns ride beside a row's own under this prefix."""

_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")
"""Read once, soon: speed before size."""

_ARRIVAL = (("fetched_at", "ascending"), ("input", "ascending"), ("position", "ascending"))


def spool_bytes(stories: Sequence[Story], documents: Sequence[str]) -> bytes:
    """Rows, their documents and their signatures as one Arrow IPC file.

    Args:
        stories: in arrival order.
        documents: the document id of each.
    """
    table = stories_to_table(stories).append_column("document_id", pa.array(documents, pa.string()))
    signatures = signature_columns([sign(story) for story in stories])
    for name in signatures.column_names:
        table = table.append_column(f"{PREFIX}{name}", signatures.column(name))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=_OPTIONS) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def spooled_rows(data: memoryview | bytes) -> pa.Table:
    """Rows of one spool file, with their documents and signatures."""
    return pa.ipc.open_file(pa.py_buffer(data)).read_all()


def read_spool(lake: Lake, batches: Sequence[RowBatch]) -> tuple[pa.Table, np.ndarray]:
    """Rows of batches in arrival order: fetch time, input, position.

    Args:
        lake: where they are spooled.
        batches: any number, at least one with rows or all without.

    Returns:
        The rows, and for each the index of its batch.
    """
    tables: list[pa.Table] = []
    numbers: list[np.ndarray] = []
    for number, batch in enumerate(batches):
        data = lake.spool_read(batch.spool) if batch.spool else batch.payload
        if data is None or not batch.rows:
            continue
        tables.append(spooled_rows(data))
        numbers.append(np.full(tables[-1].num_rows, number))
    if not tables:
        empty = spooled_rows(spool_bytes([], []))
        return empty, np.zeros(0, dtype=int)
    table, batch_of = pa.concat_tables(tables), np.concatenate(numbers)
    order = pc.sort_indices(table.select([name for name, _ in _ARRIVAL]), sort_keys=list(_ARRIVAL))
    places = order.to_numpy()
    if (places[1:] > places[:-1]).all():  # as nearly always in a stream; a copy of everything costs more than this look
        return table, batch_of
    return table.take(order), batch_of[places]


def signatures_of(rows: pa.Table) -> pa.Table:
    """The signature columns of spooled rows, under their own names."""
    names = [name for name in rows.column_names if name.startswith(PREFIX)]
    return rows.select(names).rename_columns([name.removeprefix(PREFIX) for name in names])
