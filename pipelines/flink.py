"""Flink as its users name it, ``--runner=FlinkRunner``: what this pipeline needs of it, unless it is said otherwise."""

import datetime as dt
from collections.abc import Sequence

from pipelines.config import ConfigError

FLINK = "FlinkRunner"

CHECKPOINT_MILLIS = 10_000
"""Between two checkpoints: what a killed worker reads again, at most; each costs a few milliseconds here."""

LOOK_EVERY = dt.timedelta(seconds=5)
"""Between two looks at a stream's sources. Beam's Flink runner registers state of a new name whenever a source pauses
and never forgets the name: some kilobytes a look and key group."""

HOW_TO_GET = (
    "--runner=FlinkRunner needs a Flink job server: --job_endpoint=HOST:PORT of a running one, or "
    "--flink_job_server_jar=PATH of Beam's. wirelake downloads nothing by itself."
)


def flink_options(arguments: Sequence[str], *, streaming: bool) -> list[str]:
    """The options given, and those that the pipeline needs beside them.

    Workers run in this process (``LOOPBACK``) unless an environment is named. A stream is checkpointed, and has as few
    key groups as it can, because each of them remembers every look (LOOK_EVERY).

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
        ]
        given = [word.partition("=")[2] for word in arguments if word.startswith("--parallelism=")]
        wanted += ["--parallelism=1", f"--max_parallelism={given[-1] if given else 1}"]
    return [*arguments, *(word for word in wanted if word.partition("=")[0] not in named)]
