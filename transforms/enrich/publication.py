"""Which day a version belongs to, and what that rests on: the ``date`` partition and ``date_source``.

The first usable moment of version_created, published, updated, first_created wins, else the fetch time. A moment is
passed over, and the reason is said, when it

- lies more than ``FUTURE_TOLERANCE`` after the fetch (a clock or a zone gone wrong, or a planned date), or
- is older than ``OLDEST`` or exactly the Unix epoch (what software writes when it has no date).

``date_source`` is ``version-created``, one of the words of ``NewsItem.date_source`` (``published``,
``published-zone-repaired``, ``published-naive``), ``updated``, ``first-created`` or ``fetched``. When a better moment
was passed over, its name and reason follow: ``fetched-published-unreadable``, ``updated-published-future``,
``fetched-published-unset``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from schemas.item import NewsItem

FUTURE_TOLERANCE = timedelta(days=1)
"""A zone read wrongly moves a moment by at most 14 hours; a day also forgives a slow clock."""

OLDEST = datetime(1605, 1, 1, tzinfo=UTC)
"""The first printed newspaper; archives may go back that far, nothing goes further."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Publication:
    """The day of a version.

    Attributes:
        moment: the moment chosen, aware UTC.
        day: its date in UTC, the partition.
        source: what it rests on, as the module describes.
        first: when the family's first version came out, as this document tells it; None when it does not.
        stated: the first moment that the document itself states, a future one too: what its copy's days relate to.
    """

    moment: datetime
    day: date
    source: str
    first: datetime | None
    stated: datetime


def _flaw(moment: datetime, fetched_at: datetime) -> str | None:
    if moment > fetched_at + FUTURE_TOLERANCE:
        return "future"
    if moment == _EPOCH or moment < OLDEST:
        return "unset"
    return None


def choose_publication(item: NewsItem, fetched_at: datetime) -> Publication:
    """Choose the partition date of a version.

    Args:
        item: its four moments and ``date_source``.
        fetched_at: when its bytes were read, aware UTC.

    Returns:
        A publication whose day is never missing.
    """
    published = item.published
    if (
        published is not None
        and item.version_created is None
        and item.first_created is None
        and _flaw(published, fetched_at) is None
    ):
        # the one date that nearly all items have
        day = published.date() if published.tzinfo is UTC else published.astimezone(UTC).date()
        return Publication(published, day, item.date_source or "published", published, published)
    published_word = item.date_source if item.published and item.date_source else "published"
    passed_over = ""
    chosen: datetime | None = None
    source = "fetched"
    for name, word, moment in (
        ("version", "version-created", item.version_created),
        ("published", published_word, item.published),
        ("updated", "updated", item.updated),
        ("first", "first-created", item.first_created),
    ):
        if moment is None:
            if name == "published" and item.date_source == "published-unreadable":
                passed_over = passed_over or "-published-unreadable"
            continue
        flaw = _flaw(moment, fetched_at)
        if flaw is None:
            chosen, source = moment, word
            break
        passed_over = passed_over or f"-{name}-{flaw}"
    moment = chosen if chosen is not None else fetched_at
    first = None
    for early in (item.first_created, item.published, item.version_created):
        if early is not None and _flaw(early, fetched_at) is None:
            first = early
            break
    printed = (item.version_created, item.published, item.updated, item.first_created)
    stated = next((early for early in printed if early is not None and _flaw(early, early) is None), moment)
    return Publication(moment, moment.astimezone(UTC).date(), source + passed_over, first, stated)
