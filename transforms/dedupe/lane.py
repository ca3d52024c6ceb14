"""One language's decisions: most rows meet nothing known and are kept in bulk, the others are decided one by one.

A row is decided alone when its family is known or comes twice, when it kills, or when it shares a key with a kept
story or with another row of the call. What it shares is looked up for all rows at once.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.dedupe.clusters import Clusters
from transforms.dedupe.entries import NO_TIME, Entries, Index, spread
from transforms.dedupe.known import HOMED, KILLED, Families, Known
from transforms.dedupe.lane_rows import (
    EMBARGO,
    HELD,
    KEPT,
    REPEAT,
    UNREADABLE,
    WITHHELD,
    Answers,
    Family,
    Kept,
    Key,
    Rows,
)
from transforms.dedupe.policy import HOUR, KINDS, Copy, Thresholds, is_repeat
from transforms.dedupe.postings import BITS, compose
from transforms.dedupe.signature import FLAGS, STATUS
from transforms.dedupe.tokens import mix
from transforms.dedupe.window import FACTS, MAX_BUCKET, MAX_CANDIDATES, MAX_STORIES, WINDOW, Window, keys_of
from transforms.lake.seen import Columns, Words

_MAX_PAIRED = 4
"""Rows of one call that share a key, up to which all pairs are looked at beforehand."""

_LOW = np.uint64((1 << BITS) - 1)


class Lane:
    """What is remembered of one language."""

    def __init__(self, language: int, first: int = 0, clock: int = 0) -> None:
        """Begin empty.

        Args:
            language: hash of the primary subtag.
            first: number of the first story to come.
            clock: latest fetch time seen.
        """
        self.language = language
        self.clock = clock
        self.window = Window(first)
        self.clusters = Clusters(first)

    def restore(self, kept: Kept) -> None:
        """Take saved stories in, once, before any decision."""
        self.window.add(kept.entries, kept.clocks)
        self.window.cluster[0].extend(kept.cluster_hi)
        self.window.cluster[1].extend(kept.cluster_lo)
        self.clusters.restore(kept.entries, kept.clocks)
        self.window.expire(self.clock)

    def saved(self) -> Kept | None:
        """What later decisions need of the stories kept; None: of none."""
        self.window.expire(self.clock)
        window = self.window
        entries = window.entries(window.base)
        if entries is None:
            return None
        return Kept(entries, window.clock.values, window.cluster[0].values, window.cluster[1].values)

    def decide(self, rows: Rows, known: Known, policy: Thresholds) -> tuple[Answers, Columns, Kept]:
        """Decide on rows.

        Args:
            rows: new ones.
            known: of families; not changed.
            policy: the thresholds.

        Returns:
            Answers, what becomes known of families, and the stories kept.
        """
        one = _Call(self, rows, known, policy)
        one.decide()
        kept = self._file(one)
        self.window.expire(self.clock)
        return one.answers, one.columns(), kept

    def _file(self, call: "_Call") -> Kept:
        window, answers, filed = self.window, call.answers, np.flatnonzero(call.filed)
        entries, clocks = call.rows.entries.take(filed), call.clock[filed]
        numbers = window.next + np.cumsum(call.filed) - call.filed
        keys = call.composed[call.filed[(call.composed & _LOW).astype(np.int64)]]
        window.make_room(len(filed))
        places = numbers[(keys & _LOW).astype(np.int64)] - window.index.base
        parents = self.clusters.add(entries, clocks)
        window.add(entries, clocks, compose(keys, places))
        story_hi, story_lo = call.rows.entries.numbers["story_hi"], call.rows.entries.numbers["story_lo"]
        lead = np.full(len(numbers), -1, np.int64)  # the story whose cluster a row takes
        lead[filed] = parents
        asked = np.flatnonzero(call.slow & (answers.action != HELD))
        repeats = answers.action[asked] == REPEAT
        high = np.where(repeats, answers.home_hi[asked], story_hi[asked])
        low = np.where(repeats, answers.home_lo[asked], story_lo[asked])
        before = window.latest_of(high, low, numbers[asked], call.clock[asked])
        lead[asked] = np.where(before >= 0, before, lead[asked])
        cluster_hi, cluster_lo = story_hi[filed], story_lo[filed]
        self._resolve(lead[filed], cluster_hi, cluster_lo)
        window.cluster[0].extend(cluster_hi)
        window.cluster[1].extend(cluster_lo)
        kept = answers.action == KEPT
        led = lead >= 0
        at = np.where(led, lead - window.base, 0)
        for out, column, own in (
            (answers.cluster_hi, window.cluster[0].values, story_hi),
            (answers.cluster_lo, window.cluster[1].values, story_lo),
        ):
            out[kept] = own[kept]
            if led.any():
                out[led] = column[at[led]]
        answers.clustered[:] = kept | led
        return Kept(entries, clocks, cluster_hi, cluster_lo)

    def _resolve(self, lead: Index, cluster_hi: Words, cluster_lo: Words) -> None:
        """Give each new story the cluster of the one that leads to it, in order of arrival."""
        window = self.window
        first = window.next - len(lead)
        old = (lead >= 0) & (lead < first)
        at = lead[old] - (first - len(window.cluster[0].values))
        cluster_hi[old] = window.cluster[0].values[at]
        cluster_lo[old] = window.cluster[1].values[at]
        new = np.flatnonzero(lead >= first)
        root = np.arange(len(lead)).tolist()
        for place, parent in zip(new.tolist(), (lead[new] - first).tolist(), strict=True):
            root[place] = root[parent]
        cluster_hi[:], cluster_lo[:] = cluster_hi[root], cluster_lo[root]


class _Call:
    """One call's rows on their way through."""

    def __init__(self, lane: Lane, rows: Rows, known: Known, policy: Thresholds) -> None:
        self.rows = rows
        self._lane = lane
        self._known = known
        self._policy = policy
        self._bits = int(language_bits(lane.language))
        count = len(rows.fetched)
        self.clock = np.maximum.accumulate(np.maximum(rows.fetched, lane.clock))
        lane.clock = int(self.clock[-1])
        self.answers = Answers.blank(count)
        self._kill = (rows.entries.numbers["flags"] & FLAGS["kill"]) > 0
        self._families = known.families(rows.family_hi, rows.family_lo)
        self._records: dict[Key, Family] = {}
        self._first = lane.window.next
        self._old: dict[int, tuple[Entries, int]] = {}
        self._copies: dict[int, Copy] = {}
        self._killed_before: set[int] = set()
        self._sketch: tuple[int, frozenset[int]] = (-1, frozenset())

    def decide(self) -> None:
        """Answer all but clusters."""
        answers, rows, kill = self.answers, self.rows, self._kill
        self._hold()
        held = answers.action == HELD
        self.slow = self._families.known | kill | self._met()
        busy = self._look_up(~kill & ~held)
        self.slow |= busy
        answers.first[:] = rows.published
        self.filed = ~self.slow & ~held
        self._decide_slow()

    def columns(self) -> Columns:
        """What becomes known of families, unsorted."""
        plain, rows = self.filed & ~self.slow, self.rows
        touched = [(key, record) for key, record in self._records.items() if record.known]
        homes = [(key, record.home) for key, record in touched if record.home is not None]
        text = [record.text for _, record in touched]
        first = [NO_TIME if record.first is None else record.first for _, record in touched]
        flags = [KILLED * record.killed | HOMED * (record.home is not None) for _, record in touched]
        count = int(plain.sum())
        return {
            "fam_hi": np.concatenate((rows.family_hi[plain], np.array([key[0] for key, _ in touched], np.uint64))),
            "fam_lo": np.concatenate((rows.family_lo[plain], np.array([key[1] for key, _ in touched], np.uint64))),
            "fam_text": np.concatenate((rows.entries.numbers["text_hash"][plain], np.array(text, np.uint64))),
            "fam_first": np.concatenate((rows.published[plain], np.array(first, np.int64))),
            "fam_flags": np.concatenate((np.zeros(count, np.uint8), np.array(flags, np.uint8))),
            "home_hi": np.array([key[0] for key, _ in homes], np.uint64),
            "home_lo": np.array([key[1] for key, _ in homes], np.uint64),
            "home_to_hi": np.array([home[0] for _, home in homes], np.uint64),
            "home_to_lo": np.array([home[1] for _, home in homes], np.uint64),
        }

    def _hold(self) -> None:
        rows, answers = self.rows, self.answers
        unreadable = (rows.entries.numbers["flags"] & FLAGS["embargo_unreadable"]) > 0
        embargo = rows.embargo > rows.fetched
        reason = np.where(embargo, EMBARGO, 0)
        reason[unreadable] = UNREADABLE
        reason[rows.status == STATUS.index("withheld")] = WITHHELD
        reason[self._kill] = 0
        answers.reason[:] = reason
        answers.action[reason > 0] = HELD
        answers.release[reason == EMBARGO] = rows.embargo[reason == EMBARGO]

    def _met(self) -> npt.NDArray[np.bool_]:
        """Rows whose family comes twice in the call, or is a kill's target."""
        rows = self.rows
        order = np.argsort(rows.family_hi)
        high = rows.family_hi[order]
        twin = np.zeros(len(order) + 1, np.bool_)
        twin[1:-1] = high[1:] == high[:-1]
        met = np.zeros(len(order), np.bool_)
        met[order] = twin[1:] | twin[:-1]
        if rows.targeted.any():
            met |= np.isin(rows.family_hi, rows.target_hi[rows.targeted])
        return met

    def _look_up(self, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Find keys that rows share with kept stories and with each other; tells which rows may repeat something."""
        window = self._lane.window
        keys, owner = keys_of(self.rows.entries)
        inside = wanted[owner]
        self.composed = np.sort(compose(keys[inside], owner[inside]))
        plain, places = self.composed & ~_LOW, (self.composed & _LOW).astype(np.int64)
        fresh = np.ones(len(plain), np.bool_)
        fresh[1:] = plain[1:] != plain[:-1]
        starts = np.flatnonzero(fresh)
        sizes = np.diff(np.append(starts, len(plain)))
        self._floors = window.floors(self.clock, self._first)
        known = np.flatnonzero(window.index.known(plain[starts], int(self._floors[0])))
        at, numbers = window.index.latest(plain[starts[known]], MAX_BUCKET)
        group = known[at]
        live = self._rivals(places, starts, sizes)
        live[group[self._may_meet(group, numbers, places, starts, sizes)]] = True
        self._keys: dict[int, list[int]] = {}
        self._buckets: dict[int, list[int]] = {}
        hit = np.repeat(live, sizes)
        for key, place in zip(plain[hit].tolist(), places[hit].tolist(), strict=True):
            self._keys.setdefault(place, []).append(key)
        asked = live[group]
        for key, number in zip(plain[starts[group[asked]]].tolist(), numbers[asked].tolist(), strict=True):
            self._buckets.setdefault(key, []).append(number)
        self._load(np.unique(numbers[asked]).tolist())
        busy = np.zeros(len(wanted), np.bool_)
        busy[places[hit]] = True
        return busy

    def _may_meet(self, group: Index, numbers: Index, places: Index, starts: Index, sizes: Index) -> Index:
        """Which pairs of a key (group) and a kept story (number) hold one that a row with that key may repeat."""
        window, new = self._lane.window, self.rows.entries.numbers
        pair = np.repeat(np.arange(len(group)), sizes[group])
        row = places[spread(starts[group], sizes[group])]
        alive = numbers[pair] >= np.maximum(self._floors[row], window.base)
        pair, row = pair[alive], row[alive]
        old = numbers[pair] - window.base
        facts = {name: column.values[old] for name, column in window.facts.items()}
        return np.unique(pair[_may_repeat(facts, {name: new[name][row] for name in FACTS}, self._policy)])

    def _rivals(self, places: Index, starts: Index, sizes: Index) -> npt.NDArray[np.bool_]:
        """Which keys (groups) may have one row of this call repeat another."""
        new = self.rows.entries.numbers
        live = sizes > _MAX_PAIRED
        for group in (np.flatnonzero(sizes == size) for size in range(2, _MAX_PAIRED + 1)):
            rows = [places[starts[group] + turn] for turn in range(int(sizes[group[0]]))] if len(group) else []
            for one, other in itertools.combinations(rows, 2):
                old, late = ({name: new[name][row] for name in FACTS} for row in (one, other))
                live[group] |= _may_repeat(old, late, self._policy)
        return live

    def _load(self, numbers: Sequence[int]) -> None:
        """Fetch kept stories that may be compared, and learn which of them were killed."""
        window = self._lane.window
        alive = [number for number in numbers if number >= window.base]
        at = np.array(alive, np.int64) - window.base
        high, low = (column.values[at] for column in window.story)
        flags = self._known.families(high ^ np.uint64(self._bits), low).flags
        for number, flag in zip(alive, flags.tolist(), strict=True):
            self._old[number] = window.find(number)
            if flag & KILLED:
                self._killed_before.add(number)

    def _record(self, key: Key, found: Families, place: int) -> Family:
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = Family()
            if found.known[place]:
                first, flags = int(found.first[place]), int(found.flags[place])
                record.known, record.text = True, int(found.text[place])
                record.first = None if first == NO_TIME else first
                record.killed = bool(flags & KILLED)
                if flags & HOMED:
                    record.home = int(found.home_hi[place]), int(found.home_lo[place])
        return record

    def _decide_slow(self) -> None:
        rows = self.rows
        slow = np.flatnonzero(self.slow)
        targets = self._known.families(rows.target_hi[slow], rows.target_lo[slow])
        plain = (np.cumsum(self.filed) - self.filed)[slow].tolist()
        high, low = rows.family_hi[slow].tolist(), rows.family_lo[slow].tolist()
        filed = 0
        for turn, place in enumerate(slow.tolist()):
            key = high[turn], low[turn]
            record = self._record(key, self._families, place)
            if self._kill[place]:
                named = [record]
                if rows.targeted[place]:
                    target = int(rows.target_hi[place]), int(rows.target_lo[place])
                    named.append(self._record(target, targets, turn))
                for one in named:
                    one.known, one.killed, one.text = True, True, 0
            if self._one(place, key, record, self._first + plain[turn] + filed):
                filed += 1
                self.filed[place] = True

    def _one(self, place: int, key: Key, record: Family, number: int) -> bool:
        """Decide on one row; whether it is filed among the kept ones."""
        answers, rows = self.answers, self.rows
        published = int(rows.published[place])
        first = _earlier(None if published == NO_TIME else published, record.first)
        answers.first[place] = NO_TIME if first is None else first
        if answers.action[place] == HELD:
            if record.known:
                record.text = 0
            return False
        text = int(rows.entries.numbers["text_hash"][place])
        if not record.killed:
            if record.known and text and record.text == text:
                self._repeat(place, record.home or key, 0, 1.0)
                return False
            if not record.known or record.home is not None:
                found = self._similar(place, key, number)
                if found is not None:
                    home, kind, similarity = found
                    record.known, record.home, record.text, record.first = True, home, text, first
                    self._repeat(place, home, KINDS.index(kind), similarity)
                    return False
        record.known, record.first = True, first
        if record.killed:
            return False
        record.text, record.home = text, None
        for bucket_key in self._keys.get(place, ()):
            self._buckets.setdefault(bucket_key, []).append(self._first + place)
        return True

    def _repeat(self, place: int, home: Key, kind: int, similarity: float) -> None:
        answers = self.answers
        answers.action[place], answers.kind[place], answers.similarity[place] = REPEAT, kind, similarity
        answers.home_hi[place] = home[0] ^ self._bits
        answers.home_lo[place] = home[1]

    def _similar(self, place: int, key: Key, number: int) -> tuple[Key, str, float] | None:
        """The first kept story that a row repeats. Rows of this call are known by place, beyond all numbers before."""
        found: set[int] = set()
        for bucket_key in self._keys.get(place, ()):
            found.update(self._buckets.get(bucket_key, ())[-MAX_BUCKET:])
        floor, clock = max(int(self._floors[place]), number - MAX_STORIES), int(self.clock[place])
        alive = [
            one
            for one in found
            if (one >= floor if one < self._first else self.clock[one - self._first] >= clock - WINDOW)
        ]
        new: Copy | None = None
        facts = {name: self.rows.entries.numbers[name][place] for name in FACTS}
        likely = [one for one in sorted(alive) if _may_repeat(self._facts(one), facts, self._policy)]
        for one in likely[-MAX_CANDIDATES:]:
            entries, at = self._story(one)
            numbers = entries.numbers
            family = int(numbers["story_hi"][at]) ^ self._bits, int(numbers["story_lo"][at])
            if family == key:
                continue
            if not self._overlaps(entries, at, place):
                continue
            new = new or self.rows.entries.copy_of(place, self._lane.language)
            old = self._copies.get(one)
            if old is None:
                old = self._copies[one] = entries.copy_of(at, self._lane.language)
            verdict = is_repeat(old, new, self._policy)
            if verdict is not None and not self._killed(one, family):
                return family, *verdict
        return None

    def _overlaps(self, entries: Entries, at: int, place: int) -> bool:
        """Another necessary condition: enough of the one sketch in the other, or the same copy."""
        old, new = entries.numbers, self.rows.entries.numbers
        if old["copy_hash"][at] == new["copy_hash"][place] or old["shift"][at] != new["shift"][place]:
            return True
        if self._sketch[0] != place:
            self._sketch = place, frozenset(self.rows.entries.list_of("shingles", place).tolist())
        mine, other = self._sketch[1], entries.list_of("shingles", at).tolist()
        return len(mine.intersection(other)) >= self._policy.rewrite_share * min(len(mine), len(other))

    def _story(self, one: int) -> tuple[Entries, int]:
        return self._old[one] if one < self._first else (self.rows.entries, one - self._first)

    def _facts(self, one: int) -> dict[str, Any]:
        entries, at = self._story(one)
        return {name: entries.numbers[name][at] for name in FACTS}

    def _killed(self, one: int, family: Key) -> bool:
        record = self._records.get(family)
        return record.killed if record is not None else one in self._killed_before


def _may_repeat(old: Mapping[str, Any], new: Mapping[str, Any], policy: Thresholds) -> Any:
    """Cheap necessary conditions of ``is_repeat``, for one pair or for arrays of them."""
    exact = (old["copy_hash"] == new["copy_hash"]) | (old["text_hash"] == new["text_hash"])
    near = np.abs(old["time"] - new["time"]) <= policy.near_hours * HOUR
    return exact | (near & (np.minimum(old["words"], new["words"]) >= policy.near_words))


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def language_bits(language: int) -> np.uint64:
    """A family's key is its id, its first half turned by these bits: what is known of it is known per language."""
    return np.uint64(mix(np.array([language], np.uint64))[0])
