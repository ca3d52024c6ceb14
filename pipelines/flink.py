"""Flink as its users name it, ``--runner=FlinkRunner``: what this pipeline needs of it, unless it is said otherwise."""

from collections.abc import Sequence

from pipelines.config import ConfigError

FLINK = "FlinkRunner"

CHECKPOINT_MILLIS = 10_000
"""Between two checkpoints: what a killed worker reads again, at most; each costs a few milliseconds here."""

IDLE_MILLIS = 1
"""A source that has ended may go at once. Left waiting, it keeps a checkpointed job alive after a stream's last row."""

HOW_TO_GET = (
    "--runner=FlinkRunner needs a Flink job server: --job_endpoint=HOST:PORT of a running one, or "
    "--flink_job_server_jar=PATH of Beam's. wirelake downloads nothing by itself."
)


def flink_options(arguments: Sequence[str], *, streaming: bool) -> list[str]:
    """The options given, and those that the pipeline needs beside them.

    Workers run in this process (``LOOPBACK``) unless an environment is named. A stream is checkpointed and ends when
    its sources do.

    Args:
        arguments: Beam options as given, ``--runner=FlinkRunner`` among them.
        streaming: the inputs never end.

    Raises:
        ConfigError: no job server is named.
    """
    named = {word.partition("=")[0] for word in arguments}
    if not named & {"--job_endpoint", "--flink_job_server_jar"}:
        raise ConfigError(HOW_TO_GET)
    wanted = ["--environment_type=LOOPBACK"]
    if streaming:
        wanted += [
            f"--checkpointing_interval={CHECKPOINT_MILLIS}",
            "--finish_bundle_before_checkpointing",
            f"--shutdown_sources_after_idle_ms={IDLE_MILLIS}",
        ]
    return [*arguments, *(word for word in wanted if word.partition("=")[0] not in named)]
