"""Every crash point of every operation, with one writer and with two: after recovery the tables are exact."""

import datetime as dt
import itertools

import pytest

from transforms.lake.compact import compact
from transforms.lake.held import release_due
from transforms.lake.lake import open_lake
from transforms.lake.memory import MemoryStorage
from transforms.lake.purge import Selection, purge
from transforms.lake.verify import verify

FIRST = ("ant", "newt", "asp", "owls")
OLD = [f"{name}-row" for name in sorted(FIRST)]
DUE = dt.datetime(2024, 4, 30, tzinfo=dt.UTC)


@pytest.fixture
def make(bench):
    """A lake with rows in several small files, some of them held and due."""

    def fill() -> dict[str, bytes]:
        storage = MemoryStorage()
        lake = open_lake(storage, create=True)
        bench.ingest(lake, "b1", FIRST[:2])
        bench.ingest(lake, "b2", FIRST[2:])
        shard = lake.shard(0)
        txn = shard.begin(bench.NOON)
        held = bench.rows(
            ["held1", "held22"], txn.committed_at, release_at=[DUE, None], held_reason=["embargo", "withheld"]
        )
        bench.add(txn, "held", held)
        txn.commit({"b3": ()})
        return storage.objects

    objects = fill()
    return lambda: MemoryStorage(dict(objects))


def _clock():
    return dt.datetime(2024, 5, 2, tzinfo=dt.UTC)


OPERATIONS = {
    "ingest": (
        lambda bench, lake: bench.ingest(lake, "b9", ("cat", "otters", "ant")),
        sorted([*OLD, "cat-row", "otters-row"]),
        ["held1-row", "held22-row"],
    ),
    "compact": (lambda bench, lake: compact(lake, bench.merge, _clock), OLD, ["held1-row", "held22-row"]),
    "release": (
        lambda bench, lake: release_due(lake, bench.write, _clock),
        sorted([*OLD, "held1-row"]),
        ["held22-row"],
    ),
    "purge": (
        lambda bench, lake: purge(lake, Selection(stories=frozenset({"ant", "held1"})), bench.write, _clock),
        [row for row in OLD if row != "ant-row"],
        ["held22-row"],
    ),
}


def _exact(bench, storage, stories, held):
    lake = open_lake(storage)
    lake.shard(0)
    assert bench.published_or_staged(lake, "stories") == stories
    assert bench.in_folder(storage, "stories") == stories
    assert bench.published_or_staged(lake, "held") == held
    assert bench.in_folder(storage, "held") == held
    assert verify(lake, deep=True) == ()


@pytest.mark.parametrize("name", OPERATIONS)
def test_after_a_crash_at_any_step_and_another_try_the_tables_are_exact(bench, make, name):
    work, stories, held = OPERATIONS[name]
    points = bench.crash_points(make, lambda storage: work(bench, open_lake(storage)))
    assert points > 10
    for point in range(points):
        storage = make()
        storage.on_step = bench.crash_at(point)
        with pytest.raises(bench.Crash):
            work(bench, open_lake(storage))
        storage.on_step = None
        work(bench, open_lake(storage))
        _exact(bench, storage, stories, held)


def _unpublished(bench, make, name) -> MemoryStorage:
    """A lake whose last writer died right after its commit record."""
    work, _, _ = OPERATIONS[name]
    storage = make()

    def step(operation, path, done):
        if operation == "create" and "/commits/" in path and done:
            raise bench.Crash(path)

    storage.on_step = step
    with pytest.raises(bench.Crash):
        work(bench, open_lake(storage))
    storage.on_step = None
    return storage


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_takeover_that_dies_at_any_step_is_taken_over_in_turn(bench, make, name):
    _, stories, held = OPERATIONS[name]
    base = _unpublished(bench, make, name)
    again = lambda: MemoryStorage(dict(base.objects))  # noqa: E731
    points = bench.crash_points(again, lambda storage: open_lake(storage).shard(0))
    assert points > 5
    for point in range(points):
        storage = again()
        storage.on_step = bench.crash_at(point)
        with pytest.raises(bench.Crash):
            open_lake(storage).shard(0)
        storage.on_step = None
        _exact(bench, storage, stories, held)


