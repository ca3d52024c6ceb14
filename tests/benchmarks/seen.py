"""What do ten million known stories cost: bytes on disk, a look-up, opening, memory, merging?

    python tests/benchmarks/seen.py [--stories 10000000] [--days 40] [--commits 8] [--listed 3] [--shards 1]

Builds a lake whose seen-index really holds that many stories, by the code that ingest runs: each day brings its share
of them, in several commits through the commit protocol, and every story is seen again on each of the days that it stays
listed (its day is renewed); in the last days as many are forgotten as come. Then opens every shard in a new process, as a run does, looks up batches of 1,000 ids (half
of them known) and prints what it took. Near-copy signatures are kept for the latest 200,000 stories of a language, not
for every known story; ``--signatures`` adds that many for real.
"""

import argparse
import datetime as dt
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from transforms.dedupe.decider import RETENTION_DAYS, Decider
from transforms.dedupe.entries import NO_TIME
from transforms.dedupe.known import DAY, sort_rows
from transforms.dedupe.signature import sign, signature_columns
from transforms.lake.lake import Lake, open_lake
from transforms.lake.seen import SEEN, SeenIndex, join_ids

FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BATCH = 1000


def share(options: argparse.Namespace) -> int:
    """New stories of a shard's commit: known are those of the days of retention and the days listed before it."""
    return options.stories // ((RETENTION_DAYS + options.listed) * options.commits * options.shards)


