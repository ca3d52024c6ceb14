"""An object store watched on the wire: every request is noted, some may be refused, cut or held back."""

import http.client
import http.server
import json
import random
import re
import threading
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

BUCKET = "wire"
FAULTS = ("429", "503", "cut", "deaf")
"""Refused twice over, cut before the server heard of it, cut after it did its work."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what was asked of which object, whether only if there was none, and the answer's status (0: cut)."""

    method: str
    path: str
    name: str
    once: bool
    status: int

    @property
    def bill(self) -> str:
        """What Google bills it as: A (writes, copies, lists), B (reads), free (deletes)."""
        if self.method == "DELETE":
            return "free"
        listing = self.method == "GET" and re.search(r"/o\?", self.path)
        return "A" if self.method in {"POST", "PUT"} or listing else "B"

    @property
    def writes(self) -> bool:
        """Whether bytes are uploaded."""
        return self.path.startswith("/upload/")


@dataclass
class ObjectStore:
    """A bucket on this machine, behind the recorder.

    Attributes:
        url: of the recorder.
        backend: of the emulator.
        asked: requests so far.
        faults: share of requests that go wrong.
        rng: chooses them.
        meeting: uploads of a matching name wait for each other: pattern and barrier.
    """

    url: str
    backend: str
    asked: list[Asked] = field(default_factory=list)
    faults: float = 0.0
    rng: random.Random = field(default_factory=lambda: random.Random(5))
    meeting: tuple[re.Pattern[str], threading.Barrier] | None = None

    def put(self, name: str, data: bytes) -> None:
        """Lay an object down, past the recorder."""
        where = f"{self.backend}/upload/storage/v1/b/{BUCKET}/o"
        address = f"{where}?uploadType=media&name={urllib.parse.quote(name, safe='')}"
        urllib.request.urlopen(urllib.request.Request(address, data, method="POST"), timeout=10).close()

    def get(self, name: str) -> bytes:
        """An object's bytes, past the recorder."""
        address = f"{self.backend}/storage/v1/b/{BUCKET}/o/{urllib.parse.quote(name, safe='')}?alt=media"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.read()

    def names(self) -> list[str]:
        """All names in the bucket, past the recorder."""
        with urllib.request.urlopen(f"{self.backend}/storage/v1/b/{BUCKET}/o", timeout=10) as answer:
            return sorted(one["name"] for one in json.load(answer).get("items", []))


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes requests on to the emulator."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    store: ObjectStore

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = object_name(self.path, body)
        self._meet(name)
        fault = self.store.rng.choice(FAULTS) if self.store.rng.random() < self.store.faults else None
        if fault in {"429", "503"}:
            self._note(name, int(fault))
            self._answer(int(fault), [], b"try later")
            return
        if fault == "cut":
            self._note(name, 0)
            self.close_connection = True
            return
        upstream = http.client.HTTPConnection(urllib.parse.urlsplit(self.store.backend).netloc, timeout=30)
        upstream.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k != "Connection"})
        answer = upstream.getresponse()
        data = answer.read()
        upstream.close()
        self._note(name, 0 if fault else answer.status)
        if fault:
            self.close_connection = True
            return
        hop = {"transfer-encoding", "content-length", "connection"}
        self._answer(answer.status, [(k, v) for k, v in answer.getheaders() if k.lower() not in hop], data)

    def _note(self, name: str, status: int) -> None:
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.store.asked.append(Asked(self.command, self.path, name, query.get("ifGenerationMatch") == ["0"], status))

    def _meet(self, name: str) -> None:
        if self.store.meeting is not None and self.path.startswith("/upload/"):
            pattern, barrier = self.store.meeting
            if pattern.search(name) and not barrier.broken:
                barrier.wait(timeout=60)

    def _answer(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass  # noqa: N815 - the server's names

    def log_message(self, *_):
        """Quiet."""


def object_name(path: str, body: bytes) -> str:
    """The object that a request is about; of a copy its source; empty for lists and buckets."""
    parts = urllib.parse.urlsplit(path)
    if path.startswith("/upload/"):
        given = urllib.parse.parse_qs(parts.query).get("name")
        found = re.search(rb'"name"\s*:\s*"([^"]*)"', body[:2000])
        return given[0] if given else found.group(1).decode() if found else ""
    found_path = re.search(r"/o/([^/]+)", parts.path)
    return urllib.parse.unquote(found_path.group(1)) if found_path else ""
