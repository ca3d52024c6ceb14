"""A story that arrives as an e-mail (RFC 5322, MIME): a newsletter, a press release, or a form that was filled in.

The subject is the headline, the first plain or HTML part the copy, ``Message-ID`` names the story. A body that is a
JSON object of lists is a web form's mail: its fields name headline, abstract, slugline, dateline and body.
"""

import json
import re
from collections.abc import Mapping
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from typing import Any

from schemas.document import Failure, ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from transforms.parse.agency_document import Clock, bounded, pairs
from transforms.parse.body_media import whole_number
from transforms.parse.charset import is_utf8
from transforms.parse.elements import join_lines, unique
from transforms.parse.limits import MAX_MEDIA
from transforms.parse.newsml_text import Copy, read_text
from transforms.parse.probe import Probe
from transforms.parse.text import one_line
from transforms.parse.wire_life import read_embargo, read_life
from transforms.parse.wire_text import paragraphs, split_private

NAME = "email"

_HEADER = re.compile(r"^[!-9;-~]{1,60}:(?: |\t|$)")
_NAMES = re.compile(
    r"(?im)^(from|to|subject|date|message-id|mime-version|received|return-path|delivered-to|content-type|sender|"
    r"reply-to|cc):"
)
_SIGNATURE = re.compile(r"(?m)^--[ \t]{0,2}$")
_LONGEST_HEADER = 4_000  # characters read of a header; RFC 5322 allows 998 to a line, and a subject has one


class _ShortHeaders(policy.Compat32):
    """The standard library's policy, headers cut to a length: it takes quadratic time over long ones."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if len(value) <= _LONGEST_HEADER:
            return name, value
        value = value[:_LONGEST_HEADER]
        # between parameters: of one that is cut in the middle the library makes an exception
        return name, value.rpartition(";")[0] if name.lower().startswith("content-") and ";" in value else value


def sniff(probe: Probe) -> bool:
    """Whether a document begins with a block of mail headers."""
    if probe.first_json is not None:
        return False
    head = probe.text[:20_000].replace("\r\n", "\n").lstrip()
    if head.startswith("From "):
        head = head.partition("\n")[2]
    block = head.partition("\n\n")[0]
    if not _HEADER.match(block):
        return False
    names = {found.lower() for found in _NAMES.findall(block)}
    return len(names) >= 3 and bool(names & {"from", "sender", "return-path"})


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 - one interface for all formats
    """Read one message. Never raises."""
    try:
        message = BytesParser(policy=_ShortHeaders()).parsebytes(_without_mbox_line(doc.data))
        item = _read(message, Clock(doc.source.time_zone))
    except (MessageError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        text = f"{doc.input} is a damaged e-mail ({type(error).__name__}: {error}); have it sent again"
        return ParsedDocument(NAME, failures=(Failure("parse", "malformed_email", text, doc.input),))
    if not (item.headline or item.body):
        text = f"{doc.input} is an e-mail without subject and text; nothing can be kept of it"
        return ParsedDocument(NAME, failures=(Failure("parse", "empty_item", text, doc.input),))
    return ParsedDocument(NAME, items=(bounded(item),))


def _without_mbox_line(data: bytes) -> bytes:
    data = data.lstrip()  # exports of mail programs begin with blank lines
    return data.partition(b"\n")[2] if data.startswith(b"From ") else data


def _read(message: Message, clock: Clock) -> NewsItem:
    copy, plain = _copy(message)
    form = _form(plain) if plain else None
    if form:
        return _read_form(message, form, clock)
    subject = _header(message, "subject")
    body, signature = copy.body, None
    private = None
    if plain is not None:
        cut = _SIGNATURE.search(plain)
        if cut:
            plain, signature = plain[: cut.start()], paragraphs(plain[cut.end() :])
        text, private = split_private(plain)
        body = paragraphs(text)
    life = read_life(subject or "", body)
    embargo_until, embargo_raw = read_embargo(life, clock)
    raw = _header(message, "date")
    published, source = clock.dated(raw)
    return NewsItem(
        guid=_header(message, "message-id"),
        version_created=published,
        status=life.status,
        signals=life.signals,
        kill_target=life.kill_target,
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        source=_sender(message),
        headline=subject or copy.headline,
        standfirst=copy.standfirst,
        body=body,
        byline_raw=copy.byline,
        language=_header(message, "content-language"),
        keywords=unique(one_line(word) for word in (_header(message, "keywords") or "").split(",")),
        editorial_note=join_lines(paragraphs(private) if private else None, *copy.notes),
        priority=whole_number(_header(message, "x-priority")),
        media=(*copy.media, *_attachments(message))[:MAX_MEDIA],
        published=published,
        published_raw=raw,
        date_source=source,
        supersedes=unique((_header(message, "supersedes"),)),
        extra=pairs(("signature", signature)),
    )


def _header(message: Message, name: str) -> str | None:
    """A header as text, encoded words decoded; bytes that no header may hold are read as UTF-8 or windows-1252.

    The standard library's structured headers are not used: they refuse what real mails hold.
    """
    raw = next((value for key, value in message.raw_items() if key.lower() == name), None)
    if raw is None:
        return None
    data = str(raw).encode("utf-8", "surrogateescape")
    text = data.decode("utf-8") if is_utf8(data) else data.decode("cp1252", "replace")
    if "=?" in text:
        text = "".join(_decoded(word, charset) for word, charset in decode_header(text.replace("\r", "")))
    return one_line(_storable(text)) or None


def _decoded(word: bytes | str, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    try:
        return word.decode(charset or "utf-8")
    except (LookupError, UnicodeError):
        return word.decode("utf-8" if is_utf8(word) else "cp1252", "replace")


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _sender(message: Message) -> str | None:
    """Who sent it: the name, else the address."""
    value = _header(message, "from") or ""
    name, _, address = value.rpartition("<")
    return name.strip('" ') or address.strip("<> ") or None


def _copy(message: Message) -> tuple[Copy, str | None]:
    """The first part that is text: plain before HTML, as the sender's reader would show it; and the plain text."""
    html: Copy | None = None
    for part in message.walk():
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or part.get_filename():
            continue
        text = _text(part)
        if not text.strip():
            continue
        if kind == "text/plain":
            return Copy(body=text), _unflowed(part, text)
        html = html or read_text(text)
    return html or Copy(), None


