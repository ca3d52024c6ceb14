import pytest

from transforms.parse.wire_text import decode_wire, paragraphs, split_private, without_controls


@pytest.mark.parametrize(
    "line",
    [
        "The following information is not intended for publication",
        "Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt",
        "Informations non destinées à la publication :",
        "Informazioni non destinate alla pubblicazione",
        "Información no destinada a publicación",
        "Niet voor publicatie:",
        "Ikke til offentliggørelse",
        "Не для печати",
    ],
)
def test_notes_leave_the_copy_in_every_language(line):
    assert split_private(f"Copy.\n\n* * * *\n{line}\nAda, 000") == ("Copy.", "Ada, 000")


def test_a_story_that_quotes_the_words_is_left_whole():
    text = "He said the letter was\nnot for publication, and that it would stay so."
    assert split_private(text) == (text, None)


def test_wrapped_lines_are_joined_and_rows_are_not():
    text = (
        "A ferry struck the pier of Harlund on Wednesday after its engine\n"
        "failed, the harbour office said.\n"
        "   Another paragraph begins with an indent and is wrapped as well, so\n"
        "that it fills two lines.\n"
        "Team          Won   Lost\n"
        "Harlund         3      1\n"
        "- one\n- two"
    )
    assert paragraphs(text) == (
        "A ferry struck the pier of Harlund on Wednesday after its engine failed, the harbour office said.\n"
        "Another paragraph begins with an indent and is wrapped as well, so that it fills two lines.\n"
        "Team\tWon\tLost\nHarlund\t3\t1\n- one\n- two"
    )


def test_whole_paragraphs_on_long_lines_stay_apart():
    long = "word " * 40
    assert paragraphs(f"{long}\n{long}") == f"{long.strip()}\n{long.strip()}"


def test_encodings_are_told_apart():
    copy = "Zürich: Börse für Händler"
    for codec in ("utf-8", "latin-1", "cp850", "cp1252"):
        assert decode_wire(copy.encode(codec)) == copy
    quoted = "He said: “Don’t – ever…” and left"
    assert decode_wire(quoted.encode("cp1252")) == quoted


def test_control_characters_go():
    assert without_controls("\x02a\x07\tb\x0cc\x7f\x90") == "a\tb\nc"
