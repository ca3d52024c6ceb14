import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.enrich.headline import strip_markers, take_signals


@pytest.mark.parametrize(
    ("printed", "text", "signals", "key"),
    [
        ("UPDATE 2-Gold slips", "Gold slips", ("update",), "UPDATE 2"),
        ("RPT-CORRECTED-UPDATE 2-Oil up", "Oil up", ("repeat", "correction", "update"), "UPDATE 2"),
        ("CORRECTED (OFFICIAL)-Oil up", "Oil up", ("correction",), None),
        ("REFILE-Bank names head", "Bank names head", ("refile", "correction"), None),
        ("WRAPUP 3-Stocks fall", "Stocks fall", ("wrapup",), "WRAPUP 3"),
        ("BRIEF-eFarm says profit up", "eFarm says profit up", ("brief",), None),
        ("(LEAD) Seoul says no", "Seoul says no", ("lead",), "LEAD"),
        ("(2nd LD) Seoul says no", "Seoul says no", ("lead",), "2nd LD"),
        ("BC-US--River Rises, 1st Ld-Writethru", "US--River Rises", ("lead", "writethru"), "1st Ld-Writethru"),
        ("EILMELDUNG: Minister tritt zurück", "Minister tritt zurück", ("urgent",), None),
        ("HASTER: Statsråd går av", "Statsråd går av", ("urgent",), None),
        ("BLIXT: Minister avgår", "Minister avgår", ("alert",), None),
        ("ZF 2: Minister tritt zurück", "Minister tritt zurück", ("wrapup",), "ZF 2"),
        ("+++ EIL +++ Minister tritt zurück", "Minister tritt zurück", ("urgent",), None),
        ("++ Terremoto in città ++", "Terremoto in città", ("urgent",), None),
        ("Berichtigung: Zahl der Gäste", "Zahl der Gäste", ("correction",), None),
        ("ALERTE - Séisme en mer", "Séisme en mer", ("alert",), None),
        ("(AMPLIACIÓN) El río crece", "El río crece", ("update",), None),
        ("URGENTE: El río crece", "El río crece", ("urgent",), None),
        ("[속보] 지진 발생", "지진 발생", ("alert",), None),
        ("【速報】地震", "地震", ("alert",), None),
        ("快讯：地震", "地震", ("alert",), None),
        ("عاجل: زلزال في البحر", "زلزال في البحر", ("urgent",), None),
        ("СРОЧНО: Взрыв в порту", "Взрыв в порту", ("urgent",), None),
        ("KILL-Story on mayor", "Story on mayor", ("kill",), None),
        ("River rises (UPDATED)", "River rises", ("update",), None),
        ("EILMELDUNG Minister tritt zurück", "Minister tritt zurück", ("urgent",), None),
        ("EILMELDUNG NATO berät über Lage", "NATO berät über Lage", ("urgent",), None),
        ("URGENTE El puente cae al río", "El puente cae al río", ("urgent",), None),
        ("EIL! Brücke im Hafen gesperrt", "Brücke im Hafen gesperrt", ("urgent",), None),
        ("BREAKING NEWS Bridge falls into river", "Bridge falls into river", ("alert",), None),
        ("SON DAKİKA Köprü nehre çöktü", "Köprü nehre çöktü", ("alert",), None),
        ("СРОЧНО Мост обрушился", "Мост обрушился", ("urgent",), None),
        ("UPDATE 2 Bridge falls into river", "Bridge falls into river", ("update",), "UPDATE 2"),
        ("3RD LEAD Bridge falls into river", "Bridge falls into river", ("lead",), "3RD LEAD"),
        ("2ÈME LEAD: Un pont tombe", "Un pont tombe", ("lead",), "2ÈME LEAD"),
        ("速報 橋が崩落", "橋が崩落", ("alert",), None),
        ("*** EILMELDUNG *** Brücke gesperrt", "Brücke gesperrt", ("urgent",), None),
        ("/URGENT/ Bridge falls", "Bridge falls", ("urgent",), None),
        ("RPT ++ Crolla il ponte ++", "Crolla il ponte", ("repeat",), None),
        ("+++ RPT + Crolla il ponte +++", "Crolla il ponte", ("repeat",), None),
        ("CORRECTED REPEAT-Bridge falls", "Bridge falls", ("correction", "repeat"), None),
        ("CORRECTED-(OFFICIAL)-Tug strikes mole", "Tug strikes mole", ("correction",), None),
        ("GESAMT-ROUNDUP 3: Schlepper rammt Mole", "Schlepper rammt Mole", ("wrapup",), "GESAMT-ROUNDUP 3"),
        ("SON DAKİKA... Römorkör mendireğe çarptı", "Römorkör mendireğe çarptı", ("alert",), None),
        ("عاجل.. قاطرة تصطدم بالرصيف", "قاطرة تصطدم بالرصيف", ("urgent",), None),
        ("突发！拖船撞上防波堤", "拖船撞上防波堤", ("alert",), None),
        ("＜速報＞タグボート衝突", "タグボート衝突", ("alert",), None),
        ("Ampl.- Un remolcador choca", "Un remolcador choca", ("update",), None),
        ("Clarification: Harbor-Fire story", "Harbor-Fire story", ("clarification",), None),
    ],
)
def test_markers_are_read_and_taken_off(printed, text, signals, key):
    found = strip_markers(printed)
    assert (found.text, found.signals, found.take_key) == (text, signals, key)


