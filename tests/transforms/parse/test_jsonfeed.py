import json
from datetime import UTC, datetime

from schemas.document import FeedHints, RawDocument, Source
from schemas.item import Media
from transforms.parse.registry import parse_document


def parse(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return parse_document(
        RawDocument(
            Source("https://e.org/feed.json"), "https://e.org/feed.json", data, datetime(2026, 1, 1, tzinfo=UTC)
        )
    )


FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Wire",
    "language": "en-us",
    "next_url": "/feed.json?p=2",
    "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    "authors": [{"name": "The Desk"}],
}


def test_a_feed():
    item = {
        "id": 12,
        "url": "/12",
        "title": "Headline",
        "summary": "Short.",
        "content_html": "<p>One.</p><p>Two.</p>",
        "content_text": "unused",
        "date_published": "2026-02-17T10:00:00+01:00",
        "date_modified": "2026-02-17T10:30:00Z",
        "authors": [{"name": "Ada"}, {"name": "Bo"}],
        "tags": ["Ports", "medtop:20000587"],
        "image": "/i.jpg",
        "attachments": [{"url": "https://e.org/a.mp3", "mime_type": "audio/mpeg", "title": "Listen"}, 3],
        "language": "de",
    }
    parsed = parse({**FEED, "items": [item, {"id": "x", "content_text": "Only text.\n\nMore."}]})
    assert (parsed.format, parsed.language, parsed.title) == ("jsonfeed", "en-US", "Wire")
    assert parsed.hints == FeedHints(next_page="https://e.org/feed.json?p=2", hubs=("https://hub.example/",))
    first, second = parsed.items
    assert (first.guid, first.url, first.headline) == ("12", "https://e.org/12", "Headline")
    assert (first.standfirst, first.body, first.language) == ("Short.", "One.\nTwo.", "de")
    assert (first.byline_raw, first.byline_names) == ("Ada; Bo", ("Ada", "Bo"))
    assert (first.published.hour, first.updated.hour) == (9, 10)
    assert (first.keywords, first.subject_codes) == (("Ports",), ("medtop:20000587",))
    assert first.media == (
        Media("https://e.org/i.jpg", "image"),
        Media("https://e.org/a.mp3", "audio/mpeg", title="Listen"),
    )
    assert (second.body, second.byline_names, second.position) == ("Only text.\nMore.", ("The Desk",), 1)


def test_version_1_0_and_empty_feeds():
    feed = {"version": "https://jsonfeed.org/version/1", "title": "W", "items": []}
    assert (parse(feed).format, parse(feed).items, parse(feed).failures) == ("jsonfeed", (), ())
    (item,) = parse({**feed, "items": [{"id": "1", "author": {"name": "Ada"}, "content_text": "x"}]}).items
    assert item.byline_raw == "Ada"


def test_faults():
    parsed = parse({**FEED, "items": [{"id": "1", "content_text": "x"}, "nope", None]})
    assert [f.code for f in parsed.failures] == ["not_an_item", "not_an_item"]
    assert len(parsed.items) == 1
    assert [f.code for f in parse({**FEED, "items": None}).failures] == ["not_a_feed"]
    assert [f.code for f in parse(json.dumps(FEED).encode()[:-3]).failures] == ["malformed_json"]
