"""Feeds for benchmarks: many files of plausible wire copy, the same bytes for the same numbers."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

PLACES = (
    "MOSCOW",
    "PARIS",
    "NAIROBI, Kenya",
    "LA CROSSE, Wis.",
    "TOKYO",
    "Lima, Peru",
    "Berlin",
    "CANBERRA, Australia",
)
AGENCIES = ("AP", "Reuters", "AFP", "dpa", "Xinhua", "Kyodo")
FIRST = ("Nora", "Tom", "Amara", "Claire", "Jonas", "Ines", "Paul", "Mary", "Luis", "Yuki")
LAST = ("Lindqvist", "Achebe", "Diallo", "Fontaine", "Petersen", "Duarte", "Huber", "Holt", "Ortega", "Tanaka")
SUBJECTS = {
    "economy": "shares exporters auction inflation bank prices market trade tariff revenue investors factory".split(),
    "politics": "parliament minister vote coalition election senate bill president opposition referendum".split(),
    "sport": "striker match goal league final coach tournament season penalty champion stadium".split(),
    "health": "hospital vaccine patients doctors infection clinic disease treatment nurses outbreak".split(),
    "disaster": "flood earthquake rescue survivors storm fire evacuated crash collapsed debris".split(),
}
COMMON = (
    "the a of to in and that for on with said was were has by from at after before officials reported according people"
    " city government year new more than about week would could two three also between during under over"
).split()


def _sentence(rng: random.Random, words: list[str], length: int) -> str:
    text = " ".join(rng.choice(words) if rng.random() < 0.35 else rng.choice(COMMON) for _ in range(length))
    return f"{text.capitalize()} {rng.randint(2, 9999)}."


def _item(rng: random.Random, number: int, moment: datetime) -> str:
    subject = rng.choice(list(SUBJECTS))
    words = SUBJECTS[subject] + [f"{rng.choice(LAST)}{rng.randint(1, 400)}" for _ in range(6)]
    headline = _sentence(rng, words, 8).rstrip(".")
    standfirst = _sentence(rng, words, 18)
    place, agency = rng.choice(PLACES), rng.choice(AGENCIES)
    paragraphs = [" ".join(_sentence(rng, words, 20) for _ in range(3)) for _ in range(4)]
    opening = f"{place} ({agency}) - " if rng.random() < 0.7 else ""
    body = "".join(f"<p>{escape(part)}</p>" for part in (opening + paragraphs[0], *paragraphs[1:]))
    return (
        f"<item><title>{escape(headline)}</title><link>https://bench.example/{number}?utm_source=rss</link>"
        f'<guid isPermaLink="false">bench-{number}</guid><pubDate>{format_datetime(moment)}</pubDate>'
        f"<dc:creator>{rng.choice(FIRST)} {rng.choice(LAST)}</dc:creator><category>{subject}</category>"
        f"<description>{escape(standfirst)}</description><content:encoded><![CDATA[{body}]]></content:encoded></item>"
    )


def feed(number: int, items: int, repeats: float = 0.03) -> str:
    """One RSS feed of wire copy; a few items repeat an item of an earlier feed under another id."""
    rng = random.Random(number)
    start = datetime(2026, 2, 1, tzinfo=UTC)
    parts = []
    for position in range(items):
        serial = number * items + position
        source = serial
        if number and rng.random() < repeats:
            source = rng.randrange(number) * items + position
        moment = start + timedelta(minutes=random.Random(source).randrange(14 * 24 * 60))
        item = _item(random.Random(source), source, moment)
        parts.append(item.replace(f"bench-{source}<", f"bench-{serial}<").replace(f"/{source}?", f"/{serial}?"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Bench</title>'
        f"<link>https://bench.example/</link><language>en</language>{''.join(parts)}</channel></rss>"
    )


def write_feeds(folder: Path, items: int, per_file: int = 100) -> Iterator[Path]:
    """Write ``items`` items into files of ``per_file``; yields their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(max(items // per_file, 1)):
        path = folder / f"feed-{number:06d}.xml"
        path.write_text(feed(number, per_file), encoding="utf-8")
        yield path
