"""Lakes of every format that was ever released are read and continued; each stays here as it was written."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.pipelines.samples import Ingest
from transforms.lake.current import current

LAKES = Path(__file__).parent.parent / "data" / "lakes"


@pytest.mark.parametrize("version", sorted(path.name for path in LAKES.glob("v*")))
def test_an_old_lake_reads_and_goes_on(version: str, lake: Path, run: Ingest) -> None:
    shutil.copytree(LAKES / version, lake)
    before = pd.read_parquet(lake / "stories")
    assert sorted(before["guid"]) == ["1", "2"]
    assert current(str(lake)).num_rows == 2
    summary = run(LAKES / "input" / "coast.xml")
    assert (summary.kept, summary.repolled) == (0, 2)
    assert len(pd.read_parquet(lake / "stories")) == 2
