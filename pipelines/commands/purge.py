"""Remove stories from every table, the raw bytes, the archive and the lake's memory, and print what went.

For licences that end and kills that order deletion. It cannot be undone. Kept bytes are read again: an archived
document, or that of a failure, goes as a whole when it holds any copy of what goes.
"""

import argparse
import datetime as dt
import re
import sys

from pipelines.config import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("lake", metavar="LAKE", help="folder or gs://BUCKET/PREFIX")
    parser.add_argument(
        "--story", action="append", default=[], metavar="STORY_ID", help="a family and its repeats; may be given again"
    )
    parser.add_argument("--provider", metavar="NAME", help="everything that it delivered")
    parser.add_argument("--before", metavar="YYYY-MM-DD", help="everything dated earlier")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(options: argparse.Namespace) -> int:
    """Ask, purge, print."""
    from pipelines.holdings import contents_of
    from pipelines.spool import spooled_rows
    from transforms.dedupe.forget import forget
    from transforms.lake.lake import open_lake, utc_now
    from transforms.lake.purge import Selection, purge
    from transforms.write.files import write_tables

    if not (options.story or options.provider or options.before):
        raise ConfigError("name what goes: --story, --provider or --before")
    selection = Selection(frozenset(map(_family, options.story)), options.provider, _day(options.before))
    lake = open_lake(options.lake)
    lake.require_no_stream(utc_now())
    if not options.yes and not _agreed(options.lake):
        print("nothing was removed", file=sys.stderr)
        return 1
    done = purge(lake, selection, write_tables, utc_now, forget=forget, contents=contents_of, spooled=spooled_rows)
    for table, count in sorted(done.rows.items()):
        print(f"{table:<10} {count:,} rows")
    print(f"raw bytes  {done.raw:,} documents\narchive    {done.archived:,} documents")
    if done.spooled:
        print(f"spool      {done.spooled:,} rows of runs that were killed")
    print(f"memory     {done.state_segments:,} segments rewritten")
    if done.at_work:
        print(
            f"{done.at_work:,} rows were read within the hour by a run that has not committed them; purge again once it"
            " has ended, or in an hour if it was killed",
            file=sys.stderr,
        )
        return 1
    return 0


def _family(text: str) -> str:
    if re.fullmatch(r"[0-9a-f]{32}", text) is None:
        raise ConfigError(f"--story: {text!r} is no story_id; give the 32 hex digits of that column")
    return text


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(f"--before: {text!r} is no date; write 2026-02-17") from error


def _agreed(lake: str) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError("--yes: say so when nobody is there to ask")
    return input(f"Remove from {lake} for good? Type yes: ").strip().lower() == "yes"
