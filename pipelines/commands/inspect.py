"""Show what would be read from inputs, without writing a lake.

Every entry is shown, repeats too. Exit code 1 says that some input failed; its row says why.
"""

import argparse
import datetime as dt
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pipelines.commands.ingest import add_request_arguments, pull_settings
from pipelines.config import ConfigError
from schemas.batch import Pulled
from schemas.document import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("sources", nargs="*", metavar="PATH_OR_URL", help="what to read")
    parser.add_argument("--items", metavar="FILE.jsonl", help="one item a line; one answer a line, in order")
    parser.add_argument("--format", choices=("jsonl", "table"), default="jsonl", help="default: jsonl")
    add_request_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Read and print."""
    if bool(options.sources) == bool(options.items):
        raise ConfigError("name inputs, or give --items FILE.jsonl (one of the two)")
    failed = False
    shown: list[dict[str, Any]] = []
    for row in _items(options.items) if options.items else _rows(options):
        failed = failed or row["kind"] == "failure"
        if options.format == "jsonl":
            sys.stdout.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        else:
            shown.append(row)
    if options.format == "table":
        from pipelines.inspecting import as_table

        for line in as_table(shown, shutil.get_terminal_size((160, 24)).columns):
            print(line)
    return 1 if failed else 0


def _items(path: str) -> Iterator[dict[str, Any]]:
    """One object per line of the file, in order."""
    pulled = Pulled(
        source=Source(address=path), input=path, fetched_at=dt.datetime.now(dt.UTC), content_type="application/jsonl"
    )
    yield from _read(pulled)


def _rows(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    from transforms.pull.addresses import is_url, without_secrets
    from transforms.pull.sources import expand_sources

    moment = dt.datetime.now(dt.UTC)
    inputs = expand_sources(options.sources)
    for failure in inputs.failures:
        from pipelines.inspecting import failure_object

        yield failure_object(failure)
    for source in inputs.files:
        yield from _read(Pulled(source=source, input=without_secrets(source.address), fetched_at=moment))
    if inputs.feeds:
        from pipelines.reading import documents_of
        from transforms.pull.poll import fetch_once

        for pulled in fetch_once(inputs.feeds, pull_settings(options, due_only=False), documents=documents_of):
            as_given = pulled.source.address if is_url(pulled.source.address) else pulled.input
            yield from _read(replace(pulled, input=without_secrets(as_given)))


def _read(pulled: Pulled) -> Iterator[dict[str, Any]]:
    from pipelines.inspecting import objects_of
    from pipelines.reading import read_input

    yield from objects_of(read_input(pulled, _resources()))


@lru_cache(maxsize=1)
def _resources() -> Any:
    from transforms.enrich.story import EnrichResources

    return EnrichResources.load()
