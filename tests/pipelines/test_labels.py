"""Labels, metric names and coders are public API: an engine matches a running job's state on them at an update."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.build import build
from pipelines.coders import MessageCoder, register_coders
from pipelines.config import IngestConfig
from pipelines.streaming import build_stream
from pipelines.tasks import PullTask
from pipelines.watched import Emitted, Looked
from schemas.batch import DocumentOutcome, Noted, RowBatch
from schemas.document import Source
from transforms.lake.lake import open_lake

GOLDEN = Path(__file__).with_name("labels.golden.txt")
MOMENT = dt.datetime(2026, 2, 16, 12, tzinfo=dt.UTC)

VALUE_PICKLERS = {
    "FastPrimitivesCoder",
    "PickleCoder",
    "CloudpickleCoder",
    "DillCoder",
    "DeterministicFastPrimitivesCoder",
}
"""Coders that pickle the values they code; coders of ours travel as a pickled reference to their class, as all do."""


def config(output: object = "/nowhere", **values: object) -> IngestConfig:
    return IngestConfig(sources=("feeds",), output=str(output), run_id="run", moment=MOMENT, workers=1, **values)  # type: ignore[arg-type]


def make_pipeline(*, streaming: bool) -> beam.Pipeline:
    options = PipelineOptions(["--no_save_main_session"], streaming=streaming)
    return beam.Pipeline(runner=FnApiRunner(), options=options)


def stream_graph() -> beam_runner_api_pb2.Pipeline:
    pipeline = make_pipeline(streaming=True)
    build_stream(pipeline, config())
    return pipeline.to_runner_api()


def batch_graph() -> beam_runner_api_pb2.Pipeline:
    pipeline = make_pipeline(streaming=False)
    register_coders()
    listed = pipeline | "ListInputs" >> beam.Create([]).with_output_types(PullTask)
    build(listed | "SpreadInputs" >> beam.Reshuffle(), config())
    return pipeline.to_runner_api()


def described(graph: beam_runner_api_pb2.Pipeline) -> Iterator[str]:
    """Labels, and the coder of every state and of every step's output."""
    components = graph.components
    names = sorted(t.unique_name for t in components.transforms.values() if not t.unique_name.startswith("ref_"))
    yield from (f"label {name}" for name in names)
    for transform in components.transforms.values():
        if transform.spec.urn == "beam:transform:pardo:v1":
            pardo = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
            for kind, specs in (("state", pardo.state_specs), ("timer", pardo.timer_family_specs)):
                yield from (f"{kind} {transform.unique_name} {name}" for name in specs)


def coder_names(graph: beam_runner_api_pb2.Pipeline) -> set[str]:
    return {name.removeprefix("ref_Coder_").rpartition("_")[0] for name in graph.components.coders}


def metric_names(lake: Path) -> set[str]:
    """Counters that a run reports."""
    open_lake(str(lake), create=True)
    feed = lake.parent / "items.jsonl"
    feed.write_text('{"id": "a", "headline": "Ferry strike ends", "body": "Sailings resume on Tuesday."}\nnot json\n')
    pipeline = make_pipeline(streaming=False)
    register_coders()
    task = PullTask(number=0, moment=MOMENT, files=(Source(address=str(feed)),))
    build(pipeline | beam.Create([task]).with_output_types(PullTask), config(lake))
    result = pipeline.run()
    result.wait_until_finish()
    return {f"{c.key.metric.namespace}:{c.key.metric.name}" for c in result.metrics().query()["counters"]}


def test_labels_states_and_metrics_are_frozen(tmp_path: Path) -> None:
    lines = ["# stream", *sorted(described(stream_graph())), "# batch", *sorted(described(batch_graph()))]
    ours = {"pull", "read", "commit"}
    metrics = {name for name in metric_names(tmp_path / "lake") if name.partition(":")[0] in ours}
    lines += ["# metrics", *sorted(metrics)]
    assert "\n".join(lines) + "\n" == GOLDEN.read_text(), "an update of a running job would lose its state"


@pytest.mark.parametrize("graph", [stream_graph, batch_graph])
def test_no_value_is_pickled(graph: object) -> None:
    assert not coder_names(graph()) & VALUE_PICKLERS  # type: ignore[operator]


@pytest.mark.parametrize("graph", [stream_graph, batch_graph])
def test_options_change_values_not_the_graph(graph: object) -> None:
    assert list(described(graph())) == list(described(graph()))  # type: ignore[operator]


STORED = {
    "looked": (
        Looked(
            number=7,
            moment=MOMENT,
            sightings={"0f": "a1"},
            files={"b2": 10},
            growing={"file:c3": Emitted(20, 30)},
            feeds={"d4": MOMENT},
        ),
        (
            "0187a66e756d62657207a66d6f6d656e74d6ff699306c0a97369676874696e677381a23066a26131a566696c657381a26232"
            "0aa767726f77696e6781a766696c653a633382a3656e6414a473697a651ea5666565647381a26434d6ff699306c0a4646f6e"
            "65c2"
        ),
    ),
    "noted": (
        Noted(outcome=DocumentOutcome("d", kept=1, repeats=2, held=3, repolled=4)),
        (
            "0182a67265706f7274c0a76f7574636f6d6585ab646f63756d656e745f6964a164a46b65707401a77265706561747302a468"
            "656c6403a87265706f6c6c656404"
        ),
    ),
    "batch": (
        RowBatch("b", 0, MOMENT, (MOMENT, "x", 0), (MOMENT, "x", 1), rows=2, payload=b"\x01", sights=b"\x02"),
        (
            "0189a862617463685f6964a162a5736861726400aa666574636865645f6174d6ff699306c0a5666972737493d6ff699306c0"
            "a17800a46c61737493d6ff699306c0a17801a4726f777302a573706f6f6cc0a77061796c6f6164c40101a6736967687473c4"
            "0102"
        ),
    ),
}
"""What engines keep between versions: bytes of today must be readable for ever."""


@pytest.mark.parametrize("name", sorted(STORED))
def test_stored_bytes_stay_readable(name: str) -> None:
    value, stored = STORED[name]
    assert MessageCoder(type(value)).decode(bytes.fromhex(stored)) == value


def test_bytes_of_a_newer_version_are_refused() -> None:
    with pytest.raises(ValueError, match="version 2"):
        MessageCoder(Looked).decode(b"\x02\x80")
