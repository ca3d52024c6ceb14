from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.pull.freshness import FLOOR_CAP, RETRY_AFTER_CAP, fresh_seconds, http_date, retry_after

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TEXTS = st.one_of(st.none(), st.text(max_size=40), st.integers().map(str), st.datetimes().map(str))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("120", 2),
        (" 3600 ", 60),
        ("0", 0),
        ("Mon, 02 Mar 2026 12:30:00 GMT", 30),
        ("Monday, 02-Mar-26 12:30:00 GMT", 30),
        ("Mon Mar  2 12:30:00 2026", 30),
        ("Mon, 02 Mar 2026 13:30:00 +0100", 30),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("316800", 88 * 60),
        ("99999999999999999999", 96 * 60),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 96 * 60),
    ],
)
def test_retry_after_in_both_forms(text: str, minutes: int) -> None:
    assert retry_after(text, NOW) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", [None, "", "soon", "-5", "1.5", "²", "Mon, 32 Foo 2026"])
def test_no_retry_after(text: str | None) -> None:
    assert retry_after(text, NOW) is None


def test_a_moment_is_measured_on_the_servers_own_clock() -> None:
    assert retry_after("Mon, 02 Mar 2026 15:10:00 GMT", NOW, "Mon, 02 Mar 2026 15:00:00 GMT") == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("control", "expires", "age", "seconds"),
    [
        ("max-age=300", None, None, 300),
        ('public, Max-Age="300"', None, None, 300),
        ("max-age=300", None, "120", 180),
        ("max-age=300", None, "900", 0),
        ("max-age=300", "Mon, 02 Mar 2026 14:00:00 GMT", None, 300),
        ("public", "Mon, 02 Mar 2026 14:00:00 GMT", None, 7200),
        (None, "Mon, 02 Mar 2026 14:00:00 GMT", None, 7200),
        (None, "0", None, 0),
        (None, "Thu, 01 Jan 1970 00:00:00 GMT", None, 0),
        ("no-cache, max-age=300", None, None, 0),
        ("max-age=31536000", None, None, 86400),
        ("s-maxage=300", None, None, None),
        ("max-age=-1", None, None, None),
        (None, None, None, None),
    ],
)
def test_freshness(control: str | None, expires: str | None, age: str | None, seconds: float | None) -> None:
    assert fresh_seconds(control, expires, age, None, NOW) == seconds


def test_expires_is_measured_from_date() -> None:
    date = "Mon, 02 Mar 2026 13:00:00 GMT"
    assert fresh_seconds(None, "Mon, 02 Mar 2026 14:00:00 GMT", None, date, NOW) == 3600


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_headers_give_a_time_within_its_cap(one: str | None, two: str | None, three: str | None, four) -> None:
    wait = retry_after(one, NOW, two)
    assert wait is None or timedelta() <= wait <= RETRY_AFTER_CAP
    for control in (one, f"max-age={one}"):
        fresh = fresh_seconds(control, two, three, four, NOW)
        assert fresh is None or 0 <= fresh <= FLOOR_CAP.total_seconds()


@pytest.mark.parametrize("text", ["Mon, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359", "x" * 10_000])
def test_dates_at_the_edges_of_time_never_raise(text: str) -> None:
    assert http_date(text) is None or http_date(text).tzinfo is UTC
