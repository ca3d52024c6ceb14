"""A subscription through the whole stream: items, documents and announced objects in, a lake that pandas reads out."""

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("google.cloud.pubsub_v1", reason="needs the gcp extra")

from tests.deploy.conftest import BUCKET, ObjectStore, emulator, store  # noqa: F401 - fixtures
from tests.pipelines.samples import item, rss
from tests.stream.killing import Windows, assert_exact
from tests.stream.pubsub import Service, serving
from tests.stream.running import Running, needs_prism, rows, start
from tests.stream.samples import lines
from tests.stream.widened import WINDOWS

pytestmark = [needs_prism, pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore::ResourceWarning")]

ADDRESS = "pubsub://project/wire"
NAME = "projects/project/subscriptions/wire"
PROGRAM = (str(Path(__file__).with_name("widened.py")),)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with serving() as running:
        running.kept[NAME] = []
        monkeypatch.setenv("PUBSUB_EMULATOR_HOST", running.host)
        yield running


def publish(service: Service, *numbers: int) -> None:
    for line in lines(*numbers).splitlines():
        service.publish(NAME, line.encode())


def announce(service: Service, event: str, name: str) -> None:
    service.publish(NAME, b"{}", eventType=event, bucketId=BUCKET, objectId=name, payloadFormat="JSON_API_V1")


def test_items_documents_and_objects_become_rows_and_poison_a_failure(
    service: Service,
    store: ObjectStore,  # noqa: F811
    tmp_path: Path,
) -> None:
    lake = tmp_path / "lake"
    store.put("in/feed.xml", rss(item("a", "Pier reopens"), item("b", "Lifeboat named")))
    publish(service, 0, 1, 2)
    service.publish(NAME, rss(item("c", "Ferry delayed")))
    announce(service, "OBJECT_FINALIZE", "in/feed.xml")
    announce(service, "OBJECT_FINALIZE", "in/gone.xml")
    announce(service, "OBJECT_DELETE", "in/old.xml")
    service.publish(NAME, b"\x00\x01 poison {")
    running = start(ADDRESS, "--output", lake, "--flush", "1s", "--workers", 1, STORAGE_EMULATOR_HOST=store.url)
    try:
        running.wait_for(lambda: len(rows(lake)) == 6 and service.left(NAME) == 0)
        publish(service, 3)
        publish(service, 0)  # published twice
        running.wait_for(lambda: len(rows(lake)) == 7 and service.left(NAME) == 0)
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert "7 kept + 0 repeats + 0 held + 1 re-polled + 2 failures" in output
    found = rows(lake, "failures").sort_values("code")
    assert list(found.input) == [f"gs://{BUCKET}/in/gone.xml", f"{ADDRESS}/8"]
    assert list(found.stage) == ["pull", "parse"]
    polls = rows(lake, "polls").set_index("url")
    assert polls.loc[f"gs://{BUCKET}/in/old.xml", "outcome"] == "not_modified"
    assert set(rows(lake).feed_url) == {ADDRESS, f"{ADDRESS}/4", f"gs://{BUCKET}/in/feed.xml"}


def test_killed_before_it_acknowledged_adds_no_row_when_they_come_again(service: Service, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    service.lose_acks = 10**9  # whatever is acknowledged before the kill is lost with it
    arguments = (ADDRESS, "--output", lake, "--flush", "1s", "--workers", 1)
    publish(service, *range(20))
    service.publish(NAME, b"{ poison")
    running = start(*arguments)
    running.wait_for(lambda: len(rows(lake)) == 20 and len(rows(lake, "polls")) >= 2)
    running.kill()
    assert service.left(NAME) == 21
    polls = len(rows(lake, "polls"))
    service.lose_acks = 0
    service.expire(NAME)
    publish(service, 20)
    running = start(*arguments)
    try:
        running.wait_for(lambda: len(rows(lake)) == 21 and service.left(NAME) == 0)
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert "1 kept + 0 repeats + 0 held + 0 re-polled + 0 failures" in output, "known messages are not read again"
    assert len(rows(lake, "polls")) == polls + 1
    assert rows(lake).row_id.is_unique and len(rows(lake, "failures")) == 1


def test_what_was_pulled_is_written_and_acknowledged_on_the_way_out(service: Service, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    publish(service, *range(5))
    running = start(ADDRESS, "--output", lake, "--flush", "1h", "--workers", 1)
    try:
        running.wait_for(lambda: service.deliveries(NAME) == 5)
        time.sleep(4)  # a look later they are on their way
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert len(rows(lake)) == 5
    assert service.left(NAME) == 0


@pytest.mark.slow
def test_kills_in_open_windows_lose_and_double_nothing(service: Service, tmp_path: Path) -> None:
    lake, windows = tmp_path / "lake", Windows(tmp_path / "windows")
    numbers = itertools.count()
    stop = threading.Event()

    def feed() -> None:
        while not stop.wait(0.4):
            publish(service, *itertools.islice(numbers, 3))

    def begin() -> Running:
        arguments = (ADDRESS, "--output", lake, "--flush", "0.5s", "--workers", 1)
        return start(*arguments, program=PROGRAM, **windows.environment)

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        for name in WINDOWS:
            running = begin()
            try:
                running.wait_for(lambda name=name: windows.open(name), every=0.002)
            finally:
                running.kill()
            windows.note(name)
            service.expire(NAME)
    finally:
        stop.set()
        feeder.join()
    number = next(numbers)
    running = begin()
    try:
        running.wait_for(lambda: len(rows(lake)) == number and service.left(NAME) == 0)
        code, output = running.stop()
    finally:
        running.kill()
    assert code == 0, output
    assert_exact(lake, number)
    assert len(windows.hits) >= len(WINDOWS) - 1, windows.hits
