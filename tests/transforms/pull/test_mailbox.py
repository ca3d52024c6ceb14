"""Google's own client against a service that keeps the contract: nothing is acknowledged before it is durable."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("google.cloud.pubsub_v1", reason="needs the gcp extra")

from tests.stream.pubsub import Service, serving
from transforms.pull import mailbox as mailbox_module
from transforms.pull.mailbox import Mailbox, lease_for
from transforms.pull.messages import MessagesRecord, TakenMessages, messages_key
from transforms.pull.subscription import Message, SubscriptionError, open_subscription, subscription_path

NOW = dt.datetime(2026, 2, 16, 12, tzinfo=dt.UTC)
ADDRESS = "pubsub://project/wire"
NAME = "projects/project/subscriptions/wire"
LEASE = dt.timedelta(seconds=60)
PATIENCE = dt.timedelta(minutes=30)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with serving() as running:
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", running.host)
        running.kept[NAME] = []
        yield running


@pytest.fixture
def mailbox(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setattr(mailbox_module, "PULL_SECONDS", 0.3)
    box = Mailbox(ADDRESS, open_subscription(ADDRESS), LEASE, PATIENCE)
    yield box
    box.close(TakenMessages())


def wait_for(found: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Looks:
    """Looks at a mailbox until so many messages came; each look's messages are one document."""

    def __init__(self, box: Mailbox) -> None:
        self.box = box
        self.memory = TakenMessages()
        self.now = NOW
        self.keys: list[str] = []

    def look(self) -> list[Message]:
        self.now += dt.timedelta(seconds=1)
        found = self.box.look(self.memory, self.now)
        if found:
            self.keys.append(messages_key([name for name, _ in found], self.now))
            self.box.send(self.keys[-1], found, self.now)
            self.ids = b"".join(name for name, _ in found)
        return [message for _, message in found]

    def gather(self, count: int) -> list[bytes]:
        found: list[bytes] = []

        def all_there() -> bool:
            found.extend(message.data for message in self.look())
            return len(found) >= count

        wait_for(all_there)
        return found

    def commit(self, *, again: bool = False) -> None:
        self.memory = TakenMessages(
            {**self.memory.records, self.keys[-1]: MessagesRecord(self.now, self.ids, again=again)}
        )


def test_a_message_is_acknowledged_when_it_is_durable_and_not_before(service: Service, mailbox: Mailbox) -> None:
    looks = Looks(mailbox)
    service.publish(NAME, b"one", place="Dover")
    assert looks.gather(1) == [b"one"]
    looks.look()
    assert service.left(NAME) == 1
    looks.commit()
    looks.look()
    assert service.left(NAME) == 0


def test_deliveries_are_kept_alive_and_come_once(service: Service, mailbox: Mailbox) -> None:
    service.deadline = 0.5
    looks = Looks(mailbox)
    service.publish(NAME, b"one")
    looks.gather(1)
    time.sleep(1)
    assert looks.look() == []
    assert service.deliveries(NAME) == 1, "its deadline was moved when it was taken"
    kept = service.kept[NAME][0]
    before = kept.until
    looks.now += LEASE / 2
    looks.look()
    assert kept.until > before, "and again when half of it was over"


def test_a_message_that_comes_again_on_its_way_is_not_taken_twice(service: Service, mailbox: Mailbox) -> None:
    looks = Looks(mailbox)
    service.publish(NAME, b"one")
    looks.gather(1)
    service.expire(NAME)
    wait_for(lambda: service.deliveries(NAME) == 2)
    time.sleep(0.2)
    assert looks.look() == []
    looks.commit()
    looks.look()
    assert service.left(NAME) == 0, "the newest delivery is acknowledged"


def test_a_durable_message_that_comes_again_is_acknowledged_at_once(service: Service, mailbox: Mailbox) -> None:
    service.lose_acks = 1
    looks = Looks(mailbox)
    service.publish(NAME, b"one")
    looks.gather(1)
    looks.commit()
    looks.look()
    assert service.left(NAME) == 1
    service.expire(NAME)

    def settled() -> bool:
        assert looks.look() == []
        return service.left(NAME) == 0

    wait_for(settled)


def test_what_could_not_be_read_comes_again_when_its_lease_is_over(service: Service, mailbox: Mailbox) -> None:
    looks = Looks(mailbox)
    service.publish(NAME, b"one")
    looks.gather(1)
    looks.commit(again=True)
    looks.look()
    assert service.left(NAME) == 1
    service.expire(NAME)
    assert looks.gather(1) == [b"one"]


def test_a_document_that_never_became_durable_is_given_up(service: Service, mailbox: Mailbox) -> None:
    looks = Looks(mailbox)
    service.publish(NAME, b"one")
    looks.gather(1)
    looks.now += PATIENCE + LEASE
    looks.look()
    service.expire(NAME)
    assert looks.gather(1) == [b"one"]


def test_the_end_acknowledges_what_is_durable_and_gives_back_the_rest(service: Service, mailbox: Mailbox) -> None:
    looks = Looks(mailbox)
    service.publish(NAME, b"one")
    looks.gather(1)
    looks.commit()
    service.publish(NAME, b"two")
    looks.gather(1)
    mailbox.close(looks.memory)
    first, second = service.kept[NAME]
    assert first.acked and not second.acked
    assert second.until <= time.monotonic(), "another reader has it at once"


def test_what_is_on_its_way_is_bounded(service: Service, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_module, "IN_FLIGHT_MESSAGES", 5)
    looks = Looks(mailbox)
    for number in range(12):
        service.publish(NAME, b"%d" % number)
    looks.gather(5)
    time.sleep(1.5)
    assert looks.look() == []
    looks.commit()
    assert len(looks.gather(5)) == 5


def test_a_subscription_that_is_missing_is_told_of_once_and_read_when_it_is_there(
    service: Service, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(mailbox_module, "PAUSE_SECONDS", 0.1)
    del service.kept[NAME]
    looks = Looks(mailbox)
    looks.look()
    wait_for(lambda: caplog.records)
    time.sleep(0.5)
    assert len(caplog.records) == 1
    assert "pubsub://project/wire: Resource not found; check that it exists" in caplog.text
    service.publish(NAME, b"one")
    assert looks.gather(1) == [b"one"]


def test_nothing_is_pulled_while_nobody_looks(
    service: Service, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.publish(NAME, b"one")
    time.sleep(1.2)
    assert service.deliveries(NAME) == 0
    looks = Looks(mailbox)
    looks.gather(1)
    monkeypatch.setattr(mailbox_module, "NOBODY_LOOKS", 0.0)
    time.sleep(1)
    before = service.deliveries(NAME)
    service.publish(NAME, b"two")
    time.sleep(1.2)
    assert service.deliveries(NAME) == before


@pytest.mark.parametrize(
    ("flush", "seconds"), [(dt.timedelta(seconds=1), 31), (dt.timedelta(minutes=5), 330), (dt.timedelta(hours=1), 600)]
)
def test_a_lease_outlives_a_flush_where_the_service_lets_it(flush: dt.timedelta, seconds: int) -> None:
    assert lease_for(flush).total_seconds() == seconds


@pytest.mark.parametrize("address", ["pubsub://", "pubsub://project", "pubsub://project/a/b", "pubsub://Project/wire"])
def test_a_wrong_address_says_how_to_write_it(address: str) -> None:
    with pytest.raises(SubscriptionError, match="write pubsub://PROJECT/SUBSCRIPTION"):
        subscription_path(address)
