import json
import sys
from collections import Counter
from datetime import timedelta

import pytest

from schemas.document import FeedHints, ParsedDocument, Source
from schemas.item import NewsItem
from transforms.pull.memory import FeedMemory, feed_key
from transforms.pull.poll import Surroundings, poll_feeds
from transforms.pull.schedule import PullSettings
from transforms.pull.settle import settle

LEAST = timedelta(minutes=1)
RUN_EVERY = 600.0


def poll_for(referee, names, days: float, crash_every: int = 40) -> dict[str, int]:
    """Poll what is due every ten minutes, as a scheduled run does; now and then a run's results are lost."""
    clock = referee.clock
    sources = {n: Source(address=f"http://{f.host}:{referee.port}{f.path}") for n, f in referee.feeds.items()}
    of_key = {feed_key(source.address): n for n, source in sources.items()}
    settings = PullSettings(allow_private=("127.0.0.0/8",), host_gap=timedelta(seconds=1), due_only=True)
    around = Surroundings(sleep=clock.sleep, monotonic=clock.monotonic, resolver=names())
    memory, runs, gaps, new = FeedMemory({}), 0, 0, 0
    while clock.seconds < days * 24 * 3600:
        began, states = clock.seconds, {}
        runs += 1
        for pulled in poll_feeds(tuple(sources.values()), memory, settings, clock.now, around):
            feed = referee.feeds[of_key[pulled.feed_key]]
            if runs % crash_every == 0 and pulled.outcome in {"ok", "not_modified"} and not feed.fresh_until:
                feed.etag, feed.modified = feed.kept
                continue  # the process died before its rows and its memory were durable
            feed.kept = feed.etag, feed.modified
            if pulled.outcome == "ok":
                _, numbers = json.loads(pulled.data)
                items = tuple(
                    NewsItem(position=at, guid=str(number), headline=f"Story {number}")
                    for at, number in enumerate(reversed(numbers))
                )
                parsed = ParsedDocument(format="json", items=items, hints=FeedHints(**feed.hints))
                settled, gap = settle(pulled, parsed, LEAST)
                gaps += gap is True
                new += len(set(numbers) - feed.seen)
                feed.seen |= set(numbers)
                states[pulled.feed_key] = settled.feed_state
            else:
                states[pulled.feed_key] = pulled.feed_state
            if pulled.outcome in {"ok", "not_modified"}:
                feed.last_ok = clock.seconds
        memory = memory.with_newer(FeedMemory.of(states))
        clock.seconds = max(clock.seconds, began + RUN_EVERY)
    published = sum(len(feed.published) for feed in referee.feeds.values() if feed.kind != "ends")
    return {"runs": runs, "gaps": gaps, "new": new, "published": published}


def lost(referee) -> dict[str, int]:
    """Items that nobody saw while they stood in the feed, by feed; behind a 304 that lies they may come later."""
    found = {}
    for feed in referee.feeds.values():
        window = feed.items(feed.last_ok)
        lies = feed.kind in {"frozen_etag", "always_304"}
        if missing := set(range(window.start if lies else window.stop)) - feed.seen:
            found[f"{feed.kind} {feed.number}"] = len(missing)
    return found


def report(referee, figures: dict[str, int]) -> str:
    counts = referee.counts
    new = max(figures["new"], 1)
    return (
        f"{len(referee.feeds)} feeds, {figures['runs']} runs, {counts['requests']} requests "
        f"({counts['200']} full, {counts['304']} not modified, {counts['probes']} probes), {figures['new']} items, "
        f"{counts['requests'] / new:.2f} requests per new item, {figures['gaps']} possible gaps, "
        f"{len(referee.violations)} violations"
    )


def run_month(referee_for, names, capsys, feeds: int, hosts: int, days: float) -> None:
    with referee_for(feeds, hosts, days) as referee:
        figures = poll_for(referee, names, days)
    with capsys.disabled():
        sys.stdout.write(f"\n{report(referee, figures)}\n")
    feeds_blamed = Counter(one.partition(", ")[2].partition(":")[0] for one in referee.violations)
    assert not referee.violations, f"{feeds_blamed}\n" + "\n".join(referee.violations[:40])
    assert lost(referee) == {}
    assert figures["new"] > figures["published"] * 0.9
    assert referee.counts["probes"] < 0.04 * referee.counts["requests"]


def test_no_violation_and_nothing_lost_in_some_days(referee_for, names, capsys) -> None:
    run_month(referee_for, names, capsys, feeds=48, hosts=20, days=4)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_violation_and_nothing_lost_in_a_month_of_200_feeds(referee_for, names, capsys) -> None:
    run_month(referee_for, names, capsys, feeds=200, hosts=80, days=30)


@pytest.mark.parametrize("seconds", [0.3, 30.0, 3600.0])
def test_the_referee_sees_what_is_wrong(referee_for, names, seconds: float) -> None:
    """A poller without manners, so that zero violations mean something."""
    with referee_for(24, 3, 3) as referee:
        clock = referee.clock
        sources = [Source(address=f"http://{f.host}:{referee.port}{f.path}") for f in referee.feeds.values()]
        settings = PullSettings(allow_private=("127.0.0.0/8",), host_gap=timedelta(0), now=True)
        around = Surroundings(sleep=clock.sleep, monotonic=clock.monotonic, resolver=names())
        clock.seconds = 26 * 3600.0
        for _ in range(4):
            for _ in poll_feeds(sources, FeedMemory({}), settings, clock.now, around):
                clock.seconds += 0.01
            clock.seconds += seconds
        told = " ".join(referee.violations)
    assert "after the last request to" in told
    assert "missing validator" in told
    assert "before its Retry-After" in told
    assert ("before its max-age" in told) == (seconds < 1200)
    assert ("after the last poll" in told) == (seconds < 60)