@pytest.mark.parametrize("name", OPERATIONS)
def test_two_that_take_over_at_once_end_exact(bench, make, name):
    _, stories, held = OPERATIONS[name]
    base = _unpublished(bench, make, name)
    again = lambda: MemoryStorage(dict(base.objects))  # noqa: E731
    for point in range(bench.crash_points(again, lambda storage: open_lake(storage).shard(0))):
        storage = again()
        _two(bench, storage, lambda s: open_lake(s).shard(0), lambda s: open_lake(s).shard(0), point)
        _exact(bench, storage, stories, held)


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_exact_reader_sees_before_or_after_at_every_step(bench, make, name):
    work, stories, held = OPERATIONS[name]
    before = (OLD, ["held1-row", "held22-row"])
    storage = make()
    seen = []

    def look(operation, path, done):
        lake = open_lake(MemoryStorage(storage.objects))
        seen.append((bench.published_or_staged(lake, "stories"), bench.published_or_staged(lake, "held")))

    storage.on_step = look
    work(bench, open_lake(storage))
    changes = [key for key, _ in itertools.groupby(seen)]
    assert changes[0] == before
    # A table read after the other may be one commit later: never a row twice or gone within a table.
    for found, want in ((0, stories), (1, held)):
        assert all(state[found] in (before[found], want) for state in seen)


@pytest.mark.parametrize("name", ["ingest", "release"])
def test_a_folder_reader_never_loses_a_row_while_rows_are_added(bench, make, name):
    work, _, _ = OPERATIONS[name]
    storage = make()

    def look(operation, path, done):
        rows = bench.in_folder(storage, "stories")
        assert set(OLD) <= set(rows)
        assert len(rows) == len(set(rows))
        everywhere = set(rows) | set(bench.in_folder(storage, "held"))
        assert {"held1-row", "held22-row"} <= everywhere

    storage.on_step = look
    work(bench, open_lake(storage))


def test_a_folder_reader_never_loses_a_row_while_files_are_merged(bench, make):
    storage = make()
    storage.on_step = lambda *_: None if set(OLD) <= set(bench.in_folder(storage, "stories")) else pytest.fail("gone")
    compact(open_lake(storage), bench.merge, _clock)


def _two(bench, storage, first, second, at):
    """The first writer runs to a step; then the second runs to its end; then the first goes on."""
    counter = itertools.count()

    def step(operation, path, done):
        if next(counter) == at:
            second(MemoryStorage(storage.objects))

    storage.on_step = step
    first(storage)
    storage.on_step = None


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("other", ["ingest", "compact", "purge"])
def test_two_writers_interleaved_at_every_step_end_exact(bench, make, name, other):
    work, stories, held = OPERATIONS[name]
    if other == "ingest":
        second = lambda storage: bench.ingest(open_lake(storage), "bX", ("dog", "panthers"))  # noqa: E731
        stories = sorted([*stories, "dog-row", "panthers-row"])
    elif other == "purge":
        second = lambda storage: purge(open_lake(storage), Selection(stories=frozenset({"owls"})), bench.write, _clock)  # noqa: E731
        stories = [row for row in stories if row != "owls-row"]
    else:
        second = lambda storage: compact(open_lake(storage), bench.merge, _clock)  # noqa: E731
    for point in range(bench.crash_points(make, lambda storage: work(bench, open_lake(storage)))):
        storage = make()
        _two(bench, storage, lambda s: work(bench, open_lake(s)), second, point)
        _exact(bench, storage, stories, held)


def test_two_writers_where_the_second_dies_at_every_step_end_exact(bench, make):
    def second(storage, point):
        storage.on_step = bench.crash_at(point)
        try:
            bench.ingest(open_lake(storage), "bX", ("dog", "panthers"))
        except bench.Crash:
            return

    points = bench.crash_points(make, lambda s: bench.ingest(open_lake(s), "b9", ("cat", "ant")))
    for at, point in itertools.product(range(0, points, 2), range(0, points, 2)):
        storage = make()
        _two(
            bench,
            storage,
            lambda s: bench.ingest(open_lake(s), "b9", ("cat", "ant")),
            lambda s, p=point: second(s, p),
            at,
        )
        bench.ingest(open_lake(storage), "bX", ("dog", "panthers"))
        _exact(bench, storage, sorted([*OLD, "cat-row", "dog-row", "panthers-row"]), ["held1-row", "held22-row"])


