"""The kept stories of the last fortnight, found by what they say.

Candidates for a new story are those with the same copy, the same headline, or a shared anchor: an anchor is a shingle
whose hash is below 2^32 / 16, or one of the story's six smallest, so that a cut-down copy shares anchors with the
whole one. Buckets hold the latest eight. About 3 KB of memory and 800 bytes of state a story while it is in the window.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.dedupe.clusters import Events
from transforms.dedupe.policy import HOUR, POLICY, Copy

WINDOW = POLICY.window_hours * HOUR
MAX_STORIES = 200_000
"""Of one language: 600 MB at most; the oldest leave first."""

MAX_BUCKET = 8
"""Latest stories kept for one key: wording shared by more is a form, which figures would part anyway."""

MAX_CANDIDATES = 12
"""Compared with one new story, the latest first."""

_ANCHOR_LIMIT = 1 << 28
_MIN_ANCHORS = 6
_MAX_ANCHORS = 16


@dataclass(slots=True)
class Entry:
    """A kept story.

    Attributes:
        story: family id.
        family: key of the family's record.
        cluster: cluster id.
        copy: what the rules see.
        events: words for clusters.
        clock: latest fetch time when it came, microseconds since 1970 UTC.
        keys: under which it is found.
        number: place in order of arrival.
    """

    story: bytes
    family: tuple[int, int]
    cluster: bytes
    copy: Copy
    events: Events
    clock: int
    keys: tuple[int, ...]
    number: int = 0


def keys_of(copy: Copy) -> tuple[int, ...]:
    """Under which a story is filed and looked for; kinds of keys cannot meet, the lowest two bits tell them apart."""
    smallest = sorted(copy.shingles)[:_MAX_ANCHORS]
    keys = [value << 2 for place, value in enumerate(smallest) if place < _MIN_ANCHORS or value < _ANCHOR_LIMIT]
    if copy.copy_hash:
        keys.append(copy.copy_hash << 2 | 1)
    if copy.headline_key:
        keys.append(copy.headline_key << 2 | 2)
    return tuple(keys)


class Window:
    """Kept stories of one language in order of arrival."""

    def __init__(self) -> None:
        """Begin empty."""
        self._entries: deque[Entry] = deque()
        self._buckets: dict[int, list[Entry]] = {}
        self._families: dict[tuple[int, int], Entry] = {}
        self._next = 0

    def __iter__(self) -> Iterator[Entry]:
        """Entries in order of arrival."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Number of entries."""
        return len(self._entries)

    def expire(self, clock: int) -> None:
        """Forget what is older than the window, and the oldest beyond its size."""
        while self._entries and (self._entries[0].clock < clock - WINDOW or len(self._entries) > MAX_STORIES):
            old = self._entries.popleft()
            if self._families.get(old.family) is old:
                del self._families[old.family]
            for key in old.keys:
                bucket = self._buckets.get(key)
                if bucket and bucket[0] is old:
                    del bucket[0]
                    if not bucket:
                        del self._buckets[key]

    def add(self, entry: Entry) -> None:
        """File a kept story."""
        entry.number = self._next
        self._next += 1
        self._entries.append(entry)
        self._families[entry.family] = entry
        buckets = self._buckets
        for key in entry.keys:
            bucket = buckets.get(key)
            if bucket is None:
                buckets[key] = [entry]
                continue
            bucket.append(entry)
            if len(bucket) > MAX_BUCKET:
                del bucket[0]

    def latest_of(self, family: tuple[int, int]) -> Entry | None:
        """The last version of a family, if it is in the window."""
        return self._families.get(family)

    def candidates(self, keys: tuple[int, ...]) -> list[Entry]:
        """Stories that share a key, the earliest first, so that a repeat names the first of its kind."""
        found: dict[int, Entry] = {}
        buckets = self._buckets
        for key in keys:
            for entry in buckets.get(key, ()):
                found[entry.number] = entry
        return [found[number] for number in sorted(found)[-MAX_CANDIDATES:]]
