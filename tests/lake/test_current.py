"""What is current: the Arrow answer, the pure rules and the DuckDB query agree, for every order of arrival."""

import datetime as dt
import itertools
import json

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.document import RawDocument, Source
from schemas.service_number import service_numbers
from schemas.story import KILL_SIGNALS
from schemas.tables import HELD, STORIES
from transforms.dedupe.versions import VersionKey, current_indices, version_time
from transforms.lake.current import KEYS, NAMES, current, current_pandas, current_query
from transforms.lake.current import current_indices as lake_indices
from transforms.lake.lake import open_lake
from transforms.parse.registry import parse_document

NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


def row(number: int, family: str = "a", **values):
    base = {
        "story_id": family,
        "row_id": f"r{number:03d}",
        "guid": f"guid-{family}",
        "provider": "wire.example",
        "status": "usable",
        "signals": [],
        "supersedes": [],
        "fetched_at": NOON + dt.timedelta(minutes=number),
        "headline": f"Ferry talks, take {number}",
    }
    return base | values


def hours(number: int) -> dt.datetime:
    return NOON + dt.timedelta(hours=number)


def table(rows, columns=KEYS) -> pa.Table:
    schema = pa.schema([STORIES.field(name) for name in columns])
    return pa.Table.from_pylist([{name: one.get(name) for name in columns} for one in rows], schema)


def micros(moment) -> int | None:
    return None if moment is None else (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def by_rules(rows, held) -> list[str]:
    keys = [
        VersionKey(
            story_id=one["story_id"],
            guid=one.get("guid"),
            provider=one["provider"],
            version=one.get("version"),
            version_time=version_time(
                micros(one.get("version_created")), micros(one.get("updated")), micros(one.get("published"))
            ),
            status=one["status"],
            kill=bool(KILL_SIGNALS & set(one["signals"])),
            kill_target=one.get("kill_target"),
            arrival=(micros(one["fetched_at"]), f"{one.get('feed_url') or ''}\0{one['row_id']}", 0),
            supersedes=tuple(one["supersedes"]),
            embargo_unreadable=is_held,
            slug=one.get("slug"),
            numbers=service_numbers(dict(one.get("wire_header") or {})),
        )
        for one, is_held in zip(rows, held, strict=True)
    ]
    return [rows[index]["row_id"] for index in current_indices(keys, now=0)]


def by_lake(rows, held) -> list[str]:
    return [rows[index]["row_id"] for index in lake_indices(*_asked(rows, held)).tolist()]


def _asked(rows, held):
    return table(rows), np.array(held, dtype=bool), lambda: table(rows, NAMES)


FAMILIES = st.sampled_from(["a", "b", "c"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"family": FAMILIES},
        optional={
            "version": st.sampled_from(["0", "1", "2", "10", "1.9", "1.10", "2b", "007", "v3", "20240501T12", ""]),
            "version_created": st.integers(0, 3).map(hours),
            "updated": st.integers(0, 3).map(hours),
            "published": st.integers(0, 3).map(hours),
            "status": st.sampled_from(["usable", "usable", "usable", "withheld", "canceled"]),
            "signals": st.sampled_from([[], ["update"], ["correction", "kill"], ["withdrawn"]]),
            "kill_target": st.sampled_from([None, None, "", "guid-a", "guid-x", "dpa 157", "157", "BC-US--Pier"]),
            "slug": st.sampled_from([None, "BC-US--Pier", "US--Pier", "BC-US--Pier, 1st Ld", "BC-US--Ferry"]),
            "wire_header": st.sampled_from(
                [
                    None,
                    {"item_number": "dpa 157"},
                    {"item_number": "dpa 0157", "service": "bdt", "sequence": "0534"},
                    {"service": "dpa", "sequence": "00157"},
                    {"service_level": "a", "sequence": "157"},
                    {"service": "two words", "sequence": "9"},
                ]
            ),
            "supersedes": st.lists(
                st.sampled_from(["guid-a", "guid-b", "guid-c", "slug:US--Pier", "slug:BC-US--Ferry, 2nd Ld"]),
                max_size=2,
            ),
            "guid": st.sampled_from([None, "guid-a", "guid-b"]),
            "feed_url": st.sampled_from([None, "https://a.example/rss"]),
            "fetched_at": st.integers(0, 2).map(hours),
            "provider": st.sampled_from(["wire.example", "other.example"]),
        },
    ),
    max_size=9,
).map(lambda found: [row(number, **one) for number, one in enumerate(found)])


@settings(max_examples=400, deadline=None)
@given(rows=ROWS, data=st.data())
def test_arrow_and_the_pure_rules_agree_for_every_order(rows, data):
    held = [data.draw(st.booleans()) and data.draw(st.booleans()) for _ in rows]
    expected = by_rules(rows, held)
    assert by_lake(rows, held) == expected
    order = data.draw(st.permutations(range(len(rows))))
    assert by_lake([rows[i] for i in order], [held[i] for i in order]) == expected


