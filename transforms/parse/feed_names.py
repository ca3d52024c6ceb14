"""Names of feed elements: the many spellings of one thing, told apart by namespace and mapped to one key."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# Namespaces by lower-case URI. The empty prefix holds all that RSS and Atom call their own, in every version.
_PREFIXES: dict[str, str] = {
    "": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/atom/ns#": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.georss.org/georss": "georss",
    "http://www.georss.org/georss/10": "georss",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://www.opengis.net/gml": "gml",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/atompub/tombstones/1.0": "at",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XML = "{http://www.w3.org/XML/1998/namespace}"

# What one thing is called, by prefix and lower-case local name. Elements that are absent here are not read.
_KEYS: dict[str, str] = {
    "title": "title",
    "dc:title": "title",
    "link": "link",
    "guid": "id",
    "id": "id",
    "description": "summary",
    "summary": "summary",
    "abstract": "summary",
    "dc:description": "summary",
    "dcterms:abstract": "summary",
    "itunes:summary": "summary",
    "content": "content",
    "content:encoded": "content",
    "fullitem": "content",
    "body": "content",
    "xhtml:body": "content",
    "author": "author",
    "dc:creator": "author",
    "dc:author": "author",
    "itunes:author": "author",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "dcterms:issued": "published",
    "dc:date": "date",
    "created": "created",
    "dcterms:created": "created",
    "updated": "updated",
    "modified": "updated",
    "dcterms:modified": "updated",
    "lastbuilddate": "updated",
    "category": "category",
    "dc:subject": "category",
    "media:category": "category",
    "keywords": "keywords",
    "tags": "keywords",
    "media:keywords": "keywords",
    "itunes:keywords": "keywords",
    "enclosure": "enclosure",
    "media:content": "media",
    "media:group": "group",
    "media:thumbnail": "thumbnail",
    "media:title": "media_title",
    "media:description": "media_caption",
    "media:credit": "media_credit",
    "media:copyright": "media_rights",
    "image": "image",
    "source": "source",
    "dc:source": "dc_source",
    "rights": "rights",
    "copyright": "rights",
    "dc:rights": "rights",
    "language": "language",
    "dc:language": "language",
    "georss:point": "point",
    "georss:where": "where",
    "georss:featurename": "place",
    "geo:lat": "lat",
    "geo:long": "long",
    "geo:point": "where",
    "item": "entry",
    "entry": "entry",
    "at:deleted-entry": "deleted",
    "channel": "channel",
    "ttl": "ttl",
    "skiphours": "skip_hours",
    "skipdays": "skip_days",
    "sy:updateperiod": "update_period",
    "sy:updatefrequency": "update_frequency",
    "feedburner:origlink": "original_link",
}

_TRUSTED_PREFIXES = frozenset(("dc", "dcterms", "media", "content", "itunes", "georss", "geo", "sy"))


@lru_cache(maxsize=16_384)
def key_of(tag: str) -> str | None:
    """What an element is to us, by lxml's name of it (``{namespace}local``); None: nothing we read."""
    namespace, _, local = tag.rpartition("}")
    prefix = _prefix_of(namespace)
    if prefix is None:
        return None
    local = local.lower()
    return _KEYS.get(f"{prefix}:{local}" if prefix else local)


def _prefix_of(namespace: str) -> str | None:
    """The usual prefix of a namespace (with lxml's opening brace); None: not known."""
    uri = namespace[1:].lower()
    if uri.startswith("https:"):
        uri = f"http:{uri[6:]}"
    prefix = _PREFIXES.get(uri)
    if prefix is None:
        prefix = _PREFIXES.get(f"{uri}/")
    return "" if prefix is None and "backend.userland.com/rss" in uri else prefix


@lru_cache(maxsize=16_384)
def _key_by_prefix(prefix: str | None, tag: str) -> str | None:
    """What an element of an unknown namespace is by its prefix, where that is a usual one: URIs are often mistyped."""
    namespace, _, local = tag.rpartition("}")
    if prefix not in _TRUSTED_PREFIXES or _prefix_of(namespace) is not None:
        return None
    return _KEYS.get(f"{prefix}:{local.lower()}")


def group(element: Any) -> dict[str, list[Any]]:
    """Children by key, in document order within a key."""
    parts: dict[str, list[Any]] = {}
    for child in element:
        tag = child.tag
        key = key_of(tag) or _key_by_prefix(child.prefix, tag)
        if key is not None:
            if key in parts:
                parts[key].append(child)
            else:
                parts[key] = [child]
    return parts


Parts = Mapping[str, list[Any]]
