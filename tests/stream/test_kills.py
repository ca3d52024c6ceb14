"""Killed again and again while it commits, with a reader looking on: no story lost, none doubled.

Every kill waits until a process stands in a window of the commit protocol (`widened.py` holds them open).
"""

import os
import signal
from itertools import cycle, islice
from pathlib import Path

import pytest

from pipelines.prism import running_prism
from tests.engines.flink import cluster, job_server, needs_flink, worker_pool
from tests.stream.killing import Feeder, Onlooker, Windows, assert_exact
from tests.stream.running import PRISM, Running, needs_prism, rows, start
from tests.stream.widened import WINDOWS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

KILLS = int(os.environ.get("WIRELAKE_STREAM_KILLS", "20"))

ENGINE_KILLS = int(os.environ.get("WIRELAKE_ENGINE_KILLS", "3"))
"""Of each kind, on engines with workers of their own."""

PROGRAM = (str(Path(__file__).with_name("widened.py")),)
WORKER = Path(__file__).parents[1] / "engines/widened_worker.py"


def end_well(running: Running, feeder: Feeder, lake: Path) -> None:
    """Wait until everything is readable, stop, and see that it ends well."""
    try:
        running.wait_for(lambda: len(rows(lake)) + len(rows(lake, "repeats")) >= feeder.number)
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output


@needs_prism
def test_kills_of_the_whole_group_lose_and_double_nothing(tmp_path: Path) -> None:
    growing, lake, windows = tmp_path / "items.jsonl", tmp_path / "lake", Windows(tmp_path / "windows")
    feeder = Feeder(growing)

    def begin() -> Running:
        arguments = (growing, "--output", lake, "--flush", "0.5s", "--workers", 1)
        return start(*arguments, program=PROGRAM, **windows.environment)

    with Onlooker(lake) as onlooker:
        with feeder:
            for name in islice(cycle(WINDOWS), 2 * KILLS):
                if len(windows.hits) == KILLS:
                    break
                running = begin()
                try:
                    running.wait_for(lambda name=name: windows.open(name), every=0.002)
                finally:
                    running.kill()
                windows.note(name)
        end_well(begin(), feeder, lake)
    assert onlooker.problems == []
    assert onlooker.looks > KILLS
    assert_exact(lake, feeder.number)
    assert len(windows.hits) == KILLS, windows.hits


@needs_prism
def test_kills_of_a_python_worker_on_prism_lose_and_double_nothing(tmp_path: Path) -> None:
    growing, lake, windows = tmp_path / "items.jsonl", tmp_path / "lake", Windows(tmp_path / "windows")
    feeder = Feeder(growing)
    with (
        running_prism(str(PRISM)) as endpoint,
        worker_pool(tmp_path, WORKER, **windows.environment) as pool,
        Onlooker(lake) as onlooker,
    ):
        engine = external("PrismRunner", endpoint, pool)

        def begin() -> Running:
            return start(growing, "--output", lake, "--flush", "0.5s", "--workers", 1, engine=engine)

        with feeder:
            for name in islice(cycle(WINDOWS), ENGINE_KILLS):
                running = begin()
                try:
                    running.wait_for(lambda name=name: windows.kill_in(name), every=0.002)
                    windows.note(name)
                    code, output = running.end()
                finally:
                    running.kill()
                assert code == 2, output  # its job is lost, and it says so
        end_well(begin(), feeder, lake)
    assert onlooker.problems == []
    assert_exact(lake, feeder.number)
    assert len(windows.hits) >= ENGINE_KILLS - 1, "a process may leave a window while it is killed"


@needs_flink
def test_kills_of_workers_and_task_managers_on_flink_lose_and_double_nothing(tmp_path: Path) -> None:
    growing, lake, windows = tmp_path / "items.jsonl", tmp_path / "lake", Windows(tmp_path / "windows")
    feeder = Feeder(growing)
    with (
        cluster(tmp_path) as flink,
        job_server(tmp_path, f"localhost:{flink.port}", heap="512m") as endpoint,
        worker_pool(tmp_path, WORKER, WIRELAKE_TEST_PAUSE="0.15", **windows.environment) as pool,
        Onlooker(lake) as onlooker,
    ):
        engine = [*external("FlinkRunner", endpoint, pool), "--checkpointing_interval=2000", "--parallelism=2"]
        arguments = (growing, "--output", lake, "--flush", "0.5s", "--workers", 1)
        running = start(*arguments, engine=engine, patience=300)
        try:
            with feeder:
                for number, name in enumerate(islice(cycle(WINDOWS), 4 * ENGINE_KILLS)):
                    if len(windows.hits) >= 2 * ENGINE_KILLS:
                        break
                    before, seen, restored = flink.checkpoints(), len(onlooker.seen), flink.checkpoints("restored")
                    running.wait_for(lambda before=before: flink.checkpoints() > before)
                    running.wait_for(lambda seen=seen: len(onlooker.seen) > seen)
                    if number % 2:
                        running.wait_for(lambda name=name: windows.kill_in(name), every=0.002)
                        windows.note(name)
                    else:
                        assert flink.task_manager is not None
                        running.wait_for(lambda name=name: windows.open(name), every=0.002)
                        os.killpg(flink.task_manager.process.pid, signal.SIGKILL)
                        windows.note(name)
                        flink.task_manager.kill()
                        flink.start_task_manager()

                    def felt(name: str = name, worker: int = number % 2, restored: int = restored) -> bool:
                        if worker:  # the one that was hit may have been left over from a TaskManager that died
                            windows.kill_in(name)
                        return flink.checkpoints("restored") > restored

                    running.wait_for(felt)
            end_well(running, feeder, lake)
        finally:
            running.kill()
    assert onlooker.problems == []
    assert_exact(lake, feeder.number)
    assert len(windows.hits) >= 2 * ENGINE_KILLS, windows.hits


def external(runner: str, endpoint: str, pool: str) -> list[str]:
    """Beam options for workers in processes of their own."""
    options = [f"--runner={runner}", f"--job_endpoint={endpoint}"]
    return [*options, "--environment_type=EXTERNAL", f"--environment_config={pool}"]
