"""What the topic model learns from: openly licensed sets given as a folder, and the project's own lexicon and examples.

Share-alike sets (SIB-200, Wikipedia's current events) are never read here: they serve for evaluation only.
"""

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from schemas.topics import TOPIC_BY_MEDTOP, TOPICS

TRAINING_FILES: Final = ("huffpost.jsonl", "train/huffpost_more.jsonl", "train/wikinews.jsonl")
"""Third parties' sets, relative to the data folder; their licences stand in MODEL_CARD.md."""

IPTC_FILE: Final = "mediatopics_2023-10.csv"

_WEAK: Final = 0.5
"""Weight of an item whose topic is a guess from a wide section (``weak`` in the data)."""

LEXICON_WEIGHT: Final = 2.0
"""A lexicon line beside an item of the sets: few, but written to mean their topic."""

EXAMPLE_WEIGHT: Final = 16.0
"""An example of our own beside an item of the sets."""

EXAMPLE_PARTS: Final = ((True, True, 0.6), (True, False, 0.15), (False, True, 0.25))
"""An example is read whole, by its headline alone and by its copy alone: with which share of its weight."""

BUNDLES: Final = 3
"""How many times over the lexicon is dealt out in handfuls."""

_SLUG_BY_NAME: Final = {
    "arts, culture, entertainment and media": "arts",
    "crime, law and justice": "crime",
    "disaster, accident and emergency incident": "disaster",
    "economy, business and finance": "economy",
    "human interest": "human-interest",
    "lifestyle and leisure": "lifestyle",
    "religion and belief": "religion",
    "science and technology": "science",
    "conflict, war and peace": "conflict",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled text.

    Attributes:
        headline: may be empty.
        text: opening of the copy, may be empty.
        topic: slug.
        weight: how much it counts beside others of its topic.
        source: huffpost, wikinews, iptc, lexicon or examples.
        language: BCP 47.
    """

    headline: str
    text: str
    topic: str
    weight: float
    source: str
    language: str


def slug_of(name: str) -> str:
    """Slug of a top-level concept's name."""
    slug = _SLUG_BY_NAME.get(name, name)
    if slug not in TOPICS:
        raise ValueError(f"no topic: {name!r}")
    return slug


def read_set(path: Path) -> Iterator[Sample]:
    """Labelled items of one JSONL file of the data folder; items without a topic are passed over."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            name = row.get("iptc") or row.get("weak")
            if not name:
                continue
            yield Sample(
                row.get("title") or "",
                row.get("text") or "",
                slug_of(name),
                1.0 if row.get("iptc") else _WEAK,
                "wikinews" if path.name == "wikinews.jsonl" else "huffpost",
                row.get("language") or "en",
            )


def read_iptc(path: Path) -> Iterator[Sample]:
    """IPTC's names of the live concepts below each topic, English, as one-line texts."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if not row["retired"] and row["top"] in TOPIC_BY_MEDTOP:
                yield Sample(row["name"], "", TOPIC_BY_MEDTOP[row["top"]], 1.0, "iptc", "en")


def _tables(folder: str) -> Iterator[Traversable]:
    """The project's own tables in a folder beside this module, by name."""
    place = files("transforms.enrich.topic_model").joinpath(folder)
    yield from sorted((f for f in place.iterdir() if f.name.endswith(".tsv")), key=lambda f: f.name)


def read_lexicon(bundles: int = BUNDLES, seed: int = 17) -> Iterator[Sample]:
    """The lexicon as short texts: every term alone, and ``bundles`` times over in handfuls of four.

    Terms alone teach words; handfuls teach that words of one topic stand together, at the length of a headline.
    """
    for table in _tables("lexicon"):
        language = table.name.partition(".")[0]
        for line in table.read_text("utf-8").splitlines():
            topic, _, listed = line.partition("\t")
            terms = listed.split("|")
            for term in terms:
                yield Sample(term, "", slug_of(topic), LEXICON_WEIGHT, "lexicon", language)
            shuffler = random.Random(f"{seed}:{language}:{topic}")  # noqa: S311
            for _ in range(bundles):
                shuffled = shuffler.sample(terms, len(terms))
                for start in range(0, len(shuffled), 4):
                    handful = shuffled[start : start + 4]
                    head, rest = " ".join(handful[:2]), " ".join(handful[2:])
                    yield Sample(head, rest, slug_of(topic), LEXICON_WEIGHT, "lexicon", language)


def read_examples() -> Iterator[Sample]:
    """The project's own example headlines, each with a sentence or two of copy.

    A table's name begins with its language; what follows a dot (``en.africa``) says which press it is written after.
    """
    for table in _tables("examples"):
        language = table.name.partition(".")[0]
        for line in table.read_text("utf-8").splitlines():
            if line:
                topic, headline, *text = line.split("\t")
                copy = " ".join(text)
                for has_headline, has_copy, share in EXAMPLE_PARTS:
                    parts = headline * has_headline, copy * has_copy
                    yield Sample(*parts, slug_of(topic), EXAMPLE_WEIGHT * share, "examples", language)
