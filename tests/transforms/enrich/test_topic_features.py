import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.enrich.topic_features import (
    BUCKETS,
    MAX_WORD,
    PAIR_BUCKETS,
    folded,
    is_han_or_kana,
    is_title_cased,
    pair_features,
    tokens,
    word_hash,
)
from transforms.enrich.topic_grams import word_features


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


def grams_of(word):
    return word_features([word]).grams.tolist()


def test_related_words_share_rows():
    assert set(grams_of("economie")) & set(grams_of("économique"))
    assert set(grams_of("央行")) & set(grams_of("银行"))


@pytest.mark.parametrize(
    ("word", "count"), [("", 0), ("who", 0), ("bank", 5), ("bananana", 10), ("нато", 5), ("央行", 2), ("ああ", 1)]
)
def test_different_runs_of_four_and_five_letters_count_once(word, count):
    assert len(grams_of(word)) == count


def plain_features(word):
    """The same rows as the definition says them, one checksum at a time."""
    word = word[:MAX_WORD]
    plain = folded(word)
    marked = f"<{plain}>"
    grams = [marked[start : start + size] for size in (4, 5) for start in range(len(marked) - size + 1)]
    if len(plain) < 4:
        grams = list(plain) if is_han_or_kana(plain) else []
    own = zlib.crc32(b"w" + word.encode("utf-8", "surrogatepass")) % BUCKETS
    rows = (zlib.crc32(b"g" + gram.encode("utf-8", "surrogatepass")) % BUCKETS for gram in dict.fromkeys(grams))
    return own, list(rows)


@given(st.lists(st.text(st.one_of(st.sampled_from("abéж央ア"), st.characters(exclude_categories=[])), max_size=40)))
def test_rows_of_many_words_are_those_of_each(words):
    own, grams, sizes = word_features(words)
    ends = np.cumsum(sizes)
    found = [(int(row), grams[end - size : end].tolist()) for row, size, end in zip(own, sizes, ends, strict=True)]
    assert found == [plain_features(word) for word in words]


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
    words = tokens(text)
    own, grams, sizes = word_features(words)
    assert ((own >= 0) & (own < BUCKETS)).all()
    assert ((grams >= 0) & (grams < BUCKETS)).all()
    assert sizes.sum() == len(grams) <= 4 * MAX_WORD * len(words)
    hashes = np.array([word_hash(word) for word in words], np.uint32)
    assert ((pair_features(hashes) >= 0) & (pair_features(hashes) < PAIR_BUCKETS)).all()
