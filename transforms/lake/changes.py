"""What became part of the lake since a moment, whatever its date.

A commit's rows carry its moment in ``committed_at``, which grows strictly within a shard even when the clock is set
back. A commit is stamped before it becomes visible, so rows with an earlier moment can appear after somebody asked:
ask again with the cursor of the last answer (a moment per shard), which misses nothing and repeats nothing. With a
single moment, overlap a few minutes and drop what was seen by ``row_id``. Merging files makes no row new.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from transforms.lake.errors import LakeDamaged
from transforms.lake.history import summarise
from transforms.lake.lake import Lake
from transforms.lake.reader import READ_ATTEMPTS, read_entry

Cursor = Mapping[str, datetime]
"""For each shard the moment up to which it was read."""


@dataclass(slots=True)
class Changes:
    """Rows committed since a moment; iterate once, then read ``cursor``.

    Attributes:
        lake: open.
        since: exclusive; a moment for all shards, or the cursor of an earlier answer.
        table: its name.
        cursor: complete after iterating; pass it as ``since`` next time.
    """

    lake: Lake
    since: datetime | Cursor
    table: str = "stories"
    cursor: dict[str, datetime] = field(default_factory=dict)

    def __iter__(self) -> Iterator[pa.Table]:
        """Tables of rows, shard by shard, in order of commits; memory for one shard's answer."""
        for shard in self.lake.shard_names:
            yield from self._shard(shard)

    def _shard(self, shard: str) -> list[pa.Table]:
        since = self.since if isinstance(self.since, datetime) else self.since.get(shard)
        for attempt in range(READ_ATTEMPTS):
            summary = summarise(self.lake.storage, shard)
            entries = [
                entry
                for entry in summary.files.values()
                if entry.table == self.table and (since is None or entry.committed_to > since)
            ]
            filters = [] if since is None else [("committed_at", ">", since)]
            try:
                found = [
                    read_entry(self.lake.storage, entry, filters=filters)
                    for entry in sorted(entries, key=lambda entry: (entry.committed_to, entry.path))
                ]
            except LakeDamaged:
                moved = summarise(self.lake.storage, shard).sequence > summary.sequence
                if not moved or attempt == READ_ATTEMPTS - 1:
                    raise
                continue
            if summary.last:
                self.cursor[shard] = summary.last.committed_at
            elif since:
                self.cursor[shard] = since
            return [table for table in found if table.num_rows]
        raise AssertionError("unreachable")


def changes(lake: Lake, since: datetime | Cursor, *, table: str = "stories") -> Changes:
    """What was committed to a table since a moment (exclusive).

    Args:
        lake: open.
        since: aware UTC, or the cursor of an earlier answer.
        table: its name.
    """
    return Changes(lake, since, table)
