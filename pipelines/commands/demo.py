"""Write a bundled day of news into a local lake and show what it became.

Ten small feeds and wire files in four languages: with a repeat, a correction, syndicated copy and one file that is
broken on purpose. Exit code 0 says that exactly this one failed.
"""

import argparse
import datetime as dt
from importlib.resources import as_file, files

BROKEN = "broken.rss"
"""The one input that has to fail."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--output", default="demo-lake", metavar="LAKE", help="default: demo-lake")


def run(options: argparse.Namespace) -> int:
    """Ingest the bundled files and show the tables."""
    from pipelines.config import IngestConfig
    from pipelines.ingest import ingest, new_run_id
    from pipelines.summary import summary_text

    moment = dt.datetime.now(dt.UTC)
    with as_file(files("pipelines.demo")) as folder:
        names = sorted(str(path) for path in folder.iterdir() if path.suffix not in {".py", ".pyc"} and path.is_file())
        config = IngestConfig(
            sources=tuple(names), output=options.output, run_id=new_run_id(moment), moment=moment, workers=1
        )
        summary = ingest(config)
    _show(options.output)
    print(summary_text(summary, options.output))
    print(f"\nread it:  python -c 'import pandas as pd; print(pd.read_parquet(\"{options.output}/stories\"))'")
    return 0 if _only_the_broken_one_failed(options.output, config.run_id) else 1


def _only_the_broken_one_failed(lake_uri: str, run_id: str) -> bool:
    from transforms.lake.lake import open_lake

    failures = open_lake(lake_uri).read("failures", columns=["input", "run_id"], filters=[("run_id", "=", run_id)])
    return [str(name).rpartition("/")[2] for name in failures.column("input").to_pylist()] == [BROKEN]


def _show(lake_uri: str) -> None:
    import pandas as pd

    from transforms.lake.lake import open_lake

    lake = open_lake(lake_uri)
    shown = {
        "stories": [
            "date",
            "topic",
            "language",
            "dateline_place",
            "dateline_country",
            "authors",
            "signals",
            "headline",
        ],
        "repeats": ["kind", "similarity", "provider", "headline"],
        "failures": ["stage", "code", "error"],
    }
    with pd.option_context("display.width", 200, "display.max_colwidth", 60, "display.max_columns", 20):
        for table, columns in shown.items():
            rows = lake.read(table, columns=columns).to_pandas()
            print(f"\n{table} ({len(rows)})\n{rows.to_string(index=False) if len(rows) else '  none'}")
    print()
