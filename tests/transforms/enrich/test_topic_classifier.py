import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.topics import TOPICS, UNCLASSIFIED
from transforms.enrich import topic_classifier
from transforms.enrich.topic_classifier import CONFIDENCE_FLOOR, Text, TopicModel

MODEL = TopicModel.load()
HEADLINES = ("Bank raises rates", "Police arrest man", "Striker scores twice", "Regierung tritt zurück", "央行宣布降息")


@pytest.mark.parametrize("text", ["", "   ", "12345", "…", "\x00"])
def test_no_words_no_judgement(text):
    choice = MODEL.classify(text, text, None)
    assert (choice.topic, choice.confidence, choice.source) == (UNCLASSIFIED, 0.0, None)


def test_below_the_floor_a_story_is_unclassified_and_keeps_its_probability(monkeypatch):
    sure = MODEL.classify("qqqq wwww xxxx", "", None)
    assert CONFIDENCE_FLOOR < sure.confidence < 0.4
    monkeypatch.setattr(topic_classifier, "CONFIDENCE_FLOOR", 0.4)
    choice = MODEL.classify("qqqq wwww xxxx", "", None)
    assert (choice.topic, choice.confidence, choice.source) == (UNCLASSIFIED, sure.confidence, "model")


def test_title_case_tells_the_style_of_a_paper():
    plain = MODEL.probabilities([Text("Senate weighs plan for schools", "", "en")])[0]
    titled = MODEL.probabilities([Text("Senate Weighs Plan For Schools", "", "en")])[0]
    german = MODEL.probabilities([Text("Senate Weighs Plan For Schools", "", "de")])[0]
    assert not (plain == titled).all()
    assert (plain == german).all()


def test_version_names_the_weights():
    assert MODEL.version.startswith("topics-1-")
    assert TopicModel.load().version == MODEL.version


def test_memory_changes_no_answer(monkeypatch):
    monkeypatch.setattr(topic_classifier, "_MEMORY_WORDS", 16)
    small = TopicModel.load()
    for headline in HEADLINES * 2:
        for text in ("", "A second sentence about the same matter."):
            warm = MODEL.classify(headline, text, None)
            cold = TopicModel.load().classify(headline, text, None)
            assert small.classify(headline, text, None) == warm == cold


@given(st.lists(st.tuples(st.text(), st.text(max_size=60), st.sampled_from([None, "en", "de"])), max_size=8))
def test_a_text_beside_others_gets_the_answer_it_gets_alone(texts):
    texts = [Text(*text) for text in texts]
    assert MODEL.classify_many(texts) == [MODEL.classify(*text) for text in texts]


def test_many_texts_are_read_in_groups(monkeypatch):
    texts = [Text(headline, f"{headline}. A second sentence.", None) for headline in HEADLINES * 3]
    together = MODEL.classify_many(texts)
    monkeypatch.setattr(topic_classifier, "_TOGETHER", 12)
    assert MODEL.classify_many(texts) == together
    assert len({choice.topic for choice in together}) > 1


def test_only_the_opening_is_read():
    opening = "x " * (topic_classifier.OPENING // 2)
    assert MODEL.classify("Budget vote", opening, None) == MODEL.classify("Budget vote", opening + "football", None)


@given(st.text(), st.text())
def test_any_text_gets_a_topic_and_a_probability(headline, text):
    choice = MODEL.classify(headline, text, None)
    assert choice.topic in TOPICS
    assert 0 <= choice.confidence <= 1
