"""Every form of dateline that wirelake promises to read, one test a promise."""

import datetime as dt
import subprocess
import sys

import pytest

from transforms.enrich.dateline import parse_dateline
from transforms.enrich.gazetteer import Gazetteer

NEW_YEAR = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2026, 2, 17, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.load()


def read(text, gazetteer, language=None, published=PUBLISHED):
    found = parse_dateline(text, published=published, language=language, gazetteer=gazetteer)
    assert found is not None
    return found, text[found.end :]


@pytest.mark.parametrize(
    ("text", "language", "places", "date", "agencies", "country"),
    [
        # several places, the first decides the country
        ("WASHINGTON/GENEVA, Feb 16 (Reuters) - Talks", "en", ("WASHINGTON", "GENEVA"), 16, ("Reuters",), "US"),
        # the agency before the place
        ("(ANSA) - BARI, 16 FEB - Talks", "it", ("BARI",), 16, ("ANSA",), "IT"),
        # Chinese with figures of full width, Japanese, Korean
        ("新华社北京２月１６日电 Talks", "zh", ("北京",), 16, ("新华社",), "CN"),
        ("【ソウル共同】Talks", "ja", ("ソウル",), None, ("共同",), "KR"),
        ("(부산=연합뉴스) 이하나 기자 = Talks", "ko", ("부산",), None, ("연합뉴스",), "KR"),
        # Arabic and Cyrillic
        ("بغداد 16 فبراير (رويترز) - Talks", "ar", ("بغداد",), 16, ("رويترز",), "IQ"),
        ("КАЗАНЬ, 16 февраля. /ТАСС/. Talks", "ru", ("КАЗАНЬ",), 16, ("ТАСС",), "RU"),
        ("ТОМСК, 16 фев — РИА Новости, Пётр Лосев. Talks", "ru", ("ТОМСК",), 16, ("РИА Новости",), "RU"),
        # UrduPoint's bracket, date and all
        (
            "MULTAN, (UrduPoint / Pakistan Point News - 16th Feb, 2026) Talks",
            "en",
            ("MULTAN",),
            16,
            ("UrduPoint", "Pakistan Point News"),
            "PK",
        ),
        # press-release wires
        (
            "OSLO, Norway, Feb. 16, 2026 (GLOBE NEWSWIRE) -- Talks",
            "en",
            ("OSLO, Norway",),
            16,
            ("GLOBE NEWSWIRE",),
            "NO",
        ),
        ("DENVER, Feb. 16, 2026 /PRNewswire/ -- Talks", "en", ("DENVER",), 16, ("PRNewswire",), "US"),
        ("LEEDS, UK / ACCESSWIRE / February 16, 2026 / Talks", "en", ("LEEDS, UK",), 16, ("ACCESSWIRE",), "GB"),
        # a place whose last word is a day of the week
        ("SANTO DOMINGO, 16 feb (EFE).- Talks", "es", ("SANTO DOMINGO",), 16, ("EFE",), "DO"),
        # the agency of the place's country behind a hyphen, or behind a comma with nothing to close it
        ("بغداد-واع Talks", "ar", ("بغداد",), None, ("واع",), "IQ"),
        ("Baku, February 16, AZERTAC Talks", "en", ("Baku",), 16, ("AZERTAC",), "AZ"),
        # a correspondent's agency without his name, a station's channel
        ("16 февраля, Брест /Корр. БЕЛТА/. Talks", "ru", ("Брест",), 16, ("БЕЛТА",), "BY"),
        ("TULSA, Okla. (FOX 23) — Talks", "en", ("TULSA, Okla.",), None, ("FOX 23",), "US"),
        # an agency before a bar, a date in the agency's bracket, a name with a bracket, the seat in a bracket
        ("BERLIN taz | Talks", "de", ("BERLIN",), None, ("taz",), "DE"),
        ("CEBU CITY (MindaNews / 16 February) -- Talks", "en", ("CEBU CITY",), 16, ("MindaNews",), "PH"),
        ("Hà Nội (TTXVN 16/2) - Talks", "vi", ("Hà Nội",), 16, ("TTXVN",), "VN"),
        ("Halle (Saale) (dpa/sa) - Talks", "de", ("Halle (Saale)",), None, ("dpa", "sa"), "DE"),
        ("NEW YORK (Nations unies) (AFP) - Talks", "fr", ("NEW YORK (Nations unies)",), None, ("AFP",), "US"),
        # an article before the region, a bar behind it
        ("Utrecht, the Netherlands, 16 February 2026 – Talks", "en", ("Utrecht, the Netherlands",), 16, (), "NL"),
        ("Musanze, Rwanda | Talks", "en", ("Musanze, Rwanda",), None, (), "RW"),
        # the Islamic day first, Bengali figures, stations in a list
        ("الرياض 28 شعبان 1447 هـ الموافق 16 فبراير 2026 م واس Talks", "ar", ("الرياض",), 16, ("واس",), "SA"),
        ("ঢাকা, ১৬ ফেব্রুয়ারি, ২০২৬ (বাসস) : Talks", "bn", ("ঢাকা",), 16, ("বাসস",), "BD"),
        ("FRESNO, Calif. (KSEE/FOX 26) — Talks", "en", ("FRESNO, Calif.",), None, ("KSEE", "FOX 26"), "US"),
        # South Asia's colon, Scandinavia's and Swahili's stop
        ("New Delhi: Talks", "en", ("New Delhi",), None, (), "IN"),
        ("KYIV. Talks", "sv", ("KYIV",), None, (), "UA"),
        ("Dar es Salaam. Talks", "sw", ("Dar es Salaam",), None, (), "TZ"),
        # a German town of middle size, a sentence behind a place and nothing between, Taiwan's and Arab papers' signs
        ("Bottrop. Talks", "de", ("Bottrop",), None, (), "DE"),
        ("〔記者王小明／台北報導〕Talks", "zh", ("台北",), None, (), "TW"),
        ("لندن: «الشرق الأوسط» Talks", "ar", ("لندن",), None, ("الشرق الأوسط",), "GB"),
        ("VMPL Pune [India], February 16: Talks", "en", ("Pune [India]",), 16, ("VMPL",), "IN"),
        # two regions in brackets
        (
            "Nagpur (Maharashtra) [India], February 16 (ANI): Talks",
            "en",
            ("Nagpur (Maharashtra) [India]",),
            16,
            ("ANI",),
            "IN",
        ),
        # a river is part of its town's name
        ("Frankfurt/Oder (dpa) - Talks", "de", ("Frankfurt/Oder",), None, ("dpa",), "DE"),
        # behind a byline that runs in
        ("By Ann Lee\nACCRA, Feb 16 (Reuters) - Talks", "en", ("ACCRA",), 16, ("Reuters",), "GH"),
    ],
)
def test_forms(text, language, places, date, agencies, country, gazetteer):
    found, body = read(text, gazetteer, language)
    assert (found.places, found.agencies, found.country) == (places, agencies, country)
    assert found.date == (dt.date(2026, 2, date) if date else None)
    assert found.latitude is not None
    assert body == "Talks"


