"""Section names that decide a topic: how news sites and feeds in many languages call their sections.

Only names that mean one of the 17 topics stand in the table (``topic_categories.tsv``). ``News``, ``World``,
``Panorama``, ``Local``, ``Opinion`` and the like say nothing about the topic and are left to the model.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from schemas.topics import TOPICS

TABLE_FILE: Final = "topic_categories.tsv"

_GAPS = re.compile(r"[\s_\-–—&+]+")


def normalised(name: str) -> str:
    """A section name in the table's form: lower case, one space for every gap, no ampersand."""
    return _GAPS.sub(" ", name.casefold().replace("&amp;", " ").replace("ـ", "")).strip(" .:#'\"")


@cache
def _table() -> dict[str, str]:
    """Normalised section name to topic, read once per process."""
    text = files("transforms.enrich").joinpath(TABLE_FILE).read_text("utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("# "):
            topic, _, names = line.partition("\t")
            if topic not in TOPICS:
                raise ValueError(f"{TABLE_FILE} names no topic: {topic!r}")
            for name in names.split("|"):
                key = normalised(name)
                if found.setdefault(key, topic) != topic:
                    raise ValueError(f"{TABLE_FILE} gives {key!r} two topics")
    return found


def topic_of_categories(categories: Iterable[str]) -> str | None:
    """The topic on which an item's decisive categories agree.

    Args:
        categories: section names and keywords as the document gives them. A path (``Home/Sport/Football``) counts
            with its parts.

    Returns:
        A slug, or None when no category is decisive or two decisive ones disagree.
    """
    table = _table()
    agreed: str | None = None
    for category in categories:
        names = (category, *re.split(r"[/>|»]", category)) if any(mark in category for mark in "/>|»") else (category,)
        for name in names:
            topic = table.get(normalised(name))
            if topic is None:
                continue
            if agreed is None:
                agreed = topic
            elif agreed != topic:
                return None
    return agreed
