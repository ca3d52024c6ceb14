"""Labels of bylines (``By``, ``Artikel von``, ``作者：``), and the words that hand over to other roles (``Fotos:``)."""

import re
from functools import lru_cache

from transforms.enrich.byline_kinds import place_like
from transforms.enrich.byline_names import is_given_name, is_person
from transforms.enrich.byline_words import LOOSE_LABELS, PLACES

_BY = r"by|avec|mit|von|vom|par|por|via|от|door|av|af|oleh|di"
_NOUN = (
    r"(?:post\s+|article\s+|story\s+)?authors?|autor(?:/-?in(?:nen)?|:in(?:nen)?|\*in(?:nen)?|in|en|innen|e|es|a|as|i|ka)?|auteure?s?|autrice|"
    r"autori|författare|forfatter|kirjoittaja(?:t)?|yazar|szerző|автор(?:ы|и)?|писател|byline|reporter|journalist|korrespondent|redakteur(?:in)?|"
    r"texte?s?|texto|testo|tekst|teksti|текст|artikel|article|artículo|artigo|articolo|beitrag|bericht|kommentar|interview|entretien|"
    r"entrevista|intervista|analyse|analysis|opinion|essay|gastbeitrag|gastkommentar|leitartikel|kolumne|reportage|redazione|rédaction|"
    r"geschrieben|verfasst|veröffentlicht|erstellt|aufgezeichnet|publié|rédigé|redigé|[ée]crit|recueillis?|escrito|publicado|redactado|scritto|"
    r"pubblicato|geschreven|skrevet|skriven|published|posted|written|reported|compiled|submitted|contributed|created|produced|words|story|adapted|"
    r"column|op-ed|exclusive|(?:guest\s+)?post|guest\s+column|editorial|éditorial|opinión|opinião|updated|presented|hosted|report|review|commentary|dispatch|filed|gast-beitrag|intervista\s+a\s+cura|chronique|enquête|récit|critique|billet|crónica|columna|"
    r"kritik|rezension|glosse|porträt|protokoll|recension|anmeldelse|anmälan|kroniek|recensie|kirjoittanut|a\s+cura|mit\s+material|con\s+información|com\s+informações|haber|penulis|napsal(?:a)?|opracował(?:a)?|κείμενο|ρεπορτάζ"
)
_SIGNED = (
    r"as\s+told\s+to|letters?\s+to\s+the\s+editor|(?:das\s+)?(?:gespräch|interview)\s+führten?|die\s+fragen\s+stellten?|aufgezeichnet\s+hat|"
    r"entretien\s+réalisé\s+par|entrevista\s+realizada\s+por|rozmawia(?:ł|ła|li|ły)|opracowa(?:ł|ła|li)|przygotowa(?:ł|ła)|"
    r"rozhovor\s+ved(?:l|la)|připravil[ai]?|бесед(?:овал|овала|овали)|подготовил[аи]?|записал[аи]?|розмовлял[аи]?|"
    r"with\s+(?:files|inputs?|reporting)\s+from|söyleşi|derleyen|hazırlayan"
)
"""Verbs that hand a story to who signs it, without a preposition."""
_ARTICLE = (
    r"eine?\s+[^\W\d_][\w-]+\s+von|une?\s+\w+\s+(?:de|par)|una?\s+\w+\s+(?:de|por|di)|uma?\s+\w+\s+(?:de|por)|"
    r"un['’]\w+\s+(?:de|di|par)|een\s+\w+\s+(?:van|door)|ett?\s+\w+\s+a[vf]|en\s+\w+\s+a[vf]|an?\s+[\w-]+\s+by"
)
"""An article, what the piece is, and who it is by: ``Eine Rezension von``, ``Une chronique de``."""
_PICTURE = r"fotos?|photos?|bild(?:er)?|bilde(?:r)?|foton|kuvat?|foto's|graphics?|video"
_LABEL = re.compile(
    rf"\s*(?:mit\s+[^|]{{3,60}}?\s+sprach(?:en)?(?=\s)|"
    rf"(?:an?\s+|ein(?:e)?\s+|un[ae]?\s+|propos\s+|das\s+)?(?:{_NOUN})(?:\s*(?:und|och|og|et|y|e|and|&|/|\+)\s*(?:{_PICTURE}|{_NOUN}))?"
    rf"(?:\s+(?:\w+\s+)?(?:{_BY}|de|da|der)(?=[\s:])\s*:?|\s*[:：]|\s*[|]\s*(?:{_BY})\b\s*:?)"
    rf"|(?:{_BY})(?=[\s:])\s*:?"
    rf"|(?:{_SIGNED})(?=[\s:])\s*:?|(?:{_ARTICLE})(?=\s)|(?:source|quelle|fuente|fonte|bron|kilde|källa|źródło|источник)(?:\s*:|\s(?=[A-ZА-Я]))"
    r"|(?-i:Aus\s+[A-ZÄÖÜ][\w-]+\s+(?=[A-ZÄÖÜ][\w-]+\s+[A-ZÄÖÜ]))"
    rf"|oprac\.|מאת\s|aus\s+\w+\s+berichtet|dall['’]inviat[oa]|(?:dal(?:la)?\s+nostr[oa]|il\s+nostro)\s+(?:inviat[oa]|corrispondente)|автор\s|post\s+author\s+|author\s+|autor(?:/in|:in|\*in|in)?\s+(?=(?-i:[^\W\d_a-z]))"
    rf")\s*",
    re.IGNORECASE,
)
_DENSE_LABEL = re.compile(
    r"\s*[（(【\[]?\s*(?:(?:[\u4e00-\u9fff]{2,6}(?:社|报|報|网|網))?\s*(?:本报|本報|本社|本刊|特约|特約|实习|實習|见习|驻[\u4e00-\u9fff]{2,4})?"
    r"(?:글\s*[·・]\s*사진|记者|記者|作者|著者|文字|撰文|通讯员|執筆|取材・文|取材|特派員|撰稿|编译|編譯|文|글|취재|기자)"
    r"(?:\s*[:：／/|丨・＝=]\s*|\s+|(?=[\u4e00-\u9fff]{2,4}))|筆者\s*[:：])",
)
_ARABIC_LABEL = re.compile(
    r"\s*(?:بقلم|كتبت|كتب|إعداد|تقرير|تحرير|حوار|مراسل(?:ة|نا)?|نوشته|گزارش|از|مقال)\s*[:：]?\s+"
)
_GREEK_HINDI = re.compile(
    r"\s*(?:โดย|เรื่อง\s*:|ผู้เขียน\s*:?|ผู้สื่อข่าว|γράφει(?:\s+(?:ο|η))?|του|της|από\s+(?:τον|την)|द्वारा|लेखक\s*:|লিখেছেন|রিপোর্ট\s*:|مصنف\s*:)\s+",
    re.IGNORECASE,
)

