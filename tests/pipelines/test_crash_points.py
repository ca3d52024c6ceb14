"""The real committers, crashed at every step of a run and of a replay: afterwards every table is exact."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import reading
from pipelines.committing import StoryCommitter
from pipelines.config import IngestConfig
from pipelines.known import KnownRows
from pipelines.poll_committing import PollCommitter
from pipelines.reading import Reader
from pipelines.replaying import replay
from schemas.batch import Noted, Pulled
from schemas.document import ParsedDocument, RawDocument, Source
from schemas.item import NewsItem
from tests.pipelines.samples import item, rss
from transforms.enrich.story import EnrichResources
from transforms.lake.lake import open_lake
from transforms.lake.memory import MemoryStorage
from transforms.lake.verify import verify

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
FERRY = "<p>The strike at the ferry line ended after two weeks, and boats sail again from the western pier.</p>"
FLOOD = "<p>Rain and a spring tide came over the wall of the old harbour road during the night to Monday.</p>"


class Crash(BaseException):
    """The process ends here."""


@pytest.fixture(scope="module")
def resources() -> EnrichResources:
    return EnrichResources.load()


def pulled(name: str, data: bytes, moment: dt.datetime) -> Pulled:
    return Pulled(Source(name, provider=name.partition(".")[0]), name, moment, data)


def documents(moment: dt.datetime) -> list[Pulled]:
    """Two stories, one of them again under another id, one embargoed in spirit only, and bytes that are no feed."""
    return [
        pulled(
            "a.xml", rss(item("1", "Ferry workers end strike", FERRY), item("2", "Storm floods road", FLOOD)), moment
        ),
        pulled("b.xml", rss(item("9", "Ferry workers end strike", FERRY)), moment),
        pulled("c.xml", b"<html><body>Sign in</body></html>", moment),
    ]


def config_of(storage: MemoryStorage, moment: dt.datetime) -> IngestConfig:
    return IngestConfig((), storage, f"run-{moment:%H%M}", moment, workers=1)  # type: ignore[arg-type]


def ingest(storage: MemoryStorage, resources: EnrichResources, found: Sequence[Pulled]) -> None:
    """What the engine runs, without the engine: read, decide and commit, then polls and failures."""
    lake = open_lake(storage)
    config = config_of(storage, found[0].fetched_at)
    reader = Reader(lake, resources, KnownRows(lake), archive=True, least=config.pull.min_interval)
    read = reader.read(found)
    outcomes = StoryCommitter(config).commit(0, read.batches, found[0].fetched_at)
    noted = [Noted(report=report) for report in read.reports] + [Noted(outcome=one) for one in outcomes]
    assert PollCommitter(config).commit(noted, found[0].fetched_at) == []


def rows_in_folder(storage: MemoryStorage, table: str, column: str) -> list[str]:
    """What a reader of the plain folder sees."""
    found = []
    for path, data in list(storage.objects.items()):
        if path.startswith(f"{table}/"):
            found += pq.ParquetFile(pa.BufferReader(data)).read(columns=[column]).column(0).to_pylist()
    return sorted(found)


COLUMNS = {"stories": "row_id", "repeats": "row_id", "failures": "input", "polls": "url"}


def tables(storage: MemoryStorage) -> dict[str, list[str]]:
    lake = open_lake(storage)
    for name in lake.shard_names:
        lake.shard(name)  # as whoever comes next
    exact = {table: sorted(lake.read(table, columns=[key]).column(0).to_pylist()) for table, key in COLUMNS.items()}
    assert {table: rows_in_folder(storage, table, key) for table, key in COLUMNS.items()} == exact
    assert verify(lake, deep=True) == ()
    return exact


def crash_at(point: int) -> Callable[[str, str, bool], None]:
    counter = itertools.count()

    def step(operation: str, path: str, done: bool) -> None:
        if next(counter) == point:
            raise Crash(operation, path, done)

    return step


def steps_of(storage: MemoryStorage, work: Callable[[MemoryStorage], object]) -> int:
    counter = itertools.count()
    storage.on_step = lambda *_: next(counter)
    work(storage)
    storage.on_step = None
    return next(counter)


@pytest.fixture(scope="module")
def empty() -> Callable[[], MemoryStorage]:
    storage = MemoryStorage()
    open_lake(storage, create=True, clock=lambda: NOON)
    return lambda: MemoryStorage(dict(storage.objects))


@pytest.fixture(scope="module")
def whole(empty: Callable[[], MemoryStorage], resources: EnrichResources) -> dict[str, list[str]]:
    storage = empty()
    ingest(storage, resources, documents(NOON))
    found = tables(storage)
    assert {table: len(rows) for table, rows in found.items()} == {
        "stories": 2,
        "repeats": 1,
        "failures": 1,
        "polls": 3,
    }
    return found


def test_a_run_crashed_at_any_step_and_replayed_by_its_engine_is_exact(
    empty: Callable[[], MemoryStorage], resources: EnrichResources, whole: dict[str, list[str]]
) -> None:
    points = steps_of(empty(), lambda storage: ingest(storage, resources, documents(NOON)))
    assert points > 40
    for point in range(points):
        storage = empty()
        storage.on_step = crash_at(point)
        with pytest.raises(Crash):
            ingest(storage, resources, documents(NOON))
        storage.on_step = None
        ingest(storage, resources, documents(NOON))
        assert tables(storage) == whole


def test_a_run_crashed_at_any_step_is_finished_by_the_next_one(
    empty: Callable[[], MemoryStorage], resources: EnrichResources, whole: dict[str, list[str]]
) -> None:
    later = NOON + dt.timedelta(hours=1)
    for point in range(steps_of(empty(), lambda storage: ingest(storage, resources, documents(NOON)))):
        storage = empty()
        storage.on_step = crash_at(point)
        with pytest.raises(Crash):
            ingest(storage, resources, documents(NOON))
        storage.on_step = None
        ingest(storage, resources, documents(later))
        found = tables(storage)
        polls = Counter(found.pop("polls"))
        assert found == {table: rows for table, rows in whole.items() if table != "polls"}
        assert set(polls.values()) in ({1}, {2})  # the crashed run's polls are all there, or none


def test_two_runs_interleaved_at_every_step_end_like_one_after_the_other(
    empty: Callable[[], MemoryStorage], resources: EnrichResources, whole: dict[str, list[str]]
) -> None:
    later = NOON + dt.timedelta(minutes=1)
    for point in range(steps_of(empty(), lambda storage: ingest(storage, resources, documents(NOON)))):
        storage = empty()
        counter = itertools.count()

        def other(*_: object, counter=counter, point=point, storage=storage) -> None:
            if next(counter) == point:
                ingest(MemoryStorage(storage.objects), resources, documents(later))

        storage.on_step = other
        ingest(storage, resources, documents(NOON))
        storage.on_step = None
        found = tables(storage)
        assert Counter(found.pop("polls")) == {"a.xml": 2, "b.xml": 2, "c.xml": 2}
        # Which of two runs came first decides which of two equal stories is the repeat; both end with all of them.
        assert sorted(found["stories"] + found["repeats"]) == sorted(whole["stories"] + whole["repeats"])
        assert found["failures"] == whole["failures"]


def _html_is_a_story_now(monkeypatch: pytest.MonkeyPatch) -> None:
    parse = reading.parse_document

    def today(doc: RawDocument) -> ParsedDocument:
        if b"Sign in" in doc.data:
            return ParsedDocument("html", (NewsItem(guid="7", headline="A page that is read now"),))
        return parse(doc)

    monkeypatch.setattr(reading, "parse_document", today)


@pytest.mark.parametrize("archive", [False, True])
def test_a_replay_crashed_at_any_step_and_begun_again_is_exact(
    empty: Callable[[], MemoryStorage],
    resources: EnrichResources,
    whole: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    archive: bool,
) -> None:
    base = empty()
    ingest(base, resources, documents(NOON))
    _html_is_a_story_now(monkeypatch)
    # One reader for all: what a process loads does not change with the lake.
    monkeypatch.setattr(EnrichResources, "load", lambda: resources)
    make = lambda: MemoryStorage(dict(base.objects))  # noqa: E731
    again = NOON + dt.timedelta(days=1)
    work = lambda storage: replay(storage, "replayed", again, archive=archive, workers=1)  # noqa: E731
    for point in range(steps_of(make(), work)):
        storage = make()
        storage.on_step = crash_at(point)
        with pytest.raises(Crash):
            work(storage)
        storage.on_step = None
        done = work(storage)
        assert done.failing == 0
        found = tables(storage)
        assert found["failures"] == []
        assert len(found["stories"]) == 3
        assert set(whole["stories"]) < set(found["stories"])
        assert (found["repeats"], found["polls"]) == (whole["repeats"], whole["polls"])
