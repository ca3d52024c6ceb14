"""Files as inputs: local paths and object stores, listed and read without surprises."""

import fnmatch
import glob
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transforms.lake.storage import NotFound, Storage, Stored, storage_for
from transforms.pull.addresses import is_remote_file

MAX_FILE_BYTES = 256 * 1024 * 1024
"""A day's archive of a large agency in one file stays below it; above it a worker's memory is at risk."""

UNKNOWN_SIZE = 100_000
"""Taken for an object whose size was not asked: a usual feed."""

SKIPPED_PREFIXES = (".", "_")
"""Names that folders use for themselves (``.git``, ``_staging``); a folder is read without them."""


class FileError(OSError):
    """A file that could not be read: ``code`` for counting, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def list_files(address: str) -> list[str]:
    """Every file that a path, folder, glob or ``gs://`` address stands for, sorted.

    Args:
        address: local path, local glob, or an address of a Beam file system.

    Returns:
        Paths in sorted order; a single existing file gives itself.

    Raises:
        FileError: nothing is there (code ``missing``) or it may not be listed (code ``unreadable``).
    """
    if is_remote_file(address):
        return _list_remote(address)
    path = Path(address.removeprefix("file://"))
    try:
        if path.is_dir():
            found = sorted(str(p) for p in _walk(path))
        elif path.exists():
            found = [str(path)]
        else:
            pattern = str(path)
            fixed = pattern[: wild.start()] if (wild := _WILD.search(pattern)) else pattern
            names = glob.glob(pattern, recursive=True)  # noqa: PTH207 - the pattern may be absolute
            found = sorted(name for name in names if Path(name).is_file() and _visible(name, fixed))
    except OSError as error:
        raise FileError("unreadable", f"{address}: {error.strerror or error}; check its permissions") from error
    if not found and not path.is_dir():
        raise FileError("missing", f"{address}: no such file; check the path or the pattern")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(SKIPPED_PREFIXES))
        found = (Path(parent, name) for name in names if not name.startswith("."))
        yield from (path for path in found if not _is_special(path))


def _is_special(path: Path) -> bool:
    """Whether a path is a pipe, socket or device: opening one may wait for ever. A broken link is a file that fails."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file as it looked at one moment.

    Attributes:
        path: its path or address.
        size: bytes.
        mtime: last modification, nanoseconds since 1970.
    """

    path: str
    size: int
    mtime: int


def look_at_files(address: str) -> list[FileSeen]:
    """Every file that an address stands for as it looks now, sorted by path; what vanishes meanwhile is left out.

    Raises:
        FileError: as ``list_files``.
    """
    if is_remote_file(address):
        return [
            FileSeen(name, stored.size, int(stored.modified.timestamp() * 1_000_000) * 1000)
            for name, stored in _stored_remote(address)
        ]
    seen = []
    for name in list_files(address):
        try:
            found = os.stat(name)  # noqa: PTH116 - a folder of a hundred thousand files is looked at every second
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode):
            seen.append(FileSeen(name, found.st_size, found.st_mtime_ns))
        elif name == address.removeprefix("file://"):
            raise FileError("unsupported", f"{address}: no file but a pipe or device; write to a file that grows")
    return seen


def read_lines(path: str, start: int, size: int) -> bytes:
    """Whole lines of a local file.

    Args:
        path: the file.
        start: first byte.
        size: bytes to read; more when the first line is longer, up to MAX_FILE_BYTES.

    Returns:
        Bytes from ``start`` to the end of the last line that ends within them; empty when none does.

    Raises:
        FileError: the file cannot be read.
    """
    data = read_range(path, start, start + size)
    end = data.rfind(b"\n") + 1
    while not end and len(data) >= size and size < MAX_FILE_BYTES:
        size = min(size * 4, MAX_FILE_BYTES)
        data = read_range(path, start, start + size)
        end = data.rfind(b"\n") + 1
    return data[:end] if end or len(data) < MAX_FILE_BYTES else data


def read_range(path: str, start: int, end: int) -> bytes:
    """Bytes of a local file from ``start`` up to ``end``, fewer when it is shorter.

    Raises:
        FileError: the file is missing or unreadable.
    """
    try:
        with Path(path.removeprefix("file://")).open("rb") as stream:
            stream.seek(start)
            return stream.read(end - start)
    except FileNotFoundError as error:
        raise FileError("missing", f"{path}: no such file; check the path") from error
    except OSError as error:
        raise FileError("unreadable", f"{path}: {error.strerror or error}; check its permissions") from error


def _list_remote(address: str) -> list[str]:
    return [name for name, _ in _stored_remote(address)]


def _stored_remote(address: str) -> list[tuple[str, Stored]]:
    root, path = _split_remote(address)
    wild = _WILD.search(path)
    fixed = path[: wild.start()].rpartition("/")[0] if wild else path
    storage = _storage(address, root)
    try:
        if fixed == path and path and not path.endswith("/") and storage.exists(path):
            listed = storage.list(path.rpartition("/")[0])
            return [(address, stored) for stored in listed if stored.path == path]
        found = [(f"{root}/{stored.path}", stored) for stored in storage.list(fixed.rstrip("/"))]
    except Exception as error:
        raise FileError("unreadable", f"{address}: {error}; check the address and your credentials") from error
    if fixed != path:
        found = [(name, stored) for name, stored in found if fnmatch.fnmatch(name, address)]
    found = sorted(((n, s) for n, s in found if _visible(n, f"{root}/{fixed}")), key=lambda pair: pair[0])
    if not found:
        raise FileError("missing", f"{address}: no such object; check the address")
    return found


_WILD = re.compile(r"[*?\[]")


def _storage(address: str, root: str) -> Storage:
    try:
        return storage_for(root)
    except ValueError as error:  # of a scheme that nothing here speaks, or whose client is not installed
        message = str(error).removeprefix(f"{root}: ")
        raise FileError("unsupported", f"{address}: {message}") from error


def _split_remote(address: str) -> tuple[str, str]:
    """``gs://bucket`` and the path of an object in it."""
    scheme, _, rest = address.partition("://")
    bucket, _, path = rest.partition("/")
    return f"{scheme}://{bucket}", path


