"""Categories of feeds: words a reader understands, and codes of the news vocabularies."""

import re

from schemas.media_topics import media_topic_of

_QCODE = re.compile(
    r"(?:medtop|mediatopic|subj|subject|subref|iptc|topic|iptccode|tobject)[:/](?:\w+/)?\d{8}", re.IGNORECASE
)
_CODE_URI = re.compile(r"https?://(?:cv\.iptc\.org|www\.iptc\.org)/\S*\d{8}", re.IGNORECASE)
_NEWS_2000 = re.compile(r"N2(?:000)?:[A-Z0-9]{1,8}")
_EIGHT_DIGITS = re.compile(r"\d{8}")
_CODE_SCHEME = re.compile(r"iptc|medtop|media-?topic|newscode|subject-?(?:code|reference)|subj\b", re.IGNORECASE)
_MEDIA_TOPIC_SCHEME = re.compile(r"medtop|media-?topic", re.IGNORECASE)


class Categories:
    """Keywords and codes of one entry, each once, in document order."""

    __slots__ = ("codes", "keywords")

    def __init__(self) -> None:
        """Nothing yet."""
        self.keywords: list[str] = []
        self.codes: list[str] = []

    def add(self, term: str | None, scheme: str | None = None, label: str | None = None) -> None:
        """Take one category.

        Args:
            term: its text, or Atom's ``term``.
            scheme: RSS's ``domain``, Atom's ``scheme``.
            label: the words for people, where the format parts them from the term.
        """
        word = label or term
        code = code_of(term, scheme) if term else None
        if code is not None:
            if code not in self.codes:
                self.codes.append(code)
            word = label
        if word and word not in self.keywords:
            self.keywords.append(word)

    def add_list(self, text: str) -> None:
        """Take words parted by commas."""
        for word in text.split(","):
            self.add(word.strip())


def code_of(term: str, scheme: str | None) -> str | None:
    """A category as a code of IPTC's or Reuters' vocabularies, as given; None: it is a word.

    >>> code_of("medtop:20000822", None), code_of("20000822", "http://cv.iptc.org/newscodes/mediatopic/")
    ('medtop:20000822', 'medtop:20000822')
    >>> code_of("Sport", "http://example.org/sections") is None
    True
    """
    if len(term) < 4 or not (term[-1].isdigit() or term.startswith("N2")):
        return None
    if _QCODE.fullmatch(term) or _CODE_URI.fullmatch(term) or _NEWS_2000.fullmatch(term):
        return term
    if not _EIGHT_DIGITS.fullmatch(term):
        return None
    if scheme and _CODE_SCHEME.search(scheme):
        return f"medtop:{term}" if term.startswith("2") or _MEDIA_TOPIC_SCHEME.search(scheme) else f"subj:{term}"
    # A bare number of eight digits may be a date or a section's number: only what the vocabularies know is a code.
    return term if not scheme and media_topic_of(term) is not None else None
