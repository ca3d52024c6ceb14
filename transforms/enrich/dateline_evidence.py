"""Whether what looks like a dateline is one: the rules and their reasons."""

import re
from dataclasses import dataclass

from schemas.fast_init import fast_init
from transforms.enrich.dateline_tokens import DASH, is_caseless, is_upper
from transforms.enrich.gazetteer import Location
from transforms.enrich.gazetteer_fame import LANGUAGE_COUNTRIES
from transforms.enrich.gazetteer_format import weight_of
from transforms.enrich.place_keys import place_key

_LABELS = """
update updated breaking exclusive video watch photo photos pictures opinion editorial analysis review column comment
feature profile interview live news sport sports weather related correction corrected clarification note warning
alert urgent developing just report reports read more advertisement sponsored media summary background explainer
factbox timeline podcast gallery spoiler spoilers reading best nice bath mobile normal most split orange speed hope
young love man male of as same home independence enterprise liberty union commerce progress price energy welcome
advance superior surprise paradise eclair buy sale new date time rights why what who how where when yes no hello
thanks question answer poll quiz recipe tip tips tech science health business world politics culture music film
movies books games travel food style arts fashion money market brent gold silver copper oil wheat corn coffee sugar
cocoa cotton rice rubber tin cricket tennis football rugby soccer golf boxing cycling racing basketball baseball
hockey athletics swimming sailing rowing skiing fencing judo chess darts snooker markets stocks jobs cars auto
property education society religion history nature environment climate local national international eilmeldung
aktuell meinung kommentar analyse hintergrund bericht achtung korrektur info foto bild wetter kultur wirtschaft
politik vorsicht neu liveticker actualité vidéo direct entretien portrait reportage édito monde economie société
última ultima hora vídeo exclusiva opinión análisis entrevista deportes cultura mundo economía actualidad esclusiva
hollywood broadway wembley anfield africa asia europe america orion apollo gemini luna bourse exclusif fråga
aggiornamento intervista opinione cronaca economia срочно видео фото молния обновлено эксклюзив мнение
"""
LABELS = frozenset(_LABELS.split()) | {
    "wall street",
    "white house",
    "capitol hill",
    "downing street",
    "scotland yard",
    "old trafford",
    "san siro",
    "rio tinto",
}
"""Words that open lines in capitals and also are places somewhere."""

VILLAGE, TOWN, CITY = weight_of(1_000), weight_of(15_000), weight_of(250_000)
"""Thresholds of size for a place without agency, date or region. CITY: for names of up to four letters, which in
capitals are mostly initials. TOWN: for names that are not all capitals in a language not spoken there."""
SHORT_NAME = 4
MAX_PLACE_WORDS = 6


@fast_init
@fast_init
@dataclass(frozen=True, slots=True)
class Reading:
    """What the grammar read, for weighing.

    Attributes:
        place: the first place, or None.
        region: printed after it.
        known_region: whether we know the region.
        in_brackets: whether it stands in brackets.
        place_count: how many places.
        location: where the first lies, when known.
        has_date: a date is printed.
        has_year: with its year.
        has_agency: a known agency is printed.
        bracketed: in brackets or strokes.
        separator: what was printed before the story.
        body: how the story begins.
        language: BCP 47.
    """

    place: str | None
    region: str | None
    known_region: bool
    in_brackets: bool
    place_count: int
    location: Location | None
    has_date: bool
    has_year: bool
    has_agency: bool
    bracketed: bool
    separator: str
    body: str
    language: str | None


def believe(reading: Reading, *, strict: bool = False) -> bool:
    """Decide whether a reading is a dateline.

    Args:
        reading: what the grammar read.
        strict: inside running text (after a byline), where only strong evidence counts.

    Returns:
        True when it is one.
    """
    place = reading.place
    if place is None:
        return False
    caps = is_upper(place)
    known = reading.location is not None and reading.location.latitude is not None
    dash = bool(DASH.search(reading.separator))
    closed = dash or ":" in reading.separator or "：" in reading.separator
    if strict and not known and not reading.known_region:
        return False
    if reading.has_agency:
        return _with_agency(reading, caps=caps, known=known, closed=closed)
    if reading.has_date:
        if reading.has_year and not caps and reading.body[:1].islower():
            return False  # ``Berlin, 9 November 1989 - a night …``
        stopped = closed or (reading.separator.strip() == "." and (caps or reading.has_year)) or not reading.body
        if not stopped or (place.casefold() in LABELS and not reading.known_region):
            return False
        return known or (caps and (dash or reading.known_region)) or (reading.known_region and dash)
    return (not strict and _bare(reading, caps=caps, known=known, dash=dash)) or (
        strict and caps and known and reading.known_region and dash
    )


def _with_agency(reading: Reading, *, caps: bool, known: bool, closed: bool) -> bool:
    place = reading.place or ""
    if place >= "\u2e80" and not closed and not reading.has_date:
        return False  # ``纳米比亚（Namibian）总统…``: without spaces a bracket alone closes nothing
    if known or reading.known_region or (reading.has_date and reading.bracketed):
        return True
    if caps and len(place.split()) <= MAX_PLACE_WORDS:
        return closed or reading.bracketed or reading.has_date
    # An unknown village, or a script without capitals: then the separator has to be there.
    return (closed or reading.has_date) and len(place.split()) <= 4


