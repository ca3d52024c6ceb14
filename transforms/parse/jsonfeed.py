"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from schemas.document import FeedHints, ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from transforms.parse.agency_document import Clock
from transforms.parse.dates import read_date
from transforms.parse.errors import ParseError
from transforms.parse.json_document import (
    Entry,
    entries_at,
    entry_at,
    line_at,
    number_at,
    read_json_document,
    text_at,
    texts_at,
)
from transforms.parse.language import language_tag
from transforms.parse.limits import MAX_MEDIA
from transforms.parse.probe import Probe
from transforms.parse.text import html_to_text, one_line, plain_text

NAME = "jsonfeed"

_KNOWN = frozenset(
    (
        "id",
        "url",
        "external_url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "image",
        "banner_image",
        "date_published",
        "date_modified",
        "author",
        "authors",
        "tags",
        "language",
        "attachments",
    )
)


def sniff(probe: Probe) -> bool:
    """A JSON object whose version names the format."""
    return probe.first_json == "{" and "jsonfeed.org/version/" in probe.text.replace("\\/", "/")


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read every item; a feed without items is well."""
    feed = probe.json()
    if isinstance(feed, dict) and isinstance(feed.get("items", []), list) and not feed.get("items"):
        return _with_feed(ParsedDocument(NAME), feed, doc)
    base = doc.final_url or doc.source.address
    authors = _names(feed) if isinstance(feed, dict) else ()
    zone = doc.source.time_zone

    def read_entry(entry: Entry, clock: Clock) -> NewsItem:  # noqa: ARG001 - one signature for every format
        return _item(entry, base, authors, zone)

    found = read_json_document(doc, probe, NAME, _entries, read_entry)
    return _with_feed(found, feed, doc) if isinstance(feed, dict) else found


def _entries(feed: Any) -> list[Any]:
    items = feed.get("items") if isinstance(feed, dict) else None
    return items if isinstance(items, list) else []


def _with_feed(found: ParsedDocument, feed: Entry, doc: RawDocument) -> ParsedDocument:
    base = doc.final_url or doc.source.address
    following = line_at(feed, "next_url")
    hubs = tuple(url for hub in entries_at(feed, "hubs") if (url := line_at(hub, "url")))
    return replace(
        found,
        language=language_tag(line_at(feed, "language")),
        title=line_at(feed, "title"),
        hints=FeedHints(next_page=urljoin(base, following) if following else None, hubs=hubs),
    )


def _item(entry: Entry, base: str, authors: tuple[str, ...], zone: str | None) -> NewsItem:
    markup, text = text_at(entry, "content_html"), text_at(entry, "content_text")
    body = (html_to_text(markup) if markup else "") or (plain_text(text) if text else "") or None
    summary = text_at(entry, "summary")
    guid, url = line_at(entry, "id"), line_at(entry, "url", "external_url")
    title = text_at(entry, "title")
    if not (guid or url or title or body or summary):
        raise ParseError("empty_item", "has neither id, link nor text")
    printed = line_at(entry, "date_published")
    published = read_date(printed, zone) if printed else None
    modified = line_at(entry, "date_modified")
    names = _names(entry) or authors
    standfirst = html_to_text(summary) or None if summary else None
    return NewsItem(
        guid=guid,
        url=urljoin(base, url) if url else None,
        headline=one_line(html_to_text(title)) or None if title else None,
        standfirst=None if standfirst == body else standfirst,
        body=body,
        byline_raw="; ".join(names) or None,
        byline_names=names,
        language=language_tag(line_at(entry, "language")),
        keywords=texts_at(entry, "tags"),
        media=_media(entry, base),
        published=published.moment if published else None,
        published_raw=printed,
        date_source=published.source if published else None,
        updated=read_date(modified, zone).moment if modified else None,
        extra=tuple((key, str(value)) for key, value in entry.items() if key not in _KNOWN and value is not None),
    )


def _names(entry: Entry) -> tuple[str, ...]:
    people = entries_at(entry, "authors") or ([entry_at(entry, "author")] if entry_at(entry, "author") else [])
    return tuple(name for person in people if (name := line_at(person, "name")))


def _media(entry: Entry, base: str) -> tuple[Media, ...]:
    pictures = dict.fromkeys(filter(None, (line_at(entry, "image"), line_at(entry, "banner_image"))))
    media = [Media(url=urljoin(base, url), type="image") for url in pictures]
    for attached in entries_at(entry, "attachments"):
        url = line_at(attached, "url")
        if url:
            media.append(
                Media(
                    url=urljoin(base, url),
                    type=line_at(attached, "mime_type"),
                    title=line_at(attached, "title"),
                    width=number_at(attached, "width"),
                    height=number_at(attached, "height"),
                )
            )
    return tuple(media[:MAX_MEDIA])
