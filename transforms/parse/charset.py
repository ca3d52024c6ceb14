"""Bytes to text: which encoding a document is really in, whatever it declares."""

import codecs
import re
from typing import NamedTuple

from transforms.parse.errors import ParseError

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,64})\s*[\"']")
_DECLARED_TEXT = re.compile(r"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,64})\s*[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,64})", re.IGNORECASE)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_WITHOUT_BOM = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # `<?xm` in EBCDIC, see XML 1.0 appendix F
)

# Labels that browsers read as a superset (WHATWG Encoding Standard): what calls itself Latin-1 holds the dashes and
# quotation marks of windows-1252, GB2312 the characters of GB 18030.
_SUPERSET = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_ALIAS = {
    "ks_c_5601-1987": "cp949",
    "x-sjis": "cp932",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-big5": "big5hkscs",
    "windows-31j": "cp932",
    "x-x-big5": "big5hkscs",
    "visual": "iso8859-8",
    "iso-8859-8-i": "iso8859-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
}
# Codecs of Python that are transformations or depend on the machine, not encodings of documents.
_NO_ENCODING = frozenset(
    ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "palmos")
)

_STRAY = "wirelake-stray-bytes"
_LONGEST_SEQUENCE = 4


class Decoded(NamedTuple):
    """A document as text.

    Attributes:
        text: without a byte order mark.
        encoding: the codec that read it.
        repaired: stray bytes were read as windows-1252, or the declared encoding was wrong.
    """

    text: str
    encoding: str
    repaired: bool


def _read_stray(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 was pasted from windows-1252; at the very end it is half a character, and dropped."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    tail_begun = error.end == len(error.object) and error.reason == "unexpected end of data"
    if tail_begun and len(bad) < _LONGEST_SEQUENCE:
        return "", error.end
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error(_STRAY, _read_stray)


def codec_name(label: str | None) -> str | None:
    """The Python codec of an encoding label, its superset where browsers use one; None: no such encoding.

    >>> codec_name("ISO-8859-1"), codec_name("UTF8"), codec_name("x-klingon"), codec_name("rot13")
    ('cp1252', 'utf-8', None, None)
    """
    if not label:
        return None
    key = label.strip().lower()
    try:
        info = codecs.lookup(_ALIAS.get(key, key))
    except (LookupError, ValueError):
        return None
    if info.name in _NO_ENCODING or not getattr(info, "_is_text_encoding", True):
        return None
    return _SUPERSET.get(info.name, info.name)


def declared_encoding(data: bytes, content_type: str | None = None) -> str | None:
    """The label a document (XML declaration) or else its server (charset) declares, as printed."""
    found = _DECLARED.match(data[:512])
    if found:
        return found[1].decode("ascii")
    wanted = _CHARSET.search(content_type) if content_type else None
    return wanted[1] if wanted else None


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 (pure ASCII included)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode(data: bytes, content_type: str | None = None, *, default: str = "cp1252") -> Decoded:
    """Read a document as text.

    A byte order mark decides; then valid UTF-8, because other encodings hardly ever look like it while wrong labels
    are common; then the declared encoding (XML declaration before the server's word); then UTF-8 with stray
    windows-1252 bytes, when most of it is UTF-8 or UTF-8 is declared; then `default`.

    Args:
        data: the bytes.
        content_type: what the server said, or None.
        default: codec of documents that declare nothing and are no UTF-8.

    Returns:
        Text, codec and whether anything was repaired.

    Raises:
        ParseError: ``unknown_encoding``: the label is of no known encoding and the text is no UTF-8.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(name, _STRAY if name == "utf-8" else "replace")
            return Decoded(text, name, repaired="\ufffd" in text)
    for begin, name in _WITHOUT_BOM:
        if data.startswith(begin):
            text = data.decode(name, "replace")
            return Decoded(text, name, repaired="\ufffd" in text)
    label = declared_encoding(data, content_type)
    codec = codec_name(label)
    try:
        if codec not in ("utf-7", "hz", "iso2022_jp", "iso2022_kr"):  # these write everything in ASCII
            return Decoded(data.decode("utf-8"), "utf-8", repaired=codec not in (None, "utf-8", "cp1252"))
    except UnicodeDecodeError:
        pass
    if codec is None and label is not None:
        message = f"declares the encoding '{label}', which is none that is known, and is no UTF-8; convert it to UTF-8"
        raise ParseError("unknown_encoding", message)
    if codec is None:
        codec = "utf-8" if _mostly_utf8(data) else default
    if codec.startswith(("utf-16", "utf-32")):  # a document whose declaration could be read as ASCII is in neither
        codec = "utf-8"
    if codec == "utf-8":
        return Decoded(data.decode("utf-8", _STRAY), "utf-8", repaired=True)
    try:
        return Decoded(data.decode(codec, "replace"), codec, repaired=False)
    except (UnicodeError, ValueError) as error:
        raise ParseError("unknown_encoding", f"cannot be read as its declared encoding '{label}': {error}") from None


def decode_lenient(data: bytes, content_type: str | None = None) -> Decoded:
    """Like `decode`, but an unknown encoding is read as windows-1252: for looking at a document, not for keeping it."""
    try:
        return decode(data, content_type)
    except ParseError:
        return Decoded(data.decode("cp1252", "replace"), "cp1252", repaired=True)


def _mostly_utf8(data: bytes) -> bool:
    """Whether at least as many characters stand in valid UTF-8 sequences as bytes outside them."""
    lenient = data.decode("utf-8", "replace")
    strays = lenient.count("\ufffd")
    valid = sum(not char.isascii() for char in lenient[:200_000]) - strays
    return 0 < valid >= strays


def without_declaration(text: str) -> str:
    """Text without an XML declaration, whose encoding no longer holds once bytes have become text."""
    if _DECLARED_TEXT.match(text) or text.lstrip().startswith("<?xml "):
        end = text.find("?>")
        if end > 0:
            return text[end + 2 :]
    return text