@pytest.mark.parametrize(
    "headline",
    [
        "Update on the flood in the valley",
        "Correction officers strike for pay",
        "URGENT appeal for blood donors",
        "ALERT-level raised at volcano",
        "LEAD-BASED PAINT BANNED",
        "Lead: a danger in old pipes",
        "Flash floods: three missing",
        "Breaking bad habits: how to start",
        "PM-designate resigns",
        "SOCCER-Rovers win again",
        "Summary: what we know",
        "Mother, son (2) found safe",
        "New: a museum for the port",
        "Kill Bill: the sequel",
        "URGENT CARE centre opens",
        "EILMELDUNG ERWEIST SICH ALS FALSCH",
        "FLASH Gordon actor dies",
        "ALERTE Enlèvement déclenchée",
        "BREAKING Bad actor returns",
        "UPDATE Act passes committee",
        "EIL-Antrag abgelehnt",
        "CORRECTION officers strike",
        "EXCLUSIVE school fees rise",
        "Update 14:30: tug still aground",
        "عاجل جدا في البيت",
    ],
)
def test_words_of_a_headline_stay(headline):
    assert strip_markers(headline).text == headline
    assert strip_markers(headline).signals == ()


def test_a_headline_that_is_only_a_marker_stays_and_speaks():
    assert strip_markers("URGENT") == strip_markers(" URGENT ")
    assert strip_markers("URGENT").signals == ("urgent",)
    assert strip_markers("URGENT").text == "URGENT"


def test_no_headline():
    assert strip_markers(None).text is None
    assert strip_markers("  ").text is None


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["UPDATE 2-", "RPT-", "(LEAD) ", "++", "【", ": ", "-", "Gold"])).map("".join)
)
def test_any_text_ends_well(text):
    found = strip_markers(text)
    assert found.text is None or found.text in text
    assert bool(found.text) == bool(text.strip())
    again = strip_markers(found.text)
    assert again.text is None or again.text in text


@pytest.mark.parametrize(
    ("take", "signals"),
    [
        ("1stLd-Writethru", ("lead", "writethru")),
        ("2nd Ld", ("lead",)),
        ("LEAD", ("lead",)),
        ("(UPDATE 2)", ("update",)),
        ("1stAdd", ()),
        ("(LEADVILLE)", ()),
        ("SAMPLE, Oct 8 AAP", ()),
        (None, ()),
    ],
)
def test_a_take_key_says_that_a_story_was_sent_before(take, signals):
    assert take_signals(take) == signals
