"""The commands over a lake that exists: changes, state, compact, replay, purge."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipelines.cli import main
from tests.pipelines.samples import Ingest, item, rss


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


def test_a_lake_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["state"], ["compact"], ["replay"], ["changes", "--since", "2026-01-01"]):
        assert main([command[0], str(tmp_path / "none"), *command[1:]]) == 2
        assert "no lake here" in capsys.readouterr().err
