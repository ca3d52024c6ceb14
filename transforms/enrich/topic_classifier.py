"""The linear topic model at work: rows of scores per word, summed, turned into probabilities."""

import json
from collections.abc import Iterable, Sequence
from importlib.resources import files
from io import BytesIO
from itertools import chain, pairwise
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from schemas.reading import TopicChoice
from schemas.topics import UNCLASSIFIED
from transforms.enrich.topic_features import (
    OPENING,
    PAIRED,
    is_title_cased,
    pair_halves,
    tokens,
    word_hash,
)
from transforms.enrich.topic_grams import word_features

MODEL_FILE: Final = "model.npz"

CONFIDENCE_FLOOR: Final = 0.12
"""Below this probability, twice a blind guess among 17, a story stays ``unclassified``."""

_MEMORY_WORDS: Final = 1 << 18
"""Words remembered per process (65 MB when a stream of many languages has filled them, measured); when full they are
forgotten, which changes no answer.

In news of twenty languages a fourth of this is full after 10,000 leads, and of every three words computed anew two had
been forgotten. Far above the 2,000 words that a headline and an opening can hold.
"""

_TOGETHER: Final = 1 << 14
"""Words of texts that are classified together: enough to share the cost of a call, few enough for a cache."""

Floats = NDArray[np.float32]


class Text(NamedTuple):
    """What the model is asked about.

    Attributes:
        headline: without markers; may be empty.
        text: standfirst or body after its dateline; the opening counts.
        language: BCP 47 or None; one set of weights reads all languages, only title case is asked of English alone.
    """

    headline: str
    text: str
    language: str | None = None


