"""Telling a running stream to end: a mark in the lake, which every worker of every engine can see."""

from pipelines.config import IngestConfig
from transforms.lake.lake import open_lake

_FOLDER = "_state/stops"
_DRAINED = ".drained"


def tell_to_stop(config: IngestConfig) -> None:
    """Ask the stream of this run to take nothing more and to finish what it took."""
    open_lake(config.output).storage.create(f"{_FOLDER}/{config.run_id}", b"")


def is_stopping(config: IngestConfig) -> bool:
    """Whether the stream of this run was asked to stop."""
    return open_lake(config.output).storage.exists(f"{_FOLDER}/{config.run_id}")


def tell_drained(config: IngestConfig) -> None:
    """Say that all that the stream of this run took is durable and that it takes no more."""
    open_lake(config.output).storage.create(f"{_FOLDER}/{config.run_id}{_DRAINED}", b"")


def is_drained(config: IngestConfig) -> bool:
    """Whether all that the stream of this run took is durable and it takes no more."""
    return open_lake(config.output).storage.exists(f"{_FOLDER}/{config.run_id}{_DRAINED}")


def forget_stop(config: IngestConfig) -> None:
    """The stream has ended; its marks are of no more use."""
    for end in ("", _DRAINED):
        open_lake(config.output).storage.delete(f"{_FOLDER}/{config.run_id}{end}")
