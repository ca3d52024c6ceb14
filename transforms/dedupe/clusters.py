"""Stories about the same event share a ``cluster_id``: a link, nothing is dropped.

A new story is compared with those of the last three days by the words of headline, standfirst and opening, each
weighted by how rare it is among them (IDF over the window itself, so nothing else has to be kept) and more where the
headline has it. It joins the cluster of the most similar one, or begins its own. Only earlier arrivals count.

Rarity is counted anew after every eighth part more stories, 512 at most: at numbers that depend on nothing but how
many stories came, so that many are compared at once and answers do not depend on how calls cut them. Arithmetic is
on whole numbers until the last division, so that it gives the same on every machine.
"""

import math

import numpy as np
import numpy.typing as npt

from transforms.dedupe.entries import NO_TIME, Entries, Index, spread
from transforms.dedupe.policy import HOUR
from transforms.dedupe.window import Column

WINDOW = 72 * HOUR
"""An event is news for about three days; later stories on it are follow-ups that share other words."""

MAX_STORIES = 20_000
"""Of one language in the window: the last ones."""

JOIN = 0.30
"""Weighted cosine from which two stories tell of one event. Below .25 stories of one topic join, above .4 one event
falls apart."""

HEADLINE_WEIGHT = 2
"""A word in the headline says what the story is about; in the opening it may be background."""

MAX_POSTINGS = 8
"""Latest stories looked at for each word: any story of an event leads to its cluster."""

MAX_PROBES = 8
"""Rarest known words of a story by which others are looked for."""

MAX_COMPARED = 3
"""Stories with most weight in common among those found so; only they are compared in full."""

PRIOR = 40
"""Stories that the window is taken to hold besides those in it, so that the first ones are weighted soberly."""

MAX_WORDS = 32
"""Of one story, in the order of headline, standfirst and opening."""

MAX_EPOCH = 512
_MIN_EPOCH = 4
_SLOTS = 1 << 17
"""Counters of rarity; two rare words that share one (one pair in 130,000) count as a little less rare."""

_SCALE = 256
_LOG = np.array([0, *(round(_SCALE * math.log(number)) for number in range(1, MAX_STORIES + PRIOR + 3))], np.int64)
_WORD = np.uint32(0xFFFFFFFE)

Matrix = npt.NDArray[np.uint32]


