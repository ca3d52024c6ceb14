"""Answers on their way from the thread that polls to the one that reads them, bounded in number and bytes."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from schemas.batch import Pulled

WAITING = 256
"""Answers fetched and not yet taken over."""

WAITING_BYTES = 64 * 1024 * 1024
"""Their bytes: bounds memory when reading is slower than the network."""


class Handover:
    """A queue between an event loop, which puts, and a thread, which takes."""

    def __init__(self) -> None:
        """Begin empty and open."""
        self._changed = threading.Condition()
        self._found: deque[Pulled] = deque()
        self._bytes = 0
        self._ended = False
        self._error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._room: asyncio.Event | None = None

    def open(self) -> None:
        """Called once inside the event loop, before anything is put."""
        self._loop, self._room = asyncio.get_running_loop(), asyncio.Event()
        self._room.set()

    async def room(self) -> None:
        """Wait until so much has been taken that there is room again."""
        assert self._room is not None
        await self._room.wait()

    def put(self, pulled: Pulled) -> None:
        """Hand one over; always succeeds, so that nothing fetched is lost."""
        assert self._room is not None
        with self._changed:
            self._found.append(pulled)
            self._bytes += len(pulled.data or b"")
            if len(self._found) >= WAITING or self._bytes >= WAITING_BYTES:
                self._room.clear()
            self._changed.notify()

    def end(self, error: BaseException | None = None) -> None:
        """Nothing more will come; an error is raised where the answers are taken."""
        with self._changed:
            self._ended, self._error = True, error
            self._changed.notify()

    def taken(self) -> Iterator[Pulled]:
        """Take answers as they come, until the end.

        Raises:
            BaseException: what ended the other side.
        """
        while True:
            with self._changed:
                while not self._found and not self._ended:
                    self._changed.wait()
                if not self._found:
                    if self._error is not None:
                        raise self._error
                    return
                batch = list(self._found)
                self._found.clear()
                self._bytes = 0
                if self._loop is not None and self._room is not None and not self._room.is_set():
                    with contextlib.suppress(RuntimeError):  # the loop closed: nobody waits for room any more
                        self._loop.call_soon_threadsafe(self._room.set)
            yield from batch
