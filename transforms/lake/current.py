"""What is current: the latest version of every family that may be shown, equal for every order of arrival.

The rules are those of the dedupe room's ``versions``: order by version time (``version_created``, else ``updated``,
else ``published``), then version number, then fetch time; a kill or a cancellation ends its family and the one that
it names, for good, be it by id, by service number or by slug (see ``schemas.service_number``); a family whose latest
version is held (withheld, embargoed) is not current; nor is one that another states it replaces, by its id or, in
formats without ids, by its slug, unless it went on after that. Rows equal in all of this are told apart by ``row_id``.
"""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.service_number import (
    AHEAD_HOURS,
    BESIDE_SLUG_PATTERN,
    NUMBER_FIELDS,
    NUMBER_PATTERN,
    REACH_HOURS,
    REPLACES_HOURS,
    SLUG_SCHEME,
    names_a_slug,
    numbers_meant,
    service_numbers,
    slug_key,
)
from schemas.story import KILL_SIGNALS
from transforms.lake.errors import LakeDamaged
from transforms.lake.lake import Lake, open_lake
from transforms.lake.reader import READ_ATTEMPTS, Snapshot, read_entry, wanted_schema
from transforms.lake.storage import Storage

if TYPE_CHECKING:
    import pandas as pd

KEYS = (
    "story_id",
    "row_id",
    "guid",
    "provider",
    "version",
    "version_created",
    "updated",
    "published",
    "status",
    "signals",
    "kill_target",
    "supersedes",
    "fetched_at",
    "feed_url",
)

NAMES = ("slug", "wire_header")
"""Columns that are read only when a kill names a number or a slug."""

_REACH = REACH_HOURS * 3_600_000_000
_REPLACES = REPLACES_HOURS * 3_600_000_000
_AHEAD = AHEAD_HOURS * 3_600_000_000
_PART = re.compile(r"[0-9]+|[^0-9]+")
_UNSTATED = np.iinfo(np.int64).min


def current(lake: str | Lake) -> pa.Table:
    """The current row of every family, ordered by ``story_id``, with all columns of ``stories``.

    Args:
        lake: its address, or open.

    Raises:
        LakeError: there is no such lake, or a live file is gone.
    """
    opened = open_lake(lake) if isinstance(lake, str) else lake
    for attempt in range(READ_ATTEMPTS):
        snapshot = opened.snapshot()
        try:
            return _current(opened.storage, snapshot)
        except LakeDamaged:
            if attempt == READ_ATTEMPTS - 1 or opened.snapshot().sequences == snapshot.sequences:
                raise
    raise AssertionError("unreachable")


def current_pandas(lake: str | Lake) -> "pd.DataFrame":
    """``current`` as a pandas data frame."""
    frame: pd.DataFrame = current(lake).to_pandas()
    return frame


def _current(storage: Storage, snapshot: Snapshot) -> pa.Table:
    stories, held = snapshot.files("stories"), snapshot.files("held")
    parts = [read_entry(storage, entry, columns=KEYS) for entry in (*stories, *held)]
    if not parts:
        return wanted_schema("stories", None).empty_table()
    starts = np.cumsum([0, *(part.num_rows for part in parts)])
    is_held = np.zeros(starts[-1], dtype=bool)
    is_held[starts[len(stories)] :] = True
    # Tables of one name differ in metadata only.
    keys = pa.concat_tables([part.replace_schema_metadata(None) for part in parts])

    def names() -> pa.Table:
        found = (read_entry(storage, entry, columns=NAMES) for entry in (*stories, *held))
        return pa.concat_tables([part.replace_schema_metadata(None) for part in found])

    chosen = current_indices(keys, is_held, names)
    order = np.argsort(chosen, kind="stable")
    sorted_rows = chosen[order]
    found = []
    for number, entry in enumerate(stories):
        inside = sorted_rows[(sorted_rows >= starts[number]) & (sorted_rows < starts[number + 1])]
        if inside.size:
            found.append(read_entry(storage, entry).take(pa.array(inside - starts[number])))
    if not found:
        return wanted_schema("stories", None).empty_table()
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return pa.concat_tables(found).take(pa.array(rank))


