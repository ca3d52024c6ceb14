"""Failures and archived bytes read again: the same pipeline behind another source."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipelines.committing import StoryCommitter
from pipelines.config import IngestConfig
from pipelines.differing import differing
from pipelines.pool import ReaderPool, ReaderProcesses, ReaderSettings
from pipelines.reading import Reading
from schemas.batch import DocumentOutcome, DocumentReport, Pulled, RowBatch
from schemas.document import RawDocument
from schemas.identity import hash_parts
from transforms.lake.lake import open_lake, utc_now
from transforms.lake.replay import FailureKey, Lost, Replayable, archived_documents, failed_documents, retire_failures
from transforms.write.files import write_tables


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did.

    Attributes:
        documents: read again.
        rows: new ones in the lake.
        unchanged: items that the lake holds already.
        ended: failures that are rows now.
        failing: documents that fail as before.
        lost: failures whose bytes are not there.
        differing: rows of the lake that would read otherwise today; they stay as they are.
        columns: in how many of these each column differs.
    """

    documents: int
    rows: int
    unchanged: int
    ended: int
    failing: int
    lost: int
    differing: int
    columns: Mapping[str, int]


def replay(lake_uri: str, run_id: str, moment: dt.datetime, *, archive: bool, workers: int = 0) -> Replayed:
    """Read failures (and the archive) again and commit what is new.

    Args:
        lake_uri: the lake.
        run_id: of this replay.
        moment: aware UTC.
        archive: also every archived document.
        workers: reading processes.
    """
    lake = open_lake(lake_uri)
    lake.require_no_stream(moment)
    found = list(failed_documents(lake))
    lost = sum(isinstance(one, Lost) for one in found)
    again = [one for one in found if isinstance(one, Replayable)]
    if archive:
        known = {(one.document.input, one.document.fetched_at) for one in again}
        again += [one for one in archived_documents(lake) if (one.document.input, one.document.fetched_at) not in known]
    config = IngestConfig(sources=(), output=lake_uri, run_id=run_id, moment=moment, workers=workers)
    try:
        batches, reports = _read(config, (one.document for one in again))
        differ, columns = differing(lake, batches)
        outcomes = _commit(config, batches, moment)
    finally:
        lake.spool_delete_run(run_id)
    by_name = {(report.input, report.fetched_at): report for report in reports}
    ended: list[FailureKey] = []
    failing = 0
    for one in again:
        report = by_name[one.document.input, one.document.fetched_at]
        failing += bool(report.failures)
        if not report.failures:
            ended += one.failures
    retired = retire_failures(lake, write_tables, utc_now, ended) if ended else 0
    rows = sum(one.kept + one.repeats + one.held for one in outcomes)
    unchanged = sum(one.repolled for one in outcomes) + sum(report.repolled for report in reports)
    return Replayed(len(again), rows, unchanged, retired, failing, lost, differ, columns)


def _read(config: IngestConfig, documents: Iterable[RawDocument]) -> tuple[list[RowBatch], list[DocumentReport]]:
    processes = ReaderProcesses(
        ReaderSettings(
            config.output, workers=config.workers, least=config.pull.min_interval, run_id=config.run_id, anew=True
        )
    )
    pool = ReaderPool(processes)
    batches: list[RowBatch] = []
    reports: list[DocumentReport] = []

    def take(readings: Iterator[Reading]) -> None:
        for reading in readings:
            batches.extend(reading.batches)
            reports.extend(reading.reports)

    try:
        for document in documents:
            pulled = Pulled(
                source=document.source,
                input=document.input,
                fetched_at=document.fetched_at,
                data=document.data,
                content_type=document.content_type,
                final_url=document.final_url,
            )
            take(pool.add(pulled, len(document.data)))
        take(pool.finish())
    finally:
        processes.close()
    return batches, reports


def _commit(config: IngestConfig, batches: list[RowBatch], now: dt.datetime) -> list[DocumentOutcome]:
    """Decide on the batches under names of this replay: their old names were answered long ago."""
    committer = StoryCommitter(config)
    outcomes: list[DocumentOutcome] = []
    for shard in sorted({batch.shard for batch in batches}):
        mine = [
            replace(batch, batch_id=hash_parts("replay", (batch.batch_id, config.run_id)))
            for batch in batches
            if batch.shard == shard
        ]
        outcomes += committer.commit(shard, mine, now)
    return outcomes
