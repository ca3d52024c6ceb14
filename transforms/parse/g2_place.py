"""Where NewsML-G2 says that content was made: ``located``, its ``broader`` concepts and the ``assert`` it points to."""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from transforms.parse.catalog import Catalog, last_part
from transforms.parse.countries import country_code
from transforms.parse.elements import Element, attribute, child, descendants, name_of, text_of


class Place(NamedTuple):
    """A place as the metadata print it, and its country (ISO 3166 alpha-2, or the name given)."""

    name: str | None = None
    country: str | None = None


_COUNTRY_SCHEMES = ("iso3166-1a2", "iso3166-1a3")
_COUNTRY_FACETS = frozenset(("geoProp:5",))
"""Reuters marks countries by this facet."""


_MOST_PLACES = 8
"""Places that are looked at; real items name one or two."""


def read_place(located: Iterable[Element], asserts: Iterable[Element], catalog: Catalog) -> Place:
    """The first place that has a name.

    Args:
        located: ``located`` elements.
        asserts: the item's ``assert`` elements, which may tell more of the concept.
        catalog: of the document.
    """
    for each in islice(located, _MOST_PLACES):
        told = _asserted(each, asserts, catalog)
        name = text_of(child(each, "name")) or (text_of(child(told, "name")) if told is not None else None)
        if name is None and told is None:
            name = attribute(each, "literal") or text_of(each) or attribute(each, "qcode")
            if name and ":" in name and name == attribute(each, "qcode"):
                name = name.partition(":")[2]
        if name is None and told is not None:
            line = next(descendants(told, "line", "locality"), None)
            name = text_of(line) or attribute(each, "literal")
        country = _country(each, catalog) or (_country(told, catalog) if told is not None else None)
        if name or country:
            return Place(name, country)
    return Place()


def _asserted(place: Element, asserts: Iterable[Element], catalog: Catalog) -> Element | None:
    code = catalog.code_of(place)
    if not code:
        return None
    return next((each for each in asserts if catalog.code_of(each) == code), None)


def _country(place: Element | None, catalog: Catalog) -> str | None:
    """The country among a place's own code, its equivalents and the concepts above it."""
    for each in descendants(place, "located", "broader", "sameas", "country", "assert"):
        code = catalog.code_of(each) or ""
        scheme, _, value = code.partition(":")
        if scheme in _COUNTRY_SCHEMES and value:
            return country_code(value.partition("-")[0])
        kind = last_part(attribute(each, "type"))
        is_country = kind in {"country", "cntry"} or name_of(each) == "country"
        is_country = is_country or attribute(child(each, "facet"), "qcode") in _COUNTRY_FACETS
        if is_country and (scheme := text_of(child(each, "name")) or attribute(each, "literal") or value):
            return country_code(scheme)
    return None