def current_indices(keys: pa.Table, is_held: np.ndarray, names: Callable[[], pa.Table]) -> np.ndarray:
    """Which rows are current, in order of ``story_id``.

    Args:
        keys: the columns ``KEYS`` of all rows of ``stories`` and ``held``, in any order.
        is_held: whether each row lies in ``held``.
        names: gives the columns ``NAMES`` of the same rows; asked only when a kill needs them.
    """
    count = keys.num_rows
    if not count:
        return np.zeros(0, dtype=np.int64)
    family = _ranks(keys.column("story_id"))
    time = _version_times(keys)
    version = _version_ranks(keys.column("version"))
    order = np.lexsort(
        (
            _ranks(keys.column("row_id")),
            _ranks(keys.column("feed_url")),
            _micros(keys.column("fetched_at")),
            version,
            time,
            family,
        )
    )
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    last = np.flatnonzero(np.append(family[order][1:] != family[order][:-1], True))
    latest = order[last]  # by family: families are numbered in order of story_id
    target = pc.fill_null(keys.column("kill_target"), "")
    is_kill = (
        _list_has(keys.column("signals"), KILL_SIGNALS)
        | _bools(pc.equal(keys.column("status"), "canceled"))
        | _bools(pc.not_equal(target, ""))
    )
    shown = np.ones(latest.size, dtype=bool)
    shown[family[is_kill]] = False
    shown &= ~is_held[latest] & ~_bools(pc.equal(keys.column("status"), "withheld"))[latest]
    claimants = np.flatnonzero(_bools(pc.greater(pc.list_value_length(keys.column("supersedes")), 0)))
    killers = np.flatnonzero(_bools(pc.not_equal(target, "")))
    if claimants.size or killers.size:
        named = _named(keys, family, [*_texts(keys, "kill_target", killers), *_lists(keys, claimants)])
        providers = keys.column("provider")
        for row, guid in zip(killers.tolist(), _texts(keys, "kill_target", killers), strict=True):
            shown[list(named.get((providers[row].as_py(), guid), ()))] = False
        shown[list(_meant(keys, family, killers, names))] = False
        claims = set()
        by_slug = _of_slugs(keys, family, claimants, names)
        for row in claimants.tolist():
            for guid in keys.column("supersedes")[row].as_py():
                for other in named.get((providers[row].as_py(), guid), set()) | by_slug.get((row, guid), set()):
                    went_on, said = time[latest[other]], time[row]
                    late = _UNSTATED not in (went_on, said) and went_on > said
                    if other != family[row] and not late:
                        claims.add((other, int(family[row])))
        shown[_replaced(claims, [(int(time[row]), int(version[row])) for row in latest.tolist()])] = False
    return latest[shown]


def _replaced(claims: set[tuple[int, int]], ages: list[tuple[int, int]]) -> list[int]:
    """Families that another replaces; of families that replace each other in a circle the newest stays."""

    def age(family: int) -> tuple[int, int, int]:
        return (*ages[family], family)

    heirs: dict[int, int] = {}
    for family, heir in sorted(claims, key=lambda claim: (age(claim[0]), age(claim[1]))):
        last: int | None = heir
        while last is not None and last != family:
            last = heirs.get(last)
        if last is None:
            heirs.setdefault(family, heir)
    return list(heirs)


def _named(keys: pa.Table, family: np.ndarray, guids: Iterable[str]) -> dict[tuple[str, str], set[int]]:
    """(provider, guid) to families, for the guids asked for."""
    wanted = pa.array(sorted(set(guids)), pa.string())
    rows = np.flatnonzero(_bools(pc.is_in(keys.column("guid"), wanted)))
    named: dict[tuple[str, str], set[int]] = {}
    texts = zip(_texts(keys, "provider", rows), _texts(keys, "guid", rows), family[rows].tolist(), strict=True)
    for provider, guid, number in texts:
        named.setdefault((provider, guid), set()).add(number)
    return named