_IS_FIXTURE = re.compile(
    r"(?:[A-ZÀ-Þ0-9][\w.'’-]*\s){0,3}[A-ZÀ-Þ][\w.'’-]*\s?\d{1,2}\s?[:–-]\s?\d|[A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w'’-]+)?"
    r"(?:\s?:\s|\s\(\d\d?[.:]\d\d)|\d{1,2}[.:]\d\d\b"
)
"""What is no story behind a place and a dash: a match's other side with its score, the other end of a line."""

_IS_APPOSITION = re.compile(
    r"[^-–—.:]{3,60}\s[-–—]{1,2}\s(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|does|did|wants?|"
    r"says?|said|ist|sind|war|waren|hat|hatte|haben|wird|werden|soll|will|kann|muss|est|sont|a|ont|va|sera|es|está|ha|fue|"
    r"è|é|foi|tem|heeft|wordt|är|er|har)\s"
)
"""What is no story either: an apposition between dashes, after which the sentence that the place began goes on."""

_COLON_COUNTRIES = frozenset(["IN", "PK", "BD", "NP", "LK"])
"""Where papers open copy with a city and a colon, not in capitals either."""
_SWAHILI = frozenset(["TZ", "KE"])

_FRAGMENT = re.compile(r"(?:\S+\s)?\S*[^\W\d_]{2}[.!?](?:\s|$)")
"""What is no lead behind a full stop: ``Essen. Trinken. Reden.``"""
_SENTENCE = re.compile(
    r"(?:The|An?|In|On|At|It|He|She|They|This|That|These|Some|Many|More|Most|After|As|When|For|With|Two|Three|Four|Five|Six"
    r"|Seven|Eight|Nine|Ten)\s[a-z]+\s[a-z]"
)
"""How a sentence begins, and no name does: ``HOUSTON The oil company …``, not ``CHICAGO The Musical``."""
_NOUNS = "Weiden Worms Regen Singen Baden Wald Leer Norden Lage Hof Bergen Burg Kamen Linden"
_ALSO_NOUNS = frozenset(_NOUNS.split())
"""German towns that are words, too."""


def _bare(reading: Reading, *, caps: bool, known: bool, dash: bool) -> bool:
    """A place alone, without agency or date."""
    place, location, body = reading.place or "", reading.location, reading.body
    if not body or body[0].islower() or location is None:
        return False  # a story begins with a capital, a figure or a quotation mark
    if _IS_APPOSITION.match(body):
        return False  # ``Glasgow - Scotland's largest city - is …``
    if _IS_FIXTURE.match(body):
        return False  # ``Manchester City - Real Madrid 3:1``, ``Hamburg - Köln: …``
    colon = ":" in reading.separator
    stop = reading.separator.strip() == "." and _FRAGMENT.match(body) is None
    starts = caps and reading.separator == " " and _SENTENCE.match(body) is not None
    spoken = location.country in LANGUAGE_COUNTRIES.get((reading.language or "")[:2].lower(), ())
    if reading.known_region and (known or caps):
        if reading.in_brackets and not (known and dash):
            return False  # ``CHICAGO (AL) - Placed a pitcher …``: a league, not a state; ``Wellington (NZ): …``
        abbreviated = (reading.region or "").endswith(".") and caps
        spaced = caps and reading.separator.isspace() and not (location.is_country and known)
        return dash or colon or (known and "|" in reading.separator) or (spaced and (known or abbreviated))
    if not known or place.casefold() in LABELS:
        return False
    letters = sum(c.isalpha() for c in place)
    if caps:
        if letters <= SHORT_NAME and location.weight < CITY:
            return False
        if letters <= 3 and (colon or letters <= SHORT_NAME):
            return False
        if location.is_country and not location.own_name:
            return False  # ``CHINA: Why …``, ``US: Jobless claims …``: about a country, not from it
        if dash:
            return location.weight >= VILLAGE or reading.place_count > 1
        if colon:
            return location.weight >= TOWN
        if starts:
            return location.own_name and location.weight >= TOWN and letters > SHORT_NAME
        return stop and location.weight >= (VILLAGE if letters > SHORT_NAME else CITY)
    if location.is_country and not location.own_name:
        return False  # ``Poland - a large …``
    if stop and (reading.language or "")[:2] == "de":
        # German regional papers: ``Rom. Der Papst …``, ``Kiew/Moskau. Die Angriffe …``
        return (location.own_name or reading.place_count > 1) and (
            location.weight >= CITY or (spoken and location.weight >= TOWN and place not in _ALSO_NOUNS)
        )
    if is_caseless(place):
        # ``কলকাতা: …`` is how papers of India open copy; ``دبي: أين تذهب؟`` is a heading
        return (dash or (colon and "\u0900" <= place < "\u0e00")) and location.weight >= TOWN
    if colon and location.country in _COLON_COUNTRIES:
        return location.own_name and location.weight >= CITY and len(place) > SHORT_NAME  # ``New Delhi: The court …``
    if stop and (reading.language or "")[:2] == "sw":
        return location.country in _SWAHILI and location.own_name and location.weight >= TOWN
    if not any(map(str.isspace, reading.separator)):
        return False  # ``The Windsor–Detroit bridge``
    own = location.own_name or (spoken and place_key(location.name).startswith(f"{place_key(place)} "))
    return dash and own and (location.weight >= TOWN or spoken)
