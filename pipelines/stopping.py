"""Telling a running stream to end: a mark in the lake, which every worker of every engine can see."""

from pipelines.config import IngestConfig
from transforms.lake.lake import open_lake

_FOLDER = "_state/stops"


def tell_to_stop(config: IngestConfig) -> None:
    """Ask the stream of this run to take nothing more and to finish what it took."""
    open_lake(config.output).storage.create(f"{_FOLDER}/{config.run_id}", b"")


def is_stopping(config: IngestConfig) -> bool:
    """Whether the stream of this run was asked to stop."""
    return open_lake(config.output).storage.exists(f"{_FOLDER}/{config.run_id}")


def forget_stop(config: IngestConfig) -> None:
    """The stream has ended; its mark is of no more use."""
    open_lake(config.output).storage.delete(f"{_FOLDER}/{config.run_id}")
