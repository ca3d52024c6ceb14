"""The door of this room: bytes in, items and failures out, the format chosen by content."""

from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from schemas.document import Failure, ParsedDocument, RawDocument
from transforms.parse.errors import ParseError
from transforms.parse.limits import MAX_DOCUMENT_BYTES
from transforms.parse.probe import Probe, probe

FORMATS: tuple[str, ...] = (
    "newsml_g2",
    "newsml_1",
    "nitf",
    "ritzau",
    "wxr",
    "rss",
    "atom",
    "sitemap",
    "jsonfeed",
    "ap_media",
    "ninjs",
    "items",
    "agency_xml",
)
"""Modules of this folder, the most specific first: a WordPress export is RSS with more in it."""

UNKNOWN = "unknown"


@lru_cache(maxsize=len(FORMATS))
def _format(name: str) -> ModuleType:
    return import_module(f"transforms.parse.{name}")


def format_of(seen: Probe) -> str | None:
    """The first format that recognises a document, or None."""
    return next((name for name in FORMATS if _format(name).sniff(seen)), None)


def parse_document(doc: RawDocument) -> ParsedDocument:
    """Read a document of any format.

    Args:
        doc: its bytes and where they came from.

    Returns:
        Items and failures. Never raises: what cannot be read is a failure that names the input and says what to do.
    """
    if not doc.data.strip():
        return _failed(doc, "empty", "is empty; fetch it again or check what writes it")
    seen = probe(doc.data, doc.content_type)
    name = format_of(seen)
    if len(doc.data) > MAX_DOCUMENT_BYTES and name != "items":
        return _failed(doc, "too_large", f"has {len(doc.data):,} bytes, more than {MAX_DOCUMENT_BYTES:,}; split it")
    if name is None:
        return _failed(doc, *_what_it_is(seen))
    try:
        found: ParsedDocument = _format(name).parse(doc, seen)
    except ParseError as error:
        return _failed(doc, error.code, error.message, name)
    except (RecursionError, MemoryError) as error:
        return _failed(doc, "too_complex", f"is nested too deep or too large ({type(error).__name__})", name)
    except Exception as error:  # noqa: BLE001 - a defect of ours costs a failure row with its bytes, never a run
        return _failed(doc, "defect", f"could not be read ({type(error).__name__}: {error}); please report it", name)
    return replace(found, format=name) if not found.format else found


def _what_it_is(seen: Probe) -> tuple[str, str]:
    """Code and advice for a document of no known format."""
    if seen.binary:
        return "binary", "is a picture, an archive or another binary file; name feeds and texts"
    if seen.root in {"html", "!doctype"} or "<html" in seen.text[:2000].lower():
        return "not_a_feed", "is a web page and no feed; look for its feed's address (rel=alternate) or for a login"
    if seen.root == "opml":
        return "feed_list", "is a list of feeds; give it as a SOURCE of its own with the name .opml"
    if seen.root is not None:
        return "unknown_format", f"is XML with the root <{seen.root}>, which no format here has"
    if seen.first_json is not None:
        return "unknown_format", "is JSON, but no format here looks like it"
    return "unknown_format", "is of no format known here"


def _failed(doc: RawDocument, code: str, message: str, name: str = UNKNOWN) -> ParsedDocument:
    return ParsedDocument(name, failures=(Failure("parse", code, f"{doc.input} {message}", doc.input),))
