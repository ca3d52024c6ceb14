"""What can go wrong with a lake, in words that name the lake and say what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class LakeError(Exception):
    """Something about the lake stops the work; the message names the lake and what to do."""


class LakeMissing(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """There is nothing at the address."""


class NotALake(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """There is something at the address, but no ``_lake.json``."""


class LakeTooNew(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """A newer wirelake wrote this lake."""


class LakeReadOnly(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """The lake cannot be written to."""


class LakeFull(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """There is no space left where the lake lies."""


class LakeUnreachable(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """The disk or the network share under the lake does not answer."""


class LakeBusy(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """A running stream writes to this lake."""


class LakeDamaged(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """A file that the commit records promise is missing or unreadable."""


class StateDamaged(LakeDamaged):
    """A segment of the lake's memory that is not as it was written.

    Args:
        what: it remembers.
    """

    def __init__(self, what: str) -> None:
        """Say what, and what to do."""
        super().__init__(
            f"{what} cannot be read from the lake; `wirelake state LAKE --verify` names the file to restore"
        )


class CommitConflict(LakeError):  # noqa: N818 - the command line prints the message, not the name
    """Another writer committed first: reload the shard and decide again."""


@contextmanager
def explained(uri: str, doing: str) -> Iterator[None]:
    """Turn the operating system's refusals into errors that say what to do.

    Args:
        uri: the lake.
        doing: what was tried, for the message ("staging a file").

    Raises:
        LakeFull: no space or quota left.
        LakeReadOnly: no permission, or a read-only file system.
        NotALake: something else is in the way.
        LakeUnreachable: the disk fails.
    """
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise LakeFull(
                f"{uri}: no space left while {doing}. What was committed is safe and nothing half-written is "
                "visible; free some space and run the same command again."
            ) from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise LakeReadOnly(
                f"{uri}: not allowed to write while {doing} ({error.strerror}). Give this user write access to the "
                "folder, or choose another --output."
            ) from error
        if error.errno in {errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOENT, errno.ELOOP, errno.EINVAL}:
            raise NotALake(f"{uri}: no folder can be here ({error.strerror}). Choose another --output.") from error
        if error.errno in {errno.EIO, errno.ESTALE, errno.ENXIO, errno.ENODEV}:
            raise LakeUnreachable(
                f"{uri}: the disk failed while {doing} ({error.strerror}). What was committed is safe; look at "
                "the disk or the network share and run the same command again."
            ) from error
        raise
