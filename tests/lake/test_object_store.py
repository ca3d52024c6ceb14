"""The lake on gs:// through google-cloud-storage: an emulator that honours preconditions, behind a faulty proxy."""

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
    rng = random.Random(3)
    said: list[str]

    def _pass(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.rng.choice(["429", "503", "cut", "deaf"]) if self.rng.random() < self.faults else None
        if kind in {"429", "503"}:
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
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{httpd.server_port}")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    yield handler
    httpd.shutdown()
    httpd.server_close()


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
