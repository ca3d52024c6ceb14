"""Markup to readable plain text: paragraphs parted by ``\\n``, table cells by tabs, inline tags without a trace."""

import html
import re
from functools import lru_cache
from typing import Any

from lxml import etree

# Marks that stand for layout until white space has been folded; no markup can hold them (they are removed first).
_BREAK, _CELL, _ROW, _PRE_BREAK = "\x00", "\x01", "\x02", "\x03"
_MARKS = str.maketrans("", "", "\x00\x01\x02\x03")
_INTO_LINES = str.maketrans({_ROW: _BREAK, _PRE_BREAK: _BREAK})

_BLOCK_NAMES = (
    # HTML
    "address article aside blockquote body br caption center col colgroup dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav "
    "noframes ol optgroup option p pre search section summary table tbody tfoot thead ul video audio iframe object "
    # NITF and NewsML: what parts lines in print
    "abstract bibliography block body.content body.end body.head bq byline byttl copyrite credit datasource dateline "
    "distributor docdata fn headline hedline hl1 hl2 media media-caption media-metadata media-object "
    "media-producer media-reference nitf note revision-history rights series slugline story.date subheadline tagline "
    "crosshead intro lead paragraph para"
)
_DROPPED = frozenset(("script", "style", "template", "head"))

_ACTIONS: dict[str, str] = {}
for _name in _BLOCK_NAMES.split():
    for _form in (_name, f"/{_name}", f"{_name}/", f"{_name} /"):
        _ACTIONS[_form] = _BREAK
_ACTIONS |= {"tr": _ROW, "/tr": _ROW, "td": _CELL, "th": _CELL, "/td": "", "/th": "", "entry": _CELL, "row": _ROW}
for _name in ("a", "b", "i", "em", "strong", "span", "u", "sub", "sup", "font", "small", "big", "cite", "q", "code"):
    _ACTIONS[_name] = _ACTIONS[f"/{_name}"] = ""
_ACTIONS["o:p"] = _ACTIONS["/o:p"] = ""  # a word processor's mark, no paragraph
_ACTIONS["img/"] = _ACTIONS["img"] = ""

_TAG_NAME = re.compile(r"/?([A-Za-z][\w.:-]*)")
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n")

# The fast path: two substitutions without a callback. Possessive, so linear; whatever is not a plain tag of these
# (a table, a script, a comment, a tag with an odd quotation mark) leaves a `<` behind and sends all to the slow one.
_ATTRIBUTES = r"""(?:[\s/](?:[^<>"']++|"[^"<>]*+"|'[^'<>]*+')*+)?+>"""
_PLAIN_BLOCK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|blockquote|figure|figcaption|section|article|hr|dl|dt|dd|P|BR|DIV|LI|UL)"
    + _ATTRIBUTES
)
_INLINE = re.compile(
    r"</?(?:a|b|i|em|strong|span|u|sub|sup|font|small|big|cite|q|code|img|A|B|I|EM|STRONG|SPAN|IMG)" + _ATTRIBUTES
)

_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")


def html_to_text(markup: str) -> str:
    """Read HTML (well-formed or not) as plain text. Never raises, linear in the input's length.

    Paragraphs, list items and table rows become lines, cells are parted by tabs; scripts, styles and comments are
    dropped; character references are read; tags inside a line leave no space. A ``<`` that begins no tag is text.
    Text without any tag keeps its blank lines as paragraph borders.

    Args:
        markup: HTML, XHTML or plain text.

    Returns:
        Lines without empty ones, each stripped, runs of white space folded to one space.

    >>> html_to_text("<p>Fo<b>ur</b> &amp; five<br/>six</p><ul><li>a<li>b</ul>")
    'Four & five\\nsix\\na\\nb'
    """
    if "<" not in markup:
        if "&" in markup:
            markup = unescape(markup)
        if "\n" not in markup and "\r" not in markup:
            return one_line(markup)
        return _fold_paragraphs(markup)
    if "\x03" in markup or "\x02" in markup or "\x01" in markup or "\x00" in markup:
        markup = markup.translate(_MARKS)
    if "<![CDATA[" in markup:
        markup = markup.replace("<![CDATA[", "").replace("]]>", "")
    text = _INLINE.sub("", _PLAIN_BLOCK.sub(_BREAK, markup))
    if "<" in text:
        text = _without_tags(markup)
    if "&" in text:
        text = unescape(text)
    return _fold(text)


