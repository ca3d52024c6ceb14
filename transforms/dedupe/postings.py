"""Which numbered things carry a key: sorted arrays of 40 bits of key and 24 bits of number, few and growing.

A key that meets another by chance (one pair in 10^12) only adds something to be looked at.
"""

import numpy as np
import numpy.typing as npt

from transforms.dedupe.entries import Index, spread

Keys = npt.NDArray[np.uint64]

BITS = 24
"""Of a number, counted from a base that moves with the oldest one needed."""

_BITS = np.uint64(BITS)
_LOW = np.uint64((1 << BITS) - 1)
_GROWTH = 2


def compose(keys: Keys, numbers: npt.NDArray[np.integer]) -> Keys:
    """Key and number as one, sorting by key, then number."""
    return (keys & ~_LOW) | numbers.astype(np.uint64)


class Postings:
    """Numbers by key; numbers only grow, each ``add`` holds larger ones than all before."""

    def __init__(self) -> None:
        """Begin empty."""
        self._parts: list[Keys] = []
        self._base = 0

    def add(self, composed: Keys, floor: int) -> None:
        """Add what ``compose`` made of keys and numbers less ``base``, sorted.

        Args:
            composed: unique.
            floor: least number that is still needed.
        """
        if not len(composed):
            return
        self._parts.append(composed)
        while len(self._parts) > 1 and len(self._parts[-2]) < _GROWTH * len(self._parts[-1]):
            last = self._parts.pop()
            merged = np.concatenate((self._parts.pop(), last))
            merged = merged[(merged & _LOW) >= np.uint64(max(floor - self._base, 0))]
            merged.sort()
            self._parts.append(merged)

    def rebase(self, floor: int, top: int) -> None:
        """Make room for numbers up to ``top``; called before any is composed."""
        if top - self._base < 1 << BITS:
            return
        step = np.uint64(floor - self._base)
        kept = (part[(part & _LOW) >= step] - step for part in self._parts)
        self._parts = [part for part in kept if len(part)]
        self._base = floor

    @property
    def base(self) -> int:
        """Numbers are counted from here in ``compose``."""
        return self._base

    def known(self, keys: Keys, floor: int) -> npt.NDArray[np.bool_]:
        """Which of sorted keys (low bits zero) have a number from ``floor`` on."""
        found = np.zeros(len(keys), np.bool_)
        least = np.uint64(max(floor - self._base, 0))
        for part in self._parts:
            at = np.searchsorted(part, keys | _LOW, side="right") - 1
            hit = part[np.maximum(at, 0)]
            found |= (at >= 0) & ((hit ^ keys) <= _LOW) & ((hit & _LOW) >= least)
        return found

    def latest(self, keys: Keys, count: int) -> tuple[Index, Index]:
        """The last ``count`` numbers of each of sorted keys (low bits zero): places in ``keys``, and numbers.

        Both are sorted together, by place, then number.
        """
        places, numbers = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        left_over = np.full(len(keys), count)
        for part in reversed(self._parts):
            start = np.searchsorted(part, keys)
            end = np.searchsorted(part, keys | _LOW, side="right")
            taken = np.minimum(end - start, left_over)
            left_over -= taken
            places.append(np.repeat(np.arange(len(keys)), taken))
            numbers.append((part[spread(end - taken, taken)] & _LOW).astype(np.int64) + self._base)
        place, number = np.concatenate(places), np.concatenate(numbers)
        order = np.lexsort((number, place))
        return place[order], number[order]

    def before(self, keys: Keys, numbers: Index) -> Index:
        """The last number below ``numbers`` of each key (any low bits); -1 where there is none."""
        keys = keys & ~_LOW
        found = np.full(len(keys), -1, np.int64)
        wanted = keys | (numbers - self._base).astype(np.uint64)
        for part in self._parts:
            at = np.searchsorted(part, wanted) - 1
            hit = part[np.maximum(at, 0)]
            same = (at >= 0) & ((hit ^ keys) <= _LOW)
            found[same] = (hit[same] & _LOW).astype(np.int64) + self._base
        return found
