"""A floor under the topic model: a change that makes it read worse fails here.

The texts are the project's own, written for this test and never trained on.
"""

from collections import Counter
from pathlib import Path

import pytest

from schemas.topics import TOPIC_BY_MEDTOP, UNCLASSIFIED
from transforms.enrich.topic import TopicModel

ROWS = [line.split("\t") for line in Path(__file__).with_name("topics.tsv").read_text("utf-8").splitlines()]

# A few points under what the model of the day reaches, so that only a real loss fails.
FLOORS = {"en": 0.83, "de": 0.91, "fr": 0.88}
FLOOR_OF_ALL = 0.9
MOST_UNCLASSIFIED = 0.1


@pytest.fixture(scope="module")
def model():
    return TopicModel.load()


def accuracy(model, rows):
    return sum(
        model.classify(headline, text, language).topic == topic for topic, language, headline, text in rows
    ) / len(rows)


def test_every_topic_is_asked_about():
    assert {row[0] for row in ROWS} == set(TOPIC_BY_MEDTOP.values())


def test_accuracy_over_all_languages(model):
    assert accuracy(model, ROWS) >= FLOOR_OF_ALL


@pytest.mark.parametrize("language", sorted(FLOORS))
def test_accuracy_in_one_language(model, language):
    assert accuracy(model, [row for row in ROWS if row[1] == language]) >= FLOORS[language]


def test_few_are_left_unclassified(model):
    answers = Counter(model.classify(headline, text, language).topic for _, language, headline, text in ROWS)
    assert answers[UNCLASSIFIED] / len(ROWS) <= MOST_UNCLASSIFIED


def test_confidence_is_higher_where_the_model_is_right(model):
    right, wrong = [], []
    for topic, language, headline, text in ROWS:
        choice = model.classify(headline, text, language)
        (right if choice.topic == topic else wrong).append(choice.confidence)
    assert sum(right) / len(right) > sum(wrong) / max(1, len(wrong))
