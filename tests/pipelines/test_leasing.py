import datetime as dt
from pathlib import Path

import pytest

from pipelines.config import IngestConfig
from pipelines.leasing import WorkerLease
from transforms.lake.errors import LakeBusy
from transforms.lake.lake import open_lake

NOON = dt.datetime(2026, 2, 16, 12, tzinfo=dt.UTC)


@pytest.fixture
def config(tmp_path: Path) -> IngestConfig:
    open_lake(str(tmp_path / "lake"), create=True)
    return IngestConfig(sources=("feeds",), output=str(tmp_path / "lake"), run_id="run", moment=NOON, remote=True)


def test_a_worker_that_looks_tells_batches_that_a_stream_runs(config):
    lease = WorkerLease(config)
    assert lease.keep(NOON)
    assert lease.keep(NOON + dt.timedelta(seconds=1))
    with pytest.raises(LakeBusy, match="stream on Dataflow"):
        open_lake(config.output).require_no_stream(dt.datetime.now(dt.UTC))
    lease.close()
    open_lake(config.output).require_no_stream(dt.datetime.now(dt.UTC))


def test_a_worker_that_cannot_have_it_streams_on_and_asks_again(config):
    first, second = WorkerLease(config), WorkerLease(config)
    assert first.keep(NOON)
    assert not second.keep(NOON)
    first.close()
    assert not second.keep(NOON + dt.timedelta(seconds=5)), "not at every look"
    assert second.keep(NOON + dt.timedelta(seconds=30))
    second.close()
