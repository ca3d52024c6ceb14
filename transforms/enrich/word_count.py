"""How many words a text has."""

import numpy as np

from schemas.code_units import class_table, code_units

_DENSE_LANGUAGES = frozenset({"zh", "ja", "th", "yue", "lo", "km", "my"})
_SPACE, _IDEOGRAPH = 1, 2
_CLASSES = class_table({r"\s": _SPACE, "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f": _IDEOGRAPH})


def count_words(text: str | None, language: str | None = None) -> int:
    """Words of a text: runs between white space; in scripts without spaces each character counts as one word.

    Args:
        text: plain text.
        language: BCP 47; None looks at the text itself.
    """
    if not text:
        return 0
    units = np.frombuffer(text.encode("ascii"), np.uint8) if text.isascii() else code_units(text)
    classes = _CLASSES.take(units)
    if language is None or language.split("-", 1)[0] in _DENSE_LANGUAGES:
        gaps = classes > 0
        alone = int(np.count_nonzero(classes == _IDEOGRAPH))
    else:
        gaps = classes == _SPACE
        alone = 0
    return alone + int(np.count_nonzero(gaps[:-1] > gaps[1:])) + int(not gaps[0])
