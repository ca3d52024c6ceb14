"""When to ask and how: pure decisions over a feed's memory, with the clock as an argument.

A server's or feed's own words are floors (Retry-After, max-age, Expires, ttl, skipHours, skipDays, sy:update*), capped
so that a slip of theirs cannot silence a feed; between floor and cap the feed's own rhythm decides.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from schemas.document import FeedHints
from transforms.pull.memory import ID_BYTES, WINDOW_IDS, FeedRecord

MIN_INTERVAL = timedelta(minutes=1)
"""No feed is polled more often unless the user says so; what a server asks for still holds."""

HOST_GAP = timedelta(seconds=1)
"""Pause between two requests to one host."""

DEFAULT_INTERVAL = timedelta(minutes=15)
"""Before a feed's rhythm is known: news desks publish a few items an hour."""

MAX_INTERVAL = timedelta(hours=24)
"""A quiet feed is still asked once a day."""

FLOOR_CAP = timedelta(hours=24)
"""Longest that ttl, max-age or Expires may silence a feed: longer ones are mistakes of configuration."""

RETRY_AFTER_CAP = timedelta(hours=96)
"""88 hours were seen in earnest; beyond four days a value is a mistake."""

MAX_BACKOFF = timedelta(hours=24)
"""After errors; nothing but 410 ends a feed."""

FASTER, SLOWER = 0.7, 1.4
"""How the rhythm follows: many new items shorten the interval, none lengthen it."""

BUSY_SHARE = 0.5
"""Share of new items in a window above which the interval shortens; at one half a window is at risk in two polls."""

JITTER = 0.1
"""Share of the interval by which polls are spread, so that feeds of one start do not march in step."""

PROBE_EVERY = 50
"""One poll in so many goes without validators (2 %), to catch servers whose 304 lies."""

ADOPT_AFTER = 3
"""A permanent redirect is adopted when it was seen so often in a row."""


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


@dataclass(frozen=True, slots=True)
class Plan:
    """How a feed is asked.

    Attributes:
        url: its address, or the permanent redirect it was adopted for.
        headers: validators, when the request is conditional.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a poll brought, as far as the schedule is concerned.

    Attributes:
        outcome: ok, not_modified or a failure code.
        status: HTTP status of the last hop, or None.
        etag: header, byte for byte.
        last_modified: header, byte for byte.
        retry_after: header as sent.
        cache_control: header as sent.
        expires: header as sent.
        date: header as sent.
        permanent_url: where an unbroken chain of 301 and 308 led, or None.
        body: the response's bytes, encodings removed.
        conditional: validators were sent.
    """

    outcome: str
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after: str | None = None
    cache_control: str | None = None
    expires: str | None = None
    date: str | None = None
    permanent_url: str | None = None
    body: bytes = b""
    conditional: bool = False


def is_due(record: FeedRecord, now: datetime, *, due_only: bool, force: bool) -> bool:
    """Whether a feed is polled now.

    Args:
        record: its memory.
        now: aware UTC.
        due_only: only when its next poll time has come.
        force: also when it has not; never before a Retry-After, never after a 410.
    """
    if record.gone or (record.not_before is not None and now < record.not_before):
        return False
    return force or not due_only or record.next_poll_at is None or now >= record.next_poll_at


def plan_request(address: str, key: str, record: FeedRecord) -> Plan:
    """The next request to a feed: conditional, unless it lies or this is a probe.

    Probes are chosen by hash of feed and poll number: deterministic, and never all feeds at once.
    """
    url = record.learned_url or address
    digest = hashlib.blake2b(f"{key} {record.polls}".encode(), digest_size=4).digest()
    if record.liar or int.from_bytes(digest) % PROBE_EVERY == 0:
        return Plan(url)
    headers = []
    if record.etag:
        headers.append(("If-None-Match", record.etag))
    if record.last_modified:
        headers.append(("If-Modified-Since", record.last_modified))
    return Plan(url, tuple(headers))


def after_answer(record: FeedRecord, answer: Answer, now: datetime, least: timedelta, key: str) -> FeedRecord:
    """The memory after a poll; of a full response, before its items are known.

    Args:
        record: the memory before.
        answer: what came.
        now: when it came, aware UTC.
        least: the run's least interval.
        key: the feed's, for jitter.
    """
    record = replace(record, polls=record.polls + 1, polled_at=now)
    asked = retry_after(answer.retry_after, now)
    record = replace(record, not_before=now + asked if asked else None)
    record = _learn_redirect(record, answer)
    if answer.outcome == "not_modified":
        record = replace(record, errors=0, least_seconds=_server_floor(answer, now) or record.least_seconds)
        return _schedule(record, now, _rhythm(record, SLOWER), least, key)
    if answer.outcome == "ok":
        digest = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
        record = replace(
            record,
            errors=0,
            liar=record.liar or _lied(record, answer, digest),
            etag=answer.etag,
            last_modified=answer.last_modified,
            body_hash=digest,
            least_seconds=_server_floor(answer, now),
        )
        return _schedule(record, now, _rhythm(record, 1.0), least, key)
    if answer.status == 410:
        return replace(record, gone=True, errors=record.errors + 1, next_poll_at=None)
    errors = record.errors + 1
    pause = min(least * 2 ** min(errors, 20), MAX_BACKOFF)
    record = replace(record, errors=errors)
    return _schedule(record, now, max(pause.total_seconds(), record.interval_seconds), least, key)


