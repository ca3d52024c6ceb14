"""What a lake on an object store asks of it: every request counted on the wire, as the runbook's costs reckon."""

import json
import re
from collections import Counter

import pytest

from pipelines.cli import main
from tests.deploy.conftest import BROKEN, ITEMS, ROOT
from tests.deploy.recording import BUCKET

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

TOLERANCE = 0.25
"""A request more or less changes no bill; beyond a quarter the runbook's table is wrong and is counted anew."""


def written(label: str) -> Counter:
    """A row of the runbook's table of requests."""
    book = (ROOT / "deploy" / "runbook.md").read_text()
    found = re.search(rf"^\| {re.escape(label)} \| (\d+) \| (\d+) \| (\d+) \|", book, re.MULTILINE)
    assert found, f"deploy/runbook.md tells nothing of: {label}"
    return Counter(dict(zip(("A", "B", "free"), map(int, found.groups()), strict=True)))


def items(count: int, tag: str) -> list[str]:
    return [
        json.dumps(
            {
                "id": f"{tag}{n}",
                "headline": f"Item {n} on subject {tag} {n * 7}",
                "body": f"Paragraph {n} tells of {tag} {n * 13}.",
                "published": f"2026-02-{16 + n % 2:02d}T10:00:00Z",
            }
        )
        for n in range(count)
    ]


def count(store, *words: str) -> Counter:
    store.asked.clear()
    assert main([*words]) == 0
    return Counter(one.bill for one in store.asked)


def near(measured: Counter, label: str) -> None:
    told = written(label)
    for kind in ("A", "B", "free"):
        assert abs(measured[kind] - told[kind]) <= max(3, TOLERANCE * told[kind]), (label, measured, told)


def test_requests_are_as_the_runbook_says(on_store, capsys):
    lake = f"gs://{BUCKET}/counted"
    one = f"gs://{BUCKET}/counted-in/a.jsonl"
    on_store.put("counted-in/a.jsonl", "\n".join(items(1000, "r")).encode())
    for number in range(40):
        on_store.put(f"counted-many/{number}.jsonl", "\n".join(items(25, f"m{number}-")).encode())
    ingest = ("--output", lake, "--workers", "1")
    near(count(on_store, "ingest", one, *ingest), "1,000 new items in one document, a new lake")
    near(count(on_store, "ingest", one, *ingest), "the same again: nothing new")
    near(count(on_store, "ingest", f"gs://{BUCKET}/counted-many/", *ingest), "1,000 new items in 40 documents")
    near(count(on_store, "compact", lake), "compaction after that")
    assert "1,000 kept" in capsys.readouterr().out


def test_what_cannot_be_read_fails_on_its_own(on_store, capsys):
    on_store.put("broken/a.jsonl", (ITEMS + BROKEN).encode())
    words = ["ingest", f"gs://{BUCKET}/broken/*.jsonl", "--output", f"gs://{BUCKET}/broken-lake", "--workers", "1"]
    assert main(words) == 1
    out = capsys.readouterr().out
    assert "41 items = " in out
    assert "+ 1 failures" in out
    assert f"failed: gs://{BUCKET}/broken/a.jsonl: 1 of its entries" in out
