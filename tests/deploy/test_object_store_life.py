"""A lake's whole life on gs://, sources and lake, step by step the same as on a disk; races and faults on the way."""

import datetime as dt
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.deploy.conftest import ITEMS, ROOT
from tests.deploy.recording import BUCKET
from tests.pipelines.samples import item, rss

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

TABLES = ("stories", "repeats", "held", "failures", "polls")
STRIKE = "<p>Crews of the island ferries went back to work on Monday after a strike of two weeks over rosters.</p>"
FLOOD = "<p>Rain and a spring tide put the coastal road under water between the harbour and the old mill.</p>"
RELEASE = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=1)
EMBARGOED = """<nitf><head><docdata management-status="embargoed"><doc-id id-string="E1"/>
<date.issue norm="20260216T080000Z"/><date.release norm="{release}"/></docdata></head><body><body.head><hedline>
<hl1>Audit of the harbour fund</hl1></hedline></body.head><body.content><p>The audit finds gaps.</p></body.content>
</body></nitf>"""
KILL = """<nitf><head><docdata management-status="canceled" management-doc-idref="5"><doc-id id-string="5"/>
<date.issue norm="20260216T120000Z"/></docdata></head><body><body.head><hedline><hl1>Mayor resigns</hl1></hedline>
</body.head><body.content/></body></nitf>"""


@dataclass
class Place:
    """Where one life is lived: addresses of sources and lake, and how a document is laid down."""

    sources: str
    lake: str
    put: Callable[[str, bytes], object]


def rows(lake: str) -> dict[str, Counter]:
    """What every table holds, without what differs from run to run."""
    from transforms.lake.lake import open_lake

    columns = {
        "stories": ("guid", "provider", "headline", "body", "status", "version", "date", "topic"),
        "repeats": ("guid", "provider", "kind", "headline"),
        "held": ("guid", "headline", "held_reason"),
        "failures": ("stage", "code", "raw_sha256", "position"),
        "polls": ("outcome", "items", "kept", "repeats", "held", "repolled_items", "failures"),
    }
    opened = open_lake(lake)
    return {
        table: Counter(tuple(map(str, row.values())) for row in opened.read(table).select(columns[table]).to_pylist())
        for table in TABLES
    }


def current_guids(lake: str) -> list[str]:
    from transforms.lake.current import current_pandas

    return sorted(current_pandas(lake)["guid"])


