"""What goes into one language's decisions and what comes out: rows, answers, families, stories to remember."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from transforms.dedupe.entries import NO_TIME, Entries, Index
from transforms.lake.seen import Words

KEPT, REPEAT, HELD, REPOLLED = range(4)
WITHHELD, UNREADABLE, EMBARGO = 1, 2, 3
"""Why a row is held."""

Key = tuple[int, int]
"""A family as the two halves of its ``story_id``."""


@dataclass(frozen=True, slots=True)
class Rows:
    """New rows of one language in order of arrival; times are microseconds since 1970 UTC, ``NO_TIME`` for none."""

    entries: Entries
    family_hi: Words
    family_lo: Words
    fetched: Index
    published: Index
    embargo: Index
    status: npt.NDArray[np.uint8]
    target_hi: Words
    target_lo: Words
    targeted: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """One answer per row; columns of which ``Decisions`` are made.

    Attributes:
        action: KEPT, REPEAT, HELD or REPOLLED.
        kind: index into ``KINDS``, for repeats.
        similarity: for repeats.
        home_hi: halves of the ``story_id`` that a repeat repeats.
        home_lo: the same.
        cluster_hi: halves of the cluster id.
        cluster_lo: the same.
        clustered: whether there is one.
        first: first publication of the family, or ``NO_TIME``.
        reason: why it is held, or 0.
        release: end of an embargo, or ``NO_TIME``.
    """

    action: npt.NDArray[np.uint8]
    kind: npt.NDArray[np.int8]
    similarity: npt.NDArray[np.float32]
    home_hi: Words
    home_lo: Words
    cluster_hi: Words
    cluster_lo: Words
    clustered: npt.NDArray[np.bool_]
    first: Index
    reason: npt.NDArray[np.uint8]
    release: Index

    @classmethod
    def blank(cls, count: int, action: int = KEPT) -> "Answers":
        """Answers that say only ``action``."""
        return cls(
            np.full(count, action, np.uint8),
            np.full(count, -1, np.int8),
            np.zeros(count, np.float32),
            np.zeros(count, np.uint64),
            np.zeros(count, np.uint64),
            np.zeros(count, np.uint64),
            np.zeros(count, np.uint64),
            np.zeros(count, np.bool_),
            np.full(count, NO_TIME, np.int64),
            np.zeros(count, np.uint8),
            np.full(count, NO_TIME, np.int64),
        )

    def put(self, places: Index, answers: "Answers") -> None:
        """Write answers of some rows in."""
        for field in fields(self):
            getattr(self, field.name)[places] = getattr(answers, field.name)


@dataclass(slots=True)
class Family:
    """A family while rows of it are decided.

    Attributes:
        known: whether there is anything to remember.
        text: hash of its last kept text; 0: nothing of it is in force.
        first: earliest publication time known, or None.
        killed: for ever.
        home: key of the family that this one repeats, or None.
    """

    known: bool = False
    text: int = 0
    first: int | None = None
    killed: bool = False
    home: Key | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Stories that a call kept, as the state needs them."""

    entries: Entries
    clocks: Index
    cluster_hi: Words
    cluster_lo: Words
