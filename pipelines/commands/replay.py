"""Read failures, and with --archive every archived document, again with today's parsers.

What fails as before changes nothing; what can be read now becomes rows, and its failure ends. Rows of the archive
whose text differs from what the lake holds become new versions; equal ones are counted. Where today's parsers would
fill other columns of a row otherwise (an author, a place, a topic), the columns are named with the number of rows.
"""

import argparse
import datetime as dt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("lake", metavar="LAKE", help="folder or gs://BUCKET/PREFIX")
    parser.add_argument("--archive", action="store_true", help="read every archived document again, not only failures")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="reading processes (default: one per core)")


def run(options: argparse.Namespace) -> int:
    """Replay and say what changed."""
    from pipelines.ingest import new_run_id
    from pipelines.replaying import replay

    moment = dt.datetime.now(dt.UTC)
    done = replay(options.lake, new_run_id(moment), moment, archive=options.archive, workers=options.workers)
    print(f"{done.documents:,} documents read again: {done.rows:,} new rows, {done.unchanged:,} unchanged")
    print(f"{done.ended:,} failures ended, {done.failing:,} fail as before, {done.lost:,} without bytes to read again")
    if done.differing:
        columns = ", ".join(f"{name} {count:,}" for name, count in sorted(done.columns.items(), key=_most))
        print(f"{done.differing:,} rows would read otherwise today, and stay as they are: {columns}")
    return 1 if done.failing else 0


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
