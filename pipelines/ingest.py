"""One bounded run: list the inputs, share them out, run the pipeline."""

import datetime as dt
import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import apache_beam as beam

from pipelines.build import build
from pipelines.coders import register_coders
from pipelines.config import IngestConfig
from pipelines.progress import ProgressLine
from pipelines.resident import releasing
from pipelines.runners import engine
from pipelines.summary import RunSummary, summarise
from pipelines.tasks import PullTask
from pipelines.watched import follow_feeds
from schemas.batch import Pulled
from schemas.document import Failure, Source
from transforms.lake.held import release_due
from transforms.lake.lake import Lake, open_lake, utc_now
from transforms.pull.addresses import host_of
from transforms.pull.children import with_children
from transforms.pull.sources import expand_sources
from transforms.write.files import write_tables

FILES_PER_TASK = 500
"""Files listed in one task: an engine spreads tasks, and tasks of this size cost it nothing."""

PULL_GROUPS = 8
"""Tasks among which a run on several machines shares its feeds: a few per machine, each with hosts of its own."""


def new_run_id(moment: dt.datetime) -> str:
    """A name for a run that sorts by time and meets no other."""
    return f"{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def make_tasks(config: IngestConfig, pull_groups: int = 1) -> list[PullTask]:
    """List a run's inputs and share them out.

    Args:
        config: of the run; what its lake remembers of sitemap indexes adds their children.
        pull_groups: tasks among which hosts are shared; a host is never in two.
    """
    inputs = expand_sources(config.sources)
    tasks: list[PullTask] = []

    def add(**content: object) -> None:
        tasks.append(PullTask(number=len(tasks), moment=config.moment, **content))  # type: ignore[arg-type]

    if inputs.failures:
        add(failed=tuple(_failed(failure, config.moment) for failure in inputs.failures))
    for start in range(0, len(inputs.files), FILES_PER_TASK):
        add(files=inputs.files[start : start + FILES_PER_TASK])
    known = with_children(inputs.feeds, follow_feeds(config).now()) if inputs.feeds else ()
    for feeds in share_by_host(known, pull_groups):
        add(feeds=feeds)
    return tasks


def share_by_host(feeds: Sequence[Source], groups: int) -> Iterable[tuple[Source, ...]]:
    """Share feeds out so that every host's feeds stay together."""
    shares: dict[int, list[Source]] = defaultdict(list)
    for feed in feeds:
        digest = hashlib.blake2b(host_of(feed.address).encode(), digest_size=4).digest()
        shares[int.from_bytes(digest) % groups].append(feed)
    return [tuple(shares[number]) for number in sorted(shares)]


def _failed(failure: Failure, moment: dt.datetime) -> Pulled:
    return Pulled(
        source=Source(address=failure.input),
        input=failure.input,
        fetched_at=moment,
        data=failure.raw,
        outcome=failure.code,
        error=failure.error,
    )


def ingest(config: IngestConfig, beam_options: Sequence[str] = ()) -> RunSummary:
    """Read all inputs into the lake.

    Args:
        config: of the run; the lake is made when there is none.
        beam_options: passed on to Beam.

    Returns:
        What the run did, read back from the lake.

    Raises:
        LakeError: the lake cannot be written.
    """
    lake = _ready(config)
    tasks = make_tasks(config)
    total = sum(len(task.files) + len(task.feeds) + len(task.failed) for task in tasks)
    try:
        with engine(beam_options) as pipeline, ProgressLine(config.run_id, total), releasing(config.run_id):
            build_ingest(pipeline, tasks, config)
            pipeline.run().wait_until_finish()
    finally:
        lake.spool_delete_run(config.run_id)  # after a failure too: a full disk must not fill up with what is left
    return summarise(lake, config.run_id, config.moment)


def submit(config: IngestConfig, beam_options: Sequence[str]) -> Any:
    """Hand a run to an engine elsewhere and return without waiting; the graph is that of ``ingest``.

    Args:
        config: of the run; the lake is made when there is none.
        beam_options: name the engine (``--runner=DataflowRunner`` …).

    Returns:
        Beam's result.

    Raises:
        LakeBusy: a stream writes to the lake.
        LakeError: the lake cannot be opened.
    """
    _ready(config)
    tasks = make_tasks(config, PULL_GROUPS)
    with engine(beam_options) as pipeline:
        build_ingest(pipeline, tasks, config)
        return pipeline.run()


def build_ingest(pipeline: beam.Pipeline, tasks: Sequence[PullTask], config: IngestConfig) -> Any:
    """Wire the whole bounded run."""
    register_coders()
    listed = pipeline | "ListInputs" >> beam.Create(tasks).with_output_types(PullTask)
    return build(listed | "SpreadInputs" >> beam.Reshuffle(), config)


def _ready(config: IngestConfig) -> Lake:
    """The lake, opened, without a stream on it, tidied, with due rows released."""
    lake = open_lake(config.output, create=True, shards=config.shards)
    lake.require_no_stream(config.moment)
    lake.sweep_spool(config.moment)
    release_due(lake, write_tables, utc_now)
    return lake
