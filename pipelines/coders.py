"""How our types become bytes between steps and in an engine's state: typed MessagePack behind a version byte.

Engine pickles do not survive an upgrade, and Beam falls back on them silently; these bytes do neither. Fields are
only ever added, with a default, so older bytes stay readable.
"""

from typing import Any

import apache_beam as beam
import msgspec
from apache_beam.coders import TimestampCoder
from apache_beam.utils.timestamp import Timestamp

from pipelines.tasks import PullTask
from pipelines.watched import Looked
from schemas.batch import Noted, Pulled, RowBatch

VERSION = 1
"""First byte of everything encoded here."""


class MessageCoder(beam.coders.Coder):
    """Codes one frozen dataclass of ours; deterministic, without pickle."""

    def __init__(self, kind: type[Any]) -> None:
        """Code values of ``kind``."""
        self._kind = kind
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._encoder = msgspec.msgpack.Encoder()

    @classmethod
    def from_type_hint(cls, typehint: type[Any], _registry: object) -> "MessageCoder":
        """The coder of a registered type."""
        return cls(typehint)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the type's name."""
        return MessageCoder, (self._kind,)

    def encode(self, value: Any) -> bytes:
        """The value's bytes."""
        return bytes([VERSION]) + self._encoder.encode(value)

    def decode(self, encoded: bytes) -> Any:
        """The value of bytes made by this or an older version.

        Raises:
            ValueError: bytes of a newer version.
        """
        if encoded[0] > VERSION:
            raise ValueError(f"{self._kind.__name__}: bytes of version {encoded[0]}, this wirelake reads {VERSION}")
        return self._decoder.decode(encoded[1:])

    def is_deterministic(self) -> bool:
        """Equal values have equal bytes."""
        return True

    def to_type_hint(self) -> type[Any]:
        """The type coded."""
        return self._kind

    def __eq__(self, other: object) -> bool:
        """Coders of one type are alike."""
        return isinstance(other, MessageCoder) and other._kind is self._kind

    def __hash__(self) -> int:
        """By type."""
        return hash(self._kind)


def register_coders() -> None:
    """Make Beam use these coders for our types; called before a pipeline is built."""
    beam.coders.registry.register_coder(Timestamp, TimestampCoder)  # Beam's own reshuffle would pickle them
    for kind in (PullTask, Pulled, RowBatch, Noted, Looked):
        beam.coders.registry.register_coder(kind, MessageCoder)
