"""A poller under the referee's eyes: what is due every ten minutes, as a scheduled run does, for as long as asked."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from schemas.document import FeedHints, ParsedDocument, Source
from schemas.item import NewsItem
from tests.pull.referee import DAY, Feed, Referee, referee_of
from transforms.pull.memory import FeedMemory, feed_key
from transforms.pull.poll import Surroundings, poll_feeds
from transforms.pull.schedule import PullSettings
from transforms.pull.settle import settle

LEAST = timedelta(minutes=1)
RUN_EVERY = 600.0


@dataclass
class Season:
    """What a season of polling gave; seasons of different hosts add up."""

    feeds: int
    runs: int
    requests: int
    full: int
    not_modified: int
    probes: int
    new: int
    published: int
    gaps: int
    lost: dict[str, int]
    violations: list[str]

    def __add__(self, other: "Season") -> "Season":
        return Season(
            self.feeds + other.feeds,
            max(self.runs, other.runs),
            self.requests + other.requests,
            self.full + other.full,
            self.not_modified + other.not_modified,
            self.probes + other.probes,
            self.new + other.new,
            self.published + other.published,
            self.gaps + other.gaps,
            self.lost | other.lost,
            self.violations + other.violations,
        )

    def __str__(self) -> str:
        return (
            f"{self.feeds} feeds, {self.runs} runs, {self.requests} requests ({self.full} full, "
            f"{self.not_modified} not modified, {self.probes} probes), {self.new} items, "
            f"{self.requests / max(self.new, 1):.2f} requests per new item, {self.gaps} possible gaps, "
            f"{sum(self.lost.values())} lost, {len(self.violations)} violations"
        )


@cache
def item(number: int) -> NewsItem:
    return NewsItem(position=number, guid=str(number), headline=f"Story {number}")


def season(
    feeds: int,
    hosts: int,
    days: float,
    share: int = 0,
    shares: int = 1,
    least: timedelta = LEAST,
    crash_every: int = 40,
) -> Season:
    """Poll scripted feeds, or one share of their hosts; every so many runs a run's results are lost."""
    referee, door = referee_of(feeds, hosts, days, share, shares)
    clock = referee.clock
    sources = {n: Source(address=f"http://{f.host}:{referee.port}{f.path}") for n, f in referee.feeds.items()}
    of_key = {feed_key(source.address): referee.feeds[n] for n, source in sources.items()}
    settings = PullSettings(
        allow_private=("127.0.0.0/8",), host_gap=timedelta(seconds=1), due_only=True, min_interval=least
    )
    around = Surroundings(sleep=clock.sleep, monotonic=clock.monotonic, resolver=door)
    memory, runs, gaps, new = FeedMemory({}), 0, 0, 0
    while clock.seconds < days * DAY:
        began, states = clock.seconds, {}
        runs += 1
        for pulled in poll_feeds(tuple(sources.values()), memory, settings, clock.now, around):
            feed = of_key[pulled.feed_key]
            answered = pulled.outcome in {"ok", "not_modified"}
            if runs % crash_every == 0 and answered and not feed.fresh_until:
                feed.etag, feed.modified = feed.kept
                continue  # the process died before its rows and its memory were durable
            feed.kept = feed.etag, feed.modified
            state = pulled.feed_state
            if pulled.outcome == "ok":
                _, numbers = json.loads(pulled.data)
                parsed = ParsedDocument("json", tuple(map(item, reversed(numbers))), hints=FeedHints(**feed.hints))
                settled, gap = settle(pulled, parsed, least)
                state = settled.feed_state
                gaps += gap is True
                new += len(set(numbers) - feed.seen)
                feed.seen |= set(numbers)
            states[pulled.feed_key] = state
            if answered:
                feed.last_ok = clock.seconds
        memory = memory.with_newer(FeedMemory.of(states))
        clock.seconds = max(clock.seconds, began + RUN_EVERY)
    return _counted(referee, runs, gaps, new)


def _counted(referee: Referee, runs: int, gaps: int, new: int) -> Season:
    feeds, counts = referee.feeds.values(), referee.counts
    return Season(
        feeds=len(feeds),
        runs=runs,
        requests=counts["requests"],
        full=counts["200"],
        not_modified=counts["304"],
        probes=counts["probes"],
        new=new,
        published=sum(len(feed.published) for feed in feeds if feed.kind != "ends"),
        gaps=gaps,
        lost={f"{feed.kind} {feed.number}": len(missed) for feed in feeds if (missed := lost(feed))},
        violations=referee.violations,
    )


def lost(feed: Feed) -> set[int]:
    """Items that nobody saw while they stood in the feed; those behind a 304 that lies may come later."""
    window = feed.items(feed.last_ok)
    lies = feed.kind in {"frozen_etag", "always_304"}
    return set(range(window.start if lies else window.stop)) - feed.seen
