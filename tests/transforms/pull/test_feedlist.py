import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.document import Source
from transforms.pull.feedlist import FeedListError, looks_like_feed_list, read_feed_list

OPML = b"""<?xml version="1.0"?><opml version="2.0"><body>
<outline text="World"><outline text="Coast" xmlUrl="https://coast.example/rss" language="en"/></outline>
<outline text="Here" xmlUrl="here.xml"/><outline text="Again" xmlUrl="https://coast.example/rss"/></body></opml>"""


def test_opml_gives_each_feed_once_with_its_folders_as_tags() -> None:
    assert read_feed_list("lists/all.opml", OPML) == (
        Source(address="https://coast.example/rss", language="en", tags=("World",)),
        Source(address="lists/here.xml"),
    )


def test_yaml_takes_words_and_mappings() -> None:
    data = b"""
feeds:
  - https://a.example/rss
  - url: https://b.example/rss
    provider: b-news
    language: de
    tags: [coast, sea]
    topic: sport
    headers: {Authorization: "env:B_TOKEN"}
    time_zone: Europe/Vienna
"""
    first, second = read_feed_list("feeds.yaml", data)
    assert first == Source(address="https://a.example/rss")
    assert second == Source(
        address="https://b.example/rss",
        provider="b-news",
        language="de",
        tags=("coast", "sea"),
        topic="sport",
        headers=(("Authorization", "env:B_TOKEN"),),
        time_zone="Europe/Vienna",
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"- {provider: x}", "needs a `url`"),
        (b"- {url: a/b, colour: red}", "unknown key colour"),
        (b"- {url: a/b, topic: gossip}", "none of"),
        (b"- {url: a/b, time_zone: Mars/Base}", "no IANA zone"),
        (b"- {url: a/b, headers: [x]}", "maps names"),
        (b"x: [", "not readable as YAML"),
        (b"[]", "no feed in this list"),
        (b"word", "expected a list"),
    ],
)
def test_a_bad_list_says_where_and_what(data: bytes, says: str) -> None:
    with pytest.raises(FeedListError, match=says) as caught:
        read_feed_list("feeds.yaml", data)
    assert "feeds.yaml" in str(caught.value)


def test_broken_opml_says_so() -> None:
    with pytest.raises(FeedListError, match="broken OPML"):
        read_feed_list("all.opml", OPML[:120])


def test_documents_are_no_lists() -> None:
    assert looks_like_feed_list("a.json", b'["https://a.example/rss"]')
    assert looks_like_feed_list("a.json", b'{"feeds": [{"url": "https://a.example/rss"}]}')
    assert not looks_like_feed_list("a.json", b'{"version": "https://jsonfeed.org/version/1.1", "items": []}')
    assert not looks_like_feed_list("a.json", b'[{"url": "https://a.example/1", "headline": "x"}]')
    assert looks_like_feed_list("a.xml", OPML)
    assert not looks_like_feed_list("a.xml", b"<rss/>")


@given(st.binary(max_size=300), st.sampled_from(["a.opml", "a.yaml", "a.json"]))
def test_any_bytes_are_a_list_or_an_error(data: bytes, name: str) -> None:
    looks_like_feed_list(name, data)
    try:
        assert read_feed_list(name, data)
    except FeedListError as error:
        assert name in str(error)
