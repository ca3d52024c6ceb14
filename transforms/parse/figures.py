"""Pictures inside HTML copy: their captions are taken out of the text and kept with the picture."""

import re

from schemas.item import Media
from transforms.parse.limits import MAX_MEDIA
from transforms.parse.text import html_to_text, one_line

_OPEN = re.compile(r"<(?:\w+:)?figcaption\b[^<>]*>", re.IGNORECASE)
_CLOSE = re.compile(r"</(?:\w+:)?figcaption\s*>", re.IGNORECASE)
_IMAGE = re.compile(r"<(?:\w+:)?img\b([^<>]*)>", re.IGNORECASE)
_ADDRESS = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def take_captions(markup: str, media: list[Media]) -> str:
    """Cut ``figcaption`` elements out of HTML and add them to `media`, with the picture before them.

    Args:
        markup: HTML.
        media: grows by one for each caption.

    Returns:
        The HTML without captions; a caption that never ends stays. Linear in the input's length.
    """
    kept: list[str] = []
    at = 0
    while len(media) < MAX_MEDIA:
        opened = _OPEN.search(markup, at)
        closed = _CLOSE.search(markup, opened.end()) if opened else None
        if opened is None or closed is None:
            break
        before = markup[at : opened.start()]
        kept.append(before)
        caption = one_line(html_to_text(markup[opened.end() : closed.start()]))
        if caption:
            media.append(Media(url=_picture(before), type="image", caption=caption))
        at = closed.end()
    kept.append(markup[at:])
    return "".join(kept)


def _picture(before: str) -> str | None:
    """The address of the last picture before a caption."""
    images = _IMAGE.findall(before)
    found = _ADDRESS.search(images[-1]) if images else None
    return (found[1] or found[2] or "").strip() or None if found else None
