"""Show what a lake is made of and how large its memory is and will be; with --verify, whether every file is whole."""

import argparse
import datetime as dt
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("lake", metavar="LAKE", help="folder or gs://BUCKET/PREFIX")
    parser.add_argument("--verify", action="store_true", help="also compare every file with its commit record")


def run(options: argparse.Namespace) -> int:
    """Print the report."""
    from transforms.lake.lake import open_lake
    from transforms.lake.seen import SEEN, SeenIndex
    from transforms.lake.state_report import state_report
    from transforms.lake.verify import verify

    lake = open_lake(options.lake)
    known = 0
    for number in range(lake.shards):
        shard = lake.shard(number)
        known += len(SeenIndex.open([shard.read_state(name) for name in shard.segments(SEEN)]))
    report = state_report(lake, dt.datetime.now(dt.UTC), known=known)
    each = f"{report.bytes_per_story:.0f} bytes each" if report.bytes_per_story is not None else "none yet"
    will = f"{_size(report.projected_bytes)}" if report.projected_bytes is not None else "not known yet"
    print(f"lake            {options.lake}, made {lake.created:%Y-%m-%d}")
    print(f"shards          {lake.shards}, with {report.commits} commits")
    print(f"rows            {report.stories:,} stories, repeats and held; {report.stories_per_day:,.0f} a day lately")
    print(f"known stories   {known:,} in {_size(report.seen_bytes)}, {each}")
    print(f"will be         {will} once it forgets as fast as it learns")
    print(f"feeds           {_size(report.other_bytes)}")
    print(f"commit records  {_size(report.commit_bytes)}")
    if not options.verify:
        return 0
    problems = verify(lake, deep=True)
    for problem in problems:
        print(f"{problem.kind}: {problem.path}: {problem.advice}", file=sys.stderr)
    print(f"files           {'all whole' if not problems else f'{len(problems)} with problems'}")
    return 1 if problems else 0


def _size(size: int) -> str:
    value = float(size)
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:,.0f} {unit}" if unit == "bytes" else f"{value:,.1f} {unit}"
