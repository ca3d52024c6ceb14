"""What is known of rows and families, for as long as they are seen: sorted arrays on disk, and those that came since.

A row costs 22 bytes (id, day last seen, 32 bits that name its family), a family 33 (id, hash of the last kept text,
time of first publication, killed or not), a family that only ever repeated another 32 more. So 55 bytes a story.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.dedupe.entries import NO_TIME, Index
from transforms.lake.seen import FOREVER, Buffer, Columns, Words, find, read_segment

DAY = 86_400_000_000
"""Microseconds."""

KILLED, HOMED = 1, 2
"""Bits of ``fam_flags``: killed for ever; repeats another family, which the ``home`` columns name."""

_ROW = ("row_hi", "row_lo", "row_day", "row_family")
_FAMILY = ("fam_hi", "fam_lo", "fam_text", "fam_first", "fam_flags")
_HOME = ("home_hi", "home_lo", "home_to_hi", "home_to_lo")
_GROUPS = (_ROW, _FAMILY, _HOME)
_TYPES = dict(
    zip(
        (*_ROW, *_FAMILY, *_HOME),
        ("<u8", "<u8", "<u2", "<u4", "<u8", "<u8", "<u8", "<i8", "<u1", "<u8", "<u8", "<u8", "<u8"),
        strict=True,
    )
)
_MAX_NEWS = 4
"""Unsaved parts before they are joined; each is asked for every row."""


@dataclass(frozen=True, slots=True)
class Families:
    """What is known of families, a row each.

    Attributes:
        known: whether anything is.
        text: hash of the last kept text; 0: nothing of it is in force (held since, or killed).
        first: earliest publication time known, or ``NO_TIME``.
        flags: ``KILLED``, ``HOMED``.
        home_hi: first half of the key of the family that this one repeats.
        home_lo: second half.
    """

    known: npt.NDArray[np.bool_]
    text: Words
    first: Index
    flags: npt.NDArray[np.uint8]
    home_hi: Words
    home_lo: Words


class Known:
    """Rows and families in segments, oldest first, and what came since."""

    def __init__(self, segments: Sequence[Buffer]) -> None:
        """Open segments; nothing is copied."""
        self._parts: list[Columns] = [read_segment(segment) for segment in segments]
        self._news: list[Columns] = []

    def rows(self, high: Words, low: Words) -> tuple[Index, npt.NDArray[np.uint32]]:
        """Day last seen (-1: unknown) and family bits of rows."""
        order = np.argsort(high)
        high, low = high[order], low[order]
        days = np.full(len(high), -1, np.int64)
        bits = np.zeros(len(high), np.uint32)
        for part in (*self._parts, *self._news):
            at = find((part["row_hi"], part["row_lo"]), high, low)
            hit = np.flatnonzero(at >= 0)
            days[hit] = np.maximum(days[hit], part["row_day"][at[hit]])
            bits[hit] = part["row_family"][at[hit]]
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return days[back], bits[back]

    def families(self, high: Words, low: Words) -> Families:
        """What is known of families, by the halves of their keys."""
        count = len(high)
        order = np.argsort(high)
        high, low = high[order], low[order]
        text, home_hi, home_lo = (np.zeros(count, np.uint64) for _ in range(3))
        known, first, flags = np.zeros(count, np.bool_), np.full(count, NO_TIME, np.int64), np.zeros(count, np.uint8)
        for part in (*self._parts, *self._news):
            at = find((part["fam_hi"], part["fam_lo"]), high, low)
            hit = np.flatnonzero(at >= 0)
            if not len(hit):
                continue
            at = at[hit]
            known[order[hit]] = True
            text[order[hit]] = part["fam_text"][at]
            first[order[hit]] = part["fam_first"][at]
            flags[order[hit]] = part["fam_flags"][at]
            at = find((part["home_hi"], part["home_lo"]), high[hit], low[hit])
            homed = at >= 0
            home_hi[order[hit[homed]]] = part["home_to_hi"][at[homed]]
            home_lo[order[hit[homed]]] = part["home_to_lo"][at[homed]]
        return Families(known, text, first, flags, home_hi, home_lo)

    def add(self, columns: Columns) -> None:
        """Take news: columns of rows, families and homes, those of each group sorted by its first two, unique."""
        self._news.append({name: np.asarray(columns.get(name, ()), _TYPES[name]) for name in _TYPES})
        if len(self._news) > _MAX_NEWS:
            self._news = [self.news()]

    def news(self) -> Columns:
        """What was added since the last ``replace``, as sorted columns; empty when nothing was."""
        if len(self._news) < 2:
            return self._news[0] if self._news else {}
        return {name: column for group in _GROUPS for name, column in _newest(self._news, group).items()}

    def merged(self, oldest_day: int) -> Columns:
        """All segments and the news as one, without rows last seen before a day, and families without rows.

        Args:
            oldest_day: days since 1970 UTC; rows seen on it stay.
        """
        parts = [*self._parts, *self._news]
        rows = _newest(parts, _ROW)
        keep = rows["row_day"].astype(np.int64) >= oldest_day
        rows = rows if keep.all() else {name: column[keep] for name, column in rows.items()}
        families = _newest(parts, _FAMILY)
        bits = np.sort(rows["row_family"])
        mine = (families["fam_hi"].astype(np.uint64) >> np.uint64(32)).astype(np.uint32)
        at = np.minimum(np.searchsorted(bits, mine), max(len(bits) - 1, 0))
        alive = (families["fam_flags"] & KILLED) > 0
        if len(bits):
            alive |= bits[at] == mine
        families = families if alive.all() else {name: column[alive] for name, column in families.items()}
        return rows | families | _homes(parts, families)

    def joined(self, count: int) -> Columns:
        """The last ``count`` segments and the news as one; nothing is forgotten."""
        parts = [*self._parts[len(self._parts) - count :], *self._news]
        families = _newest(parts, _FAMILY)
        return _newest(parts, _ROW) | families | _homes(parts, families)

    def replace(self, columns: Columns, count: int) -> None:
        """Let a saved segment stand for the last ``count`` and the news from now on."""
        self._parts[len(self._parts) - count :] = [columns]
        self._news = []


def _homes(parts: Sequence[Columns], families: Columns) -> Columns:
    """The homes of families that have one still."""
    homes = _newest(parts, _HOME)
    place = find((families["fam_hi"], families["fam_lo"]), homes["home_hi"], homes["home_lo"])
    keep = place >= 0
    keep[keep] = (families["fam_flags"][place[keep]] & HOMED) > 0
    return {name: column[keep] for name, column in homes.items()}


def _newest(parts: Sequence[Columns], names: tuple[str, ...]) -> Columns:
    """Columns of all parts sorted by their first two; of equal keys the one of the latest part.

    From the latest part back: the early ones are the large ones, and each is walked through once.
    """
    joined = {name: np.zeros(0, _TYPES[name]) for name in names}
    for part in reversed(parts):
        joined = _over({name: part[name] for name in names}, joined, names)
    return joined


def _over(old: Columns, new: Columns, names: tuple[str, ...]) -> Columns:
    """Two sorted parts as one, the new one's word counting; memory for the result and two masks."""
    if not len(old[names[0]]) or not len(new[names[0]]):
        return new if len(new[names[0]]) else old
    keys = old[names[0]], old[names[1]]
    place = _insertion(keys, new[names[0]], new[names[1]])
    inside = np.minimum(place, len(keys[0]) - 1)
    same = (place < len(keys[0])) & (keys[0][inside] == new[names[0]]) & (keys[1][inside] == new[names[1]])
    stays = np.ones(len(keys[0]), np.bool_)
    stays[place[same]] = False
    home = place - (np.cumsum(same) - same) + np.arange(len(place))
    theirs = np.ones(len(keys[0]) + len(place) - int(same.sum()), np.bool_)
    theirs[home] = False
    out: Columns = {}
    for name in names:
        column = np.empty(len(theirs), _TYPES[name])
        column[theirs] = old[name][stays]
        column[home] = new[name]
        out[name] = column
    return out


def _insertion(keys: tuple[Words, Words], high: Words, low: Words) -> Index:
    """Where ids belong in sorted columns: before the first that is not less."""
    place = np.searchsorted(keys[0], high)
    open_ = np.arange(len(high))
    while len(open_):  # ids that share 64 bits stand beside each other; one round for all others
        at = place[open_]
        inside = at < len(keys[0])
        open_, at = open_[inside], at[inside]
        less = (keys[0][at] == high[open_]) & (keys[1][at] < low[open_])
        open_ = open_[less]
        place[open_] += 1
    return place


def sort_rows(columns: Columns) -> Columns:
    """Columns of one or more groups, unique by their first two, sorted by these."""
    out: Columns = {}
    for group in _GROUPS:
        if group[0] in columns:
            order = np.lexsort((columns[group[1]], columns[group[0]]))
            out |= {name: columns[name][order] for name in group}
    return out


def day_of(moment: int) -> int:
    """Days since 1970 UTC, within what a record can hold."""
    return max(0, min(moment // DAY, FOREVER - 1))


def no_news() -> Columns:
    """The columns of no news."""
    return {name: np.zeros(0, kind) for name, kind in _TYPES.items()}
