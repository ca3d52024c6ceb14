"""Keep reading feeds, folders and growing files into a lake, until stopped.

A SOURCE is what `wirelake ingest` takes (a feed URL, a file, a folder, a glob, a gs:// path, an OPML file or a feed
list) or pubsub://PROJECT/SUBSCRIPTION. Feeds are polled when they are due and lists are read again when they change;
files in folders are taken once they are complete and never deleted; lines of .jsonl files are taken as they are
written; messages (items, documents, notifications of Cloud Storage) are acknowledged when their rows are committed.
SIGTERM or Ctrl-C writes what was pulled and ends with 0. Runs on Prism (--prism_location=PATH or `prism` on PATH);
Beam's own options (--runner=…) may be added.
"""

import argparse

from pipelines.commands.ingest import add_lake_arguments, add_pull_arguments, run_config
from pipelines.config import DEFAULT_FLUSH, read_duration

PASSES_BEAM_OPTIONS = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="what to watch")
    add_lake_arguments(parser)
    add_pull_arguments(parser)
    minutes = int(DEFAULT_FLUSH.total_seconds() // 60)
    parser.add_argument(
        "--flush",
        default=f"{minutes}m",
        metavar="DURATION",
        help="gather rows this long before they are decided on and committed; feeds are polled once in it at most"
        f" (default: {minutes}m)",
    )


def run(options: argparse.Namespace) -> int:
    """Stream until stopped."""
    from pipelines.streaming import refresh_for, stream
    from pipelines.summary import summary_text

    flush = read_duration("--flush", options.flush)
    config = run_config(options, flush=flush, refresh=refresh_for(flush))
    print(summary_text(stream(config, options.beam), options.output), flush=True)
    return 0
