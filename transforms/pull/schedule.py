"""When to ask and how: pure decisions over a feed's memory, with the clock as an argument.

A server's or feed's own words are floors (Retry-After, max-age, Expires, ttl, skipHours, skipDays, sy:update*), capped
so that a slip of theirs cannot silence a feed; between floor and cap the feed's own rhythm decides.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schemas.document import FeedHints
from transforms.pull.exchange import ASKED_TO_WAIT, Answer, Plan
from transforms.pull.freshness import FLOOR_CAP, fresh_seconds, retry_after
from transforms.pull.memory import (
    ASKED_AGAIN,
    ASKED_AGAIN_SAME,
    ASKED_CONDITIONAL,
    ASKED_LATER,
    ASKED_PLAIN,
    ID_BYTES,
    WINDOW_IDS,
    FeedRecord,
)
from transforms.pull.trust import (
    ADOPT_AFTER,
    LISTED_EVERY,
    PROBE_EVERY,
    PROBE_FROM,
    adopt,
    is_suspect,
    judge,
    see_redirect,
)

MIN_INTERVAL = timedelta(minutes=1)
"""No feed is polled more often unless the user says so; what a server asks for still holds."""

HOST_GAP = timedelta(seconds=1)
"""Pause between two requests to one host."""

DEFAULT_INTERVAL = timedelta(minutes=15)
"""Before a feed's rhythm is known: news desks publish a few items an hour."""

QUIET_INTERVAL = timedelta(hours=1)
"""A feed that brought nothing for a few hours is asked once an hour: that is a desk at night, not a silent feed."""

MAX_INTERVAL = timedelta(hours=24)
"""A feed that has been silent for long is still asked once a day."""

QUIET_SHARE = 1 / 6
"""Share of the time since its last new item for which a silent feed may rest: a day, then four hours."""

BACKOFF_START = timedelta(hours=1)
"""Errors double the interval up to this; a desk's server that comes back within the hour loses nothing."""

BACKOFF_SHARE = 0.5
"""A feed that keeps failing is asked again after this share of the time since it began to fail, once a day at least;
nothing but 410 ends a feed."""

FASTER, SLOWER, FASTER_AFTER_GAP = 0.7, 1.4, 0.5
"""How the rhythm follows: many new items shorten the interval, none lengthen it, a gap halves it."""

BUSY_SHARE = 1 / 3
"""Share of new items in a window from which on the interval shortens: three such polls in one would fill the window."""

SAFE_SHARE = 0.5
"""However quiet it is, at the feed's busiest rate no more than this share of its window fills up between two polls:
the first hour after a quiet night is twice covered."""

PEAK_HALF_LIFE = timedelta(days=14)
"""The busiest rate fades slowly enough to remember last week's Monday."""

PEAK_LEAST = timedelta(minutes=15)
"""Rates are taken over at least this long: two items in one minute are no rhythm."""

JITTER = 0.1
"""Share of the interval by which polls are spread, so that feeds of one start do not march in step."""


@dataclass(frozen=True, slots=True)
class PullSettings:
    """How feeds are asked.

    Attributes:
        allow_private: networks that may be dialled although they are not public, in CIDR form.
        min_interval: least time between two polls of a feed.
        host_gap: least time between two requests to a host.
        due_only: poll only what is due.
        now: poll also what is not due (never before a Retry-After, never after a 410).
        contact: address for the user agent, or None.
        version: of wirelake, for the user agent.
    """

    allow_private: tuple[str, ...] = ()
    min_interval: timedelta = MIN_INTERVAL
    host_gap: timedelta = HOST_GAP
    due_only: bool = False
    now: bool = False
    contact: str | None = None
    version: str = "0"


def is_due(record: FeedRecord, now: datetime, *, due_only: bool, force: bool) -> bool:
    """Whether a feed is polled now; see ``why_waiting``."""
    return why_waiting(record, now, due_only=due_only, force=force) is None


def why_waiting(record: FeedRecord, now: datetime, *, due_only: bool, force: bool) -> str | None:
    """Why a feed is not polled now, or None when it is.

    Args:
        record: its memory.
        now: aware UTC.
        due_only: only when its next poll time has come.
        force: also when it has not; never before a Retry-After, never after a 410.

    Returns:
        ``gone``, ASKED_TO_WAIT (Retry-After), ``fresh`` (max-age, Expires) or ``not_due``.
    """
    if record.gone:
        return "gone"
    if record.not_before is not None and now < record.not_before:
        return ASKED_TO_WAIT
    if force:
        return None
    if record.fresh_until is not None and now < record.fresh_until:
        return "fresh"
    return "not_due" if due_only and record.next_poll_at is not None and now < record.next_poll_at else None


