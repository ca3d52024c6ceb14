"""A lake on Google Cloud Storage. Exactness rests on one promise of the service: an upload with
``ifGenerationMatch=0`` succeeds for one caller only. Copies and deletes need no precondition, because whatever they
could do twice does the same twice.

``STORAGE_EMULATOR_HOST`` is honoured; the client is made when first used, in each process, and never pickled.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from transforms.lake.errors import LakeMissing, LakeReadOnly, LakeUnreachable
from transforms.lake.storage import NotFound, Stored

RETRY_SECONDS = 300.0
"""How long a call is repeated after 429, 5xx and cut connections, with growing pauses: a bad five minutes are
outlasted, and a scheduled run still ends within its hour."""

CALL_SECONDS = 60.0
"""For one attempt; the largest file written here takes a few seconds."""

_PARALLEL = 8
"""Calls at once; each waits tens of milliseconds for the service. The client's connection pool holds ten."""

_T = TypeVar("_T")


class GcsStorage:
    """Storage in a bucket, below a prefix.

    Args:
        uri: ``gs://BUCKET`` or ``gs://BUCKET/PREFIX``.

    Raises:
        ValueError: no bucket is named, or Google's client is not installed.
    """

    def __init__(self, uri: str) -> None:
        bucket, _, prefix = uri.removeprefix("gs://").partition("/")
        if not bucket:
            raise ValueError(f"{uri}: name a bucket, as in gs://BUCKET/PREFIX.")
        try:
            import google.cloud.storage  # noqa: F401 - said here, before anything was begun
        except ImportError as error:
            raise ValueError(f"{uri}: gs:// needs Google's client: pip install 'wirelake[gcp]'") from error
        self.bucket_name = bucket
        self.prefix = prefix.strip("/")
        self._connection: tuple[int, Any] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Without the connection."""
        return {"bucket_name": self.bucket_name, "prefix": self.prefix, "_connection": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The inverse of ``__getstate__``."""
        self.__dict__.update(state)

    @property
    def uri(self) -> str:
        """``gs://BUCKET/PREFIX``."""
        return f"gs://{self.bucket_name}/{self.prefix}" if self.prefix else f"gs://{self.bucket_name}"

    @property
    def workers(self) -> int:
        """See Storage."""
        return _PARALLEL

    @property
    def _bucket(self) -> Any:
        """The bucket through this process's client; connections must not be shared across a fork."""
        if self._connection is None or self._connection[0] != os.getpid():
            self._connection = (os.getpid(), _client().bucket(self.bucket_name))
        return self._connection[1]

    def _blob(self, path: str) -> Any:
        return self._bucket.blob(f"{self.prefix}/{path}" if self.prefix else path)

    def read(self, path: str) -> bytes:
        """See Storage."""
        from google.api_core.exceptions import NotFound as Missing

        try:
            with _told(self.uri):
                data: bytes = self._blob(path).download_as_bytes(retry=_retry(), timeout=CALL_SECONDS)
        except Missing:
            raise NotFound(path) from None
        return data

    def view(self, path: str) -> memoryview:
        """See Storage."""
        return memoryview(self.read(path))

    def write(self, path: str, data: bytes, *, durable: bool = True) -> None:  # noqa: ARG002 - always durable
        """See Storage."""
        with _told(self.uri):
            self._blob(path).upload_from_string(data, _TYPE, retry=_retry(), timeout=CALL_SECONDS)

    def create(self, path: str, data: bytes) -> bool:
        """See Storage: an upload with ``ifGenerationMatch=0``."""
        from google.api_core.exceptions import PreconditionFailed

        try:
            with _told(self.uri):
                self._blob(path).upload_from_string(
                    data, _TYPE, if_generation_match=0, retry=_retry(), timeout=CALL_SECONDS
                )
        except PreconditionFailed:
            return False
        return True

    def stage(self, path: str, data: bytes) -> None:
        """See Storage."""
        self.write(path, data)

    def settle(self, folder: str) -> None:
        """See Storage: an upload is durable when it is answered."""

    def publish(self, moves: Sequence[tuple[str, str]]) -> None:
        """See Storage: copies on the server, then deletes the source."""
        self._all(self._move, moves)

    def _move(self, move: tuple[str, str]) -> None:
        from google.api_core.exceptions import NotFound as Missing

        source, target = move
        try:
            with _told(self.uri):
                self._bucket.copy_blob(
                    self._blob(source), self._bucket, self._blob(target).name, retry=_retry(), timeout=CALL_SECONDS
                )
        except Missing:
            return
        self.delete(source)

    def exists(self, path: str) -> bool:
        """See Storage."""
        with _told(self.uri):
            return bool(self._blob(path).exists(retry=_retry(), timeout=CALL_SECONDS))

    def list(self, prefix: str) -> Iterator[Stored]:
        """See Storage."""
        start = f"{self.prefix}/" if self.prefix else ""
        folder = f"{start}{prefix.rstrip('/')}/" if prefix else start
        from google.api_core.exceptions import NotFound as Missing

        try:
            with _told(self.uri):
                for blob in self._bucket.list_blobs(prefix=folder, retry=_retry(), timeout=CALL_SECONDS):
                    yield Stored(blob.name.removeprefix(start), blob.size, blob.updated)
        except Missing as error:
            raise LakeMissing(f"{self.uri}: there is no such bucket. Make it, or choose another --output.") from error

    def delete(self, path: str) -> None:
        """See Storage."""
        from google.api_core.exceptions import NotFound as Missing

        try:
            with _told(self.uri):
                self._blob(path).delete(retry=_retry(), timeout=CALL_SECONDS)
        except Missing:
            return

    def delete_folder(self, prefix: str) -> None:
        """See Storage."""
        self._all(self.delete, [stored.path for stored in self.list(prefix)])

    def local_path(self, path: str) -> str | None:  # noqa: ARG002 - part of the interface
        """See Storage: there is none."""
        return None

    def _all(self, call: Callable[[_T], None], values: Sequence[_T]) -> None:
        if len(values) < 2:
            for value in values:
                call(value)
            return
        with ThreadPoolExecutor(min(_PARALLEL, len(values))) as pool:
            for _ in pool.map(call, values):
                pass


