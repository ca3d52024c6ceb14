import datetime as dt
from pathlib import Path

import pytest

from pipelines.config import IngestConfig
from pipelines.ingest import ingest, new_run_id
from pipelines.summary import RunSummary
from tests.pipelines.samples import Ingest


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def run(lake: Path) -> Ingest:
    """Ingest sources into the test's lake with one reading process."""

    def run(*sources: Path | str, **options: object) -> RunSummary:
        moment = dt.datetime.now(dt.UTC)
        values = {"workers": 1, "output": str(lake), "moment": moment, **options}
        config = IngestConfig(
            sources=tuple(map(str, sources)),
            run_id=new_run_id(moment),
            **values,  # type: ignore[arg-type]
        )
        return ingest(config)

    return run
