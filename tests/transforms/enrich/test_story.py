import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.document import Source
from schemas.item import HEADLINE_OF_BODY, STANDFIRST_OF_BODY, NewsItem
from transforms.enrich.naming import identify, registrable_domain
from transforms.enrich.story import EnrichResources, finish, read_item

FEED = "https://news.example.co.uk/feed.xml"
FETCHED = dt.datetime(2019, 1, 15, 9, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2019, 1, 14, 12, tzinfo=dt.UTC)
HEAD = "Ministers Agree New Grain Quota Before Spring Sowing"
SUMMARY = "The trade ministers of five states agreed a new quota for grain exports on Monday, the ministry said"


@pytest.fixture(scope="module")
def resources():
    return EnrichResources.load()


@pytest.fixture(scope="module")
def enrich(resources):
    def run(item, **source):
        draft = read_item(
            item,
            source=Source(address=FEED, **source),
            feed_url=FEED,
            fetched_at=FETCHED,
            document_language=None,
            gazetteer=resources.gazetteer,
        )
        return finish([draft], resources.topics)[0]

    return run


@pytest.mark.parametrize("standfirst", [SUMMARY, None])
def test_golden_headline_twice_standfirst_dateline_and_lede(enrich, standfirst):
    dateline = "MOSCOW (UrduPoint News / Sputnik - 14th January, 2019)"
    lede = f"{SUMMARY}. Exporters had asked for more."
    body = f"{HEAD}\n{HEAD}\n{SUMMARY}\n{dateline} {lede}"
    story = enrich(
        NewsItem(guid="g", headline=HEAD, standfirst=standfirst, body=body, language="en", published=PUBLISHED)
    )
    assert story.headline == HEAD
    assert story.standfirst == SUMMARY
    assert story.body == lede
    assert (story.dateline_place, story.dateline_country) == ("MOSCOW", "RU")
    assert story.dateline_lat == pytest.approx(55.75, abs=0.2)
    assert story.dateline_lon == pytest.approx(37.6, abs=0.2)
    assert story.dateline_date == dt.date(2019, 1, 14)
    assert story.dateline_agencies == ("UrduPoint News", "Sputnik")
    assert story.authors == ()
    assert {"repeated-headline", "repeated-standfirst"} <= set(story.signals)


def test_golden_in_one_paragraph(enrich):
    body = f"{HEAD} {HEAD} {SUMMARY} MOSCOW (UrduPoint News / Sputnik - 14th January, 2019) {SUMMARY}. More."
    story = enrich(NewsItem(guid="g", headline=HEAD, standfirst=SUMMARY, body=body, language="en", published=PUBLISHED))
    assert story.body == f"{SUMMARY}. More."
    assert story.dateline_place == "MOSCOW"


def test_run_in_byline_and_dateline_leave_the_body(enrich):
    body = "By NORA FELD\nAssociated Press\nROME (AP) — The river rose.\n(Reporting by Tom Moe; Editing by Iris Poe)"
    story = enrich(NewsItem(guid="g", headline="River", body=body, language="en", published=PUBLISHED))
    assert story.body.startswith("The river rose.")
    assert story.authors == ("NORA FELD",)
    assert story.byline_agencies == ("Associated Press",)
    assert [(c.name, c.role) for c in story.credits] == [
        ("NORA FELD", "author"),
        ("Tom Moe", "reporting"),
        ("Iris Poe", "editing"),
    ]


def test_a_byline_element_wins_and_the_printed_one_stays_in_the_copy(enrich):
    body = "By NORA FELD\nROME (AP) — The river rose."
    story = enrich(
        NewsItem(guid="g", headline="River", body=body, byline_raw="Tom Moe", language="en", published=PUBLISHED)
    )
    assert story.authors == ("Tom Moe",)
    assert story.dateline_raw == "ROME (AP) —"
    assert story.body == "By NORA FELD\nThe river rose."
    assert ("byline_printed", "By NORA FELD") in story.extra


def test_a_printed_byline_that_names_nobody_else_is_a_repetition(enrich):
    body = "By Nora Feld\nROME (AP) — The river rose."
    story = enrich(NewsItem(guid="g", headline="River", body=body, byline_raw="Nora Feld", published=PUBLISHED))
    assert story.body == "The river rose."
    assert story.extra == ()


def test_a_desk_in_the_element_leaves_the_name_to_the_copy(enrich):
    item = NewsItem(
        guid="g", headline="River", body="By Nora Feld\nROME (AP) — It rose.", byline_raw="By Staff Reporter"
    )
    story = enrich(item)
    assert story.byline_raw == "By Staff Reporter"
    assert story.authors == ("Nora Feld",)
    assert story.body == "It rose."


def test_a_time_stamp_is_no_dateline(enrich):
    body = "ROME (AP) — The river rose."
    story = enrich(NewsItem(guid="g", headline="River", body=body, dateline_raw="20170102T222800+0000", language="en"))
    assert story.dateline_place == "ROME"
    assert story.dateline_raw == "20170102T222800+0000"
    assert story.body == body


def test_a_dateline_element_wins_and_the_printed_one_stays_in_the_copy(enrich):
    item = NewsItem(
        guid="g",
        headline="River",
        body="By NORA FELD\nROME (AP) — The river rose.",
        byline_raw="Tom Moe",
        dateline_raw="Paris",
        language="en",
        published=PUBLISHED,
    )
    story = enrich(item)
    assert story.dateline_place == "Paris"
    assert story.dateline_raw == "Paris"
    assert story.extra == (("byline_printed", "By NORA FELD"), ("dateline_printed", "ROME (AP) —"))
    assert story.body == "By NORA FELD\nROME (AP) — The river rose."


