"""The tolerant reader: feedparser, for documents that are no well-formed feed.

Repaired here: captions (``media:description``) are kept apart from content, all authors are taken, dates are read by
`transforms.parse.dates` (named zones), and only where that fails by feedparser's own readers.
"""

import io
import time
import warnings
from datetime import UTC, datetime
from typing import Any

import feedparser

from schemas.document import RawDocument
from schemas.item import Media
from transforms.parse.charset import decode, without_declaration
from transforms.parse.dates import read_date
from transforms.parse.errors import ParseError
from transforms.parse.feed_categories import Categories
from transforms.parse.feed_facts import EntryFacts
from transforms.parse.feed_xml import FeedContext, repaired
from transforms.parse.figures import take_captions
from transforms.parse.language import language_tag
from transforms.parse.limits import MAX_ITEMS, MAX_MEDIA, MAX_VALUES
from transforms.parse.links import absolute
from transforms.parse.text import html_to_text, one_line, plain_text

MAX_TOLERANT_BYTES = 16 * 1024 * 1024
"""feedparser takes seconds for a megabyte of broken feed; beyond this size a document must be well-formed."""

_CAPTION = "wirelakecaption"
_NO_REPAIR = FeedContext(base=None, has_base=False, atom=False, has_c1=True, encoded_twice=False)


def read_with_feedparser(doc: RawDocument, base: str | None) -> tuple[list[EntryFacts], str]:
    """Read a document with feedparser.

    Args:
        doc: its bytes.
        base: of relative links.

    Returns:
        Facts of its entries in document order, and feedparser's name of the format (empty: none).

    Raises:
        ParseError: ``too_large``, ``unknown_encoding``, ``unreadable``.
    """
    if len(doc.data) > MAX_TOLERANT_BYTES:
        message = f"has faults and {len(doc.data):,} bytes; faulty feeds above {MAX_TOLERANT_BYTES:,} are not read"
        raise ParseError("too_large", message)
    text = without_declaration(decode(doc.data, doc.content_type).text)
    # Its own handler would put captions first in the content; under a name it does not know they stay apart.
    text = text.replace("media:description", f"media:{_CAPTION}")
    headers = {"content-type": "application/xml; charset=utf-8"}
    if base:
        headers["content-location"] = base
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = feedparser.parse(
                io.BytesIO(text.encode("utf-8", "replace")),
                response_headers=headers,
                sanitize_html=False,
                resolve_relative_uris=False,
            )
            entries = [_facts(entry, base) for entry in found.entries[: MAX_ITEMS + 1]]
    except Exception as error:  # any defect of a third-party reader of broken input costs this document only
        message = f"cannot be read as a feed ({type(error).__name__}: {error}); ask its publisher to repair it"
        raise ParseError("unreadable", message) from error
    return entries, str(found.get("version") or "")


def _facts(entry: Any, base: str | None) -> EntryFacts:
    facts = EntryFacts()
    facts.guid = _text(entry.get("id"))
    facts.link = absolute(_text(entry.get("link")), base)
    facts.title = _title(entry)
    facts.summaries = _copies([entry.get("summary_detail") or {"value": entry.get("summary")}], facts)
    facts.contents = _copies(entry.get("content") or [], facts)
    _authors(entry, facts)
    facts.published = _date(entry, "published")
    facts.created = _date(entry, "created")
    facts.updated = _date(entry, "updated")
    facts.categories = _categories(entry)
    facts.media += _media(entry, base)
    source = entry.get("source")
    facts.source = _line(source.get("title")) if isinstance(source, dict) else None
    facts.rights = _line(entry.get("rights"))
    facts.language = language_tag((entry.get("title_detail") or {}).get("language"))
    return facts


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _line(value: Any) -> str | None:
    return repaired(one_line(html_to_text(value)), _NO_REPAIR) or None if isinstance(value, str) else None


def _title(entry: Any) -> str | None:
    value = entry.get("title")
    if not isinstance(value, str):
        return None
    detail = entry.get("title_detail") or {}
    plain = detail.get("type") == "text/plain" and "<" in value and "</" not in value
    return one_line(value) or None if plain else _line(value)


def _copies(details: list[Any], facts: EntryFacts) -> list[str]:
    texts = []
    for detail in details[:MAX_VALUES]:
        value = detail.get("value")
        if not isinstance(value, str) or not value:
            continue
        kind = detail.get("type") or "text/html"
        if "figcaption" in value:
            value = take_captions(value, facts.media)
        text = plain_text(value) if kind == "text/plain" and "</" not in value else html_to_text(value)
        if text:
            texts.append(text)
    return texts


def _authors(entry: Any, facts: EntryFacts) -> None:
    names = []
    for author in entry.get("authors") or []:
        name, mail = _line(author.get("name")), _line(author.get("email"))
        printed = name or mail
        if printed and printed not in names:
            names.append(printed)
    if not names and (only := _line(entry.get("author"))):
        names = [only]
    facts.printed_names = names
    if len(names) > 1:
        facts.names = names


def _date(entry: Any, key: str) -> str | None:
    """The date as printed; in ISO 8601 where only feedparser can read it."""
    raw = _text(dict.get(entry, key))
    if raw is None:
        return None
    parsed = dict.get(entry, f"{key}_parsed")
    if parsed is not None and read_date(raw).moment is None:
        return _iso(parsed)
    return raw


def _iso(parsed: time.struct_time) -> str:
    return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=UTC).isoformat()


def _categories(entry: Any) -> Categories | None:
    tags = entry.get("tags")
    if not tags:
        return None
    categories = Categories()
    for tag in tags[:MAX_VALUES]:
        categories.add(_line(tag.get("term")), tag.get("scheme"), _line(tag.get("label")))
    return categories


def _media(entry: Any, base: str | None) -> list[Media]:
    caption = _line(entry.get(f"media_{_CAPTION}"))
    credit = _line(next((each.get("content") for each in entry.get("media_credit") or []), None))
    found: list[Media] = []
    seen: set[str] = set()
    sources = [
        *(entry.get("media_content") or [])[:MAX_MEDIA],
        *(link for link in entry.get("links") or [] if link.get("rel") == "enclosure"),
    ]
    for each in sources or (entry.get("media_thumbnail") or [])[:MAX_MEDIA]:
        url = absolute(_text(each.get("url") or each.get("href")), base)
        if url and url not in seen:
            seen.add(url)
            kind = each.get("type") or each.get("medium") or (None if sources else "image")
            found.append(Media(url, kind, caption if not found else None, credit if not found else None))
    if not found and (caption or credit):
        found.append(Media(caption=caption, credit=credit))
    return found[:MAX_MEDIA]
