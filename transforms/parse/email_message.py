"""A story that arrives as an e-mail (RFC 5322, MIME): a newsletter, a press release, or a form that was filled in.

The subject is the headline, the texts of its parts are the copy (of alternatives one), ``Message-ID`` names the story.
A web form's mail and labelled lines above the copy: see ``email_form``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from schemas.document import Failure, ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from transforms.parse.agency_document import Clock, bounded, pairs
from transforms.parse.body_media import whole_number
from transforms.parse.charset import is_utf8
from transforms.parse.editor_notes import part_notes
from transforms.parse.elements import join_lines, unique
from transforms.parse.email_form import read_fields, with_fields
from transforms.parse.limits import MAX_ITEMS, MAX_MEDIA
from transforms.parse.newsml_text import Copy, read_text
from transforms.parse.probe import Probe
from transforms.parse.text import one_line
from transforms.parse.wire_life import read_embargo, read_life, split_embargo
from transforms.parse.wire_text import paragraphs, split_private

NAME = "email"

_HEADER = re.compile(r"^[!-9;-~]{1,60}:(?: |\t|$)")
_MBOX = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\n]{3,200}\d{4}[^\n]{0,8}\n(?=[!-9;-~]{1,60}:)")
_ESCAPED = re.compile(rb"(?m)^>(>*From )")
_NAMES = re.compile(
    r"(?im)^(from|to|subject|date|message-id|mime-version|received|return-path|delivered-to|content-type|sender|"
    r"reply-to|cc):"
)
_SIGNATURE = re.compile(r"(?m)^--[ \t]{0,2}$")
_FORWARDED = re.compile(
    r"^(?:(?:re|fwd?|wg|aw|tr|rv|rif|sv|vs|antw|odp|pd)(?:\[\d{1,3}\])? ?: *)+(?=\S)", re.IGNORECASE
)
"""What mail programs put before the subject of an answer or a forwarded mail, in their users' languages."""

