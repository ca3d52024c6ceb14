"""A lake through its life: changes, releases, merges, purges, replays, checks, old schemas, leases and faults."""

import contextlib
import datetime as dt
import errno
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.document import RawDocument, Source
from schemas.tables import FAILURES
from transforms.lake import compact as compacting
from transforms.lake import lease
from transforms.lake.archive import archive_document, archived
from transforms.lake.changes import changes
from transforms.lake.commit import CONTROL, transact
from transforms.lake.compact import compact
from transforms.lake.errors import (
    CommitConflict,
    LakeBusy,
    LakeDamaged,
    LakeFull,
    LakeMissing,
    LakeReadOnly,
    LakeTooNew,
    NotALake,
)
from transforms.lake.held import due, release_due
from transforms.lake.lake import open_lake
from transforms.lake.memory import MemoryStorage
from transforms.lake.purge import Selection, purge
from transforms.lake.replay import Lost, Replayable, archived_documents, failed_documents, retire_failures
from transforms.lake.seen import write_segment
from transforms.lake.state_report import Retention, state_report
from transforms.lake.storage import NotFound, storage_for
from transforms.lake.verify import verify

NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def lake(tmp_path):
    return open_lake(str(tmp_path / "lake"), create=True, clock=lambda: NOON)


def _ids(tables) -> list[str]:
    return [name for table in tables for name in table.column("story_id").to_pylist()]


def test_changes_go_on_from_a_cursor_and_merging_makes_nothing_new(lake, bench):
    bench.ingest(lake, "b1", ("ant", "newt"))
    answer = changes(lake, NOON - dt.timedelta(days=1))
    assert sorted(_ids(answer)) == ["ant", "newt"]
    bench.ingest(lake, "b2", ("asp", "owls"))
    compact(lake, bench.merge, lambda: NOON)
    later = changes(lake, answer.cursor)
    assert sorted(_ids(later)) == ["asp", "owls"]
    assert _ids(changes(lake, later.cursor)) == []


def test_a_clock_set_back_neither_hides_nor_repeats_changes(lake, bench):
    shard = lake.shard(0)
    moments = []
    for number, now in enumerate([NOON, NOON - dt.timedelta(days=3), NOON - dt.timedelta(days=2)]):
        txn = shard.begin(now)
        bench.add(txn, "stories", bench.rows([f"s{number}"], txn.committed_at))
        txn.commit({f"b{number}": ()})
        moments.append(txn.committed_at)
    assert moments == sorted(set(moments))
    assert _ids(changes(lake, moments[0])) == ["s1", "s2"]


def test_due_rows_move_into_stories_once(lake, bench):
    shard = lake.shard(0)
    txn = shard.begin(NOON)
    later = NOON + dt.timedelta(hours=1)
    held = bench.rows(["ant", "newt"], txn.committed_at, release_at=[later, None], held_reason=["embargo", "withheld"])
    bench.add(txn, "held", held)
    txn.commit({"b1": ()})
    assert due(lake, NOON).num_rows == 0
    assert release_due(lake, bench.write, lambda: NOON) == 0
    assert due(lake, later).num_rows == 1
    assert release_due(lake, bench.write, lambda: later) == 1
    assert release_due(lake, bench.write, lambda: later) == 0
    assert lake.read("stories").column("story_id").to_pylist() == ["ant"]
    assert lake.read("stories").column("committed_at")[0].as_py() == later
    assert lake.read("held").column("story_id").to_pylist() == ["newt"]
    assert _ids(changes(lake, NOON)) == ["ant"]


def test_merging_leaves_one_file_for_each_partition_and_all_values(lake, bench):
    for number, name in enumerate(["ant", "asp", "newt", "owls"]):
        bench.ingest(lake, f"b{number}", (name,))
    before = lake.read("stories").sort_by("row_id")
    done = compact(lake, bench.merge, lambda: NOON)
    assert (done.files_before, done.files_after, done.rows) == (4, 2, 4)
    assert lake.read("stories").sort_by("row_id").equals(before)
    assert len(list(lake.storage.list("stories"))) == 2
    assert compact(lake, bench.merge, lambda: NOON).commits == 0


