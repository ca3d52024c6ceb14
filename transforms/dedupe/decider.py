"""Kept, repeat, held or seen before: the decisions on rows in order of arrival.

Decisions rest on the rows that came before, in order of arrival, and on nothing else: cutting the same rows into
other calls, saving and loading the state in between, or dealing languages out to other shards changes none of them.
Nothing is known across languages (primary subtag), so that one language has one owner.
"""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.dedupe.clusters import Clusters, read_events
from transforms.dedupe.known import Key, Known, day_of, no_news
from transforms.dedupe.policy import POLICY, Copy, Thresholds, is_repeat
from transforms.dedupe.records import pack_entries, unpack_entries
from transforms.dedupe.signature import FLAGS, STATUS, micros
from transforms.dedupe.tokens import mix
from transforms.dedupe.window import Entry, Window, keys_of
from transforms.lake.seen import FOREVER, Buffer, read_segment, write_segment

KEPT, REPEAT, HELD, REPOLLED = range(4)
RETENTION_DAYS = 30
"""A row not seen for so long is forgotten; feeds list what is younger, and what is listed renews itself."""

_TIME = pa.timestamp("us", tz="UTC")
_WITHHELD = STATUS.index("withheld")


@dataclass(frozen=True, slots=True)
class Decisions:
    """One answer per row, in the order of the rows.

    Attributes:
        action: KEPT, REPEAT, HELD or REPOLLED.
        repeat_of: ``story_id`` of a kept story, for repeats.
        kind: reissued, syndicated or near, for repeats.
        similarity: share of the row's copy that the other has, 0 to 1, for repeats.
        cluster_id: for kept rows and repeats.
        first_published: of the family, as known now.
        held_reason: embargo, embargo-unreadable or withheld, for held rows.
        release_at: when an embargo ends; null: only a later version lifts it.
    """

    action: npt.NDArray[np.uint8]
    repeat_of: pa.Array
    kind: pa.Array
    similarity: pa.Array
    cluster_id: pa.Array
    first_published: pa.Array
    held_reason: pa.Array
    release_at: pa.Array

    @property
    def kept(self) -> pa.Array:
        """Mask of the rows for ``stories``."""
        return pa.array(self.action == KEPT)

    @property
    def repeat(self) -> pa.Array:
        """Mask of the rows for ``repeats``."""
        return pa.array(self.action == REPEAT)

    @property
    def held(self) -> pa.Array:
        """Mask of the rows for ``held``."""
        return pa.array(self.action == HELD)


@dataclass(slots=True)
class _Lane:
    """What is remembered of one language."""

    window: Window = field(default_factory=Window)
    clusters: Clusters = field(default_factory=Clusters)
    clock: int = 0


@dataclass(slots=True)
class _Answer:
    action: int
    repeat_of: str | None = None
    kind: str | None = None
    similarity: float | None = None
    cluster: str | None = None
    first: int | None = None
    held_reason: str | None = None
    release_at: int | None = None


@dataclass(slots=True)
class _Row:
    key: Key
    family: Key
    story: bytes
    flags: int
    status: int
    fetched: int
    published: int | None
    embargo: int | None
    target: Key | None
    copy: Copy
    events: tuple[frozenset[int], frozenset[int]]


