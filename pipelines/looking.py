"""One look at a stream's sources: which feeds are due, which files are complete, which lines are new.

Rules with the clock passed in. A file is taken when two looks in a row saw it with the same size and modification
time, and is never deleted; lines of a local ``.jsonl`` are taken as they are completed. What was taken and is durable
is known from the lake; what is on its way is known from the last look.
"""

import datetime as dt
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.config import IngestConfig
from pipelines.ingest import share_by_host
from pipelines.messages import MessageSources
from pipelines.tasks import FilePart, PullTask
from pipelines.watched import Emitted, Looked, follow_feeds, follow_taken
from schemas.batch import Pulled
from schemas.document import Source
from transforms.pull.addresses import host_of, is_remote_file, is_subscription, is_url, without_secrets
from transforms.pull.children import with_children
from transforms.pull.feedlist import FeedListError, looks_like_feed_list, read_feed_list
from transforms.pull.files import FileError, FileSeen, look_at_files, read_file, read_lines, read_range
from transforms.pull.memory import FeedMemory, feed_key
from transforms.pull.schedule import is_due
from transforms.pull.sources import LIST_SUFFIXES, MAX_DEPTH
from transforms.pull.taken import TakenFiles, TakenRecord, encode_taken, growing_key, part_key, whole_key

GROWING_SUFFIXES = (".jsonl", ".ndjson")
"""Local files that are read line by line as they grow; objects in a store do not grow."""

PART_BYTES = 2 * 1024 * 1024
"""Lines handed to a reader at a time."""

HEAD_BYTES = 4096
"""The beginning that tells a growing file from another of its name."""

ABANDONED = dt.timedelta(hours=1)
"""A last line without an end that is no JSON is taken after this: its writer died."""

TASK_BYTES = 4 * PART_BYTES
TASK_FILES = 200
"""Files and bytes of one task: enough for all readers of a machine, little enough to spread."""

LOOK_BYTES = 32 * PART_BYTES
LOOK_FILES = 5_000
"""Taken at one look. All of it has one event time, and nothing after it is decided on before it is read."""

FLIGHT_BYTES = 16 * LOOK_BYTES
FLIGHT_FILES = 50_000
"""Taken and not yet durable: bounds the memory of the source and what a crash must read again."""

REMOTE_PAUSE = dt.timedelta(seconds=10)
"""Least time between two listings of an object store: each costs money, and objects come in minutes."""