def test_merged_rows_stand_in_order_of_commit_in_files_of_the_size_asked_for(lake, bench):
    for number in range(12):
        shard = lake.shard(0)
        txn = shard.begin(NOON)
        bench.add(txn, "stories", bench.rows([f"ant{number}"] * 3, txn.committed_at, date=[NOON.date()] * 3))
        txn.commit({f"b{number}": ()})
    size = max(entry.size for entry in lake.files("stories"))
    for target in (3 * size, 7 * size, 100 * size):  # merged files are merged again, with what is small beside them
        compact(lake, bench.merge, lambda: NOON, target_bytes=target)
        found = []
        for entry in sorted(lake.files("stories"), key=lambda entry: entry.committed_from):
            moments = bench.read_entry(lake.storage, entry).column("committed_at").to_pylist()
            assert (entry.committed_from, entry.committed_to) == (moments[0], moments[-1])
            found += moments
        assert found == sorted(found)
        assert len(found) == 36
    assert len(lake.files("stories")) == 1


def test_a_lake_of_an_older_schema_reads_goes_on_and_is_upgraded(lake, bench, monkeypatch):
    shard = lake.shard(0)
    txn = shard.begin(NOON)
    rows = bench.rows(["ant"], txn.committed_at).select(["story_id", "row_id", "headline", "committed_at"])
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink)
    partition = (("date", "2024-05-02"), ("topic", "politics"))
    txn.add_table("stories", partition, bytes(sink.getvalue()), 1, schema_version=0)
    txn.commit({"b1": ()})
    bench.ingest(lake, "b2", ("newt",))
    found = lake.read("stories").sort_by("story_id")
    assert found.column("story_id").to_pylist() == ["ant", "newt"]
    assert found.column("body").null_count == 2
    done = compact(lake, bench.merge, lambda: NOON)
    assert done.files_before == 1
    assert lake.read("stories").sort_by("story_id").equals(found)
    names = {stored.path for stored in lake.storage.list("stories")}
    assert all(pq.read_schema(lake.storage.local_path(path)).get_field_index("body") >= 0 for path in names)


def test_filters_keep_files_from_being_read(lake, bench):
    bench.ingest(lake, "b1", ("ant", "newt"))
    wanted = [("topic", "==", "sport"), ("date", ">=", "2024-05-01")]
    assert lake.read("stories", columns=["story_id", "topic"], filters=wanted).to_pylist() == [
        {"story_id": "newt", "topic": "sport"}
    ]
    Path(lake.storage.local_path(next(e.path for e in lake.files("stories") if "politics" in e.path))).unlink()
    assert lake.read("stories", filters=wanted).num_rows == 1
    with pytest.raises(LakeDamaged, match="missing"):
        lake.read("stories")


def _document(text: bytes, url="https://wire.example/feed") -> RawDocument:
    return RawDocument(
        Source(url, provider="wire.example", language="en", tags=("a", "b")), url, text, NOON, "text/xml"
    )


def _fail(lake, bench, rows):
    shard = lake.shard(CONTROL)
    txn = shard.begin(NOON)
    table = pa.Table.from_pylist(rows, FAILURES)
    bench.add(txn, "failures", table.append_column("date", pa.array([NOON.date()] * len(rows))))
    txn.commit({f"p{txn.sequence}": ()})


def test_failures_give_their_bytes_back_and_end_when_they_became_rows(lake, bench):
    path, sha = lake.keep_raw(b"<rss>")
    base = {"stage": "parse", "code": "truncated", "error": "cut", "input": "feed", "failed_at": NOON, "provider": "w"}
    _fail(lake, bench, [base | {"raw_uri": path, "raw_sha256": sha}, base | {"input": "gone", "code": "unreachable"}])
    good, lost = failed_documents(lake)
    assert isinstance(good, Replayable)
    assert good.document.data == b"<rss>"
    assert good.document.source.provider == "w"
    assert isinstance(lost, Lost)
    assert retire_failures(lake, bench.write, lambda: NOON, good.failures) == 1
    assert retire_failures(lake, bench.write, lambda: NOON, good.failures) == 0
    assert lake.read("failures").column("input").to_pylist() == ["gone"]


def test_an_archived_document_comes_back_as_it_was(lake):
    document = _document(b"<rss>one</rss>")
    archive_document(lake, document)
    archive_document(lake, document)
    (found,) = archived_documents(lake)
    assert found.document == document


