"""Kept, repeat, held or seen before: the decisions on rows in order of arrival.

Decisions rest on the rows that came before, in order of arrival, and on nothing else: cutting the same rows into
other calls, saving and loading the state in between, or dealing languages out to other shards changes none of them.
Nothing is known across languages (primary subtag), so that one language has one owner.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.dedupe.entries import NO_TIME, Index, read_entries, read_ids, read_numbers
from transforms.dedupe.forget import forget
from transforms.dedupe.known import Known, day_of, no_news, sort_rows
from transforms.dedupe.lane import Lane, language_bits
from transforms.dedupe.lane_rows import (
    EMBARGO,
    HELD,
    KEPT,
    REPEAT,
    REPOLLED,
    UNREADABLE,
    WITHHELD,
    Answers,
    Kept,
    Rows,
)
from transforms.dedupe.policy import KINDS, POLICY, Thresholds
from transforms.dedupe.records import pack_state, unpack_kept, unpack_state
from transforms.dedupe.signature import FLAGS, micros
from transforms.lake.seen import FOREVER, Buffer, Columns, Words, join_ids, read_segment, split_ids, write_segment

__all__ = ["HELD", "KEPT", "REPEAT", "REPOLLED", "RETENTION_DAYS", "Decider", "Decisions", "forget"]

RETENTION_DAYS = 30
"""A row not seen for so long is forgotten; feeds list what is younger, and what is listed renews itself."""

MERGE_STEP = 4
"""A segment is merged with those after it once they are a quarter of its size: about eight segments for ten million
rows, and each row is rewritten a few times before it lies in the oldest one."""

OLDEST_STEP = 16
"""The same for the oldest segment, which holds nearly everything: what is superseded or due to be forgotten takes a
sixteenth more than what is known, at most, and a lake that knows ten million rows rewrites them about once a day."""

MAX_ROWS = 1 << 15
"""Decided on at once: the working arrays stay at some 50 MB."""

_TIME = pa.timestamp("us", tz="UTC")
_REASONS = {WITHHELD: "withheld", UNREADABLE: "embargo-unreadable", EMBARGO: "embargo"}


@dataclass(frozen=True, slots=True)
class Saved:
    """What must be added to the state.

    Attributes:
        data: a segment.
        replaces: how many of the newest segments it stands for.
    """

    data: bytes
    replaces: int


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


class Decider:
    """Decides on rows of one shard and keeps what later decisions need."""

    def __init__(self, known: Known, policy: Thresholds = POLICY) -> None:
        """Use ``load`` instead."""
        self._known = known
        self._policy = policy
        self._segments: list[Buffer] = []
        self._lanes: dict[int, Lane] = {}
        self._fresh: dict[int, list[Kept]] = defaultdict(list)

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
        decider._segments = list(segments)
        decider._lanes = unpack_state([read_segment(segment) for segment in segments])
        return decider

    def decide(self, rows: pa.Table) -> Decisions:
        """Decide on rows.

        Args:
            rows: signature columns (``SIGNATURE_SCHEMA``) in order of arrival: fetch time, input, position.

        Returns:
            One answer per row.
        """
        answers = Answers.blank(rows.num_rows, REPOLLED)
        for start in range(0, rows.num_rows, MAX_ROWS):
            part = rows.slice(start, MAX_ROWS)
            places, made = self._decide(part)
            answers.put(places + start, made)
        return _decisions(answers)

    def _decide(self, rows: pa.Table) -> tuple[Index, Answers]:
        """Answers for the rows that are new, and their places."""
        high, low = read_ids(rows.column("row_id"))
        fetched = read_numbers(rows.column("fetched")).astype(np.int64)
        days, bits = self._known.rows(high, low)
        known = days >= 0
        new = ~known & _first_of_equals(high, low)
        self._renew(high[known], low[known], days[known], bits[known], _days(fetched[known]))
        places = np.flatnonzero(new)
        answers = Answers.blank(len(places))
        if not len(places):
            return places, answers
        table = rows if len(places) == rows.num_rows else rows.take(pa.array(places))
        every = _read_rows(table)
        languages = read_numbers(table.column("language"))
        columns: list[Columns] = []
        for language in np.unique(languages).tolist():
            mine = np.flatnonzero(languages == language)
            lane = self._lanes.get(language) or self._lanes.setdefault(language, Lane(language))
            part = every if len(mine) == len(places) else _take(every, mine)
            turn = language_bits(language)
            part = _turned(part, turn)
            made, families, kept = lane.decide(part, self._known, self._policy)
            answers.put(mine, made)
            columns.append(families)
            if len(kept.clocks):
                self._fresh[language].append(kept)
            every.family_hi[mine] = part.family_hi
        joined = {name: np.concatenate([one[name] for one in columns]) for name in columns[0]}
        kill = (every.entries.numbers["flags"] & FLAGS["kill"]) > 0
        joined["row_hi"], joined["row_lo"] = high[places], low[places]
        joined["row_day"] = np.where(kill, FOREVER, _days(fetched[places])).astype(np.uint16)
        joined["row_family"] = (every.family_hi >> np.uint64(32)).astype(np.uint32)
        self._known.add(sort_rows(joined))
        late = np.flatnonzero(~new & ~known)
        self._renew_again(high[late], low[late], fetched[late])
        return places, answers

    def _renew(self, high: Words, low: Words, days: Index, bits: npt.NDArray[np.uint32], today: Index) -> None:
        late = days < today
        if late.any():
            columns: Columns = {"row_hi": high[late], "row_lo": low[late], "row_family": bits[late]}
            columns["row_day"] = today[late].astype(np.uint16)
            # of a row that comes twice the last sight counts, which is the latest
            order = np.lexsort((columns["row_day"], columns["row_lo"], columns["row_hi"]))
            columns = {name: column[order] for name, column in columns.items()}
            last = np.ones(len(order), np.bool_)
            row_hi, row_lo = columns["row_hi"], columns["row_lo"]
            last[:-1] = (row_hi[1:] != row_hi[:-1]) | (row_lo[1:] != row_lo[:-1])
            self._known.add({name: column[last] for name, column in columns.items()})

    def _renew_again(self, high: Words, low: Words, fetched: Index) -> None:
        if len(high):
            days, bits = self._known.rows(high, low)
            self._renew(high, low, days, bits, _days(fetched))

    def renew(self, row_ids: npt.NDArray[np.bytes_], at: dt.datetime) -> None:
        """Note that known rows were seen again; costs state once a day for each.

        Args:
            row_ids: 16 bytes each (type ``S16``); unknown ones are passed over.
            at: when they were fetched.
        """
        if not len(row_ids):
            return
        high, low = split_ids(row_ids)
        days, bits = self._known.rows(high, low)
        known = days >= 0
        today = np.full(int(known.sum()), day_of(micros(at)), np.int64)
        self._renew(high[known], low[known], days[known], bits[known], today)

    def save(self, now: dt.datetime, retention_days: int = RETENTION_DAYS) -> Saved | None:
        """What must be added to the state with the rows decided on since the last call; None: nothing changed.

        Small segments are merged on the way (``MERGE_STEP``, ``OLDEST_STEP``). It is taken as saved: on a failed commit
        load the state anew.

        Args:
            now: when all segments are merged, rows last seen ``retention_days`` before it are forgotten.
            retention_days: see ``RETENTION_DAYS``.
        """
        before = list(self._segments)
        delta = self.delta()
        if not delta:
            return None
        count = self._due(len(delta))
        if not count:
            return Saved(delta, 0)
        return Saved(self.snapshot(now, retention_days) if count == len(before) else self._joined(count + 1), count)

    def _due(self, size: int) -> int:
        """How many of the segments before the last are to be merged with it."""
        count = 0
        older = self._segments[:-1]
        for number in reversed(range(len(older))):
            theirs = memoryview(older[number]).nbytes
            if theirs >= size * (MERGE_STEP if number else OLDEST_STEP):
                break
            size += theirs
            count += 1
        return count

    def _joined(self, count: int) -> bytes:
        """The last segments as one."""
        kept: dict[int, list[Kept]] = defaultdict(list)
        for segment in self._segments[-count:]:
            columns = read_segment(segment)
            if "win_language" in columns:
                for language, stories in unpack_kept(columns).items():
                    kept[language].append(stories)
        data = write_segment(self._known.joined(count) | pack_state(self._lanes, kept))
        self._take(data, count)
        return data

    def delta(self) -> bytes:
        """What must be added to the state with the rows decided on since the last ``delta``, ``save`` or ``snapshot``.

        Returns:
            A segment; empty when nothing changed. It is taken as saved: on a failed commit load the state anew.
        """
        columns = self._known.news()
        if not columns and not self._fresh:
            return b""
        data = write_segment((columns or no_news()) | pack_state(self._lanes, dict(self._fresh)))
        self._take(data, 0)
        return data

    def snapshot(self, now: dt.datetime, retention_days: int = RETENTION_DAYS) -> bytes:
        """The whole state as one segment that stands for all before it.

        Args:
            now: rows last seen ``retention_days`` before it are forgotten; kills never are.
            retention_days: see ``RETENTION_DAYS``.
        """
        columns = self._known.merged(day_of(micros(now)) - retention_days)
        kept = {language: [saved] for language, lane in self._lanes.items() if (saved := lane.saved()) is not None}
        data = write_segment(columns | pack_state(self._lanes, kept))
        self._take(data, len(self._segments))
        return data

    def _take(self, data: bytes, count: int) -> None:
        """Stand on a segment in place of the last ``count`` and of the news."""
        self._segments[len(self._segments) - count :] = [data]
        self._known.replace(read_segment(data), count)
        self._fresh.clear()

    def stand_on(self, segments: Sequence[Buffer]) -> None:
        """Use equal segments, mapped from a disk, in place of those kept in this process's memory.

        Args:
            segments: the live ones, oldest first; nothing may be unsaved.
        """
        self._known = Known(segments)
        self._segments = list(segments)


def _days(moments: Index) -> Index:
    return np.clip(moments // 86_400_000_000, 0, FOREVER - 1)


def _first_of_equals(high: Words, low: Words) -> npt.NDArray[np.bool_]:
    """Which rows are the first with their id."""
    order = np.lexsort((low, high))  # stable: of equals the first stands first
    first = np.ones(len(order), np.bool_)
    first[1:] = (high[order[1:]] != high[order[:-1]]) | (low[order[1:]] != low[order[:-1]])
    out = np.empty_like(first)
    out[order] = first
    return out


def _read_rows(table: pa.Table) -> Rows:
    entries = read_entries(table)
    target_hi, target_lo = read_ids(table.column("kill_target"))
    return Rows(
        entries=entries,
        family_hi=entries.numbers["story_hi"].copy(),
        family_lo=entries.numbers["story_lo"],
        fetched=read_numbers(table.column("fetched")),
        published=read_numbers(table.column("published")),
        embargo=read_numbers(table.column("embargo")),
        status=read_numbers(table.column("status")),
        target_hi=target_hi,
        target_lo=target_lo,
        targeted=table.column("kill_target").is_valid().to_numpy(),
    )


def _take(rows: Rows, places: Index) -> Rows:
    return Rows(
        rows.entries.take(places),
        *(getattr(rows, name)[places] for name in Rows.__slots__ if name != "entries"),
    )


def _turned(rows: Rows, bits: np.uint64) -> Rows:
    """The same rows, families and targets keyed by language."""
    return Rows(
        rows.entries,
        rows.family_hi ^ bits,
        rows.family_lo,
        rows.fetched,
        rows.published,
        rows.embargo,
        rows.status,
        rows.target_hi ^ bits,
        rows.target_lo,
        rows.targeted,
    )


def _decisions(answers: Answers) -> Decisions:
    action = answers.action
    repeat = action == REPEAT
    return Decisions(
        action=action,
        repeat_of=_hex(answers.home_hi, answers.home_lo, repeat),
        kind=pa.array(KINDS, pa.string()).take(pa.array(answers.kind, mask=answers.kind < 0)),
        similarity=pa.array(answers.similarity, pa.float32(), mask=~repeat),
        cluster_id=_hex(answers.cluster_hi, answers.cluster_lo, answers.clustered),
        first_published=_times(answers.first),
        held_reason=pa.array([_REASONS.get(reason) for reason in answers.reason.tolist()], pa.string()),
        release_at=_times(answers.release),
    )


def _times(values: Index) -> pa.Array:
    return pa.array(values, pa.int64(), mask=values == NO_TIME).cast(_TIME)


def _hex(high: Words, low: Words, valid: npt.NDArray[np.bool_]) -> pa.Array:
    """Ids as hexadecimal text, null where they are not valid."""
    lengths = np.where(valid, 32, 0)
    offsets = np.zeros(len(valid) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    text = join_ids(high[valid], low[valid]).tobytes().hex().encode()
    mask = pa.array(valid).buffers()[1]
    return pa.StringArray.from_buffers(len(valid), pa.py_buffer(offsets), pa.py_buffer(text), mask)
