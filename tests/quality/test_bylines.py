"""Quality gate: our own byline strings in the conventions of many papers, with pinned floors."""

import json
from pathlib import Path

import pytest

from transforms.enrich.byline import parse_byline

FOLDER = Path(__file__).parents[1] / "data" / "quality"
DATA = FOLDER / "bylines.jsonl"
WIDE = FOLDER / "bylines_wide.jsonl"
"""Strings written, in three rounds, before the rules for them: .84, .89 and .925 were right at first sight."""
CONVENTIONS = FOLDER / "bylines_conventions.jsonl"
"""Five rounds, each written before the rules it led to; the first with no rule in sight. Right at first sight: people
.890 (not English .912) and organisations .874 of 191; .896 (.925) and .890 of 154; .885 (.844) and .962 of 78; .932
(1.00 of 29) and .840 of 162, mostly English; .788 and .850 of 80, sought where the rules looked weak. Labels that were ours to mend (a desk is named as it is printed), 40 of
665, were mended afterwards."""
PEOPLE_FLOOR = 0.98
PEOPLE_NOT_ENGLISH_FLOOR = 0.96
ORGANISATIONS_FLOOR = 0.98
WIDE_FLOOR = 0.985
CONVENTIONS_FLOOR = 0.985


def _read(path):
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row, parse_byline(row["raw"], row["language"])) for row in rows]


@pytest.fixture(scope="module")
def readings():
    return _read(DATA)


def test_the_set_is_wide_enough(readings):
    assert len(readings) >= 80
    assert len({row["language"] for row, _ in readings}) >= 10


def test_people_stay_above_the_floor(readings):
    wrong = [(row["raw"], byline.authors) for row, byline in readings if list(byline.authors) != row["people"]]
    assert 1 - len(wrong) / len(readings) >= PEOPLE_FLOOR, wrong


def test_people_of_other_languages_stay_above_the_floor(readings):
    others = [(row, byline) for row, byline in readings if row["language"] != "en"]
    wrong = [(row["raw"], byline.authors) for row, byline in others if list(byline.authors) != row["people"]]
    assert 1 - len(wrong) / len(others) >= PEOPLE_NOT_ENGLISH_FLOOR, wrong


def test_organisations_stay_above_the_floor(readings):
    wrong = [
        (row["raw"], byline.agencies) for row, byline in readings if set(byline.agencies) != set(row["organisations"])
    ]
    assert 1 - len(wrong) / len(readings) >= ORGANISATIONS_FLOOR, wrong


def test_people_of_many_houses_stay_above_the_floor():
    rows = [json.loads(line) for line in WIDE.read_text(encoding="utf-8").splitlines()]
    found = [(row, parse_byline(row["raw"], row["language"]).authors) for row in rows]
    wrong = [(row["raw"], authors) for row, authors in found if list(authors) != row["people"]]
    others = [row for row in rows if row["language"] != "en"]
    assert len(rows) >= 1200
    assert len(others) >= 650
    assert 1 - len(wrong) / len(rows) >= WIDE_FLOOR, wrong
    missed = [w for w in wrong if any(w[0] == row["raw"] for row in others)]
    assert 1 - len(missed) / len(others) >= WIDE_FLOOR, missed


def test_people_and_organisations_of_more_conventions_stay_above_the_floor():
    found = _read(CONVENTIONS)
    people = [(row["raw"], byline.authors) for row, byline in found if list(byline.authors) != row["people"]]
    houses = [
        (row["raw"], byline.agencies) for row, byline in found if set(byline.agencies) != set(row["organisations"])
    ]
    assert len(found) >= 665
    assert len({row["language"] for row, _ in found}) >= 25
    assert 1 - len(people) / len(found) >= CONVENTIONS_FLOOR, people
    assert 1 - len(houses) / len(found) >= CONVENTIONS_FLOOR, houses
