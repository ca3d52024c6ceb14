"""A recorded month of polls, made from a number: re-polls, updates, kills, late and odd dates, syndication, midnights."""

import contextlib
import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from pipelines.build import build
from pipelines.coders import MessageCoder, register_coders
from pipelines.config import IngestConfig
from pipelines.resident import releasing
from pipelines.runners import engine
from pipelines.steps import _stamp
from pipelines.tasks import PullTask
from schemas.batch import Pulled
from schemas.document import Source
from transforms.lake.lake import open_lake

FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FLUSH = dt.timedelta(minutes=5)

WORDS = {
    "en": "harbour ferry council budget strike rescue storm vote hospital bridge police fire market school river train"
    " workers union minister court north south coast night morning talks plan report pay road water",
    "de": "hafen fähre rat haushalt streik rettung sturm wahl klinik brücke polizei brand markt schule fluss zug"
    " arbeiter gewerkschaft minister gericht norden süden küste nacht morgen gespräche plan bericht lohn straße wasser",
    "fr": "port bac conseil budget grève secours tempête vote hôpital pont police incendie marché école fleuve train"
    " ouvriers syndicat ministre tribunal nord sud côte nuit matin débat projet rapport salaire route eau",
}
DESKS = (("coast", "en"), ("valley", "en"), ("hafen", "de"), ("rive", "fr"))


def _story(rng: random.Random, desk: str, language: str, number: int, now: dt.datetime) -> dict[str, object]:
    words = WORDS[language].split()
    odd = rng.random()
    published = now - dt.timedelta(minutes=rng.randrange(600))
    if odd < 0.05:
        published = now - dt.timedelta(days=rng.randrange(400, 4000))
    elif odd < 0.08:
        published = now + dt.timedelta(days=rng.randrange(2, 400))
    value = {
        "id": f"{desk}-{number}",
        "provider": f"{desk}.example",
        "version": "1",
        "headline": " ".join(rng.choices(words, k=7)).capitalize() + f" {number}",
        "body": " ".join(f"{word}{rng.randrange(90)}" for word in rng.choices(words, k=70)).capitalize() + ".",
        "language": language,
        "published": published.isoformat(),
    }
    if 0.08 <= odd < 0.12:
        del value["published"]
    return value


def recorded(seed: int = 1, days: int = 31) -> list[Pulled]:
    """Polls of four desks in two shards' worth of languages, in the order in which they happened."""
    rng = random.Random(seed)
    windows: dict[str, list[dict[str, object]]] = {desk: [] for desk, _ in DESKS}
    polls: list[Pulled] = []
    number = 0
    for day in range(days):
        for clock in (((0, 0, 1), (23, 59, 58)), ((12, 0, 0),))[day % 2]:
            for place, (desk, language) in enumerate(DESKS):
                now = FIRST + dt.timedelta(days=day, hours=clock[0], minutes=clock[1], seconds=clock[2])
                now += dt.timedelta(milliseconds=place * rng.choice((0, 1, 700)))
                window = windows[desk]
                for _ in range(rng.randrange(5)):
                    number += 1
                    window.insert(0, _story(rng, desk, language, number, now))
                if language == "en" and rng.random() < 0.2 and windows["coast"]:
                    taken = rng.choice(windows["coast"])  # the neighbour prints it, too
                    window.insert(0, {**taken, "id": f"{desk}-of-{taken['id']}", "provider": f"{desk}.example"})
                if window and rng.random() < 0.2:
                    story = dict(rng.choice(window))
                    story["version"] = str(int(str(story["version"])) + 1)
                    story["body"] = f"{story['body']} Officials added {rng.randrange(10**6)} on {now:%A}."
                    window[[one["id"] for one in window].index(story["id"])] = story
                if window and rng.random() < 0.04:
                    killed = {**rng.choice(window), "status": "canceled", "body": "Please disregard this story."}
                    window.insert(0, {**killed, "version": "9"})
                del window[8:]
                lines = [json.dumps(story) for story in window]
                if rng.random() < 0.02:
                    lines.append("{ this is no item")
                polls.append(
                    Pulled(
                        source=Source(address=f"https://{desk}.example/items.jsonl", provider=f"{desk}.example"),
                        input=f"https://{desk}.example/items.jsonl",
                        fetched_at=now,
                        data="\n".join(lines).encode(),
                        http_status=200,
                        content_type="application/jsonl",
                    )
                )
    return polls


@contextlib.contextmanager
def scripted() -> Iterator[beam.Pipeline]:
    """Beam's engine of one process that follows a script; the others do so by themselves."""
    options = PipelineOptions(["--no_save_main_session"], streaming=True)
    yield beam.Pipeline(runner=BundleBasedDirectRunner(), options=options)


def run(
    lake: object,
    tasks_of: "beam.PTransform | Sequence[Pulled]",
    shards: int = 1,
    beam_options: Sequence[str] = (),
    *,
    archive: bool = False,
) -> None:
    """Send polls, or a source of them, through the pipeline."""
    config = IngestConfig(
        sources=(),
        output=str(lake),
        run_id="recorded",
        moment=FIRST,
        shards=shards,
        workers=1,
        flush=FLUSH,
        archive=archive,
    )
    open_lake(str(lake), create=True, shards=shards)
    register_coders()
    streaming = isinstance(tasks_of, beam.PTransform)
    chosen = scripted() if streaming and not beam_options else engine(beam_options, streaming=streaming)
    with releasing(config.run_id), chosen as pipeline:
        if not isinstance(tasks_of, beam.PTransform):
            tasks = [PullTask(number=n, moment=FIRST, failed=(pulled,)) for n, pulled in enumerate(tasks_of)]
            source = beam.Create(tasks).with_output_types(PullTask)
        else:
            source = tasks_of
        build(pipeline | "Recorded" >> source | "SpreadInputs" >> beam.Reshuffle(), config)
        pipeline.run().wait_until_finish()


class _Decoded(beam.PTransform):
    def __init__(self, script: TestStream) -> None:
        super().__init__()
        self._script = script

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection:
        tasks = pipeline | "Script" >> self._script.with_output_types(bytes)
        return tasks | "Decode" >> beam.Map(MessageCoder(PullTask).decode).with_output_types(PullTask)


def as_stream(polls: Sequence[Pulled], rng: random.Random) -> beam.PTransform:
    """Polls as they come in a stream: out of order within a flush, the watermark close behind."""
    coder = MessageCoder(PullTask)
    script = TestStream(coder=beam.coders.BytesCoder())  # Flink's Java side reads the script as well
    script.advance_watermark_to(_stamp(FIRST))
    micros = int(FLUSH.total_seconds() * 1e6)
    flushes: dict[int, list[Pulled]] = {}
    for pulled in polls:
        flushes.setdefault(_stamp(pulled.fetched_at).micros // micros, []).append(pulled)
    for number, (flush, waiting) in enumerate(sorted(flushes.items())):
        rng.shuffle(waiting)
        start = Timestamp(micros=flush * micros)
        tasks = [PullTask(number=number, moment=FIRST, failed=(pulled,)) for pulled in waiting]
        script.add_elements([TimestampedValue(coder.encode(task), start) for task in tasks])
        script.advance_watermark_to(Timestamp(micros=(flush + 1) * micros + 2000))
    return _Decoded(script.advance_watermark_to_infinity())
