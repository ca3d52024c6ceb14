"""What today's parsers make of a document that the lake holds rows of: which columns would read otherwise."""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

import pyarrow as pa

from pipelines.spool import read_spool
from schemas.batch import RowBatch
from schemas.tables import STORIES
from transforms.lake.lake import Lake

_LATE = {
    "cluster_id",
    "first_published",
    "committed_at",
    "run_id",
    "wirelake_version",
    "model_version",
}
"""Columns that the commit fills in, not the reading."""

COMPARED = (*(name for name in STORIES.names if name not in _LATE), "date", "topic")

_HASH_BYTES = 8

_Key = tuple[str, Any]


def differing(lake: Lake, batches: Iterable[RowBatch]) -> tuple[int, Counter[str]]:
    """Compare rows that were read again with those that the lake holds of the same document.

    Memory: about 600 bytes a row that was read again.

    Args:
        lake: open.
        batches: with their rows still spooled.

    Returns:
        How many rows would read otherwise, and how many of them in each column.
    """
    again: dict[_Key, list[bytes]] = {}  # equal bytes under two names are one version, read twice in one moment
    for batch in batches:
        rows, _ = read_spool(lake, [batch])
        for key, digest in _digests(rows):
            again.setdefault(key, []).append(digest)
    differ = 0
    columns: Counter[str] = Counter()
    for table in ("stories", "repeats", "held"):
        for rows in lake.batches(table):
            for key, digest in _digests(rows):
                read = again.get(key)
                if read is None or digest in read:
                    continue
                today = read[0]
                differ += 1
                places = range(0, len(digest), _HASH_BYTES)
                columns.update(
                    name
                    for name, at in zip(COMPARED, places, strict=True)
                    if today[at : at + _HASH_BYTES] != digest[at : at + _HASH_BYTES]
                )
    return differ, columns


def _digests(rows: pa.Table) -> Iterator[tuple[_Key, bytes]]:
    """For each row what names it (version and the moment its document was fetched), and a hash of every column."""
    keys = zip(rows.column("row_id").to_pylist(), rows.column("fetched_at").to_pylist(), strict=True)
    columns = [[_digest(value) for value in rows.column(name).to_pylist()] for name in COMPARED]
    for key, *hashes in zip(keys, *columns, strict=True):
        yield key, b"".join(hashes)


def _digest(value: object) -> bytes:
    # dates are text where they come from a path
    return blake2b(str(value).encode(errors="surrogatepass"), digest_size=_HASH_BYTES).digest()
