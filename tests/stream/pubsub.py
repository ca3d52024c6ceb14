"""A Pub/Sub service on loopback that keeps the contract Google's client relies on: at-least-once, with deadlines.

Pull waits for a first message and hands out deliveries, each with an acknowledgement id of its own; a delivery that is
neither acknowledged nor extended before its deadline comes again, under a new id; a deadline of 0 gives it back.
"""

import contextlib
import itertools
import threading
import time
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass, field

import grpc
from google.protobuf import empty_pb2
from google.pubsub_v1 import types


@dataclass
class Kept:
    """One message of a subscription."""

    message: object
    ack: str | None = None
    until: float = 0.0
    deliveries: int = 0
    acked: bool = False


@dataclass
class Service:
    """The subscriptions of a project, by full name."""

    host: str = ""
    deadline: float = 10.0
    lose_acks: int = 0
    """So many acknowledgements are answered and forgotten, as a service may."""
    kept: dict[str, list[Kept]] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def publish(self, name: str, data: bytes, **attributes: str) -> str:
        """A message; its id."""
        with self.changed:
            number = str(next(self.numbers))
            message = types.PubsubMessage(data=data, attributes=attributes, message_id=number)
            self.kept.setdefault(name, []).append(Kept(message))
            self.changed.notify_all()
        return number

    def left(self, name: str) -> int:
        """Messages that nobody acknowledged."""
        return sum(not one.acked for one in self.kept.get(name, ()))

    def deliveries(self, name: str) -> int:
        return sum(one.deliveries for one in self.kept.get(name, ()))

    def expire(self, name: str) -> None:
        """Let every deadline pass."""
        with self.changed:
            for one in self.kept[name]:
                one.until = 0.0
            self.changed.notify_all()

    def pull(self, request: object, context: grpc.ServicerContext) -> types.PullResponse:
        name = request.subscription  # type: ignore[attr-defined]
        with self.changed:
            if name not in self.kept:
                context.abort(grpc.StatusCode.NOT_FOUND, "Resource not found")
            while context.is_active():
                now = time.monotonic()
                ready = [one for one in self.kept[name] if not one.acked and one.until <= now]
                if ready:
                    return types.PullResponse(
                        received_messages=[self._deliver(one, now) for one in ready[: request.max_messages]]  # type: ignore[attr-defined]
                    )
                self.changed.wait(0.1)
        return types.PullResponse()

    def _deliver(self, one: Kept, now: float) -> types.ReceivedMessage:
        one.deliveries += 1
        one.ack, one.until = f"delivery-{next(self.numbers)}", now + self.deadline
        return types.ReceivedMessage(ack_id=one.ack, message=one.message, delivery_attempt=one.deliveries)

    def _of(self, request: object) -> list[Kept]:
        acks = set(request.ack_ids)  # type: ignore[attr-defined]
        return [one for one in self.kept[request.subscription] if one.ack in acks]  # type: ignore[attr-defined]

    def acknowledge(self, request: object, _context: object) -> empty_pb2.Empty:
        with self.changed:
            for one in self._of(request):
                if self.lose_acks > 0:
                    self.lose_acks -= 1
                else:
                    one.acked = True
            self.changed.notify_all()
        return empty_pb2.Empty()

    def modify(self, request: object, _context: object) -> empty_pb2.Empty:
        assert 0 <= request.ack_deadline_seconds <= 600, "the service refuses others"  # type: ignore[attr-defined]
        with self.changed:
            for one in self._of(request):
                one.until = time.monotonic() + request.ack_deadline_seconds  # type: ignore[attr-defined]
            self.changed.notify_all()
        return empty_pb2.Empty()


@contextlib.contextmanager
def serving() -> Iterator[Service]:
    """A running service; its host goes into PUBSUB_EMULATOR_HOST."""
    service = Service()
    calls = {
        "Pull": (service.pull, types.PullRequest, types.PullResponse.serialize),
        "Acknowledge": (service.acknowledge, types.AcknowledgeRequest, empty_pb2.Empty.SerializeToString),
        "ModifyAckDeadline": (service.modify, types.ModifyAckDeadlineRequest, empty_pb2.Empty.SerializeToString),
    }
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(call, request.deserialize, answer)
        for name, (call, request, answer) in calls.items()
    }
    server = grpc.server(futures.ThreadPoolExecutor(8))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("google.pubsub.v1.Subscriber", handlers),))
    service.host = f"localhost:{server.add_insecure_port('localhost:0')}"
    server.start()
    try:
        yield service
    finally:
        server.stop(None).wait()
