"""The lake as its writers and readers open it: what it is, its shards, raw bytes, and the spool between steps."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import zstandard

from schemas.tables import SCHEMA_VERSION
from transforms.lake import lease
from transforms.lake.commit import CONTROL, ShardWriter
from transforms.lake.errors import LakeMissing, LakeTooNew, NotALake, explained
from transforms.lake.reader import Filters, Snapshot, read_table
from transforms.lake.records import FileEntry
from transforms.lake.storage import NotFound, Storage, storage_for

LAKE_FORMAT = 1
"""Of the folder as a whole; raised when an older wirelake would harm or misread it."""

LAKE_FILE = "_lake.json"
RAW = "_raw"
SPOOL = "_staging/spool"

SPOOL_DAYS = 7
"""A spool file this old belongs to no run any more; engines replay within minutes."""

_MARKS = ("stories", "repeats", "held", "failures", "polls", "_state")
"""Folders that only a lake has; without ``_lake.json`` they mean damage, not an empty place."""


def utc_now() -> datetime:
    """The system's clock, aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Lake:
    """An open lake. Cheap to make and to pickle; it holds no connection and no cached contents.

    Attributes:
        storage: where its bytes lie.
        shards: how many shards decide about rows; fixed when the lake was made.
        created: aware UTC.
        schema_version: of the tables when it was made.
    """

    storage: Storage
    shards: int
    created: datetime
    schema_version: int

    @property
    def uri(self) -> str:
        """Where the lake lies."""
        return self.storage.uri

    @property
    def shard_names(self) -> tuple[str, ...]:
        """All shards, ``control`` last."""
        return (*(str(number) for number in range(self.shards)), CONTROL)

    def shard(self, name: int | str) -> ShardWriter:
        """Open a shard for writing; what an earlier run left unpublished is published.

        Args:
            name: 0 to ``shards`` - 1, or ``control``.

        Raises:
            ValueError: the lake has no such shard.
        """
        if str(name) not in self.shard_names:
            raise ValueError(f"{self.uri}: there is no shard {name}; this lake has {', '.join(self.shard_names)}.")
        return ShardWriter(self.storage, str(name))

    def keep_raw(self, data: bytes) -> tuple[str, str]:
        """Keep bytes under their SHA-256, compressed; the same bytes are kept once.

        Returns:
            (path relative to the lake, SHA-256 in hex).

        Raises:
            LakeFull, LakeReadOnly: they could not be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = f"{RAW}/{sha256}.zst"
        with explained(self.uri, "keeping raw bytes"):
            if not self.storage.exists(path):
                self.storage.create(path, zstandard.compress(data, 9))
        return path, sha256

    def read_raw(self, sha256: str) -> bytes | None:
        """Bytes kept by ``keep_raw``, or None when they are not (or no longer) there."""
        try:
            packed = self.storage.read(f"{RAW}/{sha256}.zst")
        except NotFound:
            return None
        return zstandard.ZstdDecompressor().decompressobj().decompress(packed)

    def spool_write(self, name: str, data: bytes, *, durable: bool = False) -> str:
        """Lay bytes down for a later step.

        Args:
            name: unique, below the name of its run; the same name with the same bytes may be written again.
            data: the bytes.
            durable: survive a power cut too. A killed process never loses them.

        Returns:
            Path relative to the lake, for ``spool_read``.
        """
        path = f"{SPOOL}/{name}"
        with explained(self.uri, "spooling rows between steps"):
            self.storage.write(path, data, durable=durable)
        return path

    def spool_read(self, path: str) -> memoryview:
        """Spooled bytes, mapped where the storage can.

        Raises:
            NotFound: swept or never written.
        """
        return self.storage.view(path)

    def spool_delete(self, path: str) -> None:
        """Spooled bytes were used; nothing happens when they are gone."""
        self.storage.delete(path)

    def spool_delete_run(self, run_id: str) -> None:
        """A run ended, well or not, and nobody uses what it spooled under its name any more."""
        self.storage.delete_folder(f"{SPOOL}/{run_id}")

    def sweep_spool(self, now: datetime, older_than: timedelta = timedelta(days=SPOOL_DAYS)) -> int:
        """Remove spool and half-written files of runs that ended long ago.

        Returns:
            How many were removed.
        """
        old = [
            stored.path
            for folder in (SPOOL, "_staging/tmp")
            for stored in self.storage.list(folder)
            if now - stored.modified > older_than
        ]
        for path in old:
            self.storage.delete(path)
        return len(old)

    def snapshot(self) -> Snapshot:
        """The files that make up the lake now, by its commit records."""
        return Snapshot.of(self.storage, self.shard_names)

    def files(self, table: str) -> tuple[FileEntry, ...]:
        """Live files of a table, in order of path."""
        return self.snapshot().files(table)

    def read(self, table: str, *, columns: Sequence[str] | None = None, filters: Filters = ()) -> pa.Table:
        """Read a table exactly, whatever is being committed, merged or removed meanwhile.

        Args:
            table: its name.
            columns: wanted columns, partition columns included; None: all.
            filters: (column, operator, value) triples that must all hold, as in pandas; those on partition columns
                keep files from being read.
        """
        return read_table(self.storage, self.shard_names, table, columns=columns, filters=filters)

    def batches(self, table: str, *, columns: Sequence[str] | None = None, filters: Filters = ()) -> Iterator[pa.Table]:
        """Like ``read``, file by file, with memory for one of them.

        Raises:
            LakeDamaged: a file was merged away while reading, or is gone; begin again.
        """
        return self.snapshot().read(table, columns=columns, filters=filters)

    def hold_lease(self, command: str, clock: Callable[[], datetime] = utc_now) -> AbstractContextManager[Any]:
        """Say that a stream is running, for as long as the ``with`` block runs.

        Raises:
            LakeBusy: another stream says so already.
        """
        return lease.hold(self.storage, command, clock)

    def require_no_stream(self, now: datetime) -> None:
        """Refuse to go on while a stream runs.

        Raises:
            LakeBusy: names who is writing and what to do.
        """
        lease.require_free(self.storage, now)


def open_lake(
    uri: str | Storage, *, create: bool = False, shards: int = 1, clock: Callable[[], datetime] = utc_now
) -> Lake:
    """Open a lake, or make one.

    Args:
        uri: a folder, ``gs://BUCKET/PREFIX``, or a storage.
        create: make the lake when there is none.
        shards: of a lake that is made; an existing one keeps its own.
        clock: aware UTC, for ``created``.

    Raises:
        LakeMissing: nothing is there and ``create`` is False.
        NotALake: other things lie there, or no storage speaks the address.
        LakeTooNew: a newer wirelake made it.
        LakeReadOnly, LakeFull: it cannot be made.
    """
    try:
        storage = storage_for(uri) if isinstance(uri, str) else uri
    except ValueError as error:
        raise NotALake(str(error)) from error
    try:
        lake = _decode(storage, storage.read(LAKE_FILE))
    except NotFound:
        pass
    else:
        if storage.exists(f"_state/heads/{lake.shards}.json"):
            raise NotALake(
                f"{storage.uri}: {LAKE_FILE} says {lake.shards} shards, but {_shards_committed(storage)} were written "
                "to: it is another lake's. Restore this lake's own file."
            )
        return lake
    first = next(iter(_top(storage)), None)
    if first is not None and first.partition("/")[0] in _MARKS:
        raise NotALake(
            f"{storage.uri}: looks like a lake whose {LAKE_FILE} is gone (there is {first}). Restore that file; by "
            f"what was committed it said {_likely(storage)}"
        )
    if first is not None:
        raise NotALake(
            f"{storage.uri}: not a lake: it holds other things ({first}) and no {LAKE_FILE}. Choose an empty folder."
        )
    if not create:
        raise LakeMissing(
            f"{storage.uri}: there is no lake here. `wirelake ingest … --output {storage.uri}` makes one."
        )
    if shards < 1:
        raise ValueError(f"A lake has at least one shard, not {shards}.")
    value = {
        "format": LAKE_FORMAT,
        "shards": shards,
        "created": clock().astimezone(UTC).isoformat(),
        "schema_version": SCHEMA_VERSION,
    }
    with explained(storage.uri, "making the lake"):
        storage.create(LAKE_FILE, json.dumps(value, indent=1).encode())
    return _decode(storage, storage.read(LAKE_FILE))


def _likely(storage: Storage) -> str:
    """What ``_lake.json`` said, as far as the shards' heads tell; shards that nothing was committed to leave none."""
    value = {"format": LAKE_FORMAT, "shards": max(1, _shards_committed(storage)), "schema_version": SCHEMA_VERSION}
    return json.dumps(value | {"created": datetime(1970, 1, 1, tzinfo=UTC).isoformat()})


def _shards_committed(storage: Storage) -> int:
    """One more than the highest shard that has a head."""
    names = [stored.path.rpartition("/")[2].partition(".")[0] for stored in storage.list("_state/heads")]
    return max((int(name) + 1 for name in names if name.isdigit()), default=0)


def _decode(storage: Storage, data: bytes) -> Lake:
    try:
        value = json.loads(data)
        number = int(value["format"])
        if number > LAKE_FORMAT:
            raise LakeTooNew(
                f"{storage.uri}: made by a newer wirelake (lake format {number}, this one knows {LAKE_FORMAT}). "
                "Upgrade wirelake to read it."
            )
        return Lake(
            storage, int(value["shards"]), datetime.fromisoformat(value["created"]), int(value["schema_version"])
        )
    except (ValueError, KeyError, TypeError) as error:
        raise NotALake(f"{storage.uri}: {LAKE_FILE} cannot be read ({error!r}). Restore it from a backup.") from error


def _top(storage: Storage) -> Iterator[str]:
    """Names below the root that are not scraps of an earlier try to make the lake."""
    for stored in storage.list(""):
        if not stored.path.startswith("_staging/"):
            yield stored.path
