import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedupe.versions import (
    VersionKey,
    current_indices,
    current_rows,
    family_states,
    is_kill,
    order_key,
    version_rank,
    version_time,
)

HOUR = 3_600_000_000


def row(
    family: str = "a",
    version: str | None = "1",
    time: int | None = 1,
    *,
    status: str = "usable",
    kill: bool = False,
    kill_target: str | None = None,
    fetched: int = 0,
    supersedes: tuple[str, ...] = (),
    embargo_until: int | None = None,
    embargo_unreadable: bool = False,
    provider: str = "wire.example",
) -> VersionKey:
    return VersionKey(
        story_id=f"story-{provider}-{family}",
        guid=family,
        provider=provider,
        version=version,
        version_time=None if time is None else time * HOUR,
        status=status,
        kill=kill,
        kill_target=kill_target,
        arrival=(fetched, "input", 0),
        supersedes=supersedes,
        embargo_until=None if embargo_until is None else embargo_until * HOUR,
        embargo_unreadable=embargo_unreadable,
    )


def every_arrival(
    rows: list[VersionKey], now: int | None = None
) -> set[tuple[tuple[str, str | None, int | None], ...]]:
    """The answers over all orders of arrival, rows named by what they state."""
    answers = set()
    for order in itertools.permutations(rows):
        arrived = [replace(r, arrival=(place, "input", place)) for place, r in enumerate(order)]
        answers.add(tuple((r.story_id, r.version, r.version_time) for r in current_rows(arrived, now)))
    return answers


def only(rows: list[VersionKey], now: int | None = None) -> list[tuple[str, str | None]]:
    answers = every_arrival(rows, now)
    assert len(answers) == 1
    return [(story.rsplit("-", 1)[1], version) for story, version, _ in answers.pop()]


def test_latest_version_is_current_whatever_came_first() -> None:
    assert only([row(version="1", time=1), row(version="2", time=2), row(version="3", time=3)]) == [("a", "3")]


def test_version_time_orders_before_opaque_numbers() -> None:
    assert only([row(version="978556838", time=2), row(version="154276153", time=3)]) == [("a", "154276153")]


def test_number_breaks_a_tie_of_times_numerically() -> None:
    assert only([row(version="9", time=1), row(version="10", time=1)]) == [("a", "10")]


def test_numbers_order_families_without_times_and_zero_is_a_version() -> None:
    assert only([row(version="0", time=None), row(version=None, time=None)]) == [("a", "0")]


def test_two_corrections() -> None:
    assert only([row(version="1", time=1), row(version="2", time=2), row(version="3", time=2)]) == [("a", "3")]


def test_a_kill_is_for_ever() -> None:
    rows = [row(version="1", time=1), row(version="2", time=2, status="canceled"), row(version="3", time=3)]
    assert only(rows) == []
    assert only([row(version="1", time=1), row(version="2", time=2, kill=True)]) == []


def test_a_kill_that_names_another_id_kills_both() -> None:
    rows = [row("a"), row("b", kill_target="a", time=2), row("c")]
    assert only(rows) == [("c", "1")]


def test_a_kill_reaches_no_other_provider() -> None:
    rows = [row("a", provider="one.example"), row("b", kill_target="a", provider="two.example")]
    assert only(rows) == [("a", "1")]


def test_killed_family_is_reported_with_its_tombstone() -> None:
    rows = [row(version="2", time=2, kill=True), row(version="1", time=1), row(version="3", time=3)]
    (state,) = family_states(rows)
    assert (state.state, state.index) == ("killed", 0)


def test_withheld_is_lifted_by_a_later_version_only() -> None:
    withheld = row(version="2", time=2, status="withheld")
    assert only([row(version="1", time=1), withheld]) == []
    assert only([row(version="1", time=1), withheld, row(version="3", time=3)]) == [("a", "3")]


def test_embargo_of_the_latest_version_holds_all_until_it_is_due_or_withdrawn() -> None:
    rows = [row(version="1", time=1), row(version="2", time=2, embargo_until=10)]
    assert only(rows, now=9 * HOUR) == []
    assert only(rows, now=10 * HOUR) == [("a", "2")]
    assert only([*rows, row(version="3", time=3)], now=9 * HOUR) == [("a", "3")]
    assert only([row(embargo_unreadable=True)], now=99 * HOUR) == []
    assert only([row(embargo_unreadable=True)]) == [("a", "1")]