_STUB = 0.5
"""Share of the words of a richer alternative that the plain one must have; a stub ("see the HTML part") has few."""

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
    """Read one message, or the messages of a mailbox file (mbox). Never raises."""
    items: list[NewsItem] = []
    failures: list[Failure] = []
    for position, data in enumerate(_messages(doc.data)):
        where = f"{doc.input} (item {position})" if position else doc.input
        if position >= MAX_ITEMS:
            text = f"{doc.input} holds more than {MAX_ITEMS:,} messages: split it"
            failures.append(Failure("parse", "too_many_items", text, doc.input))
            break
        try:
            item = _read(BytesParser(policy=_ShortHeaders()).parsebytes(data), Clock(doc.source.time_zone))
        except (MessageError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            text = f"{where} is a damaged e-mail ({type(error).__name__}: {error}); have it sent again"
            failures.append(Failure("parse", "malformed_email", text, doc.input, position, data))
            continue
        if item.headline or item.body:
            items.append(bounded(replace(item, position=position)))
        else:
            text = f"{where} is an e-mail without subject and text; nothing can be kept of it"
            failures.append(Failure("parse", "empty_item", text, doc.input, position, data))
    return ParsedDocument(NAME, items=tuple(items), failures=tuple(failures))


def _messages(data: bytes) -> Iterator[bytes]:
    """The messages of a mailbox file, each behind its ``From `` line (RFC 4155); else the one that it is."""
    data = data.lstrip()  # exports of mail programs begin with blank lines
    starts = [found.end() for found in _MBOX.finditer(data)] if data.startswith(b"From ") else []
    if not starts:
        yield data.partition(b"\n")[2] if data.startswith(b"From ") else data
        return
    ends = [found.start() for found in _MBOX.finditer(data)][1:]
    for start, end in zip(starts, [*ends, len(data)], strict=True):
        yield _ESCAPED.sub(rb"\1", data[start:end])


def _read(message: Message, clock: Clock) -> NewsItem:
    pieces = list(_pieces(message))
    first = pieces[0] if pieces else None
    form = read_fields(first) if isinstance(first, str) else None
    if form:
        pieces[0] = form.get("body", "")
    raw = _header(message, "date")
    clock = replace(clock, stated=_zone_of(raw))
    subject = _header(message, "subject")
    copy = _joined(pieces)
    life = read_life("\n".join(filter(None, (subject, *copy.notes))), copy.body)
    published, source = clock.dated(raw)
    embargo_until, embargo_raw = read_embargo(life, clock, published)
    title = _FORWARDED.sub("", subject) if subject else None
    target = life.kill_target
    if life.status == "canceled" and target is None:
        target = _header(message, "in-reply-to")  # a kill that answers the mail that it ends
    item = NewsItem(
        guid=_header(message, "message-id"),
        version_created=published,
        status=life.status,
        signals=life.signals,
        kill_target=target,
        embargo_until=embargo_until,
        embargo_raw=embargo_raw,
        source=_sender(message),
        headline=title or subject or copy.headline,
        standfirst=copy.standfirst,
        body=copy.body,
        byline_raw=copy.byline,
        language=_header(message, "content-language"),
        keywords=unique(one_line(word) for word in (_header(message, "keywords") or "").split(",")),
        editorial_note=join_lines(*copy.notes),
        priority=whole_number(_header(message, "x-priority")),
        media=(*copy.media, *_attachments(message))[:MAX_MEDIA],
        wire_header=pairs(("subject", subject if title and title != subject else None)),
        published=published,
        published_raw=raw,
        date_source=source,
        supersedes=unique((_header(message, "supersedes"),)),
        extra=pairs(("signature", copy.signature)),
    )
    return with_fields(item, form, clock) if form else item


def _zone_of(raw: str | None) -> tzinfo | None:
    """The sender's zone, in which the times of the text are meant."""
    try:
        return parsedate_to_datetime(raw).tzinfo if raw else None
    except (ValueError, TypeError):
        return None


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


@dataclass(slots=True)
class _Whole:
    """The copy of all parts."""

    body: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    notes: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    signature: str | None = None


def _pieces(part: Message) -> Iterator[str | Copy]:
    """The texts of a message in order: plain ones as they stand, HTML as copy.

    Of alternatives (RFC 2046) one is taken: the plain one, unless it only tells the reader to look at the other. Parts
    that follow each other all belong to the message, an attached text and a forwarded message too.
    """
    kind = part.get_content_type()
    if part.is_multipart():
        children = [each for each in part.get_payload() if isinstance(each, Message)]
        if kind == "multipart/alternative":
            yield from _alternative(children)
            return
        if kind == "message/rfc822":
            yield from (subject for each in children if (subject := _header(each, "subject")))
        for each in children:
            yield from _pieces(each)
    elif kind == "text/plain" or (kind == "text/html" and not part.get_filename()):
        text = _text(part)
        if text.strip():
            yield _unflowed(part, text) if kind == "text/plain" else read_text(text)


def _alternative(children: list[Message]) -> list[str | Copy]:
    """The alternative that says all: the first plain one, or one with markup that says far more."""
    offered = [pieces for each in children if (pieces := list(_pieces(each)))]
    plain = next((pieces for pieces in offered if all(isinstance(piece, str) for piece in pieces)), None)
    best = max(offered, key=_length, default=[])
    return plain if plain is not None and _length(plain) >= _STUB * _length(best) else best


def _length(pieces: list[str | Copy]) -> int:
    return sum(len((piece if isinstance(piece, str) else piece.body or "").split()) for piece in pieces)


def _joined(pieces: list[str | Copy]) -> _Whole:
    """All pieces as one copy: signature, embargo line and private notes apart."""
    whole = _Whole()
    bodies: list[str | None] = []
    for piece in pieces:
        if isinstance(piece, Copy):
            body, notes = part_notes(piece.body or "")
            bodies.append(body)
            whole.notes += [*piece.notes, *notes]
            whole.media += piece.media
            whole.headline = whole.headline or piece.headline
            whole.standfirst = whole.standfirst or piece.standfirst
            whole.byline = whole.byline or piece.byline
            continue
        cut = _SIGNATURE.search(piece)
        if cut:
            whole.signature = whole.signature or paragraphs(piece[cut.end() :])
        text, embargo = split_embargo(piece[: cut.start()] if cut else piece)
        text, private = split_private(text)
        bodies.append(paragraphs(text))
        whole.notes += [note for note in (embargo, paragraphs(private) if private else None) if note]
    whole.body = join_lines(*bodies)
    return whole


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


def _attachments(message: Message) -> list[Media]:
    """Pictures, video and audio that are attached; other files are no media."""
    return [
        Media(type=part.get_content_type(), title=one_line(_storable(part.get_filename() or "")) or None)
        for part in message.walk()
        if part.get_content_maintype() in ("image", "video", "audio")
    ]
