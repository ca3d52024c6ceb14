import random

import numpy as np

from transforms.dedupe.clusters import MAX_EPOCH, WINDOW, Clusters, next_epoch
from transforms.dedupe.entries import LISTS, NUMBERS, Entries


def entries(stories: list[list[int]]) -> Entries:
    """Entries that hold nothing but words; words are even numbers, odd ones stand in the headline."""
    offsets = np.zeros(len(stories) + 1, np.int64)
    np.cumsum([len(words) for words in stories], out=offsets[1:])
    lists = {name: (np.zeros(len(stories) + 1, np.int64), np.zeros(0, kind)) for name, kind in LISTS.items()}
    lists["events"] = offsets, np.array([word for words in stories for word in words], "<u4")
    return Entries({name: np.zeros(len(stories), kind) for name, kind in NUMBERS.items()}, lists)


def generated(count: int) -> list[list[int]]:
    rng = random.Random(7)
    events = [[rng.randrange(4, 90_000) * 2 for _ in range(12)] for _ in range(count // 4)]
    return [list(dict.fromkeys([word + 1 if n < 4 else word for n, word in enumerate(rng.sample(rng.choice(events), 8))]
            + [rng.randrange(2, 40) * 2 for _ in range(4)])) for _ in range(count)]  # fmt: skip


def test_a_story_joins_the_most_similar_one_before_it() -> None:
    flood, frost = [11, 13, 15, 20, 22, 24], [31, 33, 35, 40, 42, 44]
    found = Clusters().add(entries([flood, frost, [11, 13, 15, 20, 52], [61, 63, 65]]), np.zeros(4, np.int64))
    assert found.tolist() == [-1, -1, 0, -1]


def test_only_three_days_count() -> None:
    words = [11, 13, 15, 20, 22, 24]
    clocks = np.array([0, WINDOW, 2 * WINDOW + 1], np.int64)
    assert Clusters().add(entries([words] * 3), clocks).tolist() == [-1, 0, -1]


def test_calls_and_saves_change_nothing() -> None:
    stories = generated(900)
    clocks = np.arange(900, dtype=np.int64) * (WINDOW // 400)
    whole = Clusters().add(entries(stories), clocks)
    assert (whole >= 0).sum() > 300
    assert (whole < np.arange(900)).all()
    for size in (1, 64, 333):
        clusters, found = Clusters(), []
        for at in range(0, 900, size):
            if at % (size * 5) == 0:
                clusters = Clusters()
                clusters.restore(entries(stories[:at]), clocks[:at])
            found += clusters.add(entries(stories[at : at + size]), clocks[at : at + size]).tolist()
        assert found == whole.tolist()


def test_epochs_grow_and_are_bounded() -> None:
    at = [0]
    while at[-1] < 20_000:
        at.append(next_epoch(at[-1]))
    steps = np.diff(at)
    assert (np.diff(steps) >= 0).all()
    assert steps[-1] == MAX_EPOCH
