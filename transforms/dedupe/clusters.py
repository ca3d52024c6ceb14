"""Stories about the same event share a ``cluster_id``: a link, nothing is dropped.

A new story is compared with those of the last three days by the words of headline, standfirst and opening, each
weighted by how rare it is among them (IDF over the window itself, so nothing else has to be kept) and more where the
headline has it. It joins the cluster of the most similar one, or begins its own. Only earlier arrivals count.
"""

import heapq
import math
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.dedupe.policy import HOUR
from transforms.dedupe.tokens import tokenise

WINDOW = 72 * HOUR
"""An event is news for about three days; later stories on it are follow-ups that share other words."""

MAX_STORIES = 20_000
"""Of one language in the window: the last ones."""

JOIN = 0.30
"""Weighted cosine from which two stories tell of one event. Below .25 stories of one topic join, above .4 one event
falls apart."""

HEADLINE_WEIGHT = 2.0
"""A word in the headline says what the story is about; in the opening it may be background."""

MAX_POSTINGS = 16
"""Latest stories looked at for each word: enough for the biggest event, bounded for the commonest word."""

MAX_COMPARED = 3
"""Stories with most weight in common among those found so; only they are compared in full."""

MAX_PROBES = 8
"""Rarest words of a story by which others are looked for."""

PRIOR = 40
"""Stories that the window is taken to hold besides those in it, so that the first ones are weighted soberly."""

_LOG = [0.0, *(math.log(number) for number in range(1, MAX_STORIES + PRIOR + 3))]

_STOP_TEXT = """
the a an and or but of in on at to for from by with as is are was were be been has have had it its his her their they
he she we you this that these those who which what when where why how after before over under into out up down about
against more than not no new says said say will would could can may amid also one two first last year years day week
der die das und oder ein eine einer eines einem den dem des im in am an auf aus bei mit nach von vor zu zum zur für ist
sind war wird werden hat haben nicht auch als wie über unter gegen sich es er sie wir
le la les un une des du de et ou en au aux dans sur pour par avec sans sous ce cette ces qui que est sont a ont été
il elle ils elles se son sa ses plus pas ne après avant
el los las unos unas y o del al con por para como su sus que se lo más no es son fue ha han tras
il lo gli i uno e di da nel nella con su per tra fra che è sono ha hanno non più
o os as um uma do da dos das no na nos nas em por para com que se é são foi mais não
de het een en van op in te met voor aan bij uit door over naar is zijn was niet
i och att en ett det som på av för med till är var har inte om den
и в во не на с со по к у о от за из для что как это его её они мы вы он она был была было были
"""

Events = tuple[frozenset[int], frozenset[int]]
"""Words of the headline, and of the rest."""


def _stop_words() -> frozenset[int]:
    tokens = tokenise(np.frombuffer(" ".join(_STOP_TEXT.split()).casefold().encode(), np.uint8))
    return frozenset((int(stem) >> 32) & 0xFFFFFFFE for stem in tokens.stems)


_STOP = _stop_words()


def read_events(tokens: Sequence[int]) -> Events:
    """Part event tokens of a signature into headline and rest, without words that carry no meaning."""
    head = frozenset(token & 0xFFFFFFFE for token in tokens if token & 1) - _STOP
    return head, frozenset(token for token in tokens if not token & 1) - _STOP - head


@dataclass(slots=True)
class _Member:
    cluster: bytes
    events: Events
    clock: int
    number: int


class Clusters:
    """The stories of the last days in one language, by their words."""

    def __init__(self) -> None:
        """Begin with none."""
        self._members: deque[_Member] = deque()
        self._by_number: dict[int, _Member] = {}
        self._postings: dict[int, deque[int]] = {}
        self._frequency: Counter[int] = Counter()
        self._next = 0

    def expire(self, clock: int) -> None:
        """Forget what is older than the window, and the oldest beyond its size."""
        while self._members and (self._members[0].clock < clock - WINDOW or len(self._members) > MAX_STORIES):
            old = self._members.popleft()
            del self._by_number[old.number]
            for word in old.events[0] | old.events[1]:
                self._frequency[word] -= 1
                if not self._frequency[word]:
                    del self._frequency[word]
                postings = self._postings.get(word)
                if postings and postings[0] == old.number:
                    postings.popleft()
                    if not postings:
                        del self._postings[word]

    def find(self, events: Events) -> bytes | None:
        """The cluster of the most similar story, the earliest of equals; None: none is similar enough."""
        weights = self._weights(events)
        if len(weights) < 2:
            return None
        frequency = self._frequency
        probes = sorted((frequency.get(word, 0), word) for word in weights)
        nearest = [word for _, word in probes if word in self._postings][:MAX_PROBES]
        votes: dict[int, float] = {}
        for word in nearest:
            weight = weights[word]
            for number in self._postings[word]:
                votes[number] = votes.get(number, 0.0) + weight
        likely = heapq.nlargest(MAX_COMPARED, ((vote, -number) for number, vote in votes.items()))
        norm = math.sqrt(sum(weight * weight for weight in weights.values()))
        best, found = JOIN, None
        for number in sorted(-minus for _, minus in likely):
            member = self._by_number.get(number)
            if member is None:
                continue
            others = self._weights(member.events)
            dot = sum(weight * others[word] for word, weight in weights.items() if word in others)
            score = dot / (norm * math.sqrt(sum(weight * weight for weight in others.values())) or 1.0)
            if score > best:
                best, found = score, member.cluster
        return found

    def add(self, cluster: bytes, events: Events, clock: int) -> None:
        """Remember a kept story."""
        member = _Member(cluster, events, clock, self._next)
        self._next += 1
        self._members.append(member)
        self._by_number[member.number] = member
        for word in events[0] | events[1]:
            self._frequency[word] += 1
            self._postings.setdefault(word, deque(maxlen=MAX_POSTINGS)).append(member.number)

    def _weights(self, events: Events) -> dict[int, float]:
        log, frequency = _LOG, self._frequency.get
        total = log[len(self._members) + PRIOR]
        weights = {word: total - log[frequency(word, 0) + 1] for word in events[1]}
        for word in events[0]:
            weights[word] = HEADLINE_WEIGHT * (total - log[frequency(word, 0) + 1])
        return weights
