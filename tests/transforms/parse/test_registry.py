from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import transforms.parse
from schemas.document import RawDocument, Source
from transforms.parse.probe import probe
from transforms.parse.registry import FORMATS, parse_document

NOW = datetime(2026, 2, 17, 12, tzinfo=UTC)


def parse(data, name="https://e.org/feed", content_type=None):
    return parse_document(RawDocument(Source(name), name, data, NOW, content_type))


def test_every_format_of_this_room_is_registered():
    folder = Path(transforms.parse.__file__).parent
    present = {path.stem for path in folder.glob("*.py") if "\ndef sniff(" in path.read_text(encoding="utf-8")}
    assert sorted(FORMATS) == sorted(present)


@pytest.mark.parametrize("name", FORMATS)
def test_formats_claim_nothing_that_says_nothing(name):
    one = import_module(f"transforms.parse.{name}")
    for data in (
        b"",
        b" ",
        b"{}",
        b"[]",
        b"null",
        b"<a/>",
        b"Just a line.",
        b"\x00\xff",
        b"<html><body>x</body></html>",
    ):
        assert not one.sniff(probe(data))


def bomb():
    lines = ['<!ENTITY a0 "ten chars!">'] + [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    return f"<!DOCTYPE rss [{''.join(lines)}]><rss><channel><item><title>&a9;</title></item></channel></rss>".encode()


RSS = b"<rss><channel><item><title>One</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "empty"),
        (b" \n\t", "empty", "empty"),
        (
            b'<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head></html>',
            "not_a_feed",
            "https://e.org/rss.xml",
        ),
        (b"<html><body><p>No access</body></html>", "not_a_feed", "web page"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text", "binary"),
        (b"PK\x03\x04rest", "not_text", "binary"),
        (b'{"a": 1}', "unknown_format", "JSON"),
        (b'{"a": ', "malformed_json", "JSON"),
        (b"<thing><a>1</a></thing>", "not_a_feed", "thing"),
        (b"A line of text.", "unknown_format", "text"),
        (bomb(), "entity_bomb", "bomb"),
        (
            b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + RSS.replace(b"One", b"&x;"),
            "external_entity",
            "outside",
        ),
        (b'<?xml version="1.0" encoding="x-klingon"?>' + RSS.replace(b"One", b"\xe9"), "unknown_encoding", "x-klingon"),
        (b"<rss><channel><item><title>" + b"x" * 65 * 1024 * 1024, "too_large", "split"),
        (b"<rss><channel><item><title>" + b"x" * 11_000_000 + b"</title></item></channel></rss>", "too_large", "split"),
    ],
)
def test_bad_input_is_one_clear_failure(data, code, words):
    parsed = parse(data)
    assert parsed.items == ()
    (failure,) = parsed.failures
    assert (failure.stage, failure.code, failure.input, failure.position) == ("parse", code, "https://e.org/feed", None)
    assert failure.error.startswith("https://e.org/feed: ")
    assert words in failure.error


def test_a_feed_without_entries_is_fine():
    parsed = parse(b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Quiet</title></feed>')
    assert (parsed.format, parsed.items, parsed.failures) == ("atom", (), ())


def test_a_doctype_alone_is_harmless():
    assert parse(b'<!DOCTYPE rss PUBLIC "-//N//DTD" "http://x.invalid/rss.dtd">' + RSS).items[0].headline == "One"


def test_a_feed_behind_a_warning_is_still_a_feed():
    assert parse(b"<br /><b>Warning</b>: mysql\n" + b'<?xml version="1.0"?>' + RSS).items[0].headline == "One"


@given(st.binary(max_size=300))
def test_any_bytes_end_in_items_or_failures(data):
    parsed = parse(data)
    assert parsed.items or parsed.failures


STARTS = [
    b"<rss>",
    b"<feed>",
    b"<urlset>",
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [',
    b"<nitf>",
    b"<NewsML>",
    b'<newsItem guid="x">',
    b"ZCZC",
    b'{"headline": "',
    b"<rdf:RDF>",
    b"From: a@b\nSubject: x\n\n",
]


@given(st.sampled_from(STARTS), st.binary(max_size=100))
def test_any_end_of_a_known_beginning_ends_in_items_or_failures(start, rest):
    parsed = parse(start + rest)
    assert parsed.items or parsed.failures
