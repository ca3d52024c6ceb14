"""Messages of subscriptions as inputs: an announced object is read, an item is an item, other bytes are a document."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipelines.config import ConfigError, IngestConfig
from pipelines.watched import follow_messages
from schemas.batch import Pulled
from schemas.document import Source
from transforms.parse.items import is_plain_item
from transforms.pull.addresses import is_subscription
from transforms.pull.mailbox import Mailbox, lease_for
from transforms.pull.messages import MessagesRecord, TakenMessages, encode_messages, messages_key
from transforms.pull.subscription import Message, SubscriptionError, open_subscription

GROUP_BYTES = 2 * 1024 * 1024
"""Items that become one document: one row of ``polls``, read in one go."""

TASK_INPUTS = 64
"""Inputs handed on at a time: little enough to spread."""

ITEM_LINES = "application/jsonl"
"""Content type of grouped items."""

FINALIZED = "OBJECT_FINALIZE"
"""The event of an object store that says: here is a new object, or a new version of one."""

_log = logging.getLogger(__name__)

Named = tuple[bytes, Message]
"""A message and its id."""


@dataclass(slots=True)
class _Group:
    """Messages that become one input.

    Attributes:
        source: what is read.
        input: its address.
        messages: with their ids.
        lines: items, one per line.
        size: of the lines, bytes.
        data: the one message's bytes; None beside no lines: the source's object is read.
        idle: why there is nothing to read.
    """

    source: Source
    input: str
    messages: list[Named] = field(default_factory=list)
    lines: list[bytes] | None = None
    size: int = 0
    data: bytes | None = None
    idle: str | None = None

    def pulled(self, moment: datetime) -> tuple[str, Pulled]:
        """The input, and its key in the memory of messages."""
        ids = [name for name, _ in self.messages]
        key = messages_key(ids, moment)
        return key, Pulled(
            source=self.source,
            input=self.input,
            fetched_at=moment,
            data=self.data if self.lines is None else b"\n".join(self.lines),
            outcome="not_modified" if self.idle else "ok",
            error=self.idle,
            content_type=None if self.lines is None else ITEM_LINES,
            feed_key=key,
            feed_state=encode_messages(MessagesRecord(moment, b"".join(ids))),
        )


def check_subscriptions(addresses: tuple[str, ...]) -> None:
    """Refuse a subscription that can never be read.

    Raises:
        ConfigError: a wrong address, no client or no credentials.
    """
    for address in filter(is_subscription, addresses):
        try:
            open_subscription(address).close()
        except SubscriptionError as error:
            raise ConfigError(str(error)) from error


class MessageSources:
    """The subscriptions of a stream."""

    def __init__(self, config: IngestConfig, patience: timedelta) -> None:
        """Nothing is opened before it is looked at.

        Args:
            config: of the run.
            patience: after which a document that never became durable is given up.
        """
        self._config = config
        self._patience = patience
        self._memory = follow_messages(config)
        self._mailboxes: dict[str, Mailbox | None] = {}

    def take(self, subscriptions: Mapping[str, Source], moment: datetime) -> Iterator[tuple[Pulled, ...]]:
        """What came since the last look, as shares of inputs.

        Args:
            subscriptions: by address, as the sources name them now.
            moment: of the look; inputs are microseconds apart, so that each is a document of its own.
        """
        for address in self._mailboxes.keys() - subscriptions.keys():
            mailbox = self._mailboxes.pop(address)
            if mailbox is not None:
                mailbox.close(self._memory.now())
        if not subscriptions:
            return
        memory, count = self._memory.now(), 0
        for address, source in subscriptions.items():
            mailbox = self._open(address)
            if mailbox is None:
                continue
            share: list[Pulled] = []
            size = 0
            for group in self._groups(source, mailbox, memory, moment):
                key, pulled = group.pulled(moment + timedelta(microseconds=count % 1000))
                count += 1
                mailbox.send(key, group.messages, moment)
                share.append(pulled)
                size += len(pulled.data or b"")
                if size >= GROUP_BYTES or len(share) >= TASK_INPUTS:
                    yield tuple(share)
                    share, size = [], 0
            if share:
                yield tuple(share)

    def _open(self, address: str) -> Mailbox | None:
        if address not in self._mailboxes:
            try:
                subscription = open_subscription(address)
            except SubscriptionError as error:
                _log.warning("%s", error)
                self._mailboxes[address] = None
            else:
                self._mailboxes[address] = Mailbox(address, subscription, lease_for(self._config.flush), self._patience)
        return self._mailboxes[address]

    def _groups(self, source: Source, mailbox: Mailbox, memory: TakenMessages, moment: datetime) -> list[_Group]:
        groups: list[_Group] = []
        objects: dict[str, _Group] = {}
        items: _Group | None = None
        for named in mailbox.look(memory, moment):
            message = named[1]
            announced = announced_object(message)
            if announced is not None and announced.startswith(f"{self._config.output.rstrip('/')}/"):
                mailbox.drop([named])  # rows about the lake's own files would make files, and those make messages
            elif announced is not None:
                group = objects.get(announced) or _announced(source, message, announced)
                if announced not in objects:
                    groups.append(group)
                    objects[announced] = group
                elif message.attributes["eventType"] == FINALIZED:
                    group.idle = None
                group.messages.append(named)
            elif is_plain_item(message.data):
                if items is None or items.size >= GROUP_BYTES:
                    items = _Group(source, source.address, lines=[])
                    groups.append(items)
                line = message.data.replace(b"\n", b" ")  # in JSON, a line break is white space and nothing else
                items.messages.append(named)
                items.lines.append(line)  # type: ignore[union-attr]
                items.size += len(line)
            else:
                groups.append(_Group(source, f"{source.address}/{message.name}", [named], data=message.data))
        return groups

    def close(self) -> None:
        """Acknowledge what is durable by now; the rest is delivered again to whoever asks next."""
        memory = follow_messages(self._config).now()
        for mailbox in self._mailboxes.values():
            if mailbox is not None:
                mailbox.close(memory)
        self._mailboxes.clear()


def announced_object(message: Message) -> str | None:
    """The address of the object that a notification of Cloud Storage is about; None: the message is none.

    >>> announced_object(Message("1", "a", b"", {"eventType": FINALIZED, "bucketId": "b", "objectId": "c/d.xml"}))
    'gs://b/c/d.xml'
    """
    about = message.attributes
    if {"eventType", "bucketId", "objectId"} <= about.keys():
        return f"gs://{about['bucketId']}/{about['objectId']}"
    return None


def _announced(source: Source, message: Message, address: str) -> _Group:
    event = message.attributes["eventType"]
    if address.endswith("/"):
        idle: str | None = "a folder; nothing to read"
    else:
        idle = None if event == FINALIZED else f"{event}; nothing to read"
    return _Group(replace(source, address=address), address, idle=idle)