def live(place: Place, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """Every step of a lake's life by the commands that users give; what the lake holds after each."""
    told: list[tuple[str, object]] = []

    def step(name: str, code: int, *words: str) -> None:
        assert main([*words]) == code, (place.lake, name)
        told.append((name, rows(place.lake)))

    ingest = ("ingest", f"{place.sources}/list.yaml", "--output", place.lake, "--workers", "1", "--archive")
    entries = [("a.xml", "coast"), ("b.xml", "plains"), ("c.xml", "wire"), ("d.xml", None), ("e.jsonl", "desk")]
    lines = [f"- url: {place.sources}/{name}\n" + (f"  provider: {who}\n" if who else "") for name, who in entries]
    place.put("list.yaml", "".join(lines).encode())
    place.put("a.xml", rss(item("1", "Ferry workers end strike", STRIKE), item("2", "Storm floods coast road", FLOOD)))
    place.put("b.xml", rss(item("9", "Ferry workers end strike", STRIKE, date="Mon, 16 Feb 2026 10:30:00 GMT")))
    place.put("c.xml", EMBARGOED.format(release=f"{RELEASE:%Y%m%dT%H%M%SZ}").encode())
    place.put("d.xml", b"<html><body>Sign in</body></html>")
    place.put("e.jsonl", ITEMS.encode() + b"not json\n")
    step("first", 1, *ingest)
    step("again", 1, *ingest)
    place.put("a.xml", rss(item("1", "Ferry workers end strike", STRIKE + "<p>Boats sail on Tuesday.</p>")))
    step("a new version", 1, *ingest)
    with monkeypatch.context() as later:
        later.setattr("pipelines.ingest.utc_now", lambda: RELEASE + dt.timedelta(seconds=1))
        step("the embargo ends", 1, *ingest)
    place.put("a.xml", KILL.encode())
    step("a kill", 1, *ingest)
    told.append(("current", current_guids(place.lake)))
    step("changes", 0, "changes", place.lake, "--since", "2000-01-01")
    step("compact", 0, "compact", place.lake)
    step("verify", 0, "state", place.lake, "--verify")
    step("replay of what fails", 1, "replay", place.lake, "--workers", "1")
    with monkeypatch.context() as patched:
        mend_parser(patched)
        step("replay once mended", 1, "replay", place.lake, "--workers", "1")
        step("replay of all", 1, "replay", place.lake, "--archive", "--workers", "1")
    step("purge", 0, "purge", place.lake, "--provider", "coast", "--yes")
    step("verify at the end", 0, "state", place.lake, "--verify")
    told.append(("current at the end", current_guids(place.lake)))
    return told


def mend_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that reads the page that failed before."""
    from pipelines import reading
    from schemas.document import ParsedDocument
    from schemas.item import NewsItem

    parse = reading.parse_document

    def today(doc):
        if b"Sign in" in doc.data:
            return ParsedDocument("html", (NewsItem(guid="page", headline="A page that is read now"),))
        return parse(doc)

    monkeypatch.setattr(reading, "parse_document", today)


def test_a_lake_lives_on_gs_as_on_a_disk(on_store, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "life"
    folder.mkdir()
    disk = Place(str(folder), str(tmp_path / "lake"), lambda name, data: (folder / name).write_bytes(data))
    cloud = Place(
        f"gs://{BUCKET}/life", f"gs://{BUCKET}/life-lake", lambda name, data: on_store.put(f"life/{name}", data)
    )
    on_cloud = live(cloud, monkeypatch)
    on_disk = live(disk, monkeypatch)
    for (name, there), (_, here) in zip(on_cloud, on_disk, strict=True):
        assert there == here, name
    capsys.readouterr()

    by_name = dict(on_cloud)
    assert sum(by_name["first"]["held"].values()) == 1, "the embargo holds"
    assert by_name["a new version"]["held"] == by_name["first"]["held"]
    assert not by_name["the embargo ends"]["held"]
    assert [row[0] for row in by_name["the embargo ends"]["stories"] if row[0] == "E1"]
    assert sum(by_name["first"]["repeats"].values()) >= 1
    assert by_name["again"] | {"polls": 0} == by_name["first"] | {"polls": 0}, "running again adds only polls"
    assert sum(by_name["replay once mended"]["failures"].values()) == sum(by_name["first"]["failures"].values()) - 1
    assert not [row for row in by_name["purge"]["stories"] if row[1] == "coast"]
    assert "1" in by_name["current"] and "1" not in by_name["current at the end"]

    asked = [one for one in on_store.asked if one.name]
    assert {one.name.partition("/")[0] for one in asked} == {"life", "life-lake"}, "nothing lies outside"
    assert not [one for one in asked if one.name.startswith("life/") and one.method != "GET"], "sources are only read"
    commits = [one for one in asked if one.name.startswith("life-lake/_state/commits/") and one.writes]
    assert commits and all(one.once for one in commits), "a commit is made only where there is none"
    won = Counter(one.name for one in commits if one.status == 200)
    assert set(won.values()) == {1}
    left = [name for name in on_store.names() if name.startswith("life-lake/_staging/")]
    assert not [name for name in left if name.endswith(".parquet")]


def start(store, source: str, lake: str) -> subprocess.Popen:
    words = ["ingest", f"gs://{BUCKET}/{source}", "--output", f"gs://{BUCKET}/{lake}", "--workers", "1"]
    environment = {**os.environ, "STORAGE_EMULATOR_HOST": store.url, "NO_GCE_CHECK": "true", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_two_runs_race_for_one_commit_and_one_wins(store, monkeypatch, capsys):
    """Two processes hold their commits of the same name until both are there: one is told 200, the other 412."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", store.url)
    store.put("race/a.jsonl", ITEMS.encode())
    store.put("race/b.jsonl", ITEMS.replace("harbour", "airport").replace('"n', '"m').encode())
    # the lake is made first, so that both runs only write to it
    from transforms.lake.lake import open_lake

    open_lake(f"gs://{BUCKET}/race-lake", create=True)
    first = re.compile(r"race-lake/_state/commits/0/0000000001\.json$")
    store.meeting = (first, threading.Barrier(2))
    runs = [start(store, f"race/{name}.jsonl", "race-lake") for name in "ab"]
    said = [run.communicate(timeout=100)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert all("40 items = 40 kept" in text for text in said), said
    met = [one.status for one in store.asked if first.search(one.name) and one.writes]
    assert sorted(met) == [200, 412]
    stories = rows(f"gs://{BUCKET}/race-lake")["stories"]
    assert sum(stories.values()) == len(stories) == 80
    assert main(["state", f"gs://{BUCKET}/race-lake", "--verify"]) == 0
    capsys.readouterr()


@pytest.mark.timeout(200)
def test_refusals_and_cuts_lose_nothing(on_store, tmp_path, capsys):
    """A tenth of all requests is answered by 429 or 503, or cut before or after its work: rows are those of a good day."""
    for number, tag in enumerate("xyz"):
        data = ITEMS.replace('"n', f'"{tag}').replace("harbour", f"{tag}-port").encode() + b"not json\n"
        on_store.put(f"flaky/{number}.jsonl", data)
        (tmp_path / f"{number}.jsonl").write_bytes(data)
    on_store.faults = 0.1
    words = ["ingest", f"gs://{BUCKET}/flaky/", "--output", f"gs://{BUCKET}/flaky-lake", "--workers", "1"]
    assert main(words) == 1
    assert main(words) == 1
    on_store.faults = 0.0
    wrong = Counter(one.status for one in on_store.asked if one.status in {0, 429, 503})
    assert sum(wrong.values()) > 5, "something did go wrong"
    here = str(tmp_path / "lake")
    good = ["ingest", *(str(tmp_path / f"{n}.jsonl") for n in range(3)), "--output", here, "--workers", "1"]
    assert main(good) == 1
    assert main(good) == 1
    assert rows(f"gs://{BUCKET}/flaky-lake") == rows(here)
    assert main(["state", f"gs://{BUCKET}/flaky-lake", "--verify"]) == 0
    capsys.readouterr()


def test_beam_s_own_file_systems_are_not_used():
    """Neither sources nor lake go through them: Beam's GCS one serves its runner's staging alone."""
    for room in ("pipelines", "transforms", "schemas"):
        for file in (ROOT / room).rglob("*.py"):
            text = Path(file).read_text(encoding="utf-8")
            assert not re.search(
                r"apache_beam\.io\.(?!restriction_trackers|watermark_estimators|iobase)|apache_beam\.io import|beam\.io\b(?!\.restriction|\.watermark|\.iobase)|filesystems",
                text,
            ), file
