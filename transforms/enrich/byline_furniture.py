"""What a web page glues to a byline: addresses, dates, buttons, comment counts, biographies.

Everything found becomes a bar (``|``), because it stood between or behind names and so parts them.
"""

import html
import re

from transforms.enrich.byline_names import is_given_name

BAR = " | "

_MONTHS = (
    "jan(?:uary|uar|vier|eiro)?|feb(?:ruary|ruar|rero|braio|ruari)?|févr?(?:ier)?|fev(?:ereiro)?|febr|mar(?:ch|zo|ço|s|et|ts)?|märz|maart|"
    "apr(?:il|ile|ilie)?|abr(?:il)?|avr(?:il)?|may|mai|mayo|maio|maggio|mag|mei|maj|jun(?:e|i|io|ho)?|juin|giugno|giu|jul(?:y|i|io|ho)?|"
    "juil(?:let)?|luglio|lug|aug(?:ust|ustus|usti)?|ago(?:sto)?|août|aout|sep(?:t|tember|tembre|tiembre)?|set(?:embro|tembre)?|"
    "oct(?:ober|obre|ubre)?|okt(?:ober)?|out(?:ubro)?|ott(?:obre)?|nov(?:ember|embre|iembre|embro)?|dec(?:ember|embrie)?|"
    "dez(?:ember|embro)?|déc(?:embre)?|dic(?:iembre|embre)?|des(?:ember)?|"
    "январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[яй]|июн[ья]|июл[ья]|августа?|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья]|"
    "ocak|şubat|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık|"
    "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia"
)
_DAYS = (
    "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|montag|dienstag|mittwoch|"
    "donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|"
    "jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|mandag|tirsdag|onsdag|torsdag|"
    "fredag|lørdag|søndag|måndag|tisdag|lördag|söndag|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|"
    "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira"
)
_ZONE = (
    r"(?:uhr|est|edt|et|pt|pst|pdt|ct|cst|cdt|mst|mdt|cet|cest|mez|mesz|gmt|utc|bst|ist|jst|kst|hkt|sgt|"
    r"aest|aedt|msk|wib|hrs?|h)"
)
_LEAD_IN = (
    r"(?:(?<![\w.])(?:am|on|at|um|le|den|el|il|op|em|à|a\s+las|às|alle|ore|kl\.?|om|on|dnia|från|fra|the|"
    r"vom|dated?|del)\s+)?"
)
_TIME = (
    rf"{_LEAD_IN}(?<!\d)\d{{1,2}}(?:[:.h]\d{{2}}){{1,2}}\s*(?:[ap]\.?\s?m\b\.?)?\s*(?:{_ZONE}\b)?|"
    rf"{_LEAD_IN}(?<!\d)\d{{1,2}}\s*(?:[ap]\.?m\b\.?)\s*(?:{_ZONE}\b)?|(?<!\d)\d{{1,2}}\s+uhr\b|(?<!\d)\d{{1,2}}h\d{{0,2}}\b"
)
_DATE = (
    rf"{_LEAD_IN}(?:\b(?:{_DAYS})\b\.?,?\s*)?{_LEAD_IN}(?<!\d)(?:"
    rf"\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}(?!\d)|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}(?:t(?=\d))?|\d{{4}}年\d{{1,2}}月\d{{1,2}}日|"
    rf"\d{{4}}년\s?\d{{1,2}}월\s?\d{{1,2}}일|"
    rf"\d{{1,2}}(?:st|nd|rd|th|er|[.ºª])?\s+(?:de\s+|of\s+)?(?:{_MONTHS})\b\.?(?:(?:,|\s+de|\s+del)?\s*(?:\d{{4,7}}|'?\d{{2}}(?![\d:.h])))?)|"
    rf"{_LEAD_IN}(?:\b(?:{_DAYS})\b\.?,?\s*)?\b(?:{_MONTHS})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?![\d:])(?:,?\s+\d{{4}})?"
)
_MOMENT = re.compile(rf"(?:{_DATE})\s*:?|(?:{_TIME})", re.IGNORECASE)
_WEEKDAY_LEFT = re.compile(rf"(?:^|[\s|,])(?:{_LEAD_IN})(?:{_DAYS})(?=\s*[|,]|\s*$)", re.IGNORECASE)

