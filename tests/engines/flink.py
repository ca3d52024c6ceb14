"""Flink for tests: its own processes on this machine, small, watched, and ended with the block that started them.

``python -m tests.engines.flink`` runs a job server until Ctrl-C and says how to name it.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.prism import _die_with_parent, _free_port

ROOT = Path(__file__).parents[2]
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
FLINK = Path(os.environ.get("WIRELAKE_FLINK") or _CACHE / "wirelake-ci/flink")
CLASS_PATH = FLINK / "job-server.classpath"
CLUSTER_JARS = FLINK / "cluster/pyflink/lib"

PATIENCE = 120.0
"""Seconds that a loaded machine may take to start a Java process that starts in five."""

SLOTS = 2

OPENED = (
    "lang",
    "lang.reflect",
    "net",
    "io",
    "nio",
    "text",
    "time",
    "util",
    "util.concurrent",
    "util.concurrent.atomic",
)
OPENS = [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in OPENED]
"""Java 17 closes what Flink 1.19 looks into."""

JAVA = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
"""One thread to collect, and no second compiler: what runs for a minute is done before that one pays."""

TASK_MANAGER_MEMORY = {
    "taskmanager.memory.framework.heap.size": "64m",
    "taskmanager.memory.task.heap.size": "896m",
    "taskmanager.memory.framework.off-heap.size": "64m",
    "taskmanager.memory.task.off-heap.size": "64m",
    "taskmanager.memory.managed.size": "64m",
    "taskmanager.memory.network.min": "32m",
    "taskmanager.memory.network.max": "32m",
    "taskmanager.memory.jvm-metaspace.size": "256m",
    "taskmanager.memory.jvm-overhead.min": "64m",
    "taskmanager.memory.jvm-overhead.max": "64m",
    "taskmanager.cpu.cores": "2",
}
"""Every part by hand: Flink's own scripts work them out, its processes do not."""

LOGGING = """
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} %m%n
"""


def _missing() -> str | None:
    if shutil.which("java") is None:
        return "needs Java 17 for Flink"
    if not CLASS_PATH.exists() or not CLUSTER_JARS.is_dir():
        return f"needs Flink in {FLINK} (or WIRELAKE_FLINK): tests/engines/install-flink fetches it, given mvn and pip"
    return None


needs_flink = pytest.mark.skipif(_missing() is not None, reason=_missing() or "")


