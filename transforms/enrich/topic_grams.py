"""Rows of words and of their n-grams in the topic model, many words at once.

A row's number is a CRC-32 of the UTF-8, cut to ``BUCKETS``. Words and n-grams are numbered apart: the checksum goes on
from a letter before them. For n-grams it is computed byte by byte for all of them together, as numbers in arrays: a
word that was not met before costs a fourth so, and news is full of them.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from transforms.enrich.topic_features import BUCKETS, MAX_WORD, folded, is_han_or_kana

_WORD_MARK, _GRAM_MARK = crc32(b"w"), crc32(b"g")
_ALL = 0xFFFFFFFF
_STEP = np.array([crc32(bytes([byte ^ 0xFF])) ^ 0xFF000000 for byte in range(256)], np.uint32)
"""What one byte does to a CRC-32, by the byte and the checksum's last byte."""

Rows = NDArray[np.intp]


class Features(NamedTuple):
    """Rows of words.

    Attributes:
        own: the row of each word itself.
        grams: the rows of all n-grams, those of the first word first.
        sizes: how many n-grams each word has.
    """

    own: Rows
    grams: Rows
    sizes: Rows


def word_features(words: Sequence[str]) -> Features:
    """Rows of words: that of each word itself, and those of its n-grams.

    N-grams are runs of four, then of five characters of the folded word with its borders marked; a word of three
    letters or fewer has none, but Han and kana share their single characters. Repeated n-grams are counted once.

    Args:
        words: any number of tokens; the first ``MAX_WORD`` letters of each are read.
    """
    cut = [word[:MAX_WORD] for word in words]
    plain = list(map(folded, cut))
    own = [crc32(word.encode("utf-8", "surrogatepass"), _WORD_MARK) for word in cut]
    single = [
        [crc32(char.encode(), _GRAM_MARK) for char in dict.fromkeys(word)] if is_han_or_kana(word) else []
        for word in plain
        if len(word) < 4
    ]
    long = np.array([len(word) >= 4 for word in plain], np.bool_)
    sums, lengths = _long_sums([f"<{word}>" for word in plain if len(word) >= 4])
    sizes = np.zeros(len(words), np.intp)
    sizes[long] = lengths
    sizes[~long] = list(map(len, single))
    rows = np.empty(int(sizes.sum()), np.uint32)
    of_long = np.repeat(long, sizes)
    rows[of_long] = sums
    rows[~of_long] = list(chain.from_iterable(single))
    return Features(
        np.array(own, np.intp) & (BUCKETS - 1),
        (rows & np.uint32(BUCKETS - 1)).astype(np.intp),
        sizes,
    )


def _long_sums(marked: list[str]) -> tuple[NDArray[np.uint32], Rows]:
    """Checksums of the different n-grams of words of at least six characters with their marks; how many each has."""
    lengths = np.fromiter(map(len, marked), np.intp, len(marked))
    data = np.frombuffer("".join(marked).encode("utf-8", "surrogatepass"), np.uint8)
    # where each character begins, and where the last one ends
    edges = np.append(np.flatnonzero((data & 0xC0) != 0x80), len(data))
    sizes = 2 * lengths - 7
    home = np.repeat(np.arange(len(marked)), sizes)
    rank = np.arange(len(home)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    fives = rank >= (lengths - 3)[home]
    first = (np.cumsum(lengths) - lengths)[home] + np.where(fives, rank - (lengths - 3)[home], rank)
    sums = _checksums(data, edges[first], edges[first + 4 + fives])
    keys = (home.astype(np.uint64) << np.uint64(33)) | (fives.astype(np.uint64) << np.uint64(32)) | sums
    keys.sort()
    twice = np.unique(keys[1:][keys[1:] == keys[:-1]] >> np.uint64(33)).astype(np.intp)
    if not len(twice):
        return sums, sizes
    stays = np.ones(len(sums), np.bool_)
    ends = np.cumsum(sizes)
    for word in twice.tolist():
        text = marked[word]
        grams = [text[start : start + size] for size in (4, 5) for start in range(len(text) - size + 1)]
        met: set[str] = set()
        for place, gram in enumerate(grams, int(ends[word]) - len(grams)):
            stays[place] = gram not in met
            met.add(gram)
    return sums[stays], np.bincount(home[stays], minlength=len(marked))


def _checksums(data: NDArray[np.uint8], starts: Rows, ends: Rows) -> NDArray[np.uint32]:
    """CRC-32 of stretches of data, each of at least four bytes, going on from the mark of n-grams."""
    state = np.full(len(starts), _GRAM_MARK ^ _ALL, np.uint32)
    for step in range(4):
        state = _STEP.take((state & np.uint32(0xFF)) ^ data.take(starts + step)) ^ (state >> np.uint32(8))
    left = np.flatnonzero(ends - starts > 4)
    at, behind = starts[left] + 4, ends[left]
    while len(left):
        old = state.take(left)
        state[left] = _STEP.take((old & np.uint32(0xFF)) ^ data.take(at)) ^ (old >> np.uint32(8))
        at += 1
        more = at < behind
        left, at, behind = left[more], at[more], behind[more]
    return state ^ np.uint32(_ALL)
