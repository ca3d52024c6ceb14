"""The flex template's launcher: turns ``--name=value`` parameters into a job and returns once it is submitted."""

import argparse
import logging
from collections.abc import Sequence

from pipelines.config import DEFAULT_FLUSH, ConfigError, IngestConfig, read_duration
from pipelines.jobs import UPDATE, require_running
from pipelines.logs import configure_logs, log_event
from pipelines.template import MODE, MODES, command_line, parameters

BEAM_OPTIONS = ("--sdk_location=container",)
"""wirelake and Beam are in the workers' image: nothing of them is staged or downloaded at start."""

logger = logging.getLogger(__name__)


def split_arguments(arguments: Sequence[str]) -> tuple[str, dict[str, str], list[str]]:
    """The mode, our parameters, and what is Beam's.

    Args:
        arguments: as Dataflow's launcher passes them, ``--name=value`` each.

    Raises:
        ConfigError: no mode is named.

    >>> split_arguments(["--mode=ingest", "--sources=gs://b/f.yaml", "--runner=DataflowRunner"])
    ('ingest', {'sources': 'gs://b/f.yaml'}, ['--runner=DataflowRunner'])
    """
    pairs = [(word, *word.removeprefix("--").partition("=")) for word in arguments]
    mode = next((value for _, name, _, value in pairs if name == MODE), "")
    if mode not in MODES:
        raise ConfigError(f"--{MODE}: {mode!r} is none of {', '.join(MODES)}")
    ours = {one.name for one in parameters(mode)}
    values: dict[str, str] = {}
    rest: list[str] = []
    for word, name, equals, value in pairs:
        if equals and name in ours:
            values[name] = value
        elif name != MODE:
            rest.append(word)
    return mode, values, rest


def launch(arguments: Sequence[str]) -> int:
    """Submit the job and return; the launcher's container must end then.

    Args:
        arguments: as Dataflow's launcher passes them.

    Raises:
        ConfigError: a parameter cannot be used, or there is no running job to update.
        LakeError: the lake cannot be opened, or a stream holds it.
    """
    configure_logs()
    mode, values, rest = split_arguments(arguments)
    config = config_of(mode, values)
    beam_options = [*rest, *BEAM_OPTIONS]
    if any(word.partition("=")[0] == UPDATE for word in rest):
        require_running(beam_options)
    if mode == "stream":
        from pipelines.streaming import submit_stream

        submit_stream(config, beam_options)
    else:
        from pipelines.ingest import submit

        submit(config, beam_options)
    log_event(logger, "submitted", mode=mode, run_id=config.run_id, output=config.output)
    return 0


def config_of(mode: str, values: dict[str, str]) -> IngestConfig:
    """The configuration of a run, made as the command line of the mode makes it.

    Args:
        mode: ingest or stream.
        values: parameters of the template.

    Raises:
        ConfigError: a value cannot be used.
    """
    from pipelines.commands import ingest, stream

    command = ingest if mode == "ingest" else stream
    parser = argparse.ArgumentParser(prog=f"wirelake {mode}")
    command.add_arguments(parser)
    options = parser.parse_args(command_line(mode, values)[1:])
    flush, refresh = DEFAULT_FLUSH, None
    if mode == "stream":
        from pipelines.streaming import refresh_for

        flush = read_duration("--flush", options.flush)
        refresh = refresh_for(flush)
    return ingest.run_config(options, due_only=getattr(options, "due", False), flush=flush, refresh=refresh)
