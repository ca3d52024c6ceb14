"""The whole command on feeds that fail in every way: each has its code, the run goes on, no secret is kept."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipelines.cli import main

ENTRY = "<item><guid>{0}</guid><title>{1}</title><pubDate>Mon, 02 Mar 2026 1{0}:00:00 GMT</pubDate><description>{1} today.</description></item>"
TITLES = ("Ferry back in service after storm", "Council votes on the bridge", "Harbour museum opens its doors")
OUTCOMES = {
    "/ok": "ok", "/404": "http_4xx", "/410": "http_4xx", "/500": "http_5xx", "/wait": "http_5xx", "/bomb": "too_large",
    "/away": "refused_address", "/page": "not_a_feed", "/cut": "connect", "/secret?token=5ecret": "http_4xx",
}  # fmt: skip


def feed(first: int, last: int) -> bytes:
    entries = "".join(ENTRY.format(n, TITLES[n]) for n in range(first, last))
    return f"<rss version='2.0'><channel><title>Coast</title><language>en</language>{entries}</channel></rss>".encode()


@pytest.fixture
def ingest(tmp_path: Path) -> Callable[..., int]:
    def run(*words: str) -> int:
        options = ["--output", str(tmp_path / "lake"), "--allow-private", "127.0.0.0/8", "--host-gap", "0.01s"]
        return main(["ingest", *options, "--workers", "1", *words])

    return run


def polls(lake: Path) -> list[dict[str, object]]:
    return sorted(ds.dataset(lake / "polls").to_table().to_pylist(), key=lambda row: row["polled_at"])


def test_every_failure_has_its_code_in_polls(server, web, tmp_path: Path, ingest, capfd) -> None:
    server.pages |= {
        "/ok": web.answer(200, feed(0, 2), ETag='"1"'),
        "/410": web.answer(410),
        "/500": web.answer(500),
        "/wait": web.answer(503, Retry_After="3600"),
        "/bomb": web.answer(200, gzip.compress(bytes(70_000_000)), Content_Encoding="gzip"),
        "/away": web.answer(302, Location="http://169.254.169.254/latest/meta-data/"),
        "/page": web.answer(200, b"<html><body><p>News</p></body></html>"),
        "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>",
    }
    lake = tmp_path / "lake"
    urls = [server.url(path, "127.0.0.1") for path in OUTCOMES]
    urls[-1] = urls[-1].replace("//", "//me:passw0rd@")
    others = ["http://nowhere.invalid/", "http://127.0.0.1:1/"]
    assert ingest(*urls, *others) == 1
    rows = {row["url"]: row for row in polls(lake)}
    assert len(rows) == len(OUTCOMES) + 2
    for path, outcome in OUTCOMES.items():
        (row,) = (row for url, row in rows.items() if path.partition("?")[0] in url)
        assert row["outcome"] == outcome, row
        assert (row["error"] is None) == (outcome == "ok")
    assert rows["http://nowhere.invalid/"]["outcome"] == "dns"
    assert rows["http://127.0.0.1:1/"]["outcome"] == "connect"
    said = capfd.readouterr()
    kept = b"".join(path.read_bytes() for path in lake.rglob("*") if path.is_file()) + (said.out + said.err).encode()
    for secret in (b"5ecret", b"passw0rd"):
        assert secret not in kept

    server.requests.clear()
    server.pages["/ok"] = web.answer(304)
    assert ingest(*urls, "--now") == 1
    assert "/410" not in server.paths
    assert "/wait" not in server.paths
    (again,) = (request for request in server.requests if request.path == "/ok")
    assert again.headers["if-none-match"] == '"1"'
    assert polls(lake)[-1]["polled_at"] > rows[urls[0]]["polled_at"]


def test_a_window_without_anything_in_common_is_a_possible_gap(server, web, tmp_path: Path, ingest) -> None:
    url = server.url("/rss", "127.0.0.1")
    for first, last in ((0, 1), (0, 2), (2, 3)):
        server.pages["/rss"] = web.answer(200, feed(first, last))
        assert ingest(url) == 0
    found = polls(tmp_path / "lake")
    assert [row["possible_gap"] for row in found] == [None, False, True]
    assert [row["new_items"] for row in found] == [1, 1, 1]


def test_by_hand_every_feed_is_asked_and_with_due_only_what_is_due(server, web, ingest) -> None:
    server.pages |= {
        "/calm": web.answer(200, feed(0, 1)),
        "/fresh": web.answer(200, feed(1, 2), Cache_Control="max-age=600"),
    }
    urls = [server.url(path, "127.0.0.1") for path in server.pages]

    def asked(*words: str) -> set[str]:
        server.requests.clear()
        assert ingest(*urls, *words) == 0
        return set(server.paths)

    assert asked() == {"/calm", "/fresh"}
    assert asked() == {"/calm"}, "what a server calls fresh is not asked again by hand"
    assert asked("--due") == set()
    assert asked("--now") == {"/calm", "/fresh"}


def test_the_least_interval_spaces_polls_that_are_due(server, web, tmp_path: Path, ingest) -> None:
    server.pages["/rss"] = web.answer(200, feed(0, 1))
    assert ingest(server.url("/rss", "127.0.0.1"), "--min-interval", "2h") == 0
    (row,) = polls(tmp_path / "lake")
    assert (row["next_poll_at"] - row["polled_at"]).total_seconds() >= 7200


def test_the_pause_at_a_host_is_kept(server, web, ingest) -> None:
    moments: list[float] = []

    def page(number: int):
        async def answer(_reader, writer) -> None:
            moments.append(time.monotonic())
            writer.write(web.answer(200, feed(number, number + 1)))

        return answer

    server.pages |= {"/a": page(0), "/b": page(1)}
    assert ingest(*(server.url(path, "127.0.0.1") for path in server.pages), "--host-gap", "1.5s") == 0
    assert moments[1] - moments[0] >= 1.5


def test_every_so_often_what_is_due_is_asked_until_stopped(server, web, ingest, monkeypatch) -> None:
    server.pages |= {"/calm": web.answer(200, feed(0, 1)), "/wait": web.answer(503, Retry_After="3600")}
    pauses: list[float] = []

    class StoppedError(Exception):
        pass

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise StoppedError

    monkeypatch.setattr("pipelines.commands.ingest.time.sleep", sleep)
    with pytest.raises(StoppedError):
        ingest(*(server.url(path, "127.0.0.1") for path in server.pages), "--every", "10m")
    assert sorted(server.paths) == ["/calm", "/wait"], "the second run finds nothing due"
    assert all(0 < pause <= 600 for pause in pauses)


def test_an_index_gives_the_rows_of_its_sitemaps(server, web, tmp_path: Path, ingest) -> None:
    listed = "".join(f"<sitemap><loc>{server.url(path, '127.0.0.1')}</loc></sitemap>" for path in ("/a", "/b"))
    server.pages |= {
        "/index.xml": web.answer(200, f"<sitemapindex>{listed}</sitemapindex>".encode(), ETag='"1"'),
        "/a": web.answer(200, feed(0, 2), ETag='"a"'),
        "/b": web.answer(200, feed(2, 3), ETag='"b"'),
    }
    assert ingest(server.url("/index.xml", "127.0.0.1")) == 0
    found = {row["url"].rpartition("/")[2]: row["new_items"] for row in polls(tmp_path / "lake")}
    assert found == {"index.xml": 0, "a": 2, "b": 1}
    server.requests.clear()
    server.pages |= dict.fromkeys(server.pages, web.answer(304))
    assert ingest(server.url("/index.xml", "127.0.0.1")) == 0
    assert {request.path: request.headers["if-none-match"] for request in server.requests} == {
        "/index.xml": '"1"', "/a": '"a"', "/b": '"b"',
    }  # fmt: skip
    assert ds.dataset(tmp_path / "lake/stories").count_rows() == 3
