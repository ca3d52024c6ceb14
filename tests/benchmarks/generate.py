"""Feeds and agency documents for benchmarks: plausible wire copy, the same bytes for the same numbers."""

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


def newsml_g2(number: int) -> str:
    """One NewsML-G2 message of 6 to 8 KB, as full agencies send them: metadata, forty concepts, XHTML copy."""
    rng = random.Random(number)
    subject = rng.choice(list(SUBJECTS))
    words = SUBJECTS[subject] + [f"{rng.choice(LAST)}{rng.randint(1, 400)}" for _ in range(6)]
    moment = (datetime(2026, 2, 1, tzinfo=UTC) + timedelta(minutes=number)).isoformat()
    headline = escape(_sentence(rng, words, 8).rstrip("."))
    place, agency, author = rng.choice(PLACES), rng.choice(AGENCIES), f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    paragraphs = [" ".join(_sentence(rng, words, 20) for _ in range(2)) for _ in range(7)]
    paragraphs[0] = f"{place} ({agency}) - {paragraphs[0]}"
    copy = "".join(
        f'<p>{escape(part)} <a href="https://bench.example/{number}">{rng.choice(words)}</a>, <b>{rng.choice(words)}</b>.</p>'
        for part in paragraphs
    )
    topics = "".join(
        f'<subject type="cpnat:abstract" qcode="medtop:{rng.randint(20000002, 20001300)}">'
        f'<name xml:lang="en">{rng.choice(words)}</name></subject>'
        for _ in range(10)
    ) + "".join(f'<subject qcode="bench:{rng.randint(1, 9999)}"/>' for _ in range(30))
    services = "".join(f'<service qcode="svc:{name}"><name>{name}</name></service>' for name in ("EUR", "AMER", "ASIA"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header>'
        f"<sent>{moment}</sent><sender>bench.example</sender><transmitId>bench-{number}</transmitId>"
        "<priority>4</priority><channel>TXT</channel></header><itemSet>"
        f'<newsItem guid="urn:newsml:bench.example:{number}" version="2" conformance="power" standard="NewsML-G2" '
        'standardversion="2.35" xml:lang="en">'
        '<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"/>'
        '<rightsInfo><copyrightHolder literal="Bench"/><copyrightNotice>(c) Bench 2026</copyrightNotice>'
        "<usageTerms>For subscribers of Bench only, not to be resold.</usageTerms></rightsInfo>"
        '<itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:BENCH"><name>Bench</name></provider>'
        f"<versionCreated>{moment}</versionCreated><firstCreated>{moment}</firstCreated>"
        f'<pubStatus qcode="stat:usable"/><fileName>{number}.xml</fileName><generator versioninfo="1">bench</generator>'
        f'<profile versioninfo="1">text</profile>{services}<title>{headline}</title>'
        "<edNote>Updates with reaction from the opposition</edNote>"
        '<signal qcode="sig:update"/><link rel="irel:seeAlso" href="https://bench.example/"/></itemMeta>'
        f"<contentMeta><urgency>4</urgency><contentCreated>{moment}</contentCreated>"
        '<located type="cptype:city" qcode="city:1"><name>Geneva</name><broader type="cpnat:country" '
        'qcode="iso3166-1a2:CH"><name>Switzerland</name></broader></located>'
        f"<creditline>{agency}</creditline><creator><name>{author}</name></creator>"
        '<infoSource literal="Bench" role="isrol:originfo"/><altId type="idtype:usn">B1</altId><language tag="en"/>'
        f"<keyword>{subject}</keyword><keyword>{rng.choice(words)}</keyword>{topics}"
        f"<slugline>{subject.upper()}-{number}/ (UPDATE 1)</slugline><headline>{headline}</headline>"
        f'<by>{author}</by><description role="drol:summary">{escape(_sentence(rng, words, 18))}</description>'
        '</contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml" wordcount="300">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{headline}</title></head><body>{copy}</body></html>'
        "</inlineXML></contentSet></newsItem></itemSet></newsMessage>"
    )