_NOBLE = re.compile(r"(?:von|van|de)\s+(?:der|den|dem|de|'t|la)\s+[^\s,]+,\s*[^\s,]+\s*\Z", re.IGNORECASE)

_HANDOVER = re.compile(
    r"(?P<role>\b(?:translated\s+by|translation|übersetzt\s+von|übersetzung|aus\s+dem\s+\w+\s+von|traduit(?:\s+de\s+l['’]\w+)?\s+par|traduction|"
    r"traducido\s+por|traducción|traduzido\s+por|tradução|traduzione|vertaald\s+door|vertaling|oversat\s+af|oversatt\s+av|översatt\s+av|översättning|"
    r"перевод)\b\s*(?:by|von|par|por|de|di|da|av|af|door)?\s*:?"
    r"|\b(?:edited|editing|redigiert|redaktion|redigeret|redigert|edición|edição|editor)\s*(?:by\b|von\b|por\b|af\b|av\b|:)\s*:?"
    r"|\bsource\s*:"
    r"|\b(?:edición|edição|édition)\s+de\b"
    r"|\b(?:additional\s+reporting|reporting\s+assistance|zusätzliche\s+recherche|mitarbeit)\s*(?:by\b|von\b|:)\s*:?"
    r"|\b(?:photographs?|photography|photos?|pictures?|fotos?|foto's|fotografie[ns]?|fotografías?|bild(?:er)?|bilde|foton|billeder|kuvat?|fotografia|"
    r"zdjęcia|foto[sg]?|fotoğraf|фото|φωτογραφίες)\s*(?:by\b|von\b|par\b|de\b|di\b|:)\s*:?"
    r"|\b(?:illustrations?|illustrationen|ilustraciones?|ilustración|graphics?|grafik(?:en)?|gráficos|infographics?|animation)\s*(?:by\b|von\b|par\b|de\b|di\b|:)\s*:?"
    r"|\b(?:videos?|audio|podcast|produced|producers?|camera|kamera|schnitt)\s*(?:by\b|von\b|par\b|:)\s*:?"
    r"|(?:责任编辑|責任編輯|责编|编辑|編輯|图|圖|摄|攝|摄影|攝影|写真|撮影|翻译|翻譯|사진)\s*[／/:：|・·]"
    r"|(?<![\u4e00-\u9fff])(?:摄影|攝影|编辑|編輯|责编|翻译|翻譯)(?=\s+[\u4e00-\u9fff]{2,4}(?:\W|\Z))"
    r"|(?:ภาพ|छाया|फोटो)\s*[:：]"
    r"|사진(?=\s+[가-힣]{2,4}(?:\W|\Z)))",
    re.IGNORECASE,
)
_ROLES = (
    ("translation", re.compile(r"transl|übers|aus dem|tradu|vertal|overs|övers|перевод|翻", re.IGNORECASE)),
    ("additional-reporting", re.compile(r"additional|assistance|zusätz|mitarbeit", re.IGNORECASE)),
    ("editing", re.compile(r"edit|redig|redaktion|edici|ediç|编|編|责", re.IGNORECASE)),
    (
        "photographer",
        re.compile(
            r"photo|pict|foto|bild|bille|kuva|zdj|фото|φωτ|图|圖|摄|攝|写真|撮影|사진|ภาพ|छाया|फोटो", re.IGNORECASE
        ),
    ),
    ("illustration", re.compile(r"illu|ilus|gra[fp]|grá|info|anim", re.IGNORECASE)),
    ("production", re.compile(r"video|audio|podcast|produce|[ck]amera|schnitt", re.IGNORECASE)),
)

