"""What one look takes: complete files, whole lines, feeds that are due; never twice, never half."""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import looking
from pipelines.config import IngestConfig
from pipelines.looking import Looker
from pipelines.tasks import FilePart, PullTask
from pipelines.watched import Looked
from transforms.lake.commit import CONTROL
from transforms.lake.lake import Lake, open_lake
from transforms.pull.memory import FEEDS, FeedMemory, FeedRecord, encode_record, feed_key
from transforms.pull.schedule import PullSettings
from transforms.pull.taken import TAKEN, encode_segment, retry_later

START = dt.datetime(2026, 2, 16, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


class Watching:
    """A stream's source without an engine: looks one second apart."""

    def __init__(self, lake: Lake, *sources: object, **options: object) -> None:
        values = {"flush": dt.timedelta(minutes=5), "refresh": dt.timedelta(microseconds=1), **options}
        self.config = IngestConfig(
            sources=tuple(map(str, sources)),
            output=lake.uri,
            run_id="run",
            moment=START,
            **values,  # type: ignore[arg-type]
        )
        self.lake = lake
        self.looker = Looker(self.config)
        self.state = Looked()
        self.now = START

    def look(self) -> list[PullTask]:
        self.now += SECOND
        tasks, self.state = self.looker.look(self.state, self.now)
        return tasks

    def parts(self) -> list[FilePart]:
        return [part for task in self.look() for part in task.parts]

    def names(self) -> list[str]:
        return [Path(part.source.address).name for part in self.parts()]

    def feeds(self) -> list[str]:
        return [source.address for task in self.look() for source in task.feeds]

    def text(self) -> bytes:
        return b"".join(Path(p.source.address).read_bytes()[p.start : p.end] for p in self.parts())

    def commit(self, parts: list[FilePart], change: Callable[[bytes, dt.datetime], bytes] | None = None) -> None:
        shard = self.lake.shard(CONTROL)
        txn = shard.begin(self.now)
        states = {part.key: change(part.state, self.now) if change else part.state for part in parts}
        txn.add_state(encode_segment(states), kind=TAKEN)
        txn.commit()

    def restart(self) -> None:
        self.looker, self.state = Looker(self.config), Looked()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return open_lake(str(tmp_path / "lake"), create=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


def test_a_file_is_taken_when_two_looks_agree(lake: Lake, folder: Path) -> None:
    watching = Watching(lake, folder)
    (folder / "a.xml").write_text("<rss>")
    assert watching.names() == []
    (folder / "a.xml").write_text("<rss></rss>")
    assert watching.names() == []
    assert watching.names() == ["a.xml"]
    assert watching.names() == []
    assert (folder / "a.xml").exists()


def test_what_is_on_its_way_is_not_taken_again_and_what_is_durable_survives_a_restart(lake: Lake, folder: Path) -> None:
    watching = Watching(lake, folder)
    (folder / "a.xml").write_text("<rss/>")
    watching.look()
    parts = watching.parts()
    assert len(watching.state.files) == 1
    watching.restart()  # before anything was committed: read again
    watching.look()
    assert watching.names() == ["a.xml"]
    watching.commit(parts)
    assert watching.names() == [] and not watching.state.files
    watching.restart()
    assert watching.names() == watching.names() == []


def test_a_changed_file_is_taken_again(lake: Lake, folder: Path) -> None:
    watching = Watching(lake, folder)
    path = folder / "a.xml"
    path.write_text("<rss/>")
    watching.look()
    watching.commit(watching.parts())
    path.write_text("<rss> </rss>")
    watching.look()
    assert watching.names() == ["a.xml"]


def test_a_file_that_could_not_be_read_is_tried_again_later(lake: Lake, folder: Path) -> None:
    watching = Watching(lake, folder)
    (folder / "a.xml").write_text("<rss/>")
    watching.look()
    watching.commit(watching.parts(), retry_later)
    assert watching.names() == []
    watching.now += dt.timedelta(minutes=11)
    watching.look()
    assert watching.names() == ["a.xml"]


def test_whole_lines_are_taken_as_they_are_completed(lake: Lake, folder: Path) -> None:
    path = folder / "a.jsonl"
    watching = Watching(lake, path)
    assert watching.parts() == []  # not there yet
    path.write_bytes(b'{"headline": "one"}\n{"headl')
    assert watching.text() == b'{"headline": "one"}\n'
    assert watching.text() == b""
    with path.open("ab") as stream:
        stream.write(b'ine": "two"}\n')
    assert watching.text() == b'{"headline": "two"}\n'
    assert watching.text() == b""


def test_a_restart_goes_on_behind_the_last_durable_line_without_a_hole(lake: Lake, folder: Path) -> None:
    path = folder / "a.jsonl"
    watching = Watching(lake, path)
    taken = []
    for number in range(3):
        with path.open("ab") as stream:
            stream.write(b'{"headline": "%d"}\n' % number)
        taken.append(watching.parts())
    watching.commit(taken[0])
    watching.commit(taken[2])  # the second is on its way still
    watching.restart()
    assert watching.text() == b'{"headline": "1"}\n{"headline": "2"}\n'
    watching.commit(taken[1])
    watching.restart()
    assert watching.text() == b""


def test_a_last_line_without_an_end_is_taken_when_it_is_whole_and_stays(lake: Lake, folder: Path) -> None:
    path = folder / "a.jsonl"
    path.write_bytes(b'{"headline": "one"}\n{"headline": "two"}')
    watching = Watching(lake, path)
    assert watching.text() == b'{"headline": "one"}\n'
    assert watching.text() == b'{"headline": "two"}'
    assert watching.text() == b""
    with path.open("ab") as stream:
        stream.write(b'\n{"headline": "three"}\n')
    assert watching.text().strip() == b'{"headline": "three"}'


def test_a_torn_line_waits_for_its_writer_and_is_not_kept_back_for_ever(lake: Lake, folder: Path) -> None:
    path = folder / "a.jsonl"
    path.write_bytes(b'{"headline": "one"}\n{"headl')
    os.utime(path, (START.timestamp(), START.timestamp()))
    watching = Watching(lake, path)
    assert watching.text() == b'{"headline": "one"}\n'
    assert watching.text() == watching.text() == b""
    watching.now += looking.ABANDONED + SECOND
    assert watching.text() == b'{"headl'


def test_a_rotated_file_begins_anew(lake: Lake, folder: Path) -> None:
    path = folder / "a.jsonl"
    path.write_bytes(b'{"headline": "one"}\n' * 3)
    watching = Watching(lake, path)
    watching.commit(watching.parts())
    path.write_bytes(b'{"headline": "other"}\n')
    assert watching.text() == b'{"headline": "other"}\n'


def test_a_file_written_anew_with_its_old_beginning_is_read_whole(lake: Lake, folder: Path) -> None:
    path = folder / "a.jsonl"
    path.write_bytes(b'{"headline": "one"}\n{"headline": "two"}\n')
    watching = Watching(lake, path)
    watching.commit(watching.parts())
    path.write_bytes(b'{"headline": "one"}\n')
    watching.look()
    found = watching.parts()
    assert [(part.start, part.end) for part in found] == [(0, None)]


def test_a_pipe_is_no_file_and_holds_nobody_up(lake: Lake, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Opening one waits for whoever writes into it, which may be nobody."""
    os.mkfifo(folder / "pipe.xml")
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "a.xml").write_text("<rss/>")
    watching = Watching(lake, folder, folder / "pipe.jsonl")
    assert watching.names() == []
    assert watching.names() == ["a.xml"]
    assert "pipe.jsonl: no file but a pipe or device" in caplog.text


def test_a_replaced_or_renamed_file_is_taken_again_and_a_link_is_what_it_leads_to(lake: Lake, folder: Path) -> None:
    (folder / "a.xml").write_text("<rss/>")
    (folder / "link.xml").symlink_to("a.xml")
    (folder / "broken.xml").symlink_to("nowhere")
    watching = Watching(lake, folder)
    assert watching.names() == []
    parts = watching.parts()
    assert [Path(part.source.address).name for part in parts] == ["a.xml", "link.xml"]
    watching.commit(parts)
    (folder / "new").write_text("<feed/>")
    (folder / "new").replace(folder / "a.xml")
    (folder / "a.xml").rename(folder / "b.xml")
    watching.look()
    assert watching.names() == ["b.xml"], "under its new name"
    (folder / "b.xml").rename(folder / "a.xml")
    watching.look()
    assert watching.names() == ["a.xml", "link.xml"], "other content under the old name"


def test_long_files_are_taken_in_parts_of_whole_lines_within_the_limits(
    lake: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PART_BYTES", 100)
    monkeypatch.setattr(looking, "LOOK_BYTES", 1000)
    monkeypatch.setattr(looking, "FLIGHT_BYTES", 2000)
    path = folder / "a.jsonl"
    lines = [b'{"headline": "%d", "body": "%s"}\n' % (n, b"x" * (n % 150)) for n in range(60)]
    path.write_bytes(b"".join(lines))
    watching = Watching(lake, path)
    text, parts = b"", []
    for _ in range(10):
        found = watching.parts()
        parts += found
        text += b"".join(path.read_bytes()[part.start : part.end] for part in found)
    assert len(text) < 2600, "what is on its way is bounded"
    assert len({part.moment for part in parts}) == len(parts), "a document each"
    for _ in range(20):
        watching.commit(parts)
        parts = watching.parts()
        text += b"".join(path.read_bytes()[part.start : part.end] for part in parts)
    assert text == b"".join(lines)
    assert all(path.read_bytes()[part.end - 1] == ord("\n") for part in parts if part.end)


def test_feeds_are_asked_when_due_and_not_while_an_answer_is_on_its_way(lake: Lake, folder: Path) -> None:
    urls = folder / "feeds.yaml"
    urls.write_text("- url: https://one.example/a\n- url: https://one.example/b\n- url: https://two.example/\n")
    watching = Watching(lake, urls)
    assert sorted(watching.feeds()) == ["https://one.example/a", "https://one.example/b", "https://two.example/"]
    assert watching.feeds() == []
    later = watching.now + dt.timedelta(minutes=20)
    known = {
        feed_key(f"https://one.example/{name}"): encode_record(FeedRecord(polls=1, polled_at=later, next_poll_at=when))
        for name, when in (("a", later + 10 * SECOND), ("b", later + dt.timedelta(hours=9)))
    }
    shard = lake.shard(CONTROL)
    txn = shard.begin(watching.now)
    txn.add_state(FeedMemory.of(known).to_bytes(), kind=FEEDS)
    txn.commit()
    assert watching.feeds() == []
    assert list(watching.state.feeds) == [feed_key("https://two.example/")]
    watching.now = later + 10 * SECOND
    assert watching.feeds() == ["https://one.example/a"]
    watching.now += dt.timedelta(minutes=30)
    assert "https://two.example/" in watching.feeds(), "an answer that never came is not waited for for ever"


@pytest.mark.parametrize("groups", [1, 8])
def test_an_engine_that_spreads_nothing_is_given_all_hosts_at_once(lake: Lake, folder: Path, groups: int) -> None:
    urls = folder / "feeds.yaml"
    urls.write_text("".join(f"- url: https://{number}.example/\n" for number in range(100)))
    watching = Watching(lake, urls, feed_tasks=groups)
    assert [bool(task.feeds) for task in watching.look()] == [True] * groups


def test_known_children_of_an_index_are_asked_when_they_are_due(lake: Lake, folder: Path) -> None:
    index, child = "https://one.example/index.xml", "https://one.example/news.xml"
    urls = folder / "feeds.yaml"
    urls.write_text(f"- url: {index}\n")
    watching = Watching(lake, urls)
    assert watching.feeds() == [index]
    later = watching.now + dt.timedelta(minutes=20)
    hours = dt.timedelta(hours=9)
    known = {
        feed_key(index): FeedRecord(polls=1, polled_at=later, next_poll_at=later + hours, children=(child,)),
        feed_key(child): FeedRecord(polls=1, polled_at=later, next_poll_at=later + 10 * SECOND),
    }
    txn = lake.shard(CONTROL).begin(watching.now)
    txn.add_state(FeedMemory.of({key: encode_record(one) for key, one in known.items()}).to_bytes(), kind=FEEDS)
    txn.commit()
    assert watching.feeds() == []
    watching.now = later + 10 * SECOND
    assert watching.feeds() == [child]
    assert watching.feeds() == []


def test_a_list_is_read_again_when_it_changes(lake: Lake, folder: Path) -> None:
    urls = folder / "feeds.yaml"
    urls.write_text("- url: https://one.example/\n")
    watching = Watching(lake, urls)
    assert watching.feeds() == ["https://one.example/"]
    urls.write_text("- url: https://one.example/\n- url: https://two.example/\n")
    assert watching.feeds() == ["https://two.example/"]


def test_one_host_is_not_asked_for_longer_than_half_a_flush(lake: Lake, folder: Path) -> None:
    urls = folder / "feeds.yaml"
    urls.write_text("".join(f"- url: https://one.example/{n}\n" for n in range(50)))
    watching = Watching(lake, urls, flush=dt.timedelta(seconds=40), pull=PullSettings(host_gap=SECOND))
    assert len(watching.feeds()) == 10
    assert watching.feeds() == []


def test_a_list_that_cannot_be_read_fails_once(lake: Lake, folder: Path) -> None:
    (folder / "feeds.opml").write_text("<opml><body><outline xmlUrl=")
    watching = Watching(lake, folder / "feeds.opml")
    failed = [pulled for _ in range(5) for task in watching.look() for pulled in task.failed]
    assert [pulled.outcome for pulled in failed] == ["feed_list"]


def test_event_time_goes_on_when_the_clock_is_set_back(lake: Lake, folder: Path) -> None:
    watching = Watching(lake, folder)
    watching.look()
    before = watching.state.moment
    watching.now -= dt.timedelta(hours=1)
    moments = []
    for _ in range(3):
        watching.look()
        moments.append(watching.state.moment)
    assert before is not None and moments == [before + SECOND, before + 2 * SECOND, before + 3 * SECOND]


def test_state_is_bounded(lake: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "LOOK_FILES", 10)
    monkeypatch.setattr(looking, "FLIGHT_FILES", 30)
    for number in range(100):
        (folder / f"{number:03d}.xml").write_text("<rss/>")
    watching = Watching(lake, folder)
    taken: list[FilePart] = []
    for _ in range(10):
        taken += watching.parts()
    assert len(taken) == len(watching.state.files) == 30
    assert len(watching.state.sightings) <= 30
    for _ in range(15):
        watching.commit(taken)
        taken += watching.parts()
    assert len({part.source.address for part in taken}) == len(taken) == 100


def test_nothing_of_a_look_that_was_not_claimed_is_remembered(lake: Lake, folder: Path) -> None:
    watching = Watching(lake, folder)
    (folder / "a.xml").write_text("<rss/>")
    watching.look()
    before = watching.state
    assert watching.names() == ["a.xml"]
    watching.state = replace(before)  # the engine restored its checkpoint
    assert watching.names() == ["a.xml"]
