import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.enrich.language import detect_language, normalise_language, primary_language

GERMAN = (
    "Die Gemeinde hat am Dienstag beschlossen, die alte Brücke über den Fluss zu sanieren und den Verkehr für mehrere "
    "Wochen umzuleiten, wie die Verwaltung mitteilte."
)


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("EN_us", "en-US"),
        ("en-us", "en-US"),
        ("ger", "de"),
        ("zh_hans_cn", "zh-Hans-CN"),
        ("English", "en"),
        ("iw", "he"),
        ("es-419", "es-419"),
        ("en-US, fr", "en-US"),
        ("pt-x-old", "pt"),
        ("und", None),
        ("mul", None),
        ("", None),
        (None, None),
        ("not a language!", None),
        ("12", None),
    ],
)
def test_tags_are_written_as_bcp_47(said, tag):
    assert normalise_language(said) == tag


def test_running_text_is_recognised():
    assert detect_language(GERMAN) == "de"
    assert detect_language("市政府周二决定修复河上的旧桥，并在几周内改道交通，有关部门周三表示。") == "zh"


def test_little_text_gives_no_guess():
    assert detect_language("Gold slips") is None
    assert detect_language("") is None
    assert detect_language(None) is None
    assert detect_language("12 345 " * 40) is None


def test_primary_subtag():
    assert primary_language("en-US") == "en"
    assert primary_language(None) is None


@given(st.text(max_size=400))
def test_any_text_ends_well(text):
    tag = detect_language(text)
    assert tag is None or normalise_language(tag) == tag


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text):
    tag = normalise_language(text)
    assert tag is None or normalise_language(tag) == tag


@pytest.mark.parametrize("text", ["\x00" * 200, "\ud800" * 100, GERMAN + "\x01\x02\ufffe" + GERMAN])
def test_broken_text_never_raises(text):
    detect_language(text)


HARBOUR = "The harbour master said on Monday that the old crane would be taken down before the winter storms arrive. "
HAFEN = "Der Hafenmeister sagte am Montag, dass der alte Kran vor den Winterstürmen abgebaut werden soll. "


def test_head_and_tail_answer_for_copy_in_one_language():
    # code or a table in the middle does not make the copy around it another language
    table = "".join(f"{n} 4,50 kkk; {n} 7,10 fff\n" for n in range(40))
    assert detect_language(HARBOUR * 3 + table[:500] + "\n" + HARBOUR * 3) == "en"


@pytest.mark.parametrize("text", [HARBOUR * 5 + HAFEN * 8, HAFEN * 6 + HARBOUR * 6])
def test_an_opening_in_two_languages_has_none(text):
    assert detect_language(text) is None


def test_languages_that_are_taken_for_each_other_are_judged_by_the_whole_opening():
    danish = "Havnefogeden sagde mandag, at den gamle kran bliver taget ned, inden vinterens storme kommer. "
    assert detect_language(danish * 13) == "da"
