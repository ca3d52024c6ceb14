from hypothesis import given
from hypothesis import strategies as st

from transforms.enrich.repeated_text import clean_repeats, copies, opens_with

HEAD = "River rises again in the northern valley"
SUMMARY = "Officials warned residents to leave their homes before night."


def test_headline_paragraph_goes():
    cleaned = clean_repeats(f"{HEAD}\nThe river rose on Tuesday.", (HEAD,), None)
    assert cleaned.body == "The river rose on Tuesday."
    assert cleaned.signals == ("repeated-headline",)


def test_case_and_punctuation_make_no_difference():
    cleaned = clean_repeats(f"“{HEAD.upper()}.”\nThe river rose.", (HEAD,), None)
    assert cleaned.body == "The river rose."


def test_headline_twice_and_standfirst_go():
    cleaned = clean_repeats(f"{HEAD}\n{HEAD}\n{SUMMARY}\nThe river rose.", (HEAD,), SUMMARY)
    assert cleaned.body == "The river rose."
    assert cleaned.signals == ("repeated-headline", "repeated-standfirst")


def test_a_lede_that_begins_like_the_headline_stays():
    body = f"{HEAD} for the third time this year, officials said."
    assert clean_repeats(body, (HEAD,), None).body == body


def test_two_glued_copies_prove_each_other():
    cleaned = clean_repeats(f"{HEAD} {HEAD} The river rose.", (HEAD,), None)
    assert cleaned.body == "The river rose."


def test_glued_copies_before_a_dateline_go():
    cleaned = clean_repeats(
        f"{HEAD} {SUMMARY} LYON (ABC) - Text.",
        (HEAD,),
        SUMMARY,
        dateline_opens=lambda text: text.startswith("LYON"),
    )
    assert cleaned.body == "LYON (ABC) - Text."


def test_a_standfirst_with_a_dateline_is_the_lede_and_stays():
    summary = "LYON (ABC) - The river rose."
    cleaned = clean_repeats(f"{summary}\nMore.", (HEAD,), summary, dateline_opens=lambda text: text.startswith("LYON"))
    assert cleaned.body == f"{summary}\nMore."


def test_an_excerpt_is_no_copy():
    body = "Officials warned residents to leave their homes.\nMore."
    assert clean_repeats(body, (), "Officials warned residents to leave…").body == body


def test_a_body_that_is_nothing_else_is_none():
    assert clean_repeats(f"{HEAD}\n{SUMMARY}", (HEAD,), SUMMARY).body is None
    assert clean_repeats(None, (HEAD,), SUMMARY).body is None


def test_helpers():
    assert copies("Gold rises.", "GOLD RISES")
    assert not copies(None, "Gold")
    assert opens_with("Gold rises fast", "gold rises")
    assert not opens_with("Gold", "")


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60) | st.none())
def test_any_text_ends_well(body, headline, standfirst):
    cleaned = clean_repeats(body, (headline,), standfirst)
    assert cleaned.body is None or body.endswith(cleaned.body)


@given(st.lists(st.sampled_from(["river", "rises", "River Rises", "\n", ". ", " "]), max_size=40).map("".join))
def test_copies_of_copies_end_well(body):
    cleaned = clean_repeats(body, ("River rises",), "River rises river")
    assert cleaned.body is None or body.endswith(cleaned.body)
