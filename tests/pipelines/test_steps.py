"""The rules in the glue: when a flush is called, what belongs to it, the clock set back, resources loaded once."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from apache_beam.utils.timestamp import Timestamp

from pipelines.config import IngestConfig
from pipelines.resident import release, resident
from pipelines.steps import (
    _END,
    _Cells,
    _CommitPollsFn,
    _CommitStoriesFn,
    _Flushes,
    _PullFn,
    _ReadFn,
    _stamp,
    split_by_arrival,
)
from pipelines.stopping import is_drained, tell_to_stop
from pipelines.tasks import PullTask
from schemas.batch import DocumentOutcome, DocumentReport, Noted, Pulled, RowBatch
from schemas.document import Source
from transforms.enrich.gazetteer import Gazetteer
from transforms.enrich.topic import TopicModel
from transforms.lake.lake import open_lake
from transforms.pull import poll

START = dt.datetime(2026, 2, 16, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
CONFIG = IngestConfig(sources=(), output="/nowhere", run_id="steps", moment=START, workers=1, flush=10 * SECOND)


class Cell:
    """State and timer of one key, as an engine would keep them."""

    def __init__(self) -> None:
        self.value: Any = None
        self.many: list[Any] = []
        self.called: list[Any] = []

    def read(self) -> Any:
        return self.many or self.value

    def write(self, value: Any) -> None:
        self.value = value

    def add(self, value: Any) -> None:
        self.many = [*self.many, value]

    def clear(self) -> None:
        self.value, self.many = None, []

    def set(self, moment: Any) -> None:
        self.called.append(moment)


class Bag(Cell):
    def read(self) -> Any:
        return list(self.many)


def cells() -> _Cells:
    return _Cells(Bag(), Cell(), Cell(), Cell())


def batch(seconds: float, rows: int = 1, until: float | None = None) -> RowBatch:
    first = START + seconds * SECOND
    last = first if until is None else START + until * SECOND
    return RowBatch(f"b{seconds}", 0, last, (first, "x", 0), (last, "x", rows), rows=rows)


def gather(flushes: _Flushes, kept: _Cells, *batches: RowBatch) -> None:
    for one in batches:
        flushes.gather(one, one.fetched_at, one.rows, kept)


def test_rows_wait_for_the_end_of_their_flush() -> None:
    flushes, kept = _Flushes(CONFIG, 100), cells()
    gather(flushes, kept, batch(3), batch(4), batch(12))
    assert kept.flush.called == [_stamp(START + 10 * SECOND)], "called once, at its end"
    assert flushes.due(kept) == [batch(3), batch(4)]
    assert kept.flush.called[-1] == _stamp(START + 20 * SECOND)
    assert flushes.due(kept) == [batch(12)]


def test_enough_rows_do_not_wait() -> None:
    flushes, kept = _Flushes(CONFIG, 100), cells()
    gather(flushes, kept, batch(3, rows=60), batch(4, rows=60), batch(5, rows=1))
    assert kept.flush.called[-1] < _stamp(START + 5 * SECOND)
    assert flushes.due(kept) == [batch(3, rows=60), batch(4, rows=60)]
    assert kept.flush.called[-1] == _stamp(START + 10 * SECOND), "the rest has its flush"


def test_a_batch_that_reaches_over_the_end_keeps_what_it_overlaps() -> None:
    end = _stamp(START + 10 * SECOND).micros
    wide = batch(5, until=11)
    called, later = split_by_arrival([batch(2), batch(8), wide], end)
    assert called == [batch(2)]
    assert sorted(later, key=lambda one: one.first) == [wide, batch(8)]


def test_fetch_times_never_go_back_behind_the_look_that_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)  # the clock was set back by an hour meanwhile
    times: list[dt.datetime] = []

    def asked(feeds: Sequence[Source], _memory: object, _settings: object, clock: Any, **_: Any) -> list[Pulled]:
        times.append(clock())
        return []

    monkeypatch.setattr(poll, "poll_feeds", asked)
    open_lake(str(tmp_path / "lake"), create=True)
    config = IngestConfig(sources=(), output=str(tmp_path / "lake"), run_id="back", moment=START)
    try:
        list(_PullFn(config).process(PullTask(number=0, moment=ahead, feeds=(Source(address="https://a.example/"),))))
    finally:
        release("back")
    assert times == [ahead]


def test_gazetteer_and_models_are_loaded_once_per_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loads: list[str] = []
    for kind in (Gazetteer, TopicModel):
        load = kind.load

        def counted(*arguments: Any, _load: Any = load, _name: str = kind.__name__) -> Any:
            loads.append(_name)
            return _load(*arguments)

        monkeypatch.setattr(kind, "load", counted)
    open_lake(str(tmp_path / "lake"), create=True)
    config = IngestConfig(sources=(), output=str(tmp_path / "lake"), run_id="once", moment=START, workers=1)
    line = b'{"headline": "Ferry strike ends", "body": "DOVER (AP) - Sailings resume on Tuesday."}'
    try:
        for number in range(4):  # engines make steps anew as they like, and bundles of any size
            step, commit = _ReadFn(config), _CommitStoriesFn(config)
            commit.setup()
            for _ in range(3):
                step.start_bundle()
                address = f"{number}.jsonl"
                found = list(step.process(Pulled(Source(address=address), address, START, data=line)))
                assert [*found, *step.finish_bundle()]
        readers: Any = resident("once", "readers", list)
        assert readers._reader is not None
    finally:
        release("once")
    assert loads.count("Gazetteer") == 1
    assert loads.count("TopicModel") == 2, "one in the reader, one for the committer's column model_version"


class Control:
    """The key of polls and failures on an engine of one step: elements as they come, timers as the watermark goes."""

    def __init__(self, config: IngestConfig) -> None:
        self.config = config
        self.cells = cells()
        self.step = _CommitPollsFn(config)
        self.step.setup()

    def come(self, note: Noted, moment: dt.datetime) -> None:
        self.step.process(("control", note), _stamp(moment), *self.cells)

    def pass_by(self, watermark: Timestamp) -> None:
        """Fire the one timer that is set, again and again, while the watermark is past it."""
        while self.cells.flush.called and self.cells.flush.called[-1] <= watermark:
            fired = self.cells.flush.called[-1]
            del self.cells.flush.called[:]
            self.call(fired)

    def call(self, fired: Timestamp) -> None:
        """Fire a timer, whose moment engines hand back in whole milliseconds."""
        list(self.step.commit(*self.cells, Timestamp(micros=fired.micros // 1000 * 1000)))


def halves(number: int) -> tuple[tuple[Noted, dt.datetime], tuple[Noted, dt.datetime]]:
    """A document's report, at its fetch, and what became of its rows, at the end of the flush."""
    moment = START + number * SECOND
    report = DocumentReport(
        f"document-{number}", f"{number}.xml", moment, "ok", format="rss", items=2, rows=2, repolled=0, failures=()
    )
    return (Noted(report=report), moment), (
        Noted(outcome=DocumentOutcome(f"document-{number}", kept=1, repeats=1)),
        START + 10 * SECOND,
    )