def test_a_dateline_element_that_says_the_same_leaves_a_clean_copy(enrich):
    item = NewsItem(guid="g", headline="River", body="ROME (AP) — The river rose.", dateline_raw="ROME (AP) —")
    assert enrich(item).body == "The river rose."


def test_a_summary_keeps_a_dateline_that_an_element_contradicts(enrich):
    item = NewsItem(guid="g", headline="River", standfirst="ROME (AP) — The river rose.", dateline_raw="Paris")
    assert enrich(item).standfirst == "ROME (AP) — The river rose."


@pytest.mark.parametrize(
    ("located", "country", "expected"),
    [
        ("London", "CA", "CA"),  # metadata say which of two
        ("Nowherton", "CA", "GB"),  # they speak of another place
        ("London", "ME", "GB"),  # no such place there
    ],
)
def test_metadata_settle_the_country_of_a_place_of_the_same_name(enrich, located, country, expected):
    item = NewsItem(
        guid="g", headline="River", dateline_raw="London", located_place=located, located_country=country, language="en"
    )
    story = enrich(item)
    assert story.dateline_country == expected
    assert story.dateline_lat is not None


def test_metadata_give_an_unknown_place_its_country(enrich):
    item = NewsItem(guid="g", headline="R", dateline_raw="Qwxzt", located_place="Qwxzt", located_country="FI")
    assert (enrich(item).dateline_country, enrich(item).dateline_lat) == ("FI", None)


def test_an_alert_whose_sentence_is_its_headline_keeps_its_body(enrich):
    text = "Officials say the pier of Harlund fell into the harbour"
    alert = NewsItem(guid="g", headline=text, body=text, extra=(HEADLINE_OF_BODY,), language="en")
    assert (enrich(alert).headline, enrich(alert).body, enrich(alert).signals) == (text, text, ())
    assert enrich(NewsItem(guid="g", headline=text, body=text, language="en")).signals == ("repeated-headline",)


def test_a_summary_stated_beside_the_copy_it_opens_stays_and_so_does_the_copy(enrich):
    lede = "ROME (AP) — The river rose again."
    twice = NewsItem(
        guid="g",
        headline="River",
        standfirst=lede,
        body=f"{lede}\nMore rain is due.",
        extra=(STANDFIRST_OF_BODY,),
        signals=("repeated-standfirst",),
        language="en",
        published=PUBLISHED,
    )
    story = enrich(twice)
    assert story.standfirst == lede
    assert story.body == "The river rose again.\nMore rain is due."
    assert story.dateline_raw == "ROME (AP) —"
    assert story.signals == ("repeated-standfirst",)
    once = enrich(dataclasses.replace(twice, standfirst=None, extra=(), signals=()))
    assert (story.content_hash, story.word_count, story.topic) == (once.content_hash, once.word_count, once.topic)


def test_a_summary_alone_gives_its_dateline(enrich):
    item = NewsItem(
        guid="g", headline="River", standfirst="ROME (AP) — The river rose again.", language="en", published=PUBLISHED
    )
    story = enrich(item)
    assert story.dateline_place == "ROME"
    assert story.standfirst == "The river rose again."
    assert story.body is None


def test_markers_become_signals_and_the_printed_headline_stays(enrich):
    story = enrich(NewsItem(guid="g", headline="UPDATE 2-Gold slips", body="Gold fell.", signals=("x",)))
    assert (story.headline, story.headline_raw, story.take_key) == ("Gold slips", "UPDATE 2-Gold slips", "UPDATE 2")
    assert story.signals == ("x", "update")


def test_names_are_the_same_before_and_after(enrich):
    item = NewsItem(guid="g", headline=HEAD, body=SUMMARY)
    names = identify(item, Source(address=FEED), FEED, None)
    story = enrich(item)
    assert names == (story.provider, story.story_id, story.content_hash, story.row_id)
    assert story.provider == "example.co.uk"


def test_provider_and_language_go_by_rank(enrich):
    item = NewsItem(guid="g", headline=HEAD, body=SUMMARY, provider="Document", language="EN_gb")
    assert enrich(item).provider == "Document"
    assert enrich(item, provider="List").provider == "List"
    assert enrich(item, language="fr").language == "en-GB"
    assert enrich(NewsItem(guid="g", headline=HEAD, body=SUMMARY), language="fr").language == "fr"
    assert enrich(NewsItem(guid="g", headline=HEAD, body=SUMMARY)).language == "en"
    assert enrich(NewsItem(guid="g", headline="River")).language is None


def test_an_embargo_that_could_not_be_read_and_tags_are_kept(enrich):
    story = enrich(NewsItem(guid="g", headline="River", embargo_raw="tonight"), tags=("a", "b"))
    assert story.extra == (("embargo_raw", "tonight"), ("tags", "a,b"))


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://feeds.news.example.co.uk/x", "example.co.uk"),
        ("http://localhost:8000/feed", "localhost"),
        ("http://127.0.0.1/feed", "127.0.0.1"),
        ("/data/feed.xml", None),
        ("gs://bucket/feed.xml", None),
        ("http://[broken", None),
        (None, None),
    ],
)
def test_registrable_domain(address, domain):
    assert registrable_domain(address) == domain


texts = st.none() | st.text(max_size=200)


@settings(max_examples=40, deadline=None)
@given(headline=texts, standfirst=texts, body=texts, byline=texts, dateline=texts)
def test_any_item_becomes_a_story(enrich, headline, standfirst, body, byline, dateline):
    item = NewsItem(headline=headline, standfirst=standfirst, body=body, byline_raw=byline, dateline_raw=dateline)
    story = enrich(item)
    assert story == enrich(item)
    assert story.headline_raw == headline
