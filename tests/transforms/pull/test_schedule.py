import itertools
from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.document import FeedHints
from transforms.lake.errors import LakeTooNew
from transforms.pull.exchange import Answer
from transforms.pull.memory import FeedMemory, FeedRecord, decode_record, encode_record, feed_key
from transforms.pull.schedule import (
    DEFAULT_INTERVAL,
    JITTER,
    MAX_INTERVAL,
    MIN_INTERVAL,
    after_answer,
    after_broken,
    after_items,
    is_due,
    next_moment,
    plan_request,
    why_waiting,
)
from transforms.pull.trust import ADOPT_AFTER, PROBE_EVERY

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY = feed_key("https://harbour.example/rss")
MINUTE = timedelta(minutes=1)
NO_HINTS = FeedHints()


def window(start: int, size: int = 20) -> list[bytes]:
    return [number.to_bytes(8) for number in range(start, start + size)]


def polled(record: FeedRecord, at: datetime, start: int = 0, size: int = 20, hints: FeedHints = NO_HINTS, **answer):
    """A poll with a full response of a window of numbered items."""
    after = after_answer(record, Answer("ok", 200, **answer), at, MINUTE, KEY)
    return after_items(after, window(start, size), repr((start, size)).encode(), hints, at, MINUTE, KEY)


def pause(record: FeedRecord, at: datetime = NOW) -> timedelta:
    assert record.next_poll_at is not None
    return record.next_poll_at - at


def test_a_new_feed_is_asked_again_after_the_default_interval() -> None:
    record, gap = polled(FeedRecord(), NOW)
    assert gap is None
    assert DEFAULT_INTERVAL <= pause(record) <= DEFAULT_INTERVAL * (1 + JITTER)


# --- when ---


def test_by_hand_a_feed_is_asked_unless_its_server_asked_to_wait() -> None:
    record, _ = polled(FeedRecord(), NOW)
    assert why_waiting(record, NOW, due_only=False, force=False) is None
    assert why_waiting(record, NOW, due_only=True, force=False) == "not_due"
    assert why_waiting(record, NOW, due_only=True, force=True) is None
    fresh, _ = polled(FeedRecord(), NOW, cache_control="max-age=600")
    assert why_waiting(fresh, NOW, due_only=False, force=False) == "fresh"
    assert why_waiting(fresh, NOW, due_only=False, force=True) is None
    assert is_due(fresh, NOW + 10 * MINUTE, due_only=False, force=False)


@pytest.mark.parametrize("status", [429, 503, 403])
def test_nothing_overrides_a_retry_after(status: int) -> None:
    record = after_answer(FeedRecord(), Answer("http_4xx", status, retry_after="7200"), NOW, MINUTE, KEY)
    for force in (False, True):
        assert why_waiting(record, NOW + 119 * MINUTE, due_only=False, force=force) == "asked_to_wait"
        assert is_due(record, NOW + 120 * MINUTE, due_only=False, force=force)
    assert timedelta(hours=2) <= pause(record) <= timedelta(hours=2.2)


def test_410_ends_a_feed_and_nothing_else_does() -> None:
    gone = after_answer(FeedRecord(), Answer("http_4xx", 410), NOW, MINUTE, KEY)
    assert why_waiting(gone, NOW + timedelta(days=999), due_only=False, force=True) == "gone"
    for status in (400, 401, 403, 404, 418, 451, 500, 502, None):
        record = FeedRecord()
        for _ in range(60):
            record = after_answer(record, Answer("x", status), record.next_poll_at or NOW, MINUTE, KEY)
            assert not record.gone
        assert pause(record, record.polled_at) <= MAX_INTERVAL * (1 + JITTER)


