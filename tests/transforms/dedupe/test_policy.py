from dataclasses import replace

import pytest

from transforms.dedupe.policy import HOUR, NEAR, REISSUED, SYNDICATED, Copy, figures_agree, is_repeat, overlap
from transforms.dedupe.signature import FLAGS

OLD = Copy(
    provider=1,
    language=1,
    text_hash=10,
    copy_hash=20,
    headline_key=30,
    time=0,
    words=100,
    flags=0,
    shift=0,
    shingles=frozenset(range(100)),
    figures=frozenset({7 << 32 | 1}),
    headline=frozenset({2, 4, 6, 8}),
)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, (REISSUED, 1.0)),
        ({"provider": 2}, (SYNDICATED, 1.0)),
        ({"language": 2}, None),
        ({"flags": FLAGS["not_text"]}, None),
        ({"time": 73 * HOUR}, None),
        ({"copy_hash": 21, "text_hash": 11, "shingles": frozenset(range(60)), "provider": 2}, (NEAR, 1.0)),
        ({"copy_hash": 21, "text_hash": 11, "flags": FLAGS["update"]}, None),
        ({"copy_hash": 21, "text_hash": 11, "figures": frozenset({8 << 32 | 1})}, None),
        ({"copy_hash": 21, "text_hash": 11, "shingles": frozenset(range(200, 300))}, None),
        ({"copy_hash": 21, "text_hash": 11, "headline_key": 31, "headline": frozenset({10, 12})}, None),
    ],
)
def test_is_repeat(change, verdict) -> None:
    assert is_repeat(OLD, replace(OLD, **change)) == verdict


def test_sketches_of_two_lengths_are_compared_at_the_coarser_one() -> None:
    limit = 1 << 31
    long = replace(OLD, shift=1, shingles=frozenset(range(0, limit, limit // 50)))
    short = replace(OLD, shingles=long.shingles | {limit + 1})
    assert overlap(long, short) == (1.0, 1.0, 1.0)


def test_figures_in_other_words_may_differ() -> None:
    assert figures_agree(OLD, replace(OLD, figures=frozenset({8 << 32 | 2}))) == 0.0
    assert figures_agree(OLD, replace(OLD, figures=frozenset())) == 1.0
