"""XML bytes to a tree: the one place that sets up lxml.

Nothing is ever fetched: no network, no DTD, no external entity. Entities declared inside the document are expanded
within libxml2's limit on amplification; beyond it the document is refused.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from typing import Any

from lxml import etree

from transforms.parse.charset import decode, without_declaration
from transforms.parse.errors import ParseError
from transforms.parse.limits import HEAD_BYTES, MAX_DOCUMENT_BYTES

__all__ = ["ParseError", "XmlRead", "local_name", "read_xml", "read_xml_noted"]

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ILLEGAL_REFERENCE = re.compile(r"&#(?:0*(\d{1,7})|[xX]0*([0-9A-Fa-f]{1,6}));")
_BEGUN_REFERENCE = re.compile(r"&(?:#[xX]?[0-9A-Fa-f]*)?\Z")
_NAMED_REFERENCE = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z_:][\w:.-]{0,63};)")
_EXTERNAL_ENTITY = re.compile(r"<!ENTITY\s+([\w:.-]{1,100})\s+(?:SYSTEM|PUBLIC)\b(?![^>]{0,2000}\bNDATA\b)")
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_XML_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))
_MARKUP = frozenset("<>&\"'")

_ANOTHER = ("Extra content at the end of the document", "XML declaration allowed only at the start")
"""What libxml2 says where a second document begins."""

_PROLOGUE = re.compile(r"<\?xml\s[^<>]{0,300}\?>|<!DOCTYPE\s[^<>\[]{0,1000}(?:\[[^\[\]]{0,20000}\]\s*)?>")

_AMPLIFICATION = "amplification"
_HUGE_TEXT = ("huge text node", "huge input lookup", "xmlSAX2Characters", "Huge input", "resource limit")


@dataclass(frozen=True, slots=True)
class XmlRead:
    """A tree and what had to be done to get it.

    Attributes:
        root: the root element.
        truncated: the document ends before its root element does; what stood before the break is in the tree.
        fault: the first fault a strict reader names, or None for a well-formed document.
        encoding: the codec that read it.
        recovered: its elements had to be closed or dropped by guess; without it a fault lay in characters only.
        more: the roots of further documents of the same kind, written one behind the other as spools do.
        unread: the name of another kind of root that follows, or None.
    """

    root: Any
    truncated: bool
    fault: str | None
    encoding: str
    recovered: bool = False
    more: tuple[Any, ...] = ()
    unread: str | None = None


def read_xml(data: bytes, content_type: str | None = None) -> Any:
    """The root element of a document; faults are repaired where that loses nothing but the faulty place.

    Args:
        data: the bytes.
        content_type: what the server said, or None.

    Returns:
        An lxml element.

    Raises:
        ParseError: see `read_xml_noted`.
    """
    return read_xml_noted(data, content_type).root


def read_xml_noted(data: bytes, content_type: str | None = None) -> XmlRead:
    """Read a document and say what was repaired.

    Strict first. Then: characters illegal in XML are removed, HTML's named entities are read, bare ampersands are
    taken as such, and text before the first tag is dropped. Then libxml2's recovery, which closes what is open.
    Encoding: see `transforms.parse.charset`; a label that the bytes contradict does not count.

    Args:
        data: the bytes.
        content_type: what the server said, or None.

    Returns:
        The tree, whether it was truncated, and the first fault.

    Raises:
        ParseError: ``empty``, ``too_large``, ``unknown_encoding``, ``entity_bomb``, ``external_entity``,
            ``not_xml``.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        message = f"has {len(data):,} bytes; documents above {MAX_DOCUMENT_BYTES:,} are not read: split it"
        raise ParseError("too_large", message)
    text, encoding, repaired = decode(data, content_type)
    if not text.strip():
        raise ParseError("empty", "is empty")
    if "<!DOCTYPE" in text[:HEAD_BYTES]:
        _refuse_external(text)
    # The common case parses the bytes as they are, whatever encoding they declare: they are UTF-8.
    source = data if encoding == "utf-8" and not repaired else text.encode("utf-8", "replace")
    try:
        return XmlRead(etree.fromstring(source, _strict_parser()), truncated=False, fault=None, encoding=encoding)
    except etree.XMLSyntaxError as error:
        fault = _message(error)
    except ValueError as error:
        fault = str(error)
    _refuse_bomb(fault)
    text = _repair(text)
    if fault.startswith(_ANOTHER) and (roots := _several(text)):
        name = local_name(roots[0])
        more = tuple(root for root in roots[1:] if local_name(root) == name)
        unread = next((found for root in roots if (found := local_name(root)) != name), None)
        return XmlRead(roots[0], truncated=False, fault=fault, encoding=encoding, more=more, unread=unread)
    source = text.encode("utf-8", "replace")
    try:
        return XmlRead(etree.fromstring(source, _strict_parser()), truncated=False, fault=fault, encoding=encoding)
    except (etree.XMLSyntaxError, ValueError) as error:
        _refuse_bomb(_message(error) if isinstance(error, etree.XMLSyntaxError) else str(error))
    parser = _recovering_parser()
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    for entry in parser.error_log:
        _refuse_bomb(entry.message)
    if root is None:
        raise ParseError("not_xml", f"is no XML: {fault}")
    return XmlRead(root, truncated=not _closes(text, root), fault=fault, encoding=encoding, recovered=True)


