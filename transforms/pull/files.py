"""Files as inputs: local paths and object stores, listed and read without surprises."""

import fnmatch
import glob
import os
from collections.abc import Iterator
from pathlib import Path

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
            found = sorted(name for name in glob.glob(str(path), recursive=True) if Path(name).is_file())  # noqa: PTH207 - the pattern may be absolute
    except OSError as error:
        raise FileError("unreadable", f"{address}: {error.strerror or error}; check its permissions") from error
    if not found and not path.is_dir():
        raise FileError("missing", f"{address}: no such file; check the path or the pattern")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(SKIPPED_PREFIXES))
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def _list_remote(address: str) -> list[str]:
    from apache_beam.io.filesystems import FileSystems

    pattern = address if any(c in address for c in "*?[") else None
    try:
        if pattern is None and not address.endswith("/"):
            if FileSystems.exists(address):
                return [address]
            pattern = address + "/**"
        matched = FileSystems.match([pattern or address + "**"])[0].metadata_list
    except Exception as error:
        raise FileError("unreadable", f"{address}: {error}; check the address and your credentials") from error
    found = sorted(m.path for m in matched if not m.path.endswith("/") and _visible(m.path, address))
    if not found:
        raise FileError("missing", f"{address}: no such object; check the address")
    return found


def _visible(path: str, address: str) -> bool:
    if fnmatch.fnmatch(path, address):
        return True
    inner = path.removeprefix(address.rstrip("/")).strip("/")
    return not any(part.startswith(SKIPPED_PREFIXES) for part in inner.split("/"))


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
    from apache_beam.io.filesystem import CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    try:
        with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as stream:
            data: bytes = stream.read(MAX_FILE_BYTES + 1)
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
