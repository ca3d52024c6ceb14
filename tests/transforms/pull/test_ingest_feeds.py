"""The whole command on feeds that fail in every way: each has its code, the run goes on, no secret is kept."""

import gzip
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset as ds
import pytest

ENTRY = "<item><guid>{0}</guid><title>{1}</title><pubDate>Mon, 02 Mar 2026 1{0}:00:00 GMT</pubDate><description>{1} today.</description></item>"
TITLES = ("Ferry back in service after storm", "Council votes on the bridge", "Harbour museum opens its doors")
OUTCOMES = {
    "/ok": "ok", "/404": "http_4xx", "/410": "http_4xx", "/500": "http_5xx", "/wait": "http_5xx", "/bomb": "too_large",
    "/away": "refused_address", "/page": "not_a_feed", "/cut": "connect", "/secret?token=5ecret": "http_4xx",
}  # fmt: skip


def feed(first: int, last: int) -> bytes:
    entries = "".join(ENTRY.format(n, TITLES[n]) for n in range(first, last))
    return f"<rss version='2.0'><channel><title>Coast</title><language>en</language>{entries}</channel></rss>".encode()


def ingest(lake: Path, *words: str) -> subprocess.CompletedProcess[str]:
    options = ["--output", str(lake), "--allow-private", "127.0.0.0/8", "--host-gap", "0.01s"]
    command = [sys.executable, "-m", "pipelines.cli", "ingest", *words, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def polls(lake: Path) -> list[dict[str, object]]:
    return sorted(ds.dataset(lake / "polls").to_table().to_pylist(), key=lambda row: row["polled_at"])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_failure_has_its_code_in_polls(server, web, tmp_path: Path) -> None:
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
    done = ingest(lake, *urls, *others)
    assert done.returncode == 1, done.stderr
    rows = {row["url"]: row for row in polls(lake)}
    assert len(rows) == len(OUTCOMES) + 2
    for path, outcome in OUTCOMES.items():
        (row,) = (row for url, row in rows.items() if path.partition("?")[0] in url)
        assert row["outcome"] == outcome, row
        assert (row["error"] is None) == (outcome == "ok")
    assert rows["http://nowhere.invalid/"]["outcome"] == "dns"
    assert rows["http://127.0.0.1:1/"]["outcome"] == "connect"
    kept = (
        b"".join(path.read_bytes() for path in lake.rglob("*") if path.is_file()) + (done.stdout + done.stderr).encode()
    )
    for secret in (b"5ecret", b"passw0rd"):
        assert secret not in kept

    server.requests.clear()
    server.pages["/ok"] = web.answer(304)
    assert ingest(lake, *urls, "--now").returncode == 1
    assert "/410" not in server.paths
    assert "/wait" not in server.paths
    (again,) = (request for request in server.requests if request.path == "/ok")
    assert again.headers["if-none-match"] == '"1"'
    assert polls(lake)[-1]["polled_at"] > rows[urls[0]]["polled_at"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_window_without_anything_in_common_is_a_possible_gap(server, web, tmp_path: Path) -> None:
    url = server.url("/rss", "127.0.0.1")
    for first, last in ((0, 1), (0, 2), (2, 3)):
        server.pages["/rss"] = web.answer(200, feed(first, last))
        assert ingest(tmp_path / "lake", url).returncode == 0
    found = polls(tmp_path / "lake")
    assert [row["possible_gap"] for row in found] == [None, False, True]
    assert [row["new_items"] for row in found] == [1, 1, 1]