class _Words(NamedTuple):
    """The words of a text with at least one.

    Attributes:
        text: which text of a call.
        words: in reading order, the headline's first.
        title: how many stand in the headline.
        titled: whether the headline is in title case.
    """

    text: int
    words: list[str]
    title: int
    titled: bool


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
        self._rows: Floats = np.zeros((_MEMORY_WORDS, len(topics)), np.float32)
        self._counts: Floats = np.zeros(_MEMORY_WORDS, np.float32)
        self._firsts = np.zeros(_MEMORY_WORDS, np.uint16)
        self._seconds = np.zeros(_MEMORY_WORDS, np.uint16)

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

    def _learn(self, words: Sequence[str]) -> None:
        """Computes the rows of words that are not remembered, each once; there is room for them."""
        own, grams, sizes = word_features(words)
        weights, scales = self._weights.take(grams, 0).astype(np.float32), self._scales.take(grams)
        parts: Floats = np.zeros((len(words), len(self._topics)), np.float32)
        for part, (start, end) in zip(parts, pairwise([0, *np.cumsum(sizes).tolist()]), strict=True):
            if start < end:
                np.matmul(scales[start:end], weights[start:end], out=part)
        parts *= (self._gram_weight / np.maximum(sizes, 1)[:, None] ** 0.5).astype(np.float32)
        counts = (self._informative.take(own) / 255).astype(np.float32)
        place = len(self._index)
        new = slice(place, place + len(words))
        self._rows[new] = (self._weights.take(own, 0) * self._scales.take(own)[:, None] + parts) * counts[:, None]
        self._counts[new] = counts
        self._firsts[new], self._seconds[new] = pair_halves(np.array([word_hash(word) for word in words], np.uint32))
        self._index.update(zip(words, range(place, place + len(words)), strict=True))

    def _places(self, words: list[str]) -> NDArray[np.intp]:
        """Places of the words' rows; new words are learned."""
        index = self._index
        try:
            return np.fromiter(map(index.__getitem__, words), np.intp, len(words))
        except KeyError:
            new = [word for word in dict.fromkeys(words) if word not in index]
            if len(index) + len(new) > _MEMORY_WORDS:
                index.clear()
                new = list(dict.fromkeys(words))
            self._learn(new)
            return np.fromiter(map(index.__getitem__, words), np.intp, len(words))

    def probabilities(self, texts: Sequence[Text]) -> list[Floats | None]:
        """Probability of each topic (in the order of ``topics``) for each text; None when there is no word to judge.

        What stands beside a text in the call changes nothing about its answer.
        """
        found: list[Floats | None] = [None] * len(texts)
        for group in _groups(texts):
            for words, chances in zip(group, self._scores(group), strict=True):
                found[words.text] = chances
        return found

    def _scores(self, group: Sequence[_Words]) -> Floats:
        """One row of probabilities per text."""
        ends = np.cumsum([0, *(len(each.words) for each in group)])
        places = self._places(list(chain.from_iterable(each.words for each in group)))
        counts = self._counts.take(places)
        # neighbours in the first words of each text
        pair_ends = np.cumsum([0, *(min(len(each.words), PAIRED) - 1 for each in group)])
        first = np.arange(pair_ends[-1]) + np.repeat(ends[:-1] - pair_ends[:-1], np.diff(pair_ends))
        pairs = self._firsts.take(places.take(first)) ^ self._seconds.take(places.take(first + 1))
        worth = self._pair_scales.take(pairs)
        worth *= counts.take(first)
        worth *= counts.take(first + 1)
        pair_rows = self._pairs.take(pairs, 0).astype(np.float32)

        weights = np.ones(len(places), np.float32)
        for (start, _), each in zip(pairwise(ends.tolist()), group, strict=True):
            weights[start : start + each.title] = self._headline_weight
        counts *= weights
        totals: Floats = np.empty((len(group), len(self._topics)), np.float32)
        norms: Floats = np.empty((len(group), 1), np.float32)
        spans = zip(pairwise(ends.tolist()), pairwise(pair_ends.tolist()), strict=True)
        for number, ((start, end), (pair_start, pair_end)) in enumerate(spans):
            by_pairs = worth[pair_start:pair_end] @ pair_rows[pair_start:pair_end]
            by_words = weights[start:end] @ self._rows.take(places[start:end], 0)
            np.add(by_pairs, by_words, out=totals[number])
            norms[number] = counts[start:end] @ counts[start:end]
        totals /= np.sqrt(norms + np.float32(1e-3))
        titled = np.array([each.titled for each in group])
        totals += np.where(titled[:, None], self._titled_bias, self._bias)
        totals *= self._sharpness
        totals -= totals.max(1, keepdims=True)
        np.exp(totals, out=totals)
        totals /= totals.sum(1, keepdims=True)
        return totals

    def classify(self, headline: str, text: str, language: str | None) -> TopicChoice:
        """The most probable topic of a text: ``classify_many`` of one."""
        return self.classify_many([Text(headline, text, language)])[0]

    def classify_many(self, texts: Sequence[Text]) -> list[TopicChoice]:
        """The most probable topic of each text; many together cost half.

        Args:
            texts: any number.

        Returns:
            For each the topic with its calibrated probability, source ``model``; ``unclassified`` when that lies under
            ``CONFIDENCE_FLOOR`` (the probability is kept), or with confidence 0 and no source when there is no text.
        """
        return [self._choice(chances) for chances in self.probabilities(texts)]

    def _choice(self, chances: Floats | None) -> TopicChoice:
        if chances is None:
            return TopicChoice(UNCLASSIFIED, 0.0, None)
        best = int(chances.argmax())
        confidence = float(chances[best])
        return TopicChoice(self._topics[best] if confidence >= CONFIDENCE_FLOOR else UNCLASSIFIED, confidence, "model")


def _groups(texts: Sequence[Text]) -> Iterable[list[_Words]]:
    """The words of the texts that have any, in groups of bounded size."""
    group: list[_Words] = []
    size = 0
    for number, (headline, text, language) in enumerate(texts):
        words = tokens(headline[:OPENING])
        title = len(words)
        words += tokens(text[:OPENING])
        if not words:
            continue
        if group and size + len(words) > min(_TOGETHER, _MEMORY_WORDS):
            yield group
            group, size = [], 0
        group.append(_Words(number, words, title, is_title_cased(headline, language)))
        size += len(words)
    if group:
        yield group
