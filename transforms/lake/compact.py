"""Merging small files and upgrading old ones, shard by shard, each merge one commit.

Rows keep the order of their commits, so a merged file is sorted by ``committed_at``: whoever asks what is new skips its
older row groups. One row group after the other goes through memory, and the merged file.

The lake's own reader is exact at every moment. For readers of the plain folders no row is ever gone: a merged file
appears first, then the files that it stands for disappear, so for the time of a rename and a few deletes (on an object
store: one copy and a few deletes) rows of that partition can be seen twice; ``row_id`` tells them. A reader that
listed a folder just before can be told that a file is gone; it must list again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.tables import SCHEMA_VERSION
from transforms.lake.commit import ShardWriter, Transaction, transact
from transforms.lake.lake import Lake
from transforms.lake.records import FileEntry
from transforms.lake.rewrite import MergeParts, live_entries, live_parts

TARGET_BYTES = 64 * 1024 * 1024
"""Size to which files are merged: about 300 MB of copy in memory, and a few requests to read."""

COMMIT_BYTES = 128 * 1024 * 1024
"""Bytes merged in one commit: bounds what a lost race costs."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did.

    Attributes:
        commits: how many it made.
        files_before: files that were merged or upgraded.
        files_after: files that stand for them.
        rows: in them.
    """

    commits: int = 0
    files_before: int = 0
    files_after: int = 0
    rows: int = 0


def plan_merges(entries: Iterable[FileEntry], target_bytes: int = TARGET_BYTES) -> list[list[FileEntry]]:
    """Groups of files of one folder that should become one file each.

    Args:
        entries: live files of one shard.
        target_bytes: files of this size are left alone unless their schema is old.

    Returns:
        Groups of at least two small files, or of single files with an old schema; by folder, in order of commit.
    """
    by_folder: dict[str, list[FileEntry]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.committed_from, entry.committed_to, entry.path)):
        if entry.size < target_bytes or entry.schema_version < SCHEMA_VERSION:
            by_folder.setdefault(entry.folder, []).append(entry)
    groups = []
    for folder in sorted(by_folder):
        group: list[FileEntry] = []
        size = 0
        for entry in by_folder[folder]:
            if group and size + entry.size > target_bytes:
                groups.append(group)
                group, size = [], 0
            group.append(entry)
            size += entry.size
        groups.append(group)
    return [group for group in groups if len(group) > 1 or group[0].schema_version < SCHEMA_VERSION]


def compact(
    lake: Lake, merge: MergeParts, clock: Callable[[], datetime], *, target_bytes: int = TARGET_BYTES
) -> Compacted:
    """Merge what is small and upgrade what is old; other writers may go on meanwhile.

    Args:
        lake: open.
        merge: the write room's ``merge_parquet``.
        clock: aware UTC.
        target_bytes: see ``plan_merges``.

    Raises:
        LakeDamaged: a live file cannot be read; nothing of its group was changed.
    """
    commits = before = after = rows = 0
    for name in lake.shard_names:
        shard = lake.shard(name)
        while done := transact(shard, clock, lambda one, txn: _merge_some(one, txn, merge, target_bytes)):
            commits += 1
            before += done.files_before
            after += done.files_after
            rows += done.rows
    return Compacted(commits, before, after, rows)


def _merge_some(shard: ShardWriter, txn: Transaction, merge: MergeParts, target_bytes: int) -> Compacted | None:
    before = after = rows = size = 0
    try:
        for group in plan_merges(live_entries(shard), target_bytes):
            first = group[0]
            theirs = sum(entry.rows for entry in group)
            span = min(entry.committed_from for entry in group), max(entry.committed_to for entry in group)
            txn.remove(group)
            data = merge(live_parts(shard, group), first.table)
            txn.add_table(first.table, first.partition, data, theirs, committed=span)
            before, after, rows = before + len(group), after + 1, rows + theirs
            size += sum(entry.size for entry in group)
            if size >= COMMIT_BYTES:
                break
        if not before:
            txn.abort()
            return None
        txn.commit(reason="compact")
    except BaseException:
        txn.abort()
        raise
    return Compacted(1, before, after, rows)
