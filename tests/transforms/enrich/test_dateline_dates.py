import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.enrich.dateline_dates import match_date, resolve_date


def read(text, published=dt.datetime(2026, 2, 17, 12, tzinfo=dt.UTC), language=None):
    found = match_date(text, 0, language)
    return resolve_date(found[1], published) if found else None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Feb. 9", "en"),
        ("9 fév 2026", "fr"),
        ("9 de febrero de 2026", "es"),
        ("9. Februar", "de"),
        ("9 февраля", "ru"),
        ("9 فبراير", "ar"),
        ("2026. február 9.", "hu"),
        ("9th February, 2026", "en"),
        ("２月９日", "zh"),
        ("2026-02-09", None),
        ("09.02.2026", None),
        ("9/2/2026", "fr"),
        ("9-Feb-2026", "en"),
        ("9. 2. 2026", "cs"),
        ("2026. febr. 9.", "hu"),
        ("9. februara", "sr"),
        ("9. фебруара", "sr"),
        ("9. februarja", "sl"),
        ("9. februārī", "lv"),
        ("9 ΦΕΒΡΟΥΑΡΙΟΥ", "el"),
        ("৯ ফেব্রুয়ারি", "bn"),
    ],
)
def test_the_ninth_of_february(text, language):
    assert read(text, language=language) == dt.date(2026, 2, 9)


def test_a_capital_with_a_dot_names_a_month():
    assert read("9 EKİM", language="tr") == dt.date(2025, 10, 9)


def test_a_day_without_year_is_the_latest_one():
    new_year = dt.datetime(2026, 1, 1, 3, tzinfo=dt.UTC)
    assert read("Dec 31", new_year) == dt.date(2025, 12, 31)
    assert read("Jan 2", new_year) == dt.date(2026, 1, 2)
    assert read("Feb 29", new_year) == dt.date(2024, 2, 29)


def test_an_open_order_of_day_and_month_stays_open():
    assert read("05/06/2024", language="en") is None
    assert read("02/16/2026", language="en") == dt.date(2026, 2, 16)


def test_nothing_completes_a_date_without_publication():
    assert read("Feb 9", None) is None
    assert read("31.02.2026") is None


@given(
    st.text(max_size=60), st.sampled_from([None, "en", "pl", "hr"]), st.none() | st.datetimes(timezones=st.just(dt.UTC))
)
def test_any_text_reads_or_not(text, language, published):
    found = match_date(text, 0, language)
    if found:
        assert 0 < found[0] <= len(text)
        resolve_date(found[1], published)
