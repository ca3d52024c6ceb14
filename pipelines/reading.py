"""From one pulled input to spooled rows: parse, ask whether it is known, enrich, sign, spool.

Runs in worker processes, so nothing here imports Beam. One document is read in one go: its bytes and items never
cross a process or a coder; what goes on are references, counts and signatures.
"""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from pipelines.known import KnownRows, NothingKnown
from pipelines.spool import spool_bytes
from schemas.batch import DocumentReport, Pulled, RawKept, RowBatch
from schemas.document import Failure, LinkedDocument, ParsedDocument, RawDocument
from schemas.identity import hash_parts
from schemas.item import NewsItem
from schemas.story import Story
from transforms.enrich.naming import Identity, identify
from transforms.enrich.story import Draft, EnrichResources, finish, read_item
from transforms.lake.archive import archive_document, source_facts
from transforms.lake.lake import Lake
from transforms.lake.seen import SeenIndex
from transforms.parse.registry import parse_document
from transforms.pull.decompress import GZIP, BadEncodingError, TooLargeError, decompress
from transforms.pull.files import MAX_FILE_BYTES, FileError, read_file
from transforms.pull.messages import deliver_again, is_messages_key
from transforms.pull.settle import settle
from transforms.pull.taken import is_file_key, retry_later

INLINE_BYTES = 16 * 1024
"""Rows of one small poll travel with their reference; larger ones are spooled to keep the engine's memory flat."""

TOGETHER = 256
"""Items that are enriched at once: as many as make a call of the topic model cheap, few enough for a small memory."""

PASSING = frozenset(("unreadable",))
"""Failures of an announced object that may mend: its message is not acknowledged and comes again."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a group of inputs gave.

    Attributes:
        batches: rows and sights, at most one per shard.
        reports: one per input.
    """

    batches: tuple[RowBatch, ...]
    reports: tuple[DocumentReport, ...]


@dataclass(frozen=True, slots=True)
class ReadInput:
    """One input, read: its rows and what is known of the document.

    Attributes:
        document_id: hash of input and fetch time.
        pulled: what it was made from.
        data: its bytes, empty when nothing could be opened.
        parsed: all that the document says.
        stories: the new ones, enriched.
        sights: row ids of items known before.
        failures: of the document and its entries.
    """

    document_id: str
    pulled: Pulled
    data: bytes
    parsed: ParsedDocument
    stories: tuple[Story, ...]
    sights: tuple[str, ...]
    failures: tuple[Failure, ...]


def shard_of(language: str | None, shards: int) -> int:
    """The shard that decides on stories of a language; equal for all regional variants.

    >>> shard_of("en-GB", 8) == shard_of("EN", 8), shard_of(None, 1)
    (True, 0)
    """
    primary = (language or "und").split("-", 1)[0].lower()
    return zlib.crc32(primary.encode()) % shards


def open_input(pulled: Pulled) -> tuple[bytes, Failure | None]:
    """The bytes of a pulled input; files are opened, and unpacked from gzip, here, in the process that reads them."""
    if pulled.outcome not in ("ok", "not_modified"):
        return pulled.data or b"", Failure(
            stage="pull", code=pulled.outcome, error=pulled.error or "", input=pulled.input
        )
    if pulled.data is not None or pulled.outcome == "not_modified":
        return pulled.data or b"", None
    address = pulled.source.address
    data = b""
    try:
        data = read_file(address)
        return decompress(data, "gzip", MAX_FILE_BYTES) if data.startswith(GZIP) else data, None
    except FileError as error:
        code, told = error.code, str(error)
    except TooLargeError as error:
        code, told = "too_large", f"{address}: unpacked, {error}; split the file"
    except BadEncodingError as error:
        code, told = "encoding", f"{address}: a damaged gzip file, {error}; write it again"
    return data, Failure(stage="pull", code=code, error=told, input=pulled.input)


def documents_of(index: RawDocument) -> tuple[LinkedDocument, ...]:
    """The documents that a sitemap index names; the pull room decides which of them are polled."""
    return parse_document(index).hints.documents


def raw_document_of(pulled: Pulled, data: bytes) -> RawDocument:
    """A pulled input with its bytes, as parsers take it."""
    return RawDocument(
        source=pulled.source,
        input=pulled.input,
        data=data,
        fetched_at=pulled.fetched_at,
        content_type=pulled.content_type,
        final_url=pulled.final_url,
    )


class _Entry(NamedTuple):
    """An item to be enriched: of which input of a group, and what is known of it."""

    number: int
    item: NewsItem
    names: Identity


def read_input(pulled: Pulled, resources: EnrichResources) -> ReadInput:
    """Read one input to stories: ``read_inputs`` of one."""
    return read_inputs([pulled], resources)[0]


