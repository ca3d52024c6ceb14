"""What is remembered of messages: by document while they are on their way, by id when they come again."""

import datetime as dt

import pytest

from transforms.pull import messages
from transforms.pull.messages import (
    MessagesRecord,
    MessagesTooNewError,
    TakenMessages,
    decode_messages,
    deliver_again,
    encode_message_segment,
    encode_messages,
    is_messages_key,
    message_id,
    messages_key,
)

NOW = dt.datetime(2026, 2, 16, 12, tzinfo=dt.UTC)
SUBSCRIPTION = "pubsub://project/wire"


def ids(*names: int) -> list[bytes]:
    return [message_id(SUBSCRIPTION, str(name)) for name in names]


def segment(*groups: tuple[int, ...], minutes: int = 0) -> bytes:
    moment = NOW + dt.timedelta(minutes=minutes)
    return encode_message_segment(
        {messages_key(ids(*g), moment): encode_messages(MessagesRecord(moment, b"".join(ids(*g)))) for g in groups}
    )


def test_messages_are_known_once_their_record_stands() -> None:
    memory = TakenMessages.load([segment((1, 2), (3,)), segment((9,), minutes=1)])
    assert memory.knows(ids(1, 5, 3, 9, 2)) == [True, False, True, True, True]
    assert messages_key(ids(1, 2), NOW) in memory.records
    assert TakenMessages().knows(ids(1)) == [False]
    assert memory.knows([]) == []


def test_ids_of_one_subscription_mean_nothing_in_another() -> None:
    assert message_id("pubsub://project/one", "7") != message_id("pubsub://project/other", "7")


def test_what_is_to_come_again_is_not_known() -> None:
    key, record = messages_key(ids(1), NOW), encode_messages(MessagesRecord(NOW, ids(1)[0]))
    memory = TakenMessages.load([encode_message_segment({key: deliver_again(record)})])
    assert memory.records[key].again
    assert memory.knows(ids(1)) == [False]


def test_the_latest_are_kept_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MAX_MESSAGES", 3)
    memory = TakenMessages.load([segment((1, 2)), segment((3,), (4, 5), minutes=1)])
    kept = TakenMessages.load([memory.to_bytes()])
    assert kept.knows(ids(1, 2, 3, 4, 5)) == [False, False, True, True, True]


def test_keys_are_told_from_those_of_files_and_feeds() -> None:
    assert is_messages_key(messages_key(ids(1), NOW))
    assert not is_messages_key("file:0011") and not is_messages_key("00ff") and not is_messages_key(None)


STORED = bytes.fromhex("0183a874616b656e5f6174d6ff699306c0a3696473c41030313233343536373839616263646566a5616761696ec3")


def test_stored_bytes_stay_readable() -> None:
    assert decode_messages(STORED) == MessagesRecord(NOW, b"0123456789abcdef", again=True)
    whole = b"\x01\x81\xa9message:x" + STORED[1:]
    assert TakenMessages.load([whole]).records == {"message:x": decode_messages(STORED)}


def test_bytes_of_a_newer_version_are_refused() -> None:
    with pytest.raises(MessagesTooNewError, match="version 2"):
        decode_messages(b"\x02\x80")
