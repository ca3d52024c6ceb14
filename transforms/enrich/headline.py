"""Markers that a wire puts before or behind a headline: ``UPDATE 2-``, ``(LEAD)``, ``EILMELDUNG:``, ``[속보]``.

A marker is a word of the table below that stands apart from the headline: in brackets, or with a separator (colon,
dash, bar, slash, plus signs), at either end. The same word as part of a sentence (``Update on …``, ``URGENT appeal``,
``Lead-based paint``) is none. Section tags (``SOCCER-``, ``PRECIOUS-``) say what a story is about and stay.

Without a separator (``EILMELDUNG Minister tritt zurück``) print itself must show where the headline begins: the marker
stands in capitals, what follows begins with a capital and does not go on in capitals, and the word is none that joins
the next one to a name (``FLASH Gordon``, ``ALERTE Enlèvement``, ``BREAKING Bad``).

Sources: Reuters Handbook of Journalism (UPDATE, CORRECTED, REFILE, RPT, WRAPUP, BRIEF, product tags), AP's ANPA
keyword line (BC-, Ld-Writethru), and the public conventions of Yonhap, Kyodo, Xinhua, dpa, AFP, EFE, Europa Press,
Lusa, ANSA, ANP, NTB, TT, STT, PAP, Anadolu and TASS.
"""

import re
from dataclasses import dataclass

MOST_MARKERS = 6
"""``RPT-CORRECTED-UPDATE 2-`` has three; more than six never stood on one headline."""

LONGEST_MARKER = 40
"""Characters before the separator; a longer opening is part of the headline."""

_TABLE = {
    "update": (
        "update updated updates actualiza actualización actualizacion actualizado actualizada ampliación ampliacion "
        "ampliado ampl amp atualiza atualização atualizacao atualizada atualizado actualisé actualise actualisation "
        "maj aktualisiert aktualisierung neufassung aggiornamento aggiornato opdatering opdateret oppdatert "
        "oppdatering uppdatering uppdaterad uppdaterar päivitys päivitetty nyny aktualizacja aktualizováno "
        "aktualizácia güncelleme güncellendi обновлено обновление дополнено дополнение оновлено تحديث 更新 업데이트 "
        "mise\u00a0à\u00a0jour mise\u00a0a\u00a0jour ny\u00a0version adds recasts"
    ),
    "correction": (
        "correction corrected correct corrige corrigé rectif rectificatif rectification korrektur korr berichtigung "
        "berichtigt korrigiert corrección correccion corregido corregida corrige rectificación correção correcao "
        "corrigido rettifica errata errata\u00a0corrige correctie rectificatie gecorrigeerd rettelse rettet "
        "korrigering rättelse korjaus korjattu korekta oprava düzeltme исправление исправлено "
        "уточнение уточнено виправлено تصحيح "
        "更正 訂正 정정"
    ),
    "clarification": "clarification clarified précision aclaración esclarecimento klarstellung",
    "repeat": (
        "rpt repeat repeats repetition répétition wdh wdhlg wiederholung wiederholt repite repetición repeticion "
        "repetição ripetizione herhaling gentagelse gjentakelse repris повтор повтори tekrar 재송"
    ),
    "refile": "refile refiled refiles reedición reedição",
    "lead": "lead ld opener",
    "writethru": "writethru write-thru writethrough",
    "urgent": (
        "urgent urgente eilmeldung eil vorrang dringend spoed hast haster hastemelding pilne acil срочно "
        "терміново عاجل 긴급 έκτακτο εκτακτο"
    ),
    "alert": (
        "alert alerte alerte\u00a0info alerta flash newsflash snap bulletin newsalert news\u00a0alert newsbreak "
        "apnewsalert blitz blixt breaking breaking\u00a0news just\u00a0in developing "
        "pikauutinen última\u00a0hora ultima\u00a0hora ultim'ora ultimora "
        "dernière\u00a0minute son\u00a0dakika son\u00a0dakïka молния 快讯 快訊 突发 突發 速報 속보 1보"
    ),
    "kill": "kill kill\u00a0kill\u00a0kill mandatory\u00a0kill story\u00a0kill",
    "withdrawn": (
        "withdrawn withdrawal story\u00a0withdrawn story\u00a0removed retracted retraction zurückgezogen retiré "
        "retirado ritirata ingetrokken"
    ),
    "wrapup": (
        "wrapup wrap-up roundup gesamt-roundup zusammenfassung zf überblick synthèse synthese resumen resumo rsm "
        "summary 종합"
    ),
    "brief": "brief",
    "analysis": "analysis analyse análisis análise analisi analiz анализ",
    "exclusive": "exclusive exclusif exklusiv exclusiva exclusivo esclusiva 단독 独家 獨家",
    "factbox": "factbox fact\u00a0box",
    "instant-view": "instant\u00a0view",
    "explainer": "explainer",
    "timeline": "timeline",
    "preview": "preview vorschau avance previa",
    "interview": "interview",
    "feature": "feature",
    "insight": "insight",
    "newsmaker": "newsmaker",
    "special-report": "special\u00a0report",
    "advisory": "advisory",
    "new": "neu",
}