STORY = {
    "late first version": (
        [
            row(1, version="2", version_created=hours(2)),
            row(2, version="1", version_created=hours(1)),
        ],
        ["r001"],
    ),
    "kill before its story": (
        [row(1, signals=["kill"], version_created=hours(3)), row(2, version_created=hours(1)), row(3, "b")],
        ["r003"],
    ),
    "withdrawal": ([row(1, signals=["withdrawn"]), row(2, version_created=hours(1)), row(3, "b")], ["r003"]),
    "kill that names another id": ([row(1, "b"), row(2, "k", kill_target="guid-b"), row(3, "c")], ["r003"]),
    "kill that names the agency's number": (
        [
            row(1, "a", wire_header={"item_number": "dpa 0157"}, version_created=hours(-30)),
            row(2, "b", wire_header={"item_number": "dpa 0157"}, version_created=hours(1)),
            row(3, "k", kill_target="dpa 157", version_created=hours(4)),
            row(4, "d", wire_header={"item_number": "dpa 0157"}, version_created=hours(20)),
        ],
        ["r001", "r004"],  # yesterday's and tomorrow's message of that number live on
    ),
    "kill that names a number of its own service": (
        [
            row(1, "a", wire_header={"service": "bdt", "sequence": "0534"}, version_created=hours(1)),
            row(2, "b", wire_header={"service": "bas", "sequence": "0534"}, version_created=hours(1)),
            row(
                3,
                "k",
                kill_target="534",
                wire_header={"service": "bdt", "sequence": "0540"},
                version_created=hours(2),
            ),
        ],
        ["r002"],
    ),
    "kill of a slug": (
        [
            row(1, "a", slug="BC-US--Pier", version_created=hours(1)),
            row(2, "b", slug="US--Pier, 1st Ld-Writethru", version_created=hours(2)),
            row(3, "c", slug="BC-US--Pier", version_created=hours(-40)),
            row(4, "k", kill_target="BC-US--Pier", version_created=hours(3)),
        ],
        ["r003"],
    ),
    "kill of another provider's number": (
        [
            row(1, "a", wire_header={"item_number": "dpa 157"}),
            row(2, "k", kill_target="dpa 157", provider="other.example"),
        ],
        ["r001"],
    ),
    "two corrections": (
        [
            row(1, updated=hours(1)),
            row(2, updated=hours(2), signals=["correction"]),
            row(3, updated=hours(3), signals=["correction"]),
        ],
        ["r003"],
    ),
    "re-issue under a new id": ([row(1, "a"), row(2, "b", supersedes=["guid-a"])], ["r002"]),
    "edit without a time": ([row(1), row(2), row(3)], ["r003"]),
}


@pytest.mark.parametrize("name", STORY)
def test_the_state_of_a_family_is_equal_for_every_order(name):
    rows, expected = STORY[name]
    for order in itertools.permutations(rows):
        assert by_lake(order, [False] * len(order)) == expected


def _lake(tmp_path, bench, rows, held):
    lake = open_lake(str(tmp_path / "lake"), create=True)
    for number, (one, is_held) in enumerate(zip(rows, held, strict=True)):
        shard = lake.shard(0)
        txn = shard.begin(NOON)
        name, schema = ("held", HELD) if is_held else ("stories", STORIES)
        full = {field: one.get(field) for field in schema.names}
        full["committed_at"] = txn.committed_at
        found = pa.Table.from_pylist([full], schema)
        if not is_held:
            found = found.append_column("date", pa.array([dt.date(2024, 5, 1 + number % 3)]))
            found = found.append_column("topic", pa.array([("sport", "politics")[number % 2]]))
        bench.add(txn, name, found)
        txn.commit({f"b{number}": ()})
    return lake


def test_the_lake_answers_in_arrow_pandas_and_duckdb_alike(tmp_path, bench):
    rows = [
        row(1, "a", version="9", version_created=hours(1)),
        row(2, "a", version="10", version_created=hours(1)),
        row(3, "b", signals=["kill"]),
        row(4, "b"),
        row(5, "c", updated=hours(1)),
        row(6, "d", supersedes=["guid-c"], updated=hours(2)),
        row(7, "e", published=hours(1)),
        row(8, "e", published=hours(2), status="withheld"),
        row(9, "f", published=hours(5)),
        row(10, "g", published=hours(5), wire_header=[("service", "bdt"), ("sequence", "0534")]),
        row(11, "h", published=hours(6), kill_target="bdt534"),
    ]
    held = [False] * 7 + [True, False, False, False]
    lake = _lake(tmp_path, bench, rows, held)
    found = current(lake)
    assert found.column("row_id").to_pylist() == by_rules(rows, held) == ["r002", "r006", "r009"]
    assert found.column("topic").null_count == 0
    assert current_pandas(lake.uri)["headline"].tolist() == found.column("headline").to_pylist()
    with duckdb.connect() as base:
        query = f"SELECT row_id, headline FROM ({current_query(lake.uri)}) ORDER BY story_id"
        answer = base.execute(query).fetchall()
    assert answer == list(zip(*(found.column(name).to_pylist() for name in ("row_id", "headline")), strict=True))