def _text(part: Message) -> str:
    """A part's text; a wrong or missing charset is read as UTF-8, then windows-1252."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return _storable(data.decode(charset or "ascii")).replace("\r\n", "\n")
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace").replace("\r\n", "\n")


def _unflowed(part: Message, text: str) -> str:
    """Undo ``format=flowed`` (RFC 3676): a line that ends with a space goes on in the next one."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    space = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
    lines: list[list[str]] = []
    open_line = False
    for line in text.split("\n"):
        open_after = line.endswith(" ") and line != "-- "
        piece = line[:-1] + space if open_after else line
        if open_line:
            lines[-1].append(piece)
        else:
            lines.append([piece])
        open_line = open_after
    return "\n".join("".join(parts) for parts in lines)


def _form(text: str) -> Mapping[str, str] | None:
    """The fields of a form's mail: a JSON object whose values are texts or lists of texts, keys in lower case."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        value: Any = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    fields: dict[str, str] = {}
    for name, given in value.items():
        first = (
            next((each for each in given if isinstance(each, str) and each.strip()), None)
            if isinstance(given, list)
            else given
        )
        if isinstance(first, str) and first.strip():
            fields[name.strip().lower()] = _storable(first)
    return fields if {"headline", "body", "abstract"} & set(fields) else None


def _read_form(message: Message, form: Mapping[str, str], clock: Clock) -> NewsItem:
    """A form's mail: the subject only names the form."""
    raw = _header(message, "date")
    published, source = clock.dated(raw)
    body = paragraphs(form.get("body", ""))
    headline = one_line(form.get("headline", "")) or _header(message, "subject")
    life = read_life(headline or "", body)
    embargo_until, embargo_raw = read_embargo(life, clock)
    return NewsItem(
        guid=_header(message, "message-id"),
        version_created=published,
        status=life.status,
        signals=life.signals,
        kill_target=life.kill_target,
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        source=form.get("source") or _sender(message),
        headline=headline,
        standfirst=one_line(form.get("abstract", "")) or None,
        body=body,
        byline_raw=form.get("byline"),
        dateline_raw=form.get("dateline"),
        located_place=form.get("place"),
        slug=form.get("slugline"),
        genres=unique((form.get("genre"),)),
        editorial_note=join_lines(form.get("ed note"), form.get("editor's note"), form.get("legal flag")),
        urgency=whole_number(form.get("news value")),
        priority=whole_number(form.get("priority")),
        wire_header=pairs(("category", form.get("category")), ("desk", form.get("desk"))),
        published=published,
        published_raw=raw,
        date_source=source,
    )


def _attachments(message: Message) -> list[Media]:
    """Pictures, video and audio that are attached; other files are no media."""
    return [
        Media(type=part.get_content_type(), title=one_line(_storable(part.get_filename() or "")) or None)
        for part in message.walk()
        if part.get_content_maintype() in ("image", "video", "audio")
    ]