def _meant(keys: pa.Table, family: np.ndarray, killers: np.ndarray, names: Callable[[], pa.Table]) -> set[int]:
    """Families that kills mean by a service number or by a slug, within reach before them."""
    targets = _texts(keys, "kill_target", killers)
    if not any(names_a_slug(text) or text.isdigit() or numbers_meant(text, ()) for text in targets):
        return set()
    known = names()
    moment = _micros(pc.coalesce(*(keys.column(name) for name in ("version_created", "updated", "published"))))
    fetched = _micros(keys.column("fetched_at"))
    stated = moment != _UNSTATED
    moment = np.where(stated, moment, fetched)
    provider = keys.column("provider").combine_chunks()
    slug = pc.replace_substring_regex(known.column("slug").combine_chunks(), BESIDE_SLUG_PATTERN, "")
    numbers = [_numbers(known, fields) for fields in NUMBER_FIELDS]
    meant: set[int] = set()
    for kill, target in zip(killers.tolist(), targets, strict=True):
        sent = (moment >= moment[kill] - _REACH) & (moment <= moment[kill])
        around = (fetched >= fetched[kill] - _REACH) & (fetched <= fetched[kill] + _AHEAD)
        near = np.where(stated & stated[kill], sent, around)
        near &= _bools(pc.equal(provider, provider[kill]))
        if names_a_slug(target):
            meant.update(family[near & _bools(pc.equal(slug, slug_key(target)))].tolist())
        own = service_numbers(dict(known.column("wire_header")[kill].as_py() or ()))
        for number in numbers_meant(target, own):
            carries = near & np.logical_or.reduce([_bools(pc.equal(column, number)) for column in numbers])
            if carries.any():
                meant.update(family[carries & (moment == moment[carries].max())].tolist())
    return meant


def _of_slugs(
    keys: pa.Table, family: np.ndarray, claimants: np.ndarray, names: Callable[[], pa.Table]
) -> dict[tuple[int, str], set[int]]:
    """(row, ``slug:…``) to the families that the row replaces by their slug, within reach before it."""
    supersedes = keys.column("supersedes")
    asked = [
        (row, target)
        for row in claimants.tolist()
        for target in supersedes[row].as_py()
        if target.startswith(SLUG_SCHEME)
    ]
    if not asked:
        return {}
    time, provider = _version_times(keys), keys.column("provider").combine_chunks()
    slug = pc.replace_substring_regex(names().column("slug").combine_chunks(), BESIDE_SLUG_PATTERN, "")
    found = {}
    for row, target in asked:
        if time[row] == _UNSTATED:
            continue
        before = (time != _UNSTATED) & (time >= time[row] - _REPLACES) & (time < time[row])
        same = _bools(pc.equal(slug, slug_key(target.removeprefix(SLUG_SCHEME))))
        found[row, target] = set(family[before & same & _bools(pc.equal(provider, provider[row]))].tolist())
    return found


def _numbers(known: pa.Table, fields: tuple[str, ...]) -> pa.Array:
    """The number that some fields of ``wire_header`` make, as ``service_number`` spells it; other text stays text."""
    header = known.column("wire_header").combine_chunks()
    parts = [pc.fill_null(pc.map_lookup(header, name, "first"), "") for name in fields]
    text = pc.utf8_lower(pc.replace_substring(pc.binary_join_element_wise(*parts, ""), " ", ""))
    return pc.replace_substring_regex(text, NUMBER_PATTERN, r"\1\2")


def _texts(keys: pa.Table, name: str, rows: np.ndarray) -> list[str]:
    values: list[str] = keys.column(name).take(pa.array(rows)).to_pylist()
    return values


def _lists(keys: pa.Table, rows: np.ndarray) -> list[str]:
    values: list[str] = pc.list_flatten(keys.column("supersedes").take(pa.array(rows))).to_pylist()
    return values


def _bools(values: pa.ChunkedArray | pa.Array) -> np.ndarray:
    filled = pc.fill_null(values, False)
    whole = filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled
    return np.asarray(whole.to_numpy(zero_copy_only=False), dtype=bool)


def _list_has(column: pa.ChunkedArray, words: frozenset[str]) -> np.ndarray:
    has = np.zeros(len(column), dtype=bool)
    values = pc.is_in(pc.list_flatten(column), pa.array(sorted(words)))
    parents = pc.list_parent_indices(column).combine_chunks().to_numpy(zero_copy_only=False)
    if len(parents):
        lengths = [len(chunk) for chunk in column.chunks]
        if len(lengths) > 1:  # parents are counted within each chunk
            return np.concatenate([_list_has(pa.chunked_array([chunk]), words) for chunk in column.chunks])
        has[parents[_bools(pa.chunked_array([values]) if isinstance(values, pa.Array) else values)]] = True
    return has


