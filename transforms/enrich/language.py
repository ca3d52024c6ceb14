"""Language of an item: what its document states, written as BCP 47, or what its text shows.

Detection is CLD2's (pycld2). Too little text gives no answer: a wrong language costs more than a missing one, because
bylines and datelines are read by it and decisions about repeats are taken per language.
"""

import re
from functools import lru_cache

import pycld2

LEAST_LETTERS = 60
"""Shortest text worth asking about, in letters: below it CLD2 confuses neighbours (Danish, Norwegian) too often."""

LEAST_IDEOGRAPHS = 16
"""The same for scripts that write a word with one or two characters."""

MOST_CHARACTERS = 1200
"""The opening is enough, and keeps the cost of an item level."""

ENDS = 250
"""Characters of the opening's head and of its tail that are asked about first: at half the cost, and enough for copy
in one language."""

CLEAR_SHARE = 97
"""Percent of head and tail that must be in one language for the middle not to be asked: what is missing is a name, an
address or a foreign word."""

LEAST_SHARE = 70
"""Percent of the text that must be in the language found."""

_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*\Z")
_NO_LETTER = re.compile(r"[\W\d_]+")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")

_ISO_639_2 = {
    "afr": "af",
    "alb": "sq",
    "amh": "am",
    "ara": "ar",
    "arm": "hy",
    "aze": "az",
    "baq": "eu",
    "bel": "be",
    "ben": "bn",
    "bos": "bs",
    "bul": "bg",
    "cat": "ca",
    "ces": "cs",
    "chi": "zh",
    "cym": "cy",
    "cze": "cs",
    "dan": "da",
    "deu": "de",
    "dut": "nl",
    "ell": "el",
    "eng": "en",
    "est": "et",
    "eus": "eu",
    "fas": "fa",
    "fin": "fi",
    "fra": "fr",
    "fre": "fr",
    "geo": "ka",
    "ger": "de",
    "gle": "ga",
    "glg": "gl",
    "gre": "el",
    "heb": "he",
    "hin": "hi",
    "hrv": "hr",
    "hun": "hu",
    "hye": "hy",
    "ice": "is",
    "ind": "id",
    "isl": "is",
    "ita": "it",
    "jpn": "ja",
    "kat": "ka",
    "kor": "ko",
    "lav": "lv",
    "lit": "lt",
    "mac": "mk",
    "may": "ms",
    "mkd": "mk",
    "msa": "ms",
    "nld": "nl",
    "nob": "nb",
    "nno": "nn",
    "nor": "no",
    "per": "fa",
    "pol": "pl",
    "por": "pt",
    "ron": "ro",
    "rum": "ro",
    "rus": "ru",
    "slk": "sk",
    "slo": "sk",
    "slv": "sl",
    "spa": "es",
    "sqi": "sq",
    "srp": "sr",
    "swa": "sw",
    "swe": "sv",
    "tam": "ta",
    "tel": "te",
    "tha": "th",
    "tur": "tr",
    "ukr": "uk",
    "urd": "ur",
    "vie": "vi",
    "zho": "zh",
}
"""ISO 639-2 codes of languages that have a two-letter one, which BCP 47 then demands (RFC 5646, 2.2.1)."""

_NAMES = {
    "arabic": "ar",
    "chinese": "zh",
    "danish": "da",
    "deutsch": "de",
    "dutch": "nl",
    "english": "en",
    "español": "es",
    "espanol": "es",
    "finnish": "fi",
    "français": "fr",
    "francais": "fr",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "italiano": "it",
    "japanese": "ja",
    "nederlands": "nl",
    "norwegian": "no",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "turkish": "tr",
}
"""Names that feeds write where a tag belongs."""

_RETIRED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "sr", "cz": "cs", "dk": "da", "gr": "el"}
"""Codes that ISO 639 withdrew, and country codes that are written for a language without having another meaning."""

_NOT_A_LANGUAGE = {"und", "mul", "zxx", "mis", "un", "xx", "none", "null", "unknown", "root"}

