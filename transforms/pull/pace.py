"""Turns: one request at a time to a host, a pause between two, and a limit over all hosts.

Hosts are told apart by name, ports and schemes aside. Not by address: thousands of unrelated publishers stand behind
the addresses of one content network, and one name may have many.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MAX_AT_ONCE = 256
"""Requests under way at once: sockets and memory of a small machine."""


class HostSilencedError(Exception):
    """A host that asked all of its callers to wait; ``seconds`` says for how long still."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} asked to wait; not asked for another {seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True)
class _Place:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = float("-inf")
    gap: float = 0.0
    silent_until: float = float("-inf")


class HostPaces:
    """Who may ask when, within one run."""

    def __init__(
        self,
        gap: float,
        *,
        at_once: int = MAX_AT_ONCE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float],
    ) -> None:
        """Set up an empty street.

        Args:
            gap: seconds between the end of one request to a host and the start of the next.
            at_once: requests under way at once, over all hosts.
            sleep: waits for seconds.
            monotonic: a clock in seconds that never goes back.
        """
        self._gap = gap
        self._all = asyncio.Semaphore(at_once)
        self._sleep = sleep
        self._monotonic = monotonic
        self._places: dict[str, _Place] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a host to be free and its pause to be over; it is taken until the block ends.

        Raises:
            HostSilencedError: the host asked to wait.
        """
        place = self._places.setdefault(host, _Place())
        async with place.lock:
            silent = place.silent_until - self._monotonic()
            if silent > 0:
                raise HostSilencedError(host, silent)
            wait = place.free_at - self._monotonic()
            if wait > 0:
                await self._sleep(wait)
            async with self._all:
                try:
                    yield
                finally:
                    place.free_at = self._monotonic() + max(self._gap, place.gap)

    def slow_down(self, host: str, gap: float) -> None:
        """Keep at least this pause, in seconds, between requests to a host."""
        place = self._places.setdefault(host, _Place())
        place.gap = max(place.gap, gap)

    def silence(self, host: str, seconds: float) -> None:
        """Ask a host nothing more for some seconds."""
        place = self._places.setdefault(host, _Place())
        place.silent_until = max(place.silent_until, self._monotonic() + seconds)
