"""The steps of the pipeline as Beam sees them: glue only, every rule lives in a room.

Pulled inputs are read in worker processes and spooled; what crosses the engine's shuffle are references, counts and
signatures. Each shard's rows are gathered per flush until the watermark of fetch time has passed, put in arrival
order and decided on, so every engine decides alike. Labels and metric names are public API.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.metrics import Metrics
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import GlobalWindow, TimestampedValue
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Timestamp
from apache_beam.utils.windowed_value import WindowedValue

from pipelines.coders import MessageCoder
from pipelines.committing import COMMIT_ROWS, StoryCommitter
from pipelines.config import IngestConfig
from pipelines.logs import log_event
from pipelines.poll_committing import PollCommitter
from pipelines.pool import ReaderPool, ReaderProcesses, ReaderSettings
from pipelines.progress import progress_of
from pipelines.reading import Reading, documents_of
from pipelines.resident import resident
from pipelines.stopping import is_stopping, tell_drained
from pipelines.tasks import PullTask
from pipelines.watched import follow_feeds, pull_part
from schemas.batch import Noted, Pulled, RowBatch
from transforms.pull.addresses import without_secrets
from transforms.pull.files import estimate_size

logger = logging.getLogger(__name__)

CONTROL = "control"
"""The one key under which polls and failures are committed."""


def _stamp(moment: datetime) -> Timestamp:
    return Timestamp(micros=int(moment.timestamp() * 1_000_000))


_TICK = 1_000
"""Microseconds: engines keep event time in milliseconds."""

NOTE_BYTES = 16 * 1024
"""Weight of a note, so that many small documents count as well."""

ENOUGH_NOTES = 128 * 1024 * 1024
"""Weight of notes (bytes read) that are committed without waiting: what was taken of a backlog is soon remembered."""

_LAST_FLUSH = MAX_TIMESTAMP.micros - 1
"""Flushes end before time does."""

_END = GlobalWindow().max_timestamp()
"""Called when a stream's sources have ended and everything that they brought was handed on."""

