"""The commands over a lake that exists: changes, state, compact, replay, purge."""

import datetime as dt
import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import zstandard

from pipelines.cli import main
from pipelines.reading import read_input
from pipelines.spool import spool_bytes
from schemas.batch import Pulled
from schemas.document import Source
from tests.pipelines.samples import Ingest, item, rss
from transforms.enrich.story import EnrichResources
from transforms.lake.lake import open_lake


@pytest.fixture
def full(tmp_path: Path, lake: Path, run: Ingest) -> Path:
    """A lake of two runs: three stories of two providers and a failure."""
    folder = tmp_path / "in"
    folder.mkdir()
    lists = folder / "feeds.yaml"
    lists.write_text("- {url: a.xml, provider: coast}\n- {url: b.xml, provider: plains}\n- {url: c.xml}\n")
    (folder / "a.xml").write_bytes(
        rss(item("1", "Ferry workers end strike", "<p>The strike ended after two weeks.</p>"))
    )
    (folder / "b.xml").write_bytes(rss(item("2", "Storm floods coastal road", "<p>Rain and a spring tide came.</p>")))
    (folder / "c.xml").write_bytes(b"<html><body>Sign in</body></html>")
    run(lists)
    (folder / "b.xml").write_bytes(rss(item("3", "Harbour master named", "<p>She takes over in March.</p>")))
    run(lists)
    return lake


def test_changes_tell_what_is_new_and_go_on_from_their_cursor(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["changes", str(full), "--since", "2000-01-01"]) == 0
    told = capsys.readouterr()
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert sorted(row["guid"] for row in rows) == ["1", "2", "3"]
    assert all(row["committed_at"].endswith("Z") for row in rows)
    cursor = told.err.strip().removeprefix("cursor: ")
    assert main(["changes", str(full), "--since", cursor]) == 0
    assert capsys.readouterr().out == ""
    assert main(["changes", str(full), "--since", "soon"]) == 2


def test_state_is_shown_and_every_file_is_whole(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["state", str(full), "--verify"]) == 0
    out = capsys.readouterr().out
    assert "known stories   3" in out
    assert "all whole" in out
    next((full / "stories").rglob("*.parquet")).write_bytes(b"PAR1")
    assert main(["state", str(full), "--verify"]) == 1
    assert "truncated" in capsys.readouterr().err


