"""How large the lake's memory is, what of it is ids and what signatures, per known story, and what it will be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.lake.errors import StateDamaged
from transforms.lake.history import summarise
from transforms.lake.lake import Lake
from transforms.lake.seen import SEEN, SeenIndex, read_segment
from transforms.lake.storage import NotFound

RECENT_DAYS = 7
"""Span whose pace the projection goes on with."""

SIGNATURES = "win_"
"""How the columns of near-copy signatures begin; one of them is a clock for each."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the memory keeps things.

    Attributes:
        known_days: after its last sight a row stays known.
        signature_hours: after its arrival a story is compared with others.
        signatures_at_most: of one language.
    """

    known_days: int
    signature_hours: int
    signatures_at_most: int


@dataclass(frozen=True, slots=True)
class StateReport:
    """Sizes in bytes, counts of rows. A known story is a row id (one version) that would be recognised.

    Attributes:
        known: row ids in the seen-index, each counted once.
        known_bytes: ids, days, families and their last texts.
        signatures: stories kept for comparison with near copies.
        signature_bytes: of these.
        other_bytes: live segments of other kinds (the pull room's memory, failures told).
        commit_bytes: commit records, checkpoints and heads.
        commits: of all shards.
        stories: rows of ``stories``, ``repeats`` and ``held``.
        stories_per_day: of the last RECENT_DAYS.
        projected_known: known stories once as many are forgotten as learnt, at that pace.
        projected_known_bytes: of these; None before the first story.
        projected_signature_bytes: the same for signatures, were all in one language; None before the first.
    """

    known: int
    known_bytes: int
    signatures: int
    signature_bytes: int
    other_bytes: int
    commit_bytes: int
    commits: int
    stories: int
    stories_per_day: float
    projected_known: int
    projected_known_bytes: int | None
    projected_signature_bytes: int | None

    @property
    def bytes_per_known(self) -> float | None:
        """Bytes of ``known_bytes`` for each known story, or None."""
        return self.known_bytes / self.known if self.known else None

    @property
    def bytes_per_signature(self) -> float | None:
        """Bytes of ``signature_bytes`` for each signature, or None."""
        return self.signature_bytes / self.signatures if self.signatures else None


def state_report(lake: Lake, now: datetime, retention: Retention) -> StateReport:
    """Measure the lake's state; the lake is only read.

    Args:
        lake: open.
        now: aware UTC.
        retention: what the dedupe room keeps.

    Raises:
        LakeDamaged: a segment cannot be read, or was merged away this moment.
    """
    known = known_bytes = signatures = signature_bytes = other = 0
    rows = recent = commits = 0
    since = now - timedelta(days=RECENT_DAYS)
    for name in lake.shard_names:
        summary = summarise(lake.storage, name)
        commits += summary.sequence
        seen = []
        for segment in summary.last.state if summary.last else ():
            view = _view(lake, f"_state/segments/{name}/{segment}")
            if not segment.startswith(f"{SEEN}-"):
                other += view.nbytes
                continue
            seen.append(view)
            columns = read_segment(view)
            theirs = sum(column.nbytes for key, column in columns.items() if key.startswith(SIGNATURES))
            signatures += len(columns.get(f"{SIGNATURES}clock", ()))
            signature_bytes += theirs
            known_bytes += view.nbytes - theirs
        known += SeenIndex.open(seen).count()
        for entry in summary.files.values():
            if entry.table in {"stories", "repeats", "held"}:
                rows += entry.rows
                recent += entry.rows if entry.committed_to > since else 0
    records = sum(
        stored.size
        for folder in ("_state/commits", "_state/checkpoints", "_state/heads")
        for stored in lake.storage.list(folder)
    )
    days = min(float(RECENT_DAYS), max((now - lake.created) / timedelta(days=1), 1.0))
    pace = recent / days
    will = round(pace * retention.known_days)
    compared = min(pace * retention.signature_hours / 24, retention.signatures_at_most)
    return StateReport(
        known=known,
        known_bytes=known_bytes,
        signatures=signatures,
        signature_bytes=signature_bytes,
        other_bytes=other,
        commit_bytes=records,
        commits=commits,
        stories=rows,
        stories_per_day=pace,
        projected_known=will,
        projected_known_bytes=round(will * known_bytes / known) if known else None,
        projected_signature_bytes=round(compared * signature_bytes / signatures) if signatures else None,
    )


def _view(lake: Lake, path: str) -> memoryview:
    try:
        return lake.storage.view(path)
    except NotFound:
        raise StateDamaged(path) from None
