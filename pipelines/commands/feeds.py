"""Check feeds and feed lists: ask each once and say what it is, without writing anything.

    wirelake feeds check feeds.opml https://example.org/rss

Per feed: status, format, items that would be ingested, age of the newest, full text or not, validators for conditional
requests, what it asks of pollers, and where it moved to. Exit code 1 says that some feed gave nothing usable.
"""

import argparse
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain

from pipelines.commands.ingest import add_request_arguments, pull_settings
from schemas.batch import Pulled
from schemas.document import ParsedDocument, RawDocument
from transforms.pull.memory import FeedRecord, decode_record

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
        asks: what feed and server ask of pollers, in words.
        validators: what the server gives for conditional requests: etag, date, both or none.
        moved_to: where redirects ended, or None.
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
    validators: str
    moved_to: str | None
    error: str | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("action", choices=["check"], help="what to do")
    parser.add_argument("sources", nargs="+", metavar="LIST_OR_URL", help="feed lists, URLs or files")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: table")
    add_request_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Ask every feed once and print."""
    bad = False
    now = dt.datetime.now(dt.UTC)
    if options.format == "table":
        print(f"{'outcome':<15} {'format':<10} {'items':>5} {'newest':>8} {'text':<6} {'304':<4} {'asks':<22} feed")
    for check in _checks(options, now):
        bad = bad or check.outcome not in {"ok", "not_modified"}
        print(_line(check, now) if options.format == "table" else json.dumps(asdict(check), default=_plain), flush=True)
    return 1 if bad else 0


def _checks(options: argparse.Namespace, now: dt.datetime) -> Iterator[FeedCheck]:
    from pipelines.reading import documents_of, open_input
    from transforms.pull.poll import fetch_once
    from transforms.pull.sources import expand_sources

    inputs = expand_sources(options.sources)
    for failure in inputs.failures:
        yield FeedCheck(failure.input, failure.code, None, "", 0, 0, None, False, None, "", "none", None, failure.error)
    pulled = [Pulled(source=source, input=source.address, fetched_at=now) for source in inputs.files]
    settings = pull_settings(options, due_only=False)
    for one in chain(pulled, fetch_once(inputs.feeds, settings, documents=documents_of)):
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

    record = decode_record(pulled.feed_state) if pulled.feed_state else FeedRecord()
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
        asks=", ".join([*asks_of_server(record, pulled.fetched_at), *asks_of(parsed)]),
        validators=validators_of(record),
        moved_to=pulled.final_url if pulled.final_url not in (None, pulled.input) else None,
        error=error,
    )


def asks_of_server(record: FeedRecord, now: dt.datetime) -> list[str]:
    """What a server's headers ask of those who poll it, in words."""
    asks = []
    if record.not_before is not None:
        asks.append(f"wait {(record.not_before - now).total_seconds() / 60:.0f} min")
    if record.fresh_until is not None:
        asks.append(f"fresh {(record.fresh_until - now).total_seconds() / 60:.0f} min")
    return asks


def validators_of(record: FeedRecord) -> str:
    """What a server gives for conditional requests, in a word."""
    if record.etag and record.last_modified:
        return "both"
    return "etag" if record.etag else "date" if record.last_modified else "none"


def asks_of(parsed: ParsedDocument) -> list[str]:
    """What a document asks of those who poll it, and names to them, in words."""
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
    if hints.documents:
        asks.append(f"index of {len(hints.documents)}")
    return asks


def _line(check: FeedCheck, now: dt.datetime) -> str:
    text = "full" if check.full_text else "teaser" if check.items else ""
    line = (
        f"{check.outcome:<15} {check.format or '-':<10} {check.items:>5} {_age(check.newest, now):>8} {text:<6}"
        f" {check.validators:<4} {check.asks or '-':<22} {check.url}"
    )
    notes = [f"moved to {check.moved_to}"] if check.moved_to else []
    return "\n    ".join([line, *notes, *([check.error] if check.error else [])])


def _age(moment: dt.datetime | None, now: dt.datetime) -> str:
    if moment is None:
        return "-"
    hours = (now - moment).total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} d"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)
