import json
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.pipelines.samples import item, rss


def objects(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_items_get_one_answer_a_line_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {
            "id": "a",
            "headline": "UPDATE 2-Tea prices rise",
            "body": "NAIROBI, Kenya (AP) - Tea prices rose.",
            "published": "2026-02-17T12:00:00Z",
        },
        "no json at all",
        {"id": "b", "headline": "x", "body": "", "byline": "By Jane Doe and John Roe"},
        {"id": "c", "body": 5},
    ]
    path = tmp_path / "items.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    assert main(["inspect", "--items", str(path)]) == 1
    first, second, third, fourth = objects(capsys)
    assert (first["kind"], first["guid"], first["headline"]) == ("story", "a", "Tea prices rise")
    assert first["dateline_place"] == "NAIROBI"
    assert first["dateline_country"] == "KE"
    assert first["published"] == "2026-02-17T12:00:00Z"
    assert first["date"] == "2026-02-17"
    assert (second["kind"], second["position"], second["stage"]) == ("failure", 1, "parse")
    assert third["authors"] == ["Jane Doe", "John Roe"]
    assert fourth["kind"] == "failure"


def test_inputs_are_named_as_given_and_repeats_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(rss(item("1", "Ferry strike ends"), item("1", "Ferry strike ends")))
    assert main(["inspect", str(path)]) == 0
    rows = objects(capsys)
    assert [row["input"] for row in rows] == [str(path)] * 2
    assert [row["position"] for row in rows] == [0, 1]
    assert rows[0]["story_id"] == rows[1]["story_id"]


def test_a_table_for_eyes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(rss(item("1", "Ferry strike ends")))
    assert main(["inspect", str(path), str(tmp_path / "none.xml"), "--format", "table"]) == 1
    out = capsys.readouterr().out
    assert "Ferry strike ends" in out
    assert "no such file" in out


def test_usage_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect"]) == 2
    assert "--items" in capsys.readouterr().err
    assert main([]) == 2
