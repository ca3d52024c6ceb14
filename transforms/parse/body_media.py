"""Pictures and other media inside a body: addresses, captions, credits."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from schemas.item import Media
from transforms.parse.elements import Element, attribute, descendants, name_of, outermost, text_of, text_without, unique

MEDIA_TAGS = frozenset(("img", "video", "audio", "picture", "iframe", "object", "embed"))
"""HTML elements that show something else than text."""

MAX_FRAMED = 500
"""Elements of a ``figure`` that are looked at: real ones hold a dozen, and figures may nest."""

_KINDS = {
    "img": "image",
    "photo": "image",
    "graphic": "image",
    "picture": "image",
    "iframe": "text/html",
    "video": "video",
    "audio": "audio",
}


def is_medium(element: Element) -> bool:
    """Whether a ``media``, ``photo`` or ``figure`` element shows a medium; a ``figure`` may frame a table."""
    if name_of(element) != "figure":
        return True
    inside = {name_of(each) for each in islice(element.iter(etree.Element), MAX_FRAMED)}
    return not inside & {"table", "blockquote"} and bool(inside & MEDIA_TAGS)


_CAPTIONS = frozenset(("media-caption", "figcaption", "caption"))
_MAKERS = frozenset(("media-producer", "credit"))
_NO_TEXT = frozenset(("media-object", "script", "style", "noscript", *_CAPTIONS, *_MAKERS))


def medium_with_caption(element: Element) -> Media | None:
    """NITF ``media`` or HTML ``figure``: the first reference in it, with all captions and producers.

    Text that stands in none of the elements for it is caption too, but for data of a ``media-object``.
    """
    inner = next(descendants(element, *MEDIA_TAGS, "media-reference", "photo", "graphic"), None)
    reference = inner if inner is not None else element
    makers = (text_of(each) for each in descendants(element, *_MAKERS))
    medium = Media(
        url=_address_of(reference),
        type=attribute(reference, "mime-type") or attribute(element, "media-type") or _KINDS.get(name_of(reference)),
        caption="\n".join(unique((*_captions(element), text_without(element, _NO_TEXT)))) or None,
        credit="; ".join(unique(makers)) or None,
        title=attribute(reference, "alternate-text") or attribute(reference, "alt") or attribute(reference, "name"),
        width=whole_number(attribute(reference, "width")),
        height=whole_number(attribute(reference, "height")),
    )
    return medium if medium.url or medium.caption or medium.title or medium.credit else None


def _captions(element: Element) -> Iterator[str | None]:
    for each in outermost(element, *_MAKERS, *_CAPTIONS):
        if name_of(each) in _CAPTIONS:
            yield text_of(each)


def embedded_medium(element: Element) -> Media | None:
    """An ``img``, ``video``, ``iframe``, … with an address; None without one."""
    url = _address_of(element)
    if url is None:
        return None
    return Media(
        url=url,
        type=attribute(element, "type") or _KINDS.get(name_of(element)),
        title=attribute(element, "alt") or attribute(element, "title"),
        width=whole_number(attribute(element, "width")),
        height=whole_number(attribute(element, "height")),
    )


def _address_of(element: Element) -> str | None:
    """Where a medium is; data inside the document is no address."""
    for name in ("source", "src", "data-location", "href", "data"):
        value = attribute(element, name)
        if value and not value.startswith("data:"):
            return value
    source = next(descendants(element, "source"), None)
    return attribute(source, "src") if source is not None else None


def whole_number(text: str | None) -> int | None:
    """A number of up to nine digits, a unit after it ignored (``800px``)."""
    match = re.match(r"\s*(\d{1,9})(?!\d)", text or "")
    return int(match[1]) if match else None
