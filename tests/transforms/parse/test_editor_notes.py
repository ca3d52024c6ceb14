import pytest

from transforms.parse.editor_notes import _STEMS, _has_stem, part_notes
from transforms.parse.wire_text import split_private


@pytest.mark.parametrize(
    "line",
    [
        "NOT FOR PUBLICATION",
        "(Not for broadcast or publication)",
        "For internal use only:",
        "Nicht für die Veröffentlichung bestimmt:",
        "Die folgenden Angaben sind nicht zur Veröffentlichung bestimmt.",
        "Nur für redaktionelle Zwecke:",
        "Ces informations ne sont pas destinées à être publiées",
        "Ne pas diffuser :",
        "No apto para publicación",
        "Da non pubblicare:",
        "Niet bestemd voor publicatie:",
        "Não é para publicação:",
        "Ikke til offentliggørelse",
        "Ej för publicering",
        "Ei julkisuuteen:",
        "Nie do publikacji",
        "Не для публикации",
        "Yayımlanmamak üzere:",
        "不得发表",
        "掲載不可",
        "보도 불가",
        "غير مخصص للنشر",
    ],
)
def test_private_matter_leaves_the_copy_in_every_language_and_format(line: str) -> None:
    body, notes = part_notes(f"Copy of the story.\n{line}\nAda, 000")
    assert (body, len(notes)) == ("Copy of the story.", 1)
    assert "Ada, 000" in notes[0]
    assert split_private(f"Copy of the story.\n\n{line}\nAda, 000") == ("Copy of the story.", "Ada, 000")


@pytest.mark.parametrize(
    "line",
    [
        "She said the memo was not for publication.",
        "He told the paper the letter was not for publication and would not say more about it.",
        "The judge ruled: not for publication is not the same as secret.",
        "Not for publication before 6 p.m.",
        "Der Bericht sei nicht zur Veröffentlichung bestimmt.",
    ],
)
def test_copy_that_says_the_words_is_left_whole(line: str) -> None:
    text = f"Copy of the story.\n\n{line}\n\nMore of it."
    assert part_notes(text) == (text, ())
    assert split_private(text) == (text, None)


def test_every_stem_is_found_by_the_cheap_question() -> None:
    assert all(_has_stem(stem) and _has_stem(f"é {stem}") for stem in _STEMS)
    assert not _has_stem("the pier fell")
