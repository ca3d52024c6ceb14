"""Files of items: one JSON object per line (``.jsonl``), each a NewsItem in wirelake's own words.

Every line that is not blank is one item or one failure, so that answers can be given line by line.
"""

import datetime as dt
import json
from typing import Any

import msgspec

from schemas.document import Failure, ParsedDocument, RawDocument
from schemas.item import NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.charset import decode
from transforms.parse.dates import read_date
from transforms.parse.errors import ParseError
from transforms.parse.language import language_tag
from transforms.parse.limits import MAX_ITEM_CHARS, MAX_LINE_BYTES, MAX_VALUES
from transforms.parse.probe import Probe
from transforms.parse.text import html_to_text, one_line, plain_text

NAME = "items"

TEXTS = ("headline", "standfirst", "body")
KEYS = frozenset(
    (
        *TEXTS,
        "id",
        "url",
        "provider",
        "byline",
        "language",
        "published",
        "keywords",
        "subject_codes",
        "version",
        "status",
    )
)
"""What an item may say; anything else is kept in ``extra``."""

STATUSES = {"usable": "usable", "withheld": "withheld", "canceled": "canceled", "cancelled": "canceled"}

_MARKUP = ("<p>", "<p ", "<br", "<div", "</a>", "<!DOCTYPE", "<html")


def sniff(probe: Probe) -> bool:
    """Lines of JSON objects with a headline or a body, or a file that is said to be one."""
    if probe.content_type == "application/jsonl":
        return True
    if probe.first_json != "{":
        return False
    first, _, rest = probe.text.strip().partition("\n")
    if rest.strip() and not rest.lstrip().startswith("{"):
        return False
    try:
        value = json.loads(first)
    except ValueError:
        return False
    return isinstance(value, dict) and _is_item(value)


def _is_item(value: dict[str, Any]) -> bool:
    return bool(value.keys() & {"headline", "body"}) and not value.keys() & {
        "uri",
        "altids",
        "body_text",
        "urn",
        "items",
    }


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 - every format is asked alike
    """Read every line."""
    items: list[NewsItem] = []
    failures: list[Failure] = []
    for position, line in enumerate(line for line in doc.data.split(b"\n") if line.strip()):
        read = parse_item_line(line, position, doc.input, doc.source.time_zone)
        if isinstance(read, NewsItem):
            items.append(read)
        else:
            failures.append(read)
    return ParsedDocument(NAME, tuple(items), tuple(failures))


def parse_item_line(line: bytes, position: int, name: str, zone: str | None = None) -> NewsItem | Failure:
    """Read one line of a file of items.

    Args:
        line: one JSON object; see ``KEYS``.
        position: among the lines that are not blank, from 0.
        name: of the file, for the message.
        zone: of dates that name none; None: UTC.

    Returns:
        The item, or a failure with the line's bytes. Never raises.
    """
    try:
        return _read(line, position, zone)
    except ParseError as error:
        message = f"{name}, line {position + 1}: {error.message}"
        return Failure("parse", error.code, message, name, position, line)


def _read(line: bytes, position: int, zone: str | None) -> NewsItem:
    if len(line) > MAX_LINE_BYTES:
        raise ParseError("item_too_large", f"has {len(line):,} bytes, more than {MAX_LINE_BYTES:,}; split the item")
    value = _load(line)
    if not isinstance(value, dict):
        raise ParseError("not_an_item", "is no JSON object; write one object per line")
    texts = {key: _text(value, key) for key in TEXTS}
    if not any(texts.values()) and "headline" not in value and "body" not in value:
        raise ParseError("not_an_item", "has neither `headline` nor `body`")
    if sum(len(text or "") for text in texts.values()) > MAX_ITEM_CHARS:
        raise ParseError("item_too_large", f"has more than {MAX_ITEM_CHARS:,} characters; split the item")
    status = (_text(value, "status") or "usable").lower()
    if status not in STATUSES:
        raise ParseError("bad_value", f"`status` {status!r} is none of usable, withheld, canceled")
    printed = _text(value, "published")
    published = read_date(printed, zone) if printed else None
    codes = _words(value, "subject_codes")
    extra = tuple((str(key), _as_text(inner)) for key, inner in value.items() if key not in KEYS and inner is not None)
    return NewsItem(
        position=position,
        guid=_text(value, "id"),
        url=_text(value, "url"),
        provider=_text(value, "provider"),
        headline=one_line(texts["headline"]) or None if texts["headline"] else None,
        standfirst=_copy(texts["standfirst"]),
        body=_copy(texts["body"]),
        byline_raw=_text(value, "byline"),
        language=language_tag(_text(value, "language")),
        published=published.moment if published else None,
        published_raw=printed,
        date_source=published.source if published else None,
        keywords=_words(value, "keywords"),
        subject_codes=codes,
        media_topics=media_topics_of(codes) if codes else (),
        version=_text(value, "version"),
        status=STATUSES[status],
        signals=("kill",) if STATUSES[status] == "canceled" else (),
        extra=extra[:MAX_VALUES],
    )


def _load(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    except RecursionError as error:
        raise ParseError("malformed_json", "is nested too deep; write flat objects") from error
    try:  # lone surrogates, NaN and bytes of another encoding are read here
        return json.loads(decode(line).text)
    except (ValueError, RecursionError) as error:
        raise ParseError("malformed_json", f"is no JSON object ({error}); write one object per line") from error


def _text(value: dict[str, Any], key: str) -> str | None:
    inner = value.get(key)
    if inner is None or isinstance(inner, str):
        return (inner or "").strip() or None
    if isinstance(inner, int | float) and not isinstance(inner, bool) and key not in TEXTS:
        return str(inner)
    raise ParseError("bad_value", f"`{key}` is a text, not {type(inner).__name__}")


def _words(value: dict[str, Any], key: str) -> tuple[str, ...]:
    inner = value.get(key)
    if inner is None:
        return ()
    if isinstance(inner, str):
        inner = [part.strip() for part in inner.split(",")]
    if not isinstance(inner, list) or not all(isinstance(word, str | int) for word in inner):
        raise ParseError("bad_value", f"`{key}` is a list of words")
    return tuple(str(word) for word in inner if str(word).strip())[:MAX_VALUES]


def _copy(text: str | None) -> str | None:
    if text is None:
        return None
    return (html_to_text(text) if any(mark in text for mark in _MARKUP) else plain_text(text)) or None


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str)