def next_moment(records: Iterable[FeedRecord], now: datetime) -> datetime | None:
    """When the first of some feeds is due: ``now`` when one is already, None when all of them are gone."""
    moments = [record.next_poll_at or now for record in records if not record.gone]
    return max(min(moments), now) if moments else None


def plan_request(address: str, key: str, record: FeedRecord) -> Plan:
    """The next request to a feed: conditional, unless it lies; now and then asked twice, to see whether it does.

    Probes are chosen by hash of feed and poll number: deterministic, and never all feeds at once.
    """
    listed = record.learned_url is not None and _spread(key, record.polls, "listed") < 1 / LISTED_EVERY
    url = address if listed else record.learned_url or address
    headers: list[tuple[str, str]] = []
    if record.recheck:
        return Plan(url, recheck=True, listed=listed)
    if record.etag and not record.liar:
        headers.append(("If-None-Match", record.etag))
    if record.last_modified and not record.liar:
        headers.append(("If-Modified-Since", record.last_modified))
    chosen = record.polls >= PROBE_FROM and _spread(key, record.polls, "probe") < 1 / PROBE_EVERY
    probe = bool(headers) and (chosen or is_suspect(record))
    return Plan(url, tuple(headers), probe, listed=listed)


def is_fresh(answer: Answer, now: datetime) -> bool:
    """Whether an answer says of itself that asking again at once is pointless."""
    return bool(fresh_seconds(answer.cache_control, answer.expires, answer.age, answer.date, now))


def after_answer(record: FeedRecord, answer: Answer, now: datetime, least: timedelta, key: str) -> FeedRecord:
    """The memory after a poll; of a full response, before its items are known.

    Args:
        record: the memory before.
        answer: what came.
        now: when it came, aware UTC.
        least: the run's least interval.
        key: the feed's, for jitter.
    """
    wait = retry_after(answer.retry_after, now, answer.date)
    if answer.outcome == ASKED_TO_WAIT:
        record = replace(record, not_before=now + (wait or timedelta()))
        return replace(record, next_poll_at=_moment(record, now, least.total_seconds(), key))
    fresh = fresh_seconds(answer.cache_control, answer.expires, answer.age, answer.date, now)
    record = replace(
        see_redirect(record, answer),
        polls=record.polls + 1,
        polled_at=now,
        not_before=now + wait if wait else None,
        fresh_until=now + timedelta(seconds=fresh) if fresh else None,
    )
    if answer.outcome == "not_modified":
        record = adopt(replace(record, errors=0, failing_since=None, quiet=record.quiet + 1, recheck=answer.probe))
        return _schedule(record, now, _rhythm(record, SLOWER), least, key)
    if answer.outcome == "ok":
        same = (record.etag, record.last_modified) == (answer.etag, answer.last_modified)
        asked = ASKED_CONDITIONAL if answer.conditional else ASKED_PLAIN
        if answer.probe or answer.recheck:
            asked = ASKED_AGAIN_SAME if same else ASKED_AGAIN if answer.probe else ASKED_LATER
        record = replace(record, asked=asked, recheck=False, etag=answer.etag, last_modified=answer.last_modified)
        return _schedule(record, now, _rhythm(record, 1.0), least, key)
    if answer.status == 410:
        return replace(record, gone=True, errors=record.errors + 1, next_poll_at=None)
    return _after_error(replace(record, fresh_until=None), now, least, key)


def after_broken(record: FeedRecord, now: datetime, least: timedelta, key: str, *, items: bool) -> FeedRecord:
    """The memory after a response that could not be read to its end.

    Its validators are forgotten: they would bring a 304 for a document that was never had whole.

    Args:
        record: the memory after the response.
        now: when it was fetched.
        least: the run's least interval.
        key: the feed's, for jitter.
        items: some of its items could be read.
    """
    record = replace(record, etag=None, last_modified=None)
    return record if items else _after_error(replace(record, redirect_to=None, redirects_seen=0), now, least, key)


