"""A bundle that is slow loses nothing: Prism would split it and run the rest of a key beside its beginning."""

import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.coders import VarIntCoder
from apache_beam.metrics import Metrics, MetricsFilter
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import GlobalWindow

from pipelines.runners import engine
from tests.stream.running import PRISM, needs_prism

pytestmark = [needs_prism, pytest.mark.timeout(120)]

NUMBERS = 8
SLOW = 0.35
"""Seconds an element: more than the tenth of a second twice after which Prism finds that nothing moves."""


class GatherSlowly(beam.DoFn):
    """As a starved step that gathers what is committed at the end."""

    WAITING = BagStateSpec("waiting", VarIntCoder())
    END = TimerSpec("end", TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, int],
        waiting: Any = beam.DoFn.StateParam(WAITING),
        end: Any = beam.DoFn.TimerParam(END),
    ) -> None:
        time.sleep(SLOW)
        waiting.add(element[1])
        end.set(GlobalWindow().max_timestamp())

    @on_timer(END)
    def hand_over(self, waiting: Any = beam.DoFn.StateParam(WAITING)) -> Iterator[int]:
        yield from waiting.read()


def numbers(_: bytes) -> Iterator[tuple[str, int]]:
    for number in range(NUMBERS):
        yield "control", number


def test_a_key_whose_bundle_is_slow_keeps_all_of_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    with engine([f"--prism_location={PRISM}"], streaming=True) as pipeline:
        found = (
            pipeline
            | "Begin" >> beam.Impulse()
            | "Count" >> beam.FlatMap(numbers).with_output_types(tuple[str, int])
            | "Gather" >> beam.ParDo(GatherSlowly()).with_output_types(int)
        )
        counter = Metrics.counter("test", "kept")
        found | "Tell" >> beam.Map(lambda number: counter.inc(1 << number))
        result = pipeline.run()
        result.wait_until_finish()
        (kept,) = result.metrics().query(MetricsFilter().with_name("kept"))["counters"]
    assert bin(kept.committed) == bin((1 << NUMBERS) - 1)
