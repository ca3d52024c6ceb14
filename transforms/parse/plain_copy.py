"""Text that agencies send without markup, or with markup escaped: paragraphs, and whether it is HTML at all."""

import base64
import binascii
import re

from lxml import etree

from transforms.parse.charset import decode_lenient
from transforms.parse.elements import Element

_MARKUP = re.compile(
    r"<(?:p|br|div|span|b|i|em|strong|a|h[1-6]|ul|ol|li|table|tr|td|hr|img|blockquote|html|body)\b[^<>]*/?>",
    re.IGNORECASE,
)
_INDENTED = re.compile(r"^[ \t]{2,}\S", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n")


def paragraphs_of(text: str) -> list[str]:
    """Paragraphs of plain text as wires print them.

    Blank lines part paragraphs; without them indented first lines do; without these every line is a paragraph. Lines
    with tabs are rows of a table and stay as they are.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in text:
        return [line] if (line := " ".join(text.split())) else []
    if _BLANK_LINE.search(text.strip()):
        blocks = _BLANK_LINE.split(text)
    elif (starts := [found.start() for found in _INDENTED.finditer(text)]) and len(starts) < _full_lines(text):
        blocks = [text[a:b] for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]
    else:
        blocks = text.split("\n")
    lines: list[str] = []
    for block in blocks:
        if "\t" in block.strip():
            lines.extend(row for line in block.split("\n") if (row := line.strip()))
        elif line := " ".join(block.split()):
            lines.append(line)
    return lines


def _full_lines(text: str) -> int:
    return sum(1 for line in text.split("\n") if line.strip())


def has_markup(text: str) -> bool:
    """Whether text contains HTML tags (after XML's own escaping is undone)."""
    return "<" in text and _MARKUP.search(text) is not None


def holds_copy(text: str | None) -> bool:
    """Whether the text of one element is copy in itself: escaped HTML with end tags, or paragraphs by blank lines."""
    if not text:
        return False
    return ("</" in text and has_markup(text)) or ("\n" in text and _BLANK_LINE.search(text.strip()) is not None)


def html_body(text: str) -> Element | None:
    """HTML text as a tree; None when nothing is in it. Nothing is fetched, scripts are not run."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def decoded_text(data: str | None, encoding: str) -> str | None:
    """Text that a document carries in Base64; None for another encoding, or when it is no text."""
    if "base64" not in encoding.lower():
        return None
    try:
        raw = base64.b64decode("".join((data or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    text = decode_lenient(raw).text
    return text if "\x00" not in text else None
