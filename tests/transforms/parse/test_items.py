import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.document import Failure, RawDocument, Source
from schemas.item import NewsItem
from transforms.parse.items import parse_item_line
from transforms.parse.registry import parse_document


def read(**value):
    return parse_item_line(json.dumps(value), 3, input="in.jsonl")


def parse(data, name="in.jsonl"):
    return parse_document(RawDocument(Source(name), name, data, datetime(2026, 1, 1, tzinfo=UTC)))


def test_every_name_is_read():
    item = read(
        id=7,
        url=" https://e.org/7 ",
        provider="wire",
        headline=" A  headline ",
        standfirst="Short.",
        body=" One.\r\nTwo 1 < 2 &amp;  so on.\n",
        byline="By Ada Byron",
        language="en_GB",
        published="2026-02-17T10:00:00+01:00",
        keywords=["a", "b", "a"],
        subject_codes=["subj:11000000"],
        version="2",
        status="cancelled",
        desk={"name": "north"},
        empty=None,
    )
    assert isinstance(item, NewsItem)
    assert (item.position, item.guid, item.url, item.provider) == (3, "7", "https://e.org/7", "wire")
    assert (item.headline, item.standfirst, item.body) == ("A headline", "Short.", "One.\nTwo 1 < 2 &amp;  so on.")
    assert (item.byline_raw, item.language, item.version, item.status) == ("By Ada Byron", "en-GB", "2", "canceled")
    assert (item.published, item.date_source) == (datetime(2026, 2, 17, 9, tzinfo=UTC), "published")
    assert (item.keywords, item.subject_codes) == (("a", "b"), ("subj:11000000",))
    assert item.media_topics
    assert item.extra == (("desk", '{"name": "north"}'),)


def test_markup_is_read_only_where_it_is_obvious():
    assert read(body="<p>One</p><p>Two</p>").body == "One\nTwo"
    assert read(body="if a <b and b> c").body == "if a <b and b> c"


def test_nulls_are_missing_and_an_empty_headline_is_none():
    item = read(headline="", body=None, id=None, keywords=None, published=None)
    assert (item.headline, item.body, item.guid, item.date_source) == (None, None, None, None)


def test_unreadable_dates_keep_the_item():
    item = read(headline="x", published="soon")
    assert (item.published, item.published_raw, item.date_source) == (None, "soon", "published-unreadable")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("nope", "malformed_json"),
        ("[]", "not_an_item"),
        ("3", "not_an_item"),
        ("{}", "no_text"),
        ('{"headline": 3}', "wrong_type"),
        ('{"headline": "x", "keywords": [1]}', "wrong_type"),
        ('{"headline": "x", "status": "gone"}', "wrong_value"),
        ('{"body": "' + "x " * 2_500_000 + '"}', "item_too_large"),
        ("[" * 50_000, "malformed_json"),
    ],
)
def test_bad_lines_are_failures_that_name_the_line(line, code):
    failure = parse_item_line(line, 4, input="in.jsonl")
    assert isinstance(failure, Failure)
    assert (failure.code, failure.position, failure.raw) == (code, 4, line.encode())
    assert failure.error.startswith("in.jsonl, line 5: ")


def test_every_line_has_its_answer():
    parsed = parse(b'\xef\xbb\xbf{"headline": "a"}\r\n\n{"headline": 1}\nnope\n{"body": "b"}')
    assert parsed.format == "items"
    assert [item.position for item in parsed.items] == [0, 4]
    assert [failure.position for failure in parsed.failures] == [2, 3]


def test_items_are_known_by_content_too():
    assert [i.headline for i in parse(b'{"headline": "a"}\n{"headline": "b"}\n', "x").items] == ["a", "b"]
    assert [i.headline for i in parse(b'[{"headline": "a"}, {"headline": "b"}]', "x.json").items] == ["a", "b"]
    assert [i.headline for i in parse(b'{\n "headline": "a"\n}', "x.json").items] == ["a"]
    assert [i.headline for i in parse('{"headline": "é"}\n'.encode("utf-16")).items] == ["é"]


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60)))
def test_any_line_is_answered(line):
    assert isinstance(parse_item_line(line, 0), NewsItem | Failure)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "id",
                "url",
                "headline",
                "body",
                "standfirst",
                "byline",
                "language",
                "published",
                "keywords",
                "subject_codes",
                "version",
                "status",
                "other",
            ]
        ),
        VALUES,
    )
)
def test_any_values_are_answered(value):
    assert isinstance(parse_item_line(json.dumps(value), 0), NewsItem | Failure)
