"""What decisions about repeats need to know of a story, small and of bounded size, as Arrow columns beside its row.

A story's copy is its body; where the body has fewer than ``MIN_BODY_TOKENS`` tokens (feed items), standfirst and body
together. It is described by

- ``shingles``: 32-bit hashes of its word 5-grams (character 5-grams in Chinese and Japanese). All of them while they
  are few; of longer copy those below 2^32 / 2^shift, so that two sketches of any two lengths can be compared at the
  larger shift and both Jaccard similarity and containment are estimated without bias (FracMinHash, Irber et al. 2022);
- ``figures``: every number with the words around it, so that "same words, other figures" is seen;
- ``headline_tokens`` and ``events``: hashed words of the headline, and word beginnings of headline, standfirst and
  opening for event clusters.

About 1.2 KB a story. The numbers are stable: they are kept in the lake's state.
"""

import datetime as dt
import functools
import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.fast_init import fast_init
from schemas.identity import story_id
from schemas.item import STANDFIRST_OF_BODY
from schemas.story import KILL_SIGNALS, Story
from transforms.dedupe.stopwords import is_stopword
from transforms.dedupe.tokens import MAX_CHUNK, Index, Tokens, Words, mix, shingles, tokenise

SHINGLE = 5
"""Words in a row: 5 tell copy from chance even for wire phrases ("said in a statement that")."""

MAX_SHINGLES = 256
"""Of one sketch: a 250-word story is compared exactly; of longer ones the error of a share near .5 is about .04."""

_FILL = 0.94
"""Of a sketch on average, at most: a few more than expected must not halve it."""

MAX_FIGURES = 48
"""Of one story: a results table has about 40; of longer lists a fixed pseudo-random part is compared."""

MAX_HEADLINE_TOKENS = 24
MAX_EVENT_TOKENS = 40
"""Beyond these a headline or opening is no headline or opening."""

MAX_COPY_BYTES = 1 << 16
"""Copy beyond 64 KB (10,000 words) is not sketched; ``text_hash`` covers all of it."""

MAX_HEAD_BYTES = 1 << 12
"""The same for headline and standfirst, each."""

MIN_BODY_TOKENS = 25
"""A body below this is a teaser; the standfirst belongs to the copy then."""

OPENING_TOKENS = 20
"""Of the body that count for event clusters: the lede."""

MIN_HEADLINE_TOKENS = 3
MIN_HEADLINE_CHARS = 12
"""Shorter headlines ("Sport", "Weather", "News in brief") name no story."""

GENERIC_HEADLINES = frozenset(
    {
        "news in brief",
        "world news in brief",
        "in brief",
        "top news stories",
        "the day in pictures",
        "pictures of the day",
        "photos of the day",
        "what to know today",
        "this week in pictures",
        "letters to the editor",
        "daily news briefing",
        "morning news briefing",
        "evening news briefing",
        "correction and clarification",
        "corrections and clarifications",
        "the world in brief",
        "live updates",
        "breaking news",
        "die nachrichten des tages",
        "bilder des tages",
        "das wichtigste in kürze",
        "meldungen in kürze",
        "nachrichten in kürze",
        "les photos du jour",
        "l'actualité en bref",
        "le journal du jour",
        "las noticias del día",
        "noticias en breve",
        "las fotos del día",
        "notizie in breve",
        "le foto del giorno",
    }
)
"""Headlines that stand over another story every day; they never find or support a repeat."""

_KILL, _REPEAT, _UPDATE, _CORRECTION, _NOT_TEXT, _EMBARGO_UNREADABLE, _FIGURES_CUT = (1 << n for n in range(7))
FLAGS = {
    "kill": _KILL,
    "repeat": _REPEAT,
    "update": _UPDATE,
    "correction": _CORRECTION,
    "not_text": _NOT_TEXT,
    "embargo_unreadable": _EMBARGO_UNREADABLE,
    "figures_cut": _FIGURES_CUT,
}
"""Bits of the column ``flags``."""

