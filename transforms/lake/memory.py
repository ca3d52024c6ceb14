"""A lake in memory, for tests: every step can be counted, interrupted or made the moment of a crash."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from transforms.lake.storage import NotFound, Stored

_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class MemoryStorage:
    """Storage in a dictionary that several writers may share.

    Args:
        objects: the shared contents; None begins an empty lake.
        on_step: called as ``on_step(operation, path, done)`` before (``done`` False) and after (True) every
            change of the contents; what it raises is the crash.
    """

    def __init__(
        self, objects: dict[str, bytes] | None = None, on_step: Callable[[str, str, bool], None] | None = None
    ) -> None:
        self.objects: dict[str, bytes] = {} if objects is None else objects
        self.on_step = on_step

    @property
    def uri(self) -> str:
        """A name for messages."""
        return "memory"

    @property
    def workers(self) -> int:
        """One: the order of steps is what tests enumerate."""
        return 1

    def _step(self, operation: str, path: str, change: Callable[[], object]) -> None:
        if self.on_step:
            self.on_step(operation, path, False)
        change()
        if self.on_step:
            self.on_step(operation, path, True)

    def read(self, path: str) -> bytes:
        """See Storage."""
        try:
            return self.objects[path]
        except KeyError:
            raise NotFound(path) from None

    def view(self, path: str) -> memoryview:
        """See Storage."""
        return memoryview(self.read(path))

    def write(self, path: str, data: bytes, *, durable: bool = True) -> None:  # noqa: ARG002
        """See Storage."""
        self._step("write", path, lambda: self.objects.__setitem__(path, bytes(data)))

    def create(self, path: str, data: bytes) -> bool:
        """See Storage."""
        made = []

        def change() -> None:
            if path not in self.objects:
                self.objects[path] = bytes(data)
                made.append(path)

        self._step("create", path, change)
        return bool(made)

    def stage(self, path: str, data: bytes) -> None:
        """See Storage."""
        self._step("stage", path, lambda: self.objects.__setitem__(path, bytes(data)))

    def settle(self, folder: str) -> None:
        """See Storage: nothing to do."""

    def publish(self, moves: Sequence[tuple[str, str]]) -> None:
        """See Storage: copy, then delete, each a step of its own, as on an object store."""
        for source, target in moves:
            if source in self.objects:
                self._step("copy", target, partial(self._copy, source, target))
                self.delete(source)

    def _copy(self, source: str, target: str) -> None:
        """A copy on the server: of what is there when it happens, or nothing."""
        if source in self.objects:
            self.objects[target] = self.objects[source]

    def exists(self, path: str) -> bool:
        """See Storage."""
        return path in self.objects

    def list(self, prefix: str) -> Iterator[Stored]:
        """See Storage."""
        start = f"{prefix.rstrip('/')}/" if prefix else ""
        for path in sorted(self.objects):
            if path.startswith(start):
                yield Stored(path, len(self.objects[path]), _MOMENT)

    def delete(self, path: str) -> None:
        """See Storage."""
        self._step("delete", path, lambda: self.objects.pop(path, None))

    def delete_folder(self, prefix: str) -> None:
        """See Storage."""
        for stored in list(self.list(prefix)):
            self.delete(stored.path)

    def local_path(self, path: str) -> str | None:  # noqa: ARG002 - part of the interface
        """See Storage: there is none."""
        return None
