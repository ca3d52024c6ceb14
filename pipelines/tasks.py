"""What the first step of the pipeline is asked to do."""

from dataclasses import dataclass
from datetime import datetime

from schemas.batch import Pulled
from schemas.document import Source


@dataclass(frozen=True, slots=True)
class PullTask:
    """A share of a run's inputs.

    Attributes:
        number: place among the tasks of the run.
        moment: when the run listed its inputs, aware UTC; the fetch time of files.
        feeds: to be polled over HTTP, all of the hosts in this share.
        files: to be read, in order.
        failed: inputs that could not be listed.
    """

    number: int
    moment: datetime
    feeds: tuple[Source, ...] = ()
    files: tuple[Source, ...] = ()
    failed: tuple[Pulled, ...] = ()
