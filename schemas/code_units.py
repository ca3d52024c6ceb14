"""Texts as arrays of UTF-16 code units, and tables over them: one look-up per character instead of a step of Python.

A table has one entry for each of the 65,536 code units. Characters beyond the Basic Multilingual Plane (emoji, rare
ideographs) are two units there, the surrogates, and no table says anything of them but what it says of all.
"""

import codecs
import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Units = NDArray[np.uint16]

_UNITS = 1 << 16


def code_units(text: str) -> Units:
    """The UTF-16 code units of a text, read-only; a lone surrogate is itself.

    >>> code_units("né").tolist()
    [110, 233]
    """
    # the codec itself: looking it up by its name costs as much as it does
    return np.frombuffer(codecs.utf_16_le_encode(text, "surrogatepass")[0], "<u2")


def text_of(units: Units) -> str:
    """The text of code units."""
    return codecs.utf_16_le_decode(units.astype("<u2", copy=False).tobytes(), "surrogatepass", True)[0]


def class_table(classes: Mapping[str, int]) -> NDArray[np.uint8]:
    """A number for each code unit.

    Args:
        classes: for each class of characters, the inside of the brackets of a regular expression, its number; of two
            that hold a character the later one counts.

    Returns:
        The table; 0 where no class holds the character, as for surrogates.

    >>> table = class_table({"a-z": 1})
    >>> table.take(code_units("né")).tolist()
    [1, 0]
    """
    table = np.zeros(_UNITS, np.uint8)
    every = "".join(map(chr, range(_UNITS)))
    for inside, number in classes.items():
        for found in re.finditer(f"[{inside}]+", every):
            table[found.start() : found.end()] = number
    return table
