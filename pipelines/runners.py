"""Which engine runs the pipeline: the in-process runner for batches, Prism for streams, unless another is named.

Nothing is ever downloaded.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from pipelines.config import ConfigError
from pipelines.prism import find_prism, running_prism

IN_PROCESS = ("", "DirectRunner", "FnApiRunner")
"""Names that mean this process. Beam's own DirectRunner would first try to download another engine."""

PRISM = "PrismRunner"


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
        with running_prism(find_prism(arguments)) as endpoint:
            yield make_pipeline(
                [*arguments, f"--runner={PRISM}", f"--job_endpoint={endpoint}", "--environment_type=LOOPBACK"],
                streaming=streaming,
            )
        return
    if name in IN_PROCESS and streaming:
        raise ConfigError(
            f"--runner={name}: runs batches only. Leave it out to stream on Prism, or name another engine."
        )
    yield make_pipeline(arguments, streaming=streaming)


def runner_name(arguments: Sequence[str]) -> str:
    """The engine that Beam options name, ``""`` when they name none."""
    options = PipelineOptions(list(arguments))
    return str(options.view_as(StandardOptions).runner or "").rpartition(".")[2]


def make_pipeline(arguments: Sequence[str], *, streaming: bool = False) -> beam.Pipeline:
    """A pipeline on the engine that Beam's own options name.

    Args:
        arguments: Beam options as given on the command line (``--runner=…`` and others).
        streaming: the inputs never end.
    """
    options = PipelineOptions([*arguments, "--no_save_main_session"], streaming=streaming)
    name = (options.view_as(StandardOptions).runner or "").rpartition(".")[2]
    runner: Any = name
    if name in IN_PROCESS:
        from apache_beam.runners.portability.fn_api_runner import FnApiRunner

        runner = FnApiRunner()
        options.view_as(StandardOptions).runner = "DirectRunner"
    return beam.Pipeline(runner=runner, options=options)