@lru_cache(maxsize=16_384)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def local_name(element: Any) -> str:
    """Name of an element without its namespace, as written; empty for comments and processing instructions."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


def _strict_parser() -> etree.XMLParser:
    # One per document: a parser object keeps its error log, and threads must not share it.
    return etree.XMLParser(
        encoding="utf-8",
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        resolve_entities="internal",  # type: ignore[arg-type]  # lxml 5 knows this value, its stubs do not
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )


def _recovering_parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        resolve_entities="internal",  # type: ignore[arg-type]  # see above
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
        recover=True,
    )


def _message(error: etree.XMLSyntaxError) -> str:
    return (error.msg or str(error)).strip()


def _refuse_bomb(fault: str) -> None:
    low = fault.lower()
    if _AMPLIFICATION in low or "entity reference loop" in low or "entity loop" in low:
        message = "expands entities without end (an XML bomb); it was refused unread: ask its publisher"
        raise ParseError("entity_bomb", message)
    if any(word.lower() in low for word in _HUGE_TEXT):
        message = "holds one text or tag of more than 10 MB; it was refused: split the document"
        raise ParseError("too_large", message)
    if "excessive depth" in low:
        raise ParseError("too_deep", "nests elements deeper than 256 levels; it was refused: no news format does")


def _refuse_external(text: str) -> None:
    """Refuse a document whose text needs something outside it: it would be incomplete, or read files of ours."""
    for name in _EXTERNAL_ENTITY.findall(text[:200_000]):
        if f"&{name};" in text:
            message = (
                f"takes part of its text from outside (external entity '{name}'), which is never loaded: "
                "inline the entity or ask its publisher"
            )
            raise ParseError("external_entity", message)


def _repair(text: str) -> str:
    """The faults that feeds really have, mended as text; CDATA sections keep their ampersands."""
    begin = text.find("<")
    text = without_declaration(text[begin:] if begin > 0 else text)
    text = _ILLEGAL.sub("", text)
    if "&" not in text:
        return text
    # Everywhere: recovery sees no CDATA section in some places where this does, and would take a lone surrogate.
    text = _ILLEGAL_REFERENCE.sub(_legal_reference, text)
    parts = _CDATA.split(text)
    parts[::2] = [_repair_references(part) if "&" in part else part for part in parts[::2]]
    return "".join(parts)


def _repair_references(text: str) -> str:
    text = _NAMED_REFERENCE.sub(_known_reference, text)
    return _BARE_AMPERSAND.sub("&amp;", text)


def _legal_reference(found: re.Match[str]) -> str:
    code = int(found[1]) if found[1] else int(found[2], 16)
    if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF:
        return found[0]
    # a blank where the two sides would join to another reference
    return " " if _BEGUN_REFERENCE.search(found.string[max(0, found.start() - 10) : found.start()]) else ""


def _known_reference(found: re.Match[str]) -> str:
    name = found[1]
    if name in _XML_OWN:
        return found[0]
    char = html5.get(f"{name};")
    if char is None or char in _MARKUP:
        return found[0] if char is None else f"&#{ord(char)};"
    return char


def _several(text: str) -> tuple[Any, ...]:
    """The roots of documents that stand one behind the other, when there are several."""
    source = f"<documents>{_PROLOGUE.sub('', text)}</documents>".encode("utf-8", "replace")
    try:
        together = etree.fromstring(source, _strict_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        _refuse_bomb(str(error))
        return ()
    return tuple(together) if len(together) > 1 else ()


def _closes(text: str, root: Any) -> bool:
    """Whether the root element's end tag stands in the last part of the text, and no other one is opened behind it."""
    name = f"{root.prefix}:{local_name(root)}" if root.prefix else local_name(root)
    tail = text[-2000:].rstrip()
    _, close, behind = tail.rpartition(f"</{name}")
    if not close:
        return tail.endswith("/>") and len(root) == 0
    return re.search(rf"<{re.escape(name)}[\s>]", behind) is None
