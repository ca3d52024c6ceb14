"""Does a lake that runs for years slow down: opening, committing, reading what is live, objects and bytes in _state?

    python tests/benchmarks/commits.py [--commits 100000] [--folder /dev/shm]

Commits as a stream does that flushes every five minutes (288 a day, 100,000 is a year): a few files a commit for today
and yesterday, a seen segment, the answers of its documents; a compaction every day. Files hold a few bytes, so that
what is measured is the log. Prints lines as the number of commits grows; in /dev/shm no disk is measured.
"""

import argparse
import datetime as dt
import tempfile
import time
from collections import Counter

from schemas.batch import DocumentOutcome
from transforms.lake.history import summarise
from transforms.lake.lake import Lake, open_lake
from transforms.lake.local import LocalStorage
from transforms.lake.storage import Storage

FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
A_DAY = 288
TOPICS = ("arts", "conflict", "crime", "economy", "health", "labour", "politics", "science", "sport", "weather")
DOCUMENTS = 40
"""Answered by one commit: feeds that had something."""


class Counting:
    """Counts reads of a storage."""

    reads = 0

    def __init__(self, inner: Storage) -> None:
        """Stand before ``inner``."""
        self.inner = inner

    def __getattr__(self, name: str) -> object:
        """Pass on, counting."""
        if name in {"read", "view", "list"}:
            self.reads += 1
        return getattr(self.inner, name)


def commit(lake: Lake, shard: object, number: int) -> None:
    """One flush."""
    now = FIRST + dt.timedelta(minutes=5 * number)
    txn = shard.begin(now)
    for topic in range(4):
        day = (now - dt.timedelta(days=topic == 3)).date().isoformat()
        txn.add_table("stories", (("date", day), ("topic", TOPICS[(number + topic) % len(TOPICS)])), b"PAR1", 5)
    txn.add_state(b"x" * 20, shard.segments("seen") if number % 6 == 0 else ())
    txn.commit(
        {f"{number:016x}{n:016x}": (DocumentOutcome(f"{number:016x}{n:016x}", 3, 1, 0, 20),) for n in range(DOCUMENTS)}
    )


def compact(lake: Lake, shard: object, now: dt.datetime) -> None:
    """What a daily compaction leaves: one file a folder."""
    folders: dict[tuple[tuple[str, str], ...], list[object]] = {}
    for entry in summarise(lake.storage, "0").files.values():
        folders.setdefault(entry.partition, []).append(entry)
    txn = shard.begin(now)
    for partition, entries in folders.items():
        if len(entries) > 1:
            txn.remove(entries)
            txn.add_table("stories", partition, b"PAR1", 5 * len(entries))
    txn.commit(reason="compact")


def timed(call: object, times: int = 3) -> float:
    """Milliseconds of CPU, the least of a few."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        call()
        best = min(best, time.process_time() - began)
    return 1000 * best


def report(storage: Counting, lake: Lake, number: int, spent: float) -> None:
    """Print a line."""
    storage.reads = 0
    opening = timed(lambda: lake.shard(0), 1)
    reads = storage.reads
    opening = min(opening, timed(lambda: lake.shard(0)))
    answered = timed(lambda: lake.shard(0).covered("none"))
    live = timed(lake.snapshot)
    objects: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for stored in storage.list("_state"):
        kind = stored.path.split("/")[1]
        objects[kind] += 1
        sizes[kind] += stored.size
    state = ", ".join(f"{kind} {objects[kind]:,} in {sizes[kind] / 1e6:.1f} MB" for kind in sorted(objects))
    print(
        f"{number:>7,} commits: opening {opening:.1f} ms and {reads} reads, with answers {answered:.1f} ms; live files "
        f"{len(lake.files('stories')):,} read in {live:.0f} ms; a commit {1000 * spent:.2f} ms of CPU; {state}",
        flush=True,
    )


def main() -> None:
    """Commit, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=int, default=100_000)
    parser.add_argument("--folder", help="where a temporary folder for the lake is made")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        run(Counting(LocalStorage(f"{folder}/lake")), options.commits)


def run(storage: Counting, commits: int) -> None:
    """Commit, and report now and then."""
    lake = open_lake(storage, create=True, clock=lambda: FIRST)
    shard = lake.shard(0)
    marks = {commits, *(first * 10**n for n in range(2, 9) for first in (1, 3))}
    began, since = time.process_time(), 0
    for number in range(1, commits + 1):
        commit(lake, shard, number)
        if number % A_DAY == 0:
            compact(lake, shard, FIRST + dt.timedelta(minutes=5 * number))
        if number in marks:
            report(storage, lake, number, (time.process_time() - began) / (number - since))
            began, since = time.process_time(), number


if __name__ == "__main__":
    main()