PATIENCE = dt.timedelta(minutes=10)
"""Beyond three flushes, after which a feed that was asked for and never answered is asked for again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Due:
    """When feeds are due by what the lake remembers; made anew when that or the lists change.

    Attributes:
        memory: what it was made from.
        listed: feeds as lists name them.
        every: the same and the known children of indexes among them.
        moments: next poll by address.
    """

    memory: FeedMemory
    listed: Sequence[Source]
    every: Sequence[Source]
    moments: Mapping[str, dt.datetime | None]


class Looker:
    """Looks at the sources of one stream. Caches only what follows from a file's version or the lake's memory."""

    def __init__(self, config: IngestConfig) -> None:
        """Look at ``config.sources``."""
        self._config = config
        self._taken = follow_taken(config)
        self._feeds = follow_feeds(config)
        self._lists: dict[str, tuple[FileSeen, tuple[Source, ...] | FeedListError | None]] = {}
        self._listings: dict[str, tuple[dt.datetime, list[FileSeen]]] = {}
        self._idle: dict[str, tuple[FileSeen, str]] = {}
        self._missing: set[str] = set()
        self._messages = MessageSources(config, 3 * config.flush + PATIENCE)
        self._due: _Due | None = None

    def look(self, before: Looked, now: dt.datetime) -> tuple[list[PullTask], Looked]:
        """Look once.

        Args:
            before: what the last look left.
            now: aware UTC; event time goes on by itself where the clock was set back.

        Returns:
            What to pull, and what to remember for the next look.
        """
        moment = now.replace(microsecond=now.microsecond // 1000 * 1000)
        if before.moment is not None and moment <= before.moment:
            moment = before.moment + dt.timedelta(seconds=1)
        feeds: dict[str, Source] = {}
        files: dict[str, tuple[Source, FileSeen]] = {}
        subscriptions: dict[str, Source] = {}
        broken: list[tuple[FileSeen, FeedListError]] = []
        for address in self._config.sources:
            self._expand(Source(address=address), now, 0, feeds, files, subscriptions, broken)
        found = _Look(before, moment, self._taken.now())
        for path, (source, seen) in files.items():
            if path.lower().endswith(GROWING_SUFFIXES) and not is_remote_file(path):
                self._take_lines(found, source, seen)
            else:
                found.take_whole(source, seen, complete=is_remote_file(path))
        for seen, error in broken:
            found.take_broken(seen, error)
        asked, waiting = self._ask(before, moment, list(feeds.values()))
        shares = self._messages.take(subscriptions, moment)
        tasks = [
            *found.tasks(),
            *(
                PullTask(number=0, moment=moment, feeds=share)
                for share in share_by_host(asked, self._config.feed_tasks)
            ),
            *(PullTask(number=0, moment=moment, messages=share) for share in shares),
        ]
        after = Looked(
            before.number + 1,
            moment,
            found.sightings,
            found.files,
            found.growing,
            waiting,
            given=before.given + len(tasks),
        )
        return [replace(task, number=number) for number, task in enumerate(tasks)], after

    def close(self) -> None:
        """Acknowledge what became durable, give back what did not."""
        self._messages.close()

    def _expand(
        self,
        source: Source,
        now: dt.datetime,
        depth: int,
        feeds: dict[str, Source],
        files: dict[str, tuple[Source, FileSeen]],
        subscriptions: dict[str, Source],
        broken: list[tuple[FileSeen, FeedListError]],
    ) -> None:
        if is_url(source.address):
            feeds.setdefault(source.address, source)
            return
        if is_subscription(source.address):
            subscriptions.setdefault(source.address, source)
            return
        for seen in self._listing(source.address, now):
            entries = self._entries(seen) if depth < MAX_DEPTH and seen.path.lower().endswith(LIST_SUFFIXES) else None
            if isinstance(entries, FeedListError):
                broken.append((seen, entries))
            elif entries is not None:
                for entry in entries:
                    self._expand(entry, now, depth + 1, feeds, files, subscriptions, broken)
            else:
                files.setdefault(seen.path, (replace(source, address=seen.path), seen))

    def _listing(self, address: str, now: dt.datetime) -> list[FileSeen]:
        remote = is_remote_file(address)
        if remote and address in self._listings:
            then, listed = self._listings[address]
            if abs(now - then) < REMOTE_PAUSE:
                return listed
        try:
            listed = look_at_files(address)
            self._missing.discard(address)
        except FileError as error:
            if address not in self._missing:
                _log.warning("%s; it is read as soon as it is there", error)
                self._missing.add(address)
            listed = []
        if remote:
            self._listings[address] = now, listed
        return listed

    def _entries(self, seen: FileSeen) -> tuple[Source, ...] | FeedListError | None:
        """What a list names; None: the file is no list."""
        known = self._lists.get(seen.path)
        if known is not None and known[0] == seen:
            return known[1]
        entries: tuple[Source, ...] | FeedListError | None = None
        try:
            data = read_file(seen.path)
            if looks_like_feed_list(seen.path, data):
                entries = tuple(read_feed_list(seen.path, data))
        except FileError:
            return None
        except FeedListError as error:
            entries = error
        self._lists[seen.path] = seen, entries
        return entries

    def _take_lines(self, found: "_Look", source: Source, seen: FileSeen) -> None:
        idle = self._idle.get(seen.path)
        if idle is not None and idle[0] == seen and found.taken.offset(idle[1]) >= seen.size:
            return
        try:
            key = found.take_lines(source, seen)
        except FileError:
            return  # gone or unreadable between listing and opening; the next look sees what it is
        if key is not None and found.taken.offset(key) >= seen.size:
            self._idle[seen.path] = seen, key

    def _ask(
        self, before: Looked, now: dt.datetime, feeds: Sequence[Source]
    ) -> tuple[list[Source], dict[str, dt.datetime]]:
        """The feeds to poll now, and all that are on their way."""
        if not feeds:
            return [], {}
        memory = self._feeds.now()
        if self._due is None or self._due.memory is not memory or self._due.listed != feeds:
            every = with_children(feeds, memory)
            moments = {feed.address: memory.get(feed.address).next_poll_at for feed in every}
            self._due = _Due(memory, feeds, every, moments)
        patience = 3 * self._config.flush + PATIENCE
        waiting: dict[str, dt.datetime] = {}
        busy: set[str] = set()
        open_: list[Source] = []
        for feed in self._due.every:
            then = before.feeds.get(feed_key(feed.address)) if before.feeds else None
            polled = memory.get(feed.address).polled_at if then else None
            if then is not None and now - then < patience and (polled is None or polled < then):
                waiting[feed_key(feed.address)] = then
                busy.add(host_of(feed.address))
            else:
                open_.append(feed)
        force = self._config.pull.now and before.number == 0
        gap = self._config.pull.host_gap.total_seconds() + 1
        most = max(int(self._config.flush.total_seconds() / 2 / gap), 1)
        per_host: dict[str, int] = defaultdict(int)
        asked: list[Source] = []
        for feed in open_:
            host, due = host_of(feed.address), self._due.moments.get(feed.address)
            if host in busy or per_host[host] >= most or (due is not None and due > now and not force):
                continue
            if is_due(memory.get(feed.address), now, due_only=True, force=force):
                per_host[host] += 1
                asked.append(feed)
                waiting[feed_key(feed.address)] = now
        return asked, waiting


class _Look:
    """What one look takes of watched files, within its limits."""

    def __init__(self, before: Looked, moment: dt.datetime, taken: TakenFiles) -> None:
        self.taken = taken
        self.sightings: dict[str, str] = {}
        self.files: dict[str, int] = {}
        self.growing: dict[str, Emitted] = {}
        self._before = before
        self._moment = moment
        self._parts: list[tuple[FilePart, int]] = []
        self._failed: list[Pulled] = []
        flying = sum(before.files.values()) + sum(emitted.size for emitted in before.growing.values())
        self._bytes = min(LOOK_BYTES, max(FLIGHT_BYTES - flying, 0))
        self._left = min(LOOK_FILES, max(FLIGHT_FILES - len(before.files), 0))

    def take_whole(self, source: Source, seen: FileSeen, *, complete: bool) -> None:
        """Take a file when it is complete and was not taken yet."""
        if self._ready(seen, complete=complete):
            part = FilePart(source, self._moment, whole_key(seen.path), self._record(seen, 0, seen.size))
            self._parts.append((part, seen.size))

    def take_broken(self, seen: FileSeen, error: FeedListError) -> None:
        """Take a list that cannot be read as a failure, once per version of it."""
        if self._ready(seen, complete=False):
            self._failed.append(
                Pulled(
                    source=Source(address=seen.path),
                    input=without_secrets(seen.path),
                    fetched_at=self._moment,
                    outcome="feed_list",
                    error=without_secrets(str(error)),
                    feed_key=whole_key(seen.path),
                    feed_state=self._record(seen, 0, seen.size),
                )
            )

    def _ready(self, seen: FileSeen, *, complete: bool) -> bool:
        if self.taken.knows(seen.path, seen.size, seen.mtime, self._moment):
            return False
        name = _short(seen.path, seen.size, seen.mtime)
        if name in self._before.files:
            self.files[name] = self._before.files[name]
            return False
        if not (complete or self._steady(seen)) or self._left <= 0 or self._bytes <= 0:
            return False
        self.files[name] = seen.size
        self._left -= 1
        self._bytes -= seen.size
        return True

    def _steady(self, seen: FileSeen) -> bool:
        """Whether the file looks as it did last time; remembers how it looks now."""
        path, version = _short(seen.path), _short(seen.size, seen.mtime)
        if len(self.sightings) < FLIGHT_FILES:
            self.sightings[path] = version
        return self._before.sightings.get(path) == version

    def take_lines(self, source: Source, seen: FileSeen) -> str | None:
        """Take the new lines of a growing file.

        Returns:
            The file's key, or None when it has no line yet.

        Raises:
            FileError: it cannot be opened.
        """
        head = read_range(seen.path, 0, HEAD_BYTES)
        line, newline, _ = head.partition(b"\n")
        steady = self._steady(seen)
        if not newline and len(head) < HEAD_BYTES and not steady:
            return None
        key = growing_key(seen.path, line)
        offset, flying = self.taken.offset(key), self._before.growing.get(key)
        if self.taken.waits_at(key, self._moment):
            return key
        if flying is not None and flying.end > offset:
            self.growing[key] = flying
        start = max(offset, flying.end if flying else 0)
        if start > seen.size or not _at_line(seen.path, start):
            self.take_whole(source, seen, complete=False)  # written anew under its old name
            return None
        for end in self._line_ends(seen, start, steady=steady):
            state = self._record(seen, start, end)
            moment = self._moment + dt.timedelta(microseconds=len(self._parts) % 1000)
            part = FilePart(source, moment, part_key(key, start), state, start, end)
            self._parts.append((part, end - start))
            self._bytes -= end - start
            known = self.growing.get(key, Emitted(start, 0))
            self.growing[key] = Emitted(end, known.size + end - start)
            start = end
        return key

    def _line_ends(self, seen: FileSeen, start: int, *, steady: bool) -> Iterator[int]:
        """Where parts of whole lines end, one after the other."""
        while start < seen.size and self._bytes > 0:
            lines = read_lines(seen.path, start, min(PART_BYTES, seen.size - start))
            if not lines:
                rest = read_range(seen.path, start, seen.size)
                if rest.strip() and steady and (_is_json(rest) or self._is_abandoned(seen)):
                    yield seen.size
                return
            start += len(lines)
            yield start

    def _is_abandoned(self, seen: FileSeen) -> bool:
        return self._moment - dt.datetime.fromtimestamp(seen.mtime / 1e9, dt.UTC) > ABANDONED

    def _record(self, seen: FileSeen, start: int, end: int) -> bytes:
        return encode_taken(TakenRecord(seen.size, seen.mtime, start, end, self._moment))

    def tasks(self) -> Iterator[PullTask]:
        """What was taken, shared out."""
        if self._failed:
            yield PullTask(number=0, moment=self._moment, failed=tuple(self._failed))
        share: list[FilePart] = []
        size = 0
        for part, its in self._parts:
            share.append(part)
            size += its
            if size >= TASK_BYTES or len(share) >= TASK_FILES:
                yield PullTask(number=0, moment=self._moment, parts=tuple(share))
                share, size = [], 0
        if share:
            yield PullTask(number=0, moment=self._moment, parts=tuple(share))


def _at_line(path: str, start: int) -> bool:
    """Whether a line begins at a byte, or ended without its end the last time."""
    if not start:
        return True
    around = read_range(path, start - 1, start + 1)
    return around[:1] == b"\n" or around[1:2] in (b"", b"\n", b"\r")


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _short(*parts: object) -> str:
    """Sixteen hex digits that name a path or a version."""
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
