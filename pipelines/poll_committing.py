"""Joining what was read of a document with what became of its rows, and committing polls, failures and feed state."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.adding import MAX_CONFLICTS, add_rows, wirelake_version
from pipelines.config import IngestConfig
from schemas.batch import DocumentOutcome, DocumentReport, Noted
from schemas.tables import FAILURES, POLLS
from transforms.lake.commit import CONTROL, ShardWriter, Transaction
from transforms.lake.errors import CommitConflict
from transforms.lake.failed import FAILED, encode_failed, failure_id, load_failed
from transforms.lake.lake import open_lake
from transforms.pull.memory import FEEDS, FeedMemory
from transforms.pull.messages import MESSAGES, TakenMessages, encode_message_segment, is_messages_key
from transforms.pull.taken import TAKEN, TakenFiles, encode_segment, is_file_key

MAX_SEGMENTS = 12
"""State segments of the control shard before they are merged: each is read anew, merging rewrites all."""


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
