"""What a server has to show before it is believed: that its 304 means unchanged, that its redirect is for good."""

from dataclasses import replace
from datetime import timedelta

from transforms.pull.exchange import Answer
from transforms.pull.memory import ASKED_AGAIN, ASKED_AGAIN_SAME, ASKED_CONDITIONAL, ASKED_LATER, FeedRecord

PROBE_EVERY = 50
"""One poll in so many asks again without validators when they brought a 304 (2 %), to catch servers that lie."""

PROBE_FROM = 3
"""From this poll on: before it there is hardly anything to be lied about."""

PROBE_STRANGER, PROBE_STRANGER_AFTER = (4, 8), timedelta(days=1)
"""While a server has never answered a conditional request with changed content, so are its fourth and its eighth 304
in a row, and one a day: one that always lies is caught before its window has passed by."""

PROBE_LONG_QUIET, PROBE_AFTER = 16, timedelta(days=7)
"""Of one that has, the 16th, the 32nd, the 64th … in a row, and one a week: servers change their configuration."""

STRIKES, STRIKE_AT_ONCE, STRIKE_LATER = 4, 2, 1
"""When content and validators have changed behind a 304, the content may have changed between the two requests: that is
believed twice when they were a moment apart, four times when they were a poll apart, without an honest 200 between."""

ADOPT_AFTER = 3
"""A permanent redirect is adopted when it was seen so often in a row; errors as many drop it again."""

LISTED_EVERY = 100
"""One poll in so many asks at the listed address although a redirect was adopted: it may have ended."""


def is_suspect(record: FeedRecord) -> bool:
    """Whether the next 304, after so many and for so long without a full response, is to be checked."""
    quiet = record.quiet + 1
    since = record.polled_at - record.window_at if record.polled_at and record.window_at else timedelta()
    if record.honest:
        return since >= PROBE_AFTER or (quiet >= PROBE_LONG_QUIET and quiet & (quiet - 1) == 0)
    return since >= PROBE_STRANGER_AFTER or quiet in PROBE_STRANGER


def judge(record: FeedRecord, content: bytes) -> FeedRecord:
    """Whether the server's 304 can be believed, once a full response was compared with the last one."""
    changed = bool(record.items_hash) and content != record.items_hash
    strikes = record.strikes
    if changed and record.asked == ASKED_CONDITIONAL:
        strikes = 0
    elif changed and record.asked in {ASKED_AGAIN, ASKED_LATER}:
        strikes += STRIKE_AT_ONCE if record.asked == ASKED_AGAIN else STRIKE_LATER
    lied = changed and record.asked == ASKED_AGAIN_SAME
    honest = record.honest or (changed and record.asked == ASKED_CONDITIONAL)
    return replace(
        record,
        items_hash=content,
        quiet=0 if changed else record.quiet + 1,
        strikes=strikes,
        honest=honest,
        liar=record.liar or lied or strikes >= STRIKES,
    )


def see_redirect(record: FeedRecord, answer: Answer) -> FeedRecord:
    """Count a permanent redirect; one that is no more, or leads elsewhere than before, begins anew."""
    good = answer.outcome in {"ok", "not_modified"}
    if good and answer.listed and answer.permanent_url != record.learned_url:
        record = replace(record, learned_url=None)
    if not good or answer.permanent_url is None:
        return replace(record, redirect_to=None, redirects_seen=0) if record.redirect_to else record
    seen = record.redirects_seen + 1 if answer.permanent_url == record.redirect_to else 1
    return replace(record, redirect_to=answer.permanent_url, redirects_seen=seen)


def adopt(record: FeedRecord) -> FeedRecord:
    """Adopt a permanent redirect once what it leads to has proved to be a feed."""
    if record.redirects_seen < ADOPT_AFTER:
        return record
    return replace(record, learned_url=record.redirect_to, redirect_to=None, redirects_seen=0)