def test_a_purge_reaches_tables_raw_bytes_archive_and_state(lake, bench):
    feed = "https://wire.example/feed"
    names = ["ant", "newt"]
    shard = lake.shard(0)
    txn = shard.begin(NOON)
    bench.add(txn, "stories", bench.rows(names, txn.committed_at, feed_url=[feed, "other"]))
    bench.add(txn, "repeats", bench.rows(["rook"], txn.committed_at, repeat_of=["ant"], kind=["near"]))
    txn.add_state(b"ant newt")
    txn.commit({"b1": ()})
    archive_document(lake, _document(b"<rss>one</rss>"))
    archive_document(lake, _document(b"<rss>two</rss>", "https://other.example/feed"))
    forget = lambda segments, ids: b"newt" if "ant" in ids else None  # noqa: E731
    gone = purge(lake, Selection(stories=frozenset({"ant"})), bench.write, lambda: NOON, forget=forget)
    assert gone.rows == {"stories": 1, "repeats": 1}
    assert (gone.archived, gone.raw, gone.state_segments) == (1, 1, 1)
    assert lake.read("stories").column("story_id").to_pylist() == ["newt"]
    assert [one.input for one in archived(lake)] == ["https://other.example/feed"]
    assert lake.read_raw(next(archived(lake)).sha256) == b"<rss>two</rss>"
    assert bytes(lake.shard(0).read_state(lake.shard(0).state[0])) == b"newt"
    left = [p for p in lake.storage.list("") if b"bridge ant" in lake.storage.read(p.path)]
    assert left == []
    assert purge(lake, Selection(before=dt.date(2030, 1, 1)), bench.write, lambda: NOON).rows == {"stories": 1}
    assert purge(lake, Selection(), bench.write, lambda: NOON).rows == {}


def test_files_put_in_cut_or_removed_by_hand_are_named_with_what_to_do(lake, bench, tmp_path):
    bench.ingest(lake, "b1", ("ant", "newt", "bees"))
    assert verify(lake, deep=True) == ()
    root = tmp_path / "lake"
    (root / "stories" / "notes.parquet").write_bytes(b"mine")
    paths = [entry.path for entry in lake.files("stories")]
    (root / paths[0]).write_bytes((root / paths[0]).read_bytes()[:100])
    (root / paths[1]).unlink()
    data = bytearray((root / paths[2]).read_bytes())
    data[50] ^= 1
    (root / paths[2]).write_bytes(bytes(data))
    kinds = {problem.path: problem.kind for problem in verify(lake, deep=True)}
    assert kinds == {
        paths[0]: "truncated",
        paths[1]: "missing",
        paths[2]: "changed",
        "stories/notes.parquet": "foreign",
    }
    assert all(problem.advice for problem in verify(lake))


def test_a_lake_is_named_for_what_it_is(tmp_path):
    with pytest.raises(LakeMissing, match="no lake here"):
        open_lake(str(tmp_path / "none"))
    (tmp_path / "thesis.txt").write_text("chapter one")
    with pytest.raises(NotALake, match=r"thesis\.txt"):
        open_lake(str(tmp_path), create=True)
    newer = MemoryStorage({"_lake.json": b'{"format": 99}'})
    with pytest.raises(LakeTooNew, match="Upgrade"):
        open_lake(newer)
    with pytest.raises(NotALake, match="cannot be read"):
        open_lake(MemoryStorage({"_lake.json": b"{"}))
    with pytest.raises(NotALake, match="is gone"):
        open_lake(MemoryStorage({"stories/x.parquet": b""}), create=True)
    with pytest.raises(ValueError, match="not supported"):
        storage_for("s3://bucket/lake")


class Refusing(MemoryStorage):
    code = errno.ENOSPC
    refuses = True

    def _check(self):
        if self.refuses:
            raise OSError(self.code, os.strerror(self.code))

    def stage(self, path, data):
        self._check()
        super().stage(path, data)

    def create(self, path, data):
        self._check()
        return super().create(path, data)


def test_a_full_disk_is_said_and_freed_later_loses_nothing(bench):
    storage = Refusing()
    storage.refuses = False
    lake = open_lake(storage, create=True)
    bench.ingest(lake, "b1", ("ant",))
    storage.refuses = True
    with pytest.raises(LakeFull, match="free some space"):
        bench.ingest(lake, "b2", ("newt",))
    assert bench.in_folder(storage, "stories") == ["ant-row"]
    storage.refuses = False
    bench.ingest(lake, "b2", ("newt",))
    assert bench.in_folder(storage, "stories") == ["ant-row", "newt-row"]
    assert verify(lake, deep=True) == ()


def test_a_disk_that_fills_up_at_any_step_loses_nothing(bench):
    for point in range(40):
        storage = MemoryStorage()
        lake = open_lake(storage, create=True)
        bench.ingest(lake, "b1", ("ant",))
        left = [point]

        def step(operation, path, done, left=left):
            left[0] -= 1
            if left[0] < 0 and operation != "delete":
                raise OSError(errno.ENOSPC, "no space")

        storage.on_step = step
        with contextlib.suppress(LakeFull):
            bench.ingest(lake, "b2", ("newt", "asp"))
        storage.on_step = None
        bench.ingest(lake, "b2", ("newt", "asp"))
        assert bench.in_folder(storage, "stories") == ["ant-row", "asp-row", "newt-row"]