class Decider:
    """Decides on rows of one shard and keeps what later decisions need."""

    def __init__(self, known: Known, policy: Thresholds = POLICY) -> None:
        """Use ``load`` instead."""
        self._known = known
        self._policy = policy
        self._lanes: dict[int, _Lane] = {}
        self._fresh: list[tuple[int, Entry]] = []

    @classmethod
    def load(cls, segments: Sequence[Buffer], policy: Thresholds = POLICY) -> "Decider":
        """Go on from saved state.

        Args:
            segments: what ``delta`` and ``snapshot`` gave, in order of commit; none for a new lake.
            policy: the thresholds.

        Raises:
            SeenFormatError: a segment that this release cannot read.
        """
        decider = cls(Known(segments), policy)
        for segment in segments:
            for language, entry in unpack_entries(read_segment(segment)):
                decider._file(language, entry)
        return decider

    def decide(self, rows: pa.Table) -> Decisions:
        """Decide on rows.

        Args:
            rows: signature columns (``SIGNATURE_SCHEMA``) in order of arrival: fetch time, input, position.

        Returns:
            One answer per row.
        """
        ids = np.array(rows.column("row_id").to_pylist(), "S16")
        keys, days, bits = self._known.row_days(ids)
        answers: list[_Answer] = []
        unknown = [place for place, (key, day) in enumerate(zip(keys, days, strict=True)) if day < 0 and key]
        parsed = dict(
            zip(unknown, _rows(rows.take(pa.array(unknown, pa.int64())), [keys[n] for n in unknown]), strict=True)
        )
        self._known.prefetch([row.family for row in parsed.values()])
        fetched = rows.column("fetched").to_pylist()
        for place, key in enumerate(keys):
            today = day_of(fetched[place])
            seen = self._known.rows.get(key)
            if seen is not None or days[place] >= 0:
                last, family = seen if seen is not None else (days[place], bits[place])
                if last < today:
                    self._known.rows[key] = (today, family)
                answers.append(_Answer(REPOLLED))
                continue
            row = parsed[place]
            answers.append(self._decide(row))
            forever = bool(row.flags & FLAGS["kill"])
            self._known.rows[key] = (FOREVER if forever else today, row.family[0] >> 32)
        return _decisions(answers)

    def renew(self, row_ids: npt.NDArray[np.bytes_], at: dt.datetime) -> None:
        """Note that known rows were seen again; costs state once a day for each.

        Args:
            row_ids: 16 bytes each (type ``S16``); unknown ones are passed over.
            at: when they were fetched.
        """
        if not len(row_ids):
            return
        today = day_of(micros(at))
        for key, day, family in zip(*self._known.row_days(row_ids), strict=True):
            last, bits = self._known.rows.get(key, (day, family))
            if 0 <= last < today:
                self._known.rows[key] = (today, bits)

    def delta(self) -> bytes:
        """What must be added to the state with the rows decided on since the last ``delta`` or ``snapshot``.

        Returns:
            A segment; empty when nothing changed. It is taken as saved: on a failed commit load the state anew.
        """
        columns = self._known.news()
        if not columns and not self._fresh:
            return b""
        columns = columns or no_news()
        data = write_segment(columns | pack_entries(self._fresh))
        self._known.settle(columns)
        self._fresh = []
        return data

    def snapshot(self, now: dt.datetime, retention_days: int = RETENTION_DAYS) -> bytes:
        """The whole state as one segment that stands for all before it.

        Args:
            now: rows last seen ``retention_days`` before it are forgotten; kills never are.
            retention_days: see ``RETENTION_DAYS``.
        """
        columns = self._known.merged(day_of(micros(now)) - retention_days)
        entries = [(language, entry) for language, lane in sorted(self._lanes.items()) for entry in lane.window]
        data = write_segment(columns | pack_entries(entries))
        self._known.replace(columns)
        self._fresh = []
        return data

    def _lane(self, language: int, clock: int) -> _Lane:
        lane = self._lanes.setdefault(language, _Lane())
        lane.clock = max(lane.clock, clock)
        lane.window.expire(lane.clock)
        lane.clusters.expire(lane.clock)
        return lane

    def _file(self, language: int, entry: Entry) -> None:
        lane = self._lane(language, entry.clock)
        lane.window.add(entry)
        lane.clusters.add(entry.cluster, entry.events, entry.clock)

    def _decide(self, row: _Row) -> _Answer:
        known = self._known
        family = known.family(row.family)
        first = _earlier(row.published, family.first if family else None)
        if row.flags & FLAGS["kill"]:
            for key in (row.family, row.target):
                if key is not None:
                    record = known.edit(key)
                    record.killed, record.text = True, 0
            return self._keep(row, first)
        held = _held(row)
        if held is not None:
            if family is not None:
                known.edit(row.family).text = 0
            held.first = first
            return held
        if family is not None and not family.killed:
            home = family.home or row.family
            if row.copy.text_hash and family.text == row.copy.text_hash:
                return self._repeat(row, home, "reissued", 1.0, first)
            if family.home is None:
                return self._keep(row, first)
        if family is None or not family.killed:
            lane = self._lane(row.copy.language, row.fetched)
            for entry in lane.window.candidates(keys_of(row.copy)):
                if entry.family == row.family:
                    continue
                found = is_repeat(entry.copy, row.copy, self._policy)
                if found is None:
                    continue
                other = known.family(entry.family)
                if other is not None and other.killed:
                    continue
                record = known.edit(row.family)
                record.home, record.text, record.first = entry.family, row.copy.text_hash, first
                return self._repeat(row, entry.family, *found, first)
        return self._keep(row, first)

    def _keep(self, row: _Row, first: int | None) -> _Answer:
        record = self._known.edit(row.family)
        record.first = first
        lane = self._lane(row.copy.language, row.fetched)
        before = lane.window.latest_of(row.family)
        if row.flags & FLAGS["kill"] or record.killed:
            return _Answer(KEPT, cluster=(before.cluster if before else row.story).hex(), first=first)
        record.text, record.home = row.copy.text_hash, None
        cluster = before.cluster if before else lane.clusters.find(row.events) or row.story
        entry = Entry(row.story, row.family, cluster, row.copy, row.events, lane.clock, keys_of(row.copy))
        self._file(row.copy.language, entry)
        self._fresh.append((row.copy.language, entry))
        return _Answer(KEPT, cluster=cluster.hex(), first=first)

    def _repeat(self, row: _Row, home: Key, kind: str, similarity: float, first: int | None) -> _Answer:
        story = _story(home, row.copy.language)
        entry = self._lane(row.copy.language, row.fetched).window.latest_of(home)
        cluster = entry.cluster.hex() if entry else None
        return _Answer(REPEAT, story, kind, similarity, cluster, first)


