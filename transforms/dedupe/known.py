"""What is known of rows and families, for as long as they are seen: arrays on disk, a small overlay for news.

A row costs 22 bytes (id, day last seen, 32 bits that name its family), a family 33 (id, hash of the last kept text,
time of first publication, killed or not), a family that only ever repeated another 32 more. So 55 bytes a story.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.lake.seen import FOREVER, Buffer, Columns, find, read_segment, split_ids

Key = tuple[int, int]
DAY = 86_400_000_000
"""Microseconds."""

NO_TIME = -(1 << 63)
_ROW = ("row_hi", "row_lo", "row_day", "row_family")
_FAMILY = ("fam_hi", "fam_lo", "fam_text", "fam_first", "fam_flags")
_HOME = ("home_hi", "home_lo", "home_to_hi", "home_to_lo")
_TYPES = dict(
    zip(
        (*_ROW, *_FAMILY, *_HOME),
        ("<u8", "<u8", "<u2", "<u4", "<u8", "<u8", "<u8", "<i8", "<u1", "<u8", "<u8", "<u8", "<u8"),
        strict=True,
    )
)


@dataclass(slots=True)
class Family:
    """What is remembered of a family.

    Attributes:
        text: hash of its last kept text; 0: nothing of it is in force (held since, or killed).
        first: earliest publication time known, or None.
        killed: for ever.
        home: the family that this one repeats, or None.
    """

    text: int = 0
    first: int | None = None
    killed: bool = False
    home: Key | None = None


class Known:
    """Rows and families in segments, oldest first, and what came since."""

    def __init__(self, segments: Sequence[Buffer]) -> None:
        """Open segments; nothing is copied."""
        self._parts: list[Columns] = [columns for segment in segments if "row_hi" in (columns := read_segment(segment))]
        self.rows: dict[Key, tuple[int, int]] = {}
        self.families: dict[Key, Family] = {}
        self._cache: dict[Key, Family | None] = {}

    def row_days(self, ids: npt.NDArray[np.bytes_]) -> tuple[list[Key], list[int], list[int]]:
        """Keys, day last seen (-1: unknown) and family bits of rows, by the segments alone."""
        high, low = split_ids(ids)
        days = np.full(len(high), -1, np.int64)
        bits = np.zeros(len(high), np.int64)
        for part in self._parts:
            at = find((part["row_hi"], part["row_lo"]), high, low)  # type: ignore[arg-type]
            hit = at >= 0
            days[hit] = np.maximum(days[hit], part["row_day"][at[hit]])
            bits[hit] = part["row_family"][at[hit]]
        return list(zip(high.tolist(), low.tolist(), strict=True)), days.tolist(), bits.tolist()

    def prefetch(self, keys: Sequence[Key]) -> None:
        """Look families up in the segments all at once; ``family`` then answers from memory."""
        fresh = [key for key in dict.fromkeys(keys) if key not in self.families]
        self._cache = dict.fromkeys(fresh)
        high = np.array([key[0] for key in fresh], np.uint64)
        low = np.array([key[1] for key in fresh], np.uint64)
        for part in self._parts:
            at = find((part["fam_hi"], part["fam_lo"]), high, low)  # type: ignore[arg-type]
            for place in np.flatnonzero(at >= 0).tolist():
                row = at[place]
                first = int(part["fam_first"][row])
                family = Family(int(part["fam_text"][row]), None if first == NO_TIME else first)
                family.killed = bool(part["fam_flags"][row])
                self._cache[fresh[place]] = family
            at = find((part["home_hi"], part["home_lo"]), high, low)  # type: ignore[arg-type]
            for place in np.flatnonzero(at >= 0).tolist():
                found = self._cache[fresh[place]]
                if found is not None:
                    found.home = (int(part["home_to_hi"][at[place]]), int(part["home_to_lo"][at[place]]))

    def family(self, key: Key) -> Family | None:
        """What is known of a family; change it through ``edit``."""
        found = self.families.get(key)
        if found is not None:
            return found
        if key not in self._cache:
            cache = self._cache
            self.prefetch([key])
            cache |= self._cache
            self._cache = cache
        return self._cache[key]

    def edit(self, key: Key) -> Family:
        """The family's record in the overlay, made if need be."""
        found = self.families.get(key)
        if found is None:
            found = self.families[key] = self.family(key) or Family()
        return found

    def news(self) -> Columns:
        """The overlay as sorted columns; empty when there is none. ``settle`` makes them part of the segments."""
        return _columns(self.rows, self.families) if self.rows or self.families else {}

    def settle(self, columns: Columns) -> None:
        """Take columns that were written as a segment in, and empty the overlay."""
        self._parts.append(columns)
        self.rows, self.families, self._cache = {}, {}, {}

    def merged(self, oldest_day: int) -> Columns:
        """All segments and the overlay as one, without rows last seen before a day, and families without rows.

        Args:
            oldest_day: days since 1970 UTC; rows seen on it stay.
        """
        parts = [*self._parts, self.news() or _columns({}, {})]
        rows = _newest([part for part in parts if len(part["row_hi"])], _ROW)
        keep = rows["row_day"].astype(np.int64) >= oldest_day
        rows = {name: column[keep] for name, column in rows.items()}
        families = _newest(parts, _FAMILY)
        alive = np.isin((families["fam_hi"].astype(np.uint64) >> np.uint64(32)).astype(np.uint32), rows["row_family"])
        alive |= families["fam_flags"].astype(np.int64) > 0
        families = {name: column[alive] for name, column in families.items()}
        homes = _newest(parts, _HOME)
        at = find((families["fam_hi"], families["fam_lo"]), homes["home_hi"], homes["home_lo"])  # type: ignore[arg-type]
        return rows | families | {name: column[at >= 0] for name, column in homes.items()}

    def replace(self, columns: Columns) -> None:
        """Stand on one merged segment from now on."""
        self._parts = [columns]
        self.rows, self.families, self._cache = {}, {}, {}


def _columns(rows: dict[Key, tuple[int, int]], families: dict[Key, Family]) -> Columns:
    row_list = sorted((*key, *value) for key, value in rows.items())
    fam_list = sorted(
        (*key, f.text, NO_TIME if f.first is None else f.first, int(f.killed)) for key, f in families.items()
    )
    home_list = sorted((*key, *f.home) for key, f in families.items() if f.home is not None)
    out: Columns = {}
    for names, values in ((_ROW, row_list), (_FAMILY, fam_list), (_HOME, home_list)):
        for place, name in enumerate(names):
            out[name] = np.array([value[place] for value in values], _TYPES[name])
    return out


def _newest(parts: Sequence[Columns], names: tuple[str, ...]) -> Columns:
    """Columns of all parts sorted by their first two; of equal keys the one of the latest part."""
    joined = {name: np.concatenate([np.zeros(0, _TYPES[name]), *(part[name] for part in parts)]) for name in names}
    age = np.concatenate([np.zeros(0, np.int64), *(np.full(len(p[names[0]]), n) for n, p in enumerate(parts))])
    order = np.lexsort((age, joined[names[1]], joined[names[0]]))
    high, low = joined[names[0]][order], joined[names[1]][order]
    last = np.ones(len(order), np.bool_)
    if len(order):
        last[:-1] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    return {name: column[order][last] for name, column in joined.items()}


def day_of(moment: int) -> int:
    """Days since 1970 UTC, within what a record can hold."""
    return max(0, min(moment // DAY, FOREVER - 1))


def no_news() -> Columns:
    """The columns of an empty overlay."""
    return _columns({}, {})
