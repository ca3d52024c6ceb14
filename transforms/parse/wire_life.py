"""What a text says of its own life: kills, withdrawals, holds and embargoes, as agencies print them.

A format without fields for it says in words that a story is dead or not yet free. The words are those of a convention,
at the place where it puts them: an advisory opens its message, an embargo stands on a line of its own above the copy.
An embargo whose end cannot be read is one all the same: the story is held.

Sources: the advisories of AP (``A kill is mandatory``, advances), Reuters (``HOLD HOLD HOLD``) and dpa (``Sperrfrist``,
``Meldung … streichen``), and the same sentences in the languages of the other agencies and of press releases.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from schemas.item import NewsItem
from transforms.parse.date_words import MONTHS
from transforms.parse.editor_notes import part_notes
from transforms.parse.elements import join_lines, unique
from transforms.parse.text import one_line

if TYPE_CHECKING:  # agency documents obey their notes
    from transforms.parse.agency_document import Clock

_NUMBER = r"((?:[a-z]{2,8}\s*)?\d{1,8}|[a-z]{1,4}\d{3,5})\b"
_SERVICE_NUMBER = (
    r"((?:dpa|apa|afp|ap|sda|ats|efe|ansa|lusa|reuters|belga|anp|ntb|tt|stt|ritzau|pap|tass)\s*\d{1,5}|"
    r"[a-z]{1,4}\d{3,5}|0\d{2,4})\b"
)
_CYCLE_SLUG = r"((?:BC|AM|PM)-[\w&/'.-]*\w(?: [A-Z][\w&/'-]*)*)"

_KILL = re.compile(
    r"\bKILL(?:[\s,.!/-]+KILL)+\b|\b(?:MANDATORY KILL|KILL IS MANDATORY|STORY (?:KILLED|WITHDRAWN)|ITEM WITHDRAWN)\b|"
    r"(?i:\ba kill is mandatory\b)|"
    r"(?m:^\W*(?:ANNULATION|ANULACIÓN|ANULACION|ANNULLAMENTO|ANULAÇÃO|ZURÜCKZIEHUNG|WITHDRAWAL)\W*$)|"
    r"\b(?:MELDUNG (?:ZURÜCKGEZOGEN|GESTRICHEN)|DÉPÊCHE ANNULÉE|DEPECHE ANNULEE|NOTICIA ANULADA|NOTIZIA ANNULLATA)\b"
)
_KILL_ITEM = re.compile(
    r"(?im)(?:^\W{0,4}|[.!?:]\s+)"
    r"(?:(?:please|bitte|eds?:|editors:?|achtung[:!]?|merci d['e]\s?|veuillez|prière d['e]\s?|se ruega|rogamos|"
    r"por favor,?|si prega di)\s+)?(?:"
    r"(?:kill|withdraw|disregard|streichen sie|annule[rz]|annulation de|supprimer|anulen|anular|eliminen|annullare|"
    r"annullate)\s+(?:(?:the|our|die|la|notre|nuestra)\s+)?"
    r"(?:item|story|message|meldung|dépêche|depeche|noticia|nota|notizia)\s+(?:n[°ºo.]{1,2}\s*)?"
    rf"{_NUMBER}|"
    rf"(?:\w+[:!]\s+)?(?:(?:the|die|la)\s+)?(?:item|story|message|meldung|dépêche|noticia|notizia)\s+{_SERVICE_NUMBER}"
    r"[^\n.]{0,60}?\s"
    r"(?:streichen|zurückziehen|zurückgezogen|gegenstandslos|hinfällig|(?:is|was|has been) (?:killed|withdrawn)|"
    r"(?:est|a été) annulée|(?:queda|ha sido) anulada|(?:è|è stata) annullata)\b|"
    r"\w{2,12} (?:zieht|withdraws|annule|anula|annulla) "
    rf"(?:die meldung|item|story|la dépêche|la noticia|la notizia)\s+{_NUMBER})"
)
_KILL_SLUG = re.compile(r"(?m)[,-] ?KILL[ \t]*(?:,|<|$)")
_KILL_NAMED = re.compile(rf"(?:\bslugged|(?m:^|[.:]\s)\(?[Kk](?:ill|ILL))\s+{_CYCLE_SLUG}")
_KILL_SLUGGED = re.compile(r"\bslugged\s+([A-Z]{2}[\w&/'-]*-[\w&/'-]*\w(?: [A-Z][\w&/'-]*)*)")
_HOLD = re.compile(r"\bHOLD(?:[\s,.!/-]+HOLD)+\b")

_WEEKDAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|"
    r"(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|[a-z]{3,4}\.? \d)"
_WHEN = rf"(?:\d|{_WEEKDAY}|{_MONTH})"
_EMBARGO = re.compile(
    r"(?im)^\W{0,6}(?:"
    r"(?:strictly\s+|strictement\s+)?(?:under\s+|sous\s+|onder\s+|unter\s+|bajo\s+|sotto\s+)?(?:"
    r"embargoed\s+(?:until|till|to|for)\b|"
    r"embargo\s+(?:until|till|jusqu\W\w+|hasta|fino|sino|tot|til|bis|até|do)\b(?!\s+be\b))|"
    r"(?-i:(?:STRICTLY\s+)?(?:UNDER|SOUS|ONDER|UNTER|BAJO|SOTTO)\s+EMBARGO)\b|"
    r"(?-i:EMBARGOED)\b(?=\s*(?:[:–—-]|$))|"
    r"(?-i:EMBARGO)\s*:(?=[^\n]*\d)|(?-i:EMBARGO)\b[^\w\n]*(?=\d)|"
    rf"(?:achtung[:,!]?\s+)?(?:sperrfrist|sperrefrist)\s*(?=[:\d)]|(?:bis|ab|endet|til|inntil)\b|{_WEEKDAY})|"
    r"(?-i:SPERRFRIST)\b|"
    r"embargad[oa]\s+(?:hasta|até)\b|эмбарго\s+до\b|"
    r"(?:not|hold)\s+for\s+release\s+(?:until|till|before)\b|"
    rf"(?-i:(?:HOLD )?FOR RELEASE)\s*:?\s*(?:(?:ON|AT|AFTER|UNTIL)\s+)?(?={_WHEN})|"
    rf"(?-i:ADVANCE FOR)\s+(?:(?:USE|RELEASE)\s+)?(?:ON\s+)?(?={_WHEN})|"
    r"not\s+for\s+(?:publication|broadcast|use)\s+(?:before|until)\b|"
    r"(?:not\s+to\s+be|do\s+not)\s+(?:publish(?:ed)?|used?|broadcast|released?)\s+(?:before|until)\b|"
    rf"frei\s+(?:ab|für)\s+(?=(?:\d{{1,2}}(?:[.:]\d\d)?\s*uhr|{_WEEKDAY}))|"
    r"(?:nicht|keine)\s+(?:veröffentlichung\s+)?vor\s+(?=[^\n]*\d[^\n]*(?:veröffentlich|uhr))|"
    r"(?:ne\s+pas\s+(?:publier|diffuser|utiliser)|publication\s+interdite|diffusion\s+interdite)\s+avant\b|"
    r"no\s+(?:publicar|difundir)\s+(?:antes|hasta)\b|não\s+publicar\s+antes\b|"
    r"non\s+(?:pubblicare|diffondere)\s+prima\b|(?:vietata|proibita)\s+la\s+(?:pubblicazione|diffusione)\s+prima\b|"
    r"niet\s+publiceren\s+v[oó]{1,2}r\b|klausul(?:eret)?\s+(?:til|till|indtil)\b|får\s+(?:ej|inte)\s+publiceras\s+före\b|"
    r"(?:julkaisuvapaa|julkaistavissa)\b(?=[^\n]*\d)|не\s+публиковать\s+до\b"
    r")[ \t:]*([^\n]{0,150})$"
)
_LIFTED = re.compile(
    r"\b(?:lifted|expired|aufgehoben|abgelaufen|levée?|levantado|tolt[ao]|opgeheven|hævet|hävt|no longer applies)\b",
    re.IGNORECASE,
)
_NONE = re.compile(r"[:\s](?:keine?r?|none|n/a|nein|no|entfällt|aucun|ninguno|nessuno|geen|-+)[\s.)]*$", re.IGNORECASE)
"""What a form prints behind the word when there is no embargo."""

# fmt: off
_LIFE_WORDS = (
    "kill", "withdr", "disregard", "streich", "zurück", "hinfällig", "gegenstandslos", "annul", "anul", "elimine",
    "supprim", "embarg", "sperrfrist", "sperrefrist", "for release", "advance for", "not to be", "do not", "not for",
    "frei ab", "frei für", "nicht vor", "veröffentlichung vor", "ne pas", "interdite avant", "no publicar",
    "no difundir", "não publicar", "non pubblicare", "non diffondere", "vietata", "proibita", "niet publiceren",
    "klausul", "publiceras", "julkais", "эмбарго", "не публиковать", "hold", "slugged",
)
# fmt: on
"""One of these stands in every wording above; most copy has none, and looking for them is cheap."""

_EMBARGO_CHARS = 600  # an embargo stands above the copy
_EMBARGO_LINES = 4  # lines at the top of a text among which its embargo is looked for when it is parted from the copy
_HOUR = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_CLOCK = re.compile(
    r"(?:\b(?:à|um|at|alle|ore|las|às|om|kl\.?)\s+)?"
    r"\b(?:(\d{1,2})\s?h\s?(\d\d)?|(\d{1,2})(?:[.:](\d\d))?\s*(?:uhr|horas?|hrs|ore))\b",
    re.IGNORECASE,
)
"""An hour as agencies write it outside English (``à 18h00``, ``18 Uhr``), which no date has."""

_THEREAFTER = re.compile(r",? and thereafter\b.*", re.IGNORECASE)
"""AP's advances are free from the day on that they name; any other embargo without an hour is unreadable."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d\d\b")
_DAY_MONTH = re.compile(r"\b\d{1,2}\.\d{1,2}\.(?!\d)")
_LONG_PAST = timedelta(days=180)  # an embargo that seems older than its text by half a year ends in the next one
_LAST_ZONE = timedelta(hours=12)  # UTC-12: there a local time comes last
_LIFE_CHARS = 1500  # an advisory opens the message that it is


