import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.enrich.topic_features import (
    BUCKETS,
    MAX_WORD,
    PAIR_BUCKETS,
    folded,
    is_title_cased,
    pair_features,
    tokens,
    word_features,
    word_hash,
)


def test_words_are_lower_case_and_digits_are_dropped():
    assert tokens("Police arrest 3 in LONDON, 2024") == ["police", "arrest", "in", "london"]


def test_percent_and_currency_signs_stay():
    assert tokens("up 4% to $3m or €2") == ["up", "%", "to", "$", "m", "or", "€"]


def test_ascii_and_other_text_are_read_alike():
    assert tokens("Bank cuts rates") == tokens("Bank cuts rates é")[:-1]


def test_han_and_kana_come_in_overlapping_pairs():
    assert tokens("央行降息 in Beijing") == ["央行", "行降", "降息", "in", "beijing"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("京", ["京"]),
        ("東京、雨。", ["東京", "雨"]),
        ("AI技術 up€3", ["ai", "技術", "up", "€"]),
        ("技術部100%東京", ["技術", "術部", "%", "東京"]),
        ("กรุงเทพ ok กขค", ["กรุง", "รุงเ", "ุงเท", "งเทพ", "ok", "กขค"]),
        ("กข东京abc", ["กข", "东京", "abc"]),
        ("Ёлка 😀 ΣΑΣ", ["ёлка", "σας"]),
    ],
)
def test_tokens_of_scripts_with_and_without_spaces(text, expected):
    assert tokens(text) == expected


@given(st.text(st.one_of(st.sampled_from("aÉç 1%€Жی京かアข한\n"), st.characters(exclude_categories=[]))))
def test_tokens_hold_the_letters_of_the_text_in_order(text):
    parts = tokens(text)
    letters = [char for char in text.lower() if (found := tokens(char)) and found == [char]]
    assert set("".join(parts)) == set(letters)
    rest = iter(letters)
    assert all(any(char == letter for letter in rest) for char in (part[0] for part in parts))


def test_marks_stay_with_their_letters():
    assert tokens("हिन्दी समाचार") == ["हिन्दी", "समाचार"]


def test_accents_fold():
    assert folded("économie") == "economie"
    assert folded("straße") == "strasse"


def test_related_words_share_rows():
    assert set(word_features("economie")[1]) & set(word_features("économique")[1])


def test_order_of_a_pair_matters():
    first, second = np.uint32(word_hash("white")), np.uint32(word_hash("house"))
    assert pair_features(np.array([first, second])) != pair_features(np.array([second, first]))


@pytest.mark.parametrize(
    ("headline", "language", "expected"),
    [
        ("Senate Passes Budget After All-Night Debate", "en", True),
        ("What We Know About The New Virus", "en-US", True),
        ("Senate Passes Budget After Long Debate", None, True),
        ("Senate passes budget after long debate", "en", False),
        ("Tony Blair meets Gordon Brown", "en", False),
        ("FED ADDS RESERVES VIA CUSTOMER REPURCHASES", "en", False),
        ("Bundesrat Billigt Neues Gesetz Einstimmig", "de", False),
        ("Budget Vote", "en", False),
        ("", "en", False),
    ],
)
def test_title_case_is_an_english_style(headline, language, expected):
    assert is_title_cased(headline, language) is expected


def test_hashes_are_stable():
    assert word_hash("sport") == 444985298


@given(st.text())
def test_any_text_has_rows_in_range(text):
    for word in tokens(text):
        own, grams = word_features(word)
        assert 0 <= own < BUCKETS
        assert all(0 <= gram < BUCKETS for gram in grams)
        assert len(grams) <= 4 * MAX_WORD
    hashes = np.array([word_hash(word) for word in tokens(text)], np.uint32)
    assert ((pair_features(hashes) >= 0) & (pair_features(hashes) < PAIR_BUCKETS)).all()
