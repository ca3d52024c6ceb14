"""Deciding on spooled rows and committing them: one transaction holds rows, the state they leave and its answers."""

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.config import IngestConfig
from pipelines.progress import progress_of
from pipelines.spool import read_spool, signatures_of
from schemas.batch import DocumentOutcome, DocumentReport, Noted, RowBatch
from schemas.tables import FAILURES, POLLS
from transforms.dedupe.decider import Decider, Decisions
from transforms.enrich.topic import TopicModel
from transforms.lake.commit import CONTROL, ShardWriter, Transaction, transact
from transforms.lake.errors import CommitConflict
from transforms.lake.failed import FAILED, encode_failed, failure_id, load_failed
from transforms.lake.held import release
from transforms.lake.lake import open_lake
from transforms.lake.seen import SEEN
from transforms.pull.memory import FEEDS, FeedMemory
from transforms.pull.messages import MESSAGES, TakenMessages, encode_message_segment, is_messages_key
from transforms.pull.taken import TAKEN, TakenFiles, encode_segment, is_file_key
from transforms.write.files import write_tables

COMMIT_ROWS = 50_000
"""Rows decided on and committed at once: about 200 MB of copy in memory, and few files per partition."""

MAX_CONFLICTS = 50
"""Lost races before giving up; each one means that another writer got on."""

RELEASE_EVERY = dt.timedelta(minutes=1)
"""How often a stream looks for held rows that are due: embargoes end on the minute."""

MAX_SEGMENTS = 12
"""State segments of the control shard before they are merged: each is read anew, merging rewrites all."""


def wirelake_version() -> str:
    """The installed version, for lineage columns."""
    return version("wirelake")


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


class PollCommitter:
    """Joins reports and outcomes per document and commits polls, failures and feed state together."""

    def __init__(self, config: IngestConfig) -> None:
        """Open the lake of ``config``."""
        self._config = config
        self._lake = open_lake(config.output)

    def commit(self, noted: Sequence[Noted], now: dt.datetime) -> list[Noted]:
        """Commit every document whose rows are all durable.

        Args:
            noted: reports and outcomes, in any order.
            now: for ``committed_at``.

        Returns:
            What still waits for its other half.
        """
        reports = {note.report.document_id: note.report for note in noted if note.report}
        outcomes: dict[str, list[DocumentOutcome]] = defaultdict(list)
        for note in noted:
            if note.outcome:
                outcomes[note.outcome.document_id].append(note.outcome)
        done: list[tuple[DocumentReport, DocumentOutcome]] = []
        waiting: list[Noted] = []
        for document, report in reports.items():
            total = _sum(document, outcomes.get(document, ()))
            if total.kept + total.repeats + total.held + total.repolled >= report.rows:
                done.append((report, total))
            else:
                waiting.append(Noted(report=report))
        settled = {report.document_id for report, _ in done}
        waiting += [Noted(outcome=one) for name, found in outcomes.items() if name not in settled for one in found]
        if done:
            self._commit(done, now)
        return waiting

    def _commit(self, done: list[tuple[DocumentReport, DocumentOutcome]], now: dt.datetime) -> None:
        shard = self._lake.shard(CONTROL)
        for attempt in range(MAX_CONFLICTS):
            todo = [pair for pair in done if shard.covered(pair[0].document_id) is None]
            if not todo:
                return
            txn = shard.begin(now)
            try:
                self._add(shard, txn, sorted(todo, key=lambda pair: (pair[0].fetched_at, pair[0].input)), now)
                txn.commit(covers={report.document_id: (outcome,) for report, outcome in todo})
                return
            except CommitConflict:
                if attempt == MAX_CONFLICTS - 1:
                    raise
                shard.reload()
            except BaseException:
                txn.abort()
                raise

    def _add(
        self,
        shard: ShardWriter,
        txn: Transaction,
        done: list[tuple[DocumentReport, DocumentOutcome]],
        now: dt.datetime,
    ) -> None:
        lineage = {
            "committed_at": txn.committed_at,
            "run_id": self._config.run_id,
            "wirelake_version": wirelake_version(),
        }
        polls = [_poll_row(report, outcome) | lineage for report, outcome in done]
        add_rows(txn, "polls", _table(polls, POLLS, "polled_at"))
        self._add_failures(shard, txn, [row | lineage for report, _ in done for row in _failure_rows(report)])
        states = {report.feed_key: report.feed_state for report, _ in done if report.feed_key and report.feed_state}
        files = {key: state for key, state in states.items() if is_file_key(key)}
        if files:
            self._add_memory(shard, txn, TAKEN, encode_segment(files), TakenFiles.load)
        messages = {key: state for key, state in states.items() if is_messages_key(key)}
        if messages:
            self._add_memory(shard, txn, MESSAGES, encode_message_segment(messages), TakenMessages.load)
        feeds = {key: state for key, state in states.items() if key not in files and key not in messages}
        if feeds:
            fresh = FeedMemory.of(feeds).to_bytes()
            self._add_memory(shard, txn, FEEDS, fresh, lambda segments: FeedMemory.load(segments).pruned(now))

    def _add_failures(self, shard: ShardWriter, txn: Transaction, rows: list[dict[str, Any]]) -> None:
        """Add the failures that the lake does not tell of yet; polls count all of them."""
        if not rows:
            return
        live = shard.segments(FAILED)
        known = load_failed(shard.read_state(name) for name in live)
        fresh: dict[bytes, dict[str, Any]] = {}
        for row in rows:
            name = failure_id(row["raw_sha256"], row["input"], row["position"], row["stage"], row["code"])
            if name not in known:
                fresh.setdefault(name, row)
        if not fresh:
            return
        add_rows(txn, "failures", _table(list(fresh.values()), FAILURES, "failed_at"))
        if len(live) >= MAX_SEGMENTS:
            txn.add_state(encode_failed(known | set(fresh)), replaces=live, kind=FAILED)
        else:
            txn.add_state(encode_failed(list(fresh)), kind=FAILED)

    def _add_memory(
        self, shard: ShardWriter, txn: Transaction, kind: str, fresh: bytes, load: Callable[[list[Any]], Any]
    ) -> None:
        """Add a segment to what the control shard remembers; many segments become one, the newest word holding."""
        live = shard.segments(kind)
        if len(live) >= MAX_SEGMENTS:
            merged = load([*(shard.read_state(name) for name in live), fresh])
            txn.add_state(merged.to_bytes(), replaces=live, kind=kind)
        else:
            txn.add_state(fresh, kind=kind)


