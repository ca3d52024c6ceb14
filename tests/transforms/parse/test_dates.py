from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse.dates import NAIVE, PRINTED, REPAIRED, UNREADABLE, read_date


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Tue, 05 Nov 2024 05:00:00 GMT", at(2024, 11, 5, 5)),
        ("Tue, 05 Nov 2024 05:00:00 +0000", at(2024, 11, 5, 5)),
        ("Tue, 5 Nov 2024 05:00 +0530", at(2024, 11, 4, 23, 30)),
        ("05 Nov 24 05:00:00 EST", at(2024, 11, 5, 10)),
        ("Tue, 05 Nov 2024 05:00:00 Z", at(2024, 11, 5, 5)),
        ("Thu Jan 01 2004 19:48:21 GMT+0100", at(2004, 1, 1, 18, 48, 21)),
        ("Mon Nov  4 10:00:00 EST 2024", at(2024, 11, 4, 15)),
        ("2024-11-05T05:00:00Z", at(2024, 11, 5, 5)),
        ("2024-11-05t05:00:00z", at(2024, 11, 5, 5)),
        ("2024-11-05T05:00:00+01:00", at(2024, 11, 5, 4)),
        ("2024-11-05T05:00:00-0330", at(2024, 11, 5, 8, 30)),
        ("2024-11-05 05:00:00 +0000", at(2024, 11, 5, 5)),
        ("2024-11-05T05:00:00.123456789+01", at(2024, 11, 5, 4, 0, 0, 123456)),
        ("20240131T101500Z", at(2024, 1, 31, 10, 15)),
        ("20240131T101500+0100", at(2024, 1, 31, 9, 15)),
        ("20240131101500+0100", at(2024, 1, 31, 9, 15)),
        ("2024-11-05T24:00:00Z", at(2024, 11, 6)),
        ("2016-12-31T23:59:60Z", at(2017, 1, 1)),
        ("1730782800", at(2024, 11, 5, 5)),
        ("1730782800000", at(2024, 11, 5, 5)),
        ("Tuesday, November 5, 2024 - 5:00 PM EST", at(2024, 11, 5, 22)),
    ],
)
def test_zones_beyond_doubt(printed, moment):
    assert read_date(printed) == (moment, PRINTED)


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("BST", 1),
        ("CET", 1),
        ("CEST", 2),
        ("IST", 5.5),
        ("AEDT", 11),
        ("AEST", 10),
        ("EEST", 3),
        ("MSK", 3),
        ("JST", 9),
        ("NZDT", 13),
        ("SAST", 2),
        ("MESZ", 2),
    ],
)
def test_zone_names_that_feedparser_takes_for_utc(name, hours):
    moment, source = read_date(f"Tue, 05 Nov 2024 12:00:00 {name}")
    assert (at(2024, 11, 5, 12) - moment).total_seconds() == hours * 3600
    assert source == REPAIRED
    assert read_date(f"2024-11-05 12:00 {name}").moment == moment