STATUS = ("usable", "withheld", "canceled")
"""Values of the column ``status``, by number."""

_SIGNAL_BITS = (
    dict.fromkeys(KILL_SIGNALS, _KILL)
    | dict.fromkeys(("repeat", "rpt", "resend"), _REPEAT)
    | dict.fromkeys(("update", "writethru", "lead", "new-lead"), _UPDATE)
    | dict.fromkeys(("correction", "corrected", "clarification"), _CORRECTION)
)

_ID = pa.binary(16)
_SKETCH = pa.list_(pa.field("element", pa.uint32()))
_FIGURES = pa.list_(pa.field("element", pa.uint64()))

SIGNATURE_SCHEMA: pa.Schema = pa.schema(
    [
        ("row_id", _ID),
        ("story_id", _ID),
        ("content_hash", _ID),
        ("kill_target", _ID),
        ("provider", pa.uint64()),
        ("language", pa.uint64()),
        ("text_hash", pa.uint64()),
        ("copy_hash", pa.uint64()),
        ("headline_key", pa.uint64()),
        ("published", pa.int64()),
        ("fetched", pa.int64()),
        ("embargo", pa.int64()),
        ("words", pa.int32()),
        ("flags", pa.uint16()),
        ("status", pa.uint8()),
        ("shift", pa.uint8()),
        ("shingles", _SKETCH),
        ("figures", _FIGURES),
        ("headline_tokens", _SKETCH),
        ("events", _SKETCH),
    ]
)
"""``published``, ``fetched`` and ``embargo`` are microseconds since 1970 UTC; hashes are 0 where there is nothing to
hash; bit 0 of a headline token says that it starts with a digit, bit 0 of an event token that the headline has it."""

_TURNS = mix(np.arange(MAX_COPY_BYTES, dtype=np.uint64) + np.uint64(7)) | np.uint64(1)
"""What a token's hash is multiplied by at each place, so that order counts."""

_MAX_RANK = (1 << 12) - 1
"""Beyond so many tokens of headline and standfirst order does not matter."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SPACE = b" \t\n\r\x0b\x0c"


@fast_init
@dataclass(frozen=True, slots=True)
class Signature:
    """A story made ready for hashing; ``signature_columns`` does the rest for many at once.

    Attributes:
        ids: row, family, content and kill target, 16 bytes each (the last may be missing).
        provider: hash of the provider's name.
        language: hash of the primary language subtag; 0: unknown.
        text_hash: of headline (markers stripped), standfirst and body, letter by letter but blind to case and space.
        headline_key: of the headline alone; 0: empty, generic or too short.
        published: microseconds since 1970 UTC, or None.
        fetched: the same.
        embargo: the same, or None.
        flags: bits of ``FLAGS``.
        status: index into ``STATUS``.
        headline: case-folded UTF-8.
        standfirst: the same.
        body: the same, cut at ``MAX_COPY_BYTES``.
    """

    ids: tuple[bytes, bytes, bytes, bytes | None]
    provider: int
    language: int
    text_hash: int
    headline_key: int
    published: int | None
    fetched: int
    embargo: int | None
    flags: int
    status: int
    headline: bytes
    standfirst: bytes
    body: bytes


def micros(moment: dt.datetime) -> int:
    """Microseconds since 1970 UTC, exactly."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _fold(text: str | None) -> bytes:
    if not text:
        return b""
    if text.isascii():
        return text.lower().encode("ascii")
    return unicodedata.normalize("NFKC", text).casefold().encode("utf-8", "replace")


