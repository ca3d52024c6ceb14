"""Attachments of feed entries: enclosures and Media RSS, with their captions and credits.

A group holds one picture or film in several sizes: it becomes one `Media`, the widest. Captions and credits of an
entry describe its first attachment. Thumbnails count only where nothing larger is shown.
"""

from typing import Any

from schemas.item import Media
from transforms.parse.feed_names import Parts, group, key_of
from transforms.parse.limits import MAX_MEDIA
from transforms.parse.links import absolute
from transforms.parse.text import html_to_text

_WORDS = frozenset(("media_caption", "media_credit", "media_title"))

_RENDITIONS = 200
"""Renditions looked at in one group."""


def read_media(parts: Parts, base: str | None) -> list[Media]:
    """The attachments of an entry, each address once.

    Args:
        parts: the entry's children by key.
        base: of relative addresses.

    Returns:
        At most `MAX_MEDIA`, in the order: Media RSS content, groups, enclosures, images, thumbnails.
    """
    caption, credit, title = _words(parts) if parts.keys() & _WORDS else (None, None, None)
    found = [_content(element, base, caption, credit, title) for element in parts.get("media", ())[:MAX_MEDIA]]
    for element in parts.get("group", ())[:MAX_MEDIA]:
        one = _group(element, base, caption, credit, title)
        if one is not None:
            found.append(one)
    seen = {media.url for media in found}
    for element in parts.get("enclosure", ())[:MAX_MEDIA]:
        url = absolute(element.get("url") or element.get("href"), base)
        if url and url not in seen:
            seen.add(url)
            found.append(Media(url=url, type=_word(element.get("type"))))
    for element in parts.get("link", ())[:MAX_MEDIA]:
        if element.get("rel") == "enclosure":
            url = absolute(element.get("href"), base)
            if url and url not in seen:
                seen.add(url)
                found.append(Media(url=url, type=_word(element.get("type")), title=_word(element.get("title"))))
    if not found:
        for element in (*parts.get("image", ()), *parts.get("thumbnail", ()))[:MAX_MEDIA]:
            url = absolute(_image_address(element), base)
            if url and url not in seen:
                seen.add(url)
                found.append(
                    Media(url=url, type="image", width=_size(element, "width"), height=_size(element, "height"))
                )
    if (caption or credit) and not any(media.caption or media.credit for media in found):
        if found:
            first = found[0]
            found[0] = Media(first.url, first.type, caption, credit, first.title or title, first.width, first.height)
        else:
            found.append(Media(caption=caption, credit=credit, title=title))
    return found[:MAX_MEDIA]


def _words(parts: Parts) -> tuple[str | None, str | None, str | None]:
    """Caption, credit and title among an element's children."""
    return (
        _plain(parts.get("media_caption")),
        _plain(parts.get("media_credit"), joint=", "),
        _plain(parts.get("media_title")),
    )


def _content(element: Any, base: str | None, caption: str | None, credit: str | None, title: str | None) -> Media:
    """One ``media:content``; what its children do not say, the element around it does."""
    if len(element):
        inner = group(element)
        own_caption, own_credit, own_title = _words(inner)
        caption, credit, title = own_caption or caption, own_credit or credit, own_title or title
        thumbnail = inner.get("thumbnail")
    else:
        thumbnail = None
    url = element.get("url")
    if not url and thumbnail:
        url = thumbnail[0].get("url")
    kind = _word(element.get("type")) or _word(element.get("medium"))
    return Media(absolute(url, base), kind, caption, credit, title, _size(element, "width"), _size(element, "height"))


def _group(element: Any, base: str | None, caption: str | None, credit: str | None, title: str | None) -> Media | None:
    inner = group(element)
    own_caption, own_credit, own_title = _words(inner)
    caption, credit, title = own_caption or caption, own_credit or credit, own_title or title
    renditions = inner.get("media", ())[:_RENDITIONS]
    if renditions:
        widest = max(renditions, key=lambda each: (_size(each, "width") or 0, each.get("isDefault") == "true"))
        return _content(widest, base, caption, credit, title)
    for thumbnail in inner.get("thumbnail", ())[:1]:
        url = absolute(thumbnail.get("url"), base)
        return Media(url, "image", caption, credit, title, _size(thumbnail, "width"), _size(thumbnail, "height"))
    return None


def _plain(elements: list[Any] | None, joint: str | None = None) -> str | None:
    """The text of the first element that has one, or of all of them."""
    if not elements:
        return None
    texts = (html_to_text(element.text or "") for element in elements[:MAX_MEDIA])
    found = list(dict.fromkeys(text for text in texts if text))
    if not found:
        return None
    return joint.join(found) if joint else found[0]


def _image_address(element: Any) -> str | None:
    """The address of a thumbnail or an RSS image: an attribute, a ``url`` child, or the element's text."""
    url = element.get("url") or element.get("href")
    if url:
        return str(url)
    for child in element:
        if key_of(child.tag) is None and str(child.tag).rpartition("}")[2].lower() == "url":
            return str(child.text or "")
    return str(element.text or "")


def _word(text: str | None) -> str | None:
    return text.strip() or None if text else None


def _size(element: Any, name: str) -> int | None:
    """Pixels; None for percentages and words. Beyond six digits it is no size."""
    value = element.get(name)
    if not value:
        return None
    value = value.strip().removesuffix("px")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else None
