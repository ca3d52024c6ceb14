"""Quality gate: our own labelled openings, with pinned floors. A change that reads worse fails here."""

import datetime as dt
import json
from pathlib import Path

import pytest

from transforms.enrich.dateline import parse_dateline
from transforms.enrich.gazetteer import Gazetteer

DATA = Path(__file__).parents[1] / "data" / "quality" / "datelines.jsonl"
PUBLISHED = dt.datetime(2026, 2, 17, 12, tzinfo=dt.UTC)
EXACT_FLOOR = 0.97
COUNTRY_FLOOR = 0.97


@pytest.fixture(scope="module")
def readings():
    gazetteer = Gazetteer.load()
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    return [
        (
            row,
            parse_dateline(row["text"], published=PUBLISHED, language=row["language"], gazetteer=gazetteer),
        )
        for row in rows
    ]


def test_places_dates_agencies_and_span_stay_above_the_floor(readings):
    wanted = [(row, found) for row, found in readings if row["body"] is not None]
    wrong = []
    for row, found in wanted:
        right = (
            found is not None
            and row["text"][found.end :] == row["body"]
            and list(found.places) == row["places"]
            and list(found.agencies) == row["agencies"]
            and (found.date.isoformat() if found.date else None) == row["date"]
        )
        if not right:
            wrong.append((row["text"], found))
    assert len(wanted) >= 60
    assert len({row["language"] for row, _ in wanted}) >= 12
    assert 1 - len(wrong) / len(wanted) >= EXACT_FLOOR, wrong


def test_countries_and_coordinates_stay_above_the_floor(readings):
    wanted = [(row, found) for row, found in readings if row["country"]]
    wrong = [
        (row["text"], found)
        for row, found in wanted
        if found is None or found.country != row["country"] or found.latitude is None
    ]
    assert 1 - len(wrong) / len(wanted) >= COUNTRY_FLOOR, wrong


def test_no_dateline_is_seen_where_none_is(readings):
    assert [(row["text"], found) for row, found in readings if row["body"] is None and found is not None] == []