def _visible(path: str, below: str) -> bool:
    """Whether no folder or file on the way from ``below`` keeps itself apart."""
    inner = path.removeprefix(below).strip("/").split("/")
    return not any(part.startswith(SKIPPED_PREFIXES) for part in inner[:-1]) and not inner[-1].startswith(".")


def read_file(path: str) -> bytes:
    """The bytes of one file.

    Raises:
        FileError: missing, unreadable or larger than MAX_FILE_BYTES.
    """
    if is_remote_file(path):
        return _read_remote(path)
    local = Path(path.removeprefix("file://"))
    try:
        size = local.stat().st_size
        if size > MAX_FILE_BYTES:
            raise FileError("too_large", f"{path}: {size} bytes is more than {MAX_FILE_BYTES}; split the file")
        with local.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except FileError:
        raise
    except FileNotFoundError as error:
        raise FileError("missing", f"{path}: no such file; check the path") from error
    except OSError as error:
        raise FileError("unreadable", f"{path}: {error.strerror or error}; check its permissions") from error
    if len(data) > MAX_FILE_BYTES:
        raise FileError("too_large", f"{path}: more than {MAX_FILE_BYTES} bytes; split the file")
    return data


def _read_remote(path: str) -> bytes:
    root, name = _split_remote(path)
    storage = _storage(path, root)
    try:
        data = storage.read(name)
    except NotFound as error:
        raise FileError("missing", f"{path}: no such object; check the address") from error
    except Exception as error:
        raise FileError("unreadable", f"{path}: {error}; check the address and your credentials") from error
    if len(data) > MAX_FILE_BYTES:
        raise FileError("too_large", f"{path}: more than {MAX_FILE_BYTES} bytes; split the object")
    return data


def estimate_size(path: str) -> int:
    """Bytes of a file that is about to be read; 0 when that cannot be said cheaply."""
    if is_remote_file(path):
        return UNKNOWN_SIZE
    try:
        return Path(path.removeprefix("file://")).stat().st_size
    except OSError:
        return 0