_TAG = re.compile(r"<[^<>]{0,500}>")
_ADDRESS_IN_ANGLES = re.compile(r"\s*<[^<>\s]*(?:@|://)[^<>\s]*>\s*")
_URL = re.compile(r"[(\[<]?\s*\b(?:https?://|www\.)[^\s()<>\[\]]+\s*[)\]>]?", re.IGNORECASE)
_MAIL = re.compile(
    r"[(\[]?\[?(?:mailto:)?(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\[email[^\]]{0,12}protected\])[)\]]?", re.IGNORECASE
)
_MAILS_WITH_NAMES = re.compile(r"(?:\s*[\w.+-]+@[\w.-]+\s*\([^()@]*\)\s*[,;]?){2,}\s*\Z")
_MAIL_WITH_NAME = re.compile(r"\s*[\w.+-]+@[\w.-]+\s*\((?P<name>[^()]*(?:\([^()]*\)[^()]*)*)\)\s*\Z")
_HANDLE = re.compile(r"[(]?(?<![\w.])@[\w.]{2,40}[)]?")
_STAMP = re.compile(
    r"\b(?:datum|date|fecha|last\s+(?:updated|modified)|first\s+published|published(?!\s+by)|updated|posted(?!\s+by)|modified|created|"
    r"zuletzt\s+(?:aktualisiert|geändert)|veröffentlicht(?!\s+von)|aktualisiert|erstellt(?!\s+von)|stand|publié(?!\s+par)|mis\s+à\s+jour|"
    r"modifié|publicado(?!\s+por)|actualizado|atualizado|pubblicato(?!\s+da)|aggiornato|gepubliceerd|bijgewerkt|publisert(?!\s+av)|oppdatert|"
    r"publiceret|opdateret|publicerad(?!\s+av)|uppdaterad|julkaistu|päivitetty|опубликовано|обновлено|yayınlanma|güncelleme|"
    r"入力|수정|發布|发布|更新|公開|配信)\b\s*(?:on|am|le|el|il|den)?[\s:/-]*(?=\||\Z)",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(r"\s+(?:also\s+)?contributed\s+(?:\w+\s+)?(?:to|from)\b.*\Z", re.IGNORECASE | re.DOTALL)
_SOURCE = re.compile(r"(?<=[\w)])[\s,;.|-]+(?:źródło|quelle|fuente|fonte|kilde|källa|источник)\s*:", re.IGNORECASE)
_GLUED_LABEL = re.compile(r"\ABy(?=[A-ZÀ-Þ][a-zà-ÿ])")
_GLUED_ROLE = re.compile(
    r"(?<=[a-zà-ÿ]{2})(?=(?:Staff|Senior|Chief|Reporter|Editor|Writer|Correspondent|Contributor|Contributing|Columnist|"
    r"Journalist|Political|Business|Sports?|Tech|Health|Science|Special|Associate|Deputy|Guest)\b)"
)
_GLUED_MONTH = re.compile(
    r"(?<=[a-zà-ÿ])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, \d{4})",
)
_GLUED_STAMP = re.compile(
    r"(?<=[a-zà-ÿ]{2})(?=(?:Published|Updated|Posted|Last (?:updated|modified)|"
    r"First published|Publié|Publicado|Actualizado|Veröffentlicht|Aktualisiert|Stand)\b)"
)
_GLUED_BUTTON = re.compile(r"(?<=[a-zà-ÿ]{2})(?=(?:Twitter|Facebook|Instagram|LinkedIn|Follow|Share|Email)\b)")
_GLUED_HANDLE = re.compile(r"(?<=\s)(?P<surname>[A-ZÀ-Þ][\w'’-]{1,40})@[\w.]{2,40}")
_GLUED_READ = re.compile(r"(?<=[^\W\d_]{2})(?=\d{1,2}\s*min(?:ute)?s?\s+read\b)", re.IGNORECASE)
_GLUED_NAME = re.compile(r"(?<=\s)(?P<surname>[A-ZÀ-Þ][a-zà-ÿ]{3,})(?P<given>[A-ZÀ-Þ][a-zà-ÿ]+)(?=\s[A-ZÀ-Þ])")
_DENSE_NEXT = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=(?:通讯员|通訊員|实习生|實習生|记者|記者)[\u4e00-\u9fff]{2})")
_DENSE_WIRE = re.compile(r"(记者|記者)([\u4e00-\u9fff]{3})[\u4e00-\u9fff]{2,4}\d{1,2}日?[電电]")
_AGO = re.compile(
    r"(?:\b(?:published|updated|posted|veröffentlicht|publié)\s+)?(?:\d+\s*(?:hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?)\s+ago\b|"
    r"\bvor\s+\d+\s+\w+|\bil\s+y\s+a\s+\d+\s+\w+|\bhace\s+\d+\s+\w+|\bhá\s+\d+\s+\w+)",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:\+\s*)?(?<![\w-])(?:follow(?:\s+(?:us|me|on))?|unfollow|folgen|suivre|seguir|segui|volg|følg|følg\s+på|följ|watch\s+live|watch\s+now|live\s+now|"
    r"e-?mail(?:\s+(?:bio|author|this))?|bio|twitter|facebook|linkedin|instagram|whatsapp|pinterest|reddit|threads|bluesky|x\.com|"
    r"share(?:\s+(?:this|on|via)\b)?|tweet|teilen|partager|compartir|compartilhar|condividi|delen|del\s+på|dela|print|drucken|imprimer|"
    r"tips\s+(?:meg|oss)|tipsa\s+oss|link\s+copied|copy\s+link|copied|view\s+(?:all|profile|bio|comments)|read\s+more|see\s+all|more\s+from(?:\s+this\s+author)?|mehr\s+von|contact(?:\s+(?:the\s+author|us|me))?|"
    r"add\s+a\s+comment|leave\s+a\s+comment|(?:\d+\s*comments?|comments)(?:\s*\(\d+\))?(?:\s*/\s*new\b)?|\d+\s*kommentare?r?|kommentare|\d+\s*commentaires?|commentaires|\d+\s*comentarios?|comentarios|"
    r"\d*\s*comentários|\d+\s*reacties|reacties|\(?opens\s+in\s+(?:a\s+)?new\s+(?:tab|window)\)?|\d+\s*min(?:ute)?s?\s+read|subscribe|newsletter\s+sign-?up|get\s+email\s+alerts|"
    r"save|bookmark|listen|play|pause|advertisement|anzeige|show\s+more|mehr\s+anzeigen|alle\s+artikel(?:\s+von)?)(?![\w-])",
    re.IGNORECASE,
)
_FURNITURE_DENSE = re.compile(
    r"来源\s?[:：]\s?\S+\s+(?=作者)|フォロー(?:する)?|すべて見る|記事一覧|シェア|ツイート|관심기자|구독|기사\s?더보기|기사제공|(?<=기자)\s?(?:입력|수정|등록|승인)|关注|關注|分享|收藏|举报|阅读"
)
_BIOGRAPHY = re.compile(
    r"(?<=\w)[.,;]?\s+(?:you\s+can\b|is\s+an?\b|is\s+the\b|is\s+(?:our|currently|based)\b|was\s+an?\b|has\s+(?:been|worked|covered)\b|he\s+|she\s+|they\s+(?:are|write)|"
    r"reporting\s+from\b|reports?\s+(?:from|on|for)\b|writes?\s+(?:about|for|on)\b|covers?\s+\w|covering\s|based\s+in\b|joined\b|works?\s+(?:for|at|as)\b|"
    r"d(?:ie|er)\s+autor(?:in|en)?\s|ist\s+(?:redakteur|autor|journalist|wissenschaft|freie|ein|seit|bei|korrespondent|professor)|schreibt\s|berichtet\s|arbeitet\s|"
    r"est\s+(?:journaliste|un|une|la|le|professeur|correspondant)|es\s+(?:periodista|un|una|redactor|profesor|corresponsal)|é\s+(?:jornalista|um|uma|repórter|professor)|"
    r"è\s+(?:un|una|giornalista)|is\s+(?:journalist|redacteur|verslaggever|correspondent)|er\s+(?:journalist|redaktør)|är\s+(?:journalist|reporter)|"
    r"l['’]auteur|l['’]autrice|el\s+autor|la\s+autora|o\s+autor|the\s+(?:author|writer)\s)",
    re.IGNORECASE,
)
_POSSESSION = re.compile(r"['’]s\s+(?:blog|column|diary|notebook|picture)s?\s*(?=\||\Z)", re.IGNORECASE)
_OPENS_WITH_PLACE = re.compile(r"aus\s+\S+\s+(?:berichtet|schreibt)\s", re.IGNORECASE)
_NUMBER_LEFT = re.compile(
    r"(?<![\w.])[+#]?\d[\d .,/()-]*(?![\w.])(?!\s*(?:minuten|minutes|heures|horas|ore|heure)\b)", re.IGNORECASE
)
_NOTHING = str.maketrans(dict.fromkeys("©〔〕", " "))
_SPACES = re.compile(r"[\s\u00a0\u200b\u200e\u200f\ufeff]+")


