"""What messages become: announced objects, items in groups, documents, and nothing that the lake itself wrote."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import messages as messages_module
from pipelines.cli import main
from pipelines.config import IngestConfig
from pipelines.messages import MessageSources
from schemas.batch import Pulled
from schemas.document import Source
from transforms.lake.lake import open_lake
from transforms.pull.messages import MESSAGE_ID_BYTES, decode_messages
from transforms.pull.subscription import Message

NOW = dt.datetime(2026, 2, 16, 12, tzinfo=dt.UTC)
ADDRESS = "pubsub://project/wire"


class Scripted:
    """A subscription that delivers what it was told to, once."""

    def __init__(self, *deliveries: tuple[bytes, Mapping[str, str]]) -> None:
        self.waiting = [Message(str(n), f"ack-{n}", data, about) for n, (data, about) in enumerate(deliveries)]
        self.acknowledged: list[str] = []

    def pull(self, most: int, wait: float) -> list[Message]:
        found, self.waiting = self.waiting[:most], self.waiting[most:]
        return found

    def extend(self, acks: Sequence[str], seconds: int) -> None:
        pass

    def acknowledge(self, acks: Sequence[str]) -> None:
        self.acknowledged += acks

    def close(self) -> None:
        pass


def news(event: str, name: str) -> tuple[bytes, dict[str, str]]:
    return b"{}", {"eventType": event, "bucketId": "wire", "objectId": name, "payloadFormat": "JSON_API_V1"}


def item(number: int, **more: object) -> tuple[bytes, dict[str, str]]:
    return json.dumps({"id": f"a{number}", "headline": f"Pier {number} reopens", **more}).encode(), {}


def taken(
    monkeypatch: pytest.MonkeyPatch,
    lake: Path,
    scripted: Scripted,
    source: Source | None = None,
    output: str | None = None,
) -> list[Pulled]:
    """The inputs of the first look that finds any; rows would go to ``output``."""
    open_lake(str(lake), create=True)
    here = IngestConfig(sources=(ADDRESS,), output=str(lake), run_id="run", moment=NOW)
    follow = messages_module.follow_messages
    monkeypatch.setattr(messages_module, "open_subscription", lambda _address: scripted)
    monkeypatch.setattr(messages_module, "follow_messages", lambda _config: follow(here))
    sources = MessageSources(replace(here, output=output or here.output), dt.timedelta(hours=1))
    found: list[Pulled] = []
    while not found:
        shares = sources.take({ADDRESS: source or Source(address=ADDRESS)}, NOW)
        found = [pulled for share in shares for pulled in share]
    sources.close()
    return found


def names(pulled: Pulled) -> int:
    assert pulled.feed_state is not None
    return len(decode_messages(pulled.feed_state).ids) // MESSAGE_ID_BYTES


def test_items_of_our_names_are_one_document_and_others_one_each(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pretty = json.dumps({"headline": "Two\nlines", "body": "Text."}, indent=2).encode()
    strange = item(3, uri="urn:x")
    scripted = Scripted(item(1), (pretty, {}), (b"<rss/>", {}), strange, (b"{ no json", {}), item(2))
    found = taken(monkeypatch, tmp_path / "lake", scripted)
    grouped = found[0]
    assert grouped.input == ADDRESS and grouped.data is not None
    assert [json.loads(line)["headline"] for line in grouped.data.split(b"\n")] == [
        "Pier 1 reopens",
        "Two\nlines",
        "Pier 2 reopens",
    ]
    assert names(grouped) == 3
    assert [(p.input, p.data) for p in found[1:]] == [
        (f"{ADDRESS}/2", b"<rss/>"),
        (f"{ADDRESS}/3", strange[0]),
        (f"{ADDRESS}/4", b"{ no json"),
    ]
    assert len({p.fetched_at for p in found}) == len(found), "a document each"
    assert not scripted.acknowledged


def test_an_announced_object_is_read_once_and_other_events_bring_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scripted = Scripted(
        news("OBJECT_FINALIZE", "in/a.xml"),
        news("OBJECT_FINALIZE", "in/a.xml"),
        news("OBJECT_DELETE", "in/b.xml"),
        news("OBJECT_FINALIZE", "in/"),
    )
    source = Source(address=ADDRESS, provider="coast", language="en")
    first, deleted, folder = taken(monkeypatch, tmp_path / "lake", scripted, source)
    assert (first.source, first.data, first.outcome) == (
        Source(address="gs://wire/in/a.xml", provider="coast", language="en"),
        None,
        "ok",
    )
    assert names(first) == 2
    assert (deleted.input, deleted.outcome, deleted.error) == (
        "gs://wire/in/b.xml",
        "not_modified",
        "OBJECT_DELETE; nothing to read",
    )
    assert folder.outcome == "not_modified"


def test_the_lakes_own_files_are_no_news(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scripted = Scripted(
        news("OBJECT_FINALIZE", "lake/stories/date=2026-02-16/topic=sport/0.parquet"),
        news("OBJECT_FINALIZE", "lakeside/a.xml"),
    )
    found = taken(monkeypatch, tmp_path / "lake", scripted, output="gs://wire/lake/")
    assert [p.input for p in found] == ["gs://wire/lakeside/a.xml"]
    assert scripted.acknowledged == ["ack-0"]


def test_a_batch_says_that_a_subscription_has_no_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", ADDRESS, "--output", str(tmp_path / "lake")]) == 2
    assert "read it with `wirelake stream`" in capsys.readouterr().err
    assert not (tmp_path / "lake").exists()


def test_a_wrong_subscription_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stream", "pubsub://wire", "--output", str(tmp_path / "lake")]) == 2
    assert "write pubsub://PROJECT/SUBSCRIPTION" in capsys.readouterr().err