def test_compact_keeps_every_row(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = pd.read_parquet(full / "polls")
    files = len(list((full / "polls").rglob("*.parquet")))
    assert main(["compact", str(full)]) == 0
    assert "became" in capsys.readouterr().out
    after = pd.read_parquet(full / "polls")
    assert len(after) == len(before)
    assert len(list((full / "polls").rglob("*.parquet"))) < files


def test_replay_of_what_still_fails_changes_nothing(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = pd.read_parquet(full / "failures")
    assert main(["replay", str(full), "--workers", "1"]) == 1
    assert "0 new rows" in capsys.readouterr().out
    assert len(pd.read_parquet(full / "failures")) == len(before)


def test_replay_turns_a_failure_into_rows_once_a_parser_can(
    full: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines import reading
    from schemas.document import ParsedDocument, RawDocument
    from schemas.item import NewsItem

    parse = reading.parse_document

    def today(doc: RawDocument) -> ParsedDocument:
        if b"Sign in" in doc.data:
            return ParsedDocument("html", (NewsItem(guid="9", headline="A page that is read now"),))
        return parse(doc)

    monkeypatch.setattr(reading, "parse_document", today)
    assert main(["replay", str(full), "--workers", "1"]) == 0
    assert "1 new rows" in capsys.readouterr().out
    assert "9" in set(pd.read_parquet(full / "stories")["guid"])
    assert not list((full / "failures").rglob("*.parquet"))


def test_archived_documents_read_again_are_identical(
    tmp_path: Path, lake: Path, run: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(rss(item("1", "Ferry workers end strike", "<p>The strike ended after two weeks.</p>")))
    run(path, archive=True)
    assert main(["replay", str(lake), "--archive", "--workers", "1"]) == 0
    out = capsys.readouterr().out
    assert "0 new rows, 1 unchanged" in out
    assert len(pd.read_parquet(lake / "stories")) == 1


def test_purge_reaches_everything_of_a_provider(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["purge", str(full), "--provider", "plains", "--yes"]) == 0
    assert "stories    2 rows" in capsys.readouterr().out
    assert set(pd.read_parquet(full / "stories")["provider"]) == {"coast"}
    assert main(["purge", str(full), "--yes"]) == 2
    assert main(["purge", str(full), "--before", "yesterday", "--yes"]) == 2


@pytest.mark.parametrize("story", ["nosuch", "", "../..", "8906B1519102901F907F92C3A630CAD1", "ab"])
def test_a_purge_says_which_story_is_none(lake: Path, story: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["purge", str(lake), "--story", story, "--yes"]) == 2
    assert f"--story: {story!r} is no story_id" in capsys.readouterr().err


def test_a_lake_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["state"], ["compact"], ["replay"], ["changes", "--since", "2026-01-01"]):
        assert main([command[0], str(tmp_path / "none"), *command[1:]]) == 2
        assert "no lake here" in capsys.readouterr().err


def _body(word: str) -> str:
    return f"<p>The {word} was closed for two weeks while divers removed the wreck of a grain ship.</p>"


def test_no_replay_brings_a_purged_story_back(
    tmp_path: Path, lake: Path, run: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its copy lies in every document that was fetched while the feed listed it, and in those that failed in part."""
    one, two = item("1", "Ferry workers end strike", _body("pier")), item("2", "Storm floods road", _body("road"))
    feed, other, bad = tmp_path / "a.xml", tmp_path / "b.xml", tmp_path / "c.xml"
    feed.write_bytes(rss(one))
    run(feed, archive=True)
    feed.write_bytes(rss(one, two))
    other.write_bytes(rss(item("3", "Harbour master named", _body("office"))))
    run(feed, other, archive=True)
    bad.write_bytes(rss(one)[:-20])
    run(bad, archive=True)
    stories = pd.read_parquet(lake / "stories").set_index("guid")
    assert main(["purge", str(lake), "--story", stories.loc["1"].story_id, "--yes"]) == 0
    told = capsys.readouterr().out
    assert "stories    1 rows" in told
    assert "archive    3 documents" in told
    assert main(["replay", str(lake), "--archive", "--workers", "1"]) in (0, 1)
    assert sorted(pd.read_parquet(lake / "stories")["guid"]) == ["2", "3"]
    kept = [zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes()) for path in lake.glob("_raw/*")]
    assert len(kept) == 1
    assert not any(b"Ferry workers" in data for data in kept)
    assert not any("Ferry" in str(rows) for rows in pd.read_parquet(lake / "polls").to_dict("records"))
    run(feed)  # delivered again it is new: purging forgets
    assert sorted(pd.read_parquet(lake / "stories")["guid"]) == ["1", "2", "3"]


@pytest.mark.parametrize("hours", [2, 0], ids=["killed", "at work"])
def test_a_purge_reaches_what_a_killed_run_had_read(
    tmp_path: Path, lake: Path, run: Ingest, capsys: pytest.CaptureFixture[str], hours: float
) -> None:
    """A run at work loses nothing: what it has read is told, not removed."""
    feed = tmp_path / "a.xml"
    feed.write_bytes(rss(item("1", "Ferry workers end strike", _body("pier")), item("2", "Frost", _body("road"))))
    run(feed)
    pulled = Pulled(Source(address="a.xml", provider="coast"), "a.xml", dt.datetime.now(dt.UTC), data=feed.read_bytes())
    stories = read_input(pulled, EnrichResources.load()).stories
    spools = [
        lake / open_lake(str(lake)).spool_write(f"a-run/{name}.arrow", spool_bytes([story], ["d"]))
        for name, story in zip(("mine", "other"), stories, strict=True)
    ]
    for path in spools:
        os.utime(path, (time.time() - hours * 3600,) * 2)
    assert main(["purge", str(lake), "--story", stories[0].story_id, "--yes"]) == (0 if hours else 1)
    told = capsys.readouterr()
    assert [path.exists() for path in spools] == [not hours, True]
    assert ("spool      1 rows of runs that were killed" in told.out) is bool(hours)
    assert ("1 rows were read within the hour" in told.err) is not bool(hours)


def test_what_is_purged_before_a_day_leaves_later_versions_known(
    tmp_path: Path, lake: Path, run: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = tmp_path / "a.xml"
    feed.write_bytes(rss(item("1", "Ferry workers end strike", _body("pier"), date="Mon, 12 Jan 2026 09:30:00 GMT")))
    run(feed, archive=True)
    feed.write_bytes(rss(item("1", "Ferry workers end strike", _body("basin"), date="Mon, 16 Feb 2026 09:30:00 GMT")))
    run(feed, archive=True)
    assert main(["purge", str(lake), "--before", "2026-02-01", "--yes"]) == 0
    assert "archive    1 documents" in capsys.readouterr().out
    assert run(feed).repolled == 1
    assert main(["replay", str(lake), "--archive", "--workers", "1"]) == 0
    found = pd.read_parquet(lake / "stories")
    assert [str(day) for day in found["date"]] == ["2026-02-16"]


def test_a_providers_copy_goes_from_documents_that_its_list_did_not_name(
    tmp_path: Path, lake: Path, run: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = tmp_path / "items.jsonl"
    lines = [
        '{"id": "1", "provider": "coast", "headline": "Ferry workers end strike", "body": "Boats sail again."}\n',
        '{"id": "2", "provider": "plains", "headline": "Frost in the orchards", "body": "Growers count losses."}\n',
    ]
    for count in (1, 2):
        feed.write_text("".join(lines[:count]))
        run(feed, archive=True)
    assert main(["purge", str(lake), "--provider", "coast", "--yes"]) == 0
    assert "archive    2 documents" in capsys.readouterr().out
    assert main(["replay", str(lake), "--archive", "--workers", "1"]) == 0
    assert list(pd.read_parquet(lake / "stories")["guid"]) == ["2"]
    assert not list(lake.glob("_raw/*"))


def test_a_replay_says_what_todays_parsers_read_otherwise(
    tmp_path: Path, lake: Path, run: Ingest, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines import reading

    path = tmp_path / "a.xml"
    path.write_bytes(rss(item("1", "Ferry workers end strike", _body("pier")), item("2", "Floods", _body("road"))))
    run(path, archive=True)
    path.write_bytes(rss(item("1", "Ferry workers end strike", _body("pier"))))
    run(path, archive=True)
    before = pd.read_parquet(lake / "stories")
    assert main(["replay", str(lake), "--archive", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "0 new rows, 3 unchanged" in told
    assert "otherwise" not in told
    finish = reading.finish

    def today(*args: Any) -> list[Any]:
        changed = {"authors": ("Nora Lindqvist",), "urgency": 3}
        return [replace(story, **changed) if story.guid == "1" else story for story in finish(*args)]

    monkeypatch.setattr(reading, "finish", today)
    assert main(["replay", str(lake), "--archive", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "0 new rows, 3 unchanged" in told
    assert "1 rows would read otherwise today, and stay as they are: authors 1, urgency 1" in told
    pd.testing.assert_frame_equal(pd.read_parquet(lake / "stories"), before)


def test_a_replay_of_equal_bytes_under_two_names_reads_nothing_otherwise(
    tmp_path: Path, lake: Path, run: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    for name in ("a.xml", "b.xml"):
        (folder / name).write_bytes(_G2_ITEM)
    run(folder, archive=True)
    assert main(["replay", str(lake), "--archive", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "0 new rows, 2 unchanged" in told
    assert "otherwise" not in told


_G2_ITEM = (
    b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:bridge" version="1" standard="NewsML-G2">'
    b"<itemMeta><versionCreated>2026-02-16T10:00:00Z</versionCreated></itemMeta>"
    b"<contentMeta><headline>Bridge closes after frost</headline></contentMeta></newsItem>"
)