def _part_glued(match: re.Match[str]) -> str:
    """Part a surname from the given name that a page glued to it; ``FitzGerald`` stays."""
    return (
        f"{match['surname']}{BAR}{match['given']}"
        if is_given_name(match["given"]) and match["surname"] != "Fitz"
        else match[0]
    )


def strip_mail(raw: str) -> str:
    """The name of RSS's e-mail forms: ``a@b.c (Jane Doe)`` and ``Jane Doe <a@b.c>``.

    >>> strip_mail("desk@example.org (Jane Doe)")
    'Jane Doe'
    """
    if _MAILS_WITH_NAMES.match(raw):
        return BAR.join(re.findall(r"\(([^()@]*)\)", raw))
    match = _MAIL_WITH_NAME.match(raw)
    if match:
        return match["name"]
    return _ADDRESS_IN_ANGLES.sub(BAR, raw) if "<" in raw else raw


def strip_furniture(raw: str) -> str:
    """Replace everything that is neither name, role, place nor organisation by bars.

    Args:
        raw: a byline as printed.

    Returns:
        One line; runs of white space are single spaces.
    """
    text = strip_mail(raw.strip())
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    text = text.replace("\r", "\n").replace("\n", BAR).replace("\t", BAR).replace("\\", " ").translate(_NOTHING)
    if "@" in text or "protected" in text:
        text = _MAIL.sub(BAR, text)
        text = _GLUED_HANDLE.sub(rf"\g<surname>{BAR}", _HANDLE.sub(BAR, text))
    if "://" in text or "www." in text.casefold():
        text = _URL.sub(BAR, text)
    if any(c.isdigit() for c in text):
        text = _DENSE_WIRE.sub(r"\1\2", text)
        text = _GLUED_READ.sub(BAR, _GLUED_STAMP.sub(BAR, text))
        text = _GLUED_MONTH.sub(" ", _AGO.sub(BAR, text))
        text = _MOMENT.sub(BAR, text)
        text = _WEEKDAY_LEFT.sub(BAR, text)
    text = _GLUED_BUTTON.sub(BAR, text)
    text = _GLUED_NAME.sub(_part_glued, text)
    text = _GLUED_ROLE.sub(" ", _GLUED_LABEL.sub("By ", text))
    text = _SOURCE.sub(BAR, _CONTRIBUTED.sub("", text))
    text = _POSSESSION.sub(BAR, _FURNITURE.sub(BAR, text))
    text = _STAMP.sub(BAR, text)
    if not text.isascii():
        text = _DENSE_NEXT.sub(BAR, _FURNITURE_DENSE.sub(BAR, text))
    text = _NUMBER_LEFT.sub(BAR, text)
    biography = _BIOGRAPHY.search(text)
    if biography and len(text[: biography.start()].split()) > 1 and not _OPENS_WITH_PLACE.match(text):
        text = text[: biography.start() + 1]
    return _SPACES.sub(" ", text).strip(" |")
