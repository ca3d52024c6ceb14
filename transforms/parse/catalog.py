"""Which concept a NewsML-G2 element names: by QCode and catalog, or by URI.

A document may call the schemes of IPTC by any alias (``<scheme alias="mt" uri="http://cv.iptc.org/…/mediatopic/"/>``)
or name concepts by their full URI (NewsML-G2 2.13 and later, the ``uri`` sibling attributes). Both are turned into
QCodes with IPTC's own aliases, so that rules speak of ``medtop:``, ``stat:`` or ``ninat:`` only. Remote catalogs
(``catalogRef``) are never fetched: those of IPTC are known, and aliases of others stay as they are printed.

Source: IPTC catalog for G2 standards, version 41 (CC BY 4.0).
"""

from collections.abc import Iterable, Mapping

from transforms.parse.elements import Element, attribute, descendants

_CV = ("cv.iptc.org/newscodes/", "cvx.iptc.org/")

SCHEMES: Mapping[str, str] = {
    "mediatopic": "medtop",
    "subjectcode": "subj",
    "ninature": "ninat",
    "cinature": "cinat",
    "plinature": "plinat",
    "pubstatusg2": "stat",
    "signal": "sig",
    "genre": "genre",
    "cpnature": "cpnat",
    "itemrelation": "irel",
    "descriptionrole": "drol",
    "infosourcerole": "isrol",
    "newsprovider": "nprov",
    "rendition": "rnd",
    "namerole": "nrol",
    "ednoterole": "ednoterole",
    "iso3166-1a2": "iso3166-1a2",
    "iso3166-1a3": "iso3166-1a3",
}
"""Last path segment of the scheme's URI → IPTC's alias, for the schemes that rules here read."""


class Catalog:
    """The schemes that one document declares."""

    __slots__ = ("_aliases",)

    def __init__(self, aliases: Mapping[str, str] | None = None) -> None:
        """Args: the document's alias → IPTC's alias, where they differ."""
        self._aliases = dict(aliases or {})

    @classmethod
    def of(cls, catalogs: Iterable[Element]) -> "Catalog":
        """Read ``catalog`` elements; only schemes of IPTC under another alias are of interest."""
        aliases: dict[str, str] = {}
        for catalog in catalogs:
            for scheme in descendants(catalog, "scheme"):
                alias, uri = attribute(scheme, "alias"), attribute(scheme, "uri")
                known = _known_scheme(uri) if uri else None
                if alias and known and alias != known:
                    aliases[alias] = known
        return cls(aliases)

    def qcode(self, code: str) -> str:
        """A QCode with IPTC's alias in place of the document's own."""
        if self._aliases:
            alias, colon, value = code.partition(":")
            if colon and alias in self._aliases:
                return f"{self._aliases[alias]}:{value}"
        return code

    def code_of(self, element: Element | None) -> str | None:
        """The concept that an element names: ``qcode``, else ``uri`` (as a QCode where IPTC's), else ``literal``."""
        if element is None:
            return None
        code = element.get("qcode")
        if code:
            return self.qcode("".join(code.split()))
        uri = attribute(element, "uri")
        return qcode_of_uri(uri) if uri else attribute(element, "literal")

    def role_of(self, element: Element, name: str = "role") -> str:
        """The last part of a role (QCode or ``roleuri``) in lower case, or an empty string."""
        role = element.get(name) or element.get(name + "uri")
        if not role:
            return ""
        return role.rstrip("/ ").replace("/", ":").rpartition(":")[2].strip().lower()


def qcode_of_uri(uri: str) -> str:
    """A concept's URI as QCode when the scheme is IPTC's, else the URI."""
    scheme, _, value = uri.rpartition("/")
    known = _known_scheme(scheme + "/")
    return f"{known}:{value}" if known and value else uri


def _known_scheme(uri: str) -> str | None:
    for host in _CV:
        _, found, path = uri.partition(host)
        if found:
            return SCHEMES.get(path.strip("/#").lower())
    return None


def last_part(code: str | None) -> str:
    """What a QCode or URI names, without its scheme, in lower case: ``usable`` of ``stat:usable``."""
    if not code:
        return ""
    return code.rstrip("/ ").replace("/", ":").replace("#", ":").rpartition(":")[2].strip().lower()