@dataclass(frozen=True, slots=True)
class Life:
    """What an advisory does to a story.

    Attributes:
        status: usable, withheld or canceled.
        signals: ``kill`` or ``hold``.
        kill_target: the item that is named as killed, as printed: a number or a slug.
        embargo: what is printed of an embargo's end, an empty text when the line gives none; None without an embargo.
    """

    status: str = "usable"
    signals: tuple[str, ...] = ()
    kill_target: str | None = None
    embargo: str | None = None


def read_life(head: str, body: str | None = None) -> Life:
    """What headline, keyword line and the opening of the copy say of the story's life.

    Args:
        head: header lines, keyword line and headline, as printed.
        body: the copy; only its opening counts.
    """
    opening = f"{head}\n{(body or '')[:_LIFE_CHARS]}"
    lower = opening.lower()
    if not any(word in lower for word in _LIFE_WORDS):
        return Life()
    target = _KILL_ITEM.search(opening) or _KILL_NAMED.search(opening)
    if target or _KILL.search(opening) or _KILL_SLUG.search(head):
        target = target or _KILL_SLUGGED.search(opening)
        named = next((group for group in target.groups() if group), None) if target else None
        return Life("canceled", ("kill",), one_line(named) if named else None)
    embargo = _EMBARGO.search(f"{head}\n{(body or '')[:_EMBARGO_CHARS]}")
    none = embargo is None or _LIFTED.search(embargo[0]) or _NONE.search(embargo[0])
    told = one_line(embargo[1]) if embargo and not none else None
    if _HOLD.search(opening):
        return Life("withheld", ("hold",), embargo=told)
    return Life(embargo=told)


