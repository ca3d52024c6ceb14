"""Committing: stage files, create one record, publish. The record's creation is the only moment that counts.

The protocol, for one shard:

1. Files are staged under ``_staging/commit/SHARD/SEQUENCE-TOKEN/``, a folder of this transaction's own.
2. ``_state/commits/SHARD/SEQUENCE.json`` is made by create-if-absent. Whoever makes it has committed; a second
   writer finds the name taken, has changed nothing, reloads and decides again (``CommitConflict``).
3. Each staged file moves to its final name, then files that the record removes are deleted.

Whoever opens a shard first finishes step 3 of every commit that was left in the middle ("rolls forward"), which is
idempotent and may be done by several at once, and sweeps only staged files of sequence numbers that are taken: their
owners cannot commit any more. A file name holds (shard, sequence), so no two commits share one, and a file that was
published and later removed cannot come back: publishing moves, and there is nothing left to move.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from schemas.tables import SCHEMA_VERSION
from transforms.lake.errors import CommitConflict, LakeDamaged, LakeError, explained
from transforms.lake.history import (
    CHECKPOINT_EVERY,
    COVER_WINDOW,
    Head,
    read_covers,
    read_head,
    read_record,
    records_after,
    write_checkpoint,
    write_head,
)
from transforms.lake.records import STATE, CommitRecord, FileEntry, Outcomes, encode_record, record_path
from transforms.lake.storage import NotFound, Storage

STAGING = "_staging/commit"
SEGMENTS = "_state/segments"

CONTROL = "control"
"""The shard of polls, failures and the pull room's memory of its feeds."""

TRANSACT_ATTEMPTS = 50
"""Each lost race means that another writer got on; fifty in a row mean that somebody commits without pause."""

_Answer = TypeVar("_Answer")


class ShardWriter:
    """One writer's view of one shard: where it stands, and how to go on from there.

    Args:
        storage: of the lake.
        shard: its name: ``0``, ``1``, … or ``control``.

    Opening rolls forward what others left unpublished.
    """

    def __init__(self, storage: Storage, shard: str) -> None:
        self.storage = storage
        self.shard = shard
        self._last: CommitRecord | None = None
        self._head = Head()
        self._covers: dict[str, tuple[int, Outcomes]] | None = None
        self._stale = True
        self.reload()

    @property
    def sequence(self) -> int:
        """Number of the last commit; 0 before the first."""
        return self._last.sequence if self._last else 0

    @property
    def state(self) -> tuple[str, ...]:
        """Names of the live state segments, oldest first."""
        return self._last.state if self._last else ()

    @property
    def committed_at(self) -> datetime | None:
        """Moment of the last commit."""
        return self._last.committed_at if self._last else None

    def segments(self, kind: str) -> tuple[str, ...]:
        """Live state segments of one kind, oldest first."""
        return tuple(name for name in self.state if name.rpartition("/")[2].startswith(f"{kind}-"))

    def read_state(self, name: str) -> memoryview:
        """A live state segment, mapped where the storage can; it stays readable after later commits.

        Raises:
            CommitConflict: another writer replaced it meanwhile; reload.
            LakeDamaged: it is live and not there.
        """
        try:
            return self.storage.view(f"{SEGMENTS}/{self.shard}/{name}")
        except NotFound:
            if read_record(self.storage, self.shard, self.sequence + 1):
                raise self._conflict() from None
            raise LakeDamaged(
                f"{self.storage.uri}: state segment {SEGMENTS}/{self.shard}/{name} is missing, though commit "
                f"{self.sequence} lists it. Restore it from a backup or an older object version."
            ) from None

    def covered(self, batch_id: str) -> Outcomes | None:
        """What an earlier commit made of a batch, or None when none of the last ``COVER_WINDOW`` answers it."""
        if self._covers is None:
            self._covers = read_covers(self.storage, self.shard, self.sequence)
        found = self._covers.get(batch_id)
        return found[1] if found else None

    def reload(self) -> None:
        """Read where the shard stands now; publish what was committed and is not published."""
        with explained(self.storage.uri, "taking over what an earlier run left"):
            self._head = read_head(self.storage, self.shard)
            last = read_record(self.storage, self.shard, self._head.sequence) if self._head.sequence else None
            pending = tuple(records_after(self.storage, self.shard, self._head.sequence))
            for record in pending:
                _finish(self.storage, record)
            self._last = pending[-1] if pending else last
            if pending:
                self._advance(pending)
            self._sweep()
        self._covers = None
        self._stale = False

    def begin(self, now: datetime) -> "Transaction":
        """Start a transaction on top of the last commit.

        Args:
            now: aware UTC. The transaction's ``committed_at`` is this, or just after the shard's last commit when
                the clock was set back.

        Raises:
            CommitConflict: the last transaction ended in doubt or in conflict and nobody called ``reload``.
        """
        if self._stale:
            raise CommitConflict(f"{self.storage.uri}: shard {self.shard} must be reloaded before the next commit.")
        moment = now.astimezone(UTC)
        if self._last and moment <= self._last.committed_at:
            moment = self._last.committed_at + timedelta(microseconds=1)
        return Transaction(self, moment)

    def _commit(self, record: CommitRecord) -> None:
        """Create the record, then publish; called by the transaction."""
        path = record_path(self.shard, record.sequence)
        self._stale = True  # until proven otherwise: what raises below leaves the outcome open
        if not self.storage.create(path, encode_record(record)):
            found = read_record(self.storage, self.shard, record.sequence)
            if found is None or found.token != record.token:
                raise self._conflict()
        _finish(self.storage, record)
        self._last = record
        if self._covers is not None:
            self._covers.update((batch, (record.sequence, outcomes)) for batch, outcomes in record.covers)
        self._advance((record,))
        self._stale = False

    def _advance(self, records: Sequence[CommitRecord]) -> None:
        """Move the head past published commits; sum up at every ``CHECKPOINT_EVERY``-th."""
        checkpoint = self._head.checkpoint
        for record in records:
            if record.sequence % CHECKPOINT_EVERY == 0:
                write_checkpoint(self.storage, self.shard, record.sequence)
                checkpoint = record.sequence
                if self._covers is not None:
                    first = record.sequence - COVER_WINDOW
                    self._covers = {batch: value for batch, value in self._covers.items() if value[0] > first}
        self._head = Head(records[-1].sequence, checkpoint)
        write_head(self.storage, self.shard, self._head)

    def _sweep(self) -> None:
        """Remove staged files of transactions whose sequence number is taken: they can never commit."""
        dead = set()
        for stored in self.storage.list(f"{STAGING}/{self.shard}"):
            folder = stored.path.removeprefix(f"{STAGING}/{self.shard}/").partition("/")[0]
            number, mark, _ = folder.partition("-")
            if mark and number.isdigit() and int(number) <= self.sequence:
                dead.add(folder)
        for folder in sorted(dead):
            self.storage.delete_folder(f"{STAGING}/{self.shard}/{folder}")

    def _conflict(self) -> CommitConflict:
        self._stale = True
        return CommitConflict(
            f"{self.storage.uri}: another writer committed to shard {self.shard} first; reload it and decide again."
        )