def test_a_read_only_lake_is_said_and_can_be_read(bench):
    storage = Refusing()
    storage.refuses = False
    lake = open_lake(storage, create=True)
    bench.ingest(lake, "b1", ("ant",))
    storage.refuses, storage.code = True, errno.EROFS
    with pytest.raises(LakeReadOnly, match="write access"):
        bench.ingest(lake, "b2", ("newt",))
    assert lake.read("stories").num_rows == 1
    with pytest.raises(LakeReadOnly):
        lake.keep_raw(b"x")


def test_a_batch_that_meets_a_stream_is_told_who_writes(lake):
    lake.require_no_stream(NOON)
    with lake.hold_lease("wirelake stream feeds.yaml"):
        with pytest.raises(LakeBusy, match=r"wirelake stream feeds\.yaml \(process"):
            lake.require_no_stream(NOON + dt.timedelta(days=400))  # a clock that was set does not matter here
        with pytest.raises(LakeBusy), lake.hold_lease("another"):
            pass
    lake.require_no_stream(NOON)


def test_a_dead_streams_lease_is_taken_over_at_once_here_and_after_a_while_elsewhere(lake, monkeypatch):
    info = lease._take(lake.storage, "wirelake stream", NOON, "stream")
    assert lease.holder(lake.storage, NOON) == info
    monkeypatch.setattr(lease, "_process_mark", lambda pid: "")
    assert lease.holder(lake.storage, NOON) is None
    monkeypatch.setattr(lease.socket, "gethostname", lambda: "elsewhere")
    assert lease.holder(lake.storage, NOON + dt.timedelta(seconds=60)) == info
    assert lease.holder(lake.storage, NOON + dt.timedelta(seconds=200)) is None
    monkeypatch.setattr(lease, "_process_mark", lambda pid: "me")
    with lake.hold_lease("next", lambda: NOON + dt.timedelta(seconds=200)) as mine:
        assert mine.number == info.number + 1


def test_transact_loses_a_race_and_goes_on(lake, bench):
    shard = lake.shard(0)
    seen = []

    def work(one, txn):
        seen.append(one.sequence)
        if len(seen) == 1:
            bench.ingest(lake, "other", ("ant",))
        txn.add_state(b"x")
        return txn.commit({"mine": ()}).sequence

    assert transact(shard, lambda: NOON, work) == 2
    assert seen == [0, 1]
    with pytest.raises(CommitConflict):
        transact(shard, lambda: NOON, lambda one, txn: (_ for _ in ()).throw(CommitConflict("always")))


def test_the_spool_holds_until_it_is_used_or_old(lake):
    path = lake.spool_write("run/one.arrow", b"rows")
    assert bytes(lake.spool_read(path)) == b"rows"
    assert lake.sweep_spool(dt.datetime.now(dt.UTC)) == 0
    assert lake.sweep_spool(dt.datetime.now(dt.UTC) + dt.timedelta(days=8)) == 1
    with pytest.raises(NotFound):
        lake.spool_read(path)
    lake.spool_delete(path)


def test_the_state_report_adds_up(lake, bench):
    high = np.arange(4, dtype=np.uint64)
    days = np.full(4, 9, np.uint16)
    first = write_segment({"row_hi": high, "row_lo": high, "row_day": days, "win_clock": np.zeros(2, np.int64)})
    again = write_segment({"row_hi": high[2:] + 1, "row_lo": high[2:] + 1, "row_day": days[2:]})
    shard = lake.shard(0)
    txn = shard.begin(NOON)
    bench.add(txn, "stories", bench.rows(["ant", "newt"], txn.committed_at))
    for segment in (first, again):
        txn.add_state(segment)
    txn.commit({"b1": ()})
    report = state_report(lake, NOON + dt.timedelta(days=1), Retention(30, 48, 3))
    assert (report.stories, report.commits, report.stories_per_day) == (2, 1, 2.0)
    assert report.known == 5  # of six entries one was seen twice
    assert (report.signatures, report.signature_bytes, report.bytes_per_signature) == (2, 16, 8.0)
    assert report.known_bytes == len(first) + len(again) - 16
    assert report.projected_known == 60
    assert report.projected_known_bytes == round(60 * report.known_bytes / 5)
    assert report.projected_signature_bytes == 3 * 8
    assert compacting.plan_merges(lake.files("stories")) == []


def test_an_empty_lake_has_a_report_without_figures(lake):
    report = state_report(lake, NOON, Retention(30, 48, 3))
    assert (report.known, report.bytes_per_known, report.projected_known_bytes) == (0, None, None)
    assert (report.bytes_per_signature, report.projected_signature_bytes) == (None, None)
