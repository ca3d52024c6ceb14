"""Commit records: what one commit added and removed, which state is live since, and which batches it answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import zstandard

from schemas.batch import DocumentOutcome
from schemas.tables import SCHEMA_VERSION
from transforms.lake.errors import LakeDamaged, LakeTooNew

RECORD_FORMAT = 1
"""Raised when an older wirelake could misread a record."""

STATE = "_state"
"""Stands for a table's name in the entry of a state segment."""

Outcomes = tuple[DocumentOutcome, ...]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a commit.

    Attributes:
        table: a table's name, or ``_state``.
        path: final name, relative to the lake.
        rows: number of rows (0 for state).
        size: bytes.
        sha256: of the bytes, hex.
        staged: where it lies until published.
        committed_from: earliest ``committed_at`` of its rows.
        committed_to: latest ``committed_at`` of its rows.
        schema_version: of the Arrow schema it was written with.
    """

    table: str
    path: str
    rows: int
    size: int
    sha256: str
    staged: str
    committed_from: datetime
    committed_to: datetime
    schema_version: int = SCHEMA_VERSION

    @property
    def partition(self) -> tuple[tuple[str, str], ...]:
        """Partition columns and values, read from the path."""
        parts = (part.partition("=") for part in self.path.split("/")[1:-1])
        return tuple((name, value) for name, mark, value in parts if mark)

    @property
    def folder(self) -> str:
        """The folder of the final name."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """One commit of one shard. Its creation is the moment at which everything in it becomes true.

    Attributes:
        shard: whose.
        sequence: 1, 2, 3, …; the record's name.
        token: of the transaction that made it; tells a lost answer from a lost race.
        committed_at: aware UTC, strictly later than the shard's last, whatever the clock did.
        reason: commit, release, compact, purge, retire: whether rows are new or only moved.
        adds: files to publish.
        removes: final names that are no longer part of the lake.
        state: live state segments after this commit.
        covers: (batch id, outcomes of its documents) for every batch this commit answers.
        counts: what the run reports, by name.
    """

    shard: str
    sequence: int
    token: str
    committed_at: datetime
    reason: str
    adds: tuple[FileEntry, ...] = ()
    removes: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    covers: tuple[tuple[str, Outcomes], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def record_path(shard: str, sequence: int) -> str:
    """Where a commit record lies."""
    return f"_state/commits/{shard}/{sequence:010d}.json"


def encode_entry(entry: FileEntry) -> list[Any]:
    """A file entry as a short JSON list."""
    return [
        entry.table,
        entry.path,
        entry.rows,
        entry.size,
        entry.sha256,
        entry.staged,
        _time(entry.committed_from),
        _time(entry.committed_to),
        entry.schema_version,
    ]


def decode_entry(values: list[Any]) -> FileEntry:
    """The inverse of ``encode_entry``."""
    table, path, rows, size, sha256, staged, first, last, version = values
    return FileEntry(table, path, rows, size, sha256, staged, _moment(first), _moment(last), version)


def encode_covers(covers: tuple[tuple[str, Outcomes], ...]) -> dict[str, list[list[Any]]]:
    """Answered batches as JSON."""
    return {
        batch: [[one.document_id, one.kept, one.repeats, one.held, one.repolled] for one in outcomes]
        for batch, outcomes in covers
    }


def decode_covers(covers: Mapping[str, list[list[Any]]]) -> tuple[tuple[str, Outcomes], ...]:
    """The inverse of ``encode_covers``."""
    return tuple((batch, tuple(DocumentOutcome(*values) for values in outcomes)) for batch, outcomes in covers.items())


def encode_record(record: CommitRecord) -> bytes:
    """A commit record as JSON text, the same bytes for the same record."""
    value = {
        "format": RECORD_FORMAT,
        "shard": record.shard,
        "sequence": record.sequence,
        "token": record.token,
        "committed_at": _time(record.committed_at),
        "reason": record.reason,
        "counts": dict(record.counts),
        "adds": [encode_entry(entry) for entry in record.adds],
        "removes": list(record.removes),
        "state": list(record.state),
        "covers": encode_covers(record.covers),
    }
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def decode_record(data: bytes, path: str) -> CommitRecord:
    """Read a commit record.

    Args:
        data: its bytes.
        path: where they lay, for messages.

    Raises:
        LakeTooNew: a newer wirelake wrote it.
        LakeDamaged: it is no whole record.
    """
    try:
        return _decode(json.loads(data), path)
    except (ValueError, KeyError, TypeError) as error:
        raise LakeDamaged(
            f"commit record {path} cannot be read ({error}). Nothing can be said of the lake without it: restore it "
            "from a backup or an older object version."
        ) from error


def _decode(value: dict[str, Any], path: str) -> CommitRecord:
    if value["format"] > RECORD_FORMAT:
        raise LakeTooNew(f"{path}: written by a newer wirelake (record format {value['format']}); upgrade wirelake.")
    return CommitRecord(
        shard=value["shard"],
        sequence=value["sequence"],
        token=value["token"],
        committed_at=_moment(value["committed_at"]),
        reason=value["reason"],
        adds=tuple(decode_entry(entry) for entry in value["adds"]),
        removes=tuple(value["removes"]),
        state=tuple(value["state"]),
        covers=decode_covers(value["covers"]),
        counts=value["counts"],
    )


def pack(value: object) -> bytes:
    """JSON, compressed."""
    return zstandard.compress(json.dumps(value, separators=(",", ":")).encode(), 3)


def unpack(data: bytes) -> Any:
    """The inverse of ``pack``."""
    return json.loads(zstandard.decompress(data))


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
