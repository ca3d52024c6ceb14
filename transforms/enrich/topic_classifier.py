"""The linear topic model at work: rows of scores per word, summed, turned into probabilities."""

import json
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from schemas.reading import TopicChoice
from schemas.topics import UNCLASSIFIED
from transforms.enrich.topic_features import (
    OPENING,
    PAIRED,
    is_title_cased,
    pair_features,
    tokens,
    word_features,
    word_hash,
)

MODEL_FILE: Final = "model.npz"

CONFIDENCE_FLOOR: Final = 0.12
"""Below this probability, twice a blind guess among 17, a story stays ``unclassified``."""

_CACHE_WORDS: Final = 1 << 16
"""Words remembered per process (about 6 MB of rows); when full it is emptied, which changes no answer.

Far above the 2,000 words that a headline and an opening can hold.
"""

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
        titled_bias: Floats,
        informative: NDArray[np.uint8],
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
            titled_bias: the same for English headlines In Title Case.
            informative: how much the word of each bucket counts, in 255ths.
            settings: ``gram_weight``, ``headline_weight`` and ``temperature`` (of training).
            version: names these weights.
        """
        self.version = version
        self._topics = topics
        self._weights = weights
        self._scales = scales.astype(np.float32)
        self._pairs = pairs
        self._pair_scales = pair_scales.astype(np.float32)
        self._bias = bias
        self._titled_bias = titled_bias
        self._informative = informative
        self._gram_weight = settings["gram_weight"]
        self._headline_weight = np.float32(settings["headline_weight"])
        self._sharpness = np.float32(1 / settings["temperature"])
        self._index: dict[str, int] = {}
        self._rows: Floats = np.zeros((_CACHE_WORDS, len(topics)), np.float32)
        self._counts: Floats = np.zeros(_CACHE_WORDS, np.float32)
        self._hashes = np.zeros(_CACHE_WORDS, np.uint32)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Reads a model file, by default the one that ships with the package (once per worker; some 20 ms)."""
        raw = (path or files("transforms.enrich.topic_model").joinpath(MODEL_FILE)).read_bytes()
        with np.load(BytesIO(raw), allow_pickle=False) as stored:
            head = json.loads(stored["head"].tobytes())
            return cls(
                tuple(head["topics"]),
                stored["weights"],
                stored["scales"],
                stored["pairs"],
                stored["pair_scales"],
                stored["bias"],
                stored["titled_bias"],
                stored["informative"],
                head["settings"],
                head["version"],
            )

    @property
    def topics(self) -> tuple[str, ...]:
        """Slugs in the order of ``probabilities``."""
        return self._topics

    def _learn(self, word: str) -> int:
        """Place of a word's row in the memory, computed now."""
        place = len(self._index)
        own, grams = word_features(word)
        row = self._weights[own] * self._scales[own]
        if grams:
            part = self._scales.take(grams) @ self._weights.take(grams, 0).astype(np.float32)
            row = row + part * np.float32(self._gram_weight / len(grams) ** 0.5)
        count = np.float32(self._informative[own] / 255)
        self._rows[place] = row * count
        self._counts[place] = count
        self._hashes[place] = word_hash(word)
        self._index[word] = place
        return place

    def _places(self, words: list[str]) -> NDArray[np.intp]:
        """Places of the words' rows; new words are learned."""
        index = self._index
        try:
            return np.fromiter(map(index.__getitem__, words), np.intp, len(words))
        except KeyError:
            if len(index) + len(words) > _CACHE_WORDS:
                index.clear()
            return np.array([index[word] if word in index else self._learn(word) for word in words], np.intp)

    def probabilities(self, headline: str, text: str, language: str | None = None) -> Floats | None:
        """Probability of each topic (in the order of ``topics``), or None when there is no word to judge."""
        words = tokens(headline[:OPENING])
        title = len(words)
        words += tokens(text[:OPENING])
        if not words:
            return None
        places = self._places(words)
        rows = self._rows.take(places, 0)
        counts = self._counts.take(places)
        pairs = pair_features(self._hashes.take(places[:PAIRED]))
        worth = self._pair_scales.take(pairs)
        worth *= counts[: len(pairs)]
        worth *= counts[1:PAIRED]
        total: Floats = worth @ self._pairs.take(pairs, 0).astype(np.float32)
        weights = np.ones(len(words), np.float32)
        weights[:title] = self._headline_weight
        total += weights @ rows
        counts *= weights
        total /= np.sqrt(counts @ counts + np.float32(1e-3))
        total += self._titled_bias if is_title_cased(headline, language) else self._bias
        total *= self._sharpness
        total -= total.max()
        np.exp(total, out=total)
        total /= np.add.reduce(total)
        return total

    def classify(self, headline: str, text: str, language: str | None) -> TopicChoice:
        """The most probable topic of a text.

        Args:
            headline: without markers; may be empty.
            text: standfirst or body after its dateline; the opening counts.
            language: BCP 47 or None; one set of weights reads all languages, only title case is asked of English alone.

        Returns:
            The topic with its calibrated probability, source ``model``; ``unclassified`` when that lies under
            ``CONFIDENCE_FLOOR`` (the probability is kept), or with confidence 0 and no source when there is no text.
        """
        chances = self.probabilities(headline, text, language)
        if chances is None:
            return TopicChoice(UNCLASSIFIED, 0.0, None)
        best = int(chances.argmax())
        confidence = float(chances[best])
        return TopicChoice(self._topics[best] if confidence >= CONFIDENCE_FLOOR else UNCLASSIFIED, confidence, "model")
