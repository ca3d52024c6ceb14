import json
from pathlib import Path

import pytest

from pipelines.cli import main

ITEM = "<item><guid>{0}</guid><title>Ferry {0} sails</title><pubDate>Mon, 02 Mar 2026 12:0{0}:00 GMT</pubDate><description>{1}</description></item>"


def feed(items: int, text: str) -> bytes:
    entries = "".join(ITEM.format(n, text) for n in range(items))
    hints = "<ttl>30</ttl><skipHours><hour>1</hour><hour>2</hour></skipHours>"
    head = f"<rss version='2.0'><channel><title>Coast</title><language>en-gb</language>{hints}"
    return f"{head}{entries}</channel></rss>".encode()


@pytest.fixture
def check(server, capsys):
    def run(*words: str) -> tuple[int, str]:
        code = main(["feeds", "check", *words, "--allow-private", "127.0.0.0/8", "--host-gap", "0s"])
        return code, capsys.readouterr().out

    return run


def test_each_feed_of_a_list_is_described(server, web, check, tmp_path: Path) -> None:
    server.pages |= {
        "/full": web.answer(200, feed(3, "The ferry sails again. " * 60), ETag='"1"', Cache_Control="max-age=600"),
        "/short?token=5ecret": web.answer(200, feed(2, "The ferry.")),
        "/old": web.answer(301, Location="/full"),
        "/page": web.answer(200, b"<html><body><p>News</p></body></html>"),
        "/gone": web.answer(410),
    }
    urls = [server.url(path, "127.0.0.1") for path in server.pages]
    listed = tmp_path / "feeds.yaml"
    listed.write_text("".join(f"- {url}\n" for url in urls))
    code, out = check(str(listed), "--format", "jsonl")
    assert code == 1
    assert "5ecret" not in out
    found = {one["url"].partition("?")[0].rpartition("/")[2]: one for one in map(json.loads, out.splitlines())}
    full = found["full"]
    assert (full["outcome"], full["format"], full["items"], full["failures"]) == ("ok", "rss", 3, 0)
    assert (full["full_text"], full["validators"], full["moved_to"]) == (True, "etag", None)
    assert full["newest"] == "2026-03-02T12:02:00+00:00"
    assert full["asks"] == "fresh 10 min, ttl 30 min, skips 2 h"
    assert full["language"].lower() == "en-gb"
    assert found["short"]["full_text"] is False
    assert found["short"]["validators"] == "none"
    assert found["old"]["moved_to"].endswith("/full")
    assert (found["page"]["outcome"], found["page"]["items"]) == ("not_a_feed", 0)
    assert (found["gone"]["outcome"], found["gone"]["http_status"]) == ("http_4xx", 410)


def test_the_table_has_a_line_a_feed_and_says_what_failed(server, web, check) -> None:
    server.pages |= {"/full": web.answer(200, feed(3, "x")), "/old": web.answer(308, Location="/full")}
    code, out = check(*(server.url(path, "127.0.0.1") for path in ("/full", "/old", "/missing")))
    assert code == 1
    assert out.splitlines()[0].split()[:3] == ["outcome", "format", "items"]
    assert "moved to" in out
    assert "HTTP 404" in out
    assert check(server.url("/full", "127.0.0.1"))[0] == 0


def test_private_addresses_are_refused_unless_named(server, capsys) -> None:
    assert main(["feeds", "check", server.url("/full", "127.0.0.1")]) == 1
    assert "refused_address" in capsys.readouterr().out
    assert server.requests == []


def test_files_and_broken_lists_are_checked_too(check, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(feed(2, "x"))
    (tmp_path / "bad.opml").write_text("<opml><body>")
    code, out = check(str(tmp_path), "--format", "jsonl")
    assert code == 1
    assert sorted(json.loads(line)["outcome"] for line in out.splitlines()) == ["feed_list", "ok"]
