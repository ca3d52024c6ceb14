"""Which folder a row lies in: partition columns live in the path, are never null and need no escaping."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.tables import PARTITIONS

Partition = tuple[tuple[str, str], ...]
"""Partition columns and their values, in the order of the path."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one partition.

    Attributes:
        partition: its columns and values.
        rows: in the order in which they came.
    """

    partition: Partition
    rows: pa.Table


def split_by_partition(rows: pa.Table, table: str) -> Iterator[Part]:
    """Cut rows into partitions without touching them one by one.

    Args:
        rows: with the partition columns of ``table``, none of them null.
        table: its name.

    Yields:
        Parts in order of their path; rows keep their order.

    Raises:
        ValueError: a partition value is null; the message names the column.
    """
    names = PARTITIONS[table]
    if not rows.num_rows:
        return
    if not names:
        yield Part((), rows)
        return
    for name in names:
        if rows.column(name).null_count:
            raise ValueError(f"{table}: partition column {name} is null in {rows.column(name).null_count} rows")
    texts = pa.table({name: pc.cast(rows.column(name), pa.string()) for name in names})
    order = pc.sort_indices(texts, sort_keys=[(name, "ascending") for name in names])  # stable
    texts, rows = texts.take(order), rows.take(order)
    codes = [texts.column(name).combine_chunks().dictionary_encode().indices.to_numpy() for name in names]
    changed = np.zeros(rows.num_rows, dtype=bool)
    changed[0] = True
    for code in codes:
        changed[1:] |= code[1:] != code[:-1]
    starts = np.flatnonzero(changed).tolist()
    for start, end in zip(starts, [*starts[1:], rows.num_rows], strict=True):
        values = tuple((name, texts.column(name)[start].as_py()) for name in names)
        yield Part(values, rows.slice(start, end - start))
