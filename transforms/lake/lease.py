"""Who is writing: a file that a running stream renews, so that a scheduled batch is told instead of racing it.

Leases inform; safety rests on the commit protocol alone. A lease is ``_state/leases/NAME-NUMBER.json``; a takeover
makes the next number by create-if-absent, so one of two that take over wins.
"""

import json
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from transforms.lake.errors import LakeBusy, LakeError
from transforms.lake.storage import NotFound, Storage

RENEW_SECONDS = 20.0
"""How often a holder renews."""

STALE_SECONDS = 120.0
"""A lease not renewed for so long is free: six renewals may fail before a live holder is mistaken for dead."""

_FOLDER = "_state/leases"


@dataclass(frozen=True, slots=True)
class LeaseInfo:
    """Who holds a lease.

    Attributes:
        number: of the lease file; grows with each holder.
        token: the holder's own mark.
        host: name of its machine.
        pid: its process there.
        boot: mark of the machine's life and the process's start, so that a reused pid is not taken for it.
        command: what it runs.
        started: aware UTC.
        renewed: last sign of life, aware UTC.
        released: given back.
    """

    number: int
    token: str
    host: str
    pid: int
    boot: str
    command: str
    started: datetime
    renewed: datetime
    released: bool = False

    def describe(self) -> str:
        """One phrase for messages."""
        return (
            f"{self.command} (process {self.pid} on {self.host}, running since "
            f"{self.started:%Y-%m-%d %H:%M:%S} UTC, last seen {self.renewed:%H:%M:%S} UTC)"
        )


def holder(storage: Storage, now: datetime, name: str = "stream") -> LeaseInfo | None:
    """Who holds the lease at this moment, or None.

    On the holder's own machine the process itself is asked, so a clock that was set does not matter there;
    elsewhere a lease counts until ``STALE_SECONDS`` after its last renewal.
    """
    info = _latest(storage, name)
    if info is None or info.released:
        return None
    if info.host == socket.gethostname():
        return info if _process_mark(info.pid) == info.boot else None
    return info if abs(now - info.renewed) < timedelta(seconds=STALE_SECONDS) else None


def require_free(storage: Storage, now: datetime, name: str = "stream") -> None:
    """Refuse to go on while a stream runs.

    Raises:
        LakeBusy: names the holder and what to do.
    """
    info = holder(storage, now, name)
    if info is not None:
        raise LakeBusy(
            f"{storage.uri}: a stream is writing to this lake: {info.describe()}. Add the sources to the stream, stop "
            f"it first, or choose another --output. If it is dead, wait {STALE_SECONDS:.0f} seconds and run again."
        )


@contextmanager
def hold(
    storage: Storage,
    command: str,
    clock: Callable[[], datetime],
    *,
    name: str = "stream",
    renew_seconds: float = RENEW_SECONDS,
) -> Iterator[LeaseInfo]:
    """Hold the lease as long as the block runs, renewing it from a thread of its own.

    Args:
        storage: of the lake.
        command: what runs, for other people's messages; no secrets.
        clock: aware UTC.
        name: of the lease.
        renew_seconds: between renewals.

    Raises:
        LakeBusy: another stream holds it.
    """
    info = _take(storage, command, clock(), name)
    stop = threading.Event()

    def renew() -> None:
        while not stop.wait(renew_seconds):
            try:
                _write(storage, name, replace(info, renewed=clock()))
            except (OSError, LakeError):
                continue  # a full disk or a lost connection: the next renewal may succeed

    thread = threading.Thread(target=renew, name=f"lease-{name}", daemon=True)
    thread.start()
    try:
        yield info
    finally:
        stop.set()
        thread.join()
        with suppress(OSError, LakeError):  # it goes stale by itself
            _write(storage, name, replace(info, renewed=clock(), released=True))


def _take(storage: Storage, command: str, now: datetime, name: str) -> LeaseInfo:
    while True:
        require_free(storage, now, name)
        last = _latest(storage, name)
        info = LeaseInfo(
            number=last.number + 1 if last else 1,
            token=secrets.token_hex(8),
            host=socket.gethostname(),
            pid=os.getpid(),
            boot=_process_mark(os.getpid()),
            command=command,
            started=now,
            renewed=now,
        )
        path = _path(name, info.number)
        if storage.create(path, _encode(info)) or _decode(storage.read(path)).token == info.token:
            for stored in list(storage.list(_FOLDER)):
                if stored.path.startswith(f"{_FOLDER}/{name}-") and stored.path < path:
                    storage.delete(stored.path)
            return info


def _latest(storage: Storage, name: str) -> LeaseInfo | None:
    paths = [stored.path for stored in storage.list(_FOLDER) if stored.path.startswith(f"{_FOLDER}/{name}-")]
    for path in sorted(paths, reverse=True):
        try:
            return _decode(storage.read(path))
        except NotFound:
            continue
    return None


def _write(storage: Storage, name: str, info: LeaseInfo) -> None:
    storage.write(_path(name, info.number), _encode(info))


def _path(name: str, number: int) -> str:
    return f"{_FOLDER}/{name}-{number:08d}.json"


def _encode(info: LeaseInfo) -> bytes:
    value = asdict(info)
    value["started"] = info.started.isoformat()
    value["renewed"] = info.renewed.isoformat()
    return json.dumps(value, indent=1).encode()


def _decode(data: bytes) -> LeaseInfo:
    value = json.loads(data)
    value["started"] = datetime.fromisoformat(value["started"])
    value["renewed"] = datetime.fromisoformat(value["renewed"])
    return LeaseInfo(**value)


def _process_mark(pid: int) -> str:
    """A mark of one life of one process, or ``""`` when there is no such process."""
    try:
        started = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        if Path("/proc/self").exists():
            return ""
        try:  # a system without /proc: the number alone must do
            os.kill(pid, 0)
        except ProcessLookupError:
            return ""
        except PermissionError:
            pass
        return f"pid-{pid}"
    return f"{boot}-{started}"
