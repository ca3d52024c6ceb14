"""Where a lake's bytes lie: one interface, implemented for local disks, Google Cloud Storage and memory.

The commit protocol needs three promises only: ``create`` makes a complete object or none and exactly one of any
number of racing creators wins; ``write`` replaces a whole object or nothing; ``publish`` moves a complete object.
Paths are relative to the lake, with ``/``, without a leading one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class NotFound(Exception):  # noqa: N818 - reads like the builtin FileNotFoundError it stands for
    """There is no object of that name."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored object.

    Attributes:
        path: relative to the lake.
        size: bytes.
        modified: when it was last written, aware UTC, by the storage's clock.
    """

    path: str
    size: int
    modified: datetime


class Storage(Protocol):
    """What the lake needs of a place that keeps bytes. Implementations can be pickled."""

    @property
    def uri(self) -> str:
        """Address of the lake's root."""

    @property
    def workers(self) -> int:
        """How many operations are worth running at once; 1 keeps them in order, in the caller's thread."""

    def read(self, path: str) -> bytes:
        """Return the whole object.

        Raises:
            NotFound: there is none.
        """

    def view(self, path: str) -> memoryview:
        """Return the whole object, mapped instead of copied where the storage can.

        The view stays valid when the object is deleted.

        Raises:
            NotFound: there is none.
        """

    def write(self, path: str, data: bytes, *, durable: bool = True) -> None:
        """Create or replace the object; a reader sees the old bytes or the new ones.

        Args:
            path: its name.
            data: all of it.
            durable: on return it survives a power cut, not only the end of the process.
        """

    def create(self, path: str, data: bytes) -> bool:
        """Create the object unless there is one; durable on return.

        Returns:
            True when this call made it. After a lost answer and a retry, False may be said of one's own object:
            callers that must know look for their own mark in it.
        """

    def stage(self, path: str, data: bytes) -> None:
        """Write an object that nobody else knows of yet; durable after ``settle``."""

    def settle(self, folder: str) -> None:
        """Make everything staged in the folder durable."""

    def publish(self, moves: Sequence[tuple[str, str]]) -> None:
        """Move complete objects to their final names; durable on return; idempotent.

        A source that is gone was published before (perhaps by somebody else) and is passed over.
        """

    def exists(self, path: str) -> bool:
        """Whether there is such an object."""

    def list(self, prefix: str) -> Iterator[Stored]:
        """All objects below the folder ``prefix`` (``""``: everything), in order of path."""

    def delete(self, path: str) -> None:
        """Remove the object; nothing happens when there is none."""

    def delete_folder(self, prefix: str) -> None:
        """Remove everything below the folder; nothing happens when there is none."""

    def local_path(self, path: str) -> str | None:
        """The object's path on this machine's disk, or None."""


def storage_for(uri: str) -> Storage:
    """The storage that an address names.

    Args:
        uri: ``gs://BUCKET[/PREFIX]``, ``file:///PATH`` or a path.

    Raises:
        ValueError: a scheme that no storage speaks, or whose client is not installed.
    """
    scheme, mark, rest = uri.partition("://")
    if not mark:
        from transforms.lake.local import LocalStorage

        return LocalStorage(uri)
    if scheme == "file":
        from transforms.lake.local import LocalStorage

        return LocalStorage(rest)
    if scheme == "gs":
        from transforms.lake.gcs import GcsStorage

        return GcsStorage(uri)
    raise ValueError(f"{uri}: {scheme}:// is not supported; use a folder or gs://BUCKET/PREFIX.")
