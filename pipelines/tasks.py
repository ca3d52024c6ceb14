"""What the first step of the pipeline is asked to do."""

from dataclasses import dataclass
from datetime import datetime

from schemas.batch import Pulled
from schemas.document import Source


@dataclass(frozen=True, slots=True)
class FilePart:
    """A watched file, or new lines of one that grows.

    Attributes:
        source: the file and what its list says of it.
        moment: its fetch time, aware UTC.
        key: names it in the memory of taken files.
        state: what that memory keeps once the rows are durable.
        start: first byte.
        end: byte after the last; None: the whole file, opened by its reader.
    """

    source: Source
    moment: datetime
    key: str
    state: bytes
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class PullTask:
    """A share of a run's inputs.

    Attributes:
        number: place among the tasks of the run.
        moment: when the run listed its inputs, aware UTC; the fetch time of files.
        feeds: to be polled over HTTP, all of the hosts in this share.
        files: to be read, in order.
        failed: inputs that could not be listed.
        parts: of watched files.
        messages: of subscriptions, as inputs.
    """

    number: int
    moment: datetime
    feeds: tuple[Source, ...] = ()
    files: tuple[Source, ...] = ()
    failed: tuple[Pulled, ...] = ()
    parts: tuple[FilePart, ...] = ()
    messages: tuple[Pulled, ...] = ()
