"""Deciding on spooled rows and committing them: one transaction holds rows, the state they leave and its answers."""

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.adding import MAX_CONFLICTS, add_rows, wirelake_version
from pipelines.config import IngestConfig
from pipelines.progress import progress_of
from pipelines.spool import read_spool, signatures_of
from schemas.batch import DocumentOutcome, RowBatch
from transforms.dedupe.decider import Decider, Decisions
from transforms.enrich.topic import TopicModel
from transforms.lake.commit import ShardWriter, Transaction, transact
from transforms.lake.errors import CommitConflict
from transforms.lake.held import release
from transforms.lake.lake import open_lake
from transforms.lake.seen import SEEN
from transforms.write.files import write_tables

COMMIT_ROWS = 50_000
"""Rows decided on and committed at once: about 200 MB of copy in memory, and few files per partition."""

RELEASE_EVERY = dt.timedelta(minutes=1)
"""How often a stream looks for held rows that are due: embargoes end on the minute."""


def arrival_groups(batches: Iterable[RowBatch], limit: int = COMMIT_ROWS) -> Iterator[list[RowBatch]]:
    """Cut batches into groups that can be decided on one after the other.

    Args:
        batches: of one shard and flush, in any order, each batch once or more.
        limit: rows at which a group is full.

    Yields:
        Groups in arrival order: no row of a later group arrived before a row of an earlier one.
    """
    group: list[RowBatch] = []
    rows, last = 0, None
    unique = {batch.batch_id: batch for batch in batches}
    for batch in sorted(unique.values(), key=lambda b: (b.first, b.last, b.batch_id)):
        if group and rows >= limit and last is not None and batch.first > last:
            yield group
            group, rows = [], 0
        group.append(batch)
        rows += batch.rows
        last = batch.last if last is None else max(last, batch.last)
    if group:
        yield group


