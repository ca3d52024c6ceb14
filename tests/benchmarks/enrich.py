"""How fast does wirelake read copy? Items per second of CPU for everything that enriching does, and where it goes.

    python tests/benchmarks/enrich.py [--items 20000] [--profile]

Parses outside the clock, then names and enriches the items as ``wirelake ingest`` does, 256 at a time (``identify``,
``read_item``, ``finish``), in one process and in two. Two sets: the benchmark's RSS of 2 KB an item, and a mix of wire
copy in many languages with datelines, bylines and credit lines, half of it without a stated language. ``--profile``
prints what Python's profiler sees. CPU time is the process's own, so that other work on the machine matters little;
quote a quiet machine all the same.
"""

import argparse
import cProfile
import functools
import gc
import multiprocessing
import pstats
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from generate import feed

from pipelines.reading import TOGETHER
from schemas.document import RawDocument, Source
from schemas.item import NewsItem
from transforms.enrich import story
from transforms.enrich.story import EnrichResources
from transforms.enrich.topic import TopicModel
from transforms.parse.registry import parse_document

FETCHED = datetime(2026, 2, 20, 12, tzinfo=UTC)
STAGES = (
    "identify",
    "choose_publication",
    "strip_markers",
    "detect_language",
    "read_copy_head",
    "byline_of",
    "read_credits",
    "stated_topic",
    "count_words",
)
"""Functions of the room's composition that are timed apart; the rest of an item's time is its row."""

MODEL_STAGE = "classify_many"
"""The topic model's part."""

OPENINGS = {
    "en": (
        "NAIROBI, Feb 17 (Reuters) - ",
        "By Nora Feld\nNAIROBI (AP) — ",
        "GALVESTON, Texas (AP) — ",
        "",
        "GENEVA/PARIS, Feb 17 (AFP) - ",
    ),
    "de": ("Berlin (dpa) - ", "Wien (APA) - ", "", "Von Jana Berg\nHamburg (dpa/lno) - ", "Bern, 17. Februar (SDA) - "),
    "fr": (
        "PARIS, 17 février (AFP) - ",
        "",
        "Bruxelles (Belga) - ",
        "Par Claire Fontaine\n",
        "Genève, 17 fév (ATS) - ",
    ),
    "es": ("Madrid, 17 feb (EFE).- ", "MADRID, 17 Feb. (EUROPA PRESS) - ", "", "Por Luis Ortega\nLima (AP) — "),
    "it": ("(ANSA) - ROMA, 17 FEB - ", "Roma, 17 feb. (Adnkronos) - ", "", "di Ines Ricci\n"),
    "ru": ("МОСКВА, 17 февраля. /ТАСС/. ", "МОСКВА, 17 фев - РИА Новости. ", "", "Автор: Анна Лапина\n"),
    "ar": ("القاهرة (رويترز) - ", "", "الرياض 17 فبراير (واس) - "),
    "ja": ("【ワシントン共同】", "", "[東京 17日 ロイター] - "),
    "zh": ("新华社北京2月17日电 ", "", "中新社上海2月17日电 "),
}
WORDS = {
    "en": "the minister said that prices rose on Monday after parliament voted for a new law about trade and the port",
    "de": "der Minister sagte am Montag dass die Preise nach der Abstimmung im Bundestag über das neue Gesetz steigen",
    "fr": "le ministre a déclaré lundi que les prix avaient augmenté après le vote du parlement sur la nouvelle loi",
    "es": "el ministro dijo el lunes que los precios subieron después de que el parlamento votara la nueva ley del puerto",
    "it": "il ministro ha detto lunedì che i prezzi sono saliti dopo il voto del parlamento sulla nuova legge del porto",
    "ru": "министр сказал в понедельник что цены выросли после голосования парламента о новом законе и торговле порта",
    "ar": "قال الوزير يوم الاثنين إن الأسعار ارتفعت بعد تصويت البرلمان على القانون الجديد بشأن التجارة والميناء",
    "ja": "大臣は月曜日に 議会が新しい法律を 可決した後に 価格が上昇したと 述べた 港の貿易について 説明した",
    "zh": "部长周一 表示 议会 通过新法律后 价格上涨 港口贸易 受到影响 政府将 采取措施",
}
BYLINES = (
    "",
    "Nora Feld",
    "By Nora Feld and Tom Ashgrove, Associated Press",
    "Von Jana Berg, dpa",
    "Par Claire Fontaine (à Rome)",
)
CREDITS = "\n(Reporting by Nora Feld in Nairobi and Tom Ashgrove; Editing by Paul Holt)"


