import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reading import Byline
from transforms.enrich.byline import byline_of, parse_byline
from transforms.enrich.byline_furniture import strip_furniture
from transforms.enrich.byline_names import invert, split_people, strip_titles

PIECES = st.sampled_from(
    [
        "By ",
        "Von ",
        "Nora Feld",
        "Tom Ashgrove",
        ", ",
        " and ",
        " und ",
        "/",
        "|",
        "(",
        ")",
        "Reuters",
        "Staff Writer",
        "12 May 2020",
        "@nfeld",
        "a@b.example",
        "<",
        ">",
        "&",
        "著、",
        "記者",
        " و",
        "von der ",
        "Dr. ",
        "Jr.",
        " in ",
        "\n",
        "'s ",
        "-",
        "http://x.example/",
    ],
)


def test_role_and_place_go_to_the_credit():
    byline = parse_byline("By Nora Feld, Political Editor, and Tom Ashgrove in Rome", "en")
    assert [(c.name, c.role, c.location) for c in byline.credits] == [
        ("Nora Feld", "Political Editor", None),
        ("Tom Ashgrove", "author", "Rome"),
    ]


def test_translators_and_photographers_wrote_nothing():
    byline = parse_byline("Von Jana Holt Übersetzt von Uwe Brandt Fotos: Ida Stern", "de")
    assert byline.authors == ("Jana Holt",)
    assert [(c.name, c.role) for c in byline.credits[1:]] == [
        ("Uwe Brandt", "translation"),
        ("Ida Stern", "photographer"),
    ]


def test_a_desk_signs_only_where_nobody_else_does():
    assert parse_byline("Staff Writer").agencies == ("Staff Writer",)
    assert parse_byline("Nora Feld, Staff Writer").agencies == ()


def test_listed_names_are_read_one_by_one():
    byline = byline_of(None, ("by Nora Feld", "Tom Ashgrove", "Reuters", "Nora Feld"), "en")
    assert byline.authors == ("Nora Feld", "Tom Ashgrove")
    assert byline.agencies == ("Reuters",)
    assert byline.raw == "by Nora Feld; Tom Ashgrove; Reuters; Nora Feld"


def test_the_printed_line_is_kept():
    assert byline_of("By Nora Feld", ("Nora Feld",), None).raw == "By Nora Feld"
    assert byline_of("  ", (), None) == Byline()
    assert byline_of(None, (), None) == Byline()


def test_markup_inside():
    assert parse_byline('By <a href="/p/nora">Nora Feld</a>, CNN').authors == ("Nora Feld",)


def test_furniture():
    assert strip_furniture("Nora Feld 12 comments") == "Nora Feld"
    assert strip_furniture("Nora Feld (https://feld.example/nora)") == "Nora Feld"


@pytest.mark.parametrize(
    ("left", "right", "name"),
    [
        ("Berg", "Anna", "Anna Berg"),
        ("Berg", "Anna van den", "Anna van den Berg"),
        ("Nora Feld", "Rome", None),
        ("Berg", "Reuters News", None),
    ],
)
def test_inverted_names(left, right, name):
    turned = invert(left.split(), right.split())
    assert (" ".join(turned) if turned else None) == name


def test_people_without_separators():
    assert split_people(["Jana", "Holt", "Uwe", "Brandt"], "de") == [["Jana", "Holt"], ["Uwe", "Brandt"]]
    assert split_people(["Ana", "Maria", "Gil", "Torres"], "es") == [["Ana", "Maria", "Gil", "Torres"]]


def test_titles():
    assert strip_titles(["Prof.", "Dr.", "Uwe", "Brandt"]) == ["Uwe", "Brandt"]
    assert strip_titles(["Sir", "Tom"]) == ["Sir", "Tom"]


@given(st.text(max_size=200))
def test_any_text_ends_well(text):
    byline = parse_byline(text, None)
    assert all(name.strip() for name in byline.authors + byline.agencies)
    assert len(set(byline.authors)) == len(byline.authors)


@given(
    st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["en", "de", "fr", "es", "ar", "zh", "ja", "pt", None])
)
def test_any_mixture_ends_well(text, language):
    byline = parse_byline(text, language)
    assert all(not name.isdigit() and "@" not in name for name in byline.authors)


@pytest.mark.parametrize(
    "piece", ["(", "By ", "A. ", "van ", "Nora Feld, ", "1 ", "@a ", "<", "&", "Jan 1 ", " و", "記者"]
)
def test_length_is_bounded(piece):
    parse_byline(piece * 200_000, "en")


def test_a_house_before_a_role_in_brackets_is_no_organisation_of_its_own():
    byline = parse_byline("ANN LEE (AP Entertainment Writer)", "en")
    assert byline.authors == ("ANN LEE",)
    assert "AP Entertainment Writer" not in byline.agencies
