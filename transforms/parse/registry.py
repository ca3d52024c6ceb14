"""The door of this room: bytes in, items and failures out, the format chosen by content."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from schemas.document import Failure, ParsedDocument, RawDocument
from transforms.parse.embedded import format_inside
from transforms.parse.errors import ParseError
from transforms.parse.feed import parse_feed
from transforms.parse.limits import MAX_DOCUMENT_BYTES
from transforms.parse.links import absolute, base_of
from transforms.parse.probe import Probe, probe

__all__ = ["FORMATS", "Format", "parse_document"]

FORMATS: tuple[str, ...] = (
    # A mail may carry any of the others.
    "email_message",
    # Dialects before the format they are made of.
    "wxr",
    "rss",
    "atom",
    "sitemap",
    "newsml_g2",
    "newsml_1",
    "nitf",
    "ritzau",
    "agency_xml",
    "jsonfeed",
    "ap_media",
    "dpa_json",
    "reuters_json",
    "ninjs",
    "items",
    # Text: strict headers first, whatever reads like a story last.
    "iptc7901",
    "anpa1312",
    "zczc",
    "plain_text",
)
"""Modules of this room, the most specific first; the first whose ``sniff`` says yes reads the document."""

_MAX_NAMED = 5
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_FEED_LINK = re.compile(r"<link\b[^<>]{0,500}?application/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s<>]{1,500})", re.IGNORECASE)
_FEED_TAG = re.compile(r"<(?:rss|feed|rdf:RDF|channel)[\s>]", re.IGNORECASE)
_LINES_SUFFIX = (".jsonl", ".ndjson", ".jsonlines")


class Format(Protocol):
    """What a format's module offers."""

    NAME: str

    def sniff(self, probe: Probe) -> bool:
        """Whether the document is of this format."""

    def parse(self, doc: RawDocument, probe: Probe) -> ParsedDocument:
        """Read it; may raise `ParseError` for the whole document."""


def parse_document(doc: RawDocument) -> ParsedDocument:
    """Read a document of any known format. Never raises.

    Args:
        doc: bytes and where they came from.

    Returns:
        Every entry as an item or a failure; a document that cannot be read as a whole is one failure. Messages name
        the input and say what to do. A well-formed feed without entries gives neither.
    """
    name = "unknown"
    try:
        name, parsed = _parse(doc)
        return parsed if parsed.format else replace(parsed, format=name)
    except ParseError as error:
        return _failed(doc, error.code, f"{doc.input}: {error.message}", name)
    except Exception as error:  # noqa: BLE001 - whatever a document does to us costs that document, never a run
        message = f"{doc.input}: {type(error).__name__}: {error}; kept for replay, please report"
        return _failed(doc, "defect", message, name)


def _failed(doc: RawDocument, code: str, message: str, name: str) -> ParsedDocument:
    return ParsedDocument(name, failures=(Failure(stage="parse", code=code, error=message, input=doc.input),))


def _parse(doc: RawDocument) -> tuple[str, ParsedDocument]:
    if not doc.data or doc.data.isspace():
        raise ParseError("empty", "is empty; nothing was published there, or it was cut off: pull it again")
    if is_item_lines(doc):
        found = _format("items")
        return found.NAME, found.parse(doc, Probe(doc.data, doc.content_type))
    if len(doc.data) > MAX_DOCUMENT_BYTES:
        message = f"has {len(doc.data):,} bytes; documents above {MAX_DOCUMENT_BYTES:,} are not read: split it"
        raise ParseError("too_large", message)
    seen = probe(doc.data, doc.content_type)
    if seen.binary:
        raise ParseError("not_text", "is no text but a picture, an archive or another binary format; give its text")
    for one in _formats():
        if one.sniff(seen):
            return one.NAME, one.parse(doc, seen)
    return "unknown", _unrecognised(doc, seen)


def is_item_lines(doc: RawDocument) -> bool:
    """Whether an input is a file of items, one JSON object per line, by its name or its server's word."""
    address = doc.input.partition("?")[0].lower().removesuffix(".gz").removesuffix(".zst")
    return address.endswith(_LINES_SUFFIX) or any(
        word in (doc.content_type or "").lower() for word in ("ndjson", "jsonl", "json-lines")
    )


@cache
def _format(name: str) -> Format:
    return cast("Format", import_module(f"transforms.parse.{name}"))


def _formats() -> Iterator[Format]:
    return map(_format, FORMATS)


def _unrecognised(doc: RawDocument, seen: Probe) -> ParsedDocument:
    """Nobody's format: a feed in disguise, or a failure that says what it is instead."""
    if seen.first_json:
        value = seen.json()
        if value is None:
            raise ParseError("malformed_json", "begins like JSON but is none that is complete; pull it again")
        keys = ", ".join(list(value)[:_MAX_NAMED]) if isinstance(value, dict) else "a list"
        raise ParseError("unknown_format", f"is JSON of no known format ({keys}); see the README's list of formats")
    inside = format_inside(seen)
    if inside is not None:
        parsed = inside.parse(doc, seen)
        if parsed.items:
            return cast("ParsedDocument", parsed)
    page = _HTML.search(seen.text) is not None
    if page and not _FEED_TAG.search(seen.text):
        raise ParseError("not_a_feed", _page_message(doc, seen))
    if seen.root is not None or _FEED_TAG.search(seen.text):
        try:
            parsed = parse_feed(doc)
        except ParseError as error:
            if page and error.code in ("not_xml", "not_a_feed", "unreadable"):
                raise ParseError("not_a_feed", _page_message(doc, seen)) from None
            raise
        if parsed.items or parsed.failures:
            return parsed
        raise ParseError("unknown_format", f"is XML of no known format (root element '{seen.root}')")
    raise ParseError("unknown_format", "is text of no known format; see the README's list of formats")


def _page_message(doc: RawDocument, seen: Probe) -> str:
    link = _FEED_LINK.search(seen.text)
    address = _HREF.search(link[0]) if link else None
    if address:
        return f"is a web page, not a feed; it names this feed: {absolute(address[1], base_of(doc))}"
    return "is a web page, not a feed; give the address of its feed"
