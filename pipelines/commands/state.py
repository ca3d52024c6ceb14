"""Show what a lake is made of and how large its memory is and will be; with --verify, whether every file is whole."""

import argparse
import datetime as dt
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transforms.lake.lake import Lake


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("lake", metavar="LAKE", help="folder or gs://BUCKET/PREFIX")
    parser.add_argument("--verify", action="store_true", help="also compare every file with its commit record")


def run(options: argparse.Namespace) -> int:
    """Print the report."""
    from transforms.lake.errors import LakeDamaged
    from transforms.lake.lake import open_lake
    from transforms.lake.verify import verify

    lake = open_lake(options.lake)
    try:
        _show(lake, options.lake)
    except LakeDamaged as error:
        if not options.verify:
            raise
        print(error, file=sys.stderr)
    if not options.verify:
        return 0
    problems = verify(lake, deep=True)
    for problem in problems:
        print(f"{problem.kind}: {problem.path}: {problem.advice}", file=sys.stderr)
    print(f"files           {'all whole' if not problems else f'{len(problems)} with problems'}")
    return 1 if problems else 0


def _show(lake: "Lake", name: str) -> None:
    from transforms.dedupe.decider import RETENTION_DAYS
    from transforms.dedupe.policy import POLICY
    from transforms.dedupe.window import MAX_STORIES
    from transforms.lake.state_report import Retention, state_report

    retention = Retention(RETENTION_DAYS, POLICY.window_hours, MAX_STORIES)
    report = state_report(lake, dt.datetime.now(dt.UTC), retention)
    print(f"lake            {name}, made {lake.created:%Y-%m-%d}")
    print(f"shards          {lake.shards}, with {report.commits:,} commits")
    print(f"rows            {report.stories:,} stories, repeats and held; {report.stories_per_day:,.0f} a day lately")
    print(f"known stories   {report.known:,} in {_size(report.known_bytes)}, {_each(report.bytes_per_known)}")
    print(f"  will be       {report.projected_known:,} in {_size(report.projected_known_bytes)} at this pace;")
    print(f"                forgotten {RETENTION_DAYS} days after their last sight, kills never")
    print(
        f"signatures      {report.signatures:,} in {_size(report.signature_bytes)}, {_each(report.bytes_per_signature)}"
    )
    print(
        f"  will be       {_size(report.projected_signature_bytes)} at this pace; near copies are looked for among the"
    )
    print(f"                stories of {POLICY.window_hours // 24} days, {MAX_STORIES:,} of a language at most")
    print(f"feeds, failures {_size(report.other_bytes)}")
    print(f"commit records  {_size(report.commit_bytes)}")


def _each(size: float | None) -> str:
    return "none yet" if size is None else f"{size:.0f} bytes each"


def _size(size: int | None) -> str:
    if size is None:
        return "not known yet"
    value = float(size)
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:,.0f} {unit}" if unit == "bytes" else f"{value:,.1f} {unit}"
