"""How large the lake's memory is, per known story, and what it will be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.lake.history import summarise
from transforms.lake.lake import Lake

RETENTION_DAYS = 30
"""How long after its last sight a story stays known; the seen-index forgets by the same number."""

RECENT_DAYS = 7
"""Span whose pace the projection goes on with."""


@dataclass(frozen=True, slots=True)
class StateReport:
    """Sizes in bytes, counts of rows.

    Attributes:
        seen_bytes: live seen-index segments.
        other_bytes: live segments of other kinds (the pull room's memory).
        commit_bytes: commit records, checkpoints and heads.
        stories: rows of ``stories``, ``repeats`` and ``held``.
        bytes_per_story: of the seen-index, or None before the first story.
        stories_per_day: of the last RECENT_DAYS.
        projected_bytes: of the seen-index once it forgets as much as it learns, at that pace.
        commits: of all shards.
    """

    seen_bytes: int
    other_bytes: int
    commit_bytes: int
    stories: int
    bytes_per_story: float | None
    stories_per_day: float
    projected_bytes: int | None
    commits: int


def state_report(lake: Lake, now: datetime, *, known: int | None = None) -> StateReport:
    """Measure the lake's state.

    Args:
        lake: open; only read.
        now: aware UTC.
        known: stories in the seen-index, where the caller has opened it; None: the rows of the tables.
    """
    live: set[str] = set()
    rows = recent = commits = 0
    since = now - timedelta(days=RECENT_DAYS)
    for name in lake.shard_names:
        summary = summarise(lake.storage, name)
        commits += summary.sequence
        if summary.last:
            live |= {f"_state/segments/{name}/{segment}" for segment in summary.last.state}
        for entry in summary.files.values():
            if entry.table in {"stories", "repeats", "held"}:
                rows += entry.rows
                recent += entry.rows if entry.committed_to > since else 0
    seen = other = 0
    for stored in lake.storage.list("_state/segments"):
        if stored.path in live:
            if stored.path.rpartition("/")[2].startswith("seen"):
                seen += stored.size
            else:
                other += stored.size
    records = sum(
        stored.size
        for folder in ("_state/commits", "_state/checkpoints", "_state/heads")
        for stored in lake.storage.list(folder)
    )
    stories = rows if known is None else known
    per_story = seen / stories if stories else None
    days = min(float(RECENT_DAYS), max((now - lake.created) / timedelta(days=1), 1.0))
    pace = recent / days
    projected = round(per_story * pace * RETENTION_DAYS) if per_story is not None else None
    return StateReport(seen, other, records, rows, per_story, pace, projected, commits)
