"""The lake's side of a replay: which bytes can be read again, and ending failures that became rows."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from schemas.document import RawDocument
from transforms.lake.archive import archived, raw_document
from transforms.lake.commit import CONTROL, ShardWriter, Transaction, transact
from transforms.lake.lake import Lake
from transforms.lake.rewrite import WriteTables, live_entries, read_live, replace_files

FailureKey = tuple[str, str | None, int | None, datetime]
"""Input, SHA-256 of the bytes, position, moment: names a row of ``failures``."""


@dataclass(frozen=True, slots=True)
class Replayable:
    """Bytes to read again.

    Attributes:
        document: as it was fetched; a source's headers and secrets are not kept.
        sha256: of its bytes.
        failures: rows that end when the document now gives rows; none for an archived document.
        partial: the bytes are those of single items, not of the whole document.
    """

    document: RawDocument
    sha256: str
    failures: tuple[FailureKey, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A failure that cannot be replayed.

    Attributes:
        key: the row.
        reason: why.
    """

    key: FailureKey
    reason: str


def failed_documents(lake: Lake) -> Iterator[Replayable | Lost]:
    """Every document with failures, once, in order of input and moment.

    A failure without bytes (an unreachable host) is Lost: there is nothing to read again.
    """
    rows = lake.read("failures").select(["input", "raw_sha256", "position", "failed_at", "provider", "extra"])
    groups: dict[tuple[str, datetime, str | None], list[tuple[FailureKey, dict[str, str]]]] = {}
    for row in rows.to_pylist():
        moment = row["failed_at"].astimezone(UTC)
        facts = dict(row["extra"] or ())
        facts.setdefault("source_input", row["input"])
        facts.setdefault("source_fetched_at", moment.isoformat())
        if row["provider"]:
            facts.setdefault("source_provider", row["provider"])
        key = (row["input"], row["raw_sha256"], row["position"], moment)
        groups.setdefault((row["input"], moment, row["raw_sha256"]), []).append((key, facts))
    for (_, _, sha256), found in sorted(groups.items(), key=lambda group: (*group[0][:2], group[0][2] or "")):
        keys = tuple(key for key, _ in found)
        data = lake.read_raw(sha256) if sha256 else None
        if sha256 is None or data is None:
            reason = "no bytes were received" if sha256 is None else f"_raw/{sha256}.zst is gone"
            yield from (Lost(key, reason) for key in keys)
            continue
        partial = any(key[2] is not None for key in keys)
        yield Replayable(raw_document(found[0][1], data), sha256, keys, partial)


def archived_documents(lake: Lake) -> Iterator[Replayable]:
    """Every archived document whose bytes are there, in order of fetch time and input."""
    for one in sorted(archived(lake), key=lambda one: (one.fetched_at, one.input)):
        data = lake.read_raw(one.sha256)
        if data is not None:
            yield Replayable(raw_document(dict(one.facts), data), one.sha256)


def retire_failures(lake: Lake, write: WriteTables, clock: Callable[[], datetime], keys: Collection[FailureKey]) -> int:
    """End failures whose items stand in the lake as rows now; call it after those rows were committed.

    Returns:
        How many rows ended. Raw bytes stay.
    """
    wanted = set(keys)
    return transact(lake.shard(CONTROL), clock, lambda shard, txn: _retire(shard, txn, write, wanted))


def _retire(shard: ShardWriter, txn: Transaction, write: WriteTables, keys: set[FailureKey]) -> int:
    ended = 0
    try:
        for entry in live_entries(shard):
            if entry.table != "failures":
                continue
            rows = read_live(shard, entry)
            columns = [rows.column(name).to_pylist() for name in ("input", "raw_sha256", "position", "failed_at")]
            stays = [key not in keys for key in zip(*columns, strict=True)]
            if not all(stays):
                replace_files(txn, [entry], rows.filter(pa.array(stays)), "failures", write)
                ended += stays.count(False)
        if not ended:
            txn.abort()
            return 0
        txn.commit(counts={"retired": ended}, reason="retire")
    except BaseException:
        txn.abort()
        raise
    return ended