def test_what_the_document_asks_for_is_kept_across_304() -> None:
    record, _ = polled(FeedRecord(), NOW, hints=FeedHints(ttl_minutes=120))
    record = after_answer(record, Answer("not_modified", 304, cache_control="max-age=60"), NOW, MINUTE, KEY)
    assert pause(record) >= timedelta(hours=2)
    assert is_due(record, NOW + MINUTE, due_only=False, force=False)


@pytest.mark.parametrize(
    ("hints", "floor"),
    [
        (FeedHints(ttl_minutes=60), timedelta(hours=1)),
        (FeedHints(update_seconds=7200), timedelta(hours=2)),
        (FeedHints(ttl_minutes=10**9), timedelta(hours=24)),
        (FeedHints(ttl_minutes=-5), timedelta()),
    ],
)
def test_floors_of_the_document_are_capped(hints: FeedHints, floor: timedelta) -> None:
    record, _ = polled(FeedRecord(), NOW, hints=hints)
    assert max(floor, DEFAULT_INTERVAL) <= pause(record) <= max(floor, DEFAULT_INTERVAL) * (1 + JITTER)


def test_skipped_hours_and_days_are_skipped() -> None:
    night = FeedHints(skip_hours=(12, 13, 14))
    record, _ = polled(FeedRecord(), NOW, hints=night)
    assert record.next_poll_at is not None
    assert record.next_poll_at.hour == 15
    weekend = FeedHints(skip_days=(5, 6), ttl_minutes=24 * 60)
    record, _ = polled(FeedRecord(), datetime(2026, 3, 6, 12, tzinfo=UTC), hints=weekend)
    assert record.next_poll_at is not None
    assert record.next_poll_at.date().isoformat() == "2026-03-09"


def test_a_feed_that_skips_everything_is_asked_anyway() -> None:
    for hints in (FeedHints(skip_hours=tuple(range(24))), FeedHints(skip_days=tuple(range(7)))):
        record, _ = polled(FeedRecord(), NOW, hints=hints)
        assert pause(record) <= DEFAULT_INTERVAL * (1 + JITTER)


# --- rhythm ---


def test_an_empty_window_lengthens_and_a_busy_one_shortens_the_interval() -> None:
    record, _ = polled(FeedRecord(), NOW)
    same, gap = polled(record, NOW + timedelta(minutes=15))
    assert gap is False
    assert same.interval_seconds > record.interval_seconds
    some, _ = polled(record, NOW + timedelta(hours=2), start=2)
    assert some.interval_seconds == record.interval_seconds
    busy, gap = polled(record, NOW + timedelta(minutes=15), start=12)
    assert gap is False
    assert busy.interval_seconds < record.interval_seconds


def test_nothing_in_common_is_a_possible_gap_and_halves_the_interval() -> None:
    record, _ = polled(FeedRecord(), NOW)
    missed, gap = polled(record, NOW + timedelta(minutes=15), start=100)
    assert gap is True
    assert missed.interval_seconds <= record.interval_seconds / 2


def test_an_empty_document_proves_nothing() -> None:
    record, _ = polled(FeedRecord(), NOW)
    empty, gap = polled(record, NOW + timedelta(minutes=15), size=0)
    assert gap is None
    assert empty.window == record.window
    _, gap = polled(empty, NOW + timedelta(minutes=30), start=100)
    assert gap is True


def test_windows_longer_than_what_is_remembered_overlap_in_any_order() -> None:
    record, _ = polled(FeedRecord(), NOW, size=5000)
    assert len(record.window) == 512 * 8
    after = after_answer(record, Answer("ok", 200), NOW, MINUTE, KEY)
    shown = list(reversed(window(200, 5000)))
    _, gap = after_items(after, shown, b"x", NO_HINTS, NOW + 9 * MINUTE, MINUTE, KEY)
    assert gap is False


def test_the_order_and_repetition_of_items_changes_nothing() -> None:
    first, _ = polled(FeedRecord(), NOW)
    after = after_answer(FeedRecord(), Answer("ok", 200), NOW, MINUTE, KEY)
    shuffled = window(10, 10) + window(0, 10) + window(3, 4)
    second, _ = after_items(after, shuffled, repr((0, 20)).encode(), NO_HINTS, NOW, MINUTE, KEY)
    assert first == second


