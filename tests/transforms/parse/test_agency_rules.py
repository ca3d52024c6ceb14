"""The small rules that agency formats share."""

import datetime as dt

import pytest
from lxml import etree

from schemas.document import RawDocument, Source
from schemas.item import STANDFIRST_OF_BODY
from transforms.parse.agency_document import Clock
from transforms.parse.catalog import Catalog, last_part, qcode_of_uri
from transforms.parse.countries import country_code
from transforms.parse.editor_notes import part_notes
from transforms.parse.elements import join_lines, outermost
from transforms.parse.news_status import mentions_embargo, signals_of, status_of, take_key_of
from transforms.parse.nitf_content import byline_text
from transforms.parse.registry import parse_document


@pytest.mark.parametrize(
    ("word", "status"),
    [
        (None, "usable"),
        ("OPEN", "usable"),
        ("embargoed", "usable"),
        ("Withheld", "withheld"),
        ("CANCELLED", "canceled"),
    ],
)
def test_status_words(word: str | None, status: str) -> None:
    assert status_of(word) == status


def test_signals_keep_qcodes_and_add_words() -> None:
    assert signals_of(("sig:update", None, "edStat:C", "News")) == ("sig:update", "edStat:C", "update", "correction")
    assert signals_of((), "canceled") == ("kill",)


@pytest.mark.parametrize(
    ("slug", "key"),
    [
        ("BC-US--Budget, 8th Ld-Writethru", "8th Ld-Writethru"),
        ("GLOBAL-OIL/ (UPDATE 12)", "UPDATE 12"),
        ("FIELD-LEADERS", None),
        (None, None),
    ],
)
def test_take_keys(slug: str | None, key: str | None) -> None:
    assert take_key_of(slug) == key


def test_embargo_words() -> None:
    assert mentions_embargo("Sperrfrist: 18 Uhr")
    assert not mentions_embargo("Frei erfunden")


@pytest.mark.parametrize(
    ("body", "left", "notes"),
    [
        ("Copy.\nDie folgenden Informationen sind nicht zur Veröffentlichung bestimmt\nTel. 1", "Copy.", 1),
        ("Copy.\nNOT FOR PUBLICATION\nTel. 1", "Copy.", 1),
        ("Copy.\n* Ikke til offentliggørelse:\nTel. 1", "Copy.", 1),
        ("Copy.\nLes informations suivantes ne sont pas destinées à la publication\nTel. 1", "Copy.", 1),
        ("N i e u w bericht, vervangt: Oude kop\nPeine (agt) - Copy.", "Peine (agt) - Copy.", 1),
        ("Eds: With photos.\nCopy.", "Copy.", 1),
        ("The memo, he said, was not for publication because it named its sources and their homes.", None, 0),
        ("(Adds quotes)\nCopy.", None, 0),
    ],
)
def test_notes_to_editors_leave_the_copy(body: str, left: str | None, notes: int) -> None:
    found, apart = part_notes(body)
    assert (found, len(apart)) == (left or body, notes)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<byline>By BERNARD X<byttl>AP Writer</byttl></byline>", "By BERNARD X\nAP Writer"),
        ("<byline>By M X, <byttl>NAG Reporter</byttl></byline>", "By M X, NAG Reporter"),
        ("<byline><person>A B</person><person>C D</person></byline>", "A B, C D"),
        ("<byline>By<person>Staff</person> in Rome</byline>", "By Staff in Rome"),
        ("<byline> </byline>", None),
    ],
)
def test_bylines_of_nitf(markup: str, text: str | None) -> None:
    assert byline_text(etree.fromstring(markup)) == text


def test_concepts_by_qcode_uri_and_own_alias() -> None:
    catalog = Catalog.of(
        [etree.fromstring('<catalog><scheme alias="mt" uri="http://cv.iptc.org/newscodes/mediatopic/"/></catalog>')]
    )
    codes = [
        catalog.code_of(etree.fromstring(each))
        for each in (
            '<s qcode="mt:20000523"/>',
            '<s uri="http://cv.iptc.org/newscodes/pubstatusg2/usable"/>',
            '<s uri="http://other.example/x/1"/>',
            '<s literal="a b"/>',
            "<s/>",
        )
    ]
    assert codes == ["medtop:20000523", "stat:usable", "http://other.example/x/1", "a b", None]
    assert last_part("http://cv.iptc.org/newscodes/ninature/Text/") == "text"
    assert qcode_of_uri("") == ""


def test_countries() -> None:
    assert [country_code(each) for each in ("fra", "DE", "N2:IND", "United States", "Italia", None)] == [
        "FR",
        "DE",
        "IN",
        "US",
        "Italia",
        None,
    ]


