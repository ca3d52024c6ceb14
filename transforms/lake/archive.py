"""Archived documents: their bytes in ``_raw``, and what is known of their source beside them in ``_state/archive``.

Facts travel as (name, value) strings, so that they also fit the ``extra`` column of ``failures``. No request header
and no address with secrets is among them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.document import RawDocument, Source
from transforms.lake.errors import explained
from transforms.lake.lake import Lake
from transforms.lake.storage import NotFound

ARCHIVE = "_state/archive"

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived document.

    Attributes:
        path: of its facts.
        sha256: of its bytes.
        input: address without secrets.
        fetched_at: aware UTC.
        provider: of its source, where known.
        facts: see ``source_facts``.
    """

    path: str
    sha256: str
    input: str
    fetched_at: datetime
    provider: str | None
    facts: Facts


def source_facts(document: RawDocument) -> Facts:
    """What a replay must know of a document besides its bytes."""
    source = document.source
    values = {
        "input": document.input,
        "fetched_at": document.fetched_at.astimezone(UTC).isoformat(),
        "content_type": document.content_type,
        "final_url": document.final_url,
        "provider": source.provider,
        "language": source.language,
        "topic": source.topic,
        "time_zone": source.time_zone,
        "tags": json.dumps(source.tags) if source.tags else None,
    }
    return tuple((f"source_{name}", value) for name, value in values.items() if value)


def raw_document(facts: Mapping[str, str], data: bytes) -> RawDocument:
    """The inverse of ``source_facts``.

    Raises:
        KeyError: input or fetch time is missing.
        ValueError: the fetch time cannot be read.
    """
    known = {name.removeprefix("source_"): value for name, value in facts.items()}
    source = Source(
        address=known["input"],
        provider=known.get("provider"),
        language=known.get("language"),
        tags=tuple(json.loads(known["tags"])) if "tags" in known else (),
        topic=known.get("topic"),
        time_zone=known.get("time_zone"),
    )
    return RawDocument(
        source=source,
        input=known["input"],
        data=data,
        fetched_at=datetime.fromisoformat(known["fetched_at"]),
        content_type=known.get("content_type"),
        final_url=known.get("final_url"),
    )


def archive_document(lake: Lake, document: RawDocument) -> str:
    """Keep a document's bytes and facts; doing it again changes nothing.

    Returns:
        SHA-256 of the bytes, hex.
    """
    _, sha256 = lake.keep_raw(document.data)
    moment = document.fetched_at.astimezone(UTC)
    name = hashlib.sha256(f"{document.input}\n{moment.isoformat()}".encode()).hexdigest()[:32]
    value = {"sha256": sha256, "facts": dict(source_facts(document))}
    with explained(lake.uri, "archiving a document"):
        lake.storage.create(f"{ARCHIVE}/{moment:%Y-%m-%d}/{name}.json", json.dumps(value).encode())
    return sha256


def archived(lake: Lake) -> Iterator[Archived]:
    """All archived documents, by day."""
    for stored in list(lake.storage.list(ARCHIVE)):
        try:
            value = json.loads(lake.storage.read(stored.path))
        except NotFound:
            continue
        facts: dict[str, str] = value["facts"]
        yield Archived(
            stored.path,
            value["sha256"],
            facts["source_input"],
            datetime.fromisoformat(facts["source_fetched_at"]),
            facts.get("source_provider"),
            tuple(facts.items()),
        )
