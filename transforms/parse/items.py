"""Items that people write themselves: one JSON object per line, or one object or list as a document.

Names: ``id``, ``url``, ``provider``, ``headline``, ``standfirst``, ``body``, ``byline``, ``language``, ``published``
(ISO 8601), ``keywords``, ``subject_codes``, ``version``, ``status``; all but a headline or a body may be missing or
null. Other names are kept in ``extra``. Every line that is not blank gives exactly one item or one failure.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from schemas.document import Failure, ParsedDocument, RawDocument
from schemas.item import NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.charset import decode
from transforms.parse.dates import UNREADABLE, read_date
from transforms.parse.errors import ParseError
from transforms.parse.language import language_tag
from transforms.parse.limits import MAX_ITEM_CHARS, MAX_LINE_BYTES, MAX_VALUES
from transforms.parse.probe import Probe, read_json
from transforms.parse.text import html_to_text, one_line

NAME = "items"

_KNOWN = frozenset(
    (
        "id",
        "url",
        "provider",
        "headline",
        "standfirst",
        "body",
        "byline",
        "language",
        "published",
        "keywords",
        "subject_codes",
        "version",
        "status",
    )
)
_STATUSES = {"usable": "usable", "withheld": "withheld", "canceled": "canceled", "cancelled": "canceled"}
_MARKUP = re.compile(r"</(?:p|div|ul|ol|h[1-6]|table|blockquote|body|article)\s*>|<(?:br|p)\s*/?>", re.IGNORECASE)
_MAX_EXTRA_CHARS = 4_000
"""Longest value kept of a name that is not ours; what is longer belongs into a column."""

_DECODER = msgspec.json.Decoder()

_PLAIN = msgspec.json.Decoder(
    msgspec.defstruct(
        "PlainItem",
        [(name, str | None if name in ("headline", "body") else msgspec.Raw, None) for name in sorted(_KNOWN)],
        forbid_unknown_fields=True,
    )
)


def sniff(probe: Probe) -> bool:
    """Whether a document that no other format claims is an object, lines or a list of objects with our names."""
    if probe.first_json is None or not re.search(r'"(?:headline|body)"\s*:', probe.text):
        return False
    if probe.first_json == "[":
        value = probe.json()
        return isinstance(value, list) and bool(value) and _is_item(value[0])
    begin, _, rest = probe.text.lstrip("\ufeff \t\r\n").partition("\n")
    first = read_json(begin.encode())
    return _is_item(first if first is not None or not rest else probe.json())


def is_plain_item(data: bytes) -> bool:
    """Whether bytes are one item that nothing else could be: a JSON object with names of ours only.

    >>> is_plain_item(b'{"headline": "Ferry strike ends"}'), is_plain_item(b'{"headline": "x", "uri": "y"}')
    (True, False)
    """
    try:
        found: Any = _PLAIN.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return found.headline is not None or found.body is not None


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(name), str) for name in ("headline", "body"))


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read a document of items.

    Returns:
        One item or failure per line that is not blank, or per object of a JSON list; positions count lines.

    Raises:
        ParseError: ``unknown_encoding``.
    """
    whole = probe.json()
    entries = whole if isinstance(whole, list) else [whole] if isinstance(whole, dict) else None
    answers = _lines(doc) if entries is None else (_answer(each, at, doc) for at, each in enumerate(entries))
    items: list[NewsItem] = []
    failures: list[Failure] = []
    for answer in answers:
        if isinstance(answer, Failure):
            failures.append(answer)
        else:
            items.append(answer)
    return ParsedDocument(NAME, items=tuple(items), failures=tuple(failures))


def _lines(doc: RawDocument) -> Iterator[NewsItem | Failure]:
    data = doc.data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:1] == b"\x00":
        data = decode(data, doc.content_type).text.encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    for position, line in enumerate(data.split(b"\n")):
        if line and not line.isspace():
            yield parse_item_line(line, position, input=doc.input, zone=doc.source.time_zone)


def parse_item_line(
    line: bytes | str,
    position: int,
    *,
    input: str = "",  # noqa: A002 - the name that rows and failures have for it
    zone: str | None = None,
) -> NewsItem | Failure:
    """Read one line.

    Args:
        line: a JSON object.
        position: of the line in its file, from 0.
        input: the file, for messages.
        zone: the source's time zone, for dates that name none.

    Returns:
        The item, or why there is none. Never raises.
    """
    raw = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
    if len(raw) > MAX_LINE_BYTES:
        message = f"{input}, line {position + 1}: has {len(raw):,} bytes; lines above {MAX_LINE_BYTES:,} are not read"
        return Failure("parse", "item_too_large", message, input, position, raw)
    try:
        value = _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        value = read_json(raw)
        if value is None:
            message = f"{input}, line {position + 1}: is no JSON object ({error}); write one object per line"
            return Failure("parse", "malformed_json", message, input, position, raw)
    return _read(value, position, input, zone, raw)


