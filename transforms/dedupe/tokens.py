"""Words of copy as 64-bit numbers, many stories at once.

Text is case-folded UTF-8. A token is a run of letters and digits; ``1,500.25`` is one token; every Chinese or
Japanese character is one, because those scripts put no spaces (so five tokens in a row are a character 5-gram there).
The numbers are a polynomial hash of the token's bytes, finished by SplitMix64's mixer: arithmetic modulo 2^64 only,
therefore equal on every platform and with every version of every library. They are part of the state's format.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MAX_CHUNK = 1 << 18
"""Bytes hashed at once: the tables of powers (2 MB each) and the working arrays stay in the cache."""

_PRIME = 0x9E3779B97F4A7C15
"""An odd multiplier (2^64 divided by the golden ratio), so that it has an inverse modulo 2^64."""

PREFIX_BYTES = 6
"""A word's beginning stands for it in event tokens: impeach, impeached and impeachment are one."""

_TWO_BYTE_PREFIX = 12
"""The same six letters where a letter takes two bytes (Cyrillic, Greek, Arabic, accents)."""


def _powers(base: int) -> Words:
    out = np.empty(MAX_CHUNK + 1, np.uint64)
    value = 1
    for place in range(MAX_CHUNK + 1):
        out[place] = value
        value = value * base & 0xFFFFFFFFFFFFFFFF
    return out


_POWER = _powers(_PRIME)
_INVERSE = _powers(pow(_PRIME, -1, 1 << 64))

_WORD = np.zeros(256, np.bool_)
_WORD[[*range(48, 58), *range(97, 123), *range(65, 91), *range(128, 256)]] = True
_DIGIT = np.zeros(256, np.bool_)
_DIGIT[48:58] = True
_CODE = (np.arange(256, dtype=np.uint64) + np.uint64(1)) * np.uint64(0xD6E8FEB86659FD93)


def mix(values: Words) -> Words:
    """SplitMix64's finaliser: every input bit reaches every output bit."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a chunk of text, in order.

    Attributes:
        starts: first byte of each.
        hashes: 64-bit hash of each.
        stems: hash of its beginning; of a pair of characters for Chinese and Japanese.
        figures: whether it starts with a digit.
    """

    starts: Index
    hashes: Words
    stems: Words
    figures: Flags


def tokenise(data: Bytes) -> Tokens:
    """Find and hash the tokens of case-folded UTF-8.

    Args:
        data: at most ``MAX_CHUNK`` bytes; bytes that are neither letters nor digits part tokens.
    """
    word = _WORD[data]
    ascii_only = not len(data) or int(data.max()) < 128
    cjk = None if ascii_only else _clear_punctuation(data, word)
    digit = _DIGIT[data]
    joint = (data[1:-1] == 46) | (data[1:-1] == 44)  # full stop and comma between digits belong to the figure
    if joint.any():
        word[1:-1] |= joint & digit[:-2] & digit[2:]
    before = np.empty(len(data) + 1, np.bool_)
    before[0] = False
    before[1:] = word
    edge = before[:-1] < word
    if cjk is not None:
        edge |= cjk & word
    starts = np.flatnonzero(edge)
    last = np.empty(len(data), np.bool_)
    if len(data):
        last[-1] = word[-1]
        last[:-1] = word[:-1] & (~word[1:] | edge[1:])
    ends = np.flatnonzero(last) + 1
    total = np.zeros(len(data) + 1, np.uint64)
    np.cumsum(_CODE[data] * _POWER[: len(data)], out=total[1:])
    base, inverse = total[starts], _INVERSE[starts]
    hashes = mix((total[ends] - base) * inverse)
    width = np.where(data[starts] < 128, PREFIX_BYTES, _TWO_BYTE_PREFIX)
    stems = mix((total[np.minimum(ends, starts + width)] - base) * inverse)
    if cjk is not None and len(starts) > 1:
        single = cjk[starts]
        stems[:-1] = np.where(single[:-1], mix(stems[:-1] * np.uint64(3) + hashes[1:]), stems[:-1])
    return Tokens(starts, hashes, stems, digit[starts])


def _clear_punctuation(data: Bytes, word: Flags) -> Flags:
    """Take punctuation beyond ASCII out of ``word``.

    Returns:
        Where a character that is a token of its own begins, or the text after one.
    """
    following = np.empty_like(data)
    following[:-1], following[-1] = data[1:], 0
    wide = ((data == 0xE2) & ((following == 0x80) | (following == 0x81))) | ((data == 0xE3) & (following == 0x80))
    for place in range(3):  # general punctuation U+2000 to 207F, CJK punctuation U+3000 to 303F
        word[np.minimum(np.flatnonzero(wide) + place, len(word) - 1)] = False
    narrow = np.flatnonzero(data == 0xC2)  # Latin-1 punctuation U+0080 to 00BF
    word[narrow] = False
    word[np.minimum(narrow + 1, len(word) - 1)] = False
    lead = (data >= 0xE3) & (data <= 0xE9)  # U+3000 to 9FFF: kana and ideographs
    after = np.zeros(len(data) + 3, np.bool_)
    after[3:] = lead
    return lead | after[: len(data)]


def shingles(hashes: Words, size: int) -> Words:
    """Hash of every run of ``size`` tokens; entry ``i`` covers tokens ``i`` to ``i + size - 1``."""
    count = max(0, len(hashes) - size + 1)
    out = np.zeros(count, np.uint64)
    for place in range(size):
        out *= np.uint64(0xFF51AFD7ED558CCD)
        out += hashes[place : place + count]
    return mix(out)
