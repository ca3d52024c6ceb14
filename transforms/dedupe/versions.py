"""The life of a story: which version of a family counts, and whether the family may be shown at all.

Rows record what arrived and are never rewritten; what is *current* is computed from all of them, and the answer is
the same for every order of arrival. Arrival decides only between rows that state nothing to tell them apart (a feed
entry edited without a new time stamp): there the one fetched last is the newest.

The rules, and where they come from:

- Order by version time, then version number. Numbers alone are opaque (Reuters), start
  at 0 (AP) or are no numbers at all (a date, a guid suffix), so they only break ties of the time.
- A kill, and status ``canceled``, is a tombstone for its whole family and for the family it names. Nothing revives
  it: neither a late older version nor a newer one, because licensees must be able to rely on it (Reuters Handbook:
  "a kill is mandatory"). A kill that names a service number (``dpa 157``) or a slug instead of an id ends the latest
  message of that number, or every message of that slug, within ``REACH_HOURS`` before it; where one of the two
  states no time, by their arrival, the kill up to ``AHEAD_HOURS`` before its message.
- ``withheld`` and an embargo hold *all* versions (NewsML-G2, ``embargoed``: "date and time before which all versions
  of the newsItem are embargoed"), as the latest version states them; a later version without one lifts it.
- A family that another one states it replaces (``supersedes``) is no longer current, unless it went on after that. A
  writethru of a format without ids names a slug instead: the messages of that slug in the ``REPLACES_HOURS`` before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.service_number import (
    AHEAD_HOURS,
    REACH_HOURS,
    REPLACES_HOURS,
    SLUG_SCHEME,
    names_a_slug,
    numbers_meant,
    slug_key,
)

Arrival = tuple[int, str, int]
"""Fetch time in microseconds since 1970 UTC, input, position in it."""

CURRENT = "current"
KILLED = "killed"
WITHHELD = "withheld"
EMBARGOED = "embargoed"
SUPERSEDED = "superseded"

_REACH = REACH_HOURS * 3_600_000_000
_REPLACES = REPLACES_HOURS * 3_600_000_000
_AHEAD = AHEAD_HOURS * 3_600_000_000

_DIGITS = re.compile(r"([0-9]+)")
_MAX_VERSION_CHARS = 200
"""A version is a number or a time stamp; what is longer is compared by its beginning."""

_VersionRank = tuple[tuple[int, int, str], ...]
_Order = tuple[bool, int, _VersionRank, Arrival]


@dataclass(frozen=True, slots=True)
class VersionKey:
    """What the rules need to know of one row.

    Attributes:
        story_id: the family.
        guid: the family id as the document gives it; what a kill or a replacement names.
        provider: ids are unique within a provider only.
        version: as given, or None.
        version_time: when this version was made (``version_created``, else ``updated``, else ``published``; see
            ``version_time``), microseconds since 1970 UTC, or None.
        status: usable, withheld or canceled.
        kill: the row carries a signal of ``schemas.story.KILL_SIGNALS``.
        kill_target: id of another family that this row cancels, or None.
        arrival: fetch time, input, position.
        supersedes: ids that the document states it replaces, or ``slug:`` and a slug.
        embargo_until: not before, microseconds since 1970 UTC, or None.
        embargo_unreadable: an embargo stands in the document and could not be read.
        slug: the slugline as printed, or None.
        numbers: see ``service_numbers``.
    """

    story_id: str
    guid: str | None
    provider: str
    version: str | None
    version_time: int | None
    status: str
    kill: bool
    kill_target: str | None
    arrival: Arrival
    supersedes: tuple[str, ...] = ()
    embargo_until: int | None = None
    embargo_unreadable: bool = False
    slug: str | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FamilyState:
    """What became of a family.

    Attributes:
        story_id: the family.
        state: current, killed, withheld, embargoed or superseded.
        index: place of its latest version among the rows given; of the latest kill for a killed family that has one.
    """

    story_id: str
    state: str
    index: int


def version_time(version_created: int | None, updated: int | None, published: int | None) -> int | None:
    """The moment that orders a row among its family's versions: the first of the three that is stated."""
    if version_created is not None:
        return version_created
    return updated if updated is not None else published


def version_rank(version: str | None) -> _VersionRank:
    """A sort key for version names: numbers by value, other text by its characters, none before any.

    >>> sorted(["10", "9", "2b", "2a", "1.10", "1.9"], key=version_rank)
    ['1.9', '1.10', '2a', '2b', '9', '10']
    """
    if not version:
        return ()
    parts = _DIGITS.split(version[:_MAX_VERSION_CHARS].strip().casefold())
    return tuple((1, int(part), "") if place % 2 else (0, 0, part) for place, part in enumerate(parts) if part)


def order_key(row: VersionKey) -> _Order:
    """A total order of a family's rows: version time, version number, and arrival where both are equal.

    Rows without a time stand before those with one: a family that states times states them in its later versions.
    """
    stated = row.version_time is not None
    return (stated, row.version_time or 0, version_rank(row.version), row.arrival)


def is_kill(row: VersionKey) -> bool:
    """Whether the row is a tombstone: a kill, a cancellation, or a message that cancels another id."""
    return row.kill or row.status == "canceled" or bool(row.kill_target)


