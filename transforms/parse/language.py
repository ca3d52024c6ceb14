"""Language tags as feeds write them, as BCP 47."""

import re
from functools import lru_cache

_TAG = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)(?:[.@].*)?")

# Names that feeds print instead of a tag.
_NAMES = {
    "english": "en", "french": "fr", "français": "fr", "german": "de", "deutsch": "de", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl",
    "russian": "ru", "русский": "ru", "arabic": "ar", "chinese": "zh", "japanese": "ja", "turkish": "tr",
    "swedish": "sv", "norwegian": "no", "danish": "da", "finnish": "fi", "polish": "pl", "greek": "el",
    "hindi": "hi", "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "spa": "es", "ita": "it",
    "por": "pt", "rus": "ru", "ara": "ar", "zho": "zh", "chi": "zh", "jpn": "ja", "tur": "tr",
}  # fmt: skip
_NO_LANGUAGE = frozenset(("und", "zxx", "mul", "mis", "xx", "none", "null", "n/a"))
_REGION_CHARS, _SCRIPT_CHARS = 2, 4


@lru_cache(maxsize=1024)
def language_tag(text: str | None) -> str | None:
    """A printed language as BCP 47, in the usual case; None when it names none.

    >>> language_tag("EN_us"), language_tag("English"), language_tag("zh-hant-tw"), language_tag("?")
    ('en-US', 'en', 'zh-Hant-TW', None)
    """
    if not text:
        return None
    text = text.strip()
    named = _NAMES.get(text.casefold())
    if named:
        return named
    found = _TAG.fullmatch(text)
    if not found or found[1].lower() in _NO_LANGUAGE:
        return None
    parts = [found[1].lower()]
    for part in found[2].replace("_", "-").split("-")[1:]:
        if len(part) == _REGION_CHARS:
            parts.append(part.upper())
        elif len(part) == _SCRIPT_CHARS and part.isalpha():
            parts.append(part.capitalize())
        else:
            parts.append(part.lower())
    return "-".join(parts)