_LETTER = re.compile(r"\s*(?:open\s+)?letter\s+from\s+", re.IGNORECASE)
"""A label before a person only: a ``Letter from Nairobi`` is a column."""

_INNER = re.compile(
    r"(?:^|[\s|/·•,–—-])(?:By|BY)\s+(?=[A-ZÀ-Þ])|"
    r"[|/·•–—]\s*(?:Von|VON|Par|PAR|Por|POR|Door|DOOR|Di|DI|Av|Af)\s+(?=[A-ZÀ-Þ])"
)
"""A label behind a section, place or house: ``Health | By Ann Lee``."""

_SPECIAL = re.compile(r"special\s+(?:to|for)\s+(?P<house>[^|,;:]{2,60}?)[\s|,]+(?=by\s+[^\W\d_])", re.IGNORECASE)
"""A paper that somebody wrote for, before the label: ``Special to the Times | By Ann Lee``."""

LONGEST_LEAD = 6
"""Words before such a label: ``ABC Radio National Breakfast``; more are a sentence."""


def split_lead(text: str) -> tuple[str, str]:
    """Part what stands before the label of a byline from the byline.

    Args:
        text: without furniture, with no label at its start.

    Returns:
        What stands before (a section, a place, a house; empty when there is nothing) and the rest, label and all. A
        person before a label is no lead: then nothing is parted.

    >>> split_lead("Health | By Ann Lee")
    ('Health', 'By Ann Lee')
    """
    special = _SPECIAL.match(text)
    if special:
        return special["house"], text[special.end() :]
    label = _INNER.search(text)
    if label is None or label.start() == 0:
        return "", text
    lead = text[: label.start()].strip(" |/·•,–—-")
    words = lead.split()
    if not words or len(words) > LONGEST_LEAD or is_given_name(words[0]):
        return "", text
    handover = _HANDOVER.search(text)
    if handover and handover.start() < label.end():
        return "", text
    return lead, text[label.start() :].lstrip(" |/·•,–—-")


@lru_cache(maxsize=64)
def _loose(language: str | None) -> re.Pattern[str] | None:
    words = LOOSE_LABELS.get(language or "")
    # Vietnamese copy names one house (Theo AFP); elsewhere a person of two words must follow
    follows = r"\S" if language == "vi" else r"\S+\s+\S"
    return re.compile(rf"\s*(?:{words})(?::\s*|\s+)(?={follows})", re.IGNORECASE) if words else None


def strip_label(text: str, language: str | None) -> tuple[str, bool]:
    """Take labels off the start of a byline: ``Post author By``, ``Ein Kommentar von``, ``AUTOR/IN``.

    Args:
        text: without furniture.
        language: primary subtag; some short labels count only in their language.

    Returns:
        The rest and whether a label stood there.
    """
    labelled = False
    for _ in range(3):
        match = _LABEL.match(text)
        if match is None and not text.isascii():
            match = _DENSE_LABEL.match(text) or _ARABIC_LABEL.match(text) or _GREEK_HINDI.match(text)
        if match is None:
            letter = _LETTER.match(text)
            writer = text[letter.end() :] if letter else ""
            signed = is_person(writer.split()) and not place_like(writer.split())
            match = letter if signed and writer.casefold().strip() not in PLACES else None
        if match is None:
            loose = _loose(language)
            match = loose.match(text) if loose else None
        if match is None or not match[0]:
            break
        rest = text[match.end() :]
        if _NOBLE.match(text):
            # von der Heide, Anna: a name, not a label
            break
        low = match[0].strip().casefold()
        if not rest.strip() or (
            low in {"di", "av", "af", "via"}
            and match[0].strip() != low
            and not labelled
            and language not in {"it", "sv", "da", "no", "nb"}
        ):
            break
        text, labelled = rest, True
    return text, labelled


def split_roles(text: str) -> list[tuple[str | None, str]]:
    """Part a byline where it hands over to translators, photographers, editors.

    Args:
        text: without furniture and leading label.

    Returns:
        (role, part) in order; the first part's role is None (it wrote).
    """
    matches = list(_HANDOVER.finditer(text))
    if not matches:
        return [(None, text)]
    parts: list[tuple[str | None, str]] = [(None, text[: matches[0].start()])]
    for number, match in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        role = next((name for name, pattern in _ROLES if pattern.search(match["role"])), None)
        parts.append((role, text[match.end() : end].removesuffix(")")))
    # (foto: Ann Lee)
    return [(role, part.rstrip().removesuffix("(")) for role, part in parts]