_END_AS_FIRED = Timestamp(micros=_END.micros // 1000 * 1000)
"""The same as engines hand it back: in whole milliseconds."""


class PullDocuments(beam.PTransform[Any, Any]):
    """PullTask to Pulled: polls feeds politely, passes files on to be opened by their reader.

    Input: bounded or unbounded PullTasks. Output: one Pulled per input, in event time of its fetch. Failures are
    Pulled values with a code as outcome; nothing is dropped.
    """

    def __init__(self, config: IngestConfig) -> None:
        """Pull as ``config.pull`` says."""
        super().__init__()
        self._config = config

    def expand(self, tasks: Any) -> Any:
        """Wire the step."""
        return tasks | "Pull" >> beam.ParDo(_PullFn(self._config)).with_output_types(Pulled)


class _PullFn(beam.DoFn):
    def __init__(self, config: IngestConfig) -> None:
        self._config = config
        self._pulled = Metrics.counter("pull", "documents")

    def process(self, task: PullTask) -> Iterator[TimestampedValue[Any]]:
        for pulled in self._pull(task):
            self._pulled.inc()
            yield TimestampedValue(pulled, _stamp(pulled.fetched_at))

    def _pull(self, task: PullTask) -> Iterator[Pulled]:
        yield from task.failed
        yield from task.messages
        for source in task.files:
            yield Pulled(source=source, input=without_secrets(source.address), fetched_at=task.moment)
        for part in task.parts:
            yield pull_part(part)
        if task.feeds:
            from transforms.pull.poll import poll_feeds

            memory = resident(self._config.run_id, "feeds", lambda: follow_feeds(self._config)).now()
            yield from poll_feeds(
                task.feeds,
                memory,
                self._config.pull,
                lambda: max(datetime.now(UTC), task.moment),
                documents=documents_of,
            )


class ReadItems(beam.PTransform[Any, Any]):
    """Pulled to rows: parse, enrich and sign in worker processes, spool into the lake's staging.

    Output: ``batches`` (shard key, RowBatch) and ``reports`` (control key, Noted), in event time of fetch. Every
    entry of every document is a row, a sight or a failure of its report.
    """

    def __init__(self, config: IngestConfig) -> None:
        """Read into the lake of ``config``."""
        super().__init__()
        self._config = config

    def expand(self, pulled: Any) -> Any:
        """Wire the step."""
        return pulled | "Read" >> beam.ParDo(_ReadFn(self._config)).with_output_types(
            tuple[str, RowBatch], reports=tuple[str, Noted]
        ).with_outputs("reports", main="batches")


class _ReadFn(beam.DoFn):
    def __init__(self, config: IngestConfig) -> None:
        self._settings = ReaderSettings(
            config.output,
            archive=config.archive,
            workers=config.workers,
            least=config.pull.min_interval,
            refresh=config.refresh,
            flush=config.flush,
            run_id=config.run_id,
        )
        self._run_id = config.run_id
        self._pool: ReaderPool | None = None
        self._documents = Metrics.counter("read", "documents")
        self._items = Metrics.counter("read", "items")
        self._rows = Metrics.counter("read", "rows")
        self._repolled = Metrics.counter("read", "repolled")
        self._failures = Metrics.counter("read", "failures")

    def start_bundle(self) -> None:
        if self._pool is None:
            self._pool = ReaderPool(resident(self._run_id, "readers", lambda: ReaderProcesses(self._settings)))

    def process(self, pulled: Pulled) -> Iterator[Any]:
        assert self._pool is not None
        size = len(pulled.data) if pulled.data is not None else estimate_size(pulled.source.address)
        for reading in self._pool.add(pulled, size):
            yield from self._emit(reading)

    def finish_bundle(self) -> Iterator[Any]:
        assert self._pool is not None
        for reading in self._pool.finish():
            for value in self._emit(reading):
                if isinstance(value, beam.pvalue.TaggedOutput):
                    stamped = WindowedValue(value.value.value, value.value.timestamp, (GlobalWindow(),))
                    yield beam.pvalue.TaggedOutput(value.tag, stamped)
                else:
                    yield WindowedValue(value.value, value.timestamp, (GlobalWindow(),))

    def _emit(self, reading: Reading) -> Iterator[Any]:
        for batch in reading.batches:
            yield TimestampedValue((f"{batch.shard:04d}", batch), _stamp(batch.fetched_at))
        for report in reading.reports:
            self._documents.inc()
            self._items.inc(report.items)
            self._rows.inc(report.rows)
            self._repolled.inc(report.repolled)
            self._failures.inc(len(report.failures))
            noted = TimestampedValue((CONTROL, Noted(report=report)), _stamp(report.fetched_at))
            yield beam.pvalue.TaggedOutput("reports", noted)
        progress_of(self._run_id).read(reading)


class _Flushes:
    """Gathers a key's elements until the watermark passes the end of their flush; then hands them over.

    State per key: the elements waiting, the moment at which they are called (microseconds since 1970; elements from
    before it go), and how much waits: beyond ``enough`` they are called as soon as the watermark allows.
    """

    def __init__(self, config: IngestConfig, enough: int, *, after: int = 0) -> None:
        """Flush as ``config`` says.

        Args:
            config: of the run.
            enough: weight of elements that does not wait for the end of the flush.
            after: microseconds after the end of the flush at which elements are called; what comes out of the flush
                before, at its very end, then belongs to the same one.
        """
        self._micros = max(int(config.flush.total_seconds() * 1_000_000), _TICK)
        self._enough = enough
        self._after = after

    def end_of(self, moment: datetime) -> int:
        """When an element of a moment is called, microseconds since 1970."""
        micros = _stamp(moment).micros
        begun = (micros - 1) // self._micros if self._after else micros // self._micros
        return int(min((begun + 1) * self._micros + self._after, _LAST_FLUSH))

    def gather(self, element: Any, moment: datetime, weight: int, cells: "_Cells") -> None:
        """Keep an element and see that it is called."""
        cells.waiting.add(element)
        end = self.end_of(moment)
        total = (cells.weight.read() or 0) + weight
        cells.weight.write(total)
        if total >= self._enough:
            end = min(end, (_stamp(moment).micros // _TICK + 1) * _TICK)
        following = cells.following.read()
        if following is None or end < following:
            cells.following.write(end)
            cells.flush.set(Timestamp(micros=end))

    def due(self, cells: "_Cells") -> list[RowBatch]:
        """Take out the batches that are called now; call the next flush for the rest."""
        end = cells.following.read()
        batches = list(cells.waiting.read())
        cells.waiting.clear()
        cells.following.clear()
        cells.weight.clear()
        called, later = split_by_arrival(batches, _LAST_FLUSH if end is None else end)
        for batch in later:
            cells.waiting.add(batch)
        if later:
            earliest = min(self.end_of(batch.fetched_at) for batch in later)
            cells.weight.write(sum(batch.rows for batch in later))
            cells.following.write(earliest)
            cells.flush.set(Timestamp(micros=earliest))
        return called


def split_by_arrival(batches: Sequence[RowBatch], end: int) -> tuple[list[RowBatch], list[RowBatch]]:
    """The batches from before a moment, and the rest; no row of the rest arrived before a row of the first.

    Args:
        batches: waiting.
        end: microseconds since 1970.
    """
    called = [batch for batch in batches if _stamp(batch.fetched_at).micros < end]
    later = [batch for batch in batches if _stamp(batch.fetched_at).micros >= end]
    while later and called:  # a batch may reach over a moment within its flush: then what overlaps it waits as well
        bound = min(batch.first for batch in later)
        overlapping = [batch for batch in called if batch.last > bound]
        if not overlapping:
            break
        later += overlapping
        called = [batch for batch in called if batch.last <= bound]
    return called, later


class _Cells(NamedTuple):
    """A key's state and timer, as Beam hands them to a step."""

    waiting: Any
    following: Any
    weight: Any
    flush: Any


class CommitStories(beam.PTransform[Any, Any]):
    """Row batches of a shard to committed stories, repeats and held rows.

    Input: (shard key, RowBatch). Output: (control key, Noted) with what became of each document's rows. Effects are
    exactly once: a batch that a commit record covers already is answered from the record.
    """

    def __init__(self, config: IngestConfig) -> None:
        """Commit into the lake of ``config``."""
        super().__init__()
        self._config = config

    def expand(self, batches: Any) -> Any:
        """Wire the step."""
        return batches | "Commit" >> beam.ParDo(_CommitStoriesFn(self._config)).with_output_types(tuple[str, Noted])


class _CommitStoriesFn(beam.DoFn):
    WAITING = BagStateSpec("batches", MessageCoder(RowBatch))
    FOLLOWING = ReadModifyWriteStateSpec("following", VarIntCoder())
    WEIGHT = ReadModifyWriteStateSpec("weight", VarIntCoder())
    FLUSH = TimerSpec("flush", TimeDomain.WATERMARK)

    def __init__(self, config: IngestConfig) -> None:
        self._config = config
        self._flushes = _Flushes(config, COMMIT_ROWS)
        self._committer: StoryCommitter | None = None
        self._kept = Metrics.counter("commit", "kept")
        self._repeats = Metrics.counter("commit", "repeats")
        self._held = Metrics.counter("commit", "held")
        self._repolled = Metrics.counter("commit", "repolled")

    def setup(self) -> None:
        self._committer = resident(self._config.run_id, "stories", lambda: StoryCommitter(self._config))

    def process(
        self,
        element: tuple[str, RowBatch],
        waiting: Any = beam.DoFn.StateParam(WAITING),
        following: Any = beam.DoFn.StateParam(FOLLOWING),
        weight: Any = beam.DoFn.StateParam(WEIGHT),
        flush: Any = beam.DoFn.TimerParam(FLUSH),
    ) -> None:
        cells = _Cells(waiting, following, weight, flush)
        self._flushes.gather(element[1], element[1].fetched_at, element[1].rows, cells)

    @on_timer(FLUSH)
    def commit(
        self,
        waiting: Any = beam.DoFn.StateParam(WAITING),
        following: Any = beam.DoFn.StateParam(FOLLOWING),
        weight: Any = beam.DoFn.StateParam(WEIGHT),
        flush: Any = beam.DoFn.TimerParam(FLUSH),
        key: Any = beam.DoFn.KeyParam,
    ) -> Iterator[tuple[str, Noted]]:
        assert self._committer is not None
        cells = _Cells(waiting, following, weight, flush)
        batches = self._flushes.due(cells)
        outcomes = tuple(self._committer.commit(int(key), batches, datetime.now(UTC)))
        log_event(
            logger,
            "stories committed",
            run_id=self._config.run_id,
            shard=key,
            documents=len(outcomes),
            kept=sum(outcome.kept for outcome in outcomes),
            repeats=sum(outcome.repeats for outcome in outcomes),
            held=sum(outcome.held for outcome in outcomes),
            repolled=sum(outcome.repolled for outcome in outcomes),
        )
        for outcome in outcomes:
            self._kept.inc(outcome.kept)
            self._repeats.inc(outcome.repeats)
            self._held.inc(outcome.held)
            self._repolled.inc(outcome.repolled)
            yield CONTROL, Noted(outcome=outcome)


class CommitPolls(beam.PTransform[Any, Any]):
    """Reports and outcomes, joined per document, to committed polls, failures and feed state.

    Input: (control key, Noted) of both kinds. A document is committed when all of its rows are durable, so that a
    feed's state never runs ahead of its rows.
    """

    def __init__(self, config: IngestConfig) -> None:
        """Commit into the lake of ``config``."""
        super().__init__()
        self._config = config

    def expand(self, noted: Any) -> Any:
        """Wire the step."""
        return noted | "Commit" >> beam.ParDo(_CommitPollsFn(self._config)).with_output_types(str)


class _CommitPollsFn(beam.DoFn):
    WAITING = BagStateSpec("noted", MessageCoder(Noted))
    FOLLOWING = ReadModifyWriteStateSpec("following", VarIntCoder())
    WEIGHT = ReadModifyWriteStateSpec("weight", VarIntCoder())
    FLUSH = TimerSpec("flush", TimeDomain.WATERMARK)

    def __init__(self, config: IngestConfig) -> None:
        self._config = config
        self._flushes = _Flushes(config, ENOUGH_NOTES, after=_TICK)
        self._committer: PollCommitter | None = None
        self._polls = Metrics.counter("commit", "polls")

    def setup(self) -> None:
        self._committer = PollCommitter(self._config)

    def process(
        self,
        element: tuple[str, Noted],
        stamp: Any = beam.DoFn.TimestampParam,
        waiting: Any = beam.DoFn.StateParam(WAITING),
        following: Any = beam.DoFn.StateParam(FOLLOWING),
        weight: Any = beam.DoFn.StateParam(WEIGHT),
        flush: Any = beam.DoFn.TimerParam(FLUSH),
    ) -> None:
        cells = _Cells(waiting, following, weight, flush)
        self._flushes.gather(element[1], stamp.to_utc_datetime(has_tz=True), _weight_of(element[1]), cells)

    @on_timer(FLUSH)
    def commit(
        self,
        waiting: Any = beam.DoFn.StateParam(WAITING),
        following: Any = beam.DoFn.StateParam(FOLLOWING),
        weight: Any = beam.DoFn.StateParam(WEIGHT),
        flush: Any = beam.DoFn.TimerParam(FLUSH),
        fired: Any = beam.DoFn.TimestampParam,
    ) -> Iterator[str]:
        assert self._committer is not None
        if following.read() is None:
            left = list(waiting.read())
            if left:  # an engine lost their other half; without the mark the stream does not end as if all were well
                logger.warning("%d halves of documents wait for another that never came", len(left))
            elif fired >= _END_AS_FIRED and is_stopping(self._config):  # not a flush that was called twice
                tell_drained(self._config)
            return
        flush.set(_END)
        elements = list(waiting.read())
        waiting.clear()
        following.clear()
        weight.clear()
        incomplete = self._committer.commit(elements, datetime.now(UTC))
        polls = sum(note.report is not None for note in elements) - sum(note.report is not None for note in incomplete)
        self._polls.inc(polls)
        log_event(logger, "polls committed", run_id=self._config.run_id, polls=polls, waiting=len(incomplete))
        for element in incomplete:  # its other half is on the way and calls the next flush
            waiting.add(element)
        yield self._config.run_id


def _weight_of(note: Noted) -> int:
    """Bytes that a note stands for, at least what it takes itself."""
    return NOTE_BYTES + (note.report.size if note.report else 0)