@lru_cache(maxsize=4096)
def _dereference(reference: str) -> str:
    return html.unescape(reference)


def _dereference_match(found: re.Match[str]) -> str:
    return _dereference(found[0])


def unescape(text: str) -> str:
    """Read HTML's character references, as `html.unescape` does, each form looked up once.

    >>> unescape("AT&amp;T &eacute; &amp;lt;")
    'AT&T é &lt;'
    """
    return _REFERENCE.sub(_dereference_match, text)


def element_to_text(element: Any) -> str:
    """Read an lxml element (NITF, XHTML, …) as plain text, the same way; its tail is not part of it.

    Args:
        element: an lxml element, or None.

    Returns:
        All text in it; an empty string for None.
    """
    if element is None:
        return ""
    if len(element) == 0:
        return _fold_paragraphs(element.text) if element.text else ""
    return html_to_text(etree.tostring(element, encoding="unicode", with_tail=False))


def plain_text(text: str) -> str:
    """Tidy text that is plain already: lines stay, white space inside them is folded, empty lines go.

    >>> plain_text(" One  line\\r\\n\\r\\n another ")
    'One line\\nanother'
    """
    if "\n" not in text and "\r" not in text:
        return one_line(text)
    return "\n".join(line for raw in text.replace("\r", "\n").split("\n") if (line := one_line(raw)))


def one_line(text: str) -> str:
    """Fold all white space, line ends included, to single spaces.

    >>> one_line(" a\\n b\\u00a0c ")
    'a b c'
    """
    return " ".join(text.split()) if _has_odd_space(text) else text.strip()


def _has_odd_space(text: str) -> bool:
    """Whether white space needs folding; scans in C are a tenth of a split and a join."""
    if "\n" in text or "\t" in text or "\r" in text or "\f" in text or "\v" in text or "  " in text:
        return True
    if text.isascii():
        return False
    # what is left without ASCII is short, and UTF-8 never shows a character where there is none
    rest = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return any(map(rest.__contains__, _ODD_SPACES))


_ASCII = bytes(range(0x80))
_ODD_SPACES = tuple(char.encode() for char in "\xa0\x85\u2002\u2003\u2009\u200a\u2028\u2029\u202f\u3000")


