"""Merge a lake's small files and upgrade files of older schemas, while others read and write.

Exact at every moment through the lake's own reader; a plain folder reader may for the moment of one folder's exchange
see a row twice (row_id tells), and never misses one.
"""

import argparse

from pipelines.config import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("lake", metavar="LAKE", help="folder or gs://BUCKET/PREFIX")
    parser.add_argument(
        "--target-mb", type=float, default=None, metavar="MB", help="leave files of this size alone (default: 67)"
    )


def run(options: argparse.Namespace) -> int:
    """Compact and say what was done."""
    from transforms.lake.compact import TARGET_BYTES, compact
    from transforms.lake.lake import open_lake, utc_now
    from transforms.write.files import merge_parquet

    if options.target_mb is not None and options.target_mb <= 0:
        raise ConfigError("--target-mb: give a size above 0")
    target = int(options.target_mb * 1_000_000) if options.target_mb else TARGET_BYTES
    done = compact(open_lake(options.lake), merge_parquet, utc_now, target_bytes=target)
    print(f"{done.files_before:,} files with {done.rows:,} rows became {done.files_after:,}, in {done.commits} commits")
    return 0