def test_a_checkpoint_cut_short_costs_nothing(bench, monkeypatch):
    from transforms.lake import commit, history

    monkeypatch.setattr(commit, "CHECKPOINT_EVERY", 4)
    monkeypatch.setattr(history, "CHECKPOINT_EVERY", 4)
    base = MemoryStorage()
    lake = open_lake(base, create=True)
    for number in range(7):
        bench.ingest(lake, f"b{number}", (f"s{number}",))
    make = lambda: MemoryStorage(dict(base.objects))  # noqa: E731
    points = bench.crash_points(make, lambda s: bench.ingest(open_lake(s), "b7", ("s7",)))
    for point in range(points):
        storage = make()
        storage.on_step = bench.crash_at(point)
        with pytest.raises(bench.Crash):
            bench.ingest(open_lake(storage), "b7", ("s7",))
        storage.on_step = None
        for number in range(7, 14):
            bench.ingest(open_lake(storage), f"b{number}", (f"s{number}",))
        rows = sorted(f"s{number}-row" for number in range(14))
        assert bench.in_folder(storage, "stories") == bench.published_or_staged(open_lake(storage), "stories") == rows


def test_superseded_checkpoints_go_and_every_commit_can_still_be_summed_up(bench, monkeypatch):
    from transforms.lake import commit, history

    for name, value in {"CHECKPOINT_EVERY": 2, "CHECKPOINTS_KEPT": 2, "LANDMARK_EVERY": 8, "MAX_COVERS": 3}.items():
        monkeypatch.setattr(history, name, value)
    monkeypatch.setattr(commit, "CHECKPOINT_EVERY", 2)
    storage = MemoryStorage()
    lake = open_lake(storage, create=True)
    for number in range(1, 42):
        bench.ingest(lake, f"b{number}", (f"s{number}",))
    numbers = {int(path.split("/")[3].split(".")[0]) for path in storage.objects if "/checkpoints/0/" in path}
    assert numbers == {8, 16, 24, 32, 38, 40}
    for upto in range(42):
        found = history.summarise(storage, "0", upto)
        assert (found.sequence, len(found.files)) == (upto, upto)
    assert sorted(history.read_covers(storage, "0", 41)) == ["b38", "b39", "b40", "b41"]
    storage.objects["_state/heads/0.json"] = b'{"sequence": 30, "checkpoint": 30}'  # a late writer's: true, but old
    assert open_lake(storage).shard(0).sequence == 41
    assert len(open_lake(storage).files("stories")) == 41


def test_a_lost_answer_is_no_lost_race(bench):
    class Deaf(MemoryStorage):
        def create(self, path, data):
            super().create(path, data)
            return False

    storage = Deaf()
    lake = open_lake(storage, create=True)
    bench.ingest(lake, "b1", ("ant",))
    assert bench.in_folder(storage, "stories") == ["ant-row"]
    assert lake.shard(0).sequence == 1


def test_a_record_that_lands_after_its_call_failed_keeps_its_files(bench):
    class Late(MemoryStorage):
        late = None

        def create(self, path, data):
            if "/commits/" in path and self.late is None:
                self.late = (path, data)
                raise ConnectionResetError("cut")
            return super().create(path, data)

    storage = Late()
    lake = open_lake(storage, create=True)
    with pytest.raises(ConnectionResetError):
        bench.ingest(lake, "b1", ("ant",))
    storage.objects[storage.late[0]] = storage.late[1]
    bench.ingest(lake, "b1", ("ant",))
    assert bench.in_folder(storage, "stories") == ["ant-row"]
    assert verify(lake, deep=True) == ()


def test_opening_reads_a_bounded_number_of_objects(bench):
    class Counting(MemoryStorage):
        reads = 0

        def read(self, path):
            type(self).reads += 1
            return super().read(path)

    storage = Counting()
    lake = open_lake(storage, create=True)
    shard = lake.shard(0)
    for number in range(200):
        txn = shard.begin(bench.NOON)
        txn.add_state(b"x", shard.state)
        txn.commit({f"b{number}": ()})
    Counting.reads = 0
    opened = lake.shard(0)
    assert Counting.reads <= 4
    assert opened.covered("b3") == ()
    assert opened.covered("other") is None
    lake.files("stories")
    assert Counting.reads < 100
