"""What the topic model sees of a text: its words, the sub-word n-grams of each word, and pairs of neighbours.

Training and classification share these functions, so that both see the same. A text is a bag of tokens; a token's
features depend on the token alone, which is what lets a worker remember one row of scores per word.
"""

import unicodedata
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from schemas.code_units import Units, class_table, code_units, text_of

OPENING = 1000
"""Characters of the copy that are read beside the headline: news tells its topic first, and time is bounded.

On leads of a set left out, 600 characters are read five points better than 150; beyond, no open set has text to ask.
"""

BUCKETS = 1 << 18
"""Rows for words and their n-grams. Two features may share a row; at this size few frequent ones do."""

PAIR_BUCKETS = 1 << 16
"""Rows for pairs of neighbouring words; a power of two, so that a mask finds the row."""

PAIRED = 40
"""Tokens whose pairs are read: headline and lead hold the set phrases that tell most, and the cost is bounded."""

MAX_WORD = 32
"""Letters of a word that are read: longer ones are compounds whose head of 32 letters says enough, or are no words."""

# Letters (with their combining marks) of scripts that part words by spaces. Digits are left out: they are noise.
_SPACED = (
    "a-zªµºß-öø-ɏɐ-ʯ\u0300-\u036fͰ-ϿЀ-ԯ\u0531-\u0587\u0591-\u05c7\u05d0-\u05f4"
    "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ef\u06fa-\u06ff"
    "\u0700-\u07bf\u0900-\u0963\u0971-\u09e5\u09f0-\u0a65\u0a70-\u0ae5\u0af0-\u0b65\u0b70-\u0be5\u0c00-\u0c65"
    "\u0c70-\u0ce5\u0cf0-\u0d65\u0d70-\u0de5\u0df0-\u0dff\u10a0-\u10ff\u1100-\u11ff\u1200-\u1368\u1e00-\u1fff"
    "\uac00-\ud7af"
)
# Han, kana, Thai, Lao, Burmese, Khmer: written without spaces.
_SPACELESS = "\u0e01-\u0e4e\u0e80-\u0ece\u1000-\u103f\u1780-\u17d3\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"

_HAN_KANA = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_SIGNS = "%$€£¥"

_LETTER, _SIGN, _SPACELESS_LETTER, _PAIRED_LETTER = 1, 2, 3, 4
_CLASSES = class_table(
    {_SPACED: _LETTER, _SIGNS: _SIGN, _SPACELESS: _SPACELESS_LETTER, _HAN_KANA: _PAIRED_LETTER},
)
_GAP = np.uint16(ord(" "))
_KEPT = np.where(_CLASSES > 0, np.arange(len(_CLASSES), dtype=np.uint16), _GAP)
"""What stands for a character among tokens: itself, or a gap."""

_KEPT_LATIN = bytes(_KEPT[:256].tolist())
"""The same over bytes of Latin-1, as most copy in Western Europe's languages is."""

_FIRST_SPACELESS = int(np.flatnonzero(_CLASSES >= _SPACELESS_LETTER)[0])


def tokens(text: str) -> list[str]:
    """The tokens of a text in reading order, lower case.

    Words of spaced scripts come whole. Runs of Han and kana come as overlapping pairs of characters, runs of the
    other spaceless scripts as overlapping fours. Digits are dropped; percent and currency signs stay.
    """
    low = text.lower()
    try:
        data = low.encode("latin-1")
    except UnicodeEncodeError:
        pass
    else:
        return _signs_apart(data.translate(_KEPT_LATIN).decode("latin-1")).split()
    units = code_units(low)
    kept = _KEPT.take(units)
    if kept.max() < _FIRST_SPACELESS:
        return _signs_apart(text_of(kept)).split()
    classes = _CLASSES.take(units)
    found = text_of(_pairs_apart(kept, classes)).split()
    if not (classes == _SPACELESS_LETTER).any():
        return found
    return [part for token in found for part in _fours(token)]


def _signs_apart(line: str) -> str:
    for sign in _SIGNS:
        if sign in line:
            line = line.replace(sign, f" {sign} ")
    return line


def _pairs_apart(kept: Units, classes: NDArray[np.uint8]) -> Units:
    """A text with gaps where a token ends, in which each pair of neighbours of Han and kana is a token.

    Each character has three places: itself, its neighbour in a pair or a gap, a gap. Inside words the last two go.
    """
    following = np.zeros_like(classes)
    following[:-1] = classes[1:]
    opens = (classes == _PAIRED_LETTER) & (following == _PAIRED_LETTER)
    closes = np.zeros_like(opens)
    closes[1:] = opens[:-1] & ~opens[1:]
    places = np.full((len(kept), 3), _GAP)
    places[:, 0] = np.where(closes, _GAP, kept)
    places[:-1, 1] = np.where(opens[:-1], kept[1:], _GAP)
    inside = (classes == following) & ((classes == _LETTER) | (classes == _SPACELESS_LETTER))
    if not inside.any():
        return places.reshape(-1)
    stays = np.ones_like(places, np.bool_)
    stays[inside, 1:] = False
    return places[stays]


def _fours(token: str) -> list[str]:
    """A run of a spaceless script in overlapping fours; any other token whole."""
    if len(token) <= 4 or _CLASSES[ord(token[0])] != _SPACELESS_LETTER:
        return [token]
    return [token[start : start + 4] for start in range(len(token) - 3)]


def is_title_cased(headline: str, language: str | None) -> bool:
    """Whether an English headline Is Set Like This, as American papers and sites do: words of four letters and more.

    A paper's style tells what it prints more of, so the model keeps a mix of topics for each style. At least three
    such words are asked for, and six of seven of them capitalised, but not the whole headline.
    """
    if language is not None and language[:2].lower() != "en":
        return False
    long = [word for word in headline.split() if len(word) > 3 and word[0].isalpha()]
    return len(long) > 2 and 7 * sum(word[0].isupper() for word in long) >= 6 * len(long) and not headline.isupper()


def folded(word: str) -> str:
    """The word without accents: ``économie`` and ``economía`` share more n-grams so."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).replace("ß", "ss")


def is_han_or_kana(word: str) -> bool:
    """Whether a word begins with an ideograph or kana."""
    return word != "" and ord(word[0]) < len(_CLASSES) and bool(_CLASSES[ord(word[0])] == _PAIRED_LETTER)


def word_hash(word: str) -> int:
    """Stable 32-bit number of a word, from which pair features are made."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def pair_halves(hashes: NDArray[np.uint32]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """What words bring to the rows of their pairs: as the first and as the second of the two."""
    # An odd factor on the first word, so that the order of a pair matters (Knuth's multiplicative hashing).
    return _half(hashes * np.uint32(0x9E3779B1)), _half(hashes)


def _half(hashes: NDArray[np.uint32]) -> NDArray[np.uint16]:
    return ((hashes >> np.uint32(7)) & np.uint32(PAIR_BUCKETS - 1)).astype(np.uint16)


def pair_features(hashes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Rows of the pairs of neighbours in a text, from the numbers of its words in reading order."""
    first, second = pair_halves(hashes)
    return (first[:-1] ^ second[1:]).astype(np.intp)