def after_items(
    record: FeedRecord,
    ids: Iterable[bytes],
    content: bytes,
    hints: FeedHints,
    now: datetime,
    least: timedelta,
    key: str,
) -> tuple[FeedRecord, bool | None]:
    """The memory after a response's items are known, and whether something may have been missed.

    Args:
        record: the memory after the response.
        ids: ID_BYTES of each item.
        content: hash of the items and their text.
        hints: what the document says of its polling.
        now: when it was fetched.
        least: the run's least interval.
        key: the feed's, for jitter.

    Returns:
        The memory, and possible gap: True when no item is in common with the last window, None when there is nothing
        to compare.
    """
    window = sorted(set(ids))
    before = {record.window[at : at + ID_BYTES] for at in range(0, len(record.window), ID_BYTES)}
    known = sum(one in before for one in window)
    fresh = len(window) - known
    if len(before) == WINDOW_IDS:  # a sample of a longer window: what share of it is left, in like proportion
        fresh = min(fresh, round(len(window) * (1 - known / WINDOW_IDS)))
    gap = not known if before and window else None
    record = judge(record, content)
    record = replace(
        adopt(record),
        errors=0,
        failing_since=None,
        window=b"".join(window[:WINDOW_IDS]) or record.window,
        window_at=now,
        new_at=now if fresh or record.new_at is None else record.new_at,
        peak_per_hour=_peak(record, fresh if before else 0, now),
        document_seconds=_document_floor(hints),
        skip_hours=hints.skip_hours,
        skip_days=hints.skip_days,
    )
    factor = 1.0
    if gap:
        factor = FASTER_AFTER_GAP
    elif before and window:
        factor = FASTER if fresh / len(window) >= BUSY_SHARE else 1.0 if fresh else SLOWER
    return _schedule(record, now, _rhythm(record, factor), least, key), gap


def _peak(record: FeedRecord, fresh: int, now: datetime) -> float:
    """The busiest rate in items an hour, faded; so many new items span one interval less than their number."""
    if record.window_at is None:
        return 0.0
    elapsed = max(now - record.window_at, timedelta())
    faded = record.peak_per_hour * 0.5 ** (elapsed / PEAK_HALF_LIFE)
    return float(max(faded, (fresh - 1) / (max(elapsed, PEAK_LEAST).total_seconds() / 3600)))


def _after_error(record: FeedRecord, now: datetime, least: timedelta, key: str) -> FeedRecord:
    """Back off: twice the interval each time up to an hour, then in proportion to how long it has been failing."""
    since = record.failing_since or now
    errors = record.errors + 1
    base = max(record.interval_seconds or DEFAULT_INTERVAL.total_seconds(), least.total_seconds())
    limit = max(BACKOFF_START.total_seconds(), 2 * base, BACKOFF_SHARE * (now - since).total_seconds())
    pause = min(base * 2 ** min(errors, 20), limit, MAX_INTERVAL.total_seconds())
    learned = None if errors >= ADOPT_AFTER else record.learned_url
    record = replace(record, errors=errors, failing_since=since, learned_url=learned)
    return replace(record, next_poll_at=_moment(record, now, max(pause, least.total_seconds()), key))


def _document_floor(hints: FeedHints) -> float:
    floor = max((hints.ttl_minutes or 0) * 60.0, float(hints.update_seconds or 0))
    return min(max(floor, 0.0), FLOOR_CAP.total_seconds())


def _rhythm(record: FeedRecord, factor: float) -> float:
    return (record.interval_seconds or DEFAULT_INTERVAL.total_seconds()) * factor


def _schedule(record: FeedRecord, now: datetime, rhythm: float, least: timedelta, key: str) -> FeedRecord:
    """Set rhythm and next poll: within what is safe at the feed's busiest, and within floor and cap."""
    rested = (now - (record.new_at or now)) * QUIET_SHARE
    most = min(max(QUIET_INTERVAL, rested), MAX_INTERVAL).total_seconds()
    if record.peak_per_hour > 0:
        most = min(most, SAFE_SHARE * (len(record.window) // ID_BYTES) / record.peak_per_hour * 3600)
    rhythm = max(min(rhythm, most), least.total_seconds(), 1.0)
    return replace(record, interval_seconds=rhythm, next_poll_at=_moment(record, now, rhythm, key))


def _moment(record: FeedRecord, now: datetime, pause: float, key: str) -> datetime:
    """Now and a pause, not below what server and document ask for, spread by jitter, out of skipped hours."""
    asked = [(moment - now).total_seconds() for moment in (record.not_before, record.fresh_until) if moment]
    pause = max(pause, record.document_seconds, *asked) if asked else max(pause, record.document_seconds)
    moment = now + timedelta(seconds=pause * (1 + JITTER * _spread(key, record.polls, "jitter")))
    return _outside_skipped(moment, record, _spread(key, record.polls, "skip"))


def _outside_skipped(moment: datetime, record: FeedRecord, spread: float) -> datetime:
    """The moment, moved into the next hour that the feed does not skip; a feed that skips all is asked anyway."""
    hour = moment
    for _ in range(24 * 7):
        if hour.hour not in record.skip_hours and hour.weekday() not in record.skip_days:
            return moment if hour is moment else hour + timedelta(minutes=60 * JITTER * spread)
        hour = hour.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment


def _spread(key: str, number: int, what: str) -> float:
    """A number from 0 to below 1 that depends on feed, poll and purpose only."""
    digest = hashlib.blake2b(f"{key} {number} {what}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32