def read_inputs(
    group: Sequence[Pulled],
    resources: EnrichResources,
    known: Callable[[Sequence[str]], Sequence[bool]] | None = None,
) -> list[ReadInput]:
    """Read inputs to stories. Never raises for anything that they hold.

    Args:
        group: the inputs; what stands beside one changes nothing about what is read from it.
        resources: gazetteer and model.
        known: answers for row ids whether they are in the lake already; those items are not enriched again.

    Returns:
        For each input stories, sights and failures; together they account for every entry of the document.
    """
    found = [_open(pulled) for pulled in group]
    names = [
        [identify(item, one.pulled.source, one.pulled.input, one.parsed.language) for item in one.parsed.items]
        for one in found
    ]
    rows = [name.row_id for each in names for name in each]
    seen = iter(known(rows) if known and rows else [False] * len(rows))
    entries: list[_Entry] = []
    for number, (one, each) in enumerate(zip(found, names, strict=True)):
        sights: list[str] = []
        for item, name in zip(one.parsed.items, each, strict=True):
            if next(seen):
                sights.append(name.row_id)
            else:
                entries.append(_Entry(number, item, name))
        found[number] = replace(one, sights=tuple(sights))
    stories: list[list[Story]] = [[] for _ in found]
    failures = [list(one.failures) for one in found]
    for start in range(0, len(entries), TOGETHER):
        part = entries[start : start + TOGETHER]
        for entry, story in zip(part, _enrich(part, found, resources), strict=True):
            if isinstance(story, Failure):
                failures[entry.number].append(story)
            else:
                stories[entry.number].append(story)
    return [
        replace(one, stories=tuple(new), failures=tuple(failed))
        for one, new, failed in zip(found, stories, failures, strict=True)
    ]


def _open(pulled: Pulled) -> ReadInput:
    """An input with what its document says, before anything is read from its items."""
    document_id = hash_parts("document", (pulled.input, pulled.fetched_at.isoformat()))
    data, failure = open_input(pulled)
    if failure is not None or pulled.outcome == "not_modified":
        failures = (failure,) if failure else ()
        return ReadInput(document_id, pulled, data, ParsedDocument(format=""), (), (), failures)
    parsed = parse_document(raw_document_of(pulled, data))
    return ReadInput(document_id, pulled, data, parsed, (), (), parsed.failures)


def _enrich(entries: Sequence[_Entry], found: Sequence[ReadInput], resources: EnrichResources) -> list[Story | Failure]:
    try:
        return [*finish([_draft(entry, found[entry.number], resources) for entry in entries], resources.topics)]
    except Exception as error:  # noqa: BLE001 - a defect in a reading rule must cost a failure row, never a run
        if len(entries) > 1:
            return [story for entry in entries for story in _enrich([entry], found, resources)]
        ((number, item, _),) = entries
        name = found[number].pulled.input
        where = f"{name}, item {item.position}"
        message = f"{where}: {type(error).__name__}: {error}; kept for replay, please report"
        return [Failure(stage="enrich", code="defect", error=message, input=name, position=item.position)]


def _draft(entry: _Entry, found: ReadInput, resources: EnrichResources) -> Draft:
    return read_item(
        entry.item,
        source=found.pulled.source,
        feed_url=found.pulled.input,
        fetched_at=found.pulled.fetched_at,
        document_language=found.parsed.language,
        gazetteer=resources.gazetteer,
        names=entry.names,
    )


