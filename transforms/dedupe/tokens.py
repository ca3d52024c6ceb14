"""Words of copy as 64-bit numbers, many stories at once.

Text is case-folded UTF-8. A token is a run of letters and digits; ``1,500.25`` is one token; every Chinese or
Japanese character is one, because those scripts put no spaces (so five tokens in a row are a character 5-gram there).
The numbers are hashes of the token's bytes, eight at a time, by SplitMix64's mixer: arithmetic modulo 2^64 on
little-endian words only, therefore equal on every platform and with every version of every library. They are part of
the state's format.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MAX_CHUNK = 1 << 18
"""Bytes hashed at once: the working arrays stay in the cache."""

_ROUNDS = 8
"""Eight bytes each; of longer tokens (addresses, garbage) the beginning, the last eight and the length count."""

PREFIX_BYTES = 6
"""A word's beginning stands for it in event tokens: impeach, impeached and impeachment are one."""

_TWO_BYTE_PREFIX = 12
"""The same six letters where a letter takes two bytes (Cyrillic, Greek, Arabic, accents)."""


_LETTER, _DIGIT, _JOINT = 1, 2, 4
_CLASS = np.zeros(256, np.uint8)
_CLASS[[*range(97, 123), *range(65, 91), *range(128, 256)]] = _LETTER
_CLASS[48:58] = _DIGIT
_CLASS[[44, 46]] = _JOINT  # full stop and comma between digits belong to the figure
_MASK = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
_SPAN = np.uint64(0x9E3779B97F4A7C15)


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
    kind = _CLASS[data]
    word = (kind & (_LETTER | _DIGIT)) != 0
    cjk = None if not len(data) or int(data.max()) < 128 else _clear_punctuation(data, word)
    joint = np.flatnonzero(kind == _JOINT)
    joint = joint[(joint > 0) & (joint < len(data) - 1)]
    joint = joint[(kind[joint - 1] == _DIGIT) & (kind[joint + 1] == _DIGIT)]
    word[joint] = True
    around = np.zeros(len(data) + 2, np.bool_)
    around[1:-1] = word
    if cjk is None:
        edges = np.flatnonzero(around[1:] != around[:-1])
        starts, ends = edges[::2], edges[1::2]
    else:
        edge = word & (cjk | ~around[:-2])
        last = word & ~around[2:]
        last[:-1] |= word[:-1] & edge[1:]
        starts, ends = np.flatnonzero(edge), np.flatnonzero(last) + 1
    padded = np.zeros(len(data) + 8 * _ROUNDS, np.uint8)
    padded[: len(data)] = data
    hashes, stems = _hash(padded, starts, ends - starts)
    if cjk is not None and len(starts) > 1:
        single = cjk[starts]
        stems[:-1] = np.where(single[:-1], mix(stems[:-1] * np.uint64(3) + hashes[1:]), stems[:-1])
    return Tokens(starts, hashes, stems, kind[starts] == _DIGIT)


def _hash(padded: Bytes, starts: Index, lengths: Index) -> tuple[Words, Words]:
    """Hash of each token and of its beginning."""
    # eight bytes from every byte on, where they lie: an array of numbers that overlap
    words: Words = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))

    def read(at: Index) -> Words:
        return words[at].astype(np.uint64, copy=False)

    head = read(starts)
    total = mix((head & _MASK[np.minimum(lengths, 8)]) + lengths.astype(np.uint64) * _SPAN)
    longer = np.flatnonzero(lengths > 8)
    for turn in range(1, _ROUNDS):
        if not len(longer):
            break
        piece = read(starts[longer] + 8 * turn) & _MASK[np.minimum(lengths[longer] - 8 * turn, 8)]
        total[longer] = mix(total[longer] * _SPAN + piece)
        longer = longer[lengths[longer] > 8 * (turn + 1)]
    if len(longer):
        total[longer] = mix(total[longer] * _SPAN + read(starts[longer] + lengths[longer] - 8))
    stems = head & _MASK[np.minimum(lengths, PREFIX_BYTES)]
    wide = np.flatnonzero(padded[starts] >= 128)
    if len(wide):
        width = np.minimum(lengths[wide], _TWO_BYTE_PREFIX)
        rest = read(starts[wide] + 8) & _MASK[np.maximum(width - 8, 0)]
        stems[wide] = mix(head[wide] & _MASK[np.minimum(width, 8)]) + rest
    return total, mix(stems)


def _clear_punctuation(data: Bytes, word: Flags) -> Flags | None:
    """Take punctuation beyond ASCII out of ``word``.

    Returns:
        Where a character that is a token of its own begins, or the text after one; None: there is none.
    """
    last = len(data) - 1
    begins = np.flatnonzero(data >= 0xC2)  # few in most copy: the first bytes of longer characters
    first, second = data[begins], data[np.minimum(begins + 1, last)]
    general = (first == 0xE2) & ((second == 0x80) | (second == 0x81))  # U+2000 to 207F
    wide = begins[general | ((first == 0xE3) & (second == 0x80))]  # and CJK punctuation, U+3000 to 303F
    for place in range(3):
        word[np.minimum(wide + place, last)] = False
    narrow = begins[first == 0xC2]  # Latin-1 punctuation U+0080 to 00BF
    word[narrow] = False
    word[np.minimum(narrow + 1, last)] = False
    if not ((first >= 0xE3) & (first <= 0xE9)).any():
        return None
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
