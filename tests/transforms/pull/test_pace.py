import asyncio

import pytest

from transforms.pull.pace import HostPaces


class Street:
    """Requests that take a second each on a clock of their own."""

    def __init__(self, at_once: int, gap: float = 0.0) -> None:
        self.now = 0.0
        self.under_way: list[str] = []
        self.most = 0
        self.begun: list[tuple[str, float]] = []
        self.paces = HostPaces(gap, at_once=at_once, sleep=self.sleep, monotonic=lambda: self.now)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    async def ask(self, host: str) -> None:
        async with self.paces.turn(host):
            assert host not in self.under_way
            self.under_way.append(host)
            self.begun.append((host, self.now))
            self.most = max(self.most, len(self.under_way))
            for _ in range(5):
                await asyncio.sleep(0)
            self.under_way.remove(host)

    def ask_all(self, *hosts: str) -> None:
        async def main() -> None:
            await asyncio.gather(*(self.ask(host) for host in hosts))

        asyncio.run(main())


@pytest.mark.parametrize("at_once", [1, 3, 40])
def test_no_more_requests_at_once_than_the_limit(at_once: int) -> None:
    street = Street(at_once)
    street.ask_all(*(f"h{number % 20}.example" for number in range(60)))
    assert street.most == min(at_once, 20)
    assert len(street.begun) == 60


def test_a_host_rests_between_two_requests_and_a_slower_one_longer() -> None:
    street = Street(8, gap=2.0)
    street.paces.slow_down("slow.example", 30.0)
    street.paces.slow_down("slow.example", 5.0)
    street.ask_all("a.example", "a.example", "a.example")
    assert [moment for _, moment in street.begun] == [0.0, 2.0, 4.0]
    street = Street(8, gap=2.0)
    street.paces.slow_down("slow.example", 30.0)
    street.ask_all("slow.example", "slow.example")
    assert [moment for _, moment in street.begun] == [0.0, 30.0]
