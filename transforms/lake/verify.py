"""Checking a lake's folders against its commit records, and saying what to do about what does not fit."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from schemas.tables import TABLES
from transforms.lake.commit import SEGMENTS
from transforms.lake.errors import LakeReadOnly
from transforms.lake.history import read_record, summarise
from transforms.lake.lake import Lake
from transforms.lake.records import CommitRecord, FileEntry
from transforms.lake.storage import NotFound

_FOREIGN = (
    "No commit made it, so it is no part of the lake, but readers of the folder see it. Move it out; to take its rows "
    "in, ingest it from where you moved it."
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One file that is not as the commits say.

    Attributes:
        path: relative to the lake.
        kind: missing, truncated, changed or foreign.
        advice: what happened and what to do, one sentence each.
    """

    path: str
    kind: str
    advice: str


def verify(lake: Lake, *, deep: bool = False) -> tuple[Problem, ...]:
    """Compare what lies in the tables' folders, and the lake's memory, with what was committed.

    Args:
        lake: open; what is committed and not yet published is published first, where the lake can be written.
        deep: read every file and compare its SHA-256, not only its size.

    Returns:
        Problems in order of path; none: every committed file is there, whole, and nothing else is.
    """
    for name in lake.shard_names:
        with suppress(LakeReadOnly):
            lake.shard(name)
    snapshot = lake.snapshot()
    there = {stored.path: stored for table in TABLES for stored in lake.storage.list(table)}
    problems = []
    for path, entry in snapshot.entries.items():
        stored = there.get(path)
        restore = f"Restore it from a backup or an older object version (SHA-256 {entry.sha256}, {entry.size} bytes)."
        if stored is None:
            if not lake.storage.exists(entry.staged):
                problems.append(Problem(path, "missing", f"{entry.rows} committed rows are gone. {restore}"))
        elif stored.size < entry.size:
            problems.append(Problem(path, "truncated", f"It has {stored.size} bytes. {restore}"))
        elif stored.size != entry.size or (deep and _sha256(lake, path) != entry.sha256):
            problems.append(Problem(path, "changed", f"It is not what was committed. {restore}"))
    problems += _state_problems(lake, deep=deep)
    now = lake.snapshot().entries
    strangers = there.keys() - snapshot.entries.keys() - now.keys()
    problems += [Problem(path, "foreign", _FOREIGN) for path in strangers if lake.storage.exists(path)]
    return tuple(sorted(problems, key=lambda problem: problem.path))


def _state_problems(lake: Lake, *, deep: bool) -> list[Problem]:
    """What is wrong with the live segments of the lake's memory, and with the number of its shards."""
    problems = []
    for name in lake.shard_names:
        last = summarise(lake.storage, name).last
        made: dict[int, CommitRecord | None] = {}
        for segment in last.state if last else ():
            path = f"{SEGMENTS}/{name}/{segment}"
            number = int(segment.split("-")[1])
            record = made.setdefault(number, read_record(lake.storage, name, number))
            entry = next((one for one in record.adds if one.path == path), None) if record else None
            problem = _check(lake, path, entry, deep=deep) if entry else None
            if problem:
                problems.append(problem)
    return problems


def _check(lake: Lake, path: str, entry: FileEntry, *, deep: bool) -> Problem | None:
    restore = f"Restore it from a backup or an older object version (SHA-256 {entry.sha256}, {entry.size} bytes)."
    try:
        size = lake.storage.view(path).nbytes
    except NotFound:
        if lake.storage.exists(entry.staged) or entry.path not in _live_segments(lake):
            return None
        return Problem(path, "missing", f"Part of the lake's memory is gone: writers stop until it is back. {restore}")
    if size < entry.size:
        return Problem(path, "truncated", f"Part of the lake's memory has {size} bytes: writers stop. {restore}")
    if size != entry.size or (deep and _sha256(lake, path) != entry.sha256):
        return Problem(path, "changed", f"Part of the lake's memory is not what was committed. {restore}")
    return None


def _live_segments(lake: Lake) -> set[str]:
    """Segments that are live now."""
    lasts = ((name, summarise(lake.storage, name).last) for name in lake.shard_names)
    return {f"{SEGMENTS}/{name}/{segment}" for name, last in lasts if last for segment in last.state}


def _sha256(lake: Lake, path: str) -> str | None:
    try:
        return hashlib.sha256(lake.storage.view(path)).hexdigest()
    except NotFound:
        return None