def ids_of(day: int, commit: int, shard: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random halves of ids, the same for the same arguments."""
    rng = np.random.default_rng((day, commit, shard))
    return rng.integers(0, 1 << 64, count, np.uint64), rng.integers(0, 1 << 64, count, np.uint64)


def new_stories(high: np.ndarray, low: np.ndarray, at: dt.datetime) -> dict[str, np.ndarray]:
    """Rows and families as the decisions make them known."""
    day = int(at.timestamp()) * 1_000_000 // DAY
    return sort_rows(
        {
            "row_hi": high,
            "row_lo": low,
            "row_day": np.full(len(high), day, np.uint16),
            "row_family": (low >> np.uint64(32)).astype(np.uint32),
            "fam_hi": low,
            "fam_lo": high,
            "fam_text": high ^ low,
            "fam_first": np.full(len(high), NO_TIME, np.int64),
            "fam_flags": np.zeros(len(high), np.uint8),
        }
    )


def build(lake: Lake, options: argparse.Namespace) -> float:
    """Fill the lake; returns the longest commit in seconds."""
    longest = 0.0
    each = share(options)
    for number in range(lake.shards):
        shard = lake.shard(number)
        decider = Decider.load([])
        for day in range(options.days):
            for commit in range(options.commits):
                now = FIRST + dt.timedelta(days=day, minutes=commit * 1440 // options.commits)
                began = time.process_time()
                for back in range(1, options.listed + 1):
                    if day >= back:
                        decider.renew(join_ids(*ids_of(day - back, commit, number, each)), now)
                decider._known.add(new_stories(*ids_of(day, commit, number, each), now))
                txn = shard.begin(now)
                saved = decider.save(now, RETENTION_DAYS)
                assert saved is not None
                live = shard.segments(SEEN)
                txn.add_state(saved.data, replaces=live[len(live) - saved.replaces :], kind=SEEN)
                txn.commit({f"{day}-{commit}": ()})
                decider.stand_on([shard.read_state(name) for name in shard.segments(SEEN)])
                longest = max(longest, time.process_time() - began)
    return longest


def add_signatures(lake: Lake, count: int) -> int:
    """Decide on stories of 250 words for real; returns the bytes that they add."""
    from schemas.identity import hash_parts, story_id
    from schemas.story import Story

    rng = np.random.default_rng(1)
    words = [f"word{number}" for number in range(20_000)]
    decider = Decider.load([])
    for start in range(0, count, 2000):
        stories = []
        for number in range(start, min(start + 2000, count)):
            body = " ".join(words[n] for n in rng.integers(0, len(words), 250))
            family = story_id("bench.example", str(number))
            at = FIRST + dt.timedelta(seconds=number)
            row = hash_parts("row", (family, "1"))
            stories.append(
                Story(
                    story_id=family,
                    row_id=row,
                    content_hash=row,
                    guid=str(number),
                    provider="bench.example",
                    headline=body[:60],
                    body=body,
                    language="en",
                    published=at,
                    fetched_at=at,
                    date=at.date(),
                )
            )
        decider.decide(signature_columns([sign(one) for one in stories]))
    data = decider.delta()
    shard = lake.shard(0)
    txn = shard.begin(FIRST)
    txn.add_state(data, kind=SEEN)
    txn.commit({"signatures": ()})
    return len(data)


LOOK = """
import re, sys, time
from pathlib import Path
import numpy as np
sys.path.insert(0, {here!r})
from seen import BATCH, ids_of
from transforms.dedupe.decider import Decider
from transforms.lake.lake import open_lake
from transforms.lake.seen import SEEN, SeenIndex, join_ids
lake = open_lake(sys.argv[1])
days, commits, each = (int(word) for word in sys.argv[2:5])
def memory():
    found = dict(re.findall(r"(Rss\\w+):\\s+(\\d+)", Path("/proc/self/status").read_text()))
    return int(found["RssAnon"]) // 1024, int(found["RssFile"]) // 1024
before = memory()[0]
for number in range(lake.shards):
    began = time.process_time()
    shard = lake.shard(number)
    views = [shard.read_state(name) for name in shard.segments(SEEN)]
    index = SeenIndex.open(views)
    opened = time.process_time() - began
    began = time.process_time()
    decider = Decider.load(views)
    decided = time.process_time() - began
    rng = np.random.default_rng(5)
    took, cpu = [], []
    for _ in range(200):
        day, commit = int(rng.integers(max(0, days - 30), days)), int(rng.integers(commits))
        high, low = ids_of(day, commit, number, each)
        pick = rng.integers(0, each, BATCH // 2)
        strange = rng.integers(0, 1 << 64, (2, BATCH // 2), np.uint64)
        ids = join_ids(np.concatenate((high[pick], strange[0])), np.concatenate((low[pick], strange[1])))
        began, ran = time.perf_counter(), time.process_time()
        found = index.contains(ids)
        took.append(time.perf_counter() - began)
        cpu.append(time.process_time() - ran)
        assert found[: BATCH // 2].all() and not found[BATCH // 2 :].any()
    took.sort(), cpu.sort()
    own, mapped = memory()
    print(
        f"shard {{number}}: {{len(views)}} segments; opening {{1000 * opened:.1f}} ms, the decider {{1000 * decided:.1f}} ms;"
        f" a batch of {{BATCH}}: median {{1000 * took[100]:.2f}} ms ({{1000 * cpu[100]:.2f}} of CPU), 99 in 100 below {{1000 * took[197]:.2f}} ms,"
        f" the worst {{1000 * took[-1]:.2f}} ms;"
        f" memory of its own {{own - before}} MB more than before, mapped {{mapped}} MB (which the system takes back)"
    )
"""


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=RETENTION_DAYS + 10)
    parser.add_argument("--commits", type=int, default=8, help="a day")
    parser.add_argument("--listed", type=int, default=3, help="days on which a story is seen again")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--signatures", type=int, default=0, help="stories decided on for real besides")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lake = open_lake(f"{folder}/lake", create=True, shards=options.shards, clock=lambda: FIRST)
        began = time.process_time()
        longest = build(lake, options)
        took = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sizes = [stored.size for stored in lake.storage.list("_state/segments")]
        known = 0
        for number in range(lake.shards):
            shard = lake.shard(number)
            known += SeenIndex.open([shard.read_state(name) for name in shard.segments(SEEN)]).count()
        print(
            f"{known:,} known stories in {sum(sizes) / 1e6:.1f} MB and {len(sizes)} segments: "
            f"{sum(sizes) / known:.1f} bytes each; {options.days * options.commits * options.shards} commits in "
            f"{took:.0f} s of CPU, the longest {longest:.1f} s; peak memory of the writer {peak:.0f} MB"
        )
        each = share(options)
        code = LOOK.format(here=str(Path(__file__).parent))
        words = [lake.uri, *map(str, (options.days, options.commits, each))]
        subprocess.run([sys.executable, "-c", code, *words], check=True)
        command = Path(sys.executable).with_name("wirelake")
        subprocess.run([command, "state", lake.uri], check=True)
        if options.signatures:
            size = add_signatures(lake, options.signatures)
            print(f"{options.signatures:,} signatures: {size / 1e6:.1f} MB, {size / options.signatures:.0f} bytes each")


if __name__ == "__main__":
    main()