def _mixed_item(number: int) -> NewsItem:
    rng = random.Random(number)
    language = rng.choice(list(OPENINGS))
    words = WORDS[language].split()
    dense = 3 if language in {"ja", "zh"} else 1

    def sentence(length: int) -> str:
        picked = [rng.choice(words) for _ in range(length)]
        if dense == 1 and rng.random() < 0.5:
            picked.append(f"{rng.choice(('Lindqvist', 'Achebe', 'Fontaine', 'Tanaka'))}{rng.randint(1, 900)}")
        text = " ".join(picked)
        return f"{text[:1].upper()}{text[1:]} {rng.randint(2, 9999)}."

    headline = sentence(8)
    if rng.random() < 0.1:
        headline = f"UPDATE 2-{headline}"
    standfirst = sentence(16 // dense)
    paragraphs = ["\n".join(sentence(18 // dense) for _ in range(2)) for _ in range(6)]
    body = rng.choice(OPENINGS[language]) + "\n".join(paragraphs)
    if rng.random() < 0.1:
        body = f"{headline}\n{body}"
    if language == "en" and rng.random() < 0.4:
        body += CREDITS
    return NewsItem(
        position=number % 100,
        guid=f"mixed-{number}",
        url=f"https://mixed.example/{number}",
        headline=headline,
        standfirst=standfirst,
        body=body,
        byline_raw=rng.choice(BYLINES) or None,
        language=language if rng.random() < 0.5 else None,
        published=FETCHED - timedelta(minutes=rng.randrange(20_000)),
        published_raw="given",
        date_source="published",
    )


def rss_items(count: int) -> list[NewsItem]:
    """Items of the benchmark's feeds, parsed."""
    found: list[NewsItem] = []
    number = 0
    while len(found) < count:
        data = feed(number, 100).encode()
        document = RawDocument(source=Source(address="bench"), input="bench", data=data, fetched_at=FETCHED)
        found += parse_document(document).items
        number += 1
    return found[:count]


def run(items: Sequence[NewsItem], resources: EnrichResources, language: str | None) -> float:
    """CPU seconds to name and enrich all items."""
    source = Source(address="bench")
    feed_url = "https://bench.example/feed"
    gc.collect()
    began = time.process_time()
    for start in range(0, len(items), TOGETHER):
        drafts = [
            story.read_item(
                item,
                source=source,
                feed_url=feed_url,
                fetched_at=FETCHED,
                document_language=language,
                gazetteer=resources.gazetteer,
                names=story.identify(item, source, feed_url, language),
            )
            for item in items[start : start + TOGETHER]
        ]
        story.finish(drafts, resources.topics)
    return time.process_time() - began


def _timed(function: Callable[..., object], spent: dict[str, int], name: str) -> Callable[..., object]:
    @functools.wraps(function)
    def timed(*args: object, **kwargs: object) -> object:
        began = time.process_time_ns()
        try:
            return function(*args, **kwargs)
        finally:
            spent[name] += time.process_time_ns() - began

    return timed


def stages(items: Sequence[NewsItem], resources: EnrichResources, language: str | None) -> dict[str, float]:
    """Microseconds of CPU an item per stage (each costs about a microsecond more when watched)."""
    spent: dict[str, int] = defaultdict(int)
    watched = [*((story, name) for name in STAGES), (TopicModel, MODEL_STAGE)]
    kept = [(owner, name, getattr(owner, name)) for owner, name in watched]
    try:
        for owner, name, function in kept:
            setattr(owner, name, _timed(function, spent, name))
        run(items, resources, language)
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)
    return {name: spent[name] / 1000 / len(items) for _, name in watched}


def _share(job: tuple[str, int, int]) -> tuple[float, float]:
    """One of two processes: its CPU seconds and its wall seconds, for its own half of the items."""
    kind, count, half = job
    items, language = _set(kind, 2 * count)
    mine = items[half::2]
    resources = EnrichResources.load()
    run(mine[: len(mine) // 10], resources, language)
    began = time.monotonic()
    return run(mine, resources, language), time.monotonic() - began


def _set(kind: str, count: int) -> tuple[list[NewsItem], str | None]:
    return (rss_items(count), "en") if kind == "rss" else ([_mixed_item(n) for n in range(count)], None)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true", help="print Python's profile of each set, and end")
    options = parser.parse_args()
    resources = EnrichResources.load()
    for kind in ("rss", "mixed"):
        items, language = _set(kind, options.items)
        size = sum(len(f"{i.headline}{i.standfirst}{i.body}".encode()) for i in items) / len(items)
        run(items[: len(items) // 10], resources, language)
        if options.profile:
            with cProfile.Profile() as profile:
                run(items, resources, language)
            pstats.Stats(profile).sort_stats("tottime").print_stats(35)
            continue
        seconds = run(items, resources, language)
        each = seconds / len(items) * 1e6
        print(
            f"{kind}: {len(items):,} items of {size:,.0f} bytes: {each:.0f} us of CPU an item, {1e6 / each:,.0f} items/s"
        )
        for name, microseconds in stages(items, resources, language).items():
            print(f"  {name:20} {microseconds:7.1f} us")
        count = len(items) // 2
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            shares = pool.map(_share, [(kind, count, 0), (kind, count, 1)])
        by_cpu = sum(count / cpu for cpu, _ in shares)
        by_wall = 2 * count / max(wall for _, wall in shares)
        print(f"  two processes: {by_cpu:,.0f} items/s by CPU time, {by_wall:,.0f} by the clock on the wall")


if __name__ == "__main__":
    main()