def announces_embargo(line: str) -> bool:
    """Whether a line says until when a story is under embargo."""
    return _EMBARGO.match(line) is not None


def split_embargo(text: str) -> tuple[str, str | None]:
    """Part copy from the line above it that says until when it is under embargo.

    Returns:
        The copy, and that line; None when no line at the top says so.
    """
    lines = text.split("\n")
    full = [at for at, line in enumerate(lines) if line.strip()][:_EMBARGO_LINES]
    for at in full:
        if announces_embargo(lines[at]):
            return "\n".join([*lines[:at], *lines[at + 1 :]]), one_line(lines[at])
    return text, None


def read_embargo(life: Life, clock: "Clock", about: datetime | None = None) -> tuple[datetime | None, str | None]:
    """When a printed embargo ends, in UTC, or what is printed of it when no moment can be read.

    Args:
        life: what the text says.
        clock: a time without a zone is taken in the source's; without one of these where it comes last, so that
            nothing is shown too early.
        about: when the text was sent; a date without a year is the next one from there.
    """
    if life.embargo is None:
        return None, None
    told = _CLOCK.sub(lambda hour: f"{hour[1] or hour[3]}:{hour[2] or hour[4] or '00'}", life.embargo)
    told, whole_day = _THEREAFTER.subn("", told)
    moment, source = _dated(told, clock, about)
    if moment is None or (source != "published" and not whole_day and not _HOUR.search(told)):
        return None, life.embargo or "embargoed"
    zoned = source == "published" or clock.zone is not None or clock.stated is not None
    return moment + (timedelta() if zoned else _LAST_ZONE), None


