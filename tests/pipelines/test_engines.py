"""Engines by name: what is asked for on the user's behalf, what is refused, and how quietly they leave."""

import contextlib
import logging
import threading

import grpc
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.cli import main
from pipelines.config import ConfigError
from pipelines.flink import flink_options
from pipelines.hanging_up import LOGGER, quiet_hang_ups
from pipelines.runners import FlinkStreamOptions


def test_flink_without_a_job_server_is_told_how_to_name_one(tmp_path, capsys):
    (tmp_path / "items.jsonl").write_text('{"headline": "Pier reopens"}\n')
    sources = [str(tmp_path / "items.jsonl"), "--output", str(tmp_path / "lake")]
    for command in ("ingest", "stream"):
        assert main([command, *sources, "--runner=FlinkRunner"]) == 2
        assert "--job_endpoint=HOST:PORT" in capsys.readouterr().err
    with pytest.raises(ConfigError):
        flink_options(["--runner=FlinkRunner"], streaming=True)


def test_a_stream_on_flink_is_checkpointed_between_bundles_in_few_key_groups():
    options = flink_options(["--runner=FlinkRunner", "--job_endpoint=localhost:1"], streaming=True)
    set_ = PipelineOptions(options).view_as(FlinkStreamOptions)
    assert set_.checkpointing_interval == 10_000
    assert set_.finish_bundle_before_checkpointing is True
    assert "--environment_type=LOOPBACK" in options
    assert options[-2:] == ["--parallelism=1", "--max_parallelism=1"]
    given = ["--runner=FlinkRunner", "--job_endpoint=localhost:1", "--parallelism=3"]
    assert flink_options(given, streaming=True)[-1] == "--max_parallelism=3"


def test_what_the_user_says_of_flink_stands():
    given = [
        "--runner=FlinkRunner",
        "--job_endpoint=h:1",
        "--environment_type=EXTERNAL",
        "--checkpointing_interval=4000",
    ]
    options = flink_options(given, streaming=True)
    assert [word for word in options if word.startswith(("--environment_type", "--checkpointing"))] == given[2:]
    assert flink_options(given, streaming=False) == given


def hang_up() -> grpc.RpcError:
    with grpc.insecure_channel("127.0.0.1:1") as channel:
        try:
            channel.unary_unary("/nobody/listens")(b"", timeout=20)
        except grpc.RpcError as error:
            return error
    raise AssertionError("somebody listens")


def raising(name: str, error: Exception) -> threading.Thread:
    def fail() -> None:
        raise error

    return threading.Thread(target=fail, name=name)


@pytest.mark.parametrize(
    ("name", "error", "told"),
    [
        ("read_state", hang_up, False),
        ("run_worker_1", hang_up, False),
        ("reader", hang_up, True),
        ("read_state", lambda: ValueError("state"), True),
    ],
)
def test_only_a_hang_up_of_a_worker_is_kept_quiet(name, error, told, monkeypatch):
    heard = []
    monkeypatch.setattr(threading, "excepthook", heard.append)
    thread = raising(name, error())
    with quiet_hang_ups():
        thread.start()
        thread.join()
    assert bool(heard) is told
    assert threading.excepthook == heard.append, "the hook is put back"


def test_a_hang_up_is_not_logged_and_another_error_is(caplog):
    logger = logging.getLogger(LOGGER)
    with quiet_hang_ups():
        for error in (hang_up(), ValueError("bytes")):
            try:
                raise error
            except (grpc.RpcError, ValueError):
                logger.exception("Failed to read inputs in the data plane.")
    assert [record.exc_info[0] for record in caplog.records] == [ValueError]


@pytest.mark.parametrize("streaming", [True, False])
def test_a_run_on_prism_may_last_for_years(streaming: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beam hands this option to the call that follows a job's state: with its default every run ended after 300 s."""
    from apache_beam.options.pipeline_options import PortableOptions

    from pipelines import runners

    monkeypatch.setattr(runners, "find_prism", lambda _: "prism")
    monkeypatch.setattr(runners, "running_prism", lambda _: contextlib.nullcontext("localhost:1"))
    with runners.engine(["--runner=PrismRunner"], streaming=streaming) as pipeline:
        assert pipeline.options.view_as(PortableOptions).job_server_timeout > 365 * 24 * 3600
    with runners.engine(["--runner=PrismRunner", "--job_server_timeout=7"], streaming=streaming) as pipeline:
        assert pipeline.options.view_as(PortableOptions).job_server_timeout == 7


@pytest.mark.parametrize("runner", ["PrismRunner", "PortableRunner"])
def test_a_prism_of_the_users_own_is_told_the_same(runner: str) -> None:
    """It may run for longer than Beam waits, and may split bundles of keyed steps no more than ours."""
    from apache_beam.options.pipeline_options import DebugOptions, PortableOptions

    from pipelines.runners import engine

    words = [f"--runner={runner}", "--job_endpoint=localhost:1", "--experiments=theirs"]
    with engine(words, streaming=True) as pipeline:
        assert pipeline.options.view_as(PortableOptions).job_server_timeout > 365 * 24 * 3600
        assert pipeline.options.view_as(PortableOptions).job_endpoint == "localhost:1"
        assert set(pipeline.options.view_as(DebugOptions).experiments) >= {"theirs", "prism_disable_sdf_split"}
