from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedupe.postings import BITS, Postings, compose


@given(st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=12), st.integers(1, 4), st.booleans())
def test_postings_are_lists_of_numbers_by_key(batches, count, rebase) -> None:
    postings, lists, number = Postings(), defaultdict(list), 0
    for batch in batches:
        if rebase and number > 3:
            postings.rebase(0, number)
        keys = np.array(batch, np.uint64) << np.uint64(BITS)
        numbers = np.arange(number, number + len(batch))
        for key in batch:
            lists[key].append(number)
            number += 1
        postings.add(np.sort(compose(keys, numbers - postings.base)), 0)
    asked = np.arange(6, dtype=np.uint64) << np.uint64(BITS)
    assert postings.known(asked, 0).tolist() == [bool(lists[key]) for key in range(6)]
    place, found = postings.latest(asked, count)
    assert list(zip(place.tolist(), found.tolist(), strict=True)) == [
        (key, one) for key in range(6) for one in lists[key][-count:]
    ]
    before = postings.before(asked, np.full(6, number // 2))
    assert before.tolist() == [max((n for n in lists[key] if n < number // 2), default=-1) for key in range(6)]


def test_numbers_move_down_before_they_overflow() -> None:
    postings, key = Postings(), np.array([1 << BITS], np.uint64)
    postings.add(compose(key, np.array([5])), 0)
    postings.add(compose(key, np.array([(1 << BITS) - 2])), 0)
    postings.rebase(100, (1 << BITS) + 10)
    postings.add(compose(key, np.array([(1 << BITS) + 3 - postings.base])), 100)
    assert postings.latest(key, 9)[1].tolist() == [(1 << BITS) - 2, (1 << BITS) + 3]