_NEIGHBOURS = frozenset(
    "no da sv nn nb id ms jw su hr sr bs sr-ME cs sk gl pt es ca mk bg be uk zh zh-Hant fa ur rw rn zu xh".split()  # noqa: SIM905
)
"""Languages that a few hundred characters may be taken for each other; all of the opening is asked about them."""

_CLD2 = {"iw": "he", "jw": "jv", "zh-Hant": "zh-Hant", "sr-ME": "sr", "no": "no"}


@lru_cache(maxsize=4096)
def normalise_language(tag: str | None) -> str | None:
    """Write a language as its BCP 47 tag: language lower, script Title, region UPPER.

    Args:
        tag: as a document or a feed list says it.

    Returns:
        The tag, or None when it names no language.

    >>> normalise_language("EN_us"), normalise_language("ger"), normalise_language("und")
    ('en-US', 'de', None)
    """
    if not tag:
        return None
    word = tag.strip().casefold()
    if word in _NAMES:
        return _NAMES[word]
    # a list of languages or an HTTP value: the first counts
    text = re.split(r"[,;]", tag.strip(), maxsplit=1)[0].strip()
    if not _TAG.match(text):
        return None
    head, *rest = text.replace("_", "-").split("-")
    head = head.lower()
    head = _ISO_639_2.get(head, head)
    head = _RETIRED.get(head, head)
    if head in _NOT_A_LANGUAGE or len(head) > 3:
        return None
    parts = [head]
    for part in rest:
        if len(part) == 1:
            # an extension or private use: the language is said before it
            break
        if len(part) == 4 and part.isalpha():
            parts.append(part.title())
        elif len(part) == 2 and part.isalpha():
            parts.append(part.upper())
        elif len(part) == 3 and part.isdigit():
            parts.append(part)
        else:
            parts.append(part.lower())
    return "-".join(parts)


def detect_language(text: str | None) -> str | None:
    """Detect the language of running text.

    Args:
        text: headline and copy; only the opening is looked at.

    Returns:
        A BCP 47 tag, or None for text that is short, mixed or in no language that CLD2 knows.
    """
    if not text:
        return None
    sample = text[:MOST_CHARACTERS]
    if "@" in sample or "://" in sample:
        sample = _ADDRESS.sub(" ", sample)
    letters = sum(map(str.isalpha, sample[: 2 * LEAST_LETTERS]))
    if letters < LEAST_LETTERS:
        # a text that opens with few letters: count them all
        letters = len(_NO_LETTER.sub("", sample))
    if letters < LEAST_LETTERS and (letters < LEAST_IDEOGRAPHS or len(_DENSE.findall(sample)) < LEAST_IDEOGRAPHS):
        return None
    if len(sample) > 3 * ENDS:
        code, share = _ask(f"{sample[:ENDS]} {sample[-ENDS:]}")
        if share >= CLEAR_SHARE and code not in _NEIGHBOURS:
            return normalise_language(_CLD2.get(code, code))
    code, share = _ask(sample)
    return normalise_language(_CLD2.get(code, code)) if share >= LEAST_SHARE else None


def _ask(sample: str) -> tuple[str, int]:
    """CLD2's code for a text and the percent of it that is in this language; 0 percent where it is not sure."""
    try:
        reliable, _, found = pycld2.detect(sample.encode("utf-8", "ignore"), isPlainText=True)
    except pycld2.error:
        # control characters and other things that CLD2 takes for broken UTF-8
        clean = "".join(c if c.isprintable() else " " for c in sample)
        try:
            reliable, _, found = pycld2.detect(clean.encode("utf-8", "ignore"), isPlainText=True)
        except pycld2.error:
            return "un", 0
    _, code, share, _ = found[0]
    return code, 0 if not reliable or code == "un" or code.startswith("xx") else share


def primary_language(tag: str | None) -> str | None:
    """The language subtag alone: ``en`` of ``en-US``."""
    return tag.split("-", 1)[0] if tag else None
