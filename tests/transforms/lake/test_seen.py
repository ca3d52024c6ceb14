import contextlib
import mmap
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.lake.seen import (
    FOREVER,
    MAGIC,
    VERSION,
    SeenFormatError,
    SeenIndex,
    find,
    join_ids,
    read_segment,
    split_ids,
    write_segment,
)


def segment(ids: list[bytes], day: int = 7) -> bytes:
    high, low = split_ids(sorted(ids))
    return write_segment({"row_hi": high, "row_lo": low, "row_day": np.full(len(ids), day, np.uint16)})


_ids = st.lists(st.binary(min_size=16, max_size=16), unique=True, max_size=30)


@given(_ids, _ids)
def test_contains_is_set_membership(known, asked) -> None:
    index = SeenIndex.open([segment(known)])
    mixed = asked + known[::2]
    assert index.contains(np.array(mixed, "S16")).tolist() == [one in set(known) for one in mixed]
    assert len(index) == len(known)


def test_ids_that_share_their_first_half_are_told_apart() -> None:
    ids = [b"A" * 8 + bytes([n]) * 8 for n in range(5)]
    index = SeenIndex.open([segment(ids[1:4])])
    assert index.contains(np.array(ids, "S16")).tolist() == [False, True, True, True, False]


def test_the_last_sight_of_all_segments_counts() -> None:
    one = [b"0123456789abcdef"]
    index = SeenIndex.open([segment(one, 3), segment(one, FOREVER), segment(one, 9)])
    assert index.last_seen(np.array([*one, b"x" * 16], "S16")).tolist() == [FOREVER, -1]


@given(_ids)
def test_ids_survive_being_split(ids) -> None:
    assert join_ids(*split_ids(ids)).tobytes() == b"".join(ids)


def test_find_in_nothing() -> None:
    none = split_ids([])
    assert find(none, *split_ids([b"x" * 16])).tolist() == [-1]
    assert SeenIndex.open([]).contains(np.array([b"x" * 16], "S16")).tolist() == [False]


def test_a_memory_map_is_read_in_place(tmp_path) -> None:
    path = tmp_path / "segment.bin"
    path.write_bytes(segment([b"0123456789abcdef"]))
    with path.open("rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        assert SeenIndex.open([memoryview(view)]).contains(np.array([b"0123456789abcdef"], "S16")).all()


def test_a_row_costs_eighteen_bytes_in_the_index() -> None:
    ids = [n.to_bytes(16, "big") for n in range(10_000)]
    assert len(segment(ids)) / len(ids) < 18.1


def test_an_unknown_version_says_so() -> None:
    data = bytearray(segment([]))
    data[6:8] = struct.pack("<H", VERSION + 1)
    with pytest.raises(SeenFormatError, match=f"format {VERSION + 1}"):
        SeenIndex.open([bytes(data)])


@pytest.mark.parametrize("data", [b"", b"PAR1" + bytes(40), MAGIC, segment([b"x" * 16])[:-1]])
def test_what_is_no_segment_is_refused(data) -> None:
    with pytest.raises(SeenFormatError):
        SeenIndex.open([data])


@given(st.binary(max_size=200), st.integers(0, 150), st.binary(min_size=1, max_size=4))
def test_any_bytes_are_read_or_refused(data, at, patch) -> None:
    whole = segment([b"0123456789abcdef", b"fedcba9876543210"])
    for bad in (data, MAGIC + struct.pack("<H", VERSION) + data, whole[:at] + patch + whole[at + len(patch) :]):
        with contextlib.suppress(SeenFormatError):
            read_segment(bad)


@given(st.lists(_ids, max_size=4))
def test_rows_of_several_segments_are_counted_once(parts) -> None:
    assert SeenIndex.open([segment(ids) for ids in parts]).count() == len({one for ids in parts for one in ids})
