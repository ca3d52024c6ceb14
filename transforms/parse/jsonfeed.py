"""JSON Feed 1.0 and 1.1."""

from typing import Any

from schemas.document import FeedHints, ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from transforms.parse.errors import ParseError
from transforms.parse.feed import read_entries
from transforms.parse.feed_categories import Categories
from transforms.parse.feed_facts import EntryFacts, to_item
from transforms.parse.language import language_tag
from transforms.parse.limits import MAX_ITEMS, MAX_MEDIA, MAX_VALUES
from transforms.parse.links import absolute, base_of, is_web
from transforms.parse.probe import Probe
from transforms.parse.text import html_to_text, one_line, plain_text

NAME = "jsonfeed"


def sniff(probe: Probe) -> bool:
    """Whether its version names the format, or it has a title and items with ids and content."""
    if probe.first_json != "{":
        return False
    if "jsonfeed.org/version" in probe.text.replace("\\/", "/"):
        return True
    if '"items"' not in probe.text or '"content_' not in probe.text:
        return False
    value = probe.json()
    return isinstance(value, dict) and isinstance(value.get("items"), list)


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read a feed.

    Raises:
        ParseError: ``malformed_json``, ``not_a_feed``.
    """
    value = probe.json()
    if value is None:
        raise ParseError("malformed_json", "is a JSON Feed that breaks off or has a fault; pull it again")
    entries = value.get("items") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise ParseError("not_a_feed", "is a JSON Feed without a list of items; ask its publisher")
    base = base_of(doc)
    language = language_tag(_text(value.get("language")))
    authors = _authors(value)

    def read(entry: Any, position: int) -> NewsItem:
        return to_item(_facts(entry, base, authors), position, doc.source.time_zone)

    items, failures = read_entries(doc, entries[: MAX_ITEMS + 1], read)
    hubs = [_text(hub.get("url")) for hub in _list(value.get("hubs")) if isinstance(hub, dict)]
    next_page = absolute(_text(value.get("next_url")), base)
    return ParsedDocument(
        format=NAME,
        items=tuple(items),
        failures=tuple(failures),
        hints=FeedHints(
            next_page=next_page if is_web(next_page) else None, hubs=tuple(hub for hub in hubs if hub and is_web(hub))
        ),
        language=language,
        title=_line(value.get("title")),
    )


def _facts(entry: Any, base: str | None, authors: list[str]) -> EntryFacts:
    if not isinstance(entry, dict):
        raise ParseError("not_an_item", "is no JSON object; ask its publisher")
    facts = EntryFacts()
    facts.guid = _text(entry.get("id"))
    facts.link = absolute(_text(entry.get("url")), base) or absolute(_text(entry.get("external_url")), base)
    if facts.link is None and is_web(facts.guid):
        facts.link = facts.guid
    facts.title = _line(entry.get("title"))
    summary = _text(entry.get("summary"))
    if summary:
        facts.summaries.append(plain_text(summary))
    html = _text(entry.get("content_html"))
    text = _text(entry.get("content_text"))
    body = html_to_text(html) if html else plain_text(text) if text else ""
    if body:
        facts.contents.append(body)
    # Items inherit the feed's authors, as the specification says; a blog has one, a newsroom names them per item.
    names = _authors(entry) or authors
    facts.printed_names, facts.names = names, names
    facts.published = _text(entry.get("date_published"))
    facts.updated = _text(entry.get("date_modified"))
    facts.language = language_tag(_text(entry.get("language")))
    facts.media = _media(entry, base)
    categories = Categories()
    for tag in _list(entry.get("tags"))[:MAX_VALUES]:
        categories.add(_line(tag))
    facts.categories = categories
    return facts


def _authors(entry: dict[str, Any]) -> list[str]:
    """Names of 1.1's ``authors``, else of 1.0's ``author``."""
    found = _list(entry.get("authors")) or [entry.get("author")]
    names = [_line(each.get("name")) if isinstance(each, dict) else _line(each) for each in found[:MAX_VALUES]]
    return list(dict.fromkeys(name for name in names if name))


def _media(entry: dict[str, Any], base: str | None) -> list[Media]:
    found: list[Media] = []
    for name in ("image", "banner_image"):
        url = absolute(_text(entry.get(name)), base)
        if url and not any(media.url == url for media in found):
            found.append(Media(url=url, type="image"))
    found.extend(
        Media(url=url, type=_text(each.get("mime_type")), title=_line(each.get("title")))
        for each in _list(entry.get("attachments"))[:MAX_MEDIA]
        if isinstance(each, dict) and (url := absolute(_text(each.get("url")), base))
    )
    return found[:MAX_MEDIA]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    """A text with something in it; numbers count, because ids are often numbers."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def _line(value: Any) -> str | None:
    text = _text(value)
    return one_line(text) or None if text else None
