"""Names of things: which family a story belongs to, which version a row is, what counts as the same text.

All ids are the first 128 bits of BLAKE2b over length-prefixed UTF-8 parts, as 32 hex digits. They are part of the
lake's format: a change here makes every known story new.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from schemas.code_units import Units, code_units, text_of
from schemas.item import STANDFIRST_OF_BODY, NewsItem

ID_BYTES = 16
"""128 bits: among 10^12 rows the chance of one accidental meeting is below 10^-14."""


def hash_parts(kind: str, parts: Iterable[str | bytes]) -> str:
    """Hash a list of strings so that no two different lists read alike.

    Args:
        kind: what the hash names; keeps a story's id from ever equalling a row's.
        parts: the strings, or their UTF-8.

    Returns:
        32 hex digits.
    """
    pieces: list[bytes] = []
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        pieces.append(len(data).to_bytes(8, "little"))
        pieces.append(data)
    digest = _begun(kind).copy()
    digest.update(b"".join(pieces))
    return digest.hexdigest()


@lru_cache(maxsize=64)
def _begun(kind: str) -> hashlib.blake2b:
    # copying a hash object costs a third of making one
    return hashlib.blake2b(digest_size=ID_BYTES, person=kind.encode()[:16])


def normalise_text(text: str | None) -> str:
    """Fold what is no difference of copy: case, compatibility forms, runs of white space, format characters.

    >>> normalise_text("  Ｔhe\\u00a0 CAT ")
    'the cat'
    """
    return _folded(text).decode("utf-8", "surrogatepass") if text else ""


def _folded(text: str | None) -> bytes:
    """The normalised text in UTF-8.

    Nearly all copy consists of characters that fold whatever stands beside them. Those are looked up in tables: the
    same result as in the general way, twice as fast where there are more than a few.
    """
    if not text:
        return b""
    if text.isascii():
        data = text.encode().translate(_ASCII_FOLDS)
    else:
        line = _folded_alone(text) if len(text) > _FEW else None
        if line is None:
            return " ".join(unicodedata.normalize("NFKC", text).split()).casefold().encode("utf-8", "surrogatepass")
        data = line.encode()
    data = data.strip(b" ")
    return b" ".join(data.split()) if b"  " in data else data


def _folded_alone(text: str) -> str | None:
    """The text with each character folded and each white space a space; None: some fold with their neighbours."""
    table, longer = _folds()
    units = code_units(text)
    folded = table.take(units)
    if (highest := folded.max()) < _LONGER:
        return text_of(folded)
    if highest == _UNKNOWN:
        return None
    at = folded == _LONGER
    line = text_of(np.where(at, units, folded))
    for char in map(chr, sorted(set(units[at].tolist()))):
        line = line.replace(char, longer[char])
    return line


_ASCII_FOLDS = bytes(32 if chr(code).isspace() and code < 0x80 else code for code in range(256)).lower()
"""ASCII as ``str.split`` and ``str.casefold`` fold it."""

_FEW = 400
"""Characters up to which the general way is as fast: a headline, a summary."""

_UNKNOWN, _LONGER = 0xFFFF, 0xFFFE
"""In the table of folds, in place of a character: not known to be free of its neighbours; folds to several."""

_ALONE = ((0x0000, 0x0900), (0x1E00, 0x2FF0), (0x3000, 0xA000), (0xAC00, 0xD7A4), (0xFF00, 0xFFF0))
"""Blocks whose letters never compose with a character before them: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic;
punctuation and symbols; kana, Han, Hangul syllables, full-width forms. Combining marks among them are left out."""

_ITSELF = ((0x3400, 0xA000), (0xAC00, 0xD7A4))
"""Han and Hangul syllables have neither case nor compatibility forms."""


@lru_cache(maxsize=1)
def _folds() -> tuple[Units, dict[str, str]]:
    """For each code unit its fold, and the folds of more than one character."""
    table = np.full(1 << 16, _UNKNOWN, np.uint16)
    longer: dict[str, str] = {}
    for first, end in _ITSELF:
        table[first:end] = np.arange(first, end, dtype=np.uint16)
    for first, end in _ALONE:
        for code in range(first, end):
            if table[code] != _UNKNOWN or (fold := _fold_alone(chr(code))) is None:
                continue
            if len(fold) > 1:
                longer[chr(code)] = fold
            table[code] = ord(fold) if len(fold) == 1 else _LONGER
    return table, longer


def _fold_alone(char: str) -> str | None:
    """How a character folds whatever stands beside it; None: not known to be free of its neighbours."""
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", char)
    if unicodedata.combining(plain[0]) or not any(first <= ord(plain[0]) < end for first, end in _ALONE):
        return None
    return plain.casefold()


def family_id(item: NewsItem, feed_url: str) -> str:
    """What names the item's family within its provider.

    The document's own id; else its link; else normalised headline (or the body's opening), publication date and
    feed, because real feeds have thousands of entries with neither id nor link.
    """
    if item.guid:
        return item.guid
    if item.url:
        return item.url
    headline = normalise_text(item.headline) or normalise_text(item.body)[:200] or normalise_text(item.standfirst)[:200]
    if not headline and item.media and item.media[0].url:
        headline = item.media[0].url
    day = item.published.date().isoformat() if item.published else (item.published_raw or "")
    return hash_parts("family", (headline, day, feed_url))


def story_id(provider: str, family: str) -> str:
    """The id of a family of versions: provider and family id."""
    return hash_parts("story", (provider, family))


def content_hash(item: NewsItem, language: str | None) -> str:
    """Hash of what the item says, blind to markup, link parameters and time stamps.

    Covers normalised headline, standfirst, body and the stated language, because decisions about repeats are
    taken per language. A standfirst that only says the opening of the body says nothing of its own.
    """
    standfirst = None if STANDFIRST_OF_BODY in item.extra else item.standfirst
    texts = (_folded(item.headline), _folded(standfirst), _folded(item.body), language or "")
    return hash_parts("content", texts)


def row_id(story: str, content: str, item: NewsItem) -> str:
    """The id of one version: family, content, and what makes equal text another message.

    A kill, a lifted embargo or a stated new version can carry the old text; they are rows of their own.
    """
    embargo = item.embargo_until.isoformat() if item.embargo_until else (item.embargo_raw or "")
    return hash_parts(
        "row",
        (
            story,
            content,
            item.version or "",
            item.status,
            embargo,
            item.kill_target or "",
            "kill" if "kill" in item.signals else "",
        ),
    )