_EXTRA_SIGNALS = {"refile": ("refile", "correction")}

_WORDS: dict[str, str] = {
    word.replace("\u00a0", " "): signal for signal, words in _TABLE.items() for word in words.split(" ")
}

_MIXED_CASE = frozenset(
    """
    update updated correction corrected korrektur berichtigung aktualisiert eilmeldung eil rectificatif urgent
    corrigé actualisé actualización corrección atualizada corregido corrigido urgente rettifica rettelse
    rättelse opdatering opdateret oppdatert uppdatering uppdaterad korrigering päivitys korjaus korekta
    aktualizacja pilne correctie rectificatie roundup обновлено исправлено срочно молния повтор news retraction
    retracted ultim'ora ultimora writethru flash wdh spoed hast rpt refile breaking newsflash rectificación
    rectification atualização correção ampliación aggiornamento actualisation clarification klarstellung ampl
    """.split(),  # noqa: SIM905 -- a table of words
) | {"breaking news", "news alert", "última hora", "son dakika", "mise à jour", "dernière minute"}
"""Words that are labels before a colon or a spaced dash in any case; the others only in capitals (``ANALYSIS-``)."""

_HYPHEN_JOINS = frozenset(
    ["lead", "ld", "kill", "flash", "new", "adds", "snap", "hast", "alert", "amp", "neu", "maj", "eil"]
)
"""Words that often make a compound: a tight hyphen behind them proves nothing in a headline of capitals only."""

_ONLY_APART = frozenset(["eil", "hast", "snap", "neu"])
"""Words that are the first half of so many compounds (``EIL-Antrag``) that a tight hyphen is never a separator."""

_UNSEPARATED = frozenset(
    [
        *("eilmeldung", "eil", "urgent", "urgente", "haster", "hast", "spoed", "pilne", "срочно", "молния", "acil"),
        *("breaking news", "news alert", "alerte info", "última hora", "dernière minute", "son dakika", "ultim'ora"),
        *("exclusive", "exclusif", "exklusiv", "exclusiva", "esclusiva", "corrected", "kill kill kill"),
    ]
)
"""Words that are markers also without a separator, where print shows that the headline begins behind them."""

_ADJECTIVES = frozenset(["urgent", "urgente", "exclusive", "exclusif", "exclusiva", "esclusiva", "corrected"])
"""Those of them that may go with a noun in capitals (``URGENT CARE centre``)."""

_CASELESS = re.compile(
    r"(?:(快讯|快訊|突发|突發|速報)(?:[!！.…。]+\s*|\s+)|(عاجل)[!.…]+\s*)(?=\S)",
)
"""The same in scripts without capitals: there a stop sets apart, and a space where words have none between them."""

_LONGEST_ACRONYM = 4
"""Letters of a word in capitals that may begin a headline (``NATO``); a longer one continues words in capitals."""

_BRACKETS = {"(": ")", "[": "]", "＜": "＞", "【": "】", "（": "）", "〔": "〕", "［": "］", "<": ">", "《": "》"}

