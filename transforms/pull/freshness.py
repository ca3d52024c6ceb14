"""How long a server asks to be left alone, read from its headers and capped."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

FLOOR_CAP = timedelta(hours=24)
"""Longest that max-age, Expires, ttl or an update period may silence a feed: longer ones are slips of configuration."""

RETRY_AFTER_CAP = timedelta(hours=96)
"""88 hours were seen in earnest; beyond four days a value is a mistake."""

_MOST_SECONDS = 10**8
"""Three years: numbers above it are cut before they reach date arithmetic, which has an end."""


def http_date(text: str | None) -> datetime | None:
    """A date of HTTP in any of its three forms, aware UTC; None when there is none or it cannot be read."""
    try:
        moment = parsedate_to_datetime(text or "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def retry_after(text: str | None, now: datetime, date: str | None = None) -> timedelta | None:
    """A Retry-After header in either form, capped; None when there is none or it cannot be read.

    Args:
        text: the header.
        now: when it came, aware UTC.
        date: the server's Date header: its own clock is what a moment is to be measured against.

    Source: RFC 9110, section 10.2.3.
    """
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=_seconds(text)), RETRY_AFTER_CAP)
    moment = http_date(text) if text else None
    if moment is None:
        return None
    return min(max(moment - (http_date(date) or now), timedelta()), RETRY_AFTER_CAP)


def fresh_seconds(
    cache_control: str | None, expires: str | None, age: str | None, date: str | None, now: datetime
) -> float | None:
    """Seconds for which an answer stays fresh, capped; None when the headers say nothing.

    Source: RFC 9111, section 4.2: max-age wins over Expires, and the time spent in caches on the way counts.

    Args:
        cache_control: header as sent.
        expires: header as sent; one that cannot be read means that the answer is stale already.
        age: header as sent.
        date: header as sent.
        now: when the answer came, aware UTC.
    """
    fresh: float | None = None
    for part in (cache_control or "").lower().split(","):
        name, _, value = part.strip().partition("=")
        value = value.strip().strip('"')
        if name in {"no-cache", "no-store"}:
            return 0.0
        if name == "max-age" and value.isascii() and value.isdigit():
            fresh = float(_seconds(value))
    if fresh is None and expires is not None:
        moment = http_date(expires)
        fresh = (moment - (http_date(date) or now)).total_seconds() if moment else 0.0
    if fresh is None:
        return None
    text = (age or "").strip()
    old = _seconds(text) if text.isascii() and text.isdigit() else 0
    return min(max(fresh - old, 0.0), FLOOR_CAP.total_seconds())


def _seconds(digits: str) -> int:
    return min(int(digits[:10]), _MOST_SECONDS)