class Reader:
    """Reads groups of inputs into a lake's spool; one per worker process, its resources loaded once."""

    def __init__(
        self,
        lake: Lake,
        resources: EnrichResources,
        known: KnownRows | NothingKnown,
        *,
        archive: bool,
        least: timedelta,
        flush: timedelta | None = None,
        run_id: str = "run",
    ) -> None:
        """Tie a reader to a lake.

        Args:
            lake: where rows are spooled and raw bytes kept.
            resources: gazetteer and model.
            known: the known rows of each shard.
            archive: keep the bytes of every document, not only of failures.
            least: least time between two polls of a feed.
            flush: batches hold rows of one flush each; None: all rows belong together.
            run_id: under which rows are spooled.
        """
        self._run_id = run_id
        self._flush = flush
        self._lake = lake
        self._resources = resources
        self._rows = known
        self._seen: Sequence[SeenIndex] = ()
        self._archive = archive
        self._least = least

    def read(self, group: Sequence[Pulled]) -> Reading:
        """Read a group of inputs, in order.

        Returns:
            Batches of rows by shard, spooled when large, and a report per input.
        """
        self._seen = self._rows.now()
        inputs = read_inputs(group, self._resources, self._known)
        reports = tuple(self._report(found) for found in inputs)
        return Reading(tuple(self._spool(inputs)), reports)

    def _shards_of(self, rows: Sequence[str]) -> np.ndarray:
        """For each row id the shard that knows it, or -1."""
        ids = np.frombuffer(bytes.fromhex("".join(rows)), dtype="S16")
        home = np.full(len(rows), -1)
        for shard, index in enumerate(self._seen):
            home[index.contains(ids)] = shard
        return home

    def _known(self, rows: Sequence[str]) -> Sequence[bool]:
        return [bool(shard >= 0) for shard in self._shards_of(rows)]

    def _spool(self, inputs: Sequence[ReadInput]) -> Iterable[RowBatch]:
        flushes: dict[int, list[ReadInput]] = defaultdict(list)
        for found in inputs:
            flushes[self._flush_of(found.pulled.fetched_at)].append(found)
        for flush in sorted(flushes):
            yield from self._spool_flush(flushes[flush])

    def _flush_of(self, moment: datetime) -> int:
        """Number of the flush that a moment falls into; a batch of two would be decided on out of order."""
        return (moment - _EPOCH) // self._flush if self._flush else 0

    def _spool_flush(self, inputs: Sequence[ReadInput]) -> Iterable[RowBatch]:
        stories: dict[int, list[tuple[Story, str]]] = defaultdict(list)
        sights: dict[int, list[str]] = defaultdict(list)
        for found in inputs:
            for story in found.stories:
                stories[shard_of(story.language, self._lake.shards)].append((story, found.document_id))
            if found.sights:
                for shard, row in zip(self._shards_of(found.sights), found.sights, strict=True):
                    sights[int(shard)].append(row)
        seed = [found.document_id for found in inputs]
        moments = [found.pulled.fetched_at for found in inputs]
        for shard in sorted(stories.keys() | sights.keys()):
            yield self._batch(shard, stories[shard], sights[shard], seed, max(moments))

    def _batch(
        self, shard: int, stories: list[tuple[Story, str]], sights: list[str], seed: list[str], moment: datetime
    ) -> RowBatch:
        batch_id = hash_parts("batch", (str(shard), *seed))
        stories.sort(key=lambda pair: (pair[0].fetched_at, pair[0].input, pair[0].position))
        keys = [(s.fetched_at, s.input, s.position) for s, _ in (stories[:1] + stories[-1:])]
        edge = (moment, "", 0)
        payload: bytes | None = None
        spool: str | None = None
        if stories:
            payload = spool_bytes([s for s, _ in stories], [document for _, document in stories])
            if len(payload) > INLINE_BYTES:
                spool, payload = self._lake.spool_write(f"{self._run_id}/{batch_id}.arrow", payload), None
        return RowBatch(
            batch_id=batch_id,
            shard=shard,
            fetched_at=moment,
            first=keys[0] if keys else edge,
            last=keys[-1] if keys else edge,
            rows=len(stories),
            spool=spool,
            payload=payload,
            sights=bytes.fromhex("".join(sights)),
        )

    def _report(self, found: ReadInput) -> DocumentReport:
        pulled, gap = self._settle(found)
        kept = tuple(self._keep(failure, found) for failure in found.failures)
        if self._archive and found.data:
            archive_document(self._lake, raw_document_of(pulled, found.data))
        outcome, error = pulled.outcome, pulled.error
        if outcome == "ok":
            whole = next((f for f in found.failures if f.position is None), None)
            if whole is not None:
                outcome, error = whole.code, whole.error
        return DocumentReport(
            document_id=found.document_id,
            input=pulled.input,
            fetched_at=pulled.fetched_at,
            outcome=outcome,
            format=found.parsed.format or None,
            items=len(found.stories) + len(found.sights) + len(found.failures),
            rows=len(found.stories),
            repolled=len(found.sights),
            failures=kept,
            size=len(found.data),
            http_status=pulled.http_status,
            latency_ms=pulled.latency_ms,
            next_poll_at=pulled.next_poll_at,
            possible_gap=gap,
            error=error,
            provider=pulled.source.provider,
            feed_key=pulled.feed_key,
            feed_state=pulled.feed_state,
            facts=source_facts(raw_document_of(pulled, found.data)) if kept else (),
        )

    def _settle(self, found: ReadInput) -> tuple[Pulled, bool | None]:
        pulled = found.pulled
        if is_messages_key(pulled.feed_key):
            passing = any(failure.stage == "pull" and failure.code in PASSING for failure in found.failures)
            if pulled.feed_state is not None and passing:
                pulled = replace(pulled, feed_state=deliver_again(pulled.feed_state))
            return pulled, None
        if not is_file_key(pulled.feed_key):
            return settle(pulled, found.parsed, self._least)
        if pulled.feed_state is not None and any(failure.stage == "pull" for failure in found.failures):
            pulled = replace(pulled, feed_state=retry_later(pulled.feed_state, pulled.fetched_at))
        return pulled, None

    def _keep(self, failure: Failure, found: ReadInput) -> RawKept:
        data = failure.raw if failure.raw is not None else found.data
        if not data:
            return RawKept(replace(failure, raw=None))
        uri, digest = self._lake.keep_raw(data)
        return RawKept(replace(failure, raw=None), uri, digest)
