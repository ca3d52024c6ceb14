"""Which engine runs the pipeline: the in-process runner unless another is named, and never a download."""

from collections.abc import Sequence
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

IN_PROCESS = ("", "DirectRunner", "FnApiRunner")
"""Names that mean this process. Beam's own DirectRunner would first try to download another engine."""


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
