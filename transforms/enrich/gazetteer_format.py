"""The compiled gazetteer's bytes: one file, read in place.

Layout, little-endian, every section on a multiple of 4 bytes:
``WLGAZ001``, length of the JSON header (uint32), the header, padding, then the sections that the header lists as
``[name, offset from the end of the header, bytes]``:

- ``buckets``: 65,537 uint32; names whose hash begins with the 16 bits *b* stand from
  ``buckets[b]`` to ``buckets[b+1]``.
- ``hashes``: uint32, the hash's lower 32 bits, ascending within a bucket.
- ``refs``: uint32 beside them: index of a city, with :data:`OTHER_NAME` when the name is not the city's own, or
  :data:`COUNTRY` and the index of a country.
- ``lat``, ``lon``: int32, 10⁻⁵ degrees. ``weight``: uint8, :func:`weight_of` of the inhabitants.
- ``country``: uint8, ``region``: uint16: indices into the header's lists.
- ``starts``: uint32, where each city's name begins in ``names`` (UTF-8); one more at the end.
"""

import math

MAGIC = b"WLGAZ001"
OTHER_NAME = 1 << 31
COUNTRY = 1 << 30
INDEX = COUNTRY - 1
WEIGHT_STEPS = 33
"""Steps per power of ten: 255 holds 56 million, one step is 7 per cent."""


def weight_of(inhabitants: int) -> int:
    """Inhabitants on a scale of one byte."""
    return min(255, round(math.log10(max(0, inhabitants) + 1) * WEIGHT_STEPS))