def test_a_zone_that_the_item_states_settles_its_other_times() -> None:
    clock = Clock("Asia/Tokyo").beside("2024-01-01T10:00:00", "2024-01-01T10:00:00+01:00")
    assert clock.dated("2024-01-01T12:00:00") == (dt.datetime(2024, 1, 1, 11, tzinfo=dt.UTC), "published-naive")
    assert Clock("Asia/Tokyo").read("2024-01-01T12:00:00") == dt.datetime(2024, 1, 1, 3, tzinfo=dt.UTC)
    assert Clock("No/Where").read("20240101T120000") == dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)
    assert Clock().dated("some time soon") == (None, "published-unreadable")
    assert Clock().read("0001-01-01T00:00:00+14:00") is None


def test_lines_that_another_says_are_dropped() -> None:
    assert join_lines("a note", None, "note", "a note", "b") == "a note\nb"


def test_outermost_elements_do_not_nest() -> None:
    root = etree.fromstring("<a><b n='1'><b n='2'/></b><c><b n='3'/></c></a>")
    assert [each.get("n") for each in outermost(root, "b")] == ["1", "3"]


def test_a_spool_of_documents_gives_every_item() -> None:
    one = '<?xml version="1.0"?><nitf><head><title>T</title><docdata><doc-id id-string="{0}"/></docdata></head><body/></nitf>'
    data = "\n".join(one.format(number) for number in range(3)).encode()
    document = parse_document(RawDocument(Source("x"), "x", data, dt.datetime(2024, 5, 1, tzinfo=dt.UTC)))
    assert [(item.guid, item.position) for item in document.items] == [("0", 0), ("1", 1), ("2", 2)]
    assert document.failures == ()


def test_another_kind_of_document_behind_the_first_is_a_failure() -> None:
    data = b'<nitf><head><title>T</title></head><body/></nitf><newsItem guid="g"/>'
    document = parse_document(RawDocument(Source("x"), "x", data, dt.datetime(2024, 5, 1, tzinfo=dt.UTC)))
    assert [item.headline for item in document.items] == ["T"]
    assert [failure.code for failure in document.failures] == ["trailing_document"]


@pytest.mark.parametrize(
    ("body", "headline"),
    [
        ("<p>A pier fell.</p>", "A pier fell."),
        ("<p>A pier fell.</p><p>Two hurt.</p>", "A pier fell. Two hurt."),
        ("<p>A pier fell.</p><p>Two hurt.</p><p>More follows.</p>", None),
        (f"<p>{'A pier fell. ' * 30}</p>", None),
    ],
)
def test_an_alert_without_a_headline_is_its_own(body: str, headline: str | None) -> None:
    data = f'<nitf><head><docdata><doc-id id-string="1"/></docdata></head><body><body.content>{body}</body.content></body></nitf>'
    (item,) = parse_document(RawDocument(Source("x"), "x", data.encode(), dt.datetime(2024, 5, 1, tzinfo=dt.UTC))).items
    assert item.headline == headline
    assert ("headline_source", "body") in item.extra or headline is None


@pytest.mark.parametrize(
    ("abstract", "named"),
    [
        ("A pier fell at Harlund on Monday.", True),
        ("a pier fell at HARLUND on monday", True),
        ("A pier fell.", False),
        ("The pier was old.", False),
    ],
)
def test_a_summary_that_opens_the_copy_stays_and_is_named(abstract: str, named: bool) -> None:
    body = "HARLUND (XY) - A pier fell at Harlund on Monday."
    data = (
        f"<nitf><body><body.head><abstract><p>{abstract}</p></abstract></body.head>"
        f"<body.content><p>{body}</p><p>More follows.</p></body.content></body></nitf>"
    )
    (item,) = parse_document(RawDocument(Source("x"), "x", data.encode(), dt.datetime(2024, 5, 1, tzinfo=dt.UTC))).items
    assert (item.standfirst, item.body) == (abstract, f"{body}\nMore follows.")
    assert (STANDFIRST_OF_BODY in item.extra) is ("repeated-standfirst" in item.signals) is named


@pytest.mark.parametrize(
    ("note", "status", "until", "raw"),
    [
        ("EMBARGOED UNTIL Friday noon", "usable", None, "Friday noon"),
        ("Sperrfrist: 9. Mai, 18.00 Uhr", "usable", "2024-05-10T06:00:00+00:00", None),
        ("Eds: A kill is mandatory.", "canceled", None, None),
        ("HOLD HOLD HOLD", "withheld", None, None),
        ("Sperrfrist: keine", "usable", None, None),
        ("Adds quotes.", "usable", None, None),
    ],
)
def test_a_note_to_editors_is_obeyed(note: str, status: str, until: str | None, raw: str | None) -> None:
    data = (
        f'<nitf><head><docdata><doc-id id-string="1"/><date.issue norm="20240508T100000Z"/><ed-msg info="{note}"/>'
        "</docdata></head><body><body.content><p>The port spends more.</p></body.content></body></nitf>"
    )
    document = parse_document(RawDocument(Source("x"), "x", data.encode(), dt.datetime(2024, 5, 8, tzinfo=dt.UTC)))
    (item,) = document.items
    assert (item.status, item.embargo_raw) == (status, raw)
    assert (item.embargo_until and item.embargo_until.isoformat()) == until
