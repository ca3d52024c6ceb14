"""Trains the linear model: texts to sparse matrices, multinomial logistic regression, quantised weights.

Everything runs on one thread in a fixed order, so that the same samples give the same weights, bit for bit, with the
versions of numpy and scipy that MODEL_CARD.md names.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

from transforms.enrich.topic_features import (
    BUCKETS,
    MAX_WORD,
    OPENING,
    PAIR_BUCKETS,
    PAIRED,
    is_title_cased,
    pair_features,
    tokens,
    word_hash,
)
from transforms.enrich.topic_grams import Features, word_features
from transforms.enrich.topic_model.sources import Sample

PRIOR: Final = {
    "politics": 0.18,
    "economy": 0.15,
    "sport": 0.14,
    "arts": 0.14,
    "science": 0.105,
    "crime": 0.07,
    "health": 0.055,
    "conflict": 0.03,
    "disaster": 0.03,
    "lifestyle": 0.025,
    "society": 0.02,
    "environment": 0.015,
    "education": 0.01,
    "religion": 0.01,
    "labour": 0.01,
    "human-interest": 0.005,
    "weather": 0.005,
}
"""Share of each topic where no set tells it, as an editor would guess it: most papers' sections are the first five."""

HEADLINE_WEIGHT: Final = 2.0
"""A word of the headline counts like two of the copy."""

GRAM_WEIGHT: Final = 1.0
"""N-grams of a word together count like the word."""

PAIR_WEIGHT: Final = 0.5
"""A pair beside its two words: half, since set phrases tell a publisher as often as a topic."""

PENALTY: Final = 1e-5
"""L2 penalty; a factor of three either way changes held-out accuracy by a point or two."""

ROUNDS: Final = 150
"""L-BFGS iterations: at a third of them, groups and words are still far from settled and ten points are missing."""

MIN_LANGUAGE: Final = 200
"""Texts of a language from which its frequent words are counted."""

CELL_CAP: Final = 30.0
"""How far a rare topic of a language is lifted at most, so that a handful of texts does not speak for it."""

OWN: Final = frozenset({"lexicon", "examples", "iptc"})
"""Sources whose mix of topics means nothing."""

TITLED: Final = "titled"
"""The group of English headlines In Title Case, of whatever set."""

TITLED_SHARE: Final = 0.4
"""How far a headline In Title Case is judged by the biases HuffPost taught; other papers are titled too."""

SET_WEIGHTS: Final = {TITLED: 2.0, "huffpost en": 0.3}
"""What an item of a group counts for: the lower-case headlines of one desk each are the noisier part of HuffPost."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights before quantising.

    Attributes:
        topics: order of the columns.
        words: one row per word or n-gram bucket.
        pairs: one row per bucket of word pairs.
        bias: per topic.
    titled_bias: per topic, for English headlines In Title Case.
        informative: how much the word of each bucket counts, 0 to 255; 255 where nothing is known.
    """

    topics: tuple[str, ...]
    words: Floats
    pairs: Floats
    bias: Floats
    titled_bias: Floats
    informative: NDArray[np.uint8]


def informativeness(rate: Floats) -> NDArray[np.uint8]:
    """How much a word counts, from the share of texts that have it: none at a tenth, all at a thousandth.

    Function words would otherwise tell one source's style from another's. In steps of 1/255, at least a twentieth.
    """
    value = np.clip((-np.log10(np.maximum(rate, 1e-9)) - 1) / 2, 0.05, 1)
    return np.asarray(np.rint(value * 255), np.uint8)


def sample_weights(samples: list[Sample], columns: dict[str, int]) -> Floats:
    """Weights that balance the topics of our own texts within each language and temper large languages.

    What the project wrote for a topic says nothing about how often it is in the news: there every topic gets its share
    of ``PRIOR``. The sets keep their mix, which ``GROUPS`` of their own learn. Languages count by the square root of
    their weight.
    """
    given = np.array([s.weight * SET_WEIGHTS.get(group_of(s), 1.0) for s in samples])
    topic = np.array([columns[s.topic] for s in samples])
    language = np.array([s.language for s in samples])
    own = np.array([s.source in OWN for s in samples])
    prior = np.array([PRIOR[name] for name in columns])
    out = np.zeros(len(samples))
    for code in np.unique(language):
        here = language == code
        raw = given * here
        ours = here & own
        mass = np.bincount(topic[ours], weights=given[ours], minlength=len(columns))
        lift = np.where(mass > 0, prior / np.maximum(mass, 1e-9), 0) * mass.sum()
        raw[ours] *= np.minimum(lift, CELL_CAP)[topic[ours]]
        raw[ours] *= mass.sum() / max(raw[ours].sum(), 1e-9)
        out[here] = raw[here] / raw[here].sum() ** 0.5
    return np.asarray(out / out.sum(), np.float32)


