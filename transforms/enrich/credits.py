"""Bylines and credit lines inside the copy: the line at its head, and ``(Reporting by …; Editing by …)`` at its end.

The byline at the head is taken out of the body by the caller. Credit lines are read and stay: they are part of what
the agency sent. A credit line is a paragraph among the last ones that begins, in brackets or not, with the words an
agency uses for a role, and that names people; prose that mentions reporting or editing names nobody there.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from schemas.reading import Credit
from transforms.enrich.byline import parse_byline
from transforms.enrich.byline_kinds import is_organisation, is_role_word
from transforms.enrich.byline_names import is_particle, is_person
from transforms.enrich.byline_words import ANY_CONJUNCTIONS, CONJUNCTIONS, IN_WORDS
from transforms.enrich.language import primary_language

LAST_PARAGRAPHS = 8
"""Paragraphs from the end that may hold credits: several credit lines, an address, a disclaimer."""

LONGEST_CREDIT = 700
"""Characters of one credit line; the longest lists of names stay below it."""

LONGEST_RUN_IN = 160
"""Characters of a byline at the head of the copy."""

BY_WORDS = "by|von|par|por|di|door|av|af|oleh|text|texte?|texto|tekst|автор|от"
"""Words that open a byline, as alternatives of a regular expression."""

_OPENING = re.compile(
    rf"\s*(?P<raw>(?:{BY_WORDS})\b(?:\s*:)?\s+\S[^\n]*|"
    r"(?:作者|記者|记者|著者|文)\s*[:：／/]\s*[^\n]+|(?:بقلم|كتب|كتبت)\s[^\n]+)(?:\n|\Z)\s*",
    re.IGNORECASE,
)
_BARE = re.compile(r"\s*(?P<raw>[^\W\d_a-z][^\n.:!?]{3,60})\n[ \t]*(?P<house>[^\n]{2,50})\n\s*")
_SECOND = re.compile(r"[ \t]*(?P<raw>[^\n]{2,60})\n\s*")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")

_NAMED = r"(?-i:(?:(?:van|von|der|den|de|del|della|di|da|du|la|le|ten|ter|al|el|bin)\s+){0,3}['’]?[A-ZÀ-ÞĀ-ſΑ-ΩА-Я])"
"""How a name begins, particles first, also where the pattern around it ignores case."""

_ROLE_WORDS = (
    (
        "additional-reporting",
        (
            r"additional\s+(?:\w+\s+)?reporting\s+(?:and\s+\w+\s+)?(?:by|from)|reporting\s+assistance\s+(?:by|from)|with\s+(?:additional\s+)?reporting\s+(?:by|from)|"
            r"with\s+(?:assistance|contributions|files|reports?|inputs?)\s+(?:from|by)|mitarbeit|unter\s+mitarbeit\s+von|zusätzliche\s+(?:berichterstattung|recherche)(?:\s+von)?|"
            r"avec\s+(?:la\s+contribution|les\s+contributions)\s+de|avec\s+(?:la\s+)?collaboration\s+de|contributions?\s+de|reporte\s+adicional(?:\s+de)?|"
            r"información\s+adicional\s+de|reportes\s+adicionales\s+de|con\s+(?:la\s+)?(?:colaboración|información)\s+de|reportagem\s+adicional(?:\s+(?:de|por))?|"
            r"colaboraram|com\s+(?:a\s+)?colaboração\s+de|ha\s+collaborato|hanno\s+collaborato|con\s+il\s+contributo\s+di|met\s+medewerking\s+van|med\s+bidrag\s+(?:fra|från)"
        ),
    ),
    (
        "reporting",
        (
            r"reporting\s+and\s+(?:writing|editing)\s+by|reporting\s+by|reported\s+by|reporting\s*:|bericht(?:et)?\s+von|berichterstattung\s*(?:von|:)|reporter(?:in|innen)?\s*:|"
            r"reportage\s+(?:de|par)|reportage|reporte\s+(?:de|por)|reportaje\s+(?:de|por)|información\s+de|reportado\s+por|reportagem\s+(?:de|por)|a\s+cura\s+di|"
            r"verslaggeving\s+(?:door|van)|rapportering(?:\s+(?:av|af))?|репортаж|сообщил[аи]?"
        ),
    ),
    (
        "writing",
        (
            r"writing\s+(?:and\s+additional\s+reporting\s+)?by|written\s+by|compiled\s+by|story\s+by|geschrieben\s+von|verfasst\s+von|rédigé\s+par|rédaction\s+de|écrit\s+par|"
            r"redactado\s+por|escrito\s+por|redação\s+de|scritto\s+da|geschreven\s+door|skrevet\s+(?:av|af)|skriven\s+av|"
            rf"(?:by|por|door)(?=\s+{_NAMED})"
        ),
    ),
    (
        "translation",
        (
            r"translated\s+by|translation\s+by|translating\s+by|übersetzt\s+von|übersetzung\s*(?:von|:)|version\s+française(?:\s+(?:de|par))?|traduit\s+par|traduction\s+(?:de|par)|"
            r"traducido\s+(?:y\s+editado\s+)?por|traducción\s+(?:de|por)|traduzido\s+por|tradução\s+(?:de|por)|tradotto\s+(?:da|in\s+redazione\s+a\s+\w+)|traduzione\s+di|vertaald\s+door|"
            r"oversat\s+af|oversatt\s+av|översatt\s+av|перевод"
        ),
    ),
    (
        "editing",
        (
            r"(?:additional\s+)?editing\s+by|edited\s+by|editing\s*:|editing|editor[as]?\s*:|redigiert\s+von|redaktion(?:\s+von|\s*:)|bearbeitet\s+von|édité\s+par|edition\s+de|édition\s+(?:de|par)|"
            r"editado\s+(?:en\s+español\s+)?por|edición\s+(?:en\s+español\s+)?(?:de|por)|editada\s+por|edição\s+(?:de|por)|edição|editing\s+di|in\s+redazione\s+a\s+\w+|redazione\s+\w+|bewerkt\s+door|"
            r"redigering(?:\s*:|\s+av)|redigeret\s+af|редактор|редактировал[аи]?"
        ),
    ),
    (
        "photographer",
        r"photo(?:graph)?s?\s*(?:by|:)|photograph(?:y|ed)\s+by|pictures?\s+by|fotos?\s*(?:von|:|de|di)|foto's\s*:|bild(?:er)?\s*:|photos?\s+(?:de|par)|fotografías?\s+de|fotografie\s*(?:di|:)|foton?\s*:|фото\s*:?",
    ),
    ("contributor", r"contribut(?:ing|ors?)\s*:"),
    (
        "production",
        r"video\s*(?:by|:)|produced\s+by|production\s+by|graphics?\s+by|grafik\s*:|graphique\s*:|gráficos?\s+de",
    ),
)
_PHRASES = re.compile(
    r"(?:(?<=^)|(?<=[(;,.\-–—:/])|(?<=[(;,.\-–—:/]\s)|(?<=\band\s)|(?<=\bund\s)|(?<=\bet\s)|(?<=\by\s)|(?<=\be\s)|(?<=\ben\s)|(?<=\s)(?=(?-i:[A-ZÀ-Þ])))\s?"
    "(?:" + "|".join(rf"(?P<r{n}>(?:{words}))" for n, (_, words) in enumerate(_ROLE_WORDS)) + r")(?!\w)\s*:?\s*",
    re.IGNORECASE,
)
_LINE_OPENS = re.compile(
    r"[\s(\[{—–\-*_=]*(?:" + "|".join(words for _, words in _ROLE_WORDS) + r")(?!\w)",
    re.IGNORECASE,
)
_OPENERS = frozenset(
    """
    contributing contributor contributors
    additional reporting reported reports with writing written compiled story by translated translation translating
    editing edited editor editora photo photos photograph photographs photography photographed picture pictures
    video produced production graphics graphic mitarbeit unter zusätzliche bericht berichtet berichterstattung
    reporter reporterin reporterinnen geschrieben verfasst übersetzt übersetzung redigiert redaktion bearbeitet foto
    fotos bild bilder grafik avec contribution contributions reportage rédigé rédaction écrit version traduit
    traduction édité edition édition reporte reportes información con reportaje reportado redactado escrito por
    traducido traducción editado edición editada fotografía fotografías gráfico gráficos reportagem colaboraram com
    redação traduzido tradução edição ha hanno a scritto tradotto traduzione in redazione fotografie met
    verslaggeving geschreven door vertaald bewerkt foto's med rapportering skrevet skriven oversat oversatt översatt
    redigering redigeret foton репортаж сообщил сообщила перевод редактор редактировал редактировала фото graphique
    """.split(),  # noqa: SIM905 -- a table of words reads better than a list of strings
)
"""First words of credit lines: the cheap first question about a paragraph."""

_ADDRESS = re.compile(r"\A[\s(\[{]*[\w.+-]+@[\w.-]+\s*[;,]\s*")
"""Before the credits: where the reporter is reached."""

_FIRST_WORD = re.compile(r"[\s(\[{—–\-*_=]*([^\W\d_][\w']*)")
_CONTRIBUTED = re.compile(
    r"(?P<names>[^\n]{3,400}?),?\s+(?:also\s+)?(?:contributed|(?:ont|a)\s+contribué|contribuy(?:ó|eron)|contribu(?:iu|íram)|(?:ha|hanno)\s+contribuito|hat\s+mitgearbeitet|haben\s+mitgearbeitet)\b",
)
_CONTRIBUTED_TO = re.compile(
    r"contributed\s*[.)]*\Z|contribut(?:ed|ing)\s+(?:\w+\s+){0,2}(?:to|from|reporting)|contribué\s+à|contribuy(?:ó|eron)\s+(?:a|con|en)|contribu(?:iu|íram)\s+para|contribuito\s+a|mitgearbeitet",
)
_WRITERS = re.compile(
    r"^(?:.*[.!?]\s+)?(?:(?:[A-Z][\w.'’]*\s+){0,3}(?:\w+\s+){0,2}(?:writers?|reporters?|correspondents?|journalists?|staff|researchers?|producers?|editors?|videojournalists?|photographers?)\s+)?(?:[A-Z][\w.]*['’]s\s+)?",
)
_AFTERTHOUGHT = re.compile(rf"[\s,;–—-]+(?:by|por|door)\s+(?!{_NAMED}).*", re.DOTALL)
"""What stands behind the people and names none: ``, by arrangement with …``."""
_TAIL = re.compile(r"(?:\s+(?:and|und|et|y|e|en|og|och))?[\s;,.)\]}\-–—/]*\Z")
_PHONE = re.compile(r"[+(]?\d[\d ()./-]{5,}\d")
_NEXT_SENTENCE = re.compile(r"(?<=[a-zß-ÿа-я]{3})\.\s+(?=[A-ZÀ-ÞА-Я]).*\Z", re.DOTALL)
"""Behind a name; initials and most abbreviations (``J. Doe``, ``Jr.``) are shorter."""
_SENTENCE_TAIL = re.compile(r"\.\s+(?=[A-ZÀ-Þ][a-zà-ÿ]+\s+[a-zà-ÿ])")


@dataclass(frozen=True, slots=True)
class RunIn:
    """A byline at the head of the copy.

    Attributes:
        raw: as printed, a second line with the house joined by a comma.
        end: index where the copy behind it begins.
    """

    raw: str
    end: int


@lru_cache(maxsize=1)
def _small_words() -> frozenset[str]:
    words = set(ANY_CONJUNCTIONS.split("|")) | {
        "by",
        "for",
        "of",
        "with",
        "special",
        "to",
        "the",
        "von",
        "par",
        "por",
        "di",
        "door",
        "av",
        "af",
    }
    for table in (CONJUNCTIONS, IN_WORDS):
        for line in table.values():
            words.update(line.split("|"))
    return frozenset(words)


def is_byline(text: str) -> bool:
    """Whether one line is a byline and nothing else: a label, people, no word of a sentence.

    >>> is_byline("By Ann Lee and Tom Moe"), is_byline("By Monday the river had fallen")
    (True, False)
    """
    match = _OPENING.fullmatch(text)
    if match is None:
        return False
    return _names_only(match["raw"].strip())


def _names_only(line: str) -> bool:
    if len(line) > LONGEST_RUN_IN or (line.endswith((".", "!", "?")) and len(line.split()) > 7):
        return False
    small = _small_words()
    for word in _WORD.findall(line):
        if word[0].islower() and not (
            word in small or is_particle(word) or is_role_word(word) or is_organisation([word])
        ):
            return False
    byline = parse_byline(line)
    return bool(byline.authors) or (bool(byline.agencies) and len(line.split()) <= 4)


def read_run_in_byline(body: str) -> RunIn | None:
    """A byline that stands as the first paragraph of the copy, with the house on a line of its own.

    Args:
        body: the copy; only its head is looked at.

    Returns:
        The byline and where the copy goes on, or None.
    """
    line_end = body.find("\n", 0, LONGEST_RUN_IN + 8)
    if line_end < 0:
        return None
    match = _OPENING.match(body)
    if match is not None and _names_only(match["raw"].strip()):
        raw, end = match["raw"].strip(), match.end()
        second = _SECOND.match(body, end)
        if second is not None:
            words = second["raw"].strip(" .").split()
            if len(words) <= 6 and (is_organisation(words) or (is_role_word(words[-1]) and words[0][0].isupper())):
                return RunIn(f"{raw}, {second['raw'].strip()}", second.end())
        return RunIn(raw, end)
    bare = _BARE.match(body, 0, 200)
    if bare is not None and is_organisation(bare["house"].strip(" .").split()) and is_person(bare["raw"].split()):
        return RunIn(f"{bare['raw'].strip()}, {bare['house'].strip()}", bare.end())
    return None


def _may_open_names(word: str) -> bool:
    """Whether a word in lower case can stand before a name: ``staff writer``, ``van``; not ``committee``."""
    word = word.strip(".,:;")
    return "@" in word or word in _small_words() or is_particle(word) or is_role_word(word)


def _credits_of(text: str, role: str, language: str | None) -> list[Credit]:
    text = _TAIL.sub("", _NEXT_SENTENCE.sub("", _PHONE.sub(" ", text.strip())))
    first = text.partition(" ")[0]
    if not text or (first.islower() and not _may_open_names(first)):
        return []
    byline = parse_byline(text, language)
    return [Credit(c.name, role, c.location) for c in byline.credits if c.role != "initials"]


def _read_line(line: str, language: str | None) -> list[Credit]:
    """Credits of one paragraph, [] when it is copy."""
    found: list[Credit] = []
    if "@" in line:
        line = _ADDRESS.sub("", line)
    first = _FIRST_WORD.match(line)
    if first is not None and first[1].casefold() in _OPENERS and _LINE_OPENS.match(line):
        matches = list(_PHRASES.finditer(line))
        for number, match in enumerate(matches):
            role = _ROLE_WORDS[int((match.lastgroup or "r0")[1:])][0]
            end = matches[number + 1].start() if number + 1 < len(matches) else len(line)
            clause = line[match.end() : end]
            clause = _AFTERTHOUGHT.sub("", clause)
            full_stop = _SENTENCE_TAIL.search(clause)
            if full_stop:
                clause = clause[: full_stop.start()]
            found.extend(_credits_of(clause, role, language))
    elif ("ontribu" in line or "mitgearb" in line) and _CONTRIBUTED_TO.search(line):
        sentence = _CONTRIBUTED.search(line)
        if sentence is not None:
            names = sentence["names"]
            names = names.rsplit(". ", 1)[-1] if ". " in names and len(names) > 200 else names
            opening = _WRITERS.match(names)
            names = names[opening.end() :] if opening else names
            found.extend(_credits_of(names.strip(" -–—("), "contributor", language))
    return found


def read_credits(body: str, language: str | None) -> tuple[Credit, ...]:
    """People credited in the last paragraphs of the copy.

    Args:
        body: the copy.
        language: of the story, BCP 47.

    Returns:
        Everyone with role and place, in printed order. Never raises; looks at the last paragraphs only.
    """
    primary = primary_language(language)
    lines: list[str] = []
    end = len(body)
    for _ in range(LAST_PARAGRAPHS):
        start = body.rfind("\n", 0, end) + 1
        if end - start <= LONGEST_CREDIT:
            line = body[start:end].strip()
            if len(line) > 6:
                lines.append(line)
        elif body[start:end].rstrip().endswith(")"):
            # the credits stand in brackets at the end of the last paragraph
            bracket = body.rfind("(", max(start, end - LONGEST_CREDIT), end)
            if bracket > 0:
                lines.append(body[bracket:end].strip())
        if start == 0:
            break
        end = start - 1
    found: list[Credit] = []
    for line in reversed(lines):
        if ":" in line or " " in line:
            credited = _read_line(line, primary)
            if not credited and line.endswith((")", ")).")):
                bracket = line.rfind("(")
                credited = _read_line(line[bracket:], primary) if bracket > 0 else []
            found.extend(credited)
    return tuple(dict.fromkeys(found))
