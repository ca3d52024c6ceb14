"""Removing copy for good: by story, by provider, or older than a day; every table, state, raw bytes and archive."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake.archive import archived
from transforms.lake.commit import ShardWriter, Transaction, transact
from transforms.lake.lake import RAW, Lake
from transforms.lake.rewrite import WriteTables, live_entries, read_live, replace_files

Forget = Callable[[Sequence[memoryview], frozenset[str]], bytes | None]
"""The seen-index's side: live segments and story ids to one segment without them; None: nothing to forget."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What goes. Each part that is given selects on its own.

    Attributes:
        stories: story ids; repeats of them go too.
        provider: everything it delivered.
        before: everything dated earlier (``date``; fetch time for polls, failures and archive), UTC.
    """

    stories: frozenset[str] = frozenset()
    provider: str | None = None
    before: date | None = None


@dataclass(slots=True)
class Purged:
    """What was removed.

    Attributes:
        rows: by table.
        raw: objects of ``_raw``.
        archived: documents of the archive.
        state_segments: segments rewritten without the stories.
    """

    rows: Counter[str] = field(default_factory=Counter)
    raw: int = 0
    archived: int = 0
    state_segments: int = 0


def purge(
    lake: Lake,
    selection: Selection,
    write: WriteTables,
    clock: Callable[[], datetime],
    *,
    forget: Forget | None = None,
    seen_kind: str = "seen",
) -> Purged:
    """Remove what is selected. Cut short, it is run again and finishes.

    Args:
        lake: open.
        selection: what goes; an empty one removes nothing.
        write: the write room's ``write_tables``.
        clock: aware UTC.
        forget: takes stories out of the seen-index; None leaves it (it holds hashes and no copy, and a purged
            story that is delivered again then stays known).
        seen_kind: kind of the segments to give to ``forget``.

    Returns:
        Counts of what went.
    """
    report = Purged()
    polls: set[tuple[str, datetime]] = set()
    for name in lake.shard_names:
        answer = transact(
            lake.shard(name), clock, lambda shard, txn: _purge_shard(shard, txn, selection, write, forget, seen_kind)
        )
        report.rows.update(answer.rows)
        report.state_segments += answer.segments
        polls |= answer.origins
    kept = _purge_archive(lake, selection, polls, report)
    kept |= {sha for sha in lake.read("failures", columns=["raw_sha256"]).column(0).to_pylist() if sha}
    for stored in list(lake.storage.list(RAW)):
        if stored.path.removeprefix(f"{RAW}/").removesuffix(".zst") not in kept and selection != Selection():
            lake.storage.delete(stored.path)
            report.raw += 1
    return report


@dataclass(slots=True)
class _Answer:
    rows: Counter[str] = field(default_factory=Counter)
    origins: set[tuple[str, datetime]] = field(default_factory=set)
    segments: int = 0


def _purge_shard(
    shard: ShardWriter,
    txn: Transaction,
    selection: Selection,
    write: WriteTables,
    forget: Forget | None,
    seen_kind: str,
) -> _Answer:
    answer = _Answer()
    gone: set[str] = set(selection.stories)
    try:
        for entry in live_entries(shard):
            rows = read_live(shard, entry)
            goes = selected(rows, selection)
            out = rows.filter(goes)
            if not out.num_rows:
                continue
            replace_files(txn, [entry], rows.filter(pc.invert(goes)), entry.table, write)
            answer.rows[entry.table] += out.num_rows
            if "story_id" in out.column_names:
                gone.update(out.column("story_id").to_pylist())
                inputs, moments = out.column("feed_url").to_pylist(), out.column("fetched_at").to_pylist()
                answer.origins.update(
                    (url, at.astimezone(UTC)) for url, at in zip(inputs, moments, strict=True) if url and at
                )
        live = shard.segments(seen_kind)
        segment = (
            forget([shard.read_state(name) for name in live], frozenset(gone)) if forget and gone and live else None
        )
        if segment is not None:
            txn.add_state(segment, replaces=live, kind=seen_kind)
            answer.segments = len(live)
        if not answer.rows and segment is None:
            txn.abort()
            return answer
        txn.commit(counts=dict(answer.rows), reason="purge")
    except BaseException:
        txn.abort()
        raise
    return answer


def selected(rows: pa.Table, selection: Selection) -> pa.Array:
    """Which rows of a table go, as booleans without nulls."""
    goes = pa.array(np.zeros(rows.num_rows, dtype=bool))
    names = set(rows.column_names)
    if selection.stories:
        ids = pa.array(sorted(selection.stories), pa.string())
        for name in ("story_id", "repeat_of"):
            if name in names:
                goes = pc.or_(goes, pc.fill_null(pc.is_in(rows.column(name), ids), False))
    if selection.provider is not None and "provider" in names:
        goes = pc.or_(goes, pc.fill_null(pc.equal(rows.column("provider"), selection.provider), False))
    if selection.before is not None and "date" in names:
        day = pc.cast(rows.column("date"), pa.string())
        goes = pc.or_(goes, pc.fill_null(pc.less(day, selection.before.isoformat()), False))
    return goes


def _purge_archive(lake: Lake, selection: Selection, origins: set[tuple[str, datetime]], report: Purged) -> set[str]:
    """Remove archived documents that hold selected copy; returns the SHA-256 of those that stay."""
    kept = set()
    for one in archived(lake):
        old = selection.before is not None and one.fetched_at.date() < selection.before
        theirs = selection.provider is not None and one.provider == selection.provider
        if old or theirs or (one.input, one.fetched_at.astimezone(UTC)) in origins:
            lake.storage.delete(one.path)
            report.archived += 1
        else:
            kept.add(one.sha256)
    return kept