@functools.lru_cache(maxsize=256)
def _language_bits(language: int) -> int:
    return int(mix(np.array([language], np.uint64))[0])


def _family_key(story: bytes, language: int) -> Key:
    """A family's key is its id, turned by the language: what is known of it is known per language."""
    return int.from_bytes(story[:8], "big") ^ _language_bits(language), int.from_bytes(story[8:], "big")


def _story(key: Key, language: int) -> str:
    return ((key[0] ^ _language_bits(language)).to_bytes(8, "big") + key[1].to_bytes(8, "big")).hex()


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _held(row: _Row) -> _Answer | None:
    if row.status == _WITHHELD:
        return _Answer(HELD, held_reason="withheld")
    if row.flags & FLAGS["embargo_unreadable"]:
        return _Answer(HELD, held_reason="embargo-unreadable")
    if row.embargo is not None and row.embargo > row.fetched:
        return _Answer(HELD, held_reason="embargo", release_at=row.embargo)
    return None


def _rows(table: pa.Table, keys: Sequence[Key]) -> list[_Row]:
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    made = []
    for place, key in enumerate(keys):
        one = {name: values[place] for name, values in columns.items()}
        language, flags = one["language"], one["flags"]
        events = read_events(one["events"])
        figures = frozenset(one["figures"])
        copy = Copy(
            provider=one["provider"],
            language=language,
            text_hash=one["text_hash"],
            copy_hash=one["copy_hash"],
            headline_key=one["headline_key"],
            time=one["published"] if one["published"] is not None else one["fetched"],
            words=one["words"],
            flags=flags,
            shift=one["shift"],
            shingles=frozenset(one["shingles"]),
            figures=figures,
            figures_end=max(figures) if flags & FLAGS["figures_cut"] else None,
            headline=frozenset(one["headline_tokens"]),
            headline_stems=events[0],
            opening=events[0] | events[1],
        )
        target = one["kill_target"]
        made.append(
            _Row(
                key=key,
                family=_family_key(one["story_id"], language),
                story=one["story_id"],
                flags=flags,
                status=one["status"],
                fetched=one["fetched"],
                published=one["published"],
                embargo=one["embargo"],
                target=_family_key(target, language) if target else None,
                copy=copy,
                events=events,
            )
        )
    return made


def _decisions(answers: Sequence[_Answer]) -> Decisions:
    return Decisions(
        action=np.array([a.action for a in answers], np.uint8),
        repeat_of=pa.array([a.repeat_of for a in answers], pa.string()),
        kind=pa.array([a.kind for a in answers], pa.string()),
        similarity=pa.array([a.similarity for a in answers], pa.float32()),
        cluster_id=pa.array([a.cluster for a in answers], pa.string()),
        first_published=pa.array([a.first for a in answers], _TIME),
        held_reason=pa.array([a.held_reason for a in answers], pa.string()),
        release_at=pa.array([a.release_at for a in answers], _TIME),
    )