def after_items(
    record: FeedRecord, ids: Iterable[bytes], hints: FeedHints, now: datetime, least: timedelta, key: str
) -> tuple[FeedRecord, bool | None]:
    """The memory after a response's items are known, and whether something may have been missed.

    Args:
        record: the memory after the response.
        ids: ID_BYTES of each item, in document order.
        hints: what the document says of its polling.
        now: when it was fetched.
        least: the run's least interval.
        key: the feed's, for jitter.

    Returns:
        The memory, and possible gap: True when no item is in common with the last window, None when there is nothing
        to compare with.
    """
    window = list(ids)[:WINDOW_IDS]
    before = {record.window[at : at + ID_BYTES] for at in range(0, len(record.window), ID_BYTES)}
    fresh = sum(one not in before for one in window)
    gap = bool(window) and fresh == len(window) if before else None
    factor = 1.0
    if before and window:
        factor = FASTER if fresh / len(window) >= BUSY_SHARE else (SLOWER if not fresh else 1.0)
        if gap:
            factor = FASTER * FASTER
    floor = max(record.least_seconds, _document_floor(hints))
    record = replace(
        record,
        window=b"".join(window) or record.window,
        least_seconds=floor,
        skip_hours=hints.skip_hours,
        skip_days=hints.skip_days,
    )
    return _schedule(record, now, _rhythm(record, factor), least, key), gap


def retry_after(text: str | None, now: datetime) -> timedelta | None:
    """A Retry-After header in either form, capped; None when there is none or it cannot be read.

    Source: RFC 9110, section 10.2.3.
    """
    if not text:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**8)), RETRY_AFTER_CAP)
    moment = _http_date(text)
    return min(max(moment - now, timedelta()), RETRY_AFTER_CAP) if moment else None


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _server_floor(answer: Answer, now: datetime) -> float:
    """Seconds that the caching headers ask for; RFC 9111: max-age wins over Expires."""
    for part in (answer.cache_control or "").lower().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.strip('"').isdigit():
            return min(float(value.strip('"')[:9]), FLOOR_CAP.total_seconds())
    expires = _http_date(answer.expires)
    if expires is None:
        return 0.0
    start = _http_date(answer.date) or now
    return min(max((expires - start).total_seconds(), 0.0), FLOOR_CAP.total_seconds())


def _document_floor(hints: FeedHints) -> float:
    floor = max((hints.ttl_minutes or 0) * 60.0, float(hints.update_seconds or 0))
    return min(max(floor, 0.0), FLOOR_CAP.total_seconds())


def _lied(record: FeedRecord, answer: Answer, digest: str) -> bool:
    """Unconditional, other content, the very validators that would have brought a 304."""
    if answer.conditional or not record.body_hash or digest == record.body_hash:
        return False
    same_etag = record.etag is not None and record.etag == answer.etag
    same_date = (
        record.etag is None and record.last_modified is not None and record.last_modified == answer.last_modified
    )
    return same_etag or same_date


def _learn_redirect(record: FeedRecord, answer: Answer) -> FeedRecord:
    if answer.permanent_url is None:
        return replace(record, redirect_to=None, redirects_seen=0)
    seen = record.redirects_seen + 1 if answer.permanent_url == record.redirect_to else 1
    if seen >= ADOPT_AFTER and answer.outcome in {"ok", "not_modified"}:
        return replace(record, learned_url=answer.permanent_url, redirect_to=None, redirects_seen=0)
    return replace(record, redirect_to=answer.permanent_url, redirects_seen=seen)


def _rhythm(record: FeedRecord, factor: float) -> float:
    return (record.interval_seconds or DEFAULT_INTERVAL.total_seconds()) * factor


def _schedule(record: FeedRecord, now: datetime, rhythm: float, least: timedelta, key: str) -> FeedRecord:
    """Set the next poll: rhythm within floor and cap, spread by jitter, out of the hours that the feed skips."""
    rhythm = min(max(rhythm, least.total_seconds()), MAX_INTERVAL.total_seconds())
    pause = max(rhythm, record.least_seconds)
    digest = hashlib.blake2b(f"{key} {record.polls} jitter".encode(), digest_size=4).digest()
    pause *= 1 + JITTER * int.from_bytes(digest) / 2**32
    moment = max(now + timedelta(seconds=pause), record.not_before or now)
    return replace(record, interval_seconds=rhythm, next_poll_at=_outside_skipped(moment, record))


def _outside_skipped(moment: datetime, record: FeedRecord) -> datetime:
    """The moment, moved to the next hour that the feed does not skip; a feed that skips all is asked anyway."""
    for _ in range(24 * 7):
        if moment.hour not in record.skip_hours and moment.weekday() not in record.skip_days:
            break
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment
