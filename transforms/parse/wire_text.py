"""What the character-based wire formats share: their encodings, their lines, their notes.

Sources: IPTC 7901 and ANPA 1312 (control characters, line lengths), and the sentences by which agencies part notes from
copy.
"""

import re

from transforms.parse.charset import decode, is_utf8
from transforms.parse.editor_notes import is_private_mark
from transforms.parse.text import one_line

# Letters inside a word: ü é ä à å ç ê ë è Ä ö Ö Ü of code page 850 are control characters or quotation marks in Latin-1
# and windows-1252, which never stand between letters, its í ó ú ñ are signs that stand behind none; the letters of
# Latin-1 are box drawings in 850 (but for ß).
_LETTER_850 = re.compile(
    rb"(?<=[A-Za-z])[\x81\x82\x84-\x8a\x8e\x94\x99\x9a](?=[A-Za-z])|(?<=[a-z])[\xa1-\xa4](?=[a-z .,;:)\r\n])"
)
_LETTER_LATIN = re.compile(rb"(?<=[A-Za-z])[\xc0-\xe0\xe2-\xff](?=[A-Za-z])")
_PAIR_UTF8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")

_UNUSED = dict.fromkeys([*range(9), *range(0x0B, 0x20), 0x7F, *range(0x80, 0xA0)])
_UNUSED[0x0C] = "\n"

_SEPARATING = re.compile(r"(?<=[^\s\x00-\x1f])[\x1c-\x1f](?=[^\s\x00-\x1f])")
"""Information separators between two words: the columns of a table, or whatever else must not join them."""

_LIST_ITEM = re.compile(r"^(?:(?:--|[-+*•–—])\s|\d{1,2}[.)]\s|\(\d{1,2}\)\s)")
_TABLE = re.compile(r"\S {3,}\S|\t")
_SEPARATOR = re.compile(r"^[\s*_=#-]{3,}$")


def decode_wire(data: bytes, content_type: str | None = None) -> str:
    """Bytes of a wire file as text, line ends ``\\n``: UTF-8 when they are, code page 850 when its letters show.

    Everything else is Latin-1, of which windows-1252 is the superset.
    """
    if not is_utf8(data) and not _declares(content_type) and not _PAIR_UTF8.search(data):
        old = sum(1 for _ in _LETTER_850.finditer(data))
        if old and old > sum(1 for _ in _LETTER_LATIN.finditer(data)):
            return _lines(data.decode("cp850"))
    return _lines(decode(data, content_type).text)


def _declares(content_type: str | None) -> bool:
    return content_type is not None and "charset" in content_type.lower()


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def without_controls(text: str) -> str:
    """Text without control characters; tabs and line ends stay, a form feed is a line end, a separator a tab."""
    return _SEPARATING.sub("\t", text).translate(_UNUSED)


def paragraphs(text: str) -> str | None:
    """Join the lines that a terminal wrapped, one line per paragraph; tables and lists keep their lines.

    Blank lines and indented lines begin paragraphs. A line goes on in the next one when the next one's first word
    would not have fitted on it.
    """
    lines = [line.rstrip() for line in without_controls(text).split("\n")]
    long = sorted(len(line) for line in lines if len(line) > 30)
    width = long[len(long) * 9 // 10] if long else 0
    wrapped = 30 < width <= 110  # longer ones are whole paragraphs, one to a line
    out: list[list[str]] = []
    previous = ""
    for line in lines:
        if not line.strip():
            previous = ""
            continue
        if wrapped and previous and _goes_on(previous, line, width):
            out[-1].append(one_line(line))
        else:
            out.append([_row(line)])
        previous = line
    return "\n".join(" ".join(part) for part in out if part[0]) or None


def _goes_on(previous: str, line: str, width: int) -> bool:
    if _LIST_ITEM.match(line.lstrip()) or _is_row(previous) or _is_row(line):
        return False
    indent, before = len(line) - len(line.lstrip()), len(previous) - len(previous.lstrip())
    if indent > before and not (_LIST_ITEM.match(previous.lstrip()) and indent <= before + 3):
        return False
    return len(previous) + 1 + len(line.split(None, 1)[0]) >= 0.85 * width


def _is_row(line: str) -> bool:
    """Whether a line has columns: runs of blanks or tabs inside it."""
    return ("   " in line or "\t" in line) and _TABLE.search(line.strip()) is not None


def _row(line: str) -> str:
    """One line; columns become tab-separated cells."""
    stripped = line.strip()
    if _is_row(stripped):
        return "\t".join(one_line(cell) for cell in re.split(r" {3,}|\t+", stripped))
    return one_line(stripped)


def split_private(text: str) -> tuple[str, str | None]:
    """Part copy from the notes that follow a line such as "not for publication", in any of the agencies' languages.

    Returns:
        The copy, and the notes without that line; None when there is no such line.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if (number == 0 or _parted(lines[number - 1])) and is_private_mark(line.rstrip()):
            before = lines[:number]
            while before and (_SEPARATOR.match(before[-1]) or not before[-1].strip()):
                before.pop()
            return "\n".join(before), "\n".join(lines[number + 1 :]).strip() or one_line(line)
    return text, None


def _parted(line: str) -> bool:
    return not line.strip() or _SEPARATOR.match(line) is not None
