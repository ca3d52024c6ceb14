"""One unbounded run: watch the sources until told to stop, then write what was pulled and end."""

import contextlib
import datetime as dt
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import apache_beam as beam
import grpc

from pipelines.build import build
from pipelines.coders import register_coders
from pipelines.config import EngineError, IngestConfig
from pipelines.flink import LOOK_EVERY
from pipelines.messages import check_subscriptions
from pipelines.progress import ProgressLine
from pipelines.resident import releasing
from pipelines.runners import engine, keeps_drained_jobs
from pipelines.stopping import forget_stop, is_drained, tell_to_stop
from pipelines.summary import RunSummary, summarise
from pipelines.watching import WatchSources
from transforms.lake.lake import Lake, open_lake

REFRESH_SHARE = 5
"""Known rows are looked up anew so many times in a flush."""

REFRESH_RANGE = (dt.timedelta(seconds=1), dt.timedelta(seconds=30))
"""Between which bounds; each look costs a small read per shard and process."""

DRAIN_SECONDS = 0.5
"""Between two looks for the end of a stream that was told to stop."""

LAST_SECONDS = 15.0
"""For tidying up after a second signal: readers and the engine's threads are waited for five each."""

INTERRUPTED = 130
"""Exit code after an interrupt: 128 and SIGINT's number, as shells have it."""

NOT_DRAINED = "the job ended before all that was pulled was committed"
"""Said in place of a success that no step has vouched for."""


def refresh_for(flush: dt.timedelta) -> dt.timedelta:
    """How often a stream looks up what the lake knows."""
    least, most = REFRESH_RANGE
    return min(max(flush / REFRESH_SHARE, least), most)


def build_stream(pipeline: beam.Pipeline, config: IngestConfig) -> Any:
    """Wire the whole stream."""
    register_coders()
    looked = pipeline | "WatchSources" >> WatchSources(config)
    return build(looked | "SpreadInputs" >> beam.Reshuffle(), config)


def stream(config: IngestConfig, beam_options: Sequence[str] = ()) -> RunSummary:
    """Read the sources into the lake until SIGTERM or SIGINT.

    Args:
        config: of the run; the lake is made when there is none.
        beam_options: passed on to Beam.

    Returns:
        What the run did, read back from the lake.

    Raises:
        LakeBusy: another stream writes to the lake.
        LakeError: the lake cannot be written.
        ConfigError: the engine cannot stream.
        EngineError: the engine gave up; what was committed stays, the rest is read again next time.
    """
    check_subscriptions(config.sources)
    lake = open_lake(config.output, create=True, shards=config.shards)
    with (
        lake.hold_lease("wirelake stream"),
        engine(beam_options, streaming=True) as pipeline,
        ProgressLine(config.run_id, None),
        releasing(config.run_id),
    ):
        _take_over(lake, config.moment)
        keeps = keeps_drained_jobs(beam_options)
        # Prism hands all that waits to one call of a step, which would poll group after group; one polls all hosts
        build_stream(pipeline, replace(config, look_every=LOOK_EVERY) if keeps else replace(config, feed_tasks=1))
        with _stops(config) as told:
            try:
                result = pipeline.run()
                if keeps:
                    threading.Thread(target=_let_go, args=(result, config, told), daemon=True).start()
                result.wait_until_finish()
                if told.is_set() and not is_drained(config):
                    raise RuntimeError(NOT_DRAINED)
            except (RuntimeError, grpc.RpcError) as error:
                if not (keeps and is_drained(config)):
                    raise EngineError(_told(error)) from error
            finally:
                forget_stop(config)
    return summarise(lake, config.run_id, config.moment)


def submit_stream(config: IngestConfig, beam_options: Sequence[str]) -> Any:
    """Hand a stream to an engine elsewhere and return without waiting; the graph is that of ``stream``.

    A job that replaces a running one (``--update``) may be submitted while that one still holds the lease.

    Args:
        config: of the run; the lake is made when there is none.
        beam_options: name the engine (``--runner=DataflowRunner`` …).

    Returns:
        Beam's result.

    Raises:
        LakeBusy: another stream writes to the lake.
        LakeError: the lake cannot be opened.
    """
    lake = open_lake(config.output, create=True, shards=config.shards)
    if not any(word.partition("=")[0] == "--update" for word in beam_options):
        lake.require_no_stream(config.moment)
        _take_over(lake, config.moment)
    with engine(beam_options, streaming=True) as pipeline:
        build_stream(pipeline, replace(config, remote=True))
        return pipeline.run()


def _take_over(lake: Lake, now: dt.datetime) -> None:
    """Publish what an earlier run committed and did not publish; whoever only follows relies on it."""
    for name in lake.shard_names:
        lake.shard(name)
    lake.sweep_spool(now)


_OF_THE_LAKE = re.compile(r"transforms\.lake\.errors\.\w+: (?P<said>.*?)(?: \[while running '[^']*'\])?")
"""An error of the lake as engines hand it on; its message says what stays and what to do."""


def _told(error: Exception) -> str:
    """An engine's last words; it says them below the traceback of its worker, if any."""
    words = str(error.details()) if isinstance(error, grpc.Call) else str(error)
    lines = [line.strip() for line in words.splitlines() if line.strip()] or [type(error).__name__]
    of_the_lake = _OF_THE_LAKE.fullmatch(lines[-1])
    if of_the_lake:
        return of_the_lake["said"]
    return f"the engine gave up: {lines[-1]}; what was committed stays, the rest is read again next time"


def _let_go(result: Any, config: IngestConfig, told: threading.Event) -> None:
    """End a job whose engine would keep it, once the stream was told to stop and everything is durable."""
    told.wait()
    while not is_drained(config):
        time.sleep(DRAIN_SECONDS)
    result.cancel()


def _end_at_last() -> None:
    """End the process; Python by itself waits for steps that a dead disk or host keeps waiting."""
    time.sleep(LAST_SECONDS)
    os._exit(INTERRUPTED)


@contextlib.contextmanager
def _stops(config: IngestConfig) -> Iterator[threading.Event]:
    """Turn the first SIGTERM or SIGINT into a graceful end; the second one ends at once, whatever hangs.

    Yields:
        Set when the stream was told to stop.
    """
    told = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return

    def on_signal(number: int, _frame: object) -> None:
        if told.is_set():
            threading.Thread(target=_end_at_last, daemon=True).start()
            raise KeyboardInterrupt
        told.set()
        threading.Thread(target=tell_to_stop, args=(config,), daemon=True).start()
        name = signal.Signals(number).name
        sys.stderr.write(f"\n{name}: writing what was pulled, then ending; again to end at once\n")

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
