import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.agencies import AGENCIES, agency_home, begins_agency, is_agency
from transforms.enrich.gazetteer import Gazetteer
from transforms.enrich.place_keys import place_key

GAZETTEER = Gazetteer.load()


@pytest.mark.parametrize(
    ("place", "region", "agencies", "country"),
    [
        ("Washington", None, ("dpa",), "US"),
        ("BIRMINGHAM", "Ala.", ("AP",), "US"),
        ("BIRMINGHAM", None, ("PA",), "GB"),
        ("HYDERABAD", None, ("APP",), "PK"),
        ("HYDERABAD", None, ("PTI",), "IN"),
        ("Washington", "DC, United States", (), "US"),
        ("GEORGIA", None, (), "GE"),
        ("UNITED NATIONS", None, (), "US"),
        *((name, None, (), "CN") for name in ("Peking", "Pechino", "北京", "Пекин")),
        *((name, None, (), "GB") for name in ("Londres", "Londra", "Лондон", "لندن")),
        *((name, None, (), "EG") for name in ("Le Caire", "El Cairo", "القاهرة")),
        ("Mailand", None, (), "IT"),
        ("Kiew", None, (), "UA"),
        ("Bombay", None, (), "IN"),
        ("Münih", None, (), "DE"),
        ("Estrasburgo", None, (), "FR"),
        ("Нью-Йорк", None, (), "US"),
        ("维也纳", None, (), "AT"),
        ("罗马", None, (), "IT"),
        ("米兰", None, (), "IT"),
        ("ジュネーブ", None, (), "CH"),
        ("오사카", None, (), "JP"),
        ("정읍", None, (), "KR"),
        ("عمان", None, (), "JO"),
        ("الخرطوم", None, (), "SD"),
        ("वाशिंगटन", None, (), "US"),
        ("Helsinque", None, (), "FI"),
        ("Isztanbul", None, (), "TR"),
        ("CANCUN", None, (), "MX"),
        ("GEORGE TOWN", None, (), "MY"),
        ("SALVADOR", None, (), "BR"),
        ("Granada", None, (), "ES"),
        ("Донецк", None, ("РИА Новости",), "UA"),
        ("Ottawa Ontario Canada", None, (), "CA"),
        ("Heredia Costa Rica", None, (), "CR"),
        ("TEXAS", None, ("AP",), "US"),
        ("VIRGINIA", None, (), "US"),
        ("PUNJAB", None, ("APP",), "PK"),
        ("PUNJAB", None, ("PTI",), "IN"),
        ("ALBERTA", None, (), "CA"),
        ("FLORIDA", None, (), "US"),
        ("ONTARIO", None, ("CP",), "CA"),
        ("ONTARIO", "Calif.", ("AP",), "US"),
        ("LA RIOJA", None, ("NA",), "AR"),
        ("PRESTON", "Lancashire", ("PA",), "GB"),
        ("RAFAH", "Gaza", (), "PS"),
        ("CÓRDOBA", "Veracruz", (), "MX"),
        ("TAIZHOU", "Jiangsu Province", (), "CN"),
        ("SCARBOROUGH", "North Yorkshire county", (), "GB"),
        ("KINGSTOWN", "St. Vincent", (), "VC"),
        ("GEORGE TOWN", "Cayman Islands", (), "KY"),
        ("DEIR AL-BALAH", "Gaza Strip", ("AP",), "PS"),
    ],
)
def test_where_places_lie(place, region, agencies, country):
    found = GAZETTEER.locate(place, region=region, agencies=agencies, language=None)
    assert found.country == country
    assert found.latitude is not None


def test_a_large_city_keeps_its_name_from_places_that_are_called_so_elsewhere():
    assert [GAZETTEER.locate(name).name for name in ("Andong", "Petrópolis", "Norfolk")] == [
        "Andong",
        "Petrópolis",
        "Norfolk",
    ]


def test_a_country_stays_one_though_a_town_or_another_capital_is_called_so():
    assert GAZETTEER.locate("Cuba", language="tr").country == "CU"  # Juba in Turkish
    assert GAZETTEER.locate("Jamaica").is_country
    assert GAZETTEER.locate("Polen", language="de").country == "PL"


def test_the_language_of_the_copy_prefers_where_it_is_spoken():
    assert GAZETTEER.locate("Toledo", language="es").country == "ES"
    assert GAZETTEER.locate("Toledo", language="en").country == "US"


def test_unknown_places_and_known_regions():
    assert GAZETTEER.locate("Qwxyzville") is None
    for region, language, country in (("Fla.", "en", "US"), ("PA", "en", "US"), ("PA", "pt", "BR")):
        found = GAZETTEER.locate("QWXYZVILLE", region=region, language=language)
        assert (found.country, found.latitude) == (country, None)


@given(st.text(max_size=60), st.none() | st.text(max_size=30))
def test_any_name_is_located_or_not(place, region):
    found = GAZETTEER.locate(place, region=region, agencies=(place,), language="en")
    assert found is None or len(found.country) == 2


@given(st.text(max_size=40))
def test_keys_are_stable_under_case_of_ascii(text):
    assert place_key(place_key(text)) == place_key(text) or not text.isascii()


def test_every_name_of_an_agency_begins_one():
    assert all(begins_agency(name.split(" ")[0]) for agency in AGENCIES.values() for name in agency.names)
    assert not begins_agency("Qwxyz")


def test_agencies_come_from_the_table():
    assert is_agency("Thomson Reuters Foundation")
    assert is_agency("新华社")
    assert not is_agency("QWXYZ")
    assert (agency_home("dpa"), agency_home("Reuters"), agency_home("nobody")) == ("DE", None, None)
