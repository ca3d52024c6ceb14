"""A Pub/Sub subscription as wirelake uses it: pull, extend, acknowledge, behind an interface of four calls."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

PULL_MOST = 1_000
"""Messages asked for at once; the service gives no more."""

REQUEST_IDS = 1_000
"""Acknowledgement ids in one request: below the service's limit of 512 KiB at about 200 bytes each."""

REQUEST_SECONDS = 20.0
"""Patience with a request that changes something."""

_ADDRESS = re.compile(r"pubsub://([a-z][a-z0-9.:-]{4,61}[a-z0-9])/([A-Za-z][A-Za-z0-9._~+%-]{2,254})")


class SubscriptionError(Exception):
    """A subscription that cannot be used now; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery of a message.

    Attributes:
        name: the service's id of the message, the same at every delivery.
        ack: names this delivery.
        data: its bytes.
        attributes: its attributes.
    """

    name: str
    ack: str
    data: bytes
    attributes: Mapping[str, str]


class Subscription(Protocol):
    """What a subscription can do. Every call raises SubscriptionError when the service refuses or is not there."""

    def pull(self, most: int, wait: float) -> list[Message]:
        """Up to ``most`` messages; none when nothing comes within ``wait`` seconds."""

    def extend(self, acks: Sequence[str], seconds: int) -> None:
        """Keep deliveries for so many seconds from now; 0 gives them back."""

    def acknowledge(self, acks: Sequence[str]) -> None:
        """The messages are done with."""

    def close(self) -> None:
        """Let go; a pull that waits ends."""


def subscription_path(address: str) -> str:
    """The service's name of a subscription.

    Raises:
        SubscriptionError: the address is not ``pubsub://PROJECT/SUBSCRIPTION``.

    >>> subscription_path("pubsub://my-project/wire")
    'projects/my-project/subscriptions/wire'
    """
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise SubscriptionError(f"{address}: is no subscription; write pubsub://PROJECT/SUBSCRIPTION")
    return f"projects/{found[1]}/subscriptions/{found[2]}"


def open_subscription(address: str) -> Subscription:
    """A subscription through Google's client; ``PUBSUB_EMULATOR_HOST`` leads to an emulator.

    Raises:
        SubscriptionError: a wrong address, no client or no credentials.
    """
    path = subscription_path(address)
    try:
        from google.auth.exceptions import DefaultCredentialsError
        from google.cloud.pubsub_v1 import SubscriberClient
    except ImportError as error:
        raise SubscriptionError(f"{address}: needs Google's client: pip install 'wirelake[gcp]'") from error
    try:
        return _Client(address, path, SubscriberClient())
    except DefaultCredentialsError as error:
        raise SubscriptionError(f"{address}: no Google credentials: gcloud auth application-default login") from error


class _Client:
    """A subscription behind Google's client, whose generated calls are used as they are.

    Its streaming pull is not: it keeps taking messages in the background after whoever looks at it has moved to
    another machine. Here messages come only as long as somebody asks.
    """

    def __init__(self, address: str, path: str, client: Any) -> None:
        self._address = address
        self._path = path
        self._client = client

    def pull(self, most: int, wait: float) -> list[Message]:
        from google.api_core.exceptions import DeadlineExceeded, GoogleAPICallError

        request = {"subscription": self._path, "max_messages": min(most, PULL_MOST)}
        try:
            answer = self._client.pull(request=request, timeout=wait, retry=None)
        except DeadlineExceeded:
            return []
        except (GoogleAPICallError, ValueError) as error:  # ValueError: the channel was closed meanwhile
            raise self._explained(error) from error
        # the plain messages: their wrappers cost ten times as much to look into
        received = type(answer).pb(answer).received_messages
        return [Message(r.message.message_id, r.ack_id, r.message.data, dict(r.message.attributes)) for r in received]

    def extend(self, acks: Sequence[str], seconds: int) -> None:
        self._request(self._client.modify_ack_deadline, acks, ack_deadline_seconds=seconds)

    def acknowledge(self, acks: Sequence[str]) -> None:
        self._request(self._client.acknowledge, acks)

    def _request(self, call: Any, acks: Sequence[str], **values: int) -> None:
        from google.api_core.exceptions import GoogleAPICallError

        for start in range(0, len(acks), REQUEST_IDS):
            request = {"subscription": self._path, "ack_ids": list(acks[start : start + REQUEST_IDS]), **values}
            try:
                call(request=request, timeout=REQUEST_SECONDS)
            except (GoogleAPICallError, ValueError) as error:
                raise self._explained(error) from error

    def _explained(self, error: Exception) -> SubscriptionError:
        hint = "check that it exists and that this account has roles/pubsub.subscriber on it"
        return SubscriptionError(f"{self._address}: {getattr(error, 'message', None) or error}; {hint}")

    def close(self) -> None:
        self._client.close()
