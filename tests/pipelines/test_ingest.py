"""From feed bytes to rows read back with pandas, through the whole pipeline."""

import datetime as dt
import gzip
import time
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest

from schemas.tables import STORIES, reading_schema
from tests.pipelines.samples import Ingest, embargoed, item, rss

COPY = (
    "<p>DOVER, England (AP) - A two-week strike by ferry crews ended on Monday when unions accepted a pay rise of four"
    " percent and a cut in night shifts.</p><p>The walkout had stranded lorry drivers on both sides of the Channel, and"
    " the operator said sailings would resume on Tuesday with a full timetable by the end of the week.</p>"
)
OTHER = (
    "<p>Heavy rain and a spring tide flooded the coastal road near Hastings overnight, and rescue crews took three"
    " hundred people to safety in boats.</p><p>Forecasters warned of more rain before the weekend and asked drivers to"
    " keep away from the sea front until the wind has dropped.</p>"
)


def write(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


def test_the_golden_case(tmp_path: Path, lake: Path, run: Ingest) -> None:
    title = "Ministry Plans New Rail Link To Arctic Ports By 2030"
    stand = "The Transport Ministry plans to finish a rail link to the Arctic ports by 2030, a senior official said on Monday"
    lede = f"{stand}. The line will carry twenty million tonnes of freight a year and needs two new bridges."
    body = (
        f"<h1>{title}</h1><h2>{title}</h2><p>{stand}</p>"
        f"<p>MOSCOW (UrduPoint News / Sputnik - 14th January, 2019) {lede}</p><p>Parliament votes in March.</p>"
    )
    feed = rss(item("g1", title, body, date="Mon, 14 Jan 2019 12:40:00 +0300", standfirst=stand))
    summary = run(write(tmp_path / "in", "golden.xml", feed))
    assert (summary.items, summary.kept, summary.failures) == (1, 1, 0)
    (story,) = pd.read_parquet(lake / "stories").to_dict("records")
    assert story["headline"] == title
    assert story["standfirst"] == stand
    assert story["dateline_place"] == "MOSCOW"
    assert story["dateline_country"] == "RU"
    assert (round(story["dateline_lat"], 1), round(story["dateline_lon"], 1)) == (55.8, 37.6)
    assert story["dateline_date"] == dt.date(2019, 1, 14)
    assert list(story["dateline_agencies"]) == ["UrduPoint News", "Sputnik"]
    assert story["body"] == f"{lede}\nParliament votes in March."
    assert list(story["authors"]) == []
    assert str(story["date"]) == "2019-01-14"
    assert story["topic"] in {"economy", "politics"}
    assert {"repeated-headline", "repeated-standfirst"} <= set(story["signals"])


def test_a_second_run_over_the_same_input_adds_only_polls(tmp_path: Path, lake: Path, run: Ingest) -> None:
    folder = tmp_path / "in"
    write(folder, "a.xml", rss(item("1", "Ferry workers end strike", COPY), item("2", "Storm floods road", OTHER)))
    write(folder, "broken.xml", b"<html><body>Sign in</body></html>")
    first = run(folder)
    assert (first.items, first.kept, first.failures, first.broken) == (3, 2, 1, ())
    before = {name: len(pd.read_parquet(lake / name)) for name in ("stories", "polls", "failures")}
    second = run(folder)
    assert (second.items, second.kept, second.repolled, second.failures) == (3, 0, 2, 1)
    assert len(pd.read_parquet(lake / "stories")) == before["stories"]
    assert len(pd.read_parquet(lake / "failures")) == before["failures"] == 1
    assert not (lake / "repeats").exists()
    assert len(pd.read_parquet(lake / "polls")) == before["polls"] + 2


def test_the_law_holds_per_document(tmp_path: Path, lake: Path, run: Ingest) -> None:
    folder = tmp_path / "in"
    write(
        folder,
        "a.xml",
        rss(item("1", "Ferry workers end strike after deal", COPY), item("2", "Storm floods road", OTHER)),
    )
    write(
        folder,
        "b.xml",
        rss(item("9", "Ferry workers end strike after deal", COPY)).replace(b"coast.example", b"plains.example"),
    )
    write(folder, "c.xml", rss(item("5", "Half an item", COPY))[:-120])
    run(folder)
    polls = pd.read_parquet(lake / "polls")
    assert (polls["items"] == polls[["kept", "repeats", "held", "repolled_items", "failures"]].sum(axis=1)).all()
    assert polls["items"].sum() >= 4


def test_syndicated_copy_is_a_repeat_with_all_it_said(tmp_path: Path, lake: Path, run: Ingest) -> None:
    folder = tmp_path / "in"
    write(folder, "feeds.yaml", b"- {url: a.xml, provider: coast}\n- {url: b.xml, provider: plains, tags: [inland]}\n")
    write(folder, "a.xml", rss(item("1", "Ferry workers end strike after deal", COPY)))
    write(folder, "b.xml", rss(item("77", "Ferry workers end strike after deal", COPY, creator="Tom Achebe")))
    summary = run(folder / "feeds.yaml")
    assert (summary.kept, summary.repeats) == (1, 1)
    (story,) = pd.read_parquet(lake / "stories").to_dict("records")
    (repeat,) = pd.read_parquet(lake / "repeats").to_dict("records")
    assert repeat["repeat_of"] == story["story_id"]
    assert repeat["kind"] == "syndicated"
    assert repeat["provider"] == "plains"
    assert list(repeat["authors"]) == ["Tom Achebe"]
    assert repeat["similarity"] == pytest.approx(1.0)
    assert dict(repeat["extra"])["tags"] == "inland"


def test_a_correction_is_a_version_and_never_a_repeat(tmp_path: Path, lake: Path, run: Ingest) -> None:
    folder = tmp_path / "in"
    path = write(folder, "a.xml", rss(item("1", "Ferry workers end strike", COPY)))
    run(path)
    path.write_bytes(rss(item("1", "CORRECTED-Ferry workers end strike", COPY.replace("four", "five"))))
    summary = run(path)
    assert (summary.kept, summary.repeats) == (1, 0)
    stories = pd.read_parquet(lake / "stories").sort_values("committed_at")
    assert len(set(stories["story_id"])) == 1
    assert list(stories["headline"]) == ["Ferry workers end strike"] * 2
    assert "correction" in stories.iloc[1]["signals"]


def test_what_is_under_embargo_is_held(tmp_path: Path, lake: Path, run: Ingest) -> None:
    line = b'{"id": "1", "headline": "Budget day", "body": "The minister speaks.", "status": "withheld"}\n'
    summary = run(write(tmp_path / "in", "items.jsonl", line))
    assert (summary.kept, summary.held) == (0, 1)
    (held,) = pd.read_parquet(lake / "held").to_dict("records")
    assert held["held_reason"] == "withheld"


def test_failures_keep_their_bytes(tmp_path: Path, lake: Path, run: Ingest) -> None:
    import zstandard

    page = b"<!DOCTYPE html><html><body>Sign in</body></html>"
    summary = run(write(tmp_path / "in", "feed.xml", page), tmp_path / "gone.xml")
    assert summary.failures == 2
    failures = pd.read_parquet(lake / "failures").set_index("code")
    kept = (lake / failures.loc["not_a_feed", "raw_uri"]).read_bytes()
    assert zstandard.ZstdDecompressor().decompressobj().decompress(kept) == page
    assert "gone.xml" in failures.loc["missing", "error"]
    assert pd.isna(failures.loc["missing", "raw_uri"])


@pytest.fixture
def read_lake(tmp_path: Path, lake: Path, run: Ingest) -> Path:
    feed = rss(
        item("1", "Ferry workers end strike", COPY),
        item("2", "Storm floods road", OTHER, date="Tue, 17 Feb 2026 10:00:00 GMT"),
        item("3", "Undated", ""),
    )
    run(
        write(
            tmp_path / "in",
            "a.xml",
            feed.replace(b"<pubDate>Mon, 16 Feb 2026 09:30:00 GMT</pubDate></item>", b"</item>"),
        )
    )
    return lake


def test_pandas_reads_with_and_without_filters(read_lake: Path) -> None:
    stories = pd.read_parquet(read_lake / "stories")
    assert len(stories) == 3
    assert stories["date"].notna().all()
    assert stories["topic"].notna().all()
    day = pd.read_parquet(read_lake / "stories", filters=[("date", "=", "2026-02-17")])
    assert list(day["headline"]) == ["Storm floods road"]
    topic = str(day["topic"].iloc[0])
    assert (
        len(pd.read_parquet(read_lake / "stories", filters=[("date", "=", "2026-02-17"), ("topic", "=", topic)])) == 1
    )
    whole = pd.read_parquet(read_lake / "stories", schema=reading_schema("stories"))
    assert set(STORIES.names) <= set(whole.columns)


def test_other_readers_see_the_same_rows(read_lake: Path) -> None:
    count = (
        duckdb.connect()
        .execute(
            f"select count(*), min(date)::text, count(distinct topic) >= 1 from "
            f"read_parquet('{read_lake}/stories/**/*.parquet', hive_partitioning=true)"
        )
        .fetchone()
    )
    assert count is not None
    assert (count[0], count[1], count[2]) == (3, "2026-02-16", True)
    dataset = ds.dataset(read_lake / "stories", partitioning="hive")
    assert dataset.to_table().num_rows == 3
    frame = pl.read_parquet(f"{read_lake}/stories/**/*.parquet", hive_partitioning=True)
    assert frame.height == 3


def test_a_lake_that_cannot_be_written_ends_with_a_clear_word(
    tmp_path: Path, run: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipelines.cli import main

    feed = write(tmp_path / "in", "a.xml", rss(item("1", "Ferry workers end strike", COPY)))
    (tmp_path / "file").write_text("in the way")
    assert main(["ingest", str(feed), "--output", str(tmp_path / "file"), "--workers", "1"]) == 2
    assert "file" in capsys.readouterr().err


def test_many_files_are_read_in_processes(tmp_path: Path, lake: Path, run: Ingest) -> None:
    folder = tmp_path / "in"
    for number in range(150):
        body = f"<p>Report number {number} speaks of {number * 37 % 101} boats and {number * 53 % 97} crews at sea.</p>"
        write(folder, f"{number:03d}.xml", rss(item(f"n{number}", f"Report {number} from the harbour", body)))
    summary = run(folder, workers=2)
    assert (summary.inputs, summary.items, summary.kept + summary.repeats) == (150, 150, 150)
    assert not list((lake / "_staging").rglob("*.arrow"))
    assert list((lake / "stories").iterdir())


def test_an_embargo_that_has_ended_releases_the_row(tmp_path: Path, lake: Path, run: Ingest) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    path = write(tmp_path / "in", "budget.json", embargoed(soon))
    first = run(path)
    assert (first.kept, first.held) == (0, 1)
    while dt.datetime.now(dt.UTC) <= soon:
        time.sleep(0.1)
    second = run(path)
    assert (second.kept, second.repolled) == (0, 1)
    (story,) = pd.read_parquet(lake / "stories").to_dict("records")
    assert story["headline"] == "Budget day"
    assert story["committed_at"] > soon
    assert not list((lake / "held").glob("*.parquet"))


def test_gzip_files_are_unpacked_and_damaged_ones_kept(
    tmp_path: Path, lake: Path, run: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(rss(item("1", "Ferry workers end strike", COPY)))
    good = write(tmp_path / "in", "a.xml.gz", packed)
    broken = write(tmp_path / "in", "b.xml.gz", packed[:-20])
    monkeypatch.setattr("pipelines.reading.MAX_FILE_BYTES", 5_000)
    bomb = write(tmp_path / "in", "c.xml.gz", gzip.compress(b" " * 100_000))
    summary = run(good, broken, bomb)
    assert (summary.items, summary.kept, summary.failures) == (3, 1, 2)
    assert list(pd.read_parquet(lake / "stories")["headline"]) == ["Ferry workers end strike"]
    failures = pd.read_parquet(lake / "failures").set_index("code")
    assert failures.loc["encoding", "error"].startswith(f"{broken}: a damaged gzip file, ")
    assert failures.loc["too_large", "error"] == f"{bomb}: unpacked, more than 5000 bytes; split the file"
    assert all((lake / "_raw" / f"{sha}.zst").exists() for sha in failures["raw_sha256"])
