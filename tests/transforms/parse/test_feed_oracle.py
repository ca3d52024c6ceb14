"""Our reader beside feedparser: the same answers on whole feeds, rows or failures on broken ones."""

import calendar
import io
import warnings
from datetime import UTC, datetime
from html import escape

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.document import RawDocument, Source
from transforms.parse.feed_facts import to_item
from transforms.parse.feedparser_reader import read_with_feedparser
from transforms.parse.registry import parse_document
from transforms.parse.text import html_to_text, one_line

URL = "https://example.org/feed"

WORDS = st.sampled_from(
    ["harbour", "strike", "Été", "minister", "1 < 2", "R&D", "“talks”", "naïve", "северный", "x", "It's", "50%", "東京"]
)
PROSE = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
MARKUP = st.lists(
    st.one_of(
        PROSE.map(lambda text: f"<p>{escape(text)}</p>"),
        PROSE.map(lambda text: f"<p>{escape(text)} <a href='/x?a=1&amp;b=2'>{escape(text)}</a><br/>end</p>"),
        PROSE.map(lambda text: f"<ul><li>{escape(text)}</li></ul>"),
        st.just("<img src='/i.jpg' alt='a'/>"),
    ),
    min_size=1,
    max_size=4,
).map("\n".join)
MOMENT = st.datetimes(
    min_value=datetime(1995, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    max_value=datetime(2040, 1, 1, tzinfo=UTC).replace(tzinfo=None),
)
RFC = MOMENT.map(lambda t: t.strftime("%a, %d %b %Y %H:%M:%S ")).flatmap(
    lambda t: st.sampled_from(["GMT", "+0000", "-0500", "EST", "+0530"]).map(lambda zone: t + zone)
)
ISO = MOMENT.map(lambda t: t.strftime("%Y-%m-%dT%H:%M:%S")).flatmap(
    lambda t: st.sampled_from(["Z", "+01:00", "-08:00"]).map(lambda zone: t + zone)
)
PATH = st.integers(1, 999).map(lambda n: f"https://example.org/story/{n}?a=1&b={n}")
NAME = st.sampled_from(["Ada Byron", "Bo Ek", "Chloé Ду", "The Desk"])


def element(name, value):
    return value.map(lambda text: f"<{name}>{escape(text)}</{name}>")


def cdata(name, value):
    return value.map(lambda text: f"<{name}><![CDATA[{text}]]></{name}>")


RSS_PARTS = st.one_of(
    element("link", PATH),
    st.tuples(st.sampled_from(["true", "false"]), PATH).map(
        lambda g: f'<guid isPermaLink="{g[0]}">{escape(g[1])}</guid>'
    ),
    element("pubDate", RFC),
    element("dc:date", ISO),
    element("dc:creator", NAME),
    element("category", PROSE),
    element("description", PROSE),
    element("description", MARKUP),
    cdata("content:encoded", MARKUP),
    PATH.map(lambda url: f'<enclosure url="{escape(url)}" type="audio/mpeg" length="1"/>'),
    PATH.map(lambda url: f'<media:content url="{escape(url)}" medium="image"/>'),
    st.just("<slash:comments>4</slash:comments>"),
    st.just("<!-- a note -->"),
)
ATOM_PARTS = st.one_of(
    PATH.map(lambda url: f'<link href="{escape(url)}"/>'),
    PATH.map(lambda url: f'<link rel="related" href="{escape(url)}"/>'),
    PATH.map(lambda url: f'<link rel="enclosure" type="audio/mpeg" href="{escape(url)}"/>'),
    element("id", PATH),
    element("published", ISO),
    element("updated", ISO),
    NAME.map(lambda name: f"<author><name>{escape(name)}</name></author>"),
    PROSE.map(lambda text: f'<category term="{escape(text)}"/>'),
    MARKUP.map(lambda text: f'<summary type="html">{escape(text)}</summary>'),
    MARKUP.map(lambda text: f'<content type="html">{escape(text)}</content>'),
    MARKUP.map(lambda text: f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{text}</div></content>'),
)


def unlike(part):
    """Elements that feeds have once; where one repeats, both readers have their own (documented) choice."""
    name = part[1:].split(">")[0].split(" ")[0]
    return part if name in ("category", "dc:creator", "author", "enclosure", "media:content", "link") else name


def entry(parts, title):
    kept = {unlike(part): part for part in parts}
    links = [key for key in kept if key.startswith("<link") and "rel=" not in key]
    for extra in links[1:] if not any(key == "<link>" for key in kept) else []:
        del kept[extra]
    return f"<title>{escape(title)}</title>{''.join(kept.values())}"


RSS_ENTRY = st.builds(entry, st.lists(RSS_PARTS, max_size=8), PROSE)
ATOM_ENTRY = st.builds(entry, st.lists(ATOM_PARTS, max_size=8), PROSE)
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)
RSS_FEED = st.lists(RSS_ENTRY, max_size=4).map(
    lambda items: (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {SPACES}><channel><title>W</title>'
        f"{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )
)
ATOM_FEED = st.lists(ATOM_ENTRY, max_size=4).map(
    lambda items: (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>W</title>{"".join(f"<entry>{item}</entry>" for item in items)}</feed>'
    )
)
FEEDS = st.one_of(RSS_FEED, ATOM_FEED)


def document(data):
    return RawDocument(Source(URL), URL, data, datetime(2026, 2, 17, tzinfo=UTC))


def oracle(data):
    options = {"sanitize_html": False, "resolve_relative_uris": False}
    headers = {"content-type": "application/xml; charset=utf-8"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(io.BytesIO(data), response_headers=headers, **options).entries


def entries_for_feedparser(data):
    try:
        return oracle(data)
    except (UnicodeError, AssertionError, ValueError):  # feedparser's own accidents with broken bytes
        return []


@settings(max_examples=60)
@given(FEEDS)
def test_whole_feeds_read_as_feedparser_reads_them(text):
    parsed = parse_document(document(text.encode()))
    theirs = oracle(text.encode())
    assert not parsed.failures
    assert len(parsed.items) == len(theirs)
    for ours, entry in zip(parsed.items, theirs, strict=True):
        assert ours.headline == one_line(html_to_text(entry.title))
        assert ours.guid == entry.get("id")
        assert (ours.url or "") == entry.get("link", "")
        names = list(dict.fromkeys(author["name"] for author in entry.get("authors", [])))
        assert (ours.byline_raw or "") == "; ".join(names)
        assert list(ours.keywords) == list(dict.fromkeys(one_line(tag.term) for tag in entry.get("tags", [])))
        stated = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
        assert (ours.published and calendar.timegm(ours.published.utctimetuple())) == (
            stated and calendar.timegm(stated)
        )
        addresses = {link.href for link in entry.get("links", []) if link.rel == "enclosure"} | {
            each["url"] for each in entry.get("media_content", [])
        }
        assert {media.url for media in ours.media} == addresses
        content = [html_to_text(each.value) for each in entry.get("content", [])]
        if content:
            assert ours.body in content or ours.body is None
        summary = html_to_text(dict.get(entry, "summary") or "")
        assert (ours.standfirst or ours.body or "") in ("", summary, *content)


@settings(max_examples=60)
@given(FEEDS)
def test_both_readers_make_the_same_items(text):
    doc = document(text.encode())
    facts, version = read_with_feedparser(doc, URL)
    tolerant = [to_item(each, position, None) for position, each in enumerate(facts)]
    ours = parse_document(doc).items
    assert version
    assert len(ours) == len(tolerant)
    for fast, slow in zip(ours, tolerant, strict=True):
        for name in (
            "position",
            "guid",
            "url",
            "headline",
            "body",
            "byline_raw",
            "published",
            "keywords",
            "subject_codes",
        ):
            assert getattr(fast, name) == getattr(slow, name), name
        assert {media.url for media in fast.media} == {media.url for media in slow.media}


def mutate(data, changes):
    data = bytearray(data)
    for place, kind, piece in changes:
        at = place % (len(data) + 1)
        if kind == "cut":
            del data[at : at + len(piece) * 3]
        elif kind == "end":
            del data[at:]
        else:
            data[at:at] = piece
    return bytes(data)


PIECES = st.sampled_from(
    [
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b'"',
        b"\x00",
        b"\xff",
        b"</item>",
        b"<item>",
        b"&nbsp;",
        b"</rss>",
        b"<b>",
        b"\xc3",
        b"<!DOCTYPE x>",
        b"<x:y>",
    ]
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 100_000), st.sampled_from(["cut", "end", "put", "put", "put"]), PIECES),
    min_size=1,
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(FEEDS, CHANGES)
def test_broken_feeds_end_in_rows_or_failures(text, changes):
    data = mutate(text.encode(), changes)
    parsed = parse_document(document(data))
    if not parsed.items and not parsed.failures:
        assert not entries_for_feedparser(data)
    assert len({item.position for item in parsed.items}) == len(parsed.items)
    for item in parsed.items:
        assert item.published is None or item.published.tzinfo is not None
