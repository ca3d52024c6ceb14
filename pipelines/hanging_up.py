"""The end of an engine's worker in this process, without the noise.

An engine beside this process (Prism, Flink with LOOPBACK) hangs up on its workers when a job is done; Beam's worker
threads take that for a failure and print it. Real failures reach the job's state, which is what wirelake reports.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc

THREADS = ("read_state", "read_grpc_client_inputs", "run_worker_", "wait_until_finish_")
"""Beginnings of the names that Beam gives the threads of its worker, and of those that follow a job."""

LOGGER = "apache_beam.runners.worker.data_plane"
"""Where Beam's worker logs that a connection ended."""

PATIENCE = 5.0
"""Seconds for the threads to notice; they do within milliseconds."""

_HANG_UPS = (grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE)


def is_hang_up(error: BaseException | None) -> bool:
    """Whether an error says that the other side of a connection has left."""
    return isinstance(error, grpc.RpcError) and isinstance(error, grpc.Call) and error.code() in _HANG_UPS


def _is_worker_thread(thread: threading.Thread | None) -> bool:
    return thread is not None and thread.name.startswith(THREADS)


def _tells_more(record: logging.LogRecord) -> bool:
    return not (record.exc_info and is_hang_up(record.exc_info[1]))


@contextmanager
def quiet_hang_ups() -> Iterator[None]:
    """Keep hang-ups of worker threads to themselves while the block runs and until they have ended."""
    before = threading.excepthook

    def hook(arguments: Any) -> None:
        if not (_is_worker_thread(arguments.thread) and is_hang_up(arguments.exc_value)):
            before(arguments)

    logger = logging.getLogger(LOGGER)
    logger.addFilter(_tells_more)
    threading.excepthook = hook
    try:
        yield
    finally:
        until = time.monotonic() + PATIENCE
        for thread in filter(_is_worker_thread, threading.enumerate()):
            thread.join(max(until - time.monotonic(), 0))
        threading.excepthook = before
        logger.removeFilter(_tells_more)