def family_states(rows: Sequence[VersionKey], now: int | None = None) -> tuple[FamilyState, ...]:
    """What became of every family, from all rows of it that the lake holds (stories and, where wanted, held).

    Args:
        rows: in any order; the answer does not depend on it.
        now: microseconds since 1970 UTC; embargoes later than this hold their family. None: embargoes are not
            looked at, which is right for rows of ``stories`` (they were released).

    Returns:
        One state per family, sorted by ``story_id``.
    """
    orders = [order_key(row) for row in rows]
    latest: dict[str, int] = {}
    tombstone: dict[str, int] = {}
    named: dict[tuple[str, str], set[str]] = {}
    for index, row in enumerate(rows):
        best = latest.get(row.story_id)
        if best is None or orders[index] > orders[best]:
            latest[row.story_id] = index
        if row.guid:
            named.setdefault((row.provider, row.guid), set()).add(row.story_id)
        if is_kill(row):
            last = tombstone.get(row.story_id)
            if last is None or orders[index] > orders[last]:
                tombstone[row.story_id] = index
    killed = set(tombstone)
    for row in rows:
        if row.kill_target:
            killed |= named.get((row.provider, row.kill_target), set())
            killed |= _meant(row, row.kill_target, rows)
    superseded = _superseded(rows, latest, named, orders)
    states = []
    for family, index in sorted(latest.items()):
        if family in killed:
            states.append(FamilyState(family, KILLED, tombstone.get(family, index)))
        else:
            states.append(FamilyState(family, _state(rows[index], family in superseded, now), index))
    return tuple(states)


def _meant(kill: VersionKey, target: str, rows: Sequence[VersionKey]) -> set[str]:
    """Families that a kill means by a service number or a slug."""
    near = [row for row in rows if row.provider == kill.provider and _is_near(row, kill)]
    found = {row.story_id for row in near if names_a_slug(target) and slug_key(row.slug) == slug_key(target)}
    for number in numbers_meant(target, kill.numbers):
        numbered = [row for row in near if number in row.numbers]
        last = max(map(_moment, numbered), default=None)
        found |= {row.story_id for row in numbered if _moment(row) == last}
    return found


def _is_near(row: VersionKey, kill: VersionKey) -> bool:
    """Whether a kill that names no id can mean a row: sent before it, or fetched around it where times are missing."""
    if row.version_time is not None and kill.version_time is not None:
        return kill.version_time - _REACH <= row.version_time <= kill.version_time
    return kill.arrival[0] - _REACH <= row.arrival[0] <= kill.arrival[0] + _AHEAD


def _moment(row: VersionKey) -> int:
    return row.arrival[0] if row.version_time is None else row.version_time


def current_indices(rows: Sequence[VersionKey], now: int | None = None) -> tuple[int, ...]:
    """Places of the rows that are current: the latest version of every family that may be shown.

    Args:
        rows: all rows, in any order.
        now: as in ``family_states``.

    Returns:
        Indices into ``rows``, ordered by ``story_id``.
    """
    return tuple(state.index for state in family_states(rows, now) if state.state == CURRENT)


def current_rows(rows: Sequence[VersionKey], now: int | None = None) -> tuple[VersionKey, ...]:
    """The rows that are current, ordered by ``story_id``; see ``current_indices``.

    Killed, withheld, embargoed and superseded families have none. Equal for every order of ``rows``.
    """
    return tuple(rows[index] for index in current_indices(rows, now))


def _state(row: VersionKey, superseded: bool, now: int | None) -> str:
    if row.status == "withheld":
        return WITHHELD
    if now is not None and (row.embargo_unreadable or (row.embargo_until is not None and row.embargo_until > now)):
        return EMBARGOED
    return SUPERSEDED if superseded else CURRENT


def _of_slug(heir: VersionKey, target: str, rows: Sequence[VersionKey]) -> set[str]:
    """Families that a writethru replaces by their slug; only rows that state their time can be told to come before."""
    if not target.startswith(SLUG_SCHEME) or heir.version_time is None:
        return set()
    slug, begin = slug_key(target.removeprefix(SLUG_SCHEME)), heir.version_time - _REPLACES
    return {
        row.story_id
        for row in rows
        if slug
        and row.provider == heir.provider
        and row.version_time is not None
        and begin <= row.version_time < heir.version_time
        and slug_key(row.slug) == slug
    }


def _superseded(
    rows: Sequence[VersionKey],
    latest: dict[str, int],
    named: dict[tuple[str, str], set[str]],
    orders: Sequence[_Order],
) -> set[str]:
    """Families that another one replaces by its own words; of families that replace each other the newest stays."""
    claims: set[tuple[str, str]] = set()
    for row in rows:
        for guid in row.supersedes:
            for family in named.get((row.provider, guid), set()) | _of_slug(row, guid, rows):
                went_on = rows[latest[family]].version_time
                late = went_on is not None and row.version_time is not None and went_on > row.version_time
                if family != row.story_id and not late:
                    claims.add((family, row.story_id))

    def age(family: str) -> tuple[bool, int, _VersionRank, str]:
        return (*orders[latest[family]][:3], family)

    replaced_by: dict[str, str] = {}
    for family, heir in sorted(claims, key=lambda claim: (age(claim[0]), age(claim[1]))):
        last: str | None = heir
        while last is not None and last != family:
            last = replaced_by.get(last)
        if last is None:
            replaced_by.setdefault(family, heir)
    return set(replaced_by)
