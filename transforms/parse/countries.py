"""Countries as documents' metadata name them: codes of two or three letters, or English names.

Source: GeoNames countryInfo (CC BY 4.0), in schemas/vocabularies/countries.tsv.
"""

from functools import cache, lru_cache
from importlib.resources import files

_RECENT = {"UK": "GB", "EL": "GR", "SUN": "RU", "YUG": "RS", "ROM": "RO", "ZAR": "CD", "TMP": "TL"}
"""Codes that agencies still send though ISO never had or has withdrawn them."""


@cache
def _codes() -> dict[str, str]:
    found = dict(_RECENT)
    table = files("schemas.vocabularies").joinpath("countries.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, code3, name = line.split("\t")
            found |= {code: code, code3: code, name.upper(): code}
    return found


@lru_cache(maxsize=4096)
def country_code(text: str | None) -> str | None:
    """ISO 3166 alpha-2 for a code or an English name, else the text as given; None for none.

    >>> country_code("FRA"), country_code("Germany"), country_code("Italia")
    ('FR', 'DE', 'Italia')
    """
    if not text:
        return None
    bare = text.rpartition(":")[2].strip() if ":" in text else text.strip()
    return _codes().get(bare.upper(), text.strip() or None)
