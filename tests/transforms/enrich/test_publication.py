import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from schemas.item import NewsItem
from transforms.enrich.publication import choose_publication

FETCHED = dt.datetime(2026, 2, 17, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
EARLY, MIDDLE, LATE = FETCHED - 3 * DAY, FETCHED - 2 * DAY, FETCHED - DAY


def choose(**moments):
    return choose_publication(NewsItem(headline="x", **moments), FETCHED)


def test_the_order_of_preference():
    assert (
        choose(version_created=LATE, published=MIDDLE, updated=FETCHED, first_created=EARLY).source == "version-created"
    )
    assert choose(published=MIDDLE, updated=LATE, first_created=EARLY).day == MIDDLE.date()
    assert choose(updated=LATE, first_created=EARLY).source == "updated"
    assert choose(first_created=EARLY).source == "first-created"
    assert choose().source == "fetched"
    assert choose().day == FETCHED.date()


def test_what_the_parser_said_of_the_zone_is_kept():
    assert choose(published=MIDDLE, date_source="published-naive").source == "published-naive"
    assert choose(published=MIDDLE, date_source="published-zone-repaired").source == "published-zone-repaired"


def test_flawed_moments_are_passed_over_and_named():
    assert choose(published_raw="soon", date_source="published-unreadable").source == "fetched-published-unreadable"
    assert choose(updated=LATE, date_source="published-unreadable").source == "updated-published-unreadable"
    assert choose(published=FETCHED + 2 * DAY).source == "fetched-published-future"
    assert choose(published=FETCHED + 2 * DAY, updated=LATE).day == LATE.date()
    assert choose(published=dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).source == "fetched-published-unset"
    assert choose(published=dt.datetime(1, 1, 1, tzinfo=dt.UTC)).source == "fetched-published-unset"


def test_a_slow_clock_is_forgiven():
    assert choose(published=FETCHED + dt.timedelta(hours=20)).source == "published"


def test_the_day_is_in_utc():
    moment = dt.datetime(2026, 2, 16, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert choose(published=moment).day == dt.date(2026, 2, 17)


def test_the_family_begins_with_the_first_version():
    assert choose(first_created=EARLY, published=MIDDLE, version_created=LATE).first == EARLY
    assert choose(published=MIDDLE, version_created=LATE).first == MIDDLE
    assert choose().first is None


moments = st.none() | st.datetimes(timezones=st.just(dt.UTC))


@given(moments, moments, moments, moments)
def test_the_day_is_never_missing_nor_in_the_future(version, published, updated, first):
    found = choose(version_created=version, published=published, updated=updated, first_created=first)
    assert found.day <= (FETCHED + DAY).date()
