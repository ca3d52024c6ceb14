import pytest

from schemas.item import NewsItem
from schemas.reading import TopicChoice
from schemas.topics import TOPICS, UNCLASSIFIED
from transforms.enrich.topic import CATEGORY_CONFIDENCE, FEED_CONFIDENCE, TopicModel, choose_topic


@pytest.fixture(scope="module")
def model():
    return TopicModel.load()


def choose(model, *, feed_topic=None, headline="Striker scores twice in cup final", **given):
    return choose_topic(
        NewsItem(**given), headline=headline, text="", language="en", feed_topic=feed_topic, model=model
    )


def test_codes_come_first(model):
    choice = choose(model, media_topics=("medtop:20000822",), keywords=("Wirtschaft",), feed_topic="arts")
    assert choice == TopicChoice("sport", 1.0, "code")


def test_subject_codes_count_where_no_media_topic_stands(model):
    assert choose(model, subject_codes=("subj:04000000",)) == TopicChoice("economy", 1.0, "code")


def test_unknown_codes_are_passed_over(model):
    assert choose(model, subject_codes=("house:42",)).source == "model"


def test_a_section_comes_before_the_feed(model):
    choice = choose(model, keywords=("Kultur",), feed_topic="sport")
    assert choice == TopicChoice("arts", CATEGORY_CONFIDENCE, "category")


def test_a_wire_category_counts_as_a_section(model):
    assert choose(model, wire_header=(("category", "s"),)) == TopicChoice("sport", CATEGORY_CONFIDENCE, "category")
    sections = (("category", "Local"), ("categories", "Local; Sport"))
    assert choose(model, wire_header=sections) == TopicChoice("sport", CATEGORY_CONFIDENCE, "category")


@pytest.mark.parametrize("feed_topic", ["economy", "Wirtschaft"])
def test_the_feed_list_says_a_slug_or_a_section(model, feed_topic):
    assert choose(model, feed_topic=feed_topic) == TopicChoice("economy", FEED_CONFIDENCE, "category")


def test_a_feed_of_everything_says_nothing(model):
    assert choose(model, feed_topic="World news").source == "model"
    assert choose(model, feed_topic=UNCLASSIFIED).source == "model"


def test_the_model_reads_what_is_left(model):
    choice = choose(model)
    assert choice.topic == "sport"
    assert choice.source == "model"
    assert 0 < choice.confidence <= 1


def test_no_text_is_unclassified_without_a_source(model):
    assert choose(model, headline="") == TopicChoice(UNCLASSIFIED, 0.0, None)


def test_every_answer_is_a_topic(model):
    assert set(model.topics) | {UNCLASSIFIED} == set(TOPICS)
