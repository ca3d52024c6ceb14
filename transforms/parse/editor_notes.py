"""Notes to editors that agencies print inside the copy: taken out of the body before anybody reads it as news.

Two kinds are certain enough: a paragraph that announces private matter (everything from there on is a note), and an
opening line that says which report this one replaces. Lines that describe the update itself (``(Adds quotes)``) are
printed copy and stay.

Source: the wording that agencies use (dpa's notepad, ANP's replacement line, AP's ``Eds:`` line) and its translations.
"""

import re

_PRIVATE = re.compile(
    r"nicht (?:zur|für die) veröffentlichung(?: bestimmt)?|not (?:intended |meant )?for publication|"
    r"(?:pas|non) destinée?s? à (?:la publication|être publiée?s?)|ne pas publier|"
    r"no (?:es |son |están? )?(?:destinad[oa]s? )?(?:para|a) (?:su |la )?publicación|no publicar|"
    r"non (?:è |sono )?(?:destinat[aeio] )?(?:alla|per la) pubblicazione|niet (?:bestemd )?voor publicatie|"
    r"ikke (?:til|for|beregnet (?:på|til)) (?:offentliggørelse|offentliggjøring|publicering|publisering)|"
    r"(?:inte|ej) (?:avsedd[at]? )?för publicering|ei (?:ole )?(?:tarkoitettu )?julkaistavaksi|"
    r"não (?:se )?destinad?[oa]?s? (?:à|a) publicação|não publicar|nie do publikacji",
    re.IGNORECASE,
)
_STEMS = (
    "veröffentlichung",
    "publication",
    "publier",
    "être publié",
    "publicación",
    "publicar",
    "pubblicazione",
    "publicatie",
    "offentliggø",
    "offentliggj",
    "publicering",
    "publisering",
    "julkaistavaksi",
    "publicação",
    "publikacji",
)
"""One of these stands in every wording above; most copy has none, and looking for them is cheap."""

_LONGEST_MARK = 160
"""Characters of a line that announces private matter; a longer one is a sentence of copy that quotes the words."""

_LAST_OF_MARK = 25
"""Characters that may follow the words in such a line."""

_OPENING = re.compile(
    r"(?:n ?i ?e ?u ?w bericht,? (?:dit )?vervangt|new version,? replaces|neufassung,? ersetzt|"
    r"nouvelle version,? remplace|"
    r"eds|editors?|editor[’']s note|note to editors)\s*:",
    re.IGNORECASE,
)
_LONGEST_OPENING = 300
"""Characters of an advisory line above the copy."""


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
    if not any(stem in lower for stem in _STEMS):
        return body, tuple(notes)
    for found in _PRIVATE.finditer(body):
        earliest = max(0, found.start() - _LONGEST_MARK)
        before = body.rfind("\n", earliest, found.start())
        if before < 0 and earliest > 0:
            continue
        after = body[found.end() : found.end() + _LAST_OF_MARK + 1]
        if len(after.partition("\n")[0]) <= _LAST_OF_MARK:
            notes.append(body[before + 1 :].strip())
            body = body[: before + 1].rstrip()
            break
    return body or None, tuple(notes)
