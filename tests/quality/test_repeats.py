"""A gate for decisions on repeats: small pairs of our own with pinned floors."""

import json
from pathlib import Path

from tests.quality.stories import repeats, story

TALKS = (
    "Negotiators for the ferry company and its deck crews met for nine hours on Tuesday without a deal, both sides "
    "said, and will sit down again on Thursday under a state mediator. The crews want a shorter week in winter; the "
    "company says that it cannot staff the night crossings if they get it. Island councils asked for an emergency "
    "timetable so that dialysis patients can reach the mainland while the boats stay in port."
)
RESULT = (
    "Brackwater Foundries Inc, 1st qtr: shr profit {} cts vs profit {} cts; net profit {} vs {}; sales {} vs {}; avg "
    "shrs {} vs {}. Note: full name is Brackwater Foundries Incorporated. Results include a gain on the sale of land."
)
WEATHER = (
    "The weather office in Norrby warned of gale force winds on the coast from {} until {} and advised small craft to "
    "stay in harbour. Gusts of {} metres a second are expected at the lighthouse, and waves of {} metres outside the "
    "skerries. Ferries may be cancelled at short notice, the shipping line said, and travellers should check times."
)
FIRST = RESULT.format(12, 9, "1,204,000", "911,000", "14,220,000", "12,801,000", "10,033,000", "10,121,000")
SECOND = RESULT.format(15, 12, "1,530,000", "1,204,000", "15,000,000", "14,220,000", "10,090,000", "10,033,000")
CJK = "新港市政府周二表示，东码头将关闭三周，以便打捞一月沉没的粮船。领航员数月来一直警告说，船体正漂向航道。市长承诺补偿渔民的损失。渡轮改从西码头出发。"

# (name, hours apart, same provider, first headline, first body, second headline, second body, is a repeat)
PAIRS = [
    ("resent", 2, True, "Ferry talks end without deal", TALKS, "Ferry talks end without deal", TALKS, True),
    ("sharper headline", 1, True, "Ferry talks end with no deal", TALKS, "Ferry talks end without deal", TALKS, True),
    ("syndicated", 5, False, "Ferry talks end without deal", TALKS, "Ferry talks end without a deal", TALKS, True),
    ("cut", 5, False, "Ferry talks end without deal", TALKS, "Ferry talks end without deal", TALKS[:290], True),
    ("typo mended", 1, True, "Ferry talks fail", TALKS.replace("winter", "wniter"), "Ferry talks fail", TALKS, True),
    ("chinese resent", 1, False, "新港东码头关闭三周打捞沉船", CJK, "新港东码头关闭三周打捞沉船", CJK, True),
    ("results resent", 1, True, "Brackwater 1st qtr net", FIRST, "Brackwater 1st qtr net", FIRST, True),
    ("other quarter", 20, True, "Brackwater 1st qtr net", FIRST, "Brackwater 1st qtr net", SECOND, False),
    (
        "next warning",
        24,
        True,
        "Gale warning for the coast",
        WEATHER.format("Monday", "Tuesday", 21, 5),
        "Gale warning for the coast",
        WEATHER.format("Tuesday", "Wednesday", 26, 7),
        False,
    ),
    (
        "corrected figure",
        1,
        True,
        "Ferry talks end without deal",
        TALKS,
        "Ferry talks end without deal",
        TALKS.replace("nine hours", "19 hours") + " The company runs 14 boats.",
        True,  # no figure stands against another
    ),
    (
        "death toll rises",
        3,
        True,
        "Quarry slide kills 4",
        TALKS + " The slide killed 4 people.",
        "Quarry slide kills 7",
        TALKS + " The slide killed 7 people.",
        False,
    ),
    ("other story", 3, True, "Ferry talks end without deal", TALKS, "Ferry talks end without deal", FIRST, False),
]


FRESH = Path(__file__).parents[1] / "data" / "quality" / "repeats.jsonl"
"""Two rounds. The 59 pairs of the first were written with no rule in sight: 12 were merged wrongly at first sight, 11 of
them form texts whose only difference is a word, and 17 of 21 repeats found. The 23 of the second were written once the
rule for such texts stood, by one who knew it: none was merged wrongly and all 8 repeats were found."""
OPEN = {"two verdicts"}
"""Merged, and should not be: the same copy a few hours later with two words changed into their contraries. It cannot
be told from a mended text by the words alone."""
FRESH_RECALL = 0.86
"""The four that are missed: a short story recast or tripled in length, a short copy under another headline, and another
spelling of a word of both headlines."""


def test_pairs_of_our_own() -> None:
    false, hits, wanted = [], 0, 0
    for name, hours, same, head_a, body_a, head_b, body_b, repeat in PAIRS:
        language = "zh" if "chinese" in name else "en"
        first = story("a", "wire.example", head_a, body_a, 0, language)
        second = story("b", "wire.example" if same else "paper.example", head_b, body_b, hours, language)
        found = repeats(first, second)
        if repeat:
            wanted += 1
            hits += found
        elif found:
            false.append(name)
    assert not false
    assert hits / wanted >= 0.9


def _fresh():
    return [json.loads(line) for line in FRESH.read_text(encoding="utf-8").splitlines()]


def test_fresh_pairs_in_both_orders_of_arrival() -> None:
    rows = _fresh()
    false, missed = set(), []
    for row in rows:
        other = "wire.example" if row["same_provider"] else "paper.example"
        one, two = ("wire.example", *row["first"]), (other, *row["second"])
        found, turned = (
            repeats(story("a", *this, 0, row["language"]), story("b", *that, row["hours"], row["language"]))
            for this, that in ((one, two), (two, one))
        )
        if row["repeat"]:
            missed += [] if found else [row["name"]]
        elif found or turned:
            false.add(row["name"])
    assert len(rows) >= 80
    assert false == OPEN
    assert 1 - len(missed) / sum(row["repeat"] for row in rows) >= FRESH_RECALL, missed


def test_a_form_whose_headline_names_its_subject_is_no_copy_by_another_house_either() -> None:
    rows = {row["name"]: row for row in _fresh()}
    for name in ("polling other place headline", "dividend headline names company", "suspension, company in headline"):
        row = rows[name]
        first = story("a", "wire.example", *row["first"], 0)
        assert not repeats(first, story("b", "paper.example", *row["second"], row["hours"])), name