class Transaction:
    """Files and state that become part of the lake together or not at all.

    Made by ``ShardWriter.begin``. Files are staged as they are added, so memory holds only those on their way.

    Attributes:
        committed_at: the moment to write into the rows' ``committed_at``.
        sequence: number of the commit that this will be.
    """

    def __init__(self, shard: ShardWriter, committed_at: datetime) -> None:
        self.committed_at = committed_at
        self.sequence = shard.sequence + 1
        self._shard = shard
        self._storage = shard.storage
        self._token = secrets.token_hex(8)
        self._folder = f"{STAGING}/{shard.shard}/{self.sequence:010d}-{self._token}"
        self._adds: list[FileEntry] = []
        self._removes: list[str] = []
        self._state = list(shard.state)
        self._pool = ThreadPoolExecutor(self._storage.workers) if self._storage.workers > 1 else None
        self._staging: list[Future[None]] = []
        self._in_doubt = False

    def add_table(
        self,
        table: str,
        partition: Sequence[tuple[str, str]],
        data: bytes,
        rows: int,
        *,
        committed: tuple[datetime, datetime] | None = None,
        schema_version: int = SCHEMA_VERSION,
    ) -> FileEntry:
        """Stage a Parquet file.

        Args:
            table: its table.
            partition: partition columns and values, in order.
            data: the whole file.
            rows: how many rows it holds.
            committed: earliest and latest ``committed_at`` of its rows; None: this transaction's.
            schema_version: of the Arrow schema it was written with.

        Raises:
            LakeFull: no space left; abort, free some, begin again.
            LakeReadOnly: not allowed.
        """
        folder = "/".join((table, *(f"{name}={value}" for name, value in partition)))
        same = sum(entry.folder == folder for entry in self._adds)
        name = f"{self._shard.shard}-{self.sequence:010d}{f'-{same}' if same else ''}.parquet"
        return self._add(table, f"{folder}/{name}", data, rows, committed, schema_version)

    def add_state(self, data: bytes, replaces: Sequence[str] = (), *, kind: str = "seen") -> str:
        """Stage a state segment.

        Args:
            data: its bytes.
            replaces: names of live segments that this one stands for from now on.
            kind: what it holds; names are unique whatever the kind.

        Returns:
            Its name.
        """
        number = sum(entry.table == STATE for entry in self._adds)
        name = f"{kind}-{self.sequence:010d}-{number}.bin"
        self._add(STATE, f"{SEGMENTS}/{self._shard.shard}/{name}", data, 0, None, SCHEMA_VERSION)
        self.drop_state(replaces)
        self._state.append(name)
        return name

    def drop_state(self, names: Sequence[str]) -> None:
        """Let live state segments end with this commit."""
        for name in names:
            self._state.remove(name)
            self._removes.append(f"{SEGMENTS}/{self._shard.shard}/{name}")

    def remove(self, entries: Sequence[FileEntry]) -> None:
        """Let table files end with this commit; their rows stand in files that it adds, or are meant to go."""
        self._removes.extend(entry.path for entry in entries)

    def _add(
        self,
        table: str,
        path: str,
        data: bytes,
        rows: int,
        committed: tuple[datetime, datetime] | None,
        schema_version: int,
    ) -> FileEntry:
        first, last = committed or (self.committed_at, self.committed_at)
        staged = f"{self._folder}/{len(self._adds):05d}"
        digest = hashlib.sha256(data).hexdigest()
        entry = FileEntry(table, path, rows, len(data), digest, staged, first, last, schema_version)
        self._adds.append(entry)
        if self._pool is None:
            with explained(self._storage.uri, "staging a file"):
                self._storage.stage(staged, data)
        else:
            while len(self._staging) >= 2 * self._storage.workers:
                self._wait(self._staging.pop(0))
            self._staging.append(self._pool.submit(self._storage.stage, staged, data))
        return entry

    def _wait(self, staging: Future[None]) -> None:
        with explained(self._storage.uri, "staging a file"):
            staging.result()

    def commit(
        self,
        covers: Mapping[str, Outcomes] | None = None,
        counts: Mapping[str, int] | None = None,
        *,
        reason: str = "commit",
    ) -> CommitRecord:
        """Make it all true at once, then publish.

        Args:
            covers: what became of each batch answered by this commit.
            counts: figures for the run's report.
            reason: see CommitRecord.

        Returns:
            The record.

        Raises:
            CommitConflict: another writer was first. Nothing of this transaction is in the lake; reload the shard,
                ask ``covered``, decide again.
            LakeError, OSError: before the record was made nothing happened; after it the next ``reload`` (by
                anybody) publishes. ``reload`` and ``covered`` tell which.
        """
        record = CommitRecord(
            shard=self._shard.shard,
            sequence=self.sequence,
            token=self._token,
            committed_at=self.committed_at,
            reason=reason,
            adds=tuple(self._adds),
            removes=tuple(self._removes),
            state=tuple(self._state),
            covers=tuple((covers or {}).items()),
            counts=dict(counts or {}),
        )
        try:
            for staging in self._staging:
                self._wait(staging)
            with explained(self._storage.uri, "committing"):
                self._storage.settle(self._folder)
                self._in_doubt = True
                self._shard._commit(record)  # noqa: SLF001 - the two are one thing in two lives
        except CommitConflict:
            self._in_doubt = False
            self.abort()
            raise
        finally:
            self._close()
        return record

    def abort(self) -> None:
        """Give up; what was staged is removed as far as the storage allows.

        After a ``commit`` whose outcome is open nothing is removed: the record may exist, or come to exist.
        """
        self._close()
        if self._in_doubt:
            return
        with suppress(OSError, LakeError):  # swept by whoever opens the shard after its next commit
            self._storage.delete_folder(self._folder)

    def _close(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=True)
            self._pool = None


