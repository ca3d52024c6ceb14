"""Notes to editors that agencies print inside the copy: taken out of the body before anybody reads it as news.

Two kinds are certain enough: a paragraph that announces private matter (everything from there on is a note), and an
opening line that says which report this one replaces. Lines that describe the update itself (``(Adds quotes)``) are
printed copy and stay.

Source: the wording that agencies use (dpa's notepad, ANP's replacement line, AP's ``Eds:`` line) and its translations.
"""

import re

_PRIVATE = re.compile(
    r"(?:not (?:intended |meant )?for (?:broadcast or )?publication|not to be published|for internal use only|"
    r"nicht (?:zur|für(?: die)?) veröffentlichung(?: bestimmt)?|nur für den internen gebrauch|"
    r"nur (?:für|zu) (?:interne[nr]?|redaktionelle[nr]?) (?:zwecken?|information|gebrauch|nutzung)|"
    r"(?:pas|non) destinée?s? à (?:la publication|(?:la|une) diffusion|être publiée?s?)|ne pas (?:publier|diffuser)|"
    r"no (?:es |son |están? )?(?:destinad[oa]s? |apt[oa]s? )?(?:para|a) (?:su |la )?(?:publicación|publicar)|"
    r"no publicar|"
    r"non (?:è |sono )?(?:destinat[aeio] )?(?:alla|per la) pubblicazione|non pubblicare|"
    r"niet (?:bestemd )?voor publicatie|niet publiceren|"
    r"ikke (?:til|for|beregnet (?:på|til)) (?:offentliggørelse|offentliggjøring|publicering|publisering)|"
    r"(?:inte|ej) (?:avsedd[at]? )?för publicering|ei (?:ole )?(?:tarkoitettu )?(?:julkaistavaksi|julkisuuteen)|"
    r"não (?:é |são |se )?(?:destinad?[oa]?s? )?(?:à|a|para) publicação|não publicar|nie do publikacji|"
    r"не для (?:печати|публикации)|не подлежит публикации|yayımlanmamak üzere|yayın için değildir|"
    r"不得发表|不供发表|不得發表|掲載不可|報道不可|보도 불가|게재 불가|ليس للنشر|غير مخصص للنشر)"
    r"(?! (?:before|until|till|vor|bis|avant|antes|hasta|prima|fino|v[oó]{1,2}r|tot|før|före|ennen|przed|до)\b)",
    re.IGNORECASE,
)
# fmt: off
_STEMS = (
    "for publication", "broadcast or publication", "to be published", "internal use", "veröffentlichung",
    "internen gebrauch", "für redaktionelle", "für interne", "zu redaktionelle", "zu interne", "à la publication",
    "à la diffusion", "à une diffusion", "être publié", "publier", "diffuser", "publicación", "publicar",
    "pubblicazione", "pubblicare", "publicatie", "publiceren", "offentliggø", "offentliggj", "publicering",
    "publisering", "julkaistavaksi", "julkisuuteen", "publicação", "publikacji", "для печати", "публикации",
    "yayımlanmamak", "yayın için", "发表", "發表", "掲載不可", "報道不可", "보도 불가", "게재 불가", "للنشر",
)
# fmt: on
"""One of these stands in every wording above; most copy has none."""

_ROOTS = ("publi", "pubblica", "intern", "redaktionelle", "diffus", "entlichung", "offentlig", "julk")
_OTHER_ROOTS = ("печати", "публикации", "yay", "发表", "發表", "不可", "불가", "للنشر")
"""One of these stands in every stem, the second ones only in copy that is not all ASCII: the cheap first question."""


def _has_stem(lower: str) -> bool:
    contains = lower.__contains__
    if not any(map(contains, _ROOTS)) and (lower.isascii() or not any(map(contains, _OTHER_ROOTS))):
        return False
    return any(map(contains, _STEMS))


_SUBJECT = re.compile(
    r"informa|angaben|following|folgend|volgende|følgende|följande|suivant|siguiente|seguent|seguinte|hinweis|notiz|"
    r"\bnot[aei]s?\b|contact|kontakt|datos|dati\b|dados|renseign|gegevens|opplys|oplys|uppgift|tiedo|redak|editor|redac|"
    r"achtung|сведени|контакт",
    re.IGNORECASE,
)
"""What a whole sentence must be about to announce private matter: the notes themselves, their readers or contacts."""

_LONGEST_MARK = 160
"""Characters of a line that announces private matter; a longer one is a sentence of copy that quotes the words."""

_LAST_OF_MARK = 25
"""Characters that may follow the words in such a line."""

_OPENS = 4
"""Characters before the words in a line that begins with them: a bracket, a bullet."""

_OPENING = re.compile(
    r"(?:n ?i ?e ?u ?w bericht,? (?:dit )?vervangt|new version,? replaces|neufassung,? ersetzt|"
    r"nouvelle version,? remplace|"
    r"eds|editors?|editor[’']s note|note to editors)\s*:",
    re.IGNORECASE,
)
_LONGEST_OPENING = 300
"""Characters of an advisory line above the copy."""


def is_private_mark(line: str) -> bool:
    """Whether a line announces that what follows is not for publication.

    A sentence of copy may end with the same words (``she said the letter was not for publication.``): what ends with a
    full stop announces notes only when it speaks of them.
    """
    lower = line.lower()
    if len(line) > _LONGEST_MARK + _LAST_OF_MARK or not _has_stem(lower):
        return False
    found = next(reversed(list(_PRIVATE.finditer(line))), None)
    if found is None or len(line) - found.end() > _LAST_OF_MARK:
        return False
    return not line.rstrip().endswith((".", "!", "?")) or found.start() <= _OPENS or _SUBJECT.search(line) is not None


def part_notes(body: str) -> tuple[str | None, tuple[str, ...]]:
    """Part a body from the notes to editors in it.

    Args:
        body: paragraphs parted by line breaks.

    Returns:
        The body, None when nothing is left, and the notes in printed order.

    >>> part_notes("Copy.\\nNot for publication:\\nDesk +49 30 1234")
    ('Copy.', ('Not for publication:\\nDesk +49 30 1234',))
    """
    notes: list[str] = []
    line, _, rest = body.partition("\n")
    if len(line) <= _LONGEST_OPENING and rest and _OPENING.match(line):
        notes.append(line)
        body = rest
    lower = body.lower()
    if not _has_stem(lower):
        return body, tuple(notes)
    for found in _PRIVATE.finditer(body):
        earliest = max(0, found.start() - _LONGEST_MARK)
        before = body.rfind("\n", earliest, found.start())
        if before < 0 and earliest > 0:
            continue
        ends = body.find("\n", found.end(), found.end() + _LAST_OF_MARK + 2)
        if is_private_mark(body[before + 1 : ends if ends >= 0 else found.end() + _LAST_OF_MARK + 1]):
            notes.append(body[before + 1 :].strip())
            body = body[: before + 1].rstrip()
            break
    return body or None, tuple(notes)