def orders() -> Iterator[tuple[tuple[int, ...], int]]:
    """Every order of the halves of two documents, and after how many of them the flush is called."""
    yield from itertools.product(itertools.permutations(range(4)), range(5))


def test_every_document_has_its_poll_in_whatever_order_a_drain_brings_its_halves(tmp_path: Path) -> None:
    """The stream is told to stop at the beginning; its last timer fires once everything was handed on."""
    for number, (order, called) in enumerate(orders()):
        config = IngestConfig(sources=(), output=str(tmp_path / str(number)), run_id=f"drain{number}", moment=START)
        lake = open_lake(config.output, create=True)
        try:
            control = Control(config)
            notes = [half for document in (1, 2) for half in halves(document)]
            tell_to_stop(config)
            for place, one in enumerate(order):
                if place == called:
                    control.pass_by(_stamp(START + 11 * SECOND))
                assert not is_drained(config)
                control.come(*notes[one])
            control.pass_by(_END)
            assert is_drained(config), (order, called)
            polls = lake.read("polls")
            assert sorted(zip(polls["url"].to_pylist(), polls["kept"].to_pylist(), strict=True)) == [
                ("1.xml", 1),
                ("2.xml", 1),
            ], (order, called)
        finally:
            release(config.run_id)


def test_a_drain_that_lost_half_of_a_document_is_not_told_as_done(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number, half in enumerate(halves(1)):
        config = IngestConfig(sources=(), output=str(tmp_path / str(number)), run_id=f"lost{number}", moment=START)
        lake = open_lake(config.output, create=True)
        try:
            control = Control(config)
            tell_to_stop(config)
            control.come(*half)
            control.pass_by(_END)
            assert not is_drained(config)
            assert "never came" in caplog.text
            assert lake.read("polls").num_rows == 0
        finally:
            release(config.run_id)


def test_a_flush_that_is_called_twice_does_not_end_a_drain(tmp_path: Path) -> None:
    """The next document's halves are still on their way; a job on Flink would be cancelled before they come."""
    config = IngestConfig(sources=(), output=str(tmp_path / "lake"), run_id="twice", moment=START)
    open_lake(config.output, create=True)
    try:
        control = Control(config)
        tell_to_stop(config)
        for half in halves(1):
            control.come(*half)
        flush = control.cells.flush.called[-1]
        control.pass_by(flush)
        control.call(flush)
        assert not is_drained(config)
        control.pass_by(_END)
        assert is_drained(config)
    finally:
        release(config.run_id)
