from hypothesis import given
from hypothesis import strategies as st

from schemas.media_topics import (
    media_topic_of,
    media_topics_of,
    name_of,
    topic_of_category,
    topic_of_codes,
    topic_of_media_topic,
    topic_of_slug,
)
from schemas.topics import TOPIC_BY_MEDTOP, TOPICS


def test_every_spelling_of_a_media_topic():
    want = "medtop:20000763"
    for code in (
        "medtop:20000763",
        "20000763",
        " MEDTOP:20000763 ",
        "http://cv.iptc.org/newscodes/mediatopic/20000763",
    ):
        assert media_topic_of(code) == want


def test_subject_codes_by_alias_uri_and_bare():
    for code in ("subj:04016022", "04016022", "http://cv.iptc.org/newscodes/subjectcode/04016022", "iptc:04016022"):
        topic = media_topic_of(code)
        assert topic is not None
        assert topic_of_media_topic(topic) == "crime"  # insider trading moved from economy


def test_an_unknown_detail_falls_back_on_its_parent():
    assert media_topic_of("subj:15039999") == media_topic_of("subj:15039000")
    assert media_topic_of("subj:99999999") is None


def test_retired_concepts_stand_as_a_live_ancestor():
    assert media_topic_of("medtop:20000857") not in {None, "medtop:20000857"}  # a weight category of boxing
    assert topic_of_codes(["medtop:20000857"]) == "sport"


def test_codes_of_single_agencies():
    assert topic_of_codes(["N2:DIV"]) == "economy"
    assert topic_of_codes(["54df6c687df7100483dedf092526b43e"]) == "sport"
    assert topic_of_codes(["apsubject:5fc806a87df7100483ebdf092526b43e"]) == "weather"


def test_unknown_codes_are_ignored():
    assert media_topics_of(["", "x", "cptype:20000763", "N2:ZZZZ", "event:12345678", "0" * 32]) == ()
    assert topic_of_codes(["x"]) is None


def test_each_topic_once_in_order_of_mention():
    assert media_topics_of(["15000000", "medtop:15000000", "subj:17000000"]) == ("medtop:15000000", "medtop:17000000")


def test_most_votes_then_the_first():
    assert topic_of_codes(["subj:17000000", "subj:15008000", "subj:15054000"]) == "sport"
    assert topic_of_codes(["subj:17000000", "subj:15008000"]) == "weather"


def test_ancestors_have_no_vote():
    # economy by one concept and its whole path, sport by two concepts
    path = ["medtop:04000000", "medtop:20000170", "medtop:20000178"]
    assert topic_of_codes([*path, "subj:15008000", "subj:15054000"]) == "sport"


def test_every_top_topic_is_its_own():
    for topic, slug in TOPIC_BY_MEDTOP.items():
        assert topic_of_codes([topic]) == slug
        assert name_of(topic)


def test_categories_and_prefixes():
    assert topic_of_category("S ") == "sport"
    assert topic_of_category("wi") == "economy"
    assert topic_of_category("q") is None
    assert topic_of_slug("BC-BKN--Heat-Hawks") == "sport"
    assert topic_of_slug("US--Biden-Staff") is None


@given(st.lists(st.text(max_size=40) | st.from_regex(r"(subj:|medtop:|)[0-9]{8}", fullmatch=True), max_size=8))
def test_any_codes(codes):
    assert topic_of_codes(codes) in {None, *TOPICS}
    for topic in media_topics_of(codes):
        assert topic_of_media_topic(topic) in TOPICS
