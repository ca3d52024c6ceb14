"""List what was committed to a lake since a moment, whatever its date: one JSON object per row.

The last line on standard error is the cursor: give it as --since next time and nothing is missed or told twice.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import datetime

from pipelines.config import ConfigError, read_moment

TABLES = ("stories", "repeats", "held", "failures", "polls")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("lake", metavar="LAKE", help="folder or gs://BUCKET/PREFIX")
    parser.add_argument("--since", required=True, metavar="MOMENT", help="ISO 8601, or the cursor of an earlier answer")
    parser.add_argument("--table", choices=TABLES, default="stories", help="default: stories")


def run(options: argparse.Namespace) -> int:
    """Print rows and the cursor."""
    from pipelines.inspecting import plain_row
    from transforms.lake.changes import changes
    from transforms.lake.lake import open_lake

    found = changes(open_lake(options.lake), _since(options.since), table=options.table)
    for rows in found:
        for row in rows.to_pylist():
            sys.stdout.write(json.dumps(plain_row(row), ensure_ascii=False, separators=(",", ":")) + "\n")
    cursor = {shard: moment.isoformat() for shard, moment in found.cursor.items()}
    print(f"cursor: {json.dumps(cursor, separators=(',', ':'))}", file=sys.stderr)
    return 0


def _since(text: str) -> datetime | Mapping[str, datetime]:
    if not text.lstrip().startswith("{"):
        return read_moment("--since", text)
    try:
        return {str(shard): read_moment("--since", moment) for shard, moment in json.loads(text).items()}
    except (ValueError, AttributeError) as error:
        raise ConfigError(f"--since: {text!r} is neither a moment nor a cursor") from error
