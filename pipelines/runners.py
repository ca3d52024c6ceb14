"""Which engine runs the pipeline: the in-process runner for batches, Prism for streams, unless another is named.

Nothing is ever downloaded.
"""

import argparse
import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.runners.runner import create_runner

from pipelines.config import ConfigError
from pipelines.flink import FLINK, flink_options
from pipelines.hanging_up import quiet_hang_ups
from pipelines.prism import find_prism, running_prism

IN_PROCESS = ("", "DirectRunner", "FnApiRunner")
"""Names that mean this process. Beam's own DirectRunner would first try to download another engine."""

PRISM = "PrismRunner"

PORTABLE = "PortableRunner"
"""Whatever stands behind ``--job_endpoint``; may be Prism."""

DATAFLOW = "DataflowRunner"

JOB_SECONDS = 10 * 365 * 24 * 3600
"""How long Prism's answers about a job are waited for. Beam's 300 s are meant for one request, but end the stream of a
job's states, too, where a job has its name before it runs, as on Prism: after five minutes every run would fail."""

PRISM_OPTIONS = (f"--job_server_timeout={JOB_SECONDS}", "--experiments=prism_disable_sdf_split")
"""What a run on Prism needs, wherever Prism runs. Left to itself it splits every bundle that stands still for two
tenths of a second, also one of a keyed step with state; the rest then runs beside the beginning on the state of before,
and whichever ends last overwrites what the other gathered. No step here gains by being split."""

OWN_OPTIONS = (*IN_PROCESS, PRISM, DATAFLOW)
"""Engines all of whose options Beam's Python declares; others (Flink, Spark) are asked for theirs when a job starts."""


def check_options(words: Sequence[str], ours: Sequence[str] = ()) -> None:
    """Refuse words of a command line that are neither ours nor Beam's, and engines that cannot be had.

    Args:
        words: what the command line did not take itself.
        ours: options of the command, to guess what was meant.

    Raises:
        ConfigError: the message names the word.
    """
    parsers: list[argparse.ArgumentParser] = []
    PipelineOptions([]).get_all_options(add_extra_args_fn=parsers.append)
    (parser,) = parsers
    try:
        _, unknown = _raising(parser).parse_known_args(list(words))
    except argparse.ArgumentError as error:
        raise ConfigError(str(error)) from error
    name = runner_name(words)
    if name in OWN_OPTIONS and unknown:
        raise ConfigError(_what_is_unknown(unknown[0], [*ours, *parser._option_string_actions]))  # noqa: SLF001 - argparse lists them nowhere else
    if name in (*IN_PROCESS, PRISM):
        return
    try:
        if name == DATAFLOW:
            import google.cloud.dataflow  # noqa: F401 - Beam would go on without and stumble later
        create_runner(name)
    except ImportError as error:
        needs = "Google's client: pip install 'wirelake[gcp]'" if name == DATAFLOW else str(error)
        raise ConfigError(f"--runner={name}: needs {needs}") from error
    except ValueError as error:
        raise ConfigError(f"--runner={name}: no such engine; Beam knows {', '.join(_runners())}") from error


def _raising(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The parser, telling errors instead of ending the process with the usage of two hundred options."""

    def error(message: str) -> None:
        raise argparse.ArgumentError(None, message)

    parser.error = error  # type: ignore[method-assign, assignment]
    return parser


def _what_is_unknown(word: str, known: Sequence[str]) -> str:
    option, equals, _ = word.partition("=")
    if not option.startswith("-"):
        return f"{word}: stands apart; name all inputs together, and write Beam's options as --name=value"
    near = difflib.get_close_matches(option, known, n=1)
    guess = f"; did you mean {near[0]}{equals}?" if near else ""
    return f"{option}: neither an option of this command nor one of Beam's{guess}"


def _runners() -> list[str]:
    return sorted(StandardOptions.KNOWN_RUNNER_NAMES)


class FlinkStreamOptions(PipelineOptions):
    """Options of Flink's job server that a stream sets; Beam's Python side knows them only from the server."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--checkpointing_interval", type=int, help="milliseconds between two checkpoints")
        parser.add_argument(
            "--finish_bundle_before_checkpointing",
            action="store_true",
            default=None,
            help="checkpoint between bundles; within one, Python jobs can stand still",
        )


@contextmanager
def engine(arguments: Sequence[str], *, streaming: bool = False) -> Iterator[beam.Pipeline]:
    """A pipeline on the engine that Beam's own options name; what was started for it ends with the block.

    Args:
        arguments: Beam options as given on the command line (``--runner=…`` and others).
        streaming: the inputs never end.

    Raises:
        ConfigError: the engine cannot be had, or cannot stream.
    """
    name = runner_name(arguments) or (PRISM if streaming else "")
    if name == PRISM and not any(word.startswith("--job_endpoint") for word in arguments):
        with quiet_hang_ups(), running_prism(find_prism(arguments)) as endpoint:
            ours = [f"--runner={PRISM}", f"--job_endpoint={endpoint}", "--environment_type=LOOPBACK"]
            yield make_pipeline([*PRISM_OPTIONS, *arguments, *ours], streaming=streaming)
        return
    if name in IN_PROCESS and streaming:
        raise ConfigError(
            f"--runner={name}: runs batches only. Leave it out to stream on Prism, or name another engine."
        )
    if name == FLINK:
        arguments = flink_options(arguments, streaming=streaming)
    elif name in (PRISM, PORTABLE):
        arguments = [*PRISM_OPTIONS, *arguments]
    with quiet_hang_ups():
        yield make_pipeline(arguments, streaming=streaming)


def keeps_drained_jobs(arguments: Sequence[str]) -> bool:
    """Whether the engine that Beam options name keeps a job whose sources have ended: a checkpointed one on Flink."""
    return runner_name(arguments) in (FLINK, PORTABLE)


def runner_name(arguments: Sequence[str]) -> str:
    """The engine that Beam options name, ``""`` when they name none."""
    options = PipelineOptions(list(arguments))
    return str(options.view_as(StandardOptions).runner or "").rpartition(".")[2]


def make_pipeline(arguments: Sequence[str], *, streaming: bool = False) -> beam.Pipeline:
    """A pipeline on the engine that Beam's own options name.

    Args:
        arguments: Beam options as given on the command line (``--runner=…`` and others).
        streaming: the inputs never end.

    Raises:
        ConfigError: the engine lacks an option, or cannot use one.
    """
    options = PipelineOptions([*arguments, "--no_save_main_session"], streaming=streaming)
    name = (options.view_as(StandardOptions).runner or "").rpartition(".")[2]
    runner: Any = name
    if name in IN_PROCESS:
        from apache_beam.runners.portability.fn_api_runner import FnApiRunner

        runner = FnApiRunner()
        options.view_as(StandardOptions).runner = "DirectRunner"
    try:
        return beam.Pipeline(runner=runner, options=options)
    except ValueError as error:
        raise ConfigError(f"--runner={name}: {' '.join(str(error).split())}") from error