def _hash64(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little") or 1


_hash_name = functools.lru_cache(maxsize=4096)(lambda name: _hash64(name.encode("utf-8", "replace")))
"""Of providers and languages: few, and the same in row after row."""


def _headline_key(folded: bytes) -> int:
    plain = b" ".join(folded.split())
    if len(plain) < MIN_HEADLINE_CHARS:
        return 0
    spaced = plain.count(b" ") + 1
    if spaced < MIN_HEADLINE_TOKENS and plain.isascii():
        return 0
    if plain.decode("utf-8", "replace").rstrip(" .:!…") in GENERIC_HEADLINES:
        return 0
    return _hash64(plain)


def _without_printed_head(story: Story) -> tuple[str | None, str | None]:
    """Standfirst and body without what ``extra`` names: byline and dateline left before them, an opening said twice."""
    standfirst, body = story.standfirst, story.body
    if STANDFIRST_OF_BODY in story.extra:
        standfirst = None
    for name, text in story.extra:
        if name in {"byline_printed", "dateline_printed"}:
            if body and body.startswith(text):
                body = body[len(text) :].lstrip()
            elif standfirst and standfirst.startswith(text):
                standfirst = standfirst[len(text) :].lstrip()
    return standfirst, body


def sign(story: Story) -> Signature:
    """Describe a story for the decisions about repeats.

    Args:
        story: enriched: headline without markers, body without byline and dateline (or ``extra`` names them).

    Returns:
        Its signature; equal stories give equal signatures on every platform.
    """
    standfirst_text, body_text = _without_printed_head(story) if story.extra else (story.standfirst, story.body)
    headline, standfirst, body = _fold(story.headline), _fold(standfirst_text), _fold(body_text)
    flags = 0
    for signal in story.signals:
        flags |= _SIGNAL_BITS.get(signal, 0)
    if story.kill_target or story.status == "canceled":
        flags |= _KILL
    if story.item_type != "text":
        flags |= _NOT_TEXT
    if story.extra and any(name == "embargo_raw" for name, _ in story.extra):
        flags |= _EMBARGO_UNREADABLE
    whole = b"\0".join((headline, standfirst, body)).translate(None, _SPACE)
    language = (story.language or "").partition("-")[0].casefold()
    target = bytes.fromhex(story_id(story.provider, story.kill_target)) if story.kill_target else None
    fromhex = bytes.fromhex
    return Signature(
        ids=(fromhex(story.row_id), fromhex(story.story_id), fromhex(story.content_hash), target),
        provider=_hash_name(story.provider),
        language=_hash_name(language) if language else 0,
        text_hash=_hash64(whole) if len(whole) > 2 else 0,
        headline_key=_headline_key(headline),
        published=None if story.published is None else micros(story.published),
        fetched=micros(story.fetched_at),
        embargo=None if story.embargo_until is None else micros(story.embargo_until),
        flags=flags,
        status=STATUS.index(story.status) if story.status in STATUS else 0,
        headline=headline[:MAX_HEAD_BYTES],
        standfirst=standfirst[:MAX_HEAD_BYTES],
        body=body[:MAX_COPY_BYTES],
    )


def signature_columns(signatures: Sequence[Signature]) -> pa.Table:
    """Hash signatures into columns.

    Args:
        signatures: any number, in order.

    Returns:
        A table of ``SIGNATURE_SCHEMA``, one row each; the same whatever stands beside a story in the call.
    """
    tables = [_columns(chunk) for chunk in _chunks(signatures)]
    return pa.concat_tables(tables).combine_chunks() if tables else SIGNATURE_SCHEMA.empty_table()


def _chunks(signatures: Sequence[Signature]) -> Iterator[list[Signature]]:
    chunk: list[Signature] = []
    size = 0
    for one in signatures:
        length = len(one.headline) + len(one.standfirst) + len(one.body) + 3
        if chunk and size + length > MAX_CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(one)
        size += length
    if chunk:
        yield chunk


def _columns(chunk: list[Signature]) -> pa.Table:
    texts = [part for s in chunk for part in (s.headline, s.standfirst, s.body)]
    data = np.frombuffer(b"\0".join(texts) + b"\0", np.uint8)
    borders = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=borders[1:])
    tokens = tokenise(data)
    edges = np.searchsorted(tokens.starts, borders)
    head, stand, body, end = edges[:-1:3], edges[1::3], edges[2::3], edges[3::3]
    first = np.where(end - body < MIN_BODY_TOKENS, stand, body)
    sketch, shift = _sketches(tokens, first, end)
    figures, cut = _figures(tokens, first, end)
    arrays = {
        "provider": [s.provider for s in chunk],
        "language": [s.language for s in chunk],
        "text_hash": [s.text_hash for s in chunk],
        "copy_hash": _sums(tokens, first, end),
        "headline_key": [s.headline_key for s in chunk],
        "published": [s.published for s in chunk],
        "fetched": [s.fetched for s in chunk],
        "embargo": [s.embargo for s in chunk],
        "words": (end - first).astype(np.int32),
        "flags": np.array([s.flags for s in chunk], np.uint16) | np.where(cut, _FIGURES_CUT, 0).astype(np.uint16),
        "status": [s.status for s in chunk],
        "shift": shift,
        "shingles": sketch,
        "figures": figures,
        "headline_tokens": _headline_tokens(tokens, head, stand),
        "events": _events(tokens, head, stand, body, end),
    }
    for place, name in enumerate(("row_id", "story_id", "content_hash", "kill_target")):
        arrays[name] = [s.ids[place] for s in chunk]
    return pa.table(
        [
            value if isinstance(value := arrays[field.name], pa.Array) else pa.array(value, field.type)
            for field in SIGNATURE_SCHEMA
        ],
        schema=SIGNATURE_SCHEMA,
    )