def test_a_date_behind_a_byline_without_a_place(gazetteer):
    found, body = read("By Ann Lee, Feb 16 (Reuters) - Talks", gazetteer, "en")
    assert (found.places, found.date, found.agencies, body) == ((), dt.date(2026, 2, 16), ("Reuters",), "Talks")


def test_a_sentence_behind_a_city_in_capitals(gazetteer):
    found, body = read("HOUSTON The oil company will move.", gazetteer, "en")
    assert (found.places, found.country, body) == (("HOUSTON",), "US", "The oil company will move.")


def test_a_day_before_the_year_turned(gazetteer):
    assert read("LIMA, Dec 31 (AP) - Talks", gazetteer, "en", NEW_YEAR)[0].date == dt.date(2025, 12, 31)


def test_copy_moved_for_tomorrow(gazetteer):
    assert read("LIMA, Jan 2 (AP) - Talks", gazetteer, "en", NEW_YEAR)[0].date == dt.date(2026, 1, 2)


def test_an_order_of_day_and_month_that_cannot_be_known_stays_text(gazetteer):
    # neither 5 June nor 6 May lies within a week before publication
    found, body = read("LIMA, 05/06/2025 (AP) - Talks", gazetteer, "en")
    assert found.date is None
    assert "05/06/2025" in found.raw
    assert body == "Talks"


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("Washington (dpa) - Talks", "de", "US"),
        ("BIRMINGHAM, Ala. (AP) — Talks", "en", "US"),
        ("BIRMINGHAM (PA) - Talks", "en", "GB"),
        ("ATLANTA, Georgia (Reuters) - Talks", "en", "US"),
        ("TBILISI, Georgia (AP) — Talks", "en", "GE"),
        ("CORDOBA, Argentina (AP) — Talks", "en", "AR"),
        # an agency's home
        ("HYDERABAD, Feb 16 (PTI) - Talks", "en", "IN"),
        ("HYDERABAD, Feb 16 (APP) - Talks", "en", "PK"),
        # a region that nobody knows does not move a country
        ("MÉXICO, D.F., 16 de febrero (EFE).- Talks", "es", "MX"),
        # seats
        ("UNITED NATIONS (AP) — Talks", "en", "US"),
        ("Sarajevo, Bosnia and Herzegovina (AP) — Talks", "en", "BA"),
    ],
)
def test_one_name_of_many_places(text, language, country, gazetteer):
    found, _ = read(text, gazetteer, language)
    assert found.country == country
    assert found.latitude is not None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # an apposition, after which the sentence goes on
        ("Lisbon - Portugal's capital - is getting new trams.", "en"),
        # two names joined, an agency in Chinese prose, a headline
        ("The Lyon–Turin Tunnel Company hired miners.", "en"),
        ("肯尼亚（新华社）总统表示", "zh"),
        ("PERU, AUSTRALIA SIGN A PACT", "en"),
        # a day of the week, a letter's salutation, a trade and a sport that are villages, too
        ("FRIDAY, Feb. 20 - Choir, 7 p.m., town hall.", "en"),
        ("SIR – Your critic is wrong about owls.", "en"),
        ("GOLD – Bullion fell in London.", "en"),
        ("CRICKET – Rain stopped play.", "en"),
        # a league, a day long past, the second race, a country that the story is about
        ("CHICAGO (AL) - Activated a shortstop.", "en"),
        ("Prague, 21 August 1968 - a summer night ends.", "en"),
        ("ASCOT - 2.10: Night Owl; 2.45: Tin Hat.", "en"),
        ("FRANCE – Farmers have had enough.", "en"),
        ("MONTANA: Wolves and their friends.", "en"),
        ("WALL STREET - Stocks slip.", "en"),
        # fragments, a town that is a word, a name behind a city
        ("Essen. Trinken. Reden.", "de"),
        ("Leer. Das Glas auf dem Tisch ist es auch.", "de"),
        ("HOUSTON Astros pitchers report on Monday.", "en"),
        ("CHICAGO The Musical comes to Leeds.", "en"),
        # a heading in a script without capitals
        ("دبي: أين تذهب هذا المساء؟", "ar"),
        # two towns play, or a street joins them
        ("Rouen - Amiens, un derby sous la pluie.", "fr"),
    ],
)
def test_what_is_no_dateline(text, language, gazetteer):
    assert parse_dateline(text, published=PUBLISHED, language=language, gazetteer=gazetteer) is None


def test_the_gazetteer_is_mapped_not_loaded():
    code = (
        "import resource\n"
        "from transforms.enrich import gazetteer\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "places = gazetteer.Gazetteer.load()\n"
        "assert places.locate('Nairobi').country == 'KE'\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # kilobytes; the promise is 150 MB, the file has 12
    assert int(done.stdout) < 40_000
