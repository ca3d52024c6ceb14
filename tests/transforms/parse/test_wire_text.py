import pytest

from transforms.parse.agency_document import Clock
from transforms.parse.wire_text import (
    Life,
    decode_wire,
    paragraphs,
    read_embargo,
    read_life,
    split_private,
    without_controls,
)


@pytest.mark.parametrize(
    ("head", "body", "status", "target"),
    [
        ("KILL KILL KILL", "", "canceled", None),
        ("BC-US--Pier, KILL", "", "canceled", None),
        ("Advisory", "kill item dpa 157", "canceled", "dpa 157"),
        ("Achtung", "Bitte streichen Sie die Meldung bdt0534", "canceled", "bdt0534"),
        (
            "Advisory",
            "Kill the story slugged BC-US--Pier, sent at noon. A kill is mandatory.",
            "canceled",
            "BC-US--Pier",
        ),
        ("STORY WITHDRAWN", "", "canceled", None),
        ("HOLD HOLD HOLD", "The story must not be used.", "withheld", None),
        ("Police hold man", "They said he had tried to kill item by item.", "usable", None),
        ("RAINS KILL 20 IN HARLUND", "", "usable", None),
        ("How to kill a killer whale", "", "usable", None),
    ],
)
def test_advisories_end_or_hold_a_story(head, body, status, target):
    life = read_life(head, body)
    assert (life.status, life.kill_target) == (status, target)


def test_a_slug_of_several_words_is_named_as_a_whole():
    life = read_life("Advisory", "Editors: Kill the story slugged BC-US--Pier Fall, sent at noon. A kill is mandatory.")
    assert life.kill_target == "BC-US--Pier Fall"


@pytest.mark.parametrize(
    ("line", "until", "raw"),
    [
        ("EMBARGOED UNTIL 3 May 2024 00:01 GMT", "2024-05-03T00:01:00+00:00", None),
        # without a zone: where that hour comes last
        ("Sperrfrist: 3. Mai 2024, 18.00 Uhr", "2024-05-04T06:00:00+00:00", None),
        ("Sperrfrist: 18.00 Uhr", None, "18.00 Uhr"),
        ("STRICTLY EMBARGOED FOR May 3, 2024 at 0900", None, "May 3, 2024 at 0900"),
        ("*EMBARGO: 6pm on Friday 3*", None, "6pm on Friday 3*"),
        ("Embargado hasta el viernes", None, "el viernes"),
        ("Embargoed until", None, "embargoed"),
        ("Embargo until Friday lifted", None, None),
        ("Sperrfrist: 18 Uhr (aufgehoben)", None, None),
        ("Embargo: five questions on the oil trade", None, None),
        ("Embargo to be lifted, ministers say", None, None),
        ("The embargo until 1990 hurt the port.", None, None),
    ],
)
def test_a_printed_embargo_holds_until_it_has_ended_everywhere(line, until, raw):
    life = read_life("Headline", f"{line}\nCopy.")
    moment, told = read_embargo(life, Clock())
    assert (moment and moment.isoformat(), told) == (until, raw)


def test_an_embargo_without_a_zone_is_read_in_the_sources():
    life = read_life("Headline", "Sperrfrist: 3. Mai 2024, 18.00 Uhr")
    assert read_embargo(life, Clock("Europe/Berlin"))[0].isoformat() == "2024-05-03T16:00:00+00:00"


def test_a_story_without_an_advisory_lives():
    assert read_life("Ferry strikes pier", "Nobody was killed.") == Life()


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
