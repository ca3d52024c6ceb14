"""The lake on gs:// through google-cloud-storage: an emulator that honours preconditions, behind a faulty proxy."""

import gc
import http.client
import http.server
import os
import random
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from transforms.lake import gcs
from transforms.lake.compact import compact
from transforms.lake.gcs import GcsStorage
from transforms.lake.lake import open_lake
from transforms.lake.verify import verify

BINARY = os.environ.get("WIRELAKE_FAKE_GCS") or shutil.which("fake-gcs-server")

pytestmark = [
    pytest.mark.skipif(
        not BINARY,
        reason="no fake-gcs-server: go install github.com/fsouza/fake-gcs-server@latest, or name it in WIRELAKE_FAKE_GCS",
    ),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy(http.server.BaseHTTPRequestHandler):
    """Passes requests on; some are refused, some answers are cut after the server did its work."""

    protocol_version = "HTTP/1.1"
    backend = 0
    faults = 0.0
    kinds: tuple[str, ...] | list[str] = ("429", "503", "cut", "deaf")
    rng = random.Random(3)
    said: list[str]

    def _pass(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.rng.choice(self.kinds) if self.rng.random() < self.faults else None
        if kind in {"403", "429", "503"}:
            self.said.append(kind)
            self._answer(int(kind), [], b"try later")
            return
        if kind == "cut":
            self.said.append(kind)
            self.close_connection = True
            return
        upstream = http.client.HTTPConnection("127.0.0.1", self.backend, timeout=30)
        upstream.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k != "Connection"})
        answer = upstream.getresponse()
        data = answer.read()
        upstream.close()
        if kind == "deaf":
            self.said.append(kind)
            self.close_connection = True
            return
        hop = {"transfer-encoding", "content-length", "connection"}
        self._answer(answer.status, [(k, v) for k, v in answer.getheaders() if k.lower() not in hop], data)

    def _answer(self, status, headers, data):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass  # noqa: N815 - the server's names

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture(scope="module")
def server():
    port = _free_port()
    process = subprocess.Popen(
        [
            BINARY,
            "-scheme",
            "http",
            "-host",
            "127.0.0.1",
            "-port",
            str(port),
            "-backend",
            "memory",
            "-log-level",
            "error",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/storage/v1/b", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/storage/v1/b", b'{"name": "wire"}', {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=5).close()
    yield port
    process.kill()
    process.wait()


@pytest.fixture
def proxy(server, monkeypatch):
    handler = type("Handler", (Proxy,), {"backend": server, "said": []})
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    httpd.daemon_threads = True
    httpd.handle_error = lambda *_: None  # a client that hangs up is what is tried here
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{httpd.server_port}")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    yield handler
    httpd.shutdown()
    httpd.server_close()
    gc.collect()  # clients are never closed, their sockets are: here, where the warning is expected


def test_one_of_many_racing_creators_wins(proxy):
    storages = [GcsStorage("gs://wire/race") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda pair: pair[1].create("name", b"%d" % pair[0]), enumerate(storages)))
    assert sum(won) == 1
    assert storages[0].read("name") == b"%d" % won.index(True)


def test_a_lake_lives_on_the_object_store(proxy, bench):
    lake = open_lake("gs://wire/lake", create=True)
    bench.ingest(lake, "b1", ("ant", "newt"))
    bench.ingest(lake, "b2", ("asp", "owls"))
    bench.ingest(lake, "b2", ("asp", "owls"))
    assert bench.published_or_staged(lake, "stories") == ["ant-row", "asp-row", "newt-row", "owls-row"]
    compact(lake, bench.merge, lambda: bench.NOON)
    assert bench.published_or_staged(lake, "stories") == ["ant-row", "asp-row", "newt-row", "owls-row"]
    assert verify(lake, deep=True) == ()
    assert not list(lake.storage.list("_staging"))
    _, sha = lake.keep_raw(b"bytes")
    assert lake.read_raw(sha) == b"bytes"


@pytest.mark.timeout(110)
def test_a_tenth_of_all_answers_failing_loses_nothing(proxy, bench, monkeypatch):
    retry = gcs._retry()
    monkeypatch.setattr(gcs, "_retry", lambda: retry.with_delay(initial=0.01, maximum=0.1, multiplier=2.0))
    proxy.faults = 0.1
    lake = open_lake("gs://wire/flaky", create=True)

    def write(part: int) -> None:
        for number in range(4):
            bench.ingest(
                open_lake("gs://wire/flaky"),
                f"b{part}-{number}",
                (f"ant{part}{number}", f"newt{part}{number}"),
                tries=60,
            )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    proxy.faults = 0.0
    expected = sorted(
        f"{name}{part}{number}-row" for name in ("ant", "newt") for part in range(2) for number in range(4)
    )
    assert bench.published_or_staged(lake, "stories") == expected
    lake.shard(0)
    assert verify(lake, deep=True) == ()
    assert len(proxy.said) > 5


@pytest.mark.timeout(110)
def test_the_commands_get_through_a_tenth_of_all_answers_failing(proxy, tmp_path, monkeypatch, capsys):
    from pipelines.cli import main
    from tests.pipelines.samples import item, rss

    retry = gcs._retry()
    monkeypatch.setattr(gcs, "_retry", lambda: retry.with_delay(initial=0.01, maximum=0.1, multiplier=2.0))
    lake = "gs://wire/commands"
    words = ["ingest", str(tmp_path), "--output", lake, "--workers", "1", "--archive"]
    for number in range(3):
        items = [item(f"{number}-{n}", f"Berth {n} of quay {number}", f"<p>Closed on day {n}.</p>") for n in range(4)]
        (tmp_path / f"{number}.xml").write_bytes(rss(*items))
    (tmp_path / "page.xml").write_bytes(b"<html><body>Sign in</body></html>")
    proxy.faults = 0.1
    assert main(words) == 1  # the page that is no feed
    assert main(words) == 1
    assert main(["compact", lake]) == 0
    assert main(["replay", lake, "--archive", "--workers", "1"]) == 1
    proxy.faults = 0.0
    opened = open_lake(lake)
    assert len(set(proxy.said)) >= 3
    assert sorted(opened.read("stories", columns=["guid"]).column(0).to_pylist()) == sorted(
        f"{number}-{n}" for number in range(3) for n in range(4)
    )
    assert opened.read("polls").num_rows == 8
    assert opened.read("failures").num_rows == 1
    capsys.readouterr()
    assert main(["state", lake, "--verify"]) == 0
    proxy.faults = 0.1
    assert main(["purge", lake, "--provider", "coast.example", "--yes"]) == 0
    proxy.faults = 0.0
    assert "stories    12 rows" in capsys.readouterr().out
    assert main(["state", lake, "--verify"]) == 0
    assert opened.read("stories").num_rows == 0
    assert not list(opened.storage.list("stories"))


def test_a_store_that_does_not_answer_or_refuses_is_said_in_a_line(proxy, tmp_path, monkeypatch, capsys):
    from pipelines.cli import main

    retry = gcs._retry()
    monkeypatch.setattr(gcs, "_retry", lambda: retry.with_delay(initial=0.01, maximum=0.1).with_timeout(1.0))
    monkeypatch.setattr(gcs, "CALL_SECONDS", 1.0)
    for faults, answers, word in ((1.0, ["503", "429"], "does not answer"), (1.0, ["403"], "may not do that")):
        proxy.faults, proxy.kinds = faults, answers
        assert main(["changes", "gs://wire/silent", "--since", "2000-01-01"]) == 2
        said = capsys.readouterr().err.strip()
        assert word in said
        assert "\n" not in said
    proxy.faults = 0.0
    assert main(["changes", "gs://other/lake", "--since", "2000-01-01"]) == 2
    assert "there is no such bucket" in capsys.readouterr().err
