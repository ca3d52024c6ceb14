"""Reading a shard's commit records: the newest, the files that live, the batches that were answered.

Opening reads a bounded number of objects however long the lake has lived: a head that names a recent commit, and
every ``CHECKPOINT_EVERY`` commits a checkpoint that sums up all before it. Both are only short cuts: the head says
things that stay true ("commit n exists and is published"), so an old head costs a few reads and never a row, and a
missing checkpoint is made up from the one before. Superseded checkpoints are removed but for one in every
``LANDMARK_EVERY`` commits; commit records stay, a few KB each.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import zstandard

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

CHECKPOINTS_KEPT = 4
"""Newest checkpoints, for those who read by an older head."""

LANDMARK_EVERY = 4096
"""Commits between checkpoints that stay: the most records that anybody ever has to read, two weeks of 5-minute
flushes."""

COVER_WINDOW = 512
"""Commits within which a replayed batch is recognised: 42 hours of 5-minute flushes. An engine replays what it had
not acknowledged, minutes old; a batch that is replayed after the window is decided again, and the seen-index then
finds its rows known."""

MAX_COVERS = 100_000
"""Answers that a checkpoint keeps, the newest first; 20,000 feeds polled every 5 minutes would give ten million in the
window, and only those of the last flushes are ever asked for."""


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
    """The shard's head; where it is missing or broken, what the newest checkpoint says, or zeros."""
    try:
        value = json.loads(storage.read(_head_path(shard)))
        return Head(int(value["sequence"]), int(value["checkpoint"]))
    except (NotFound, ValueError, KeyError, TypeError):
        newest = max((number for number, _ in _checkpoints(storage, shard)), default=0)
        return Head(newest, newest)  # a checkpoint is made after everything up to it was published


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
    files, base = _files_at(storage, shard, read_head(storage, shard).checkpoint, upto)
    last = read_record(storage, shard, base) if base else None
    for record in records_after(storage, shard, base):
        if upto is not None and record.sequence > upto:
            break
        _apply(files, record)
        last = record
    return Summary(last.sequence if last else 0, files, last)


def read_covers(storage: Storage, shard: str, upto: int) -> dict[str, tuple[int, Outcomes]]:
    """Batches answered by the last ``COVER_WINDOW`` commits: batch id to (sequence, outcomes)."""
    covers: dict[str, tuple[int, Outcomes]] = {}
    value, base = _checkpoint_at(storage, shard, upto // CHECKPOINT_EVERY * CHECKPOINT_EVERY, upto, "covers")
    for sequence, stored in value or ():
        covers.update((batch, (sequence, outcomes)) for batch, outcomes in decode_covers(stored))
    base = max(base, upto - COVER_WINDOW)
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
    covers = [(made, batch, outcomes) for batch, (made, outcomes) in read_covers(storage, shard, sequence).items()]
    for made, batch, outcomes in sorted(covers, key=lambda cover: cover[0])[-MAX_COVERS:]:
        if made > sequence - COVER_WINDOW:
            by_commit.setdefault(made, []).append((batch, outcomes))
    value = [[made, encode_covers(tuple(by_commit[made]))] for made in sorted(by_commit)]
    storage.create(_checkpoint_path(shard, sequence, "covers"), pack(value))
    _prune(storage, shard, sequence)


def _prune(storage: Storage, shard: str, sequence: int) -> None:
    """Remove checkpoints that later ones stand for."""
    oldest = sequence - CHECKPOINTS_KEPT * CHECKPOINT_EVERY
    for number, path in _checkpoints(storage, shard):
        if number <= oldest and number % LANDMARK_EVERY:
            storage.delete(path)


def _checkpoints(storage: Storage, shard: str) -> list[tuple[int, str]]:
    """Number and path of every checkpoint, in order."""
    found = []
    for stored in storage.list(f"_state/checkpoints/{shard}"):
        name = stored.path.rpartition("/")[2].partition(".")[0]
        if name.isdigit():
            found.append((int(name), stored.path))
    return sorted(found)


def _checkpoint_at(storage: Storage, shard: str, likely: int, upto: int | None, part: str) -> tuple[Any, int]:
    """A part of the newest checkpoint until a commit, and its number; (None, 0): there is none.

    Args:
        storage: of the lake.
        shard: its name.
        likely: number of a checkpoint that is probably there: it is looked for first; 0: none.
        upto: not after this commit; None: any.
        part: ``files`` or ``covers``.
    """
    numbers = [likely] if likely and (upto is None or likely <= upto) else []
    looked = False
    while True:
        for number in numbers:
            try:
                return unpack(storage.read(_checkpoint_path(shard, number, part))), number
            except (NotFound, ValueError, zstandard.ZstdError):  # gone or broken: the one before and records do
                continue
        if looked:
            return None, 0
        looked = True
        listed = {number for number, _ in _checkpoints(storage, shard) if upto is None or number <= upto}
        numbers = sorted(listed, reverse=True)


def _files_at(storage: Storage, shard: str, likely: int, upto: int | None) -> tuple[dict[str, FileEntry], int]:
    """The files of the newest checkpoint until a commit, and its number."""
    value, base = _checkpoint_at(storage, shard, likely, upto, "files")
    return {entry.path: entry for entry in map(decode_entry, value or ())}, base


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