def _sum(document: str, outcomes: Iterable[DocumentOutcome]) -> DocumentOutcome:
    total = DocumentOutcome(document)
    for one in outcomes:
        total = replace(
            total,
            kept=total.kept + one.kept,
            repeats=total.repeats + one.repeats,
            held=total.held + one.held,
            repolled=total.repolled + one.repolled,
        )
    return total


def _table(rows: list[dict[str, Any]], schema: pa.Schema, moment: str) -> pa.Table:
    table = pa.Table.from_pylist(rows, schema)
    return table.append_column("date", pc.cast(table.column(moment), pa.date32()))


def _poll_row(report: DocumentReport, outcome: DocumentOutcome) -> dict[str, Any]:
    return {
        "url": report.input,
        "polled_at": report.fetched_at,
        "outcome": report.outcome,
        "http_status": report.http_status,
        "bytes": report.size,
        "items": report.items,
        "new_items": outcome.kept + outcome.repeats + outcome.held,
        "repolled_items": report.repolled + outcome.repolled,
        "possible_gap": report.possible_gap,
        "latency_ms": report.latency_ms,
        "next_poll_at": report.next_poll_at,
        "error": report.error,
        "format": report.format,
        "kept": outcome.kept,
        "repeats": outcome.repeats,
        "held": outcome.held,
        "failures": len(report.failures),
    }


def _failure_rows(report: DocumentReport) -> Iterator[dict[str, Any]]:
    for kept in report.failures:
        failure = kept.failure
        yield {
            "stage": failure.stage,
            "code": failure.code,
            "error": failure.error,
            "input": failure.input,
            "position": failure.position,
            "raw_uri": kept.raw_uri,
            "raw_sha256": kept.raw_sha256,
            "failed_at": report.fetched_at,
            "provider": report.provider,
            "extra": report.facts,
        }
