"""The linear topic model at work: rows of scores per word, summed, turned into probabilities."""

import json
from importlib.resources import files
from io import BytesIO
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from schemas.reading import TopicChoice
from schemas.topics import UNCLASSIFIED
from transforms.enrich.topic_features import OPENING, PAIR_BUCKETS, tokens, word_features, word_hash

MODEL_FILE: Final = "model.npz"

CONFIDENCE_FLOOR: Final = 0.2
"""Below this probability a story stays ``unclassified``. See MODEL_CARD.md for what the floor costs and gives."""

MIN_TOKENS: Final = 2
"""Fewer known tokens than this are no text to judge."""

_CACHE_WORDS: Final = 1 << 16
"""Words remembered per process (about 5 MB of rows); when full it is emptied, which changes no answer."""

_PAIR_FACTOR: Final = np.uint32(0x9E3779B1)  # odd, so that the order of a pair matters

Floats = NDArray[np.float32]


class TopicModel:
    """Weights of the topic model and a bounded memory of the words met.

    Answers depend on the text alone: the memory only saves time. Not for use by two threads at once.
    """

    def __init__(
        self,
        topics: tuple[str, ...],
        weights: NDArray[np.int8],
        scales: NDArray[np.float16],
        pairs: NDArray[np.int8],
        pair_scales: NDArray[np.float16],
        bias: Floats,
        settings: dict[str, float],
        version: str,
    ) -> None:
        """Takes the arrays as stored.

        Args:
            topics: slugs in the order of the columns.
            weights: one row per word or n-gram bucket, quantised.
            scales: what one step of each row is worth.
            pairs: one row per bucket of word pairs, quantised.
            pair_scales: what one step of each pair row is worth.
            bias: per topic, prior included.
            settings: ``gram_weight``, ``pair_weight``, ``headline_weight`` and ``temperature`` (of training).
            version: names these weights.
        """
        self.version = version
        self._topics = topics
        self._weights = weights
        self._scales = scales
        self._pairs = pairs
        self._pair_scales = pair_scales
        self._bias = bias
        self._gram_weight = settings["gram_weight"]
        self._pair_weight = settings["pair_weight"]
        self._headline_weight = np.float32(settings["headline_weight"])
        self._sharpness = np.float32(1 / settings["temperature"])
        self._index: dict[str, int] = {}
        self._rows: Floats = np.zeros((_CACHE_WORDS, len(topics)), np.float32)
        self._hashes = np.zeros(_CACHE_WORDS, np.uint32)

    @classmethod
    def load(cls) -> Self:
        """Reads the model that ships with the package (once per worker; some 20 ms)."""
        raw = files("transforms.enrich.topic_model").joinpath(MODEL_FILE).read_bytes()
        with np.load(BytesIO(raw), allow_pickle=False) as stored:
            head = json.loads(stored["head"].tobytes())
            return cls(
                tuple(head["topics"]),
                stored["weights"],
                stored["scales"],
                stored["pairs"],
                stored["pair_scales"],
                stored["bias"],
                head["settings"],
                head["version"],
            )

    def _learn(self, word: str) -> int:
        """Place of a word's row in the memory, computed now."""
        if len(self._index) >= _CACHE_WORDS:
            self._index.clear()
        place = len(self._index)
        own, grams = word_features(word)
        row = self._weights[own] * np.float32(self._scales[own])
        if grams:
            part = self._weights[grams] * self._scales[grams, None].astype(np.float32)
            row = row + part.sum(0, dtype=np.float32) * np.float32(self._gram_weight / len(grams) ** 0.5)
        self._rows[place] = row
        self._hashes[place] = word_hash(word)
        self._index[word] = place
        return place

    def _places(self, words: list[str]) -> NDArray[np.intp]:
        """Places of the words' rows; new words are learned."""
        if len(self._index) + len(words) > _CACHE_WORDS:
            self._index.clear()
        index = self._index
        found = [index[word] if word in index else self._learn(word) for word in words]
        return np.array(found, np.intp)

    def probabilities(self, headline: str, text: str) -> Floats | None:
        """Probability of each topic (in the order of ``topics``), or None without enough words."""
        title, body = tokens(headline), tokens(text[:OPENING])
        size = len(title) + len(body)
        if size < MIN_TOKENS:
            return None
        places = self._places(title + body)
        rows = self._rows.take(places, 0)
        hashes = self._hashes.take(places)
        mixed = (hashes[:-1] * _PAIR_FACTOR) ^ hashes[1:]
        pair_places = (mixed >> np.uint32(7)) % np.uint32(PAIR_BUCKETS)
        pair_rows = self._pairs.take(pair_places, 0) * self._pair_scales.take(pair_places)[:, None]
        total = rows.sum(0) + pair_rows.sum(0, dtype=np.float32) * np.float32(self._pair_weight)
        if title:
            total += rows[: len(title)].sum(0) * (self._headline_weight - 1)
        norm = np.float32((len(title) * float(self._headline_weight) ** 2 + len(body)) ** -0.5)
        scores = (total * norm + self._bias) * self._sharpness
        scores -= scores.max()
        np.exp(scores, out=scores)
        return scores / scores.sum()

    def classify(self, headline: str, text: str, language: str | None) -> TopicChoice:
        """The most probable topic of a text.

        Args:
            headline: without markers; may be empty.
            text: standfirst or body after its dateline; the opening counts.
            language: BCP 47; the model reads all languages with one set of weights, so it is not needed today.

        Returns:
            The topic with its calibrated probability, source ``model``; ``unclassified`` when that lies under
            ``CONFIDENCE_FLOOR`` (the probability is kept), or with confidence 0 and no source when there is no text.
        """
        del language
        chances = self.probabilities(headline, text)
        if chances is None:
            return TopicChoice(UNCLASSIFIED, 0.0, None)
        best = int(chances.argmax())
        confidence = float(chances[best])
        return TopicChoice(self._topics[best] if confidence >= CONFIDENCE_FLOOR else UNCLASSIFIED, confidence, "model")