def simulate(rate_at, days: int, size: int = 20, least: timedelta = MINUTE) -> tuple[int, int, int]:
    """Poll a feed whose items appear as ``rate_at(hour)`` an hour: polls, items, and items that fell out unseen."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    moments, published = [], 0.0
    for minute in range(days * 24 * 60):
        published += rate_at(minute // 60) / 60
        while len(moments) < int(published):
            moments.append(start + timedelta(minutes=minute))
    record, seen, polls, at = FeedRecord(), set(), 0, start
    while at < start + timedelta(days=days):
        count = bisect_right(moments, at) + size
        shown = range(count - size, count)
        after = after_answer(record, Answer("ok", 200), at, least, KEY)
        ids = [number.to_bytes(8) for number in shown]
        record, _ = after_items(after, ids, repr(shown).encode(), NO_HINTS, at, least, KEY)
        seen |= set(shown)
        polls, at = polls + 1, record.next_poll_at
    return polls, len(moments), max(seen) + 1 - len(seen)


def test_a_steady_feed_loses_nothing_for_less_than_a_request_an_item() -> None:
    polls, items, lost = simulate(lambda hour: 4, days=7)
    assert lost == 0
    assert polls < items


def test_a_desk_that_sleeps_at_night_and_rests_on_sunday_loses_nothing() -> None:
    def rate(hour: int) -> float:
        return 0 if hour % 24 < 6 or hour // 24 % 7 == 6 else 12

    polls, items, lost = simulate(rate, days=21)
    assert lost == 0
    assert polls < items


def test_a_silent_feed_is_asked_a_few_times_a_day_at_most() -> None:
    polls, _, _ = simulate(lambda hour: 0, days=30)
    assert polls < 100


def test_a_feed_that_brings_one_item_a_day_is_late_by_a_few_hours_at_most() -> None:
    record, _ = polled(FeedRecord(), NOW)
    at = NOW
    for number in range(60):
        at = record.next_poll_at
        record, _ = polled(record, at, start=int((at - NOW) / timedelta(days=1)))
        assert pause(record, at) <= timedelta(hours=4) * (1 + JITTER) * 1.2, number


# --- errors ---


def test_errors_back_off_and_leave_the_rhythm_alone() -> None:
    record, _ = polled(FeedRecord(), NOW)
    rhythm, at, pauses = record.interval_seconds, NOW, []
    for _ in range(40):
        record = after_answer(record, Answer("http_5xx", 503), at, MINUTE, KEY)
        pauses.append(pause(record, at))
        at = record.next_poll_at
    assert pauses[0] > timedelta(seconds=rhythm)
    assert all(later >= earlier * 0.9 for earlier, later in itertools.pairwise(pauses))
    assert pauses[3] <= timedelta(hours=1.5)
    assert pauses[-1] > timedelta(hours=20)
    assert record.interval_seconds == rhythm
    back, _ = polled(record, at)
    assert back.errors == 0
    assert pause(back, at) < timedelta(hours=1)


def test_a_document_that_is_no_feed_backs_off_and_keeps_no_validators() -> None:
    after = after_answer(FeedRecord(), Answer("ok", 200, etag='"a"'), NOW, MINUTE, KEY)
    broken = after_broken(after, NOW, MINUTE, KEY, items=False)
    assert broken.errors == 1
    assert plan_request("https://x.example/", KEY, broken).headers == ()
    assert pause(broken) > pause(after)


def test_a_document_that_ends_early_is_asked_for_in_full_again() -> None:
    record, _ = polled(FeedRecord(), NOW, etag='"a"')
    cut = after_broken(record, NOW, MINUTE, KEY, items=True)
    assert cut.etag is None
    assert cut.errors == 0
    assert cut.window == record.window


# --- redirects ---


def moved(record: FeedRecord, to: str | None, start: int = 0) -> FeedRecord:
    return polled(record, NOW, start=start, permanent_url=to)[0]


def test_a_permanent_redirect_is_learned_after_it_was_seen_more_than_once() -> None:
    record = FeedRecord()
    for _ in range(ADOPT_AFTER - 1):
        record = moved(record, "https://new.example/")
        assert record.learned_url is None
    record = moved(record, "https://new.example/")
    assert record.learned_url == "https://new.example/"


def test_a_redirect_that_changes_or_stops_is_not_learned() -> None:
    record = FeedRecord()
    for to in ("https://a.example/", "https://b.example/", None, "https://a.example/", "https://b.example/") * 3:
        record = moved(record, to)
        assert record.learned_url is None


def test_a_redirect_to_something_that_is_no_feed_is_not_learned() -> None:
    record = FeedRecord()
    for _ in range(9):
        answer = Answer("ok", 200, permanent_url="https://parked.example/")
        record = after_broken(after_answer(record, answer, NOW, MINUTE, KEY), NOW, MINUTE, KEY, items=False)
        record = after_answer(
            record, Answer("http_4xx", 404, permanent_url="https://parked.example/"), NOW, MINUTE, KEY
        )
        assert record.learned_url is None


def test_the_listed_address_is_asked_now_and_then_and_wins_when_the_redirect_ended() -> None:
    learned = replace(FeedRecord(), learned_url="https://new.example/")
    plans = [plan_request("https://old.example/", KEY, replace(learned, polls=n)) for n in range(1000)]
    assert 3 <= sum(plan.listed for plan in plans) <= 30
    assert all((plan.url == "https://old.example/") == plan.listed for plan in plans)
    assert polled(learned, NOW, listed=True)[0].learned_url is None
    assert polled(learned, NOW, listed=True, permanent_url="https://new.example/")[0].learned_url is not None
    assert polled(learned, NOW)[0].learned_url is not None
    assert after_answer(learned, Answer("dns", listed=True), NOW, MINUTE, KEY).learned_url is not None


def test_a_learned_address_that_keeps_failing_is_dropped() -> None:
    record = replace(polled(FeedRecord(), NOW)[0], learned_url="https://new.example/")
    for _ in range(ADOPT_AFTER):
        assert record.learned_url == "https://new.example/"
        record = after_answer(record, Answer("http_4xx", 404), NOW, MINUTE, KEY)
    assert plan_request("https://old.example/", KEY, record).url == "https://old.example/"


# --- validators and servers that lie ---


def test_validators_go_back_byte_for_byte() -> None:
    record, _ = polled(FeedRecord(), NOW, etag='W/"a b-gzip"', last_modified="Sun, 1 Mar 2026 0:00:00 gmt")
    plan = plan_request("https://x.example/", KEY, record)
    assert plan.headers == (("If-None-Match", 'W/"a b-gzip"'), ("If-Modified-Since", "Sun, 1 Mar 2026 0:00:00 gmt"))
    record, _ = polled(record, NOW, last_modified="x")
    assert plan_request("https://x.example/", KEY, record).headers == (("If-Modified-Since", "x"),)


def test_a_small_share_of_polls_is_a_probe() -> None:
    record = FeedRecord(etag='"a"')
    probes = [
        plan_request("https://x.example/", feed_key(str(feed)), replace(record, polls=polls)).probe
        for feed in range(50)
        for polls in range(100)
    ]
    assert 0.5 / PROBE_EVERY < sum(probes) / len(probes) < 2 / PROBE_EVERY


@pytest.mark.parametrize(("honest", "checked"), [(False, [4, 8]), (True, [16, 32, 64])])
def test_long_runs_of_304_are_checked(honest: bool, checked: list[int]) -> None:
    key = next(k for k in map(feed_key, map(str, range(999))) if not plan_request("", k, FeedRecord(etag="a")).probe)
    record = FeedRecord(etag="a", honest=honest)
    assert [n for n in range(1, 100) if plan_request("", key, replace(record, quiet=n - 1)).probe] == checked


@pytest.mark.parametrize(("honest", "days"), [(False, 1), (True, 7)])
def test_no_304_is_believed_for_long(honest: bool, days: int) -> None:
    key = next(k for k in map(feed_key, map(str, range(999))) if not plan_request("", k, FeedRecord(etag="a")).probe)
    for passed in (days - 0.1, days):
        record = FeedRecord(etag="a", honest=honest, window_at=NOW, polled_at=NOW + timedelta(days=passed))
        assert plan_request("", key, record).probe == (passed == days)


def run_server(serve, polls: int, fresh: bool = False) -> FeedRecord:
    """Poll a server: ``serve(poll, validator)`` gives (validator, first item) or None for a 304."""
    record = FeedRecord()
    for poll in range(polls):
        plan = plan_request("https://x.example/", KEY, record)
        sent = plan.headers[0][1] if plan.headers else None
        found, again = serve(poll, sent), {"recheck": plan.recheck, "conditional": sent is not None}
        if found is None and plan.probe:
            again = {"probe": True}
            found = None if fresh else serve(poll, None)
        if found is None:
            record = after_answer(record, Answer("not_modified", 304, **again), NOW, MINUTE, KEY)
        else:
            etag, start = found
            record, _ = polled(record, NOW, start=start, etag=etag, **again)
    return record


def test_a_server_whose_validators_never_change_is_found_out() -> None:
    record = run_server(lambda poll, sent: ('"same"', poll) if sent != '"same"' else None, polls=5)
    assert record.liar
    assert plan_request("https://x.example/", KEY, record).headers == ()


@pytest.mark.parametrize(("fresh", "polls"), [(False, 12), (True, 30)])
def test_a_server_that_always_answers_304_is_found_out(fresh: bool, polls: int) -> None:
    record = run_server(lambda poll, sent: (f'"{poll}"', poll) if sent is None else None, polls, fresh)
    assert record.liar


def test_one_that_calls_itself_fresh_is_checked_at_the_next_poll() -> None:
    record = run_server(lambda poll, sent: ('"same"', poll) if sent != '"same"' else None, polls=6, fresh=True)
    assert record.liar


def test_two_changes_between_two_requests_are_no_proof_if_a_conditional_one_saw_a_third() -> None:
    record = replace(FeedRecord(), items_hash=b"x", strikes=3)
    assert polled(record, NOW, conditional=True)[0].strikes == 0


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_an_honest_server_is_never_called_a_liar(changes: list[bool]) -> None:
    versions = [sum(changes[: n + 1]) for n in range(len(changes))]

    def serve(poll: int, sent: str | None) -> tuple[str, int] | None:
        etag = f'"{versions[poll]}"'
        return None if sent == etag else (etag, versions[poll])

    record = run_server(serve, len(changes))
    assert not record.liar
    assert record.strikes == 0


def test_a_server_without_validators_is_no_liar() -> None:
    record = run_server(lambda poll, sent: (None, poll), polls=200)
    assert not record.liar


# --- properties ---

HEADERS = st.sampled_from(
    [None, "", "0", "60", "86400", "max-age=60", "max-age=99999999", "Fri, 31 Dec 9999 23:59:59 GMT", "x"]
)
ANSWERS = st.builds(
    Answer,
    outcome=st.sampled_from(["ok", "not_modified", "http_4xx", "http_5xx", "timeout", "dns"]),
    status=st.sampled_from([None, 200, 304, 403, 404, 429, 503]),
    etag=HEADERS,
    last_modified=HEADERS,
    retry_after=HEADERS,
    cache_control=HEADERS,
    expires=HEADERS,
    age=HEADERS,
    date=HEADERS,
    permanent_url=st.sampled_from([None, "https://a.example/", "https://b.example/"]),
    conditional=st.booleans(),
    probe=st.booleans(),
    recheck=st.booleans(),
)
HINTS = st.builds(
    FeedHints,
    ttl_minutes=st.one_of(st.none(), st.integers(-(10**6), 10**9)),
    skip_hours=st.lists(st.integers(0, 23), max_size=24).map(tuple),
    skip_days=st.lists(st.integers(0, 6), max_size=7).map(tuple),
    update_seconds=st.one_of(st.none(), st.integers(0, 10**9)),
)
STEPS = st.lists(st.tuples(ANSWERS, HINTS, st.integers(0, 40), st.integers(0, 5), st.integers(0, 10**6)), max_size=12)


@given(STEPS, st.sampled_from([timedelta(0), MINUTE, timedelta(hours=3)]))
def test_whatever_comes_a_feed_is_polled_again_neither_too_soon_nor_never(steps, least: timedelta) -> None:
    record, now = FeedRecord(), NOW
    for answer, hints, start, size, later in steps:
        now += timedelta(seconds=later)
        record = after_answer(record, answer, now, least, KEY)
        if answer.outcome == "ok":
            record, _ = after_items(record, window(start, size), bytes([start, size]), hints, now, least, KEY)
        assert decode_record(encode_record(record)) == record
        assert not record.gone
        wait = record.next_poll_at - now
        assert least <= wait <= timedelta(hours=96) * (1 + JITTER) + timedelta(days=7)
        for floor in (record.not_before, record.fresh_until):
            assert floor is None or record.next_poll_at >= floor or record.next_poll_at.microsecond != 0
        assert not is_due(record, now, due_only=True, force=False) or least == timedelta(0)


@given(st.integers(0, 1000), st.text(max_size=20))
def test_polls_are_spread(polls: int, name: str) -> None:
    key = feed_key(name)
    once = after_answer(FeedRecord(polls=polls), Answer("not_modified", 304), NOW, MINUTE, key)
    assert once == after_answer(FeedRecord(polls=polls), Answer("not_modified", 304), NOW, MINUTE, key)


def test_feeds_of_one_start_do_not_march_in_step() -> None:
    moments = {
        after_answer(FeedRecord(), Answer("not_modified", 304), NOW, MINUTE, feed_key(str(n))).next_poll_at
        for n in range(50)
    }
    assert len(moments) == 50
    assert max(moments) - min(moments) > timedelta(minutes=1)


def test_the_next_moment_of_many_feeds() -> None:
    late, soon = FeedRecord(next_poll_at=NOW + 9 * MINUTE), FeedRecord(next_poll_at=NOW + 3 * MINUTE)
    assert next_moment([late, soon, FeedRecord(gone=True)], NOW) == NOW + 3 * MINUTE
    assert next_moment([late, FeedRecord()], NOW) == NOW
    assert next_moment([replace(late, next_poll_at=NOW - MINUTE)], NOW) == NOW
    assert next_moment([FeedRecord(gone=True)], NOW) is None


# --- memory ---


def test_memory_survives_bytes_and_newer_fields() -> None:
    record, _ = polled(FeedRecord(), NOW, etag='"a"')
    memory = FeedMemory.of({feed_key("a"): encode_record(record)})
    assert FeedMemory.load([memory.to_bytes()]).get("a") == record
    assert decode_record(b"\x01\x80") == FeedRecord()
    with pytest.raises(LakeTooNew, match="upgrade"):
        decode_record(b"\x02\x80")


def test_least_interval_is_kept_when_nothing_else_asks() -> None:
    record = replace(FeedRecord(), interval_seconds=1.0)
    assert pause(after_answer(record, Answer("not_modified", 304), NOW, MIN_INTERVAL, KEY)) >= MIN_INTERVAL