def _micros(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.fill_null(pc.cast(column, pa.int64()), _UNSTATED).combine_chunks().to_numpy())


def _version_times(keys: pa.Table) -> np.ndarray:
    return _micros(pc.coalesce(keys.column("version_created"), keys.column("updated"), keys.column("published")))


def _ranks(column: pa.ChunkedArray) -> np.ndarray:
    """Places of texts in their order, null as the empty text."""
    encoded = pc.fill_null(column, "").combine_chunks().dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(order.size, dtype=np.int64)
    rank[order] = np.arange(order.size)
    return np.asarray(rank[encoded.indices.to_numpy()])


def _version_ranks(column: pa.ChunkedArray) -> np.ndarray:
    """Places of version names: numbers by value, other text by its characters, none before any."""
    encoded = pc.fill_null(column, "").combine_chunks().dictionary_encode()
    keys = [_version_key(text) for text in encoded.dictionary.to_pylist()]
    places = {key: number for number, key in enumerate(sorted(set(keys)))}
    ranks: np.ndarray = np.array([places[key] for key in keys], dtype=np.int64)[encoded.indices.to_numpy()]
    return ranks


def _version_key(text: str) -> tuple[tuple[int, int, str], ...]:
    parts = _PART.findall(text[:200].strip().casefold())  # versions' limit: what is longer is no version
    return tuple((1, int(part), "") if "0" <= part[0] <= "9" else (0, 0, part) for part in parts)


