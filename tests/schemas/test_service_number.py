import pytest

from schemas.service_number import names_a_slug, numbers_meant, service_number, service_numbers, slug_key


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("dpa 157", "dpa157"),
        ("dpa 0157", "dpa157"),
        ("BDT0534", "bdt534"),
        ("bdt0000", "bdt0"),
        ("157", None),
        ("BC-US--Pier", None),
        ("urn:newsml:agency.example:1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_has_one_spelling(text, number):
    assert service_number(text) == number


def test_a_message_is_known_by_its_own_and_its_agencys_number():
    header = {"service": "bdt", "sequence": "0534", "item_number": "dpa 0157", "category": "pl"}
    assert service_numbers(header) == ("dpa157", "bdt534")
    assert service_numbers({"service_level": "a", "sequence": "1234"}) == ("a1234",)
    assert service_numbers({"service": "World News", "sequence": "1"}) == ()


def test_a_kill_of_digits_only_means_its_own_services():
    assert numbers_meant("157", ("bdt534", "dpa900")) == ("bdt157", "dpa157")
    assert numbers_meant("dpa 157", ("bdt534",)) == ("dpa157",)
    assert numbers_meant("guid-a", ()) == ()


def test_a_short_word_is_no_slug():
    assert names_a_slug("BC-US--Pier")
    assert not names_a_slug("BC-Adv")
    assert not names_a_slug("BC-A")
    assert not names_a_slug("Pier collapse")


@pytest.mark.parametrize(
    ("slug", "key"),
    [
        ("BC-US--Pier Fall, 1st Ld-Writethru", "US--Pier Fall"),
        ("US--Pier Fall", "US--Pier Fall"),
        ("PM-AM-Radio", "AM-Radio"),
        ("", None),
        (None, None),
    ],
)
def test_a_slug_is_compared_without_cycle_and_take(slug, key):
    assert slug_key(slug) == key