def _spread(first: Index, end: Index) -> tuple[Index, Index]:
    """Indices of the tokens of all ranges, one after the other, and the range of each."""
    lengths = np.maximum(end - first, 0)
    ends = np.cumsum(lengths)
    place = np.repeat(first - ends + lengths, lengths)
    place += np.arange(len(place))
    return place, np.repeat(np.arange(len(first)), lengths)


def _unique(keys: Words) -> Words:
    """Sorted, each once; several times as fast as a hash table here."""
    keys = np.sort(keys)
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = keys[1:] != keys[:-1]
    return keys[fresh]


def _sums(tokens: Tokens, first: Index, end: Index) -> Words:
    """Hash of each range's tokens in order; 0 for an empty range."""
    lengths = np.maximum(end - first, 0)
    place, _ = _spread(first, end)
    rank, _ = _spread(np.zeros(len(first), np.int64), lengths)
    running = np.zeros(len(place) + 1, np.uint64)
    np.cumsum(tokens.hashes[place] * _TURNS[rank], out=running[1:])
    ends = np.cumsum(lengths)
    total = running[ends] - running[ends - lengths]
    return np.where(end > first, mix(total) | np.uint64(1), np.uint64(0))


def _bounded(keys: Words, owner: Index, count: int, limit: int, kind: pa.DataType) -> tuple[pa.Array, Index]:
    """Cut sorted runs at ``limit`` each and make a list array of them; also answer the uncut lengths."""
    lengths = np.bincount(owner, minlength=count)
    if len(keys) and lengths.max() > limit:
        before = np.cumsum(lengths) - lengths
        keys = keys[np.arange(len(keys)) - before[owner] < limit]
    offsets = np.zeros(count + 1, np.int32)
    np.cumsum(np.minimum(lengths, limit), out=offsets[1:])
    field = pa.field("element", kind)
    array = pa.ListArray.from_arrays(
        pa.array(offsets), pa.array(keys.astype(kind.to_pandas_dtype()), kind), type=pa.list_(field)
    )
    return array, lengths


