"""What is remembered of a subscription's messages once their rows are durable: versioned bytes in the lake's state.

A message is acknowledged when its record stands here, never before; one that is delivered again is known by it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import msgspec
import numpy as np

MESSAGES = "messages"
"""Kind of the state segments that hold it."""

MESSAGES_VERSION = 1
"""First byte of everything encoded here; fields are only ever added, with a default."""

MESSAGE_ID_BYTES = 16
"""128 bits name a message: two that shared a name would cost a story."""

MAX_MESSAGES = 500_000
"""Messages remembered, the latest first: 8 MB. A service delivers again what was acknowledged within minutes, if at
all; an older message would be read again and its items found known."""

_MARK = "message:"


@dataclass(frozen=True, slots=True)
class MessagesRecord:
    """Messages that became one document.

    Attributes:
        taken_at: when, aware UTC.
        ids: of the messages, MESSAGE_ID_BYTES each.
        again: what they announce could not be read; they are to be delivered again.
    """

    taken_at: datetime
    ids: bytes
    again: bool = False


_RECORD = msgspec.msgpack.Decoder(MessagesRecord)
_RECORDS = msgspec.msgpack.Decoder(dict[str, MessagesRecord])


class MessagesTooNewError(ValueError):
    """Memory of messages written by a newer wirelake."""


def message_id(subscription: str, name: str) -> bytes:
    """Names a message.

    Args:
        subscription: its address; ids of services are unique within a topic only.
        name: as the service calls the message.
    """
    return hashlib.blake2b(f"{subscription}\0{name}".encode(), digest_size=MESSAGE_ID_BYTES).digest()


def messages_key(ids: Sequence[bytes], moment: datetime) -> str:
    """Names the document that was made of messages at a moment."""
    digest = hashlib.blake2b(moment.isoformat().encode(), digest_size=12)
    digest.update(b"".join(ids))
    return f"{_MARK}{digest.hexdigest()}"


def is_messages_key(key: str | None) -> bool:
    """Whether a key names messages and not a feed or a file."""
    return key is not None and key.startswith(_MARK)


def encode_messages(record: MessagesRecord) -> bytes:
    """A record as bytes."""
    return bytes([MESSAGES_VERSION]) + msgspec.msgpack.encode(record)


def decode_messages(data: bytes | memoryview) -> MessagesRecord:
    """The inverse of ``encode_messages``, for this and older versions.

    Raises:
        MessagesTooNewError: a newer wirelake wrote it.
    """
    return _RECORD.decode(_checked(data))


def deliver_again(data: bytes) -> bytes:
    """The record of messages whose content could not be had for now."""
    return encode_messages(replace(decode_messages(data), again=True))


def _checked(data: bytes | memoryview) -> bytes:
    if data[0] > MESSAGES_VERSION:
        message = f"memory of messages of version {data[0]}; this wirelake reads {MESSAGES_VERSION}: upgrade it"
        raise MessagesTooNewError(message)
    return bytes(data[1:])


@dataclass(frozen=True)
class TakenMessages:
    """The messages whose rows are durable.

    Attributes:
        records: by ``messages_key``.
    """

    records: dict[str, MessagesRecord] = field(default_factory=dict)

    @classmethod
    def load(cls, segments: Iterable[bytes | memoryview]) -> "TakenMessages":
        """Read state segments, oldest first.

        Raises:
            MessagesTooNewError: a newer wirelake wrote one.
        """
        records: dict[str, MessagesRecord] = {}
        for segment in segments:
            records.update(_RECORDS.decode(_checked(segment)))
        return cls(records)

    def to_bytes(self) -> bytes:
        """As a state segment, the latest ``MAX_MESSAGES`` messages."""
        kept: dict[str, MessagesRecord] = {}
        count = 0
        for key, record in sorted(self.records.items(), key=lambda pair: pair[1].taken_at, reverse=True):
            count += len(record.ids) // MESSAGE_ID_BYTES
            if kept and count > MAX_MESSAGES:
                break
            kept[key] = record
        return _encode(kept)

    @cached_property
    def _ids(self) -> np.ndarray:
        done = b"".join(record.ids for record in self.records.values() if not record.again)
        return np.sort(np.frombuffer(done, dtype=f"S{MESSAGE_ID_BYTES}"))

    def knows(self, ids: Sequence[bytes]) -> list[bool]:
        """For each message whether its rows are durable."""
        if not len(self._ids) or not ids:
            return [False] * len(ids)
        asked = np.frombuffer(b"".join(ids), dtype=self._ids.dtype)
        places = np.minimum(np.searchsorted(self._ids, asked), len(self._ids) - 1)
        return [bool(same) for same in self._ids[places] == asked]


def encode_message_segment(records: dict[str, bytes]) -> bytes:
    """Encoded records as a state segment."""
    return _encode({key: decode_messages(data) for key, data in records.items()})


def _encode(records: dict[str, MessagesRecord]) -> bytes:
    return bytes([MESSAGES_VERSION]) + msgspec.msgpack.encode(records)