class StoryCommitter:
    """Decides on and commits the rows of shards; keeps each shard's state between flushes."""

    def __init__(self, config: IngestConfig) -> None:
        """Open the lake of ``config``."""
        self._config = config
        self._lake = open_lake(config.output)
        self._shards: dict[int, ShardWriter] = {}
        self._deciders: dict[int, Decider] = {}
        self._released: dict[int, dt.datetime] = {}
        self._model_version = TopicModel.load().version
        self._locks = {number: threading.Lock() for number in range(self._lake.shards)}

    def commit(self, number: int, batches: Sequence[RowBatch], now: dt.datetime) -> list[DocumentOutcome]:
        """Decide on batches in arrival order and commit what comes of them.

        Args:
            number: the shard.
            batches: of one flush.
            now: for ``committed_at``.

        Returns:
            What became of every document's rows; of a batch that was committed before, what was answered then.

        Raises:
            CommitConflict: other writers won MAX_CONFLICTS races in a row.
            LakeError: the lake cannot be written; the message says why.
        """
        outcomes: list[DocumentOutcome] = []
        for group in arrival_groups(batches):
            with self._locks[number]:
                made = self._commit_group(number, group, now)
            progress_of(self._config.run_id).decided(made)
            outcomes += made
        return outcomes

    def release(self, now: dt.datetime) -> None:
        """Move held rows that are due into ``stories``, of all shards; looks no more than once in RELEASE_EVERY.

        Raises:
            CommitConflict: other writers won many races in a row.
            LakeError: the lake cannot be written.
        """
        for number, lock in self._locks.items():
            last = self._released.get(number)
            if last is not None and abs(now - last) < RELEASE_EVERY:  # also where the clock was set back
                continue
            if lock.acquire(blocking=False):  # else it is committing, and whoever looks comes again
                try:
                    self._release(number, now)
                finally:
                    lock.release()

    def _release(self, number: int, now: dt.datetime) -> None:
        shard = self._shard(number)
        if number not in self._deciders:  # another process may be the one that commits
            shard.reload()
        before = shard.sequence
        released = transact(shard, lambda: now, lambda writer, txn: release(writer, txn, write_tables, now))
        if shard.sequence != before + bool(released):  # another writer's commits came in between
            self._deciders.pop(number, None)
        self._released[number] = now

    def _shard(self, number: int) -> ShardWriter:
        return self._shards.get(number) or self._shards.setdefault(number, self._lake.shard(number))

    def _commit_group(self, number: int, group: Sequence[RowBatch], now: dt.datetime) -> list[DocumentOutcome]:
        shard = self._shard(number)
        for attempt in range(MAX_CONFLICTS):
            answered = {batch.batch_id: shard.covered(batch.batch_id) for batch in group}
            todo = [batch for batch in group if answered[batch.batch_id] is None]
            try:
                made = self._decide(number, shard, todo, now) if todo else {}
            except CommitConflict:
                self._deciders.pop(number, None)
                if attempt == MAX_CONFLICTS - 1:
                    raise
                shard.reload()
                continue
            except BaseException:
                self._deciders.pop(number, None)
                self._shards.pop(number, None)
                raise
            for batch in group:
                if batch.spool:
                    self._lake.spool_delete(batch.spool)
            return [one for batch in group for one in made.get(batch.batch_id) or answered[batch.batch_id] or ()]
        raise AssertionError("unreachable")

    def _decide(
        self, number: int, shard: ShardWriter, group: Sequence[RowBatch], now: dt.datetime
    ) -> dict[str, tuple[DocumentOutcome, ...]]:
        decider = self._deciders.get(number)
        if decider is None:
            segments = [shard.read_state(name) for name in shard.segments(SEEN)]
            decider = self._deciders.setdefault(number, Decider.load(segments))
        txn = shard.begin(now)
        try:
            rows, batch_of = read_spool(self._lake, group)
            decisions = decider.decide(signatures_of(rows))
            for batch in group:
                decider.renew(np.frombuffer(batch.sights, dtype="S16"), batch.fetched_at)
            self._write(txn, rows, decisions)
            made = _outcomes(group, batch_of, rows, decisions)
            # forgetting follows fetch time: a backfill of old bytes must not forget what it has just seen
            self._keep_state(shard, txn, decider, min(now, max(batch.fetched_at for batch in group)))
            txn.commit(covers=made, counts=_counts(made))
        except BaseException:
            txn.abort()
            raise
        if self._lake.storage.local_path(""):
            decider.stand_on([shard.read_state(name) for name in shard.segments(SEEN)])
        return made

    def _keep_state(self, shard: ShardWriter, txn: Transaction, decider: Decider, now: dt.datetime) -> None:
        saved = decider.save(now)
        if saved:
            live = shard.segments(SEEN)
            txn.add_state(saved.data, replaces=live[len(live) - saved.replaces :], kind=SEEN)

    def _write(self, txn: Transaction, rows: pa.Table, decisions: Decisions) -> None:
        late = {
            "cluster_id": decisions.cluster_id,
            "first_published": decisions.first_published,
            "committed_at": _same(rows, txn.committed_at, pa.timestamp("us", tz="UTC")),
            "run_id": _same(rows, self._config.run_id, pa.string()),
            "wirelake_version": _same(rows, wirelake_version(), pa.string()),
            "model_version": _same(rows, self._model_version, pa.string()),
        }
        full = _with_columns(rows, late)
        add_rows(txn, "stories", _chosen(full, decisions.kept))
        repeats = _with_columns(
            full,
            {
                "repeat_of": decisions.repeat_of,
                "kind": decisions.kind,
                "similarity": decisions.similarity,
                "seen_at": full.column("fetched_at"),
            },
        )
        add_rows(txn, "repeats", _chosen(repeats, decisions.repeat))
        held = _with_columns(
            full,
            {
                "held_reason": decisions.held_reason,
                "held_at": _same(full, txn.committed_at, pa.timestamp("us", tz="UTC")),
                "release_at": decisions.release_at,
            },
        )
        add_rows(txn, "held", _chosen(held, decisions.held))


def _chosen(rows: pa.Table, mask: Any) -> pa.Table:
    """The rows that a mask names, without a copy where it names all or none."""
    count = pc.sum(mask).as_py() or 0
    if count in (0, rows.num_rows):
        return rows.slice(0, count)
    return rows.filter(mask)


def _same(rows: pa.Table, value: Any, kind: pa.DataType) -> pa.Array:
    return pa.repeat(pa.scalar(value, kind), rows.num_rows)


def _with_columns(rows: pa.Table, columns: dict[str, Any]) -> pa.Table:
    for name, values in columns.items():
        at = rows.schema.get_field_index(name)
        rows = rows.append_column(name, values) if at < 0 else rows.set_column(at, name, values)
    return rows


def _outcomes(
    group: Sequence[RowBatch], batch_of: np.ndarray, rows: pa.Table, decisions: Decisions
) -> dict[str, tuple[DocumentOutcome, ...]]:
    """What became of each document's rows, by batch."""
    counts: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    documents = rows.column("document_id").to_pylist()
    for batch, document, action in zip(batch_of.tolist(), documents, decisions.action.tolist(), strict=True):
        counts[batch, document][action] += 1
    made: dict[str, list[DocumentOutcome]] = {batch.batch_id: [] for batch in group}
    for (batch, document), (kept, repeats, held, repolled) in counts.items():
        made[group[batch].batch_id].append(DocumentOutcome(document, kept, repeats, held, repolled))
    return {batch: tuple(outcomes) for batch, outcomes in made.items()}


def _counts(made: dict[str, tuple[DocumentOutcome, ...]]) -> dict[str, int]:
    every = [one for outcomes in made.values() for one in outcomes]
    return {name: sum(getattr(one, name) for one in every) for name in ("kept", "repeats", "held", "repolled")}
