"""The lease of a stream whose submitter is gone: held by the process that looks, taken again where that moves."""

import contextlib
import datetime as dt
from contextlib import ExitStack

from pipelines.config import IngestConfig
from transforms.lake.errors import LakeBusy
from transforms.lake.lake import open_lake
from transforms.lake.lease import RENEW_SECONDS


class WorkerLease:
    """Says that a stream is running, from one of its workers.

    A lease informs; exactness rests on the commit protocol. So a worker that cannot have it yet, because the one that
    had it died or is being replaced, streams on and asks again.
    """

    def __init__(self, config: IngestConfig) -> None:
        """For the lake of ``config``."""
        self._output = config.output
        self._stack = ExitStack()
        self._held = False
        self._asked: dt.datetime | None = None

    def keep(self, now: dt.datetime) -> bool:
        """Take the lease if this process has none and it is free; whether it is held."""
        patient = self._asked is not None and now - self._asked < dt.timedelta(seconds=RENEW_SECONDS)
        if not self._held and not patient:
            self._asked = now
            with contextlib.suppress(LakeBusy):
                self._stack.enter_context(open_lake(self._output).hold_lease("wirelake stream on Dataflow"))
                self._held = True
        return self._held

    def close(self) -> None:
        """Give it back."""
        self._stack.close()
        self._held = False
