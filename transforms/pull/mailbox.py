"""The messages of a subscription between delivery and acknowledgement.

A background thread pulls while somebody looks; a look takes what came, keeps deliveries alive, acknowledges what is
durable and lets go of what is not coming. Nothing here survives the process and nothing has to: what was not
acknowledged is delivered again, what is durable is known from the lake.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.pull.messages import TakenMessages, message_id
from transforms.pull.subscription import Message, Subscription, SubscriptionError

IN_FLIGHT_MESSAGES = 200_000
IN_FLIGHT_BYTES = 1024 * 1024 * 1024
"""Taken and not yet durable: about 100 MB of names. A backlog is committed by its size, long before that."""

BUFFER_MESSAGES = 10_000
BUFFER_BYTES = 64 * 1024 * 1024
"""Pulled and not yet taken by a look, whose interval is a second."""

LEASE_RANGE = (timedelta(seconds=30), timedelta(seconds=600))
"""The service keeps a delivery for no longer than ten minutes at a time."""

LEASE_MARGIN = timedelta(seconds=30)
"""Beyond a flush: most messages are durable before their lease has to be renewed. After a kill they come again when
it is over."""

NOBODY_LOOKS = 30.0
"""Seconds without a look after which nothing more is pulled: somebody else looks."""

PULL_SECONDS = 5.0
"""A pull waits so long for a first message; the end waits for the last pull, so that it takes nothing with it."""

PAUSE_SECONDS = 5.0
"""After an error."""

_log = logging.getLogger(__name__)


def lease_for(flush: timedelta) -> timedelta:
    """How long deliveries are asked to be kept at a time."""
    least, most = LEASE_RANGE
    return min(max(flush + LEASE_MARGIN, least), most)


@dataclass(slots=True)
class _Sent:
    """Messages that became one document and are on their way."""

    acks: dict[bytes, str]
    size: int
    at: datetime
    until: datetime


class Mailbox:
    """One subscription in this process."""

    def __init__(self, address: str, subscription: Subscription, lease: timedelta, patience: timedelta) -> None:
        """Begin to listen; pulling starts with the first look.

        Args:
            address: of the subscription, for ids and messages to people.
            subscription: open; closed with this.
            lease: how long deliveries are kept at a time.
            patience: after which a document that never became durable is given up, so that its messages come again.
        """
        self.address = address
        self._subscription = subscription
        self._lease = lease
        self._patience = patience
        self._sent: dict[str, _Sent] = {}
        self._flying: dict[bytes, str] = {}
        self._flying_bytes = 0
        self._arrived: list[Message] = []
        self._arrived_bytes = 0
        self._looked: float | None = None
        self._closed = threading.Event()
        self._wake = threading.Condition()
        self._complaint = ""
        self._thread = threading.Thread(target=self._pull, name="subscription", daemon=True)
        self._thread.start()

    def look(self, memory: TakenMessages, now: datetime) -> list[tuple[bytes, Message]]:
        """Settle what is durable, keep what is not, take what came.

        Args:
            memory: the messages whose rows are durable.
            now: aware UTC.

        Returns:
            New messages with their ids, in order of delivery; each is to go to ``send`` or ``drop``.
        """
        self._settle(memory, now)
        done: list[str] = []
        fresh: dict[bytes, Message] = {}
        with self._wake:
            names = [message_id(self.address, message.name) for message in self._arrived]
            for name, message, durable in zip(names, self._arrived, memory.knows(names), strict=True):
                if durable:
                    done.append(message.ack)
                elif name in self._flying:
                    self._sent[self._flying[name]].acks[name] = message.ack  # of two deliveries the newer one counts
                else:
                    fresh[name] = message
            self._flying |= dict.fromkeys(fresh, "")
            self._arrived, self._arrived_bytes = [], 0
            self._looked = time.monotonic()
            self._wake.notify()
        self._try(self._subscription.acknowledge, done)
        self._extend([message.ack for message in fresh.values()])
        return list(fresh.items())

    def send(self, key: str, messages: Sequence[tuple[bytes, Message]], now: datetime) -> None:
        """Messages are on their way as one document.

        Args:
            key: names the document in the memory of messages.
            messages: with their ids, as ``look`` gave them.
            now: aware UTC.
        """
        size = sum(len(message.data) for _, message in messages)
        acks = {name: message.ack for name, message in messages}
        self._sent[key] = _Sent(acks, size, now, now + self._lease)
        self._flying |= dict.fromkeys(acks, key)
        self._flying_bytes += size

    def drop(self, messages: Sequence[tuple[bytes, Message]]) -> None:
        """Messages that bring nothing and leave no row are acknowledged at once."""
        for name, _ in messages:
            del self._flying[name]
        self._try(self._subscription.acknowledge, [message.ack for _, message in messages])

    def _settle(self, memory: TakenMessages, now: datetime) -> None:
        done: list[tuple[str, _Sent]] = []
        renewed: list[_Sent] = []
        for key, sent in list(self._sent.items()):
            record = memory.records.get(key)
            if record is not None and not record.again:
                done.append((key, sent))
            elif record is not None or now - sent.at > self._patience:
                self._forget(key)
            elif now + self._lease / 2 > sent.until:
                renewed.append(sent)
        if done and self._try(self._subscription.acknowledge, [ack for _, sent in done for ack in sent.acks.values()]):
            for key, _ in done:
                self._forget(key)
        if renewed and self._extend([ack for sent in renewed for ack in sent.acks.values()]):
            for sent in renewed:
                sent.until = now + self._lease

    def _forget(self, key: str) -> None:
        sent = self._sent.pop(key)
        self._flying_bytes -= sent.size
        for name in sent.acks:
            del self._flying[name]

    def _extend(self, acks: list[str]) -> bool:
        return self._try(self._subscription.extend, acks, int(self._lease.total_seconds()))

    def _try(self, call: object, acks: list[str], *values: int) -> bool:
        """Ask the service; what it refuses is asked again at the next look, or delivered again."""
        if not acks:
            return True
        try:
            call(acks, *values)  # type: ignore[operator]
        except SubscriptionError as error:
            self._complain(error)
            return False
        return True

    def _complain(self, error: SubscriptionError) -> None:
        if str(error) != self._complaint:
            self._complaint = str(error)
            _log.warning("%s", error)

    def _room(self) -> int:
        if self._looked is None or time.monotonic() - self._looked > NOBODY_LOOKS:
            return 0
        if self._arrived_bytes >= BUFFER_BYTES or self._flying_bytes >= IN_FLIGHT_BYTES:
            return 0
        waiting = len(self._arrived)
        return min(BUFFER_MESSAGES - waiting, IN_FLIGHT_MESSAGES - len(self._flying) - waiting)

    def _pull(self) -> None:
        while not self._closed.is_set():
            with self._wake:
                room = self._room()
                if room <= 0:
                    self._wake.wait(1.0)
                    continue
            try:
                messages = self._subscription.pull(room, PULL_SECONDS)
            except SubscriptionError as error:
                if not self._closed.is_set():
                    self._complain(error)
                    self._closed.wait(PAUSE_SECONDS)
                continue
            if messages:
                self._complaint = ""
                with self._wake:
                    self._arrived += messages
                    self._arrived_bytes += sum(len(message.data) for message in messages)

    def close(self, memory: TakenMessages) -> None:
        """Acknowledge what is durable and give the rest back at once.

        Args:
            memory: the messages whose rows are durable by now.
        """
        self._closed.set()
        with self._wake:
            self._wake.notify()
        self._thread.join(2 * PULL_SECONDS)
        arrived, self._arrived = self._arrived, []
        done = [key for key in self._sent if key in memory.records and not memory.records[key].again]
        self._try(self._subscription.acknowledge, [ack for key in done for ack in self._sent[key].acks.values()])
        for key in done:
            self._forget(key)
        back = [message.ack for message in arrived] + [a for sent in self._sent.values() for a in sent.acks.values()]
        self._try(self._subscription.extend, back, 0)
        self._subscription.close()