def test_the_sources_zone_decides_what_a_name_means():
    assert read_date("Tue, 05 Nov 2024 12:00:00 IST", "Asia/Jerusalem").moment == at(2024, 11, 5, 10)
    assert read_date("Tue, 05 Nov 2024 12:00:00 CST", "Asia/Shanghai").moment == at(2024, 11, 5, 4)
    assert read_date("Tue, 05 Nov 2024 12:00:00 CST", "Europe/Paris").moment == at(2024, 11, 5, 18)


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2024-11-05", at(2024, 11, 5)),
        ("2024-11", at(2024, 11, 1)),
        ("2024", at(2024, 1, 1)),
        ("20241105", at(2024, 11, 5)),
        ("2024-11-05T05:00:00", at(2024, 11, 5, 5)),
        ("2024-11-05 05:00", at(2024, 11, 5, 5)),
        ("Nov 5, 2024 5:00 PM", at(2024, 11, 5, 17)),
        ("Nov 5, 2024 12:30 a.m.", at(2024, 11, 5, 0, 30)),
        ("5 pm, 5 November 2024", at(2024, 11, 5, 17)),
        ("5 novembre 2024", at(2024, 11, 5)),
        ("Mar, 05 nov 2024 10:00:00", at(2024, 11, 5, 10)),
        ("Dienstag, 5. November 2024, 17:05 Uhr", at(2024, 11, 5, 17, 5)),
        ("5 de noviembre de 2024, 10:30 h", at(2024, 11, 5, 10, 30)),
        ("5 ноября 2024 10:30", at(2024, 11, 5, 10, 30)),
        ("2024年11月5日 17:00", at(2024, 11, 5, 17)),
        ("2024-11-05 오후 5:00:00", at(2024, 11, 5, 17)),
        ("13.11.2024 17:00", at(2024, 11, 13, 17)),
        ("05.11.2024 17:00", at(2024, 11, 5, 17)),
        ("11/13/2024 17:00", at(2024, 11, 13, 17)),
        ("26-FEB-1987 15:01:01.79", at(1987, 2, 26, 15, 1, 1)),
    ],
)
def test_dates_without_a_zone_say_so(printed, moment):
    assert read_date(printed) == (moment, NAIVE)


def test_a_date_without_a_zone_is_the_sources():
    assert read_date("2024-07-05T10:00:00", "Europe/Paris") == (at(2024, 7, 5, 8), NAIVE)
    assert read_date("2024-01-05T10:00:00", ZoneInfo("Europe/Paris")).moment == at(2024, 1, 5, 9)
    assert read_date("2024-01-05T10:00:00", "No/Such").moment == at(2024, 1, 5, 10)


def test_day_and_month_are_not_guessed():
    assert read_date("05/11/2024 17:00") == (None, UNREADABLE)
    assert read_date("05/11/2024 17:00", "Europe/Paris").moment == at(2024, 11, 5, 16)
    assert read_date("05/11/2024 17:00", "America/New_York").moment == at(2024, 5, 11, 21)
    assert read_date("05/11/2024 5:00 PM").moment == at(2024, 5, 11, 17)


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "soon",
        "0001-01-01T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "2024-02-30T10:00:00Z",
        "Tue, 05 Foo 2024 05:00:00 GMT",
        "2024-11-05T25:00:00Z",
        "12",
        "99999999999",
        "x" * 500,
        "2024-11-05T05:00:00+99:00",
    ],
)
def test_unreadable_dates_say_so(printed):
    assert read_date(printed) == (None, UNREADABLE)


@given(
    st.datetimes(min_value=at(1990, 1, 1).replace(tzinfo=None), max_value=at(2199, 12, 31).replace(tzinfo=None)),
    st.integers(-14 * 4, 14 * 4),
)
def test_rfc_822_and_iso_as_feedparser_reads_them(naive, quarters):
    sign, size = ("-", -quarters) if quarters < 0 else ("+", quarters)
    hours, minutes = divmod(size * 15, 60)
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    clock = f"{naive.hour:02}:{naive.minute:02}:{naive.second:02}"
    for printed in (
        f"{days[naive.weekday()]}, {naive.day:02} {months[naive.month - 1]} {naive.year} {clock} {sign}{hours:02}{minutes:02}",
        f"{naive.date().isoformat()}T{clock}{sign}{hours:02}:{minutes:02}",
    ):
        theirs = feedparser.datetimes._parse_date(printed)
        moment, source = read_date(printed)
        assert moment is not None
        assert moment.timetuple()[:6] == tuple(theirs)[:6]
        assert source == PRINTED


@given(st.text(max_size=60), st.sampled_from([None, "Europe/Paris", "../etc/passwd", ""]))
def test_any_text_is_a_date_or_not(text, zone):
    moment, source = read_date(text, zone)
    assert (moment is None) == (source == UNREADABLE)
    assert moment is None or moment.utcoffset().total_seconds() == 0


@given(st.text(alphabet="0123456789-:/.TZ+ amPMNovGMT", max_size=40))
def test_anything_like_a_date_is_a_date_or_not(text):
    read_date(text)
