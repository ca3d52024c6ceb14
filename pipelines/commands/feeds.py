"""Check feeds and feed lists: ask each once and say what it is, without writing anything.

    wirelake feeds check feeds.opml https://example.org/rss

Per feed: status, format, items, age of the newest, full text or not, what it asks of pollers, and what would be
ingested. Exit code 1 says that some feed gave nothing usable.
"""

import argparse
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pipelines.commands.ingest import add_pull_arguments, pull_settings
from schemas.batch import Pulled
from schemas.document import ParsedDocument, RawDocument

FULL_TEXT_CHARACTERS = 600
"""A median body of this length is copy and not a teaser: three paragraphs of a wire story."""


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """What one feed showed.

    Attributes:
        url: without secrets.
        outcome: ok, or a failure code.
        http_status: of the last hop.
        format: wire format found.
        items: entries that would be ingested.
        failures: entries that would fail.
        newest: publication time of the newest entry.
        full_text: most entries carry their whole copy.
        language: of the feed.
        asks: what it asks of pollers, in words.
        error: what failed and what to do.
    """

    url: str
    outcome: str
    http_status: int | None
    format: str
    items: int
    failures: int
    newest: dt.datetime | None
    full_text: bool
    language: str | None
    asks: str
    error: str | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("action", choices=["check"], help="what to do")
    parser.add_argument("sources", nargs="+", metavar="LIST_OR_URL", help="feed lists, URLs or files")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: table")
    add_pull_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Ask every feed once and print."""
    bad = False
    now = dt.datetime.now(dt.UTC)
    if options.format == "table":
        print(f"{'outcome':<14} {'format':<9} {'items':>5} {'newest':>8} {'text':<6} {'asks':<22} feed")
    for check in _checks(options, now):
        bad = bad or check.outcome not in {"ok", "not_modified"}
        print(_line(check, now) if options.format == "table" else json.dumps(asdict(check), default=_plain), flush=True)
    return 1 if bad else 0


def _checks(options: argparse.Namespace, now: dt.datetime) -> Iterator[FeedCheck]:
    from pipelines.reading import open_input
    from transforms.pull.poll import fetch_once
    from transforms.pull.sources import expand_sources

    inputs = expand_sources(options.sources)
    for failure in inputs.failures:
        yield FeedCheck(failure.input, failure.code, None, "", 0, 0, None, False, None, "", failure.error)
    pulled = [Pulled(source=source, input=source.address, fetched_at=now) for source in inputs.files]
    for one in (*pulled, *fetch_once(inputs.feeds, pull_settings(options, due_only=False))):
        data, problem = open_input(one)
        yield check_feed(one, data, problem.code if problem else None, problem.error if problem else None)


def check_feed(pulled: Pulled, data: bytes, code: str | None, error: str | None) -> FeedCheck:
    """What one response shows.

    Args:
        pulled: the response.
        data: its bytes.
        code: why there are none, or None.
        error: the same in words.
    """
    from transforms.parse.registry import parse_document

    parsed = ParsedDocument(format="")
    if code is None:
        raw = RawDocument(pulled.source, pulled.input, data, pulled.fetched_at, pulled.content_type, pulled.final_url)
        parsed = parse_document(raw)
        whole = next((failure for failure in parsed.failures if failure.position is None), None)
        if whole is not None:
            code, error = whole.code, whole.error
    moments = [moment for item in parsed.items if (moment := item.published or item.updated)]
    lengths = sorted(len(item.body or "") for item in parsed.items)
    return FeedCheck(
        url=pulled.input,
        outcome=code or pulled.outcome,
        http_status=pulled.http_status,
        format=parsed.format,
        items=len(parsed.items),
        failures=len(parsed.failures),
        newest=max(moments, default=None),
        full_text=bool(lengths) and lengths[len(lengths) // 2] >= FULL_TEXT_CHARACTERS,
        language=parsed.language or next((item.language for item in parsed.items if item.language), None),
        asks=asks_of(parsed),
        error=error,
    )


def asks_of(parsed: ParsedDocument) -> str:
    """What a document asks of those who poll it, in words."""
    hints = parsed.hints
    asks = []
    if hints.ttl_minutes:
        asks.append(f"ttl {hints.ttl_minutes} min")
    if hints.update_seconds:
        asks.append(f"every {hints.update_seconds // 60} min")
    if hints.skip_hours:
        asks.append(f"skips {len(hints.skip_hours)} h")
    if hints.skip_days:
        asks.append(f"skips {len(hints.skip_days)} d")
    if hints.hubs:
        asks.append("hub")
    return ", ".join(asks)


def _line(check: FeedCheck, now: dt.datetime) -> str:
    text = "full" if check.full_text else "teaser" if check.items else ""
    line = (
        f"{check.outcome:<14} {check.format:<9} {check.items:>5} {_age(check.newest, now):>8} {text:<6}"
        f" {check.asks:<22} {check.url}"
    )
    return f"{line}\n    {check.error}" if check.error else line


def _age(moment: dt.datetime | None, now: dt.datetime) -> str:
    if moment is None:
        return "-"
    hours = (now - moment).total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} d"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)
