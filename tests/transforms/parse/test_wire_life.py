import datetime as dt

import pytest

from transforms.parse.agency_document import Clock
from transforms.parse.wire_life import Life, read_embargo, read_life, split_embargo


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
        ("Sperrfrist bis 3. Mai 2024, 18 Uhr", "2024-05-04T06:00:00+00:00", None),
        ("SOUS EMBARGO jusqu'au 3 mai 2024 à 18h00", "2024-05-04T06:00:00+00:00", None),
        ("Embargo hasta el 3 de mayo de 2024 a las 18:00 horas", "2024-05-04T06:00:00+00:00", None),
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


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("Sperrfrist: 9. Oktober, 18.00 Uhr", "2025-10-10T06:00:00+00:00"),
        ("Sperrfrist: 09.10. 18:00", "2025-10-10T06:00:00+00:00"),
        ("Sperrfrist: Freitag, 23. Januar 19.00 Uhr", "2026-01-24T07:00:00+00:00"),
        ("EMBARGOED UNTIL Friday, Oct. 10, 6:00 pm GMT", "2025-10-10T18:00:00+00:00"),
        ("FOR RELEASE SUNDAY, OCT. 12, AND THEREAFTER", "2025-10-12T12:00:00+00:00"),
        ("Sperrfrist: 19.00 Uhr", None),
        ("EMBARGOED UNTIL Friday", None),
        ("EMBARGOED UNTIL Friday, Oct. 10", None),
    ],
)
def test_an_embargo_without_a_year_ends_in_the_one_that_follows_its_text(line, until):
    sent = dt.datetime(2025, 10, 8, 12, tzinfo=dt.UTC)
    life = read_life("Headline", line)
    moment, raw = read_embargo(life, Clock(), sent)
    assert (moment and moment.isoformat(), raw is None) == (until, until is not None)
    # of which no year is known: held, and never read as some year in the past
    assert read_embargo(life, Clock())[0] is None


def test_a_story_without_an_advisory_lives():
    assert read_life("Ferry strikes pier", "Nobody was killed.") == Life()


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("Achtung: Meldung bdt0231 bitte streichen", "bdt0231"),
        ("Die Meldung dpa 0157 wird zurückgezogen.", "dpa 0157"),
        ("dpa zieht die Meldung bdt0534 zurück", "bdt0534"),
        ("Veuillez annuler la dépêche n° 0123", "0123"),
        ("La dépêche AFP123 est annulée", "AFP123"),
        ("Rogamos anulen la noticia 4567", "4567"),
        ("La notizia 0812 è stata annullata", "0812"),
        ("The story a0123 has been withdrawn", "a0123"),
        ("Eds: Kill BC-EU--Sample Port-Fire. The warehouse did not burn.", "BC-EU--Sample Port-Fire"),
        ("ANNULATION", None),
        ("NOTICIA ANULADA", None),
    ],
)
def test_kills_in_the_agencies_languages(line, target):
    life = read_life("Advisory", line)
    assert (life.status, life.kill_target) == ("canceled", target)


@pytest.mark.parametrize(
    "line",
    [
        "(Sperrfrist bis 1400)",
        "ACHTUNG SPERRFRIST Freitag",
        "Frei für Sonntag",
        "Frei ab 18.00 Uhr",
        "SOUS EMBARGO jusqu'au 3 mai",
        "Ne pas diffuser avant 18h00",
        "No publicar antes de las 18.00",
        "Non pubblicare prima delle 18",
        "Niet publiceren vóór 18 uur",
        "Klausuleret til fredag",
        "Får inte publiceras före fredag",
        "Эмбарго до 18:00",
        "FOR RELEASE SUNDAY, MAY 5, AND THEREAFTER",
        "NOT FOR RELEASE BEFORE 6 P.M.",
        "Do not publish before Friday",
        "EMBARGOED: Port closes",
        "EMBARGO 18h00",
    ],
)
def test_an_embargo_in_any_wording_holds(line):
    assert read_embargo(read_life("Headline", f"{line}\nCopy."), Clock()) != (None, None)


@pytest.mark.parametrize(
    "line",
    [
        "Frei ab 12 Jahren",
        "FOR IMMEDIATE RELEASE",
        "Für Sonntag wird Regen erwartet",
        "Embargo to be lifted",
        "EMBARGOED GOODS SEIZED",
        "Do not use the lift before it is repaired, the landlord told her",
        "Sperrfristen im Fußball",
        "The item was withdrawn from sale",
        "Ministers annul vote",
        "The story of 1984 is killed by its ending",
        "Withdrawal of troops begins",
    ],
)
def test_lines_of_copy_hold_and_end_nothing(line):
    assert read_life(line, f"{line}\nCopy.") == Life()


def test_the_line_of_an_embargo_is_no_copy():
    assert split_embargo("Sperrfrist: 18.00 Uhr\n\nTitle\n\nCopy.") == ("\nTitle\n\nCopy.", "Sperrfrist: 18.00 Uhr")
    assert split_embargo("Title\n\nCopy.") == ("Title\n\nCopy.", None)
