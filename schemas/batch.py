"""What travels between the steps of the pipeline: references to spooled rows and counts, never the copy itself."""

from dataclasses import dataclass
from datetime import datetime

from schemas.document import Failure, Source


@dataclass(frozen=True, slots=True)
class Pulled:
    """One input that was asked for at one moment: a file still to be read, a response, or why there is none.

    Attributes:
        source: what was asked.
        input: its address without secrets.
        fetched_at: aware UTC, frozen here; it orders decisions.
        data: the response's bytes, content encodings removed; None: a file that its reader opens, or nothing came.
        outcome: ok, not_modified, or a failure code.
        error: what failed and what to do, or None.
        content_type: as the server said, or None.
        final_url: where redirects ended, or None.
        http_status: None for files.
        latency_ms: milliseconds from request to last byte, None for files.
        next_poll_at: None for files.
        feed_key: names the feed in the pull room's memory, or None.
        feed_state: what that room wants kept for the next poll once the rows are durable, or None.
    """

    source: Source
    input: str
    fetched_at: datetime
    data: bytes | None = None
    outcome: str = "ok"
    error: str | None = None
    content_type: str | None = None
    final_url: str | None = None
    http_status: int | None = None
    latency_ms: int | None = None
    next_poll_at: datetime | None = None
    feed_key: str | None = None
    feed_state: bytes | None = None


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Enriched rows of one or more documents, spooled as one Arrow IPC file (or inline when small).

    Attributes:
        batch_id: hash of what it was made from; the same documents at the same moment give the same id.
        shard: owner of the decisions, from the rows' language.
        fetched_at: latest fetch time of its rows, aware UTC; the flush it belongs to.
        first: (fetch time, input, position) of its first row in arrival order.
        last: the same of its last row.
        rows: number of rows.
        spool: name of the spool file, or None when inline.
        payload: the Arrow IPC file when small, or None.
        sights: row ids (16 bytes each) that were seen again, unchanged.
    """

    batch_id: str
    shard: int
    fetched_at: datetime
    first: tuple[datetime, str, int]
    last: tuple[datetime, str, int]
    rows: int
    spool: str | None = None
    payload: bytes | None = None
    sights: bytes = b""


@dataclass(frozen=True, slots=True)
class RawKept:
    """A failure whose bytes lie in ``_raw`` already.

    Attributes:
        failure: what happened; ``raw`` is None here.
        raw_uri: path relative to the lake, or None when there were no bytes.
        raw_sha256: of the bytes, hex, or None.
    """

    failure: Failure
    raw_uri: str | None = None
    raw_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What one document at one moment brought; becomes a row of ``polls`` and rows of ``failures``.

    Attributes:
        document_id: hash of input and fetch time.
        input: address without secrets.
        fetched_at: aware UTC.
        outcome: ok, not_modified or a failure code.
        format: wire format found, or None.
        items: entries in the document: rows + repolled + item failures.
        rows: entries that went on as rows.
        repolled: entries known before and unchanged.
        failures: of the document and its entries.
        size: bytes, content encodings removed.
        http_status: None for files.
        latency_ms: milliseconds, None for files.
        next_poll_at: None for files.
        possible_gap: None where it cannot be said.
        error: of the document.
        provider: of the source, where known.
        feed_key: names the feed in the pull room's memory, or None.
        feed_state: what that room wants kept for the next poll once the rows are durable, or None.
        facts: what a replay of its failures must know of the source.
    """

    document_id: str
    input: str
    fetched_at: datetime
    outcome: str
    format: str | None = None
    items: int = 0
    rows: int = 0
    repolled: int = 0
    failures: tuple[RawKept, ...] = ()
    size: int = 0
    http_status: int | None = None
    latency_ms: int | None = None
    next_poll_at: datetime | None = None
    possible_gap: bool | None = None
    error: str | None = None
    provider: str | None = None
    feed_key: str | None = None
    feed_state: bytes | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """What the decisions of one shard made of one document's rows.

    Attributes:
        document_id: as in DocumentReport.
        kept: rows that became stories.
        repeats: rows that became repeats.
        held: rows held back.
        repolled: rows that turned out to be known.
    """

    document_id: str
    kept: int = 0
    repeats: int = 0
    held: int = 0
    repolled: int = 0


@dataclass(frozen=True, slots=True)
class Noted:
    """Either what a document brought or what became of its rows, on the way to being joined.

    Attributes:
        report: of a document.
        outcome: of one shard's decisions on it.
    """

    report: DocumentReport | None = None
    outcome: DocumentOutcome | None = None
