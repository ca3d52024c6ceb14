"""A first look at a document: just enough for every format to say whether it is its own."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import msgspec

from transforms.parse.charset import decode_lenient
from transforms.parse.limits import HEAD_BYTES, MAX_DOCUMENT_BYTES

_NOT_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)((?:\s[^<>]*)?)/?>")
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"ID3",
    b"OggS",
    b"PAR1",
    b"ARROW1",
    b"Obj\x01",
    b"SQLite format 3",
)
_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Probe:
    """What the beginning of a document shows.

    Attributes:
        data: all its bytes.
        content_type: as the server said, or None.
        text: the first 64 KB as text, read leniently, byte order mark removed.
        encoding: the codec that read the head.
        root: local name of the XML root element in lower case, or None.
        namespace: the root's namespace, or an empty string.
        attributes: of the root, names as written (``xml:lang``, ``version``).
        doctype: whether a DOCTYPE stands before the root.
        first_json: ``{`` or ``[`` when the document begins so, else None.
        binary: the bytes are of a picture, an archive or another format that is no text.
    """

    data: bytes
    content_type: str | None = None
    text: str = ""
    encoding: str = "utf-8"
    root: str | None = None
    namespace: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: _NO_ATTRIBUTES)
    doctype: bool = False
    first_json: str | None = None
    binary: bool = False

    @cached_property
    def _json(self) -> Any:
        return read_json(self.data) if self.first_json else None

    def json(self) -> Any:
        """The whole document as JSON, read once; None when it is none."""
        return self._json


def read_json(data: bytes) -> Any:
    """JSON of any encoding, lone surrogates and control characters forgiven; None when it is no JSON."""
    if len(data) > MAX_DOCUMENT_BYTES:
        return None
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return _without_surrogates(json.loads(decode_lenient(data).text, strict=False))
    except (ValueError, RecursionError):
        return None


def probe(data: bytes, content_type: str | None = None) -> Probe:
    """Look at a document's beginning. Never raises, linear in the head's length.

    Args:
        data: the bytes.
        content_type: what the server said, or None.

    Returns:
        What was seen.
    """
    head = data[:HEAD_BYTES]
    if len(data) > HEAD_BYTES:
        head = _whole_characters(head)
    if head.startswith(_BINARY):
        return Probe(data, content_type, text=head.decode("latin-1"), encoding="latin-1", binary=True)
    text, encoding, _ = decode_lenient(head, content_type)
    start = _skip_space(text)
    first = text[start : start + 1]
    if first in ("{", "["):
        return Probe(data, content_type, text, encoding, first_json=first)
    root, namespace, attributes, doctype = _root(text)
    binary = root is None and text.count("\x00") > len(text) // 100
    return Probe(data, content_type, text, encoding, root, namespace, attributes, doctype, None, binary)


def _whole_characters(head: bytes) -> bytes:
    """Bytes cut at a character's border, as far as UTF-8 goes: a cut character must not look like another encoding."""
    for back in range(1, 5):
        byte = head[-back]
        if byte < 0x80:
            return head
        if byte >= 0xC0:
            return head[:-back]
    return head


def _skip_space(text: str) -> int:
    start = 0
    while start < len(text) and (text[start].isspace() or text[start] == "\ufeff"):
        start += 1
    return start


def _root(text: str) -> tuple[str | None, str, Mapping[str, str], bool]:
    """Local name, namespace and attributes of the root element, and whether a DOCTYPE stands before it."""
    at, doctype = text.find("<"), False
    while at >= 0:
        skipped = _NOT_ROOT.match(text, at)
        if skipped:
            at = skipped.end()
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            at, doctype = _after_doctype(text, at), True
        else:
            break
    found = _ROOT.match(text, at) if at >= 0 else None
    if not found:
        return None, "", _NO_ATTRIBUTES, doctype
    prefix, _, local = found[1].rpartition(":")
    attributes = {name: double or single for name, double, single in _ATTRIBUTE.findall(found[2])}
    namespace = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")
    return local.lower(), namespace.strip(), MappingProxyType(attributes), doctype


def _after_doctype(text: str, at: int) -> int:
    """Where a DOCTYPE ends, its internal subset included; -1 when it does not."""
    bracket, end = text.find("[", at), text.find(">", at)
    if bracket < 0 or (0 <= end < bracket):
        return end + 1 if end >= 0 else -1
    close = text.find("]", bracket)
    while close >= 0:
        after = close + 1
        while after < len(text) and text[after].isspace():
            after += 1
        if text[after : after + 1] == ">":
            return after + 1
        close = text.find("]", close + 1)
    return -1


def _without_surrogates(value: Any) -> Any:
    """Strings that can be written as UTF-8: pairs of surrogates joined, lone ones replaced."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value