def transact(
    shard: ShardWriter, clock: Callable[[], datetime], work: Callable[[ShardWriter, Transaction], _Answer]
) -> _Answer:
    """Run work that commits a transaction, again after each lost race.

    Args:
        shard: reloaded after a conflict.
        clock: aware UTC.
        work: adds to the transaction and commits it; called again with a new one after a conflict, so it must
            decide from the shard it is given. It may return without committing.

    Returns:
        What the work returned.

    Raises:
        CommitConflict: lost ``TRANSACT_ATTEMPTS`` races in a row.
    """
    for attempt in range(TRANSACT_ATTEMPTS):
        try:
            if attempt:
                shard.reload()
            return work(shard, shard.begin(clock()))
        except CommitConflict:
            if attempt == TRANSACT_ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _finish(storage: Storage, record: CommitRecord) -> None:
    """Publish a commit's files, then delete what it removes. Idempotent; several may do it at once.

    Folder by folder, those that only gain files first: a row that moves between tables stands in its new place
    before it leaves the old one, and a folder whose files are merged holds both for the shortest time.
    """
    removes: dict[str, list[str]] = {}
    for path in record.removes:
        removes.setdefault(path.rpartition("/")[0], []).append(path)
    moves: dict[str, list[tuple[str, str]]] = {}
    for entry in record.adds:
        moves.setdefault(entry.folder if entry.folder in removes else "", []).append((entry.staged, entry.path))
    if "" in moves:
        storage.publish(moves.pop(""))
    for folder in sorted({*moves, *removes}):
        storage.publish(moves.get(folder, ()))
        for path in removes.get(folder, ()):
            storage.delete(path)
    if record.adds:
        storage.delete_folder(record.adds[0].staged.rpartition("/")[0])
