"""Sitemaps: Google News sitemaps to items, sitemap indexes to the addresses of their children.

A plain sitemap lists addresses without a story's title or date of publication: it gives no items, and its
addresses are not followed. Which of an index's children are polled is decided by who polls it.
"""

from typing import Any

from lxml import etree

from schemas.document import Failure, FeedHints, LinkedDocument, ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from transforms.parse.dates import read_date
from transforms.parse.errors import ParseError
from transforms.parse.feed import read_entries
from transforms.parse.feed_categories import Categories
from transforms.parse.feed_facts import EntryFacts, to_item
from transforms.parse.language import language_tag
from transforms.parse.limits import MAX_MEDIA
from transforms.parse.links import absolute, base_of, is_web
from transforms.parse.probe import Probe
from transforms.parse.text import html_to_text, one_line
from transforms.parse.xml import local_name, read_xml_noted

NAME = "sitemap"

MAX_CHILDREN = 50_000
"""Most sitemaps of one index, by the protocol (sitemaps.org)."""


def sniff(probe: Probe) -> bool:
    """Whether the root is a sitemap's."""
    return probe.root in ("urlset", "sitemapindex")


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read a sitemap or an index.

    Raises:
        ParseError: see `read_xml_noted`.
    """
    read = read_xml_noted(doc.data, doc.content_type)
    base = base_of(doc)
    if probe.root == "sitemapindex":
        parsed = ParsedDocument(NAME, hints=FeedHints(documents=_children(read.root, base)))
    else:
        entries = [child for child in read.root if local_name(child).lower() == "url" and _is_news(child)]

        def read_url(element: Any, position: int) -> NewsItem:
            return to_item(_facts(element, base), position, doc.source.time_zone)

        items, failures = read_entries(doc, entries, read_url)
        parsed = ParsedDocument(NAME, items=tuple(items), failures=tuple(failures))
    if read.truncated:
        message = f"{doc.input}: breaks off before its end ({read.fault}); what stood before was kept: pull it again"
        truncated = Failure("parse", "truncated", message, doc.input)
        return ParsedDocument(NAME, parsed.items, (*parsed.failures, truncated), parsed.hints)
    return parsed


def _children(root: Any, base: str | None) -> tuple[LinkedDocument, ...]:
    """What an index names, each address once."""
    found: dict[str, LinkedDocument] = {}
    for child in [child for child in root if local_name(child).lower() == "sitemap"][:MAX_CHILDREN]:
        url = absolute(_inner(child, "loc"), base)
        if url and is_web(url) and url not in found:
            found[url] = LinkedDocument(url, read_date(_inner(child, "lastmod") or "").moment)
    return tuple(found.values())


def _is_news(element: Any) -> bool:
    return any(local_name(child) == "news" for child in element)


def _facts(element: Any, base: str | None) -> EntryFacts:
    facts = EntryFacts()
    facts.link = absolute(_inner(element, "loc"), base)
    if facts.link is None:
        raise ParseError("no_link", "has no address ('loc'); ask its publisher")
    facts.updated = _inner(element, "lastmod")
    categories = Categories()
    for child in element:
        name = local_name(child)
        if name == "news":
            _news(child, facts, categories)
        elif name == "image" and len(facts.media) < MAX_MEDIA:
            url = absolute(_inner(child, "loc"), base)
            caption, title = _line(_inner(child, "caption")), _line(_inner(child, "title"))
            facts.media.append(Media(url=url, type="image", caption=caption, title=title))
    facts.categories = categories
    return facts


def _news(element: Any, facts: EntryFacts, categories: Categories) -> None:
    for child in element:
        name, text = local_name(child), _line(child.text)
        if name == "title":
            facts.title = text
        elif name == "publication_date":
            facts.published = text
        elif name in ("keywords", "genres", "stock_tickers") and text:
            if name == "keywords":
                categories.add_list(text)
            else:
                facts.extra.append((name, text))
        elif name == "publication":
            facts.source = _line(_inner(child, "name"))
            facts.language = language_tag(_inner(child, "language"))


def _inner(element: Any, name: str) -> str | None:
    """Text of the first child of a name."""
    for child in element.iterchildren(etree.Element):
        if local_name(child).lower() == name:
            return str(child.text).strip() or None if child.text else None
    return None


def _line(text: str | None) -> str | None:
    return one_line(html_to_text(text)) or None if text else None