_LABEL = re.compile(
    r"(?P<label>(?i:gesamt-roundup|write-thru|wrap-up)(?: \d{1,2})?|[^\W\d_][^:|+\n]{0,38}?)"
    r"(?P<separator>\s*[:：|]\s*|\s*\+{2,}\s*|\s+\+\s+|\.-\s*|\s+[-–—_]{1,2}\s+|[-–—]{1,2}|\s*/{1,2}\s*)",
)
_FRAME = re.compile(r"(?P<mark>[*=/#]{1,3})\s*(?P<label>[^*=/#\n]{2,40}?)\s*(?P=mark)\s*")
_TAKE_ALONE = re.compile(
    r"(?P<label>(?:UPDATE|LEAD|WRAPUP|ROUNDUP) \d{1,2}|\d{1,2}(?:ST|ND|RD|TH) (?:LD|LEAD))\s+(?P<rest>\S.*)"
)
_NUMBERED = re.compile(r"(?P<word>.*?\D)[\s-]*(?P<number>\d{1,2})\Z")
_TAKE = re.compile(
    r"(?P<take>\d{1,2}(?:st|nd|rd|th|er|e|[eè]me|\.)?[\s-]?(?:ld|lead|urgent|update|add)(?:[\s-]*(?:writethru|write-thru|sub|urgent))?)",
    re.IGNORECASE,
)
_TAKE_KEY = re.compile(rf"(?:{_TAKE.pattern}|(?:ld|lead)(?:[ -]?writethru)?|update \d{{1,2}}|writethru)", re.IGNORECASE)
_TAKE_HEAD = re.compile(_TAKE.pattern + r"(?:\s*[:：|]\s*|\s+[-–—]{1,2}\s+|\s*[-–—]{2}\s*|-(?=[A-Z]))", re.IGNORECASE)
_TAKE_TAIL = re.compile(r"(?:\s*,\s*|\s+[-–—]{1,2}\s*|--\s*)" + _TAKE.pattern + r"\s*\Z", re.IGNORECASE)
_TAIL = re.compile(r"(?:\s+[-–—]{1,2}\s*|\s*[|]\s*|--)(?P<label>[^\W\d_][^-–—|:()]{1,38})\s*\Z")
_CYCLE = re.compile(r"BC-(?=[A-Z0-9])|(?:AM|PM|AP)-(?=[^\s]*--|[^\n]*,\s*\d{1,2}(?:st|nd|rd|th)\s*Ld)")
_PLUSES = re.compile(r"\+{2,}\s*(?P<text>[^+\n].*?)\s*\+{2,}\Z")
_KOREAN = re.compile(r"(?:종합)?(?P<number>\d{0,2})보?\Z")
_SPACE = re.compile(r"\s+")
_LABEL_ENDS = re.compile(r"[:：|+/_–—-]")
_TAIL_BEGINS = re.compile(r"\s[-–—]|[|]|--")
_DIGIT = re.compile(r"\d")
_CLOSING = frozenset(_BRACKETS.values())
_SEPARATOR = re.compile(r"^(?:[快突速]|عاجل)|[-–—_:：|/+*=#＜(\[（【〔［<《,]")


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline and what its markers said.

    Attributes:
        text: without markers; as printed when nothing else would be left; None when none is given.
        signals: in the order of the markers, each once.
        take_key: the marker that numbers a take (``UPDATE 2``, ``2nd LD``, ``1st Ld-Writethru``), or None.
    """

    text: str | None
    signals: tuple[str, ...] = ()
    take_key: str | None = None


def take_signals(take: str | None) -> tuple[str, ...]:
    """What a document's own take key says: a lead, an update or a writethru of a story sent before.

    >>> take_signals("1stLd-Writethru"), take_signals("(BRISBANE)")
    (('lead', 'writethru'), ())
    """
    words = (take or "").strip("() ")
    if _TAKE_KEY.fullmatch(words):
        return tuple(_take_signals(words))
    return ()


def _key(word: str) -> str:
    """A word as the tables spell it."""
    return word.casefold().replace("’", "'").replace("i̇", "i")


def _take_signals(take: str) -> list[str]:
    low = take.casefold()
    signals = [name for name, part in (("lead", "ld"), ("lead", "lead"), ("update", "update")) if part in low]
    if "writethru" in low or "write-thru" in low:
        signals.append("writethru")
    if "urgent" in low:
        signals.append("urgent")
    return signals


def _read_label(label: str, *, apart: bool, alone: bool) -> tuple[list[str], str | None] | None:
    """What a label says, or None when it is no marker.

    Args:
        label: words that stand before a separator or in brackets.
        apart: brackets, colon or spaced dash set it apart; a tight hyphen may join a compound.
        alone: it is in brackets.
    """
    label = _SPACE.sub(" ", label.strip(" .*"))
    if not label or len(label) > LONGEST_MARKER:
        return None
    take = _TAKE.fullmatch(label)
    if take:
        return _take_signals(label), label
    if label[-1] == ")" and " (" in label:
        # CORRECTED (OFFICIAL)-
        label = label[: label.rindex(" (")]
    number = None
    word = label
    numbered = _NUMBERED.fullmatch(label)
    if numbered:
        word, number = numbered["word"].rstrip(" -"), numbered["number"]
    low = _key(word)
    signal = _WORDS.get(low)
    if signal is None:
        if alone and (low.startswith("종합") or low.endswith("보")) and _KOREAN.fullmatch(label):
            return ["wrapup" if low.startswith("종합") else "update"], label
        return _read_labels(low) if word == word.upper() else None
    capitals = word == word.upper()
    if not capitals and not ((apart and low in _MIXED_CASE) or (alone and signal not in {"kill", "feature", "new"})):
        return None
    signals = list(_EXTRA_SIGNALS.get(signal, (signal,)))
    key = label if number or signal in {"lead", "writethru"} else None
    return signals, key


def _read_labels(label: str) -> tuple[list[str], None] | None:
    """What several markers in a row say (``CORRECTED REPEAT-``), or None when one of the words is none."""
    words = label.split(" ")
    signals = [_WORDS.get(word) for word in words]
    if len(words) > 3 or len(words) < 2 or None in signals:
        return None
    return [each for signal in signals if signal for each in _EXTRA_SIGNALS.get(signal, (signal,))], None


def _strip_unseparated(text: str) -> tuple[str, list[str], str | None] | None:
    """A marker at the start that nothing sets apart but its capitals."""
    caseless = _CASELESS.match(text)
    if caseless:
        return text[caseless.end() :], [_WORDS[caseless[1] or caseless[2]]], None
    take = _TAKE_ALONE.match(text)
    label, rest = (take["label"], take["rest"]) if take else _opening_label(text)
    first = rest.split(None, 1)[0].strip("\"'«„“‘’”»¿¡:,") if rest else ""
    if not first[:1].isalnum() or first[:1].islower() or not any(c.islower() for c in rest):
        return None
    joins = len(first) > (1 if _key(label) in _ADJECTIVES else _LONGEST_ACRONYM) and first.isupper()
    read = None if joins else _read_label(label, apart=True, alone=True)
    return (rest, *read) if read else None


def _opening_label(text: str) -> tuple[str, str]:
    """The words in capitals that are a marker without a separator, and what follows; two empty texts without one."""
    words = text.split(None, 3) if text[:2].isupper() else []
    for count in range(len(words) - 1, 0, -1):
        label = " ".join(words[:count]).rstrip("!.…")
        if label.isupper() and _key(label) in _UNSEPARATED:
            return label, text.split(None, count)[count]
    return "", ""


def _strip_head(text: str) -> tuple[str, list[str], str | None] | None:
    """One marker at the start: the rest, its signals, its take key."""
    return _strip_separated(text) or _strip_unseparated(text)


def _strip_separated(text: str) -> tuple[str, list[str], str | None] | None:
    """One marker that a bracket or a separator sets apart."""
    closing = _BRACKETS.get(text[:1])
    if closing:
        if text[:11].casefold() == "(official)-":  # CORRECTED-(OFFICIAL)-: of a corrected release
            return text[11:], [], None
        end = text.find(closing, 1, LONGEST_MARKER + 2)
        found = _read_label(text[1:end], apart=True, alone=True) if end > 0 else None
        if found:
            return text[end + 1 :].lstrip(" :：-–—|"), *found
        return None
    if text[:2] == "++":
        framed = _PLUSES.match(text)
        inner = framed["text"] if framed else text.lstrip("+ ")
        return inner, [] if _LABEL.match(inner) and _strip_head(inner) else ["urgent"], None
    frame = _FRAME.match(text)
    if frame:
        found = _read_label(frame["label"], apart=True, alone=True)
        return (text[frame.end() :], *found) if found else None
    if not text[:1].isdigit() and not _LABEL_ENDS.search(text, 0, LONGEST_MARKER + 2):
        return None
    cycle = _CYCLE.match(text)
    if cycle:
        return text[cycle.end() :], [], None
    take = _TAKE_HEAD.match(text)
    if take:
        return text[take.end() :], _take_signals(take["take"]), take["take"]
    label = _LABEL.match(text)
    if label is None:
        return None
    rest = text[label.end() :]
    separator = label["separator"]
    if separator == ":" and rest[:1].isdigit() and label["label"][-1].isdigit():
        return None  # an hour: Update 14:30
    tight = separator in {"-", "–", "—", "/"}
    found = _read_label(label["label"], apart=not tight, alone=False)
    if found is None:
        return None
    if "++" in separator and rest.endswith("++"):
        rest = rest.rstrip("+ ")
    if tight and not label["label"][-1].isdigit():
        joins = label["label"].strip().casefold() in _HYPHEN_JOINS
        if rest[:1].islower() and (joins or "brief" not in found[0]) and not rest[1:2].isupper():
            return None
        if (joins and rest.upper() == rest) or _key(label["label"].strip()) in _ONLY_APART:
            return None
        if separator == "/" and found[0][0] not in {"wrapup", "repeat", "correction", "update"}:
            return None
    return rest, *found


def _strip_tail(text: str) -> tuple[str, list[str], str | None] | None:
    """One marker at the end."""
    take = _TAKE_TAIL.search(text) if _DIGIT.search(text) else None
    if take:
        return text[: take.start()], _take_signals(take["take"]), take["take"]
    for opening, closing in _BRACKETS.items() if text[-1:] in _CLOSING else ():
        if text.endswith(closing):
            start = text.rfind(opening, max(0, len(text) - LONGEST_MARKER - 2))
            found = _read_label(text[start + 1 : -1], apart=True, alone=True) if start > 0 else None
            return (text[:start].rstrip(), *found) if found else None
    tail = _TAIL.search(text) if _TAIL_BEGINS.search(text) else None
    found = _read_label(tail["label"], apart=True, alone=False) if tail else None
    return (text[: tail.start()], *found) if tail and found else None


def strip_markers(headline: str | None) -> Headline:
    """Take the markers off a headline and read them.

    Args:
        headline: as printed.

    Returns:
        The headline without them, their signals, the take key. Never raises, never returns an empty text for a
        headline that has one.

    >>> strip_markers("RPT-UPDATE 2-Gold slips").signals
    ('repeat', 'update')
    >>> strip_markers("Update on the flood").text
    'Update on the flood'
    """
    if headline is None:
        return Headline(None)
    text = headline.strip()
    if not text:
        return Headline(None)
    signals: list[str] = []
    key: str | None = None
    # without a separator, bracket or capitals there is no marker: most headlines end here
    marked = text[:2].isupper() or _SEPARATOR.search(text) is not None
    for strip in (_strip_head, _strip_tail) if marked else ():
        for _ in range(MOST_MARKERS):
            step = strip(text)
            if step is None:
                break
            rest, found, take = step
            signals.extend(found)
            key = key or take
            if not any(c.isalnum() for c in rest):
                break
            text = rest.strip()
    if not signals and text.isupper() and len(text) <= LONGEST_MARKER:
        # nothing but the marker: AFP and AP send such alerts
        alone = _read_label(text, apart=True, alone=True)
        if alone:
            signals, key = alone
    return Headline(text, tuple(dict.fromkeys(signals)), key)
