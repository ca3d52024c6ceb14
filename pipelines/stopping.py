"""Telling a running stream to end: a mark in the lake, which every worker of every engine can see."""

from pipelines.config import IngestConfig
from pipelines.resident import resident
from transforms.lake.lake import open_lake
from transforms.lake.storage import Storage

_FOLDER = "_state/stops"
_DRAINED = ".drained"


def tell_to_stop(config: IngestConfig) -> None:
    """Ask the stream of this run to take nothing more and to finish what it took."""
    _storage(config).create(f"{_FOLDER}/{config.run_id}", b"")


def is_stopping(config: IngestConfig) -> bool:
    """Whether the stream of this run was asked to stop."""
    return _storage(config).exists(f"{_FOLDER}/{config.run_id}")


def tell_drained(config: IngestConfig) -> None:
    """Say that all that the stream of this run took is durable and that it takes no more."""
    _storage(config).create(f"{_FOLDER}/{config.run_id}{_DRAINED}", b"")


def is_drained(config: IngestConfig) -> bool:
    """Whether all that the stream of this run took is durable and it takes no more."""
    return _storage(config).exists(f"{_FOLDER}/{config.run_id}{_DRAINED}")


def forget_stop(config: IngestConfig) -> None:
    """The stream has ended; its marks are of no more use."""
    for end in ("", _DRAINED):
        _storage(config).delete(f"{_FOLDER}/{config.run_id}{end}")


def _storage(config: IngestConfig) -> Storage:
    """The lake's storage, opened once: a stream asks every second, and each opening would be requests of its own."""
    return resident(config.run_id, "stops", lambda: open_lake(config.output).storage)
