"""Feed lists: OPML, YAML and JSON, read into Sources.

A YAML or JSON list is a sequence of addresses or of mappings with ``url`` and, each optional, ``provider``,
``language``, ``tags``, ``topic``, ``headers``, ``time_zone`` and ``robots`` (ask robots.txt first; feeds are published
to be fetched by programs, so the default is not to, as feed readers do); or a mapping with such a sequence under
``feeds``.
"""

import json
import zoneinfo
from typing import Any

import yaml
from lxml import etree

from schemas.document import Source
from schemas.topics import TOPICS
from transforms.pull.addresses import child_url, without_secrets

MAX_LIST_BYTES = 64 * 1024 * 1024
"""A list of 200,000 feeds has about 40 MB; more is no feed list."""

_KEYS = {"url", "provider", "language", "tags", "topic", "headers", "time_zone", "robots"}


class FeedListError(ValueError):
    """A feed list that cannot be read; the message names it and what to do."""


def looks_like_feed_list(name: str, data: bytes) -> bool:
    """Whether a file given as a SOURCE lists feeds instead of being a document itself.

    OPML by its root element, YAML by its suffix, JSON by its shape: strings, or objects with ``url`` and none of the
    keys that a news item has.
    """
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    lower = head.lower()
    if name.lower().endswith((".yaml", ".yml")):
        return True
    if name.lower().endswith(".opml") or b"<opml" in lower:
        return True
    if not name.lower().endswith(".json") or head[:1] not in (b"[", b"{"):
        return False
    try:
        value = json.loads(data)
    except ValueError:
        return False
    entries = value.get("feeds") if isinstance(value, dict) and "items" not in value else value
    return isinstance(entries, list) and bool(entries) and all(_is_entry(entry) for entry in entries)


def _is_entry(entry: object) -> bool:
    if isinstance(entry, str):
        return "/" in entry
    return (
        isinstance(entry, dict) and "url" in entry and not entry.keys() & {"headline", "body", "title", "content_text"}
    )


def read_feed_list(name: str, data: bytes) -> tuple[Source, ...]:
    """Read a feed list.

    Args:
        name: its path or URL, for messages and relative entries.
        data: its bytes.

    Returns:
        The sources in the list's order, each address once.

    Raises:
        FeedListError: the list or one of its entries is not usable; the message says where.
    """
    if len(data) > MAX_LIST_BYTES:
        raise FeedListError(f"{name}: {len(data)} bytes is too large for a feed list; split it")
    if name.lower().endswith(".opml") or b"<opml" in data[:4096].lower():
        found = _read_opml(name, data)
    else:
        found = _read_mappings(name, _load(name, data))
    if not found:
        raise FeedListError(
            f"{name}: no feed in this list; OPML needs outlines with xmlUrl, YAML and JSON entries a url"
        )
    unique = {source.address: source for source in reversed(found)}
    return tuple(source for source in found if unique.pop(source.address, None) is not None)


def _load(name: str, data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text) if name.lower().endswith(".json") else yaml.safe_load(text)
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise FeedListError(
            f"{name}: not readable as {'JSON' if name.lower().endswith('.json') else 'YAML'}: {error}"
        ) from error


def _read_opml(name: str, data: bytes) -> list[Source]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FeedListError(f"{name}: broken OPML: {error}; export the list again") from error
    found = []
    for outline in root.iter("{*}outline", "outline"):
        address = next((value for key, value in outline.attrib.items() if str(key).lower() == "xmlurl"), None)
        if not address or not str(address).strip():
            continue
        tags = []
        for parent in outline.iterancestors("outline"):
            label = parent.get("text") or parent.get("title")
            if label:
                tags.append(str(label))
        found.append(
            Source(
                address=child_url(name, str(address).strip()),
                language=str(outline.get("language")) if outline.get("language") not in (None, "", "unknown") else None,
                tags=tuple(reversed(tags)),
            )
        )
    return found


def _read_mappings(name: str, value: Any) -> list[Source]:
    entries = value.get("feeds") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise FeedListError(f"{name}: expected a list of feeds, or a mapping with `feeds`")
    return [_read_entry(name, number, entry) for number, entry in enumerate(entries, 1)]


def _read_entry(name: str, number: int, entry: Any) -> Source:
    where = f"{name}, feed {number}"
    if isinstance(entry, str):
        return Source(address=child_url(name, entry.strip()))
    if not isinstance(entry, dict) or not isinstance(entry.get("url"), str) or not entry["url"].strip():
        raise FeedListError(f"{where}: needs a `url`")
    unknown = sorted(str(key) for key in entry if key not in _KEYS)
    if unknown:
        raise FeedListError(f"{where}: unknown key {', '.join(unknown)}; known are {', '.join(sorted(_KEYS))}")
    headers = entry.get("headers") or {}
    if not isinstance(headers, dict) or not all(isinstance(v, str) for v in headers.values()):
        raise FeedListError(f"{where}: `headers` maps names to strings")
    tags = entry.get("tags") or []
    if isinstance(tags, str):
        tags = [tags]
    if not isinstance(tags, list):
        raise FeedListError(f"{where}: `tags` is a list of words")
    topic = _word(where, entry, "topic")
    if topic is not None and topic not in TOPICS:
        raise FeedListError(f"{where}: `topic` {topic!r} is none of {', '.join(TOPICS)}")
    zone = _word(where, entry, "time_zone")
    if zone is not None:
        try:
            zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
            raise FeedListError(f"{where}: `time_zone` {zone!r} is no IANA zone such as Europe/Vienna") from error
    robots = entry.get("robots", False)
    if not isinstance(robots, bool):
        raise FeedListError(f"{where}: `robots` is true or false")
    return Source(
        address=child_url(name, entry["url"].strip()),
        robots=robots,
        provider=_word(where, entry, "provider"),
        language=_word(where, entry, "language"),
        tags=tuple(str(tag) for tag in tags),
        topic=topic,
        headers=tuple((str(key), value) for key, value in headers.items()),
        time_zone=zone,
    )


def _word(where: str, entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    if value is None or (isinstance(value, str) and value.strip()):
        return value.strip() if isinstance(value, str) else None
    raise FeedListError(f"{where}: `{key}` is a word, not {without_secrets(repr(value))}")
