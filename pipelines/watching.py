"""The unbounded source of a stream: a splittable step that looks, hands out what it found, and comes back later."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.coders import Coder, TimestampCoder
from apache_beam.io.iobase import RestrictionProgress, RestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider, WatermarkEstimatorProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Duration, Timestamp

from pipelines.coders import MessageCoder
from pipelines.committing import StoryCommitter
from pipelines.config import IngestConfig
from pipelines.leasing import WorkerLease
from pipelines.looking import Looker
from pipelines.resident import resident
from pipelines.stopping import is_stopping, tell_drained
from pipelines.tasks import PullTask
from pipelines.watched import Looked


class WatchSources(beam.PTransform[Any, Any]):
    """Feeds, folders and growing files to PullTasks, for as long as the stream runs.

    Output: unbounded PullTasks in event time of their look, which is the least fetch time of what they bring; the
    watermark follows, so flushes are called in real time. Ends when the stream is told to stop. Held rows that are due
    are released on the way: no row need come for an embargo to end.
    """

    def __init__(self, config: IngestConfig) -> None:
        """Watch ``config.sources``."""
        super().__init__()
        self._config = config

    def expand(self, pipeline: Any) -> Any:
        """Wire the step."""
        return (
            pipeline
            | "Begin" >> beam.Impulse()
            | "Look" >> beam.ParDo(_WatchFn(self._config)).with_output_types(PullTask)
        )


class _Tracker(RestrictionTracker):
    """One claim per look; whatever follows the claim belongs to the next one."""

    def __init__(self, looked: Looked) -> None:
        self._looked = looked
        self._ended = looked.done

    def current_restriction(self) -> Looked:
        return self._looked

    def try_claim(self, looked: Looked) -> bool:
        if self._ended:
            return False
        self._looked = looked
        self._ended = looked.done
        return True

    def try_split(self, fraction_of_remainder: float) -> tuple[Looked, Looked] | None:
        if self._ended or fraction_of_remainder != 0:
            return None
        rest = self._looked
        self._looked, self._ended = replace(rest, done=True), True
        return self._looked, rest

    def check_done(self) -> bool:
        if not self._ended:
            raise ValueError("a look ended without saying when the next one is")
        return True

    def current_progress(self) -> RestrictionProgress:
        return RestrictionProgress(completed=float(self._ended), remaining=float(not self._ended))

    def is_bounded(self) -> bool:
        return False


class _Restrictions(RestrictionProvider):
    def initial_restriction(self, _element: bytes) -> Looked:
        return Looked()

    def create_tracker(self, restriction: Looked) -> _Tracker:
        return _Tracker(restriction)

    def restriction_size(self, _element: bytes, _restriction: Looked) -> int:
        return 1

    def restriction_coder(self) -> Coder:
        return MessageCoder(Looked)

    def truncate(self, _element: bytes, _restriction: Looked) -> None:
        """A drain by the engine ends the looking at once."""


class _Watermarks(WatermarkEstimatorProvider):
    def initial_estimator_state(self, _element: bytes, _restriction: Looked) -> Timestamp:
        return MIN_TIMESTAMP

    def create_watermark_estimator(self, state: Timestamp) -> ManualWatermarkEstimator:
        return ManualWatermarkEstimator(state)

    def estimator_state_coder(self) -> Coder:
        return TimestampCoder()


class _WatchFn(beam.DoFn):
    def __init__(self, config: IngestConfig) -> None:
        self._config = config

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        _element: bytes,
        tracker: Any = beam.DoFn.RestrictionParam(_Restrictions()),
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(_Watermarks()),
    ) -> Iterator[TimestampedValue[Any]]:
        before = tracker.current_restriction()
        if is_stopping(self._config):
            tracker.try_claim(replace(before, done=True))
            if not before.given:  # otherwise the last commit of polls says so
                tell_drained(self._config)
            return
        if self._config.remote:
            resident(self._config.run_id, "lease", lambda: WorkerLease(self._config)).keep(dt.datetime.now(dt.UTC))
        now = dt.datetime.now(dt.UTC)
        resident(self._config.run_id, "stories", lambda: StoryCommitter(self._config)).release(now)
        looker = resident(self._config.run_id, "looker", lambda: Looker(self._config))
        tasks, after = looker.look(before, now)
        if after.moment is None or not tracker.try_claim(after):
            return
        stamp = Timestamp(micros=int(after.moment.timestamp() * 1000) * 1000)
        for task in tasks:
            yield TimestampedValue(task, stamp)
        watermark.set_watermark(stamp)
        tracker.defer_remainder(Duration(seconds=self._config.look_every.total_seconds()))
