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
from pipelines.tasks import FilePart, PullTask
from pipelines.watched import Emitted, Looked
from schemas.batch import DocumentOutcome, Noted, Pulled, RowBatch
from schemas.document import Source
from transforms.lake.failed import load_failed
from transforms.lake.lake import open_lake
from transforms.pull.memory import FeedMemory, FeedRecord, decode_record
from transforms.pull.taken import TakenFiles, TakenRecord

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
    "task": (
        PullTask(
            number=1,
            moment=MOMENT,
            parts=(FilePart(Source(address="a.jsonl"), MOMENT, "file:a@0", b"\x01", 0, 9),),
            messages=(Pulled(Source(address="pubsub://p/wire"), "pubsub://p/wire", MOMENT, data=b"{}"),),
        ),
        (
            "0187a66e756d62657201a66d6f6d656e74d6ff699306c0a5666565647390a566696c657390a66661696c656490a57061"
            "7274739186a6736f7572636588a761646472657373a7612e6a736f6e6ca870726f7669646572c0a86c616e6775616765"
            "c0a47461677390a5746f706963c0a76865616465727390a974696d655f7a6f6e65c0a6726f626f7473c2a66d6f6d656e"
            "74d6ff699306c0a36b6579a866696c653a614030a57374617465c40101a5737461727400a3656e6409a86d6573736167"
            "6573918da6736f7572636588a761646472657373af7075627375623a2f2f702f77697265a870726f7669646572c0a86c"
            "616e6775616765c0a47461677390a5746f706963c0a76865616465727390a974696d655f7a6f6e65c0a6726f626f7473"
            "c2a5696e707574af7075627375623a2f2f702f77697265aa666574636865645f6174d6ff699306c0a464617461c4027b"
            "7da76f7574636f6d65a26f6ba56572726f72c0ac636f6e74656e745f74797065c0a966696e616c5f75726cc0ab687474"
            "705f737461747573c0aa6c6174656e63795f6d73c0ac6e6578745f706f6c6c5f6174c0a8666565645f6b6579c0aa6665"
            "65645f7374617465c0"
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


def test_memory_of_files_feeds_and_failures_stays_readable() -> None:
    """Segments of the lake's own state as today's release writes them; a lake outlives many releases."""
    taken = TakenFiles.load([bytes.fromhex(TAKEN_BYTES)])
    assert taken.offset("file:a1") == 10
    assert taken.records["file:b2"] == TakenRecord(5, 6, 0, 0, MOMENT, retry_at=MOMENT)
    kept = FeedRecord(polls=2, polled_at=MOMENT, etag='"x"', window=b"12345678")
    assert decode_record(FeedMemory.load([bytes.fromhex(FEEDS_BYTES)]).records["c3"]) == kept
    assert load_failed([b"\x01" + b"0123456789abcdef"]) == {b"0123456789abcdef"}


TAKEN_BYTES = (
    "0182a966696c653a61314030c4340186a473697a650aa56d74696d6514a5737461727400a3656e640aa874616b656e5f6174d6ff699306c0"
    "a872657472795f6174c0a766696c653a6232c4390186a473697a6505a56d74696d6506a5737461727400a3656e6400a874616b656e5f6174"
    "d6ff699306c0a872657472795f6174d6ff699306c0"
)
FEEDS_BYTES = (
    "0181a26333c5016201de001ca5706f6c6c7302a66572726f727300ad6661696c696e675f73696e6365c0a4676f6e65c2a9706f6c6c65645f"
    "6174d6ff699306c0ac6e6578745f706f6c6c5f6174c0aa6e6f745f6265666f7265c0ab66726573685f756e74696cc0a465746167a3227822"
    "ad6c6173745f6d6f646966696564c0a561736b656400a77265636865636bc2a5717569657400a7737472696b657300a6686f6e657374c2a4"
    "6c696172c2aa6974656d735f68617368c400ab6c6561726e65645f75726cc0ab72656469726563745f746fc0ae7265646972656374735f73"
    "65656e00a677696e646f77c4083132333435363738a977696e646f775f6174c0a66e65775f6174c0ad7065616b5f7065725f686f7572cb00"
    "00000000000000b0696e74657276616c5f7365636f6e6473cb0000000000000000b0646f63756d656e745f7365636f6e6473cb0000000000"
    "000000aa736b69705f686f75727390a9736b69705f6461797390"
)


def test_bytes_of_a_newer_version_are_refused() -> None:
    with pytest.raises(ValueError, match="version 2"):
        MessageCoder(Looked).decode(b"\x02\x80")
