"""Where parsing stops, and why: every limit ends in a failure row, never in a crash or in silence."""

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
"""Largest XML, JSON or text document. The largest real feed seen has 8 MB; a tree in memory takes five times its
bytes, and a worker shares its machine. Files of items (one per line) are bounded by the line instead."""

MAX_ITEM_CHARS = 4 * 1024 * 1024
"""Longest text of one item. A full-text book chapter has .1 MB; what is longer is a fault or an attack, and one
such row spoils a Parquet row group for every reader."""

MAX_LINE_BYTES = 16 * 1024 * 1024
"""Longest line of a file of items: four bytes for each character that an item may have."""

MAX_ITEMS = 200_000
"""Most entries of one XML or JSON document. News sitemaps stop at 1,000 and sitemaps at 50,000 by their
specification; the largest real feed seen has 12,000."""

MAX_MEDIA = 100
"""Most attachments kept of one item; live blogs print several hundred thumbnails."""

MAX_VALUES = 256
"""Most values kept of one list of an item (keywords, codes, names)."""

HEAD_BYTES = 64 * 1024
"""How much of a document's beginning formats may look at to recognise it. Licence comments and DTD subsets before
a root element reach a few KB."""
