"""A lake on a local disk. Files appear whole: written aside, fsynced, then renamed or linked into place."""

import mmap
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from transforms.lake.storage import NotFound, Stored

ASIDE = "_staging/tmp"
"""Where files are written before they get their name: on the same file system, in a folder that readers ignore."""

_ATTEMPTS = 5
"""A folder can be swept away between making it and writing into it; meeting that five times over is no accident."""


class LocalStorage:
    """Storage in a folder of this machine; several processes may share it.

    Args:
        root: the lake's folder; need not exist.
    """

    def __init__(self, root: str) -> None:
        self.root = str(Path(root).expanduser().absolute())

    @property
    def uri(self) -> str:
        """The folder."""
        return self.root

    @property
    def workers(self) -> int:
        """Fsync waits for the disk, not for Python: four at once."""
        return 4

    def _full(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root

    def read(self, path: str) -> bytes:
        """See Storage."""
        try:
            return Path(self._full(path)).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(path) from None

    def view(self, path: str) -> memoryview:
        """See Storage; mapped, so the pages are shared and the file may be unlinked."""
        try:
            with open(self._full(path), "rb") as file:  # noqa: PTH123
                if os.fstat(file.fileno()).st_size == 0:
                    return memoryview(b"")
                return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(path) from None

    def _make_folder(self, folder: str) -> None:
        """Make the folder and make its name durable in each new parent."""
        if os.path.isdir(folder):  # noqa: PTH112 - the hot path, a Path object costs more than the question
            return
        parent = os.path.dirname(folder)  # noqa: PTH120
        self._make_folder(parent)
        try:
            os.mkdir(folder)  # noqa: PTH102
        except FileExistsError:
            return
        _sync_folder(parent)

    def _write_aside(self, data: bytes, *, durable: bool = True) -> str:
        aside = f"{self._full(ASIDE)}/{secrets.token_hex(8)}"
        self._write_new(aside, data, durable=durable)
        return aside

    def _write_new(self, full: str, data: bytes, *, durable: bool = True) -> None:
        for attempt in range(_ATTEMPTS):
            self._make_folder(os.path.dirname(full))  # noqa: PTH120
            try:
                with open(full, "wb", buffering=0) as file:  # noqa: PTH123
                    view = memoryview(data)
                    while view:
                        view = view[file.write(view) :]
                    if durable:
                        os.fsync(file.fileno())
                return
            except FileNotFoundError:
                if attempt == _ATTEMPTS - 1:
                    raise
            except OSError:
                _unlink(full)
                raise

    def _place(self, aside: str, full: str, *, replace: bool, durable: bool = True) -> bool:
        folder = os.path.dirname(full)  # noqa: PTH120
        try:
            for attempt in range(_ATTEMPTS):
                self._make_folder(folder)
                try:
                    if replace:
                        os.replace(aside, full)  # noqa: PTH105
                    else:
                        os.link(aside, full)  # fails when the name is taken: exactly one wins
                    break
                except FileNotFoundError:
                    if attempt == _ATTEMPTS - 1:
                        raise
            if durable:
                _sync_folder(folder)
        except FileExistsError:
            return False
        finally:
            _unlink(aside)
        return True

    def write(self, path: str, data: bytes, *, durable: bool = True) -> None:
        """See Storage: written aside, fsynced, renamed."""
        self._place(self._write_aside(data, durable=durable), self._full(path), replace=True, durable=durable)

    def create(self, path: str, data: bytes) -> bool:
        """See Storage: written aside, fsynced, hard-linked to its name, which fails when the name is taken."""
        full = self._full(path)
        if os.path.exists(full):  # noqa: PTH110
            return False
        return self._place(self._write_aside(data), full, replace=False)

    def stage(self, path: str, data: bytes) -> None:
        """See Storage: written under its own name, because nobody looks there."""
        self._write_new(self._full(path), data)

    def settle(self, folder: str) -> None:
        """See Storage: fsync of the folder; its files were fsynced when written."""
        full = self._full(folder)
        if os.path.isdir(full):  # noqa: PTH112
            _sync_folder(full)

    def publish(self, moves: Sequence[tuple[str, str]]) -> None:
        """See Storage: renames, then one fsync for each folder. A rename can succeed for one caller only."""
        folders = set()
        for source, target in moves:
            full = self._full(target)
            folder = os.path.dirname(full)  # noqa: PTH120
            self._make_folder(folder)
            with suppress(FileNotFoundError):
                os.replace(self._full(source), full)  # noqa: PTH105
            folders.add(folder)
        for folder in sorted(folders):
            _sync_folder(folder)

    def exists(self, path: str) -> bool:
        """See Storage."""
        return os.path.isfile(self._full(path))  # noqa: PTH113

    def list(self, prefix: str) -> Iterator[Stored]:
        """See Storage."""
        pending = [prefix.rstrip("/")]
        found: list[Stored] = []
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(self._full(folder)) as entries:
                    for entry in entries:
                        path = f"{folder}/{entry.name}" if folder else entry.name
                        try:
                            if entry.is_dir(follow_symlinks=False):
                                pending.append(path)
                                continue
                            stat = entry.stat()
                        except FileNotFoundError:
                            continue
                        found.append(Stored(path, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC)))
            except (FileNotFoundError, NotADirectoryError):
                continue
        yield from sorted(found, key=lambda stored: stored.path)

    def delete(self, path: str) -> None:
        """See Storage."""
        _unlink(self._full(path))

    def delete_folder(self, prefix: str) -> None:
        """See Storage."""
        shutil.rmtree(self._full(prefix), ignore_errors=True)

    def local_path(self, path: str) -> str | None:
        """See Storage."""
        return self._full(path)


def _unlink(full: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(full)  # noqa: PTH108


def _sync_folder(full: str) -> None:
    """Make the names in a folder durable."""
    handle = os.open(full, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