CURRENT_SQL = """WITH every AS (
  FROM (SELECT NULL::DATE AS date, NULL::VARCHAR AS topic, NULL::VARCHAR AS held_reason, NULL::TIMESTAMPTZ AS held_at,
    NULL::TIMESTAMPTZ AS release_at) WHERE false
  UNION ALL BY NAME
  FROM read_parquet('LAKE/[sh][te][ol][rd]*/**/*.parquet', union_by_name = true, hive_partitioning = false,
    filename = true)),
kept AS (
  SELECT * REPLACE (
      coalesce(date, regexp_extract(filename, 'date=([0-9-]+)/topic=[a-z-]+/[^/]+$', 1)::DATE) AS date,
      coalesce(topic, regexp_extract(filename, '/topic=([a-z-]+)/[^/]+$', 1)) AS topic),
    regexp_matches(filename, '/held/[^/]+$') AS is_held, coalesce(version_created, updated, published) AS version_time,
    epoch_us(coalesce(version_created, updated, published, fetched_at)) AS moment,
    list_filter(list_transform([wire_header['item_number'], concat(wire_header['service'], wire_header['sequence']),
        concat(wire_header['service_level'], wire_header['sequence'])],
      lambda text: regexp_replace(lower(replace(text, ' ', '')), '^([a-z]{1,8})0*([0-9]{1,8})$', '\\1\\2')),
      lambda number: regexp_full_match(number, '[a-z]{1,8}[0-9]{1,8}')) AS numbers,
    coalesce(list_has_any(signals, ['kill', 'deleted-entry', 'withdrawn', 'withdrawal']), false)
      OR status = 'canceled' OR coalesce(kill_target, '') <> '' AS is_kill,
    list_transform(regexp_extract_all(lower(trim(coalesce(version, '')[:200])), '[0-9]+|[^0-9]+'),
      lambda part: CASE WHEN part[1] BETWEEN '0' AND '9' THEN '1' || lpad(part, 200, '0')
        ELSE '0' || part END) AS version_rank
  FROM every),
latest AS (
  SELECT * FROM kept QUALIFY row_number() OVER (PARTITION BY story_id ORDER BY version_time DESC NULLS LAST,
    version_rank DESC, fetched_at DESC, coalesce(feed_url, '') DESC, row_id DESC) = 1),
killed AS (
  SELECT story_id FROM kept WHERE is_kill
  UNION SELECT other.story_id FROM kept JOIN kept AS other
    ON other.provider = kept.provider AND other.guid = kept.kill_target),
near AS (
  SELECT kill.row_id AS kill, kill.kill_target AS target, kill.numbers AS own, other.*
  FROM kept AS kill JOIN kept AS other ON other.provider = kill.provider
    AND CASE WHEN (kill.version_time IS NULL) OR (other.version_time IS NULL)
      THEN epoch_us(other.fetched_at) BETWEEN epoch_us(kill.fetched_at) - 36 * 3600000000
        AND epoch_us(kill.fetched_at) + 6 * 3600000000
      ELSE other.moment BETWEEN kill.moment - 36 * 3600000000 AND kill.moment END
  WHERE coalesce(kill.kill_target, '') <> ''),
numbered AS (
  SELECT kill, story_id, moment, numbers, unnest(list_transform(
    CASE WHEN regexp_full_match(target, '[0-9]+')
      THEN list_transform(own, lambda number: rtrim(number, '0123456789') || target) ELSE [target] END,
    lambda text: regexp_replace(lower(replace(text, ' ', '')), '^([a-z]{1,8})0*([0-9]{1,8})$', '\\1\\2'))) AS number
  FROM near),
meant AS (
  SELECT story_id FROM (
    SELECT *, regexp_replace(target, '(?s)^(?:BC|AM|PM)-|,.*$', '', 'g') AS words FROM near WHERE contains(target, '-'))
  WHERE length(words) >= 6 AND regexp_replace(slug, '(?s)^(?:BC|AM|PM)-|,.*$', '', 'g') = words
  UNION ALL SELECT story_id FROM (
    SELECT story_id FROM numbered WHERE list_contains(numbers, number)
    QUALIFY moment = max(moment) OVER (PARTITION BY kill, number))),
heirs AS (
  SELECT story_id, provider, version_time, unnest(supersedes) AS guid FROM kept),
claims AS (
  SELECT DISTINCT last.story_id AS family, heir.story_id AS heir
  FROM (
    SELECT heirs.*, named.story_id AS other
    FROM heirs JOIN kept AS named ON named.provider = heirs.provider AND named.guid = heirs.guid
    UNION ALL SELECT heirs.*, named.story_id AS other
    FROM heirs JOIN kept AS named ON named.provider = heirs.provider
      AND regexp_replace(named.slug, '(?s)^(?:BC|AM|PM)-|,.*$', '', 'g')
        = regexp_replace(heirs.guid[6:], '(?s)^(?:BC|AM|PM)-|,.*$', '', 'g')
      AND epoch_us(named.version_time) BETWEEN epoch_us(heirs.version_time) - 18 * 3600000000
        AND epoch_us(heirs.version_time) - 1
    WHERE starts_with(heirs.guid, 'slug:')) AS heir
  JOIN latest AS last ON last.story_id = heir.other AND last.story_id <> heir.story_id
  WHERE NOT coalesce(last.version_time > heir.version_time, false)),
replaced AS (
  SELECT claims.family FROM claims
  LEFT JOIN claims AS back ON back.family = claims.heir AND back.heir = claims.family
  LEFT JOIN latest AS old ON old.story_id = claims.family
  LEFT JOIN latest AS new ON new.story_id = claims.heir
  WHERE back.family IS NULL
    OR (coalesce(epoch_us(old.version_time), -9223372036854775808), old.version_rank, old.story_id)
     < (coalesce(epoch_us(new.version_time), -9223372036854775808), new.version_rank, new.story_id))
SELECT * EXCLUDE (held_reason, held_at, release_at, filename, is_held, is_kill, version_time, version_rank, moment,
    numbers) FROM latest
WHERE NOT is_held AND status <> 'withheld'
  AND story_id NOT IN (FROM killed) AND story_id NOT IN (FROM meant) AND story_id NOT IN (FROM replaced)
ORDER BY story_id"""
"""``current`` for DuckDB; see ``current_query``."""


def current_query(lake: str) -> str:
    """The DuckDB query that answers like ``current`` from the plain folders; it stands in the README.

    It reads ``stories`` and ``held`` by one pattern, because DuckDB refuses one that matches nothing. It differs from
    ``current`` only for three or more families that state they replace each other in a circle.

    Args:
        lake: the lake's folder or ``gs://`` address.
    """
    path = lake.rstrip("/").replace("'", "''")
    for letter in "[*?":  # of a pattern; the bracket first
        path = path.replace(letter, f"[{letter}]")
    return CURRENT_SQL.replace("LAKE", path)
