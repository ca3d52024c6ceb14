"""Removing copy for good: by story, by provider, or older than a day; every table, state, raw bytes and archive.

Kept bytes are read again to see what they hold: a feed that was fetched ten times while it listed a story holds its
copy ten times, and a replay of any of these documents would bring it back. A document goes as a whole.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.document import RawDocument
from transforms.lake.archive import archived, raw_document
from transforms.lake.commit import ShardWriter, Transaction, transact
from transforms.lake.lake import RAW, SPOOL, Lake
from transforms.lake.replay import Replayable, failed_documents
from transforms.lake.rewrite import WriteTables, live_entries, read_live, replace_files
from transforms.lake.storage import NotFound

MARK_LENGTH = 16
"""Characters of a headline or address that names a story in bytes; shorter ones stand in others too."""

SPOOL_AT_WORK = timedelta(hours=1)
"""Spooled rows this old belong to a run that was killed: between reading and deciding lies a flush, minutes at most."""

Forget = Callable[[Sequence[memoryview], frozenset[str]], bytes | None]
"""The seen-index's side: live segments and story ids to one segment without them; None: nothing to forget."""


@dataclass(frozen=True, slots=True)
class Content:
    """Copy in a document.

    Attributes:
        story_id: of the family; None: of the document as a whole.
        provider: who delivers it.
        date: that its row would have, or None.
        unread: bytes of a document that cannot be read as a whole.
    """

    story_id: str | None
    provider: str | None
    date: date | None
    unread: bytes = b""


Contents = Callable[[RawDocument], Iterable[Content]]
"""What a document holds, by today's parsers."""

