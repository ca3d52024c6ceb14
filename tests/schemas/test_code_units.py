from hypothesis import given
from hypothesis import strategies as st

from schemas.code_units import class_table, code_units, text_of


@given(st.text(st.characters(exclude_categories=[])))
def test_text_comes_back(text):
    assert text_of(code_units(text)) == text


def test_characters_beyond_the_plane_are_two_units_of_no_class():
    table = class_table({"a-z": 1, "m": 2, "\\s": 3})
    assert table.take(code_units("am \u2028😀")).tolist() == [1, 2, 3, 3, 0, 0]
