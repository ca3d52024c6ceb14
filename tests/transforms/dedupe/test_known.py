import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedupe.entries import NO_TIME
from transforms.dedupe.known import HOMED, KILLED, Known, no_news, sort_rows
from transforms.lake.seen import FOREVER, write_segment


def columns(rows: dict[int, int], families: dict[int, tuple[int, int]]) -> dict[str, np.ndarray]:
    """Rows by id to (day), families by id to (flags, text); every row belongs to the family of the same number."""
    ids, fams = np.array(list(rows), np.uint64) << np.uint64(32), np.array(list(families), np.uint64) << np.uint64(32)
    homed = [fam for fam, (flags, _) in families.items() if flags & HOMED]
    homes = np.array(homed, np.uint64) << np.uint64(32)
    return sort_rows(
        {
            "row_hi": ids,
            "row_lo": ids,
            "row_day": np.array(list(rows.values()), np.uint16),
            "row_family": (ids >> np.uint64(32)).astype(np.uint32),
            "fam_hi": fams,
            "fam_lo": fams,
            "fam_text": np.array([text for _, text in families.values()], np.uint64),
            "fam_first": np.full(len(fams), NO_TIME, np.int64),
            "fam_flags": np.array([flags for flags, _ in families.values()], np.uint8),
            "home_hi": homes,
            "home_lo": homes,
            "home_to_hi": homes + np.uint64(1),
            "home_to_lo": homes,
        }
    )


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.uint64) << np.uint64(32)


def test_the_latest_word_on_a_family_and_the_last_sight_of_a_row_count() -> None:
    known = Known([write_segment(columns({1: 5, 2: 9}, {1: (HOMED, 7)}))])
    known.add(columns({1: 8}, {1: (0, 3), 2: (HOMED, 4)}))
    assert known.rows(ids(3, 2, 1), ids(3, 2, 1))[0].tolist() == [-1, 9, 8]
    found = known.families(ids(3, 2, 1), ids(3, 2, 1))
    assert found.known.tolist() == [False, True, True]
    assert found.text.tolist() == [0, 4, 3]
    assert found.flags.tolist() == [0, HOMED, 0]
    assert found.home_hi.tolist()[1] == int(ids(2)[0]) + 1


def test_merging_forgets_old_rows_and_their_families_but_no_kill() -> None:
    known = Known([])
    known.add(columns({1: 5, 2: 9, 3: FOREVER}, {1: (0, 1), 2: (0, 2), 3: (KILLED, 0), 4: (KILLED, 0)}))
    merged = known.merged(6)
    assert merged["row_hi"].tolist() == ids(2, 3).tolist()
    assert merged["fam_hi"].tolist() == ids(2, 3, 4).tolist()


def test_a_home_that_no_longer_holds_is_dropped() -> None:
    known = Known([write_segment(columns({1: 5}, {1: (HOMED, 7)}))])
    known.add(columns({1: 6}, {1: (0, 3)}))
    assert not len(known.merged(0)["home_hi"])


def test_many_additions_are_joined() -> None:
    known = Known([])
    for number in range(20):
        known.add(columns({number: number + 1}, {number: (0, number)}))
    assert known.rows(ids(*range(20)), ids(*range(20)))[0].tolist() == list(range(1, 21))
    assert len(known.news()["row_hi"]) == 20


@given(st.lists(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(0, 9)), max_size=4))
def test_of_equal_keys_the_latest_part_counts_also_where_first_halves_are_equal(parts) -> None:
    segments = []
    for part in parts:
        keys = sorted(part)
        halves = np.array(keys, np.uint64).reshape(-1, 2)
        values = np.array([part[key] for key in keys])
        segments.append(
            write_segment(
                no_news()
                | {
                    "row_hi": halves[:, 0],
                    "row_lo": halves[:, 1],
                    "row_day": values.astype(np.uint16),
                    "row_family": values.astype(np.uint32),
                }
            )
        )
    expected = {key: value for part in parts for key, value in part.items()}
    found = Known(segments).joined(len(segments))
    rows = zip(found["row_hi"].tolist(), found["row_lo"].tolist(), strict=True)
    assert list(zip(rows, found["row_day"].tolist(), strict=True)) == sorted(expected.items())
