import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.enrich.dateline import WINDOW, parse_dateline, read_dateline_element
from transforms.enrich.gazetteer import Gazetteer

GAZETTEER = Gazetteer.load()
PUBLISHED = dt.datetime(2026, 2, 17, 12, tzinfo=dt.UTC)
LANGUAGES = st.sampled_from([None, "en", "de", "ru", "ar", "zh", "ja", "xx", "pt-BR"])
PIECES = st.sampled_from(
    [
        "LIMA",
        "Lima",
        ", ",
        "Jan 3",
        "3 ene",
        "(AP)",
        "(Reuters)",
        "/TASS/",
        ". ",
        " - ",
        " — ",
        "--",
        ": ",
        "By ",
        "新华社",
        "北京",
        "2月9日电",
        "【",
        "】",
        "(",
        ")",
        "[",
        "]",
        "/",
        "AFP",
        "Wis.",
        "القاهرة",
        "رويترز",
        "МОСКВА",
        "9 фев",
        "РИА Новости",
        "and ",
        "& ",
        "\n",
        "  ",
        "31.02.2026",
        "99",
        "the ",
        "Ann",
    ]
)


def parse(text, language="en", published=PUBLISHED):
    return parse_dateline(text, published=published, language=language, gazetteer=GAZETTEER)


def element(raw, language="en"):
    return read_dateline_element(raw, published=PUBLISHED, language=language, gazetteer=GAZETTEER)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=14).map("".join)), LANGUAGES)
def test_any_text_ends_in_none_or_a_span_within_it(text, language):
    found = parse(text, language)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert found.raw == text[found.start : found.end].strip()
        assert found.raw
        assert parse(text, language) == found


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=8).map("".join)), LANGUAGES)
def test_any_element_ends_in_none_or_a_dateline(raw, language):
    found = element(raw, language)
    assert found is None or found.raw


def test_only_the_opening_is_read():
    text = "LIMA, Jan 21 (Reuters) - Rain fell."
    assert parse(text + "x" * 10_000) == parse(text)
    assert parse("A" * 1_000_000) is None
    assert parse("LIMA " * 100_000) is None
    assert WINDOW < 1_000


def test_region_decides_where_a_place_lies():
    assert parse("BIRMINGHAM, Ala. (AP) — A mill reopened.").country == "US"
    assert parse("LONDON, Ont. (CP) — A mill reopened.").country == "CA"
    assert parse("LONDON (AP) — A mill reopened.").country == "GB"


def test_place_and_region_are_kept_apart():
    found = parse("LA CROSSE, Wis. (AP) — A mill reopened.")
    assert (found.places, found.place, found.region) == (("LA CROSSE, Wis.",), "LA CROSSE", "Wis.")


def test_a_name_with_an_agency_form_but_no_agency_is_no_dateline():
    assert parse("Anna Beispiel (Österreich) - sechs Punkte", "de") is None
    assert parse("SWIFT ARROW (J Doe) 4m By Quick Bow - Long Reach (3:1-0-0):") is None


def test_an_unknown_deliverer_is_never_made_an_agency():
    assert parse("LIMA, Jan 21 (Qwxyz) - Rain fell.").agencies == ()


def test_an_unknown_place_keeps_its_name_without_coordinates():
    found = parse("QWXYZTOWN, Feb 16 (Reuters) - Rain fell.")
    assert (found.place, found.country, found.latitude) == ("QWXYZTOWN", None, None)


def test_the_golden_bracket():
    text = "MOSCOW (UrduPoint News / Sputnik - 14th January, 2019) The depot reopened."
    found = parse(text, published=dt.datetime(2019, 1, 14, tzinfo=dt.UTC))
    assert text[found.end :] == "The depot reopened."
    assert found.date == dt.date(2019, 1, 14)
    assert found.agencies == ("UrduPoint News", "Sputnik")
    assert (found.country, round(found.latitude), round(found.longitude)) == ("RU", 56, 38)


def test_a_byline_on_its_own_line_is_passed():
    text = "By ANN EXAMPLE\nOSLO (AP) — Salmon escaped."
    assert text[parse(text).end :] == "Salmon escaped."


@pytest.mark.parametrize(
    "raw", ["", "4/4/2018", "20260102T222800+0000", "2026-01-02 20:13:08 GMT+00:00", "No-Data-Available"]
)
def test_an_element_without_a_place_is_none(raw):
    assert element(raw) is None


@pytest.mark.parametrize(
    ("raw", "place", "country"),
    [
        ("NEW YORK", "NEW YORK", "US"),
        ("Strasbourg, 10 juil 2024 (AFP)", "Strasbourg", "FR"),
        ("KNOXVILLE, Tenn.", "KNOXVILLE", "US"),
        ("Athen (dpa) - ", "Athen", "GR"),
        ("ANSA TEST - ROMA, 01 LUG -", "ROMA", "IT"),
        ("Landquart GR", "Landquart GR", "CH"),
    ],
)
def test_an_element_is_believed(raw, place, country):
    found = element(raw)
    assert (found.place, found.country) == (place, country)


@pytest.mark.parametrize("raw", ["(Reuters)", "(AP) -", ", (AP)"])
def test_an_element_with_nothing_but_an_agency_never_raises(raw: str) -> None:
    found = read_dateline_element(raw, published=PUBLISHED, language="en", gazetteer=GAZETTEER)
    assert found is None or (found.place is None and found.agencies)