class Program:
    """A process of its own group that ends with this one; what it says is kept in a file."""

    def __init__(self, command: Sequence[str], log: Path, **environment: str) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env={**os.environ, **environment},
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )

    def kill(self) -> None:
        """End its group without a chance to tidy up."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds, as long as the process lives."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            said = self.log.read_text(errors="replace")[-3000:]
            assert self.process.poll() is None, f"{self.log.name} ended with {self.process.returncode}:\n{said}"
            assert time.monotonic() < deadline, f"{self.log.name}: not within the time:\n{said}"
            time.sleep(0.1)


def _logging_to_console(folder: Path) -> str:
    path = folder / "log4j2.properties"
    path.write_text(LOGGING)
    return f"-Dlog4j2.configurationFile={path}"


def _listens(port: int) -> bool:
    import socket

    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def job_server(folder: Path, master: str = "[local]", heap: str = "1g") -> Iterator[str]:
    """Beam's job server; with ``[local]``, Flink runs inside it.

    Yields:
        Its endpoint.
    """
    port, artifacts = _free_port(), _free_port()
    loggers = [str(jar) for jar in CLUSTER_JARS.glob("log4j-*.jar")]
    program = Program(
        [
            *JAVA,
            f"-Xmx{heap}",
            _logging_to_console(folder),
            *OPENS,
            "-cp",
            ":".join([CLASS_PATH.read_text().strip(), *loggers]),
            "org.apache.beam.runners.flink.FlinkJobServerDriver",
            f"--flink-master={master}",
            "--job-host=localhost",
            f"--job-port={port}",
            f"--artifact-port={artifacts}",
            "--expansion-port=0",
            f"--artifacts-dir={folder / 'artifacts'}",
        ],
        folder / "job-server.log",
    )
    try:
        program.wait_for(lambda: _listens(port))
        yield f"localhost:{port}"
    finally:
        program.kill()


class Cluster:
    """A JobManager and TaskManagers that can be killed and started anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._started = 0
        settings = {
            "jobmanager.rpc.address": "localhost",
            "jobmanager.rpc.port": str(_free_port()),
            "jobmanager.bind-host": "localhost",
            "rest.address": "localhost",
            "rest.bind-address": "localhost",
            "rest.port": str(self.port),
            "taskmanager.host": "localhost",
            "taskmanager.bind-host": "localhost",
            "taskmanager.numberOfTaskSlots": str(SLOTS),
            **TASK_MANAGER_MEMORY,
            "parallelism.default": "1",
            "heartbeat.interval": "2000",
            "heartbeat.timeout": str(int(PATIENCE * 1000)),  # the dead refuse connections, which tells within 4 s
            "state.checkpoints.dir": (folder / "checkpoints").as_uri(),
            "restart-strategy.type": "fixed-delay",
            "restart-strategy.fixed-delay.attempts": "1000",
            "restart-strategy.fixed-delay.delay": "1 s",
        }
        (folder / "flink-conf.yaml").write_text("".join(f"{name}: {value}\n" for name, value in settings.items()))
        self.job_manager = self._java("entrypoint.StandaloneSessionClusterEntrypoint", "job-manager", "512m")
        self.task_manager: Program | None = None

    def _java(self, name: str, log: str, heap: str) -> Program:
        return Program(
            [
                *JAVA,
                f"-Xmx{heap}",
                "-XX:MaxMetaspaceSize=256m",
                _logging_to_console(self.folder),
                *OPENS,
                "-cp",
                f"{CLUSTER_JARS}/*",
                f"org.apache.flink.runtime.{name}",
                "--configDir",
                str(self.folder),
            ],
            self.folder / f"{log}.log",
        )

    def start_task_manager(self) -> Program:
        """Start one and wait until the cluster counts its slots."""
        self.job_manager.wait_for(lambda: _listens(self.port))
        self._started += 1
        name = f"task-manager-{self._started}"
        self.task_manager = self._java("taskexecutor.TaskManagerRunner", name, "1g")
        self.task_manager.wait_for(lambda: self.ask("/overview")["slots-total"] >= SLOTS)
        return self.task_manager

    def ask(self, path: str) -> Any:
        """A question to the cluster's REST interface."""
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=10) as answer:
                return json.load(answer)
        except OSError:
            return {"slots-total": 0, "jobs": [], "counts": {"completed": 0, "restored": 0}}

    def checkpoints(self, count: str = "completed") -> int:
        """Checkpoints of the running job: completed, failed, restored from."""
        running = [job["id"] for job in self.ask("/jobs")["jobs"] if job["status"] in ("RUNNING", "RESTARTING")]
        return int(self.ask(f"/jobs/{running[0]}/checkpoints")["counts"][count]) if running else 0

    def end(self) -> None:
        """End all of it."""
        if self.task_manager is not None:
            self.task_manager.kill()
        self.job_manager.kill()


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster with one TaskManager, for as long as the block runs."""
    running = Cluster(folder)
    try:
        running.start_task_manager()
        yield running
    finally:
        running.end()


@contextlib.contextmanager
def worker_pool(folder: Path, program: Path, **environment: str) -> Iterator[str]:
    """Beam's worker pool, which starts ``program`` for each worker that an engine asks for.

    Yields:
        Its address, for ``--environment_type=EXTERNAL --environment_config=ADDRESS``.
    """
    port = _free_port()
    starter = folder / "start-worker"
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n')
    starter.chmod(0o755)
    pool = Program(
        [
            sys.executable,
            "-m",
            "apache_beam.runners.worker.worker_pool_main",
            f"--service_port={port}",
            f"--container_executable={starter}",
        ],
        folder / "worker-pool.log",
        PYTHONPATH=str(ROOT),
        **environment,
    )
    try:
        pool.wait_for(lambda: _listens(port))
        yield f"localhost:{port}"
    finally:
        pool.kill()


def main() -> None:
    """A job server with Flink inside it, until Ctrl-C."""
    with tempfile.TemporaryDirectory() as folder, job_server(Path(folder)) as endpoint:
        sys.stdout.write(f"--runner=FlinkRunner --job_endpoint={endpoint}\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
