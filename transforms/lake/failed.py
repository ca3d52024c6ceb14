"""Which failures the lake has rows of already: the same bytes failing the same way are told once.

A segment is 16 bytes per failure, a hash of input, bytes, position, stage and code, behind one byte of version.
"""

from collections.abc import Iterable, Sequence

from schemas.identity import ID_BYTES, hash_parts
from transforms.lake.errors import LakeTooNew, StateDamaged

FAILED = "failed"
"""Kind of the state segments that hold it, in the control shard."""

VERSION = 1


class FailedTooNewError(LakeTooNew):
    """A segment that a newer wirelake wrote."""


def failure_id(sha256: str | None, name: str, position: int | None, stage: str, code: str) -> bytes:
    """Names a failure; equal for every run over the same bytes.

    Args:
        sha256: of the bytes, hex, or None when nothing came.
        name: of the input, secrets removed.
        position: of the item, or None.
        stage: room.
        code: of the failure.
    """
    place = "" if position is None else str(position)
    return bytes.fromhex(hash_parts("failure", (sha256 or "", name, place, stage, code)))


def load_failed(segments: Iterable[bytes | memoryview]) -> set[bytes]:
    """The ids in state segments.

    Raises:
        FailedTooNewError: a newer wirelake wrote one.
    """
    known: set[bytes] = set()
    for segment in segments:
        data = bytes(segment)
        if len(data) % ID_BYTES != 1:
            raise StateDamaged("which failures were told")
        if data[0] > VERSION:
            raise FailedTooNewError(f"failures of version {data[0]}; this wirelake reads {VERSION}: upgrade it")
        known.update(data[at : at + ID_BYTES] for at in range(1, len(data), ID_BYTES))
    return known


def encode_failed(ids: Sequence[bytes] | set[bytes]) -> bytes:
    """Ids as a state segment, the same bytes for the same ids."""
    return bytes([VERSION]) + b"".join(sorted(ids))
