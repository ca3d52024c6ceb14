"""Reading a shard's commit records: the newest, the files that live, the batches that were answered.

Opening reads a bounded number of objects however long the lake has lived: a head that names a recent commit, and
every ``CHECKPOINT_EVERY`` commits a checkpoint that sums up all before it. Both are only short cuts: the head says
things that stay true ("commit n exists and is published"), so an old head costs a few reads and never a row, and a
missing checkpoint is made up from the one before.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.lake.records import (
    CommitRecord,
    FileEntry,
    Outcomes,
    decode_covers,
    decode_entry,
    decode_record,
    encode_covers,
    encode_entry,
    pack,
    record_path,
    unpack,
)
from transforms.lake.storage import NotFound, Storage

CHECKPOINT_EVERY = 64
"""Commits between checkpoints. Opening reads at most this many records (a few KB each); a stream that flushes
every 5 minutes sums up its files five times a day."""

COVER_WINDOW = 512
"""Commits within which a replayed batch is recognised: 42 hours of 5-minute flushes. An engine replays what it had
not acknowledged, minutes old; a batch that is replayed after the window is decided again, and the seen-index then
finds its rows known."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a shard without reading its records. All of it stays true for ever.

    Attributes:
        sequence: a commit that exists and, like all before it, is published.
        checkpoint: a commit that a checkpoint sums up; 0: none yet.
    """

    sequence: int = 0
    checkpoint: int = 0


def read_head(storage: Storage, shard: str) -> Head:
    """The shard's head, or zeros."""
    try:
        value = json.loads(storage.read(_head_path(shard)))
    except NotFound:
        return Head()
    return Head(value["sequence"], value["checkpoint"])


def write_head(storage: Storage, shard: str, head: Head) -> None:
    """Replace the head; only after everything up to it was published."""
    value = {"sequence": head.sequence, "checkpoint": head.checkpoint}
    storage.write(_head_path(shard), json.dumps(value).encode())


def read_record(storage: Storage, shard: str, sequence: int) -> CommitRecord | None:
    """One commit record, or None when that commit was never made."""
    path = record_path(shard, sequence)
    try:
        return decode_record(storage.read(path), path)
    except NotFound:
        return None


def records_after(storage: Storage, shard: str, sequence: int) -> Iterator[CommitRecord]:
    """All commits after a sequence number, in order."""
    while record := read_record(storage, shard, sequence + 1):
        yield record
        sequence += 1


def records_before(storage: Storage, shard: str, sequence: int) -> Iterator[CommitRecord]:
    """Commits from a sequence number (included) back to the first."""
    while sequence and (record := read_record(storage, shard, sequence)):
        yield record
        sequence -= 1


@dataclass(frozen=True, slots=True)
class Summary:
    """What a shard amounts to at one commit.

    Attributes:
        sequence: of the commit; 0: nothing was committed.
        files: live table files by final name.
        last: the commit's record, or None.
    """

    sequence: int
    files: dict[str, FileEntry]
    last: CommitRecord | None


def summarise(storage: Storage, shard: str, upto: int | None = None) -> Summary:
    """The live files of a shard, from the last checkpoint and the records since.

    Args:
        storage: of the lake.
        shard: its name.
        upto: stop at this commit; None: the newest.
    """
    head = read_head(storage, shard)
    base = min(head.checkpoint, upto) if upto is not None else head.checkpoint
    files, base = _files_at(storage, shard, base // CHECKPOINT_EVERY * CHECKPOINT_EVERY)
    last = read_record(storage, shard, base) if base else None
    for record in records_after(storage, shard, base):
        if upto is not None and record.sequence > upto:
            break
        _apply(files, record)
        last = record
    return Summary(last.sequence if last else 0, files, last)


def read_covers(storage: Storage, shard: str, upto: int) -> dict[str, tuple[int, Outcomes]]:
    """Batches answered by the last ``COVER_WINDOW`` commits: batch id to (sequence, outcomes)."""
    base = upto // CHECKPOINT_EVERY * CHECKPOINT_EVERY
    covers: dict[str, tuple[int, Outcomes]] = {}
    while base:
        try:
            value = unpack(storage.read(_checkpoint_path(shard, base, "covers")))
        except NotFound:
            base -= CHECKPOINT_EVERY
            continue
        for sequence, stored in value:
            covers.update((batch, (sequence, outcomes)) for batch, outcomes in decode_covers(stored))
        break
    for record in records_after(storage, shard, base):
        if record.sequence > upto:
            break
        covers.update((batch, (record.sequence, outcomes)) for batch, outcomes in record.covers)
    return covers


def write_checkpoint(storage: Storage, shard: str, sequence: int) -> None:
    """Sum up everything until a commit; the same bytes whoever writes it."""
    files = summarise(storage, shard, sequence).files
    storage.create(
        _checkpoint_path(shard, sequence, "files"), pack([encode_entry(files[path]) for path in sorted(files)])
    )
    by_commit: dict[int, list[tuple[str, Outcomes]]] = {}
    for batch, (made, outcomes) in read_covers(storage, shard, sequence).items():
        if made > sequence - COVER_WINDOW:
            by_commit.setdefault(made, []).append((batch, outcomes))
    value = [[made, encode_covers(tuple(by_commit[made]))] for made in sorted(by_commit)]
    storage.create(_checkpoint_path(shard, sequence, "covers"), pack(value))


def _files_at(storage: Storage, shard: str, base: int) -> tuple[dict[str, FileEntry], int]:
    """The newest checkpoint of files at or before a commit."""
    while base:
        try:
            value = unpack(storage.read(_checkpoint_path(shard, base, "files")))
        except NotFound:
            base -= CHECKPOINT_EVERY
            continue
        return {entry.path: entry for entry in map(decode_entry, value)}, base
    return {}, 0


def _apply(files: dict[str, FileEntry], record: CommitRecord) -> None:
    for entry in record.adds:
        if not entry.path.startswith("_"):
            files[entry.path] = entry
    for path in record.removes:
        files.pop(path, None)


def _head_path(shard: str) -> str:
    return f"_state/heads/{shard}.json"


def _checkpoint_path(shard: str, sequence: int, part: str) -> str:
    return f"_state/checkpoints/{shard}/{sequence:010d}.{part}.json.zst"