def group_of(sample: Sample) -> str:
    """Whose mix of topics a sample stands in: our own texts (the reference), or a set by language and by style."""
    if sample.source in OWN:
        return ""
    if is_title_cased(sample.headline, sample.language):
        return TITLED
    return f"{sample.source} {sample.language}"


def _document_rates(samples: list[Sample], read: list[tuple[list[int], list[int]]], words: int) -> Floats:
    """Highest share of texts, over the languages with enough real copy, in which each word stands."""
    rates = np.zeros(words)
    by_language: dict[str, list[int]] = {}
    for place, sample in enumerate(samples):
        if sample.source in {"wikinews", "huffpost", "examples"}:
            by_language.setdefault(sample.language, []).append(place)
    for places in by_language.values():
        if len(places) < MIN_LANGUAGE:
            continue
        found = np.zeros(words)
        for place in places:
            found[sorted({*read[place][0], *read[place][1]})] += 1
        rates = np.maximum(rates, np.where(found >= 5, found / len(places), 0))
    return rates.astype(np.float32)


def fit(samples: list[Sample]) -> Fitted:
    """Trains on the samples; deterministic for a given order of them."""
    topics = tuple(sorted(PRIOR))
    columns = {name: place for place, name in enumerate(topics)}
    vocabulary: dict[str, int] = {}

    def numbered(text: str) -> list[int]:
        return [vocabulary.setdefault(word[:MAX_WORD], len(vocabulary)) for word in tokens(text)]

    read = [(numbered(sample.headline), numbered(sample.text[:OPENING])) for sample in samples]
    rates = _document_rates(samples, read, len(vocabulary))
    features = word_features(list(vocabulary))
    own = features.own
    informative = np.full(BUCKETS, 255, np.uint8)
    np.minimum.at(informative, own, informativeness(rates))
    counts: Floats = informative[own].astype(np.float32) / np.float32(255)
    hashes = np.array([word_hash(word) for word in vocabulary], np.uint32)

    texts, pairs = _matrices(read, counts, hashes)
    grams = _gram_matrix(features)
    expected = np.array([columns[sample.topic] for sample in samples])
    groups = sorted({group_of(sample) for sample in samples} | {"", TITLED})
    place = {name: number for number, name in enumerate(groups)}
    member = np.array([place[group_of(sample)] for sample in samples])
    weights = sample_weights(samples, {name: columns[name] for name in topics})
    words, pair_weights, offsets = _solve(texts, grams, pairs, expected, weights, member, len(topics))
    own = offsets[place[""]]
    met = np.isin(np.arange(len(topics)), expected[member == place[TITLED]])
    return Fitted(topics, words, pair_weights, own, towards(own, offsets[place[TITLED]], met), informative)


def towards(own: Floats, titled: Floats, met: NDArray[np.bool_]) -> Floats:
    """Our own biases, moved by ``TITLED_SHARE`` towards those of title case; unmoved for topics not met there."""
    if not met.any():
        return own
    level = titled - (titled[met].mean() - own[met].mean())
    return np.asarray(np.where(met, own + np.float32(TITLED_SHARE) * (level - own), own), np.float32)