_TYPE = "application/octet-stream"


@contextmanager
def _told(uri: str) -> Iterator[None]:
    """Say what to do about what repeating did not mend.

    Raises:
        LakeReadOnly: the service refuses this account.
        LakeUnreachable: it does not answer, or only with errors.
    """
    from google.api_core import exceptions
    from google.auth.exceptions import GoogleAuthError
    from requests.exceptions import RequestException

    try:
        yield
    except (exceptions.PreconditionFailed, exceptions.NotFound):
        raise
    except (exceptions.Forbidden, exceptions.Unauthorized) as error:
        raise LakeReadOnly(f"{uri}: this account may not do that ({error.message}).") from error
    except (exceptions.GoogleAPIError, RequestException, GoogleAuthError) as error:
        raise LakeUnreachable(
            f"{uri}: the object store does not answer ({error}). What was committed is safe; run the same command "
            "again when it does."
        ) from error


def _retry() -> Any:
    """Repeat after everything that may pass: 408, 429, 5xx, cut connections."""
    from google.cloud.storage.retry import DEFAULT_RETRY

    return DEFAULT_RETRY.with_timeout(RETRY_SECONDS).with_delay(initial=0.2, maximum=20.0, multiplier=2.0)


def _client() -> Any:
    from google.cloud import storage

    if os.environ.get("STORAGE_EMULATOR_HOST"):
        from google.auth.credentials import AnonymousCredentials

        return storage.Client(project="emulated", credentials=AnonymousCredentials())
    return storage.Client()
