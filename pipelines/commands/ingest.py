"""Read feeds and files into a lake.

A SOURCE is a feed URL, a file, a folder, a glob, a gs:// path, an OPML file, a feed list (YAML or JSON) or a .jsonl
file of items. The lake is made when there is none. Beam's own options (--runner=…) may be added.

Each feed is polled once, unless its server asked to wait; with --due and --every only what is due. A sitemap index
brings its news sitemaps along.
"""

import argparse
import datetime as dt
import sys
import time

from pipelines.config import DEFAULT_FLUSH, ConfigError, IngestConfig, read_duration, read_network
from transforms.pull.addresses import is_subscription
from transforms.pull.schedule import HOST_GAP, MIN_INTERVAL, PullSettings

PASSES_BEAM_OPTIONS = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="what to read")
    add_lake_arguments(parser)
    add_pull_arguments(parser)
    parser.add_argument("--every", metavar="DURATION", help="run again and again, this far apart, until stopped")
    parser.add_argument("--due", action="store_true", help="poll only feeds that are due")


def add_lake_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of everything that writes rows."""
    parser.add_argument("--output", required=True, metavar="LAKE", help="folder or gs://BUCKET/PREFIX of the lake")
    parser.add_argument("--archive", action="store_true", help="keep the bytes of every document, not only failures")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="reading processes (default: one per core)")
    parser.add_argument("--shards", type=int, default=1, metavar="N", help="shards of a new lake (default: 1)")


def add_request_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of everything that asks servers."""
    parser.add_argument(
        "--allow-private",
        action="append",
        default=[],
        metavar="CIDR",
        help="private network that may be dialled; may be given again",
    )
    gap = int(HOST_GAP.total_seconds())
    parser.add_argument("--host-gap", metavar="DURATION", help=f"pause between requests to a host (default: {gap}s)")
    parser.add_argument("--contact", metavar="URL", help="address for the user agent, so that servers can reach you")


def add_pull_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of everything that polls feeds again and again."""
    add_request_arguments(parser)
    minutes = int(MIN_INTERVAL.total_seconds() // 60)
    parser.add_argument(
        "--min-interval", metavar="DURATION", help=f"least time between polls of a feed (default: {minutes}m)"
    )
    parser.add_argument(
        "--now", action="store_true", help="poll what is not due, too; never before a Retry-After or after a 410"
    )


def pull_settings(options: argparse.Namespace, *, due_only: bool) -> PullSettings:
    """The pull room's options, checked; those that a command does not have are at their defaults.

    Raises:
        ConfigError: one cannot be used.
    """
    from pipelines.adding import wirelake_version

    least = getattr(options, "min_interval", None)
    return PullSettings(
        allow_private=tuple(read_network("--allow-private", text) for text in options.allow_private),
        min_interval=read_duration("--min-interval", least) if least else MIN_INTERVAL,
        host_gap=read_duration("--host-gap", options.host_gap) if options.host_gap else HOST_GAP,
        due_only=due_only,
        now=getattr(options, "now", False),
        contact=options.contact,
        version=wirelake_version(),
    )


def check_numbers(options: argparse.Namespace) -> None:
    """Refuse numbers that mean nothing.

    Raises:
        ConfigError: one is below its least value.
    """
    if options.workers < 0:
        raise ConfigError(f"--workers: {options.workers} is less than 0; leave it out for one per core")
    if options.shards < 1:
        raise ConfigError(f"--shards: {options.shards} is less than 1")


def run_config(
    options: argparse.Namespace,
    *,
    due_only: bool = False,
    flush: dt.timedelta = DEFAULT_FLUSH,
    refresh: dt.timedelta | None = None,
) -> IngestConfig:
    """The configuration of a run that begins now, from the options that all runs share.

    Raises:
        ConfigError: an option cannot be used.
    """
    from pipelines.ingest import new_run_id

    check_numbers(options)
    moment = dt.datetime.now(dt.UTC)
    return IngestConfig(
        sources=tuple(options.sources),
        output=options.output,
        run_id=new_run_id(moment),
        moment=moment,
        shards=options.shards,
        workers=options.workers,
        archive=options.archive,
        flush=flush,
        pull=pull_settings(options, due_only=due_only),
        refresh=refresh,
    )


def run(options: argparse.Namespace) -> int:
    """Ingest once, or every so often."""
    from pipelines.ingest import ingest
    from pipelines.summary import summary_text
    from transforms.pull.sources import ENDLESS

    for address in filter(is_subscription, options.sources):
        raise ConfigError(f"{address}: {ENDLESS}")
    pause = read_duration("--every", options.every) if options.every else None
    while True:
        config = run_config(options, due_only=options.due or pause is not None)
        summary = ingest(config, options.beam)
        print(summary_text(summary, options.output), flush=True)
        if pause is None:
            return 1 if summary.failures or summary.broken else 0
        wait = (config.moment + pause - dt.datetime.now(dt.UTC)).total_seconds()
        if wait < 0:
            print(f"the run took {-wait:.0f} s longer than --every; the next begins at once", file=sys.stderr)
        time.sleep(max(wait, 0.0))
