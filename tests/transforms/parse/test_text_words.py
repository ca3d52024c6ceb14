"""No word of the copy may vanish in the formats that are not XML: each stands in one of the columns of text.

Messages are made of the lines that agencies print, in every order, wrapped, indented, as tables and between control
characters; each word is another one.
"""

import datetime as dt
import itertools
import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.document import RawDocument, Source
from schemas.item import NewsItem
from transforms.parse.registry import parse_document

FETCHED = dt.datetime(2024, 12, 1, tzinfo=dt.UTC)
WORD = re.compile(r"zq\d+x")
LINES = (
    "{0} {1} {2} {3} {4} {5} {6} {7} {8} {9}",
    "   {0} {1} {2} {3} {4} {5} {6} {7} {8} {9} {10} {11}",
    "\t{0} {1} (AP) _ {2} {3}.",
    "Testhafen (dpa) - {0} {1} {2}.",
    "{0}       {1}     {2}",
    "- {0} {1}",
    "-- {0}",
    "({0} {1})",
    "(Korrektur: {0})",
    "{0} =",
    "{0}",
    "By {0} {1}",
    "By Jane {0}",
    "Von {0}, dpa =",
    "Eds: {0} {1}.",
    "#  {0}",
    "UPDATE 1-{0} {1}",
    "1ST LEAD",
    "/{0}/",
    "{0}: {1}",
    "SOURCE: {0}",
    "^{0} {1}<",
    "^By {0} {1}=",
    "^Eds: {0}<",
    "^EDITOR'S NOTE _ {0}<",
    "^{0} {1}",
    "\x08{0};{1};{2}\x10",
    "\x0e{0}\x0f {1}\x1f{2}",
    "$ {0}",
    ":{0} {1}",
    "*{0}",
    "---",
    "dpa {0}",
    "Sperrfrist: {0}",
    "EMBARGOED UNTIL {0}",
    "not for publication:",
    "Headline: {0} {1}",
    "Byline: {0} {1}",
    "Keywords: {0}, {1}",
    "Text: {0}",
    "On the Net: {0}",
    "AP Photo {0}",
    "",
    "",
    "",
)


@st.composite
def copies(draw: st.DrawFn) -> list[str]:
    count = itertools.count()
    words: Iterator[str] = (f"zq{number}x" for number in count)
    shapes = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=14))
    lines = [shape.format(*itertools.islice(words, 12)) for shape in shapes]
    return [*lines, "Zuletzt zq9999x."]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


def columns(item: NewsItem) -> set[str]:
    fields = (
        *(item.headline, item.standfirst, item.body, item.byline_raw, item.dateline_raw, item.editorial_note),
        *(item.credit, item.usage_terms, item.slug, item.take_key, item.source, item.located_place, item.language),
        *(item.keywords, item.genres, item.wire_header, item.extra, item.guid, item.subject_codes),
    )
    return {word for text in texts(fields) for word in WORD.findall(text)}


def message(name: str, lines: list[str]) -> bytes:
    copy = "\r\n".join(lines)
    html = "".join(f"<p>{line}</p>" for line in lines)
    made = {
        "iptc7901": f"\x01bdt0231 4 pl 12 dpa 0877\r\nHafen/\r\n\x02{copy}\r\n\x03081000 GMT Okt 25\r\n\x04",
        "anpa1312": f"\x16\x16\x01a0123\x1f__\r\nr i \x13 BC-Port 10-08 0123\r\n\x02{copy}\r\n\x03\r\n\x04",
        "zczc": f"ZCZC AAA123\r\n{copy}\r\nNNNN\r\n",
        "email": "From: a@b.example\r\nTo: c@d.example\r\nSubject: Port\r\nDate: Wed, 8 Oct 2025 14:00:00 +0000\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{copy}\r\n",
        "plain_text": f"MEDIA RELEASE\r\n\r\n{copy}\r\n",
        "ninjs": json.dumps({"uri": "u", "type": "text", "pubstatus": "usable", "body_text": "\n".join(lines)}),
        "dpa_json": json.dumps({"urn": "u", "format": "digitalwires-1", "article_html": html}),
    }
    return made[name].encode()


@pytest.mark.parametrize("name", ["iptc7901", "anpa1312", "zczc", "email", "plain_text", "ninjs", "dpa_json"])
@given(lines=copies())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_word_of_the_copy_vanishes(name: str, lines: list[str]) -> None:
    data = message(name, lines)
    document = parse_document(RawDocument(Source("x"), "x", data, FETCHED))
    assert document.format == name
    assert document.failures == ()
    printed = {word for line in lines for word in WORD.findall(line)}
    assert printed - {word for item in document.items for word in columns(item)} == set()


@pytest.mark.parametrize("after", ["\x04", "<\r\n\x0c\r\n\x04", "<\r\n\x04\r\nz0001 of another transmission"])
def test_an_anpa_stamp_is_found_where_etx_was_lost_and_eot_was_not(after: str) -> None:
    copy = "^BC-Quay<\r\n^Quay shuts for repairs<\r\n\tThe quay shut on Friday.\r\n\tBoats moved north."
    wire = f"\x16\x16\x01s0101\x1f__\r\nr i \x13 BC-Quay 11-20 0060\r\n\x02{copy}\r\n\tAP-NY-11-20-26 1015EST{after}".encode()
    document = parse_document(RawDocument(Source("x"), "x", wire, dt.datetime(2026, 11, 21, tzinfo=dt.UTC)))
    (item,) = document.items
    assert document.format == "anpa1312"
    assert item.body == "The quay shut on Friday.\nBoats moved north."
    assert item.published == dt.datetime(2026, 11, 20, 15, 15, tzinfo=dt.UTC)