def _fold_paragraphs(text: str) -> str:
    """Plain text out of a markup field: blank lines part paragraphs, single line ends are spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n\n" not in text and not _BLANK_LINE.search(text):
        return one_line(text)
    return "\n".join(line for part in _paragraphs(text) if (line := one_line(part)))


def _paragraphs(text: str) -> list[str]:
    """Split at blank lines."""
    paragraphs: list[str] = []
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            lines.append(line)
        elif lines:
            paragraphs.append(" ".join(lines))
            lines = []
    if lines:
        paragraphs.append(" ".join(lines))
    return paragraphs


def _without_tags(markup: str) -> str:
    """Text with marks in place of tags; character references untouched."""
    pieces = markup.split("<")
    out = [pieces[0]]
    add = out.append
    actions = _ACTIONS
    preformatted = 0
    never_closed: set[str] = set()
    last = len(pieces) - 1
    at = 0
    while at < last:
        at += 1
        piece = pieces[at]
        end = piece.find(">")
        tag = piece[:end] if end >= 0 else piece
        action = actions.get(tag)
        if action is None:
            found = _TAG_NAME.match(tag)
            if found is None:
                if piece.startswith("!--"):
                    at, piece = _skip_until(pieces, at, "-->")
                    add(piece)
                elif end >= 0 and tag[:1] in ("!", "?", "/"):
                    add(piece[end + 1 :])
                else:
                    add("<")
                    add(piece)
                continue
            if end < 0 or tag.count('"') & 1 or ("'" in tag and _odd_apostrophes(tag)):
                at, piece, end = _long_tag(pieces, at)
                if end < 0:
                    if at < last or "=" not in piece or found[1].lower() not in actions:  # else: cut off inside a tag
                        add("<")
                        add(piece)
                    continue
            name = found[1]
            action = actions.get(name)
            if action is None:
                name = name.lower().rpartition(":")[2]
                action = actions.get(name, "")
            if name in _DROPPED and tag[0] != "/":
                close = _find_close(pieces, at, name) if tag[-1:] != "/" and name not in never_closed else None
                if close is None:
                    never_closed.add(name)
                    add(piece[end + 1 :])
                else:
                    at = close
                    add(pieces[at].partition(">")[2])
                continue
            if tag[0] == "/" and action == _CELL:
                action = ""
        if action:
            add(action)
            if tag == "pre" or tag.startswith("pre "):
                preformatted += 1
            elif tag == "/pre" and preformatted:
                preformatted -= 1
        rest = piece[end + 1 :] if end >= 0 else ""
        if preformatted and "\n" in rest:
            rest = rest.replace("\n", _PRE_BREAK)
        add(rest)
    return "".join(out)


def _odd_apostrophes(tag: str) -> bool:
    """Whether an attribute value in apostrophes is still open (apostrophes within double quotes do not count)."""
    outside = "".join(tag.split('"')[::2])
    return "='" in outside.replace(" ", "") and outside.count("'") & 1 == 1


def _long_tag(pieces: list[str], at: int) -> tuple[int, str, int]:
    """Read a tag whose attribute values hold ``<`` or ``>``.

    Returns:
        The index of the piece where the tag ends, that piece, and where the tag ends in it; for a tag that never
        ends, the first piece again and -1: it is text.
    """
    first, start = pieces[at], at
    quote = ""
    # An attribute value of a real page spans few pieces; an unclosed quotation mark must not swallow the story.
    for index in range(at, min(len(pieces), at + 16)):
        piece = pieces[index]
        for place, char in enumerate(piece):
            if quote:
                quote = "" if char == quote else quote
            elif char in "\"'":
                quote = char
            elif char == ">":
                return index, piece, place
        if not quote:
            break
    return start, first, first.find(">")


def _skip_until(pieces: list[str], at: int, mark: str) -> tuple[int, str]:
    """The piece where `mark` ends something, and what follows it there; at the end of the text, nothing."""
    place = pieces[at].find(mark)
    while place < 0 and at < len(pieces) - 1:
        at += 1
        place = pieces[at].find(mark)
    return at, pieces[at][place + len(mark) :] if place >= 0 else ""


def _find_close(pieces: list[str], at: int, name: str) -> int | None:
    """The piece with the end tag of an element whose content is not text; None when it never ends."""
    close = f"/{name}"
    for index in range(at + 1, len(pieces)):
        if pieces[index][: len(close)].lower() == close:
            return index
    return None


def _fold(text: str) -> str:
    if _CELL in text:
        text = _CELL.join(cell.strip(f"{_BREAK} \t\r\n\xa0") for cell in text.split(_CELL))
        text = text.translate(_INTO_LINES)
        return "\n".join(line for raw in text.split(_BREAK) if (line := _cells(raw)))
    if _ROW in text or _PRE_BREAK in text:
        text = text.translate(_INTO_LINES)
    lines = [line for raw in text.split(_BREAK) if (line := raw.strip())]
    if not _has_odd_space(text):
        return "\n".join(lines)
    return "\n".join([" ".join(line.split()) if _has_odd_space(line) else line for line in lines])


def _cells(row: str) -> str:
    return "\t".join(one_line(cell) for cell in row.split(_CELL)).strip("\t") if _CELL in row else one_line(row)
