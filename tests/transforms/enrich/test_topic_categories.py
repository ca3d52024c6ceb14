import pytest

from schemas.topics import TOPICS
from transforms.enrich.topic_categories import _table, normalised, topic_of_categories


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("Sport", "sport"),
        ("WIRTSCHAFT", "economy"),
        ("Politique", "politics"),
        ("Kultur", "arts"),
        ("Science & Technology", "science"),
        ("Science &amp; Technology", "science"),
        ("Médio", None),
        ("Salud", "health"),
        ("スポーツ", "sport"),
        ("الاقتصاد", "economy"),
        ("Home > Sport > Tennis", "sport"),
        ("/news/business", "economy"),
        ("News", None),
        ("Panorama", None),
        ("International", None),
    ],
)
def test_section_names(name, topic):
    assert topic_of_categories((name,)) == topic


def test_agreeing_sections_decide_and_others_are_ignored():
    assert topic_of_categories(("Top stories", "Football", "Sport")) == "sport"


def test_disagreeing_sections_decide_nothing():
    assert topic_of_categories(("Sport", "Business")) is None


def test_no_section_decides_nothing():
    assert topic_of_categories(()) is None


def test_the_table_is_normalised_and_names_topics_only():
    assert set(_table().values()) <= set(TOPICS)
    assert all(normalised(name) == name for name in _table())