def _dated(told: str, clock: "Clock", about: datetime | None) -> tuple[datetime | None, str | None]:
    """A printed moment; where its year is missing, in the year of the text or, long before it, in the next one."""
    if _YEAR.search(told):
        return clock.dated(told)
    if about is None:
        return None, None
    moment, source = clock.dated(_in_year(told, about.year))
    if moment is not None and moment < about - _LONG_PAST:
        moment, source = clock.dated(_in_year(told, about.year + 1))
    return moment, source


def _in_year(told: str, year: int) -> str:
    """A day and month with their year: behind the dots of ``23.01.``, else at the end, when a month is named."""
    if _DAY_MONTH.search(told):
        return _DAY_MONTH.sub(rf"\g<0>{year}", told, count=1)
    return f"{told} {year}" if any(word.casefold().rstrip(".,") in MONTHS for word in told.split()) else ""


def obey_notes(item: NewsItem, clock: "Clock") -> NewsItem:
    """An item as its notes to editors would have it: private notes out of the body, what they order done.

    Args:
        item: with the status and the embargo that fields of its format state; these win.
        clock: reads a printed time.

    Returns:
        The item; its notes may kill, withhold or embargo a story that its fields call usable.
    """
    if item.body:
        body, notes = part_notes(item.body)
        if notes:
            item = replace(item, body=body, editorial_note=join_lines(item.editorial_note, *notes))
    if item.editorial_note is None:
        return item
    life = read_life(item.editorial_note)
    if life == Life():
        return item
    if item.status == "usable" and life.status != "usable":
        signals = unique((*item.signals, *life.signals))
        item = replace(item, status=life.status, signals=signals, kill_target=item.kill_target or life.kill_target)
    if item.embargo_until is None and item.embargo_raw is None:
        until, raw = read_embargo(life, clock, item.published)
        item = replace(item, embargo_until=until, embargo_raw=raw)
    return item