def next_epoch(number: int) -> int:
    """The number of the story before which words are counted anew, after ``number``, one of those.

    >>> next_epoch(0), next_epoch(80), next_epoch(51_200)
    (4, 90, 51712)
    """
    return number + max(_MIN_EPOCH, min(MAX_EPOCH, number // 8))


def words_of(entries: Entries) -> Matrix:
    """Event words of each story in a row of ``MAX_WORDS``, 0 where it has fewer."""
    offsets, values = entries.lists["events"]
    count = np.minimum(np.diff(offsets), MAX_WORDS)
    out = np.zeros((len(entries), MAX_WORDS), np.uint32)
    column = spread(np.zeros(len(count), np.int64), count)
    out[np.repeat(np.arange(len(count)), count), column] = values[spread(offsets[:-1], count)]
    return out


def _slots(words: Matrix) -> Index:
    return (words >> np.uint32(1)).astype(np.int64) & (_SLOTS - 1)


class Clusters:
    """The stories of the last days in one language, by their words; numbered as in the window."""

    def __init__(self, first: int = 0) -> None:
        """Begin empty, counting from ``first``."""
        self._next = first
        self._words = Column("<u4", MAX_WORDS)
        self._clock = Column("<i8")
        self._links = Column("<i8", MAX_WORDS)
        self._last = np.full(_SLOTS, -1, np.int64)
        self._counts = np.zeros(_SLOTS, np.int32)
        self._counted = (first, first)
        self._stale = NO_TIME
        self._epoch = 0
        while next_epoch(self._epoch) <= first:
            self._epoch = next_epoch(self._epoch)

    @property
    def _base(self) -> int:
        return self._next - len(self._clock.values)

    def restore(self, entries: Entries, clocks: Index) -> None:
        """Take saved stories in, the latest last."""
        gone = max(0, len(entries) - 2 * MAX_STORIES)
        self._next += gone
        if gone:
            entries, clocks = entries.take(np.arange(gone, len(entries))), clocks[gone:]
        self._file(words_of(entries), clocks)
        while next_epoch(self._epoch) <= self._next:
            self._epoch = next_epoch(self._epoch)
        self._counted = (self._base, self._base)
        self._count()

    def add(self, entries: Entries, clocks: Index) -> Index:
        """Remember kept stories and find for each the most similar one before it.

        Args:
            entries: in order of arrival.
            clocks: of each.

        Returns:
            The number of the most similar story, the earliest of equals; -1: none is similar enough.
        """
        words = words_of(entries)
        found = np.full(len(words), -1, np.int64)
        at = 0
        while at < len(words):
            if self._next == next_epoch(self._epoch):
                self._epoch = self._next
                self._count()
            end = min(len(words), at + next_epoch(self._epoch) - self._next)
            total = 0
            if clocks[at] <= self._stale:
                end = at + int(np.searchsorted(clocks[at:end], self._stale, side="right"))
                total = self._counted[1] - self._counted[0]
            first = self._next
            self._file(words[at:end], clocks[at:end])
            found[at:end] = self._nearest(first, total)
            at = end
        return found

    def _file(self, words: Matrix, clocks: Index) -> None:
        """Add stories and chain each word to its last use."""
        slots = _slots(words)
        ids = np.arange(words.size).reshape(words.shape)
        there = words != 0
        keys = np.sort((slots[there] << 36) | ids[there])
        slot, place = keys >> 36, keys & ((1 << 36) - 1)
        links = np.full(words.size, -1, np.int64)
        same = np.zeros(len(keys), np.bool_)
        same[1:] = slot[1:] == slot[:-1]
        shift = self._next * MAX_WORDS
        links[place[1:][same[1:]]] = place[:-1][same[1:]] + shift
        links[place[~same]] = self._last[slot[~same]]
        final = np.ones(len(keys), np.bool_)
        final[:-1] = ~same[1:]
        self._last[slot[final]] = place[final] + shift
        self._words.extend(words)
        self._clock.extend(clocks)
        self._links.extend(links.reshape(words.shape))
        self._next += len(words)

    def _count(self) -> None:
        """Count words of the stories in the window as of the epoch's beginning, and forget what is far behind."""
        old_low, old_high = self._counted
        base, clocks = self._base, self._clock.values
        high = self._epoch
        low = high
        if high > base:
            latest = int(clocks[high - base - 1])
            low = max(base + int(np.searchsorted(clocks, latest - WINDOW)), high - MAX_STORIES)
            self._stale = latest + WINDOW  # beyond, none of those counted is in the window
        if low >= old_high:
            self._counts[:] = 0
            self._tally(low, high, 1)
        else:
            self._tally(old_low, low, -1)
            self._tally(old_high, high, 1)
        self._counted = (low, high)
        gone = low - base
        if gone > 0:
            for column in (self._words, self._clock, self._links):
                column.trim(gone)

    def _tally(self, low: int, high: int, sign: int) -> None:
        words = self._words.values[max(low - self._base, 0) : max(high - self._base, 0)]
        if len(words):
            slots, count = np.unique(_slots(words[words != 0]), return_counts=True)
            self._counts[slots] += (sign * count).astype(np.int32)

    def _weights(self, words: Matrix, total: int) -> Index:
        frequency = np.minimum(self._counts[_slots(words)], total)
        weights = _LOG[total + PRIOR] - _LOG[frequency + 1]
        weights = np.where(words & np.uint32(1), HEADLINE_WEIGHT * weights, weights)
        return np.where(words != 0, weights, 0)

    def _nearest(self, first: int, total: int) -> Index:
        base = self._base
        words = self._words.values[first - base :]
        clocks = self._clock.values
        numbers = np.arange(first, self._next)
        floors = np.maximum(np.searchsorted(clocks, clocks[first - base :] - WINDOW) + base, numbers - MAX_STORIES)
        weights = self._weights(words, total)
        pairs, votes = self._votes(first, floors, weights)
        found = np.full(len(words), -1, np.int64)
        if not len(pairs):
            return found
        row, number = pairs >> 32, (pairs & 0xFFFFFFFF) + base
        order = np.argsort((row << 40) | ((1 << 20) - votes << 20) | (number - base))
        row, number = row[order], number[order]
        rank = np.arange(len(row)) - np.searchsorted(row, np.arange(len(words)))[row]
        row, number = row[rank < MAX_COMPARED], number[rank < MAX_COMPARED]
        score = self._scores(words, weights, row, number - base, total)
        joined = score > JOIN
        row, number, score = row[joined], number[joined], score[joined]
        order = np.lexsort((number, -score, row))
        row, number = row[order], number[order]
        best = np.ones(len(row), np.bool_)
        best[1:] = row[1:] != row[:-1]
        found[row[best]] = number[best]
        return found

    def _votes(self, first: int, floors: Index, weights: Index) -> tuple[Index, Index]:
        """Pairs (row << 32 | story less base) that share a probe, and the weight that they share."""
        base = self._base
        links = self._links.values
        known = (links[first - base :] >= floors[:, None] * MAX_WORDS) & ((weights > 0).sum(axis=1) > 1)[:, None]
        keep = np.where(known, -weights << 8 | np.arange(MAX_WORDS), 1)
        probes = np.sort(keep, axis=1)[:, :MAX_PROBES]
        row, rank = np.nonzero(probes < 0)
        column = probes[row, rank] & 0xFF
        weight = weights[row, column]
        at = links[row + (first - base), column]
        found = []
        for _ in range(MAX_POSTINGS):
            alive = at >= floors[row] * MAX_WORDS
            row, weight, at = row[alive], weight[alive], at[alive]
            if not len(row):
                break
            story = at // MAX_WORDS - base
            earlier = story < row + (first - base)  # two words of one story may share a slot
            found.append(((row << 48) | (story << 16) | weight)[earlier])
            at = links[story, at - (story + base) * MAX_WORDS]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        keys = np.sort(np.concatenate(found))
        pair = keys >> 16
        fresh = np.ones(len(keys), np.bool_)
        fresh[1:] = pair[1:] != pair[:-1]
        starts = np.flatnonzero(fresh)
        return pair[starts], np.minimum(np.add.reduceat(keys & 0xFFFF, starts), (1 << 20) - 1)

    def _scores(self, words: Matrix, weights: Index, row: Index, place: Index, total: int) -> npt.NDArray[np.float64]:
        """Cosine of each pair of a new story (row) and an earlier one (place)."""
        others = self._words.values[place]
        other = self._weights(others, total)
        mine = (words[row] & _WORD).astype(np.int64)
        pair = np.arange(len(row))[:, None] << 45
        keys = np.concatenate(
            (pair | mine << 13 | weights[row], pair | (others & _WORD).astype(np.int64) << 13 | other), axis=1
        ).reshape(-1)
        keys.sort()
        word = keys >> 13
        same = np.flatnonzero((word[1:] == word[:-1]) & (word[1:] & 0xFFFFFFFF != 0))
        shared = ((keys[same] & 0x1FFF) * (keys[same + 1] & 0x1FFF)).astype(np.float64)
        dot = np.bincount(keys[same] >> 45, shared, len(row))
        norms = np.square(weights).sum(axis=1)[row] * np.square(other).sum(axis=1)
        cosine: npt.NDArray[np.float64] = dot / np.sqrt(np.maximum(norms, 1).astype(np.float64))
        return cosine