def test_reissue_under_a_new_id() -> None:
    assert only([row("a"), row("b", time=2, supersedes=("a",))]) == [("b", "1")]
    assert only([row("a", time=3), row("b", time=2, supersedes=("a",))]) == [("a", "1"), ("b", "1")]
    assert only([row("a", time=None), row("b", time=None, supersedes=("a",))]) == [("b", "1")]


def test_a_writethru_replaces_its_slug_of_the_same_cycle() -> None:
    def sent(family: str, time: int | None, slug: str | None, *supersedes: str) -> VersionKey:
        return replace(row(family, time=time, supersedes=supersedes), slug=slug)

    first, other = sent("a", 30, "BC-EU--Port, 1st Ld"), sent("b", 30, "EU--Storm")
    through = sent("c", 31, "EU--Port", "slug:EU--Port")
    assert only([first, other, through]) == [("b", "1"), ("c", "1")]
    # the day before it stood over another story; what comes after it goes on; what states no time cannot be told
    assert only([sent("a", 12, "EU--Port"), through]) == [("a", "1"), ("c", "1")]
    assert only([sent("a", 32, "EU--Port"), through]) == [("a", "1"), ("c", "1")]
    assert only([sent("a", None, "EU--Port"), through]) == [("a", "1"), ("c", "1")]
    assert only([sent("a", 30, None), sent("c", 31, None, "slug:")]) == [("a", "1"), ("c", "1")]


def test_families_that_replace_each_other_do_not_both_vanish() -> None:
    rows = [row("a", supersedes=("c",)), row("b", supersedes=("a",)), row("c", supersedes=("b",))]
    assert len(only(rows)) == 1
    assert only([row("a", supersedes=("a",))]) == [("a", "1")]


def test_a_killed_replacement_does_not_revive_the_old_one() -> None:
    assert only([row("a"), row("b", time=2, supersedes=("a",)), row("b", version="2", time=3, kill=True)]) == []


def test_arrival_decides_where_nothing_else_does() -> None:
    rows = [row(version=None, time=None, fetched=2), row(version=None, time=None, fetched=1)]
    assert current_indices(rows) == (0,)


@pytest.mark.parametrize(
    ("low", "high"),
    [(None, "0"), ("0", "1"), ("9", "10"), ("1.9", "1.10"), ("a2", "a10"), ("٣", "٤")],
)
def test_version_rank(low: str | None, high: str) -> None:
    assert version_rank(low) < version_rank(high)


def test_version_time_prefers_the_versions_own() -> None:
    assert version_time(3, 2, 1) == 3
    assert version_time(None, 2, 1) == 2
    assert version_time(None, None, 1) == 1
    assert version_time(None, None, None) is None


_rows = st.builds(
    row,
    family=st.sampled_from("abc"),
    version=st.one_of(st.none(), st.sampled_from(["0", "1", "2", "10", "x1", "2026-02-17"])),
    time=st.one_of(st.none(), st.integers(0, 3)),
    status=st.sampled_from(["usable", "usable", "usable", "withheld", "canceled"]),
    kill=st.sampled_from([False, False, False, True]),
    kill_target=st.sampled_from([None, None, None, "a", "b"]),
    supersedes=st.sampled_from([(), (), ("a",), ("b", "c")]),
    embargo_until=st.one_of(st.none(), st.integers(0, 9)),
)


@given(
    st.lists(_rows, max_size=8, unique_by=lambda r: (r.story_id, r.version, r.version_time)),
    st.randoms(use_true_random=False),
    st.one_of(st.none(), st.integers(0, 9)),
)
def test_any_order_of_arrival_gives_the_same_answer(rows, random, now) -> None:
    shuffled = rows[:]
    random.shuffle(shuffled)
    first = [replace(r, arrival=(place, "input", place)) for place, r in enumerate(rows)]
    second = [replace(r, arrival=(place, "input", place)) for place, r in enumerate(shuffled)]
    moment = None if now is None else now * HOUR
    strip = [replace(r, arrival=(0, "", 0)) for r in current_rows(first, moment)]
    assert strip == [replace(r, arrival=(0, "", 0)) for r in current_rows(second, moment)]
    killed = {r.story_id for r in rows if is_kill(r)}
    assert not killed & {r.story_id for r in strip}


@given(st.lists(st.text(max_size=30), max_size=6))
def test_order_key_is_total_over_any_version_text(versions) -> None:
    rows = [row(version=v) for v in versions]
    assert [order_key(r)[2] for r in sorted(rows, key=order_key)] == sorted(version_rank(v) for v in versions)
