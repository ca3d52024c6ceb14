import numpy as np

from transforms.dedupe.entries import LISTS, NUMBERS, Entries, concat, pack, unpack
from transforms.dedupe.signature import FLAGS
from transforms.dedupe.window import WINDOW, Column, Window, keys_of


def entries(ids: list[int], shingles: int = 3, **numbers: int) -> Entries:
    columns = {name: np.full(len(ids), numbers.get(name, 0), kind) for name, kind in NUMBERS.items()}
    columns["story_hi"] = np.array(ids, "<u8")
    lists = {name: (np.zeros(len(ids) + 1, np.int64), np.zeros(0, kind)) for name, kind in LISTS.items()}
    lists["shingles"] = np.arange(len(ids) + 1) * shingles, np.arange(len(ids) * shingles, dtype="<u4")
    return Entries(columns, lists)


def test_keys_are_few_and_pictures_have_none() -> None:
    assert len(keys_of(entries([1], shingles=100, copy_hash=1 << 40, headline_key=1 << 41))[0]) == 16 + 2
    assert not len(keys_of(entries([1], flags=FLAGS["not_text"]))[0])


def test_stories_leave_by_the_clock_and_the_latest_of_a_family_is_found() -> None:
    window = Window()
    window.add(entries([1, 2, 1]), np.array([0, 10, 20], np.int64))
    asked = np.array([1, 2, 3], np.uint64), np.zeros(3, np.uint64)
    now = np.full(3, 30, np.int64)
    assert window.latest_of(*asked, np.full(3, 3), now).tolist() == [2, 1, -1]
    assert window.latest_of(*asked, np.full(3, 2), now).tolist() == [0, 1, -1]
    window.expire(WINDOW + 15)
    assert (window.base, len(window), window.next) == (2, 1, 3)
    assert window.latest_of(*asked, np.full(3, 3), now + WINDOW).tolist() == [-1, -1, -1]


def test_chunks_are_joined_and_cut() -> None:
    window = Window(first=100)
    for number in range(40):
        window.add(entries([number]), np.array([number], np.int64))
    rows, place = window.find(117)
    assert rows.numbers["story_hi"][place] == 17
    left = window.entries(130)
    assert left is not None
    assert left.numbers["story_hi"].tolist() == list(range(30, 40))
    assert window.entries(140) is None


def test_entries_survive_being_packed() -> None:
    one = concat([entries([1, 2]), entries([3], shingles=0)])
    other = unpack(pack(one))
    assert pack(other).keys() == pack(one).keys()
    assert all((pack(other)[name] == column).all() for name, column in pack(one).items())
    assert other.take(np.array([2, 0])).list_of("shingles", 1).tolist() == [0, 1, 2]


def test_a_column_grows_and_forgets() -> None:
    column = Column("<i8")
    for number in range(100):
        column.extend(np.array([number]))
        if number % 3 == 2:
            column.trim(2)
    assert column.values.tolist() == list(range(66, 100))