def _sketches(tokens: Tokens, first: Index, end: Index) -> tuple[pa.Array, npt.NDArray[np.uint8]]:
    every = shingles(tokens.hashes, SHINGLE) >> np.uint64(32)
    count = np.maximum(end - first - SHINGLE + 1, 0)
    place, owner = _spread(first, first + count)
    values = every[place]
    shift = np.ceil(np.log2(np.maximum(count / (MAX_SHINGLES * _FILL), 1))).astype(np.uint64)
    while True:
        near = values < (np.uint64(1 << 32) >> shift)[owner]
        keys = _unique((owner[near].astype(np.uint64) << np.uint64(32)) | values[near])
        home = (keys >> np.uint64(32)).astype(np.int64)
        over = np.bincount(home, minlength=len(first)) > MAX_SHINGLES
        if not over.any():
            break
        shift = shift + over.astype(np.uint64)
    array, _ = _bounded(keys & np.uint64(0xFFFFFFFF), home, len(first), MAX_SHINGLES, pa.uint32())
    return array, shift.astype(np.uint8)


def _figures(tokens: Tokens, first: Index, end: Index) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Numbers as (value, context): 32 bits of the number's hash, 32 bits of the words on both sides of it."""
    place = np.flatnonzero(tokens.figures)
    owner = np.searchsorted(end, place, side="right")
    inside = owner < len(end)
    place, owner = place[inside], owner[inside]
    inside = place >= first[owner]
    place, owner = place[inside], owner[inside]
    padded = np.concatenate((tokens.hashes, np.zeros(1, np.uint64)))
    left = np.where(place > first[owner], padded[place - 1], np.uint64(0))
    right = np.where(place + 1 < end[owner], padded[place + 1], np.uint64(0))
    context = mix((left * np.uint64(3) + right * np.uint64(5)).astype(np.uint64)) >> np.uint64(32)
    keys = (tokens.hashes[place] & np.uint64(0xFFFFFFFF00000000)) | context
    order = np.lexsort((keys, owner))
    keys, owner = keys[order], owner[order]
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (owner[1:] != owner[:-1])
    array, lengths = _bounded(keys[fresh], owner[fresh], len(first), MAX_FIGURES, pa.uint64())
    return array, lengths > MAX_FIGURES


def _headline_tokens(tokens: Tokens, head: Index, stand: Index) -> pa.Array:
    place, owner = _spread(head, np.minimum(stand, head + MAX_HEADLINE_TOKENS))
    value = (tokens.hashes[place] >> np.uint64(32)) & np.uint64(0xFFFFFFFE)
    mark: Words = tokens.figures[place].astype(np.uint64)
    keys = _unique((owner.astype(np.uint64) << np.uint64(32)) | value | mark)
    home = (keys >> np.uint64(32)).astype(np.int64)
    return _bounded(keys & np.uint64(0xFFFFFFFF), home, len(head), MAX_HEADLINE_TOKENS, pa.uint32())[0]


def _events(tokens: Tokens, head: Index, stand: Index, body: Index, end: Index) -> pa.Array:
    place, owner = _spread(head, np.minimum(end, body + OPENING_TOKENS))
    value = (tokens.stems[place] >> np.uint64(32)) & np.uint64(0xFFFFFFFE)
    said = ~is_stopword(value)
    place, owner, value = place[said], owner[said], value[said]
    rank = np.minimum(place - head[owner], _MAX_RANK)
    # sorted by story, word and rank, packed into one number: the first mention of each word counts
    keys = (owner.astype(np.uint64) << np.uint64(44)) | (value << np.uint64(12)) | rank.astype(np.uint64)
    keys.sort()
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (keys[1:] >> np.uint64(12)) != (keys[:-1] >> np.uint64(12))
    keys = keys[fresh]
    # then by story and rank: a cut leaves the end of the opening out
    rank = keys & np.uint64(_MAX_RANK)
    marked = ((keys >> np.uint64(12)) & np.uint64(0xFFFFFFFF)) | (
        rank.astype(np.int64) < (stand - head)[(keys >> np.uint64(44)).astype(np.int64)]
    )
    keys = (keys >> np.uint64(44) << np.uint64(44)) | (rank << np.uint64(32)) | marked
    keys.sort()
    home = (keys >> np.uint64(44)).astype(np.int64)
    return _bounded(keys & np.uint64(0xFFFFFFFF), home, len(head), MAX_EVENT_TOKENS, pa.uint32())[0]
