"""Stand-ins for Google's services on this machine: an object store, a token issuer, Dataflow's job service."""

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.deploy.recording import BUCKET, ObjectStore, Recorder

ROOT = Path(__file__).parents[2]
FAKE_GCS = os.environ.get("WIRELAKE_FAKE_GCS") or shutil.which("fake-gcs-server")

ITEMS = "".join(
    json.dumps(
        {"id": f"n{n}", "headline": f"Council {n} votes on harbour plan {n}", "body": f"Vote {n} is on day {n}."}
    )
    + "\n"
    for n in range(40)
)
BROKEN = "not json\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    if not FAKE_GCS:
        pytest.skip(
            "no fake-gcs-server: go install github.com/fsouza/fake-gcs-server@latest, or name it in WIRELAKE_FAKE_GCS"
        )
    port = free_port()
    command = [FAKE_GCS, "-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-backend", "memory"]
    process = subprocess.Popen([*command, "-log-level", "error"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{url}/storage/v1/b", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    body = json.dumps({"name": BUCKET}).encode()
    request = urllib.request.Request(f"{url}/storage/v1/b", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=5).close()
    yield url
    process.kill()
    process.wait()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Quiet: clients that hang up are what some tests are about."""


def serve(handler: type[http.server.BaseHTTPRequestHandler]) -> http.server.ThreadingHTTPServer:
    server = _Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def store(emulator: str) -> Iterator[ObjectStore]:
    """The bucket behind a recorder."""
    watched = ObjectStore("", emulator)
    server = serve(type("Handler", (Recorder,), {"store": watched}))
    watched.url = f"http://127.0.0.1:{server.server_port}"
    yield watched
    server.shutdown()
    server.server_close()


@pytest.fixture
def on_store(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """The same, where google-cloud-storage finds it."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", store.url)
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    return store


@dataclass
class Google:
    """What was posted to Dataflow's stand-in, and the key of an account that exists here only."""

    url: str
    key: Path
    posted: list[tuple[str, dict]] = field(default_factory=list)
    jobs: list[dict] = field(default_factory=list)


class _Google(http.server.BaseHTTPRequestHandler):
    google: Google

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/token":
            self._answer({"access_token": "test", "expires_in": 3600, "token_type": "Bearer"})
            return
        posted = json.loads(body)
        self.google.posted.append((self.path, posted))
        self._answer({"id": "job-1", "name": posted.get("name", ""), "currentState": "JOB_STATE_QUEUED"})

    def _answer(self, value: dict) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        listing = self.path.partition("?")[0].endswith("/jobs")
        self._answer({"jobs": self.google.jobs} if listing else {"id": "job-1", "currentState": "JOB_STATE_QUEUED"})

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture(scope="session")
def service_key(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    pytest.importorskip("cryptography", reason="needs the gcp extra")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture
def google(tmp_path: Path, service_key: bytes) -> Iterator[Google]:
    found = Google("", tmp_path / "key.json")
    server = serve(type("Handler", (_Google,), {"google": found}))
    found.url = f"http://localhost:{server.server_port}"
    found.key.write_text(
        json.dumps(
            {
                "type": "service_account",
                "project_id": "news-lake-test",
                "private_key_id": "1",
                "private_key": service_key.decode(),
                "client_email": "test@news-lake-test.iam.gserviceaccount.com",
                "client_id": "1",
                "token_uri": f"{found.url}/token",
            }
        )
    )
    yield found
    server.shutdown()
    server.server_close()


IMAGE = "europe-west1-docker.pkg.dev/news-lake-test/wirelake/wirelake@sha256:" + "0" * 64


@dataclass
class Launched:
    """A launcher's run."""

    code: int
    output: str


@pytest.fixture
def launcher(store: ObjectStore, google: Google):
    """Runs the image's entry point as Dataflow's launcher does, against the stand-ins."""

    def run(mode: str, *words: str, **parameters: str) -> Launched:
        values = {"mode": mode, "sources": f"gs://{BUCKET}/in/*.jsonl", "output": f"gs://{BUCKET}/lake-{mode}"}
        values |= parameters
        options = {
            "runner": "DataflowRunner",
            "project": "news-lake-test",
            "region": "europe-west1",
            "job_name": f"wirelake-{mode}",
            "staging_location": f"gs://{BUCKET}/dataflow/staging",
            "temp_location": f"gs://{BUCKET}/dataflow/temp",
            "service_account_email": "workers@news-lake-test.iam.gserviceaccount.com",
            "sdk_container_image": IMAGE,
            "max_num_workers": "4",
        }
        given = [f"--{name}={value}" for name, value in {**values, **options}.items()]
        experiments = ["--experiments=use_runner_v2", "--experiments=no_use_multiple_sdk_containers"]
        environment = {
            **os.environ,
            "GOOGLE_APPLICATION_CREDENTIALS": str(google.key),
            "NO_GCE_CHECK": "true",
            "STORAGE_EMULATOR_HOST": store.url,
            "PYTHONPATH": str(ROOT),
            "WIRELAKE_LOG": "json",
        }
        done = subprocess.run(
            [sys.executable, str(ROOT / "deploy" / "main.py"), *given, *experiments, *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        return Launched(done.returncode, done.stdout + done.stderr)

    return run
