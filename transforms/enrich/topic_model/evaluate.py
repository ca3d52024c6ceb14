"""Figures for MODEL_CARD.md: ``python -m transforms.enrich.topic_model.evaluate DATA_FOLDER``.

Trains once per question, each time without the data that is asked about (some five minutes of CPU in all), and prints
accuracy, macro-F1, the share left unclassified and the mean confidence; per class with ``--classes``. Share-alike sets
are read here, and only here, and asked of the model that ships.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from schemas.topics import UNCLASSIFIED
from transforms.enrich.topic_classifier import TopicModel
from transforms.enrich.topic_model import fit
from transforms.enrich.topic_model.sources import Sample, read_set
from transforms.enrich.topic_model.train import samples_of, write_model

EVALUATION_FILES: Final = {"current events": "train/current_events.jsonl", "SIB-200": "train/sib200.jsonl"}
SECTIONS: Final = frozenset({"arts", "economy", "politics", "science", "sport"})
"""What most papers have a section for; asked apart, since the rarer topics differ most from set to set."""

MIN_ITEMS: Final = 200
"""Fewer items of a language than this say little."""


def model_of(samples: list[Sample]) -> TopicModel:
    """A model trained on these samples, as it would ship."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        write_model(fit.fit(samples), path)
        return TopicModel.load(path)


def report(name: str, model: TopicModel, samples: list[Sample], *, classes: bool) -> None:
    """One line of figures, and one per class when asked."""
    asked = Counter(sample.topic for sample in samples)
    answered: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    confidence = 0.0
    for sample in samples:
        choice = model.classify(sample.headline, sample.text, sample.language)
        answered[choice.topic] += 1
        hits[sample.topic] += choice.topic == sample.topic
        confidence += choice.confidence
    f1 = {topic: 2 * hits[topic] / (asked[topic] + answered[topic]) for topic in asked}
    size = len(samples)
    line = {
        "set": name,
        "items": size,
        "accuracy": round(hits.total() / size, 3),
        "macro_f1": round(sum(f1.values()) / len(f1), 3),
        "unclassified": round(answered[UNCLASSIFIED] / size, 3),
        "confidence": round(confidence / size, 3),
    }
    if classes:
        line["f1"] = {topic: round(value, 2) for topic, value in sorted(f1.items())}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def by_language(samples: list[Sample]) -> Iterator[tuple[str, list[Sample]]]:
    """The samples of each language with enough of them, largest first."""
    for language, count in Counter(sample.language for sample in samples).most_common():
        if count >= MIN_ITEMS:
            yield language, [sample for sample in samples if sample.language == language]


def main(arguments: list[str] | None = None) -> int:
    """Prints the figures; 0."""
    parser = argparse.ArgumentParser(description="Measure the topic model on data it was not trained on.")
    parser.add_argument("data", type=Path, help="folder with topics/ and taxonomy/")
    parser.add_argument("--classes", action="store_true", help="F1 per class too")
    options = parser.parse_args(arguments)
    every = samples_of(options.data)
    sure = [sample for sample in every if sample.weight == 1.0]

    def without(drop: Callable[[int, Sample], bool]) -> TopicModel:
        return model_of([sample for place, sample in enumerate(every) if not drop(place, sample)])

    model = without(lambda _, sample: sample.source == "wikinews")
    for language, part in by_language([sample for sample in sure if sample.source == "wikinews"]):
        report(f"Wikinews left out, {language}", model, part, classes=options.classes)
        five = [sample for sample in part if sample.topic in SECTIONS]
        report(f"Wikinews left out, {language}, five topics", model, five, classes=False)
    recent = list(read_set(options.data / "topics" / "huffpost.jsonl"))
    fold = set(recent[::5])
    model = without(lambda _, sample: sample.source == "wikinews" or sample in fold)
    report("HuffPost, fold of a fifth held out", model, sorted(fold, key=recent.index), classes=options.classes)
    model = without(lambda _, sample: sample.source == "huffpost")
    huffpost = [sample for sample in sure if sample.source == "huffpost"]
    report("HuffPost left out", model, huffpost, classes=options.classes)
    model = model_of(every)
    for name, file in EVALUATION_FILES.items():
        for language, part in by_language(list(read_set(options.data / "topics" / file))):
            report(f"{name}, {language}", model, part, classes=options.classes)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
