import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.enrich.word_count import count_words


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("one two\nthree", None, 3),
        (" one  two\n\nthree ", "en", 3),
        ("une\u202fheure\u2009plus\u2029tard", "fr", 4),
        ("東京で雨 ok", "ja", 5),
        ("東京で雨 ok", "de", 2),
        ("😀", None, 1),
        (" \n", "en", 0),
        ("", None, 0),
        (None, None, 0),
    ],
)
def test_words_are_counted(text, language, words):
    assert count_words(text, language) == words


@given(st.text(st.one_of(st.sampled_from(" \n\t\u00a0\u2029aé京"), st.characters(exclude_categories=[]))))
def test_counting_equals_splitting(text):
    assert count_words(text, "en") == len(text.split())
    dense = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f]")
    assert count_words(text, None) == len(dense.findall(text)) + len(dense.sub(" ", text).split())
