"""Held rows are released by whoever looks at a stream's sources, in the committing process or beside it."""

import datetime as dt
import json
from pathlib import Path

import pytest

from pipelines.committing import RELEASE_EVERY, StoryCommitter
from pipelines.config import IngestConfig
from pipelines.pool import ReaderSettings, build_reader
from schemas.batch import Pulled
from schemas.document import Source
from transforms.lake.lake import Lake, open_lake

START = dt.datetime(2026, 2, 17, 6, tzinfo=dt.UTC)
DUE = START + dt.timedelta(minutes=30)

SUBJECTS = ("", "The budget spares the lifeboats", "Strike ends at two ferry lines", "A bridge is shut for repairs")


def ninjs(number: int, embargo: dt.datetime | None) -> bytes:
    return json.dumps(
        {
            "uri": f"urn:coast:{number}",
            "type": "text",
            "versioncreated": START.isoformat(),
            "headline": SUBJECTS[number],
            "body_text": f"{SUBJECTS[number]}, said whoever speaks for it on the coast.",
            **({"embargoed": embargo.isoformat()} if embargo else {}),
        }
    ).encode()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return open_lake(str(tmp_path / "lake"), create=True)


def committer(lake: Lake) -> StoryCommitter:
    return StoryCommitter(IngestConfig(sources=(), output=lake.uri, run_id="release", moment=START))


def commit(lake: Lake, one: StoryCommitter, now: dt.datetime, *documents: bytes) -> None:
    reader = build_reader(ReaderSettings(lake.uri, workers=1))
    for number, document in enumerate(documents):
        found = reader.read([Pulled(Source(f"{number}.json"), f"{number}.json", now, data=document)])
        for batch in found.batches:
            one.commit(batch.shard, [batch], now)


def rows(lake: Lake, table: str) -> int:
    return int(lake.read(table).num_rows)


@pytest.mark.parametrize("apart", [False, True], ids=["the committing process", "another process"])
def test_a_row_is_released_when_it_is_due_and_not_before(lake: Lake, apart: bool) -> None:
    commits = committer(lake)
    looks = committer(lake) if apart else commits
    looks.release(START)
    commit(lake, commits, START, ninjs(1, DUE), ninjs(2, None))
    looks.release(DUE - dt.timedelta(seconds=1))
    assert (rows(lake, "held"), rows(lake, "stories")) == (1, 1)
    looks.release(DUE + RELEASE_EVERY)
    assert (rows(lake, "held"), rows(lake, "stories")) == (0, 2)
    commit(lake, commits, DUE + RELEASE_EVERY, ninjs(3, None), ninjs(1, DUE))
    assert (rows(lake, "held"), rows(lake, "stories")) == (0, 3), "who commits knows what was released, and goes on"


def test_a_clock_that_was_set_back_delays_no_release(lake: Lake) -> None:
    one = committer(lake)
    one.release(DUE + dt.timedelta(hours=1))  # it was ahead
    commit(lake, one, START, ninjs(1, DUE))
    one.release(DUE)
    assert (rows(lake, "held"), rows(lake, "stories")) == (0, 1)
