"""Killed again and again while it commits, with a reader looking on: no story lost, none doubled."""

import random
import threading
import time
from pathlib import Path
from typing import Self

import pandas as pd
import pytest

from tests.stream.running import needs_prism, rows, start
from tests.stream.test_prism import lines
from transforms.lake.lake import open_lake

pytestmark = [pytest.mark.slow, needs_prism, pytest.mark.timeout(1800)]

KILLS = 20

PROGRAM = (str(Path(__file__).with_name("widened.py")),)


class Onlooker:
    """Polls the lake with pandas; every row it ever saw must stay, once."""

    def __init__(self, lake: Path) -> None:
        self._lake = lake
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.seen: set[str] = set()
        self.problems: list[str] = []
        self.looks = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.3):
            try:
                found = rows(self._lake)
            except Exception as error:  # noqa: BLE001 - whatever a reader meets is the finding
                self.problems.append(f"pandas: {error!r}")
                continue
            self.looks += 1
            ids = set(found.row_id)
            if not found.row_id.is_unique:
                self.problems.append(f"doubled: {found.row_id[found.row_id.duplicated()].tolist()}")
            if self.seen - ids:
                self.problems.append(f"vanished: {sorted(self.seen - ids)[:5]}")
            self.seen |= ids


def test_twenty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    growing, lake = tmp_path / "items.jsonl", tmp_path / "lake"
    growing.touch()
    rng = random.Random(7)
    arguments = (growing, "--output", lake, "--flush", "0.5s", "--workers", 1)
    number = 0
    with Onlooker(lake) as onlooker:
        for _ in range(KILLS):
            running = start(*arguments, program=PROGRAM)
            ends = time.monotonic() + 8 + rng.random() * 6
            while time.monotonic() < ends and running.process.poll() is None:
                with growing.open("a") as stream:
                    stream.write(lines(*range(number, number + 4)))
                number += 4
                time.sleep(rng.random())
            assert running.process.poll() is None, running.process.communicate()[0]
            running.kill()
        running = start(*arguments, program=PROGRAM)
        try:
            running.wait_for(lambda: len(rows(lake)) + len(rows(lake, "repeats")) >= number)
            code, output = running.stop()
        finally:
            if running.process.poll() is None:
                running.kill()
        assert code == 0, output
    assert onlooker.problems == []
    assert onlooker.looks > KILLS
    found = pd.concat([rows(lake), rows(lake, "repeats")])
    assert sorted(found.guid, key=lambda guid: int(guid.rpartition("-")[2])) == [f"coast-{n}" for n in range(number)]
    assert not any(open_lake(str(lake)).storage.list("_staging/commit"))