def _answer(value: Any, position: int, doc: RawDocument) -> NewsItem | Failure:
    return _read(value, position, doc.input, doc.source.time_zone, None)


def _read(value: Any, position: int, name: str, zone: str | None, raw: bytes | None) -> NewsItem | Failure:
    try:
        return _item(value, position, zone)
    except ParseError as error:
        code, message = error.code, error.message
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        code, message = "defect", f"{type(error).__name__}: {error}; kept for replay, please report"
    return Failure("parse", code, f"{name}, line {position + 1}: {message}", name, position, raw)


def _item(value: Any, position: int, zone: str | None) -> NewsItem:
    if not isinstance(value, dict):
        raise ParseError("not_an_item", "is no JSON object; write one object per line")
    headline, body = _string(value, "headline"), _string(value, "body")
    if headline is None and body is None:
        raise ParseError("no_text", "has neither 'headline' nor 'body'; give at least one")
    standfirst = _string(value, "standfirst")
    size = len(headline or "") + len(body or "") + len(standfirst or "")
    if size > MAX_ITEM_CHARS:
        message = f"has {size:,} characters; items above {MAX_ITEM_CHARS:,} are not kept: split it"
        raise ParseError("item_too_large", message)
    status = _string(value, "status") or "usable"
    if status.lower() not in _STATUSES:
        raise ParseError("wrong_value", f"has the status '{status[:40]}'; use usable, withheld or canceled")
    codes = _strings(value, "subject_codes")
    moment, source, published = _published(value, zone)
    byline = _byline(value)
    return NewsItem(
        position=position,
        guid=_scalar(value, "id"),
        version=_scalar(value, "version"),
        provider=_string(value, "provider"),
        url=(_string(value, "url") or "").strip() or None,
        status=_STATUSES[status.lower()],
        headline=one_line(headline) or None if headline else None,
        standfirst=_copy(standfirst),
        body=_copy(body),
        byline_raw=byline,
        language=language_tag(_string(value, "language")),
        keywords=_strings(value, "keywords"),
        subject_codes=codes,
        media_topics=media_topics_of(codes) if codes else (),
        published=moment,
        published_raw=published,
        date_source=source,
        extra=_extra(value),
    )


def _string(value: dict[str, Any], name: str) -> str | None:
    found = value.get(name)
    if found is None or isinstance(found, str):
        return found
    raise ParseError("wrong_type", f"has a '{name}' that is no string but {_kind(found)}; write a string or null")


def _scalar(value: dict[str, Any], name: str) -> str | None:
    """A string or a number: ids and versions come as either."""
    found = value.get(name)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    return (_string(value, name) or "").strip() or None


def _strings(value: dict[str, Any], name: str) -> tuple[str, ...]:
    found = value.get(name)
    if found is None:
        return ()
    if isinstance(found, str):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ParseError("wrong_type", f"has '{name}' that are no list of strings; write a list of strings or null")
    return tuple(dict.fromkeys(word for each in found[:MAX_VALUES] if (word := one_line(each))))


def _byline(value: dict[str, Any]) -> str | None:
    """The byline as printed: one string, or several, each an element of its own."""
    found = value.get("byline")
    if isinstance(found, list):
        return "; ".join(_strings(value, "byline")) or None
    text = _string(value, "byline")
    return one_line(text) or None if text else None


def _published(value: dict[str, Any], zone: str | None) -> tuple[datetime | None, str | None, str | None]:
    printed = _scalar(value, "published")
    if printed is None:
        return None, None, None
    found = read_date(printed, zone)
    return found.moment, found.source if found.moment else UNREADABLE, printed


def _copy(text: str | None) -> str | None:
    """Text is plain, unless it has the tags of paragraphs."""
    if not text:
        return None
    if "<" in text and _MARKUP.search(text):
        return html_to_text(text) or None
    # kept as given: runs of spaces part a byline from the dateline behind it
    return text.replace("\r\n", "\n").strip() or None


def _extra(value: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    if value.keys() <= _KNOWN:
        return ()
    found = []
    for name, each in list(value.items())[:MAX_VALUES]:
        if name not in _KNOWN and each is not None:
            text = each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)
            found.append((name, text[:_MAX_EXTRA_CHARS]))
    return tuple(found)


def _kind(value: Any) -> str:
    names = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")
