import pytest

from schemas.item import NewsItem
from schemas.reading import TopicChoice
from schemas.topics import TOPICS, UNCLASSIFIED
from transforms.enrich.topic import CATEGORY_CONFIDENCE, FEED_CONFIDENCE, TopicModel, stated_topic


def stated(*, feed_topic=None, **given):
    return stated_topic(NewsItem(headline="Striker scores twice in cup final", **given), feed_topic=feed_topic)


def test_codes_come_first():
    choice = stated(media_topics=("medtop:20000822",), keywords=("Wirtschaft",), feed_topic="arts")
    assert choice == TopicChoice("sport", 1.0, "code")


def test_subject_codes_count_where_no_media_topic_stands():
    assert stated(subject_codes=("subj:04000000",)) == TopicChoice("economy", 1.0, "code")


def test_unknown_codes_are_passed_over():
    assert stated(subject_codes=("house:42",)) is None


def test_a_section_comes_before_the_feed():
    choice = stated(keywords=("Kultur",), feed_topic="sport")
    assert choice == TopicChoice("arts", CATEGORY_CONFIDENCE, "category")


def test_a_wire_category_counts_as_a_section():
    assert stated(wire_header=(("category", "s"),)) == TopicChoice("sport", CATEGORY_CONFIDENCE, "category")
    sections = (("category", "Local"), ("categories", "Local; Sport"))
    assert stated(wire_header=sections) == TopicChoice("sport", CATEGORY_CONFIDENCE, "category")


@pytest.mark.parametrize("feed_topic", ["economy", "Wirtschaft"])
def test_the_feed_list_says_a_slug_or_a_section(feed_topic):
    assert stated(feed_topic=feed_topic) == TopicChoice("economy", FEED_CONFIDENCE, "category")


def test_a_feed_of_everything_says_nothing():
    assert stated(feed_topic="World news") is None
    assert stated(feed_topic=UNCLASSIFIED) is None


def test_nothing_stated_leaves_the_topic_to_the_model():
    assert stated() is None


def test_every_answer_is_a_topic():
    assert set(TopicModel.load().topics) | {UNCLASSIFIED} == set(TOPICS)
