import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedupe.tokens import tokenise


def tokens(text: str) -> tuple[list[int], list[int], list[bool]]:
    found = tokenise(np.frombuffer(text.casefold().encode() + b"\0", np.uint8))
    return found.hashes.tolist(), found.stems.tolist(), found.figures.tolist()


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("a", 1), ("One, two.", 2), ("1,500.25 mln", 2), ("end. 5", 2), ("東京 で", 3), ("«élan» — ok", 2)],
)
def test_tokens_are_counted(text, count) -> None:
    assert len(tokens(text)[0]) == count


def test_words_that_begin_alike_share_a_stem_only() -> None:
    (one, other), stems, _ = tokens("impeached impeachment")
    assert one != other
    assert stems[0] == stems[1]


@pytest.mark.parametrize("length", [7, 8, 9, 16, 17, 63, 64, 65, 72, 200])
def test_every_length_is_hashed_to_its_end(length) -> None:
    one, other, same = tokens("a" * length + " " + "a" * (length - 1) + "b " + "a" * length)[0]
    assert one == same != other


def test_hashes_are_part_of_the_format() -> None:
    assert [value & 0xFFFF for value in tokens("river élan 1,500")[0]] == [2142, 8532, 1834]


@given(st.lists(st.text("aB1é東.", min_size=1, max_size=80), max_size=5))
def test_a_token_is_the_same_whatever_stands_beside_it(words) -> None:
    together = [hash_ for word in words for hash_ in tokens(word)[0]]
    assert tokens(" ".join(words))[0] == together