Spooled = Callable[[memoryview], pa.Table]
"""Rows of a spool file."""


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
        spooled: rows that killed runs had read and not committed; others of their files went with them.
        at_work: selected rows that a run has read within ``SPOOL_AT_WORK`` and not committed: they stay.
        state_segments: segments rewritten without the stories.
    """

    rows: Counter[str] = field(default_factory=Counter)
    raw: int = 0
    archived: int = 0
    spooled: int = 0
    at_work: int = 0
    state_segments: int = 0


def purge(
    lake: Lake,
    selection: Selection,
    write: WriteTables,
    clock: Callable[[], datetime],
    *,
    forget: Forget | None = None,
    contents: Contents | None = None,
    spooled: Spooled | None = None,
    seen_kind: str = "seen",
) -> Purged:
    """Remove what is selected. Cut short, it is run again and finishes.

    Kept bytes go first, then failures, then rows: as long as rows are there, a purge that is run again knows by them
    which repeats belong to a story.

    Args:
        lake: open.
        selection: what goes; an empty one removes nothing.
        write: the write room's ``write_tables``.
        clock: aware UTC.
        forget: takes stories out of the seen-index; None leaves it (it holds hashes and no copy, and a purged
            story that is delivered again then stays known).
        contents: tells what kept bytes hold; None: documents that rows came from are removed, others are not looked at.
        spooled: reads what a run spools; None: spool files are not looked at.
        seen_kind: kind of the segments to give to ``forget``.

    Returns:
        Counts of what went.
    """
    report = Purged()
    if selection == Selection():
        return report
    gone = _Answer(set(selection.stories), set(selection.stories))
    for name in lake.shard_names:
        gone.take(_scan(lake.shard(name), selection))
    broken: set[str] = set()
    for _ in range(2):  # a second time for what came while the first was at work
        holds = _holder(selection, gone, contents)
        _purge_archive(lake, selection, gone.origins, report, holds)
        broken.update(_failed_bytes(lake, holds))
        before = len(gone.stories), len(gone.origins)
        for name in reversed(lake.shard_names):
            answer = transact(
                lake.shard(name),
                clock,
                lambda shard, txn: _purge_shard(shard, txn, selection, write, forget, seen_kind, gone.stories, broken),
            )
            report.rows.update(answer.rows)
            report.state_segments += answer.segments
            gone.take(answer)
        if before == (len(gone.stories), len(gone.origins)):
            break
    if spooled:
        _purge_spool(lake, replace(selection, stories=frozenset(gone.named)), clock(), spooled, report)
    kept = {one.sha256 for one in archived(lake)}
    kept |= {sha for sha in lake.read("failures", columns=["raw_sha256"]).column(0).to_pylist() if sha}
    for stored in list(lake.storage.list(RAW)):
        if stored.path.removeprefix(f"{RAW}/").removesuffix(".zst") not in kept:
            lake.storage.delete(stored.path)
            report.raw += 1
    return report


@dataclass(slots=True)
class _Answer:
    """What went, or is to go.

    Attributes:
        stories: families of rows.
        named: those that were named, and what repeats them: every document that holds them goes.
        marks: their headlines and addresses: where bytes cannot be read, these are looked for.
        origins: input and fetch time of rows: their documents go.
        rows: by table.
        segments: rewritten.
    """

    stories: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    marks: set[bytes] = field(default_factory=set)
    origins: set[tuple[str, datetime]] = field(default_factory=set)
    rows: Counter[str] = field(default_factory=Counter)
    segments: int = 0

    def take(self, other: "_Answer") -> None:
        """Families and origins of another answer too."""
        self.stories |= other.stories
        self.named |= other.named
        self.marks |= other.marks
        self.origins |= other.origins

    def note(self, rows: pa.Table, selection: Selection) -> None:
        """Families and origins of rows that are selected."""
        if "story_id" in rows.column_names:
            self.stories.update(rows.column("story_id").to_pylist())
            named = rows.filter(selected(rows, Selection(selection.stories)))
            self.named.update(named.column("story_id").to_pylist())
            for name in ("headline", "url"):
                texts = (text for text in named.column(name).to_pylist() if text and len(text) >= MARK_LENGTH)
                self.marks.update(text.encode() for text in texts)
            inputs, moments = rows.column("feed_url").to_pylist(), rows.column("fetched_at").to_pylist()
            self.origins.update(
                (url, at.astimezone(UTC)) for url, at in zip(inputs, moments, strict=True) if url and at
            )


def _scan(shard: ShardWriter, selection: Selection) -> _Answer:
    """What rows of a shard are selected now."""

    def look(one: ShardWriter, txn: Transaction) -> _Answer:
        answer = _Answer()
        for entry in live_entries(one):
            rows = read_live(one, entry)
            answer.note(rows.filter(selected(rows, selection)), selection)
        txn.abort()
        return answer

    return transact(shard, lambda: datetime.now(UTC), look)


def _holder(selection: Selection, gone: _Answer, contents: Contents | None) -> Callable[[RawDocument], bool]:
    """Whether a document holds copy that is selected."""

    def holds(document: RawDocument) -> bool:
        return any(
            one.story_id in gone.named
            or (selection.provider is not None and one.provider == selection.provider)
            or (selection.before is not None and one.date is not None and one.date < selection.before)
            or any(mark in one.unread for mark in gone.marks)
            for one in (contents(document) if contents else ())
        )

    return holds


def _failed_bytes(lake: Lake, holds: Callable[[RawDocument], bool]) -> set[str]:
    """SHA-256 of bytes kept for failures that hold selected copy."""
    found = failed_documents(lake)
    return {one.sha256 for one in found if isinstance(one, Replayable) and holds(one.document)}


def _purge_shard(
    shard: ShardWriter,
    txn: Transaction,
    selection: Selection,
    write: WriteTables,
    forget: Forget | None,
    seen_kind: str,
    stories: Collection[str],
    broken: Collection[str],
) -> _Answer:
    answer = _Answer(set(stories))
    stays: set[str] = set()
    hashes = pa.array(sorted(broken), pa.string())
    try:
        for entry in live_entries(shard):
            rows = read_live(shard, entry)
            goes = selected(rows, selection)
            if entry.table == "failures":
                goes = pc.or_(goes, pc.fill_null(pc.is_in(rows.column("raw_sha256"), hashes), False))
            out, left = rows.filter(goes), rows.filter(pc.invert(goes))
            if "story_id" in left.column_names:
                stays.update(left.column("story_id").to_pylist())
            if not out.num_rows:
                continue
            replace_files(txn, [entry], left, entry.table, write)
            answer.rows[entry.table] += out.num_rows
            answer.note(out, selection)
        live = shard.segments(seen_kind)
        forgotten = frozenset(answer.stories - stays)  # a family that is still there stays known, or it came twice
        segment = (
            forget([shard.read_state(name) for name in live], forgotten) if forget and forgotten and live else None
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


def _purge_archive(
    lake: Lake,
    selection: Selection,
    origins: set[tuple[str, datetime]],
    report: Purged,
    holds: Callable[[RawDocument], bool],
) -> None:
    """Remove archived documents that hold selected copy; their bytes go once nothing else needs them."""
    for one in archived(lake):
        old = selection.before is not None and one.fetched_at.date() < selection.before
        theirs = selection.provider is not None and one.provider == selection.provider
        goes = old or theirs or (one.input, one.fetched_at.astimezone(UTC)) in origins
        if not goes:
            data = lake.read_raw(one.sha256)
            goes = data is not None and holds(raw_document(dict(one.facts), data))
        if goes:
            lake.storage.delete(one.path)
            report.archived += 1


def _purge_spool(lake: Lake, selection: Selection, now: datetime, spooled: Spooled, report: Purged) -> None:
    """Remove what killed runs had read of the selected and not committed; the next run reads their inputs again."""
    for stored in list(lake.storage.list(SPOOL)):
        try:
            count = pc.sum(selected(spooled(lake.spool_read(stored.path)), selection)).as_py() or 0
        except NotFound:
            continue  # its run has just committed it
        if not count:
            continue
        if now - stored.modified > SPOOL_AT_WORK:
            lake.spool_delete(stored.path)
            report.spooled += count
        else:
            report.at_work += count