@settings(max_examples=25, deadline=None)
@given(rows=ROWS.filter(bool), data=st.data())
def test_the_duckdb_query_agrees_with_the_rules(tmp_path_factory, bench, rows, data):
    held = [data.draw(st.sampled_from([False, False, False, True])) for _ in rows]
    lake = _lake(tmp_path_factory.mktemp("lake"), bench, rows, held)
    claims = {(one["story_id"], guid) for one in rows for guid in one["supersedes"]}
    if len(claims) < 3:  # circles of three are left to the Python answer
        assert by_duckdb(lake) == sorted(by_rules(rows, held))


def by_duckdb(lake) -> list[str]:
    with duckdb.connect() as base:
        return sorted(one[0] for one in base.execute(f"SELECT row_id FROM ({current_query(lake.uri)})").fetchall())


@pytest.mark.parametrize("number", range(6))
def test_every_reader_gives_one_answer_whatever_the_order(tmp_path, bench, number):
    rows, expected = [], []
    for scene, (found, wanted) in STORY.items():
        order = list(itertools.permutations(found))
        mine = json.loads(json.dumps(order[number % len(order)], default=str).replace('"guid-', f'"{scene}-guid-'))
        for one, now in zip(order[number % len(order)], mine, strict=True):
            names = {name: f"{scene}-{one[name]}" for name in ("story_id", "row_id")}
            given_names = {name: now[name] for name in ("guid", "supersedes", "kill_target") if name in now}
            rows.append(one | given_names | names)
        expected += [f"{scene}-{name}" for name in wanted]
    lake = _lake(tmp_path, bench, rows, [False] * len(rows))
    assert current(lake).column("row_id").to_pylist() == sorted(expected)
    assert current_pandas(lake.uri)["row_id"].tolist() == sorted(expected)
    assert by_duckdb(lake) == sorted(expected)


def test_the_duckdb_query_takes_date_and_topic_from_the_path_and_any_folder_name(tmp_path, bench):
    lake = _lake(tmp_path / "it's [a] held * ?", bench, [row(1), row(2, "b")], [False, False])
    with duckdb.connect() as base:
        found = base.execute(f"SELECT story_id, date, topic FROM ({current_query(lake.uri)})").fetchall()
    assert found == [("a", dt.date(2024, 5, 1), "sport"), ("b", dt.date(2024, 5, 2), "politics")]
    with duckdb.connect() as base:
        columns = [one[0] for one in base.execute(f"DESCRIBE {current_query(lake.uri)}").fetchall()]
    assert sorted(columns) == sorted(current(lake).column_names)


def test_an_empty_lake_has_no_current_rows(tmp_path):
    assert current(open_lake(str(tmp_path / "lake"), create=True)).num_rows == 0


def test_a_kill_on_the_ticker_ends_the_message_whose_number_it_names():
    def message(number: int, agency: int, keyword: str, copy: str, at: str) -> bytes:
        return f"\x01bdt{number:04} 4 pl 20 dpa {agency:04}\n\n{keyword}/\n\x02{copy}\n\x03{at} GMT Nov 24\n\x04\n".encode()

    data = (
        message(
            534, 157, "Hafen", "Kran versinkt im Hafenbecken  =\n\nPortstadt (dpa) - Ein Kran sank am Montag.", "131108"
        )
        + message(535, 158, "Wetter", "Regen am Fluss  =\n\nPortstadt (dpa) - Es regnet seit Montag.", "131109")
        + message(540, 163, "Achtung", "Achtung Redaktionen  =\n\nPlease kill item dpa 157. It is wrong.", "131137")
    )
    items = parse_document(RawDocument(Source("ticker.iptc"), "ticker.iptc", data, NOON)).items
    assert [item.kill_target for item in items] == [None, None, "dpa 157"]
    rows = [
        row(
            number,
            item.guid,
            guid=item.guid,
            slug=item.slug,
            wire_header=dict(item.wire_header),
            version_created=item.version_created,
            kill_target=item.kill_target,
            status=item.status,
        )
        for number, item in enumerate(items)
    ]
    for order in itertools.permutations(rows):
        assert by_lake(order, [False] * 3) == ["r001"]
