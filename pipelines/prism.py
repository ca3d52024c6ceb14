"""Prism, Beam's local streaming engine, as a process of our own: found, started, ended, never downloaded."""

import contextlib
import ctypes
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.config import ConfigError

START_SECONDS = 30.0
"""It listens within a second; a loaded machine is given half a minute."""

HOW_TO_GET = (
    "Prism, the local streaming engine, was not found. Install it with "
    "`go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0` so that `prism` is on PATH, or name its binary "
    "with --prism_location=PATH. wirelake downloads nothing by itself."
)

_PR_SET_PDEATHSIG = 1


def find_prism(arguments: Sequence[str]) -> str:
    """The binary that the options name, else the one on PATH.

    Args:
        arguments: Beam options as given.

    Raises:
        ConfigError: there is none.
    """
    named = _value(arguments, "--prism_location")
    path = shutil.which(named) if named else shutil.which("prism")
    if path is None:
        raise ConfigError(f"--prism_location: {named!r} is no program. {HOW_TO_GET}" if named else HOW_TO_GET)
    return path


def _value(arguments: Sequence[str], option: str) -> str | None:
    for number, word in enumerate(arguments):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and number + 1 < len(arguments):
            return arguments[number + 1]
    return None


@contextlib.contextmanager
def running_prism(path: str, log: Path | None = None) -> Iterator[str]:
    """Run the engine while the block runs.

    It has a session of its own and does not hear what a terminal or `timeout` sends to a group, so that what was
    pulled is still written; on Linux it ends with this process however that ends.

    Args:
        path: its binary.
        log: where it writes; None: nowhere.

    Yields:
        The endpoint for jobs.

    Raises:
        ConfigError: it does not start.
    """
    port = _free_port()
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else subprocess.DEVNULL
        process = subprocess.Popen(  # noqa: S603 - the binary that the user named or has on PATH
            [path, f"--job_port={port}", "--serve_http=false", "--log_level=warn", "--log_kind=text"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        stack.callback(_end, process)
        _wait_for(process, port, path)
        yield f"localhost:{port}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait_for(process: "subprocess.Popen[bytes]", port: int, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ConfigError(f"{path} ended at once (code {process.returncode}); is it Beam's prism?")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise ConfigError(f"{path} does not listen after {START_SECONDS:.0f} seconds; is it Beam's prism?")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
