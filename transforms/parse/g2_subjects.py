"""Subjects of NewsML-G2 by vocabulary: IPTC's codes, media topics, and what only the provider knows."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.media_topics import media_topics_of
from transforms.parse.catalog import Catalog
from transforms.parse.elements import Element, child, name_of, unique

_CATEGORY_SCHEMES = ("a1312cat", "anpacat", "apcategorycode", "iptccat", "dpacat")
"""Schemes of one or two letter wire categories."""


class Codes(NamedTuple):
    """Subjects by vocabulary.

    ``subjects`` holds IPTC subject codes, or the media topics as printed where a document has no subject codes.
    """

    subjects: tuple[str, ...]
    topics: tuple[str, ...]
    others: tuple[str, ...]
    category: str | None

    @classmethod
    def of(cls, subjects: Iterable[Element], catalog: Catalog) -> "Codes":
        """Sort the codes of ``subject`` elements; equivalents (``sameAs``) count where the subject itself has none."""
        iptc: list[str] = []
        medtop: list[str] = []
        same: list[str] = []
        others: list[str] = []
        category: str | None = None
        for subject in subjects:
            code = catalog.code_of(subject)
            if code is None and len(subject):
                code = catalog.code_of(child(subject, "mainconcept"))
            scheme, _, value = (code or "").partition(":")
            if scheme == "subj":
                iptc.append(f"subj:{value}")
            elif scheme == "medtop":
                medtop.append(f"medtop:{value}")
            elif value and code:
                if scheme in _CATEGORY_SCHEMES and category is None:
                    category = value
                others.append(code)
            for each in subject:
                if name_of(each) == "sameas":
                    equal = catalog.code_of(each) or ""
                    if equal.startswith(("medtop:", "subj:")):
                        same.append(equal)
        topics = (
            media_topics_of(medtop)
            or media_topics_of(iptc)
            or media_topics_of(code for code in same if code.startswith("medtop:"))
            or media_topics_of(same)
            or media_topics_of(others)
        )
        return cls(unique(iptc) or unique(medtop), topics, unique(others), category)