def _matrices(read: list[tuple[list[int], list[int]]], counts: Floats, hashes: NDArray[np.uint32]) -> tuple[Any, Any]:
    """Texts by words and texts by pairs, each text scaled to length one over its words."""
    rows: list[Any] = [np.zeros(0, np.intp)]
    words: list[Any] = [np.zeros(0, np.intp)]
    values: list[Any] = [np.zeros(0, np.float32)]
    pair_rows: list[Any] = [np.zeros(0, np.intp)]
    pairs: list[Any] = [np.zeros(0, np.intp)]
    pair_values: list[Any] = [np.zeros(0, np.float32)]
    for place, (title, body) in enumerate(read):
        both = np.array(title + body, np.intp)
        if not both.size:
            continue
        plain = counts[both]
        value = plain.copy()
        value[: len(title)] *= HEADLINE_WEIGHT
        norm = np.float32(1 / np.sqrt((value * value).sum() + 1e-3))
        rows.append(np.full(both.size, place))
        words.append(both)
        values.append(value * norm)
        both, plain = both[:PAIRED], plain[:PAIRED]
        pair_rows.append(np.full(both.size - 1, place))
        pairs.append(pair_features(hashes[both]))
        pair_values.append(plain[:-1] * plain[1:] * norm * np.float32(PAIR_WEIGHT))
    size = len(read)
    table = sp.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(words))), shape=(size, len(counts))
    )
    pair_table = sp.csr_matrix(
        (np.concatenate(pair_values), (np.concatenate(pair_rows), np.concatenate(pairs))), shape=(size, PAIR_BUCKETS)
    )
    return table, pair_table


def _gram_matrix(features: Features) -> Any:
    """Words by buckets: the word's own row, and its n-grams that share ``GRAM_WEIGHT``."""
    own, grams, sizes = features
    starts = np.concatenate([[0], np.cumsum(sizes + 1)])
    buckets = np.insert(grams, starts[:-1] - np.arange(len(own)), own)
    values = np.repeat(GRAM_WEIGHT / np.maximum(sizes, 1) ** 0.5, sizes + 1).astype(np.float32)
    values[starts[:-1]] = 1
    return sp.csr_matrix((values, buckets, starts), shape=(len(own), BUCKETS))


def _solve(
    texts: Any, grams: Any, pairs: Any, expected: Any, weights: Floats, member: Any, topics: int
) -> tuple[Floats, ...]:
    """Minimises weighted cross-entropy and an L2 penalty over the buckets in use."""
    size = texts.shape[0]
    used, used_pairs = np.unique(grams.indices), np.unique(pairs.indices)
    grams, pairs = grams[:, used].tocsr(), pairs[:, used_pairs].tocsr()
    texts_t, grams_t, pairs_t = texts.T.tocsr(), grams.T.tocsr(), pairs.T.tocsr()
    one_hot = np.zeros((size, topics), np.float32)
    one_hot[np.arange(size), expected] = 1
    groups = int(member.max()) + 1
    belongs = sp.csr_matrix((np.ones(size, np.float32), (member, np.arange(size))), shape=(groups, size))
    cut, end = len(used) * topics, (len(used) + len(used_pairs)) * topics

    def loss(vector: Any) -> tuple[float, Any]:
        flat = vector.astype(np.float32)
        own, pair = flat[:cut].reshape(-1, topics), flat[cut:end].reshape(-1, topics)
        scores = texts @ (grams @ own) + pairs @ pair + flat[end:].reshape(-1, topics)[member]
        scores -= scores.max(1, keepdims=True)
        powers = np.exp(scores)
        total = powers.sum(1, keepdims=True)
        value = float((weights * (np.log(total[:, 0]) - scores[np.arange(size), expected])).sum())
        value += 0.5 * PENALTY * float((own * own).sum() + (pair * pair).sum())
        residual = (powers / total - one_hot) * weights[:, None]
        slope = (
            (grams_t @ (texts_t @ residual) + PENALTY * own).ravel(),
            (pairs_t @ residual + PENALTY * pair).ravel(),
            (belongs @ residual).ravel(),
        )
        return value, np.concatenate(slope).astype(np.float64)

    start = np.zeros(end + groups * topics)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 6})
    best = found.x.astype(np.float32)
    words = np.zeros((BUCKETS, topics), np.float32)
    words[used] = best[:cut].reshape(-1, topics)
    pair_words = np.zeros((PAIR_BUCKETS, topics), np.float32)
    pair_words[used_pairs] = best[cut:end].reshape(-1, topics) * np.float32(PAIR_WEIGHT)
    return words, pair_words, best[end:].reshape(-1, topics)


def quantised(rows: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Rows in steps of -127 to 127, and what one step of each row is worth."""
    steps = (np.abs(rows).max(1) / 127).astype(np.float16)
    steps = np.where(steps > 0, np.nextafter(steps, np.float16(np.inf)), steps).astype(np.float16)
    divisor = np.where(steps > 0, steps.astype(np.float32), 1)[:, None]
    return np.clip(np.rint(rows / divisor), -127, 127).astype(np.int8), steps
