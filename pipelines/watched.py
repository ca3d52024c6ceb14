"""What a stream's source remembers between two looks, and how watched files become inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.config import IngestConfig
from pipelines.known import Followed
from pipelines.tasks import FilePart
from schemas.batch import Pulled
from transforms.lake.commit import CONTROL
from transforms.lake.lake import open_lake
from transforms.pull.addresses import without_secrets
from transforms.pull.files import FileError, read_range
from transforms.pull.memory import FEEDS, FeedMemory
from transforms.pull.messages import MESSAGES, TakenMessages
from transforms.pull.taken import TAKEN, TakenFiles


@dataclass(frozen=True, slots=True)
class Emitted:
    """Lines of a growing file that are on their way.

    Attributes:
        end: byte after the last one handed out.
        size: bytes on their way.
    """

    end: int
    size: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a source remembers from one look to the next; an engine keeps it with its own checkpoints.

    What is durable stands in the lake; here is only what is on its way there, so its size is bounded.

    Attributes:
        number: looks so far.
        moment: event time of the last one, aware UTC.
        sightings: new files as they looked last time, by hash of their path.
        files: bytes of files on their way, by hash of path and version.
        growing: lines on their way, by key of the file.
        feeds: feeds on their way, by key: when they were asked for.
        done: no more looks.
        given: tasks handed out so far.
    """

    number: int = 0
    moment: datetime | None = None
    sightings: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    growing: Mapping[str, Emitted] = field(default_factory=dict)
    feeds: Mapping[str, datetime] = field(default_factory=dict)
    done: bool = False
    given: int = 0


def follow_feeds(config: IngestConfig) -> Followed[FeedMemory]:
    """The memory of feeds as the lake has it."""
    return Followed(open_lake(config.output).storage, CONTROL, FEEDS, FeedMemory.load, _pause(config))


def follow_taken(config: IngestConfig) -> Followed[TakenFiles]:
    """The memory of taken files as the lake has it."""
    return Followed(open_lake(config.output).storage, CONTROL, TAKEN, TakenFiles.load, _pause(config))


def follow_messages(config: IngestConfig) -> Followed[TakenMessages]:
    """The memory of messages as the lake has it."""
    return Followed(open_lake(config.output).storage, CONTROL, MESSAGES, TakenMessages.load, _pause(config))


def _pause(config: IngestConfig) -> float:
    return config.refresh.total_seconds() if config.refresh else float("inf")


def pull_part(part: FilePart) -> Pulled:
    """A watched file as an input: its new lines, or its name for the reader to open."""
    address = without_secrets(part.source.address)
    if part.end is None:
        return Pulled(part.source, address, part.moment, feed_key=part.key, feed_state=part.state)
    try:
        data = read_range(part.source.address, part.start, part.end)
        if len(data) < part.end - part.start:
            raise FileError("truncated", f"{address}: shorter than a moment ago; write by appending, or to a new file")
    except FileError as error:
        return Pulled(
            source=part.source,
            input=address,
            fetched_at=part.moment,
            outcome=error.code,
            error=str(error),
            feed_key=part.key,
            feed_state=part.state,
        )
    return Pulled(part.source, address, part.moment, data=data, feed_key=part.key, feed_state=part.state)
