"""WordPress exports (WXR 1.0 to 1.2): the posts, pages and attachments of a blog.

What WordPress keeps in the same list but is no content (menu entries, revisions, templates, styles) is no entry.
Drafts, private posts and those behind a password are withheld, the bin is cancelled, a planned post is embargoed until
its date.

Source: WordPress's export format (``wp-admin/includes/export.php``).
"""

import re
from collections.abc import Iterator
from typing import Any

from schemas.document import ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from transforms.parse.agency_document import Clock, Entry, pairs, read_document
from transforms.parse.elements import (
    Element,
    attribute,
    child,
    children,
    descendants,
    first,
    grouped,
    name_of,
    text_of,
    unique,
)
from transforms.parse.newsml_text import Copy, read_copy, read_text
from transforms.parse.plain_copy import has_markup
from transforms.parse.probe import Probe
from transforms.parse.xml import ParseError

NAME = "wxr"

_NAMESPACE = "wordpress.org/export/"
_NO_CONTENT = frozenset(
    (
        "nav_menu_item",
        "revision",
        "custom_css",
        "customize_changeset",
        "oembed_cache",
        "user_request",
        "wp_block",
        "wp_template",
        "wp_template_part",
        "wp_global_styles",
        "wp_navigation",
        "wp_font_family",
        "wp_font_face",
    )
)
_WITHHELD = frozenset(("draft", "pending", "private", "auto-draft"))
_KINDS = {
    "jpg": "picture",
    "jpeg": "picture",
    "png": "picture",
    "gif": "picture",
    "webp": "picture",
    "svg": "graphics",
    "mp4": "video",
    "mov": "video",
    "webm": "video",
    "mp3": "audio",
    "m4a": "audio",
    "ogg": "audio",
    "wav": "audio",
}
_TAGS = frozenset(("post_tag", "tag"))
"""A post's tags are its keywords; its categories are the sections of the site."""

_CAPTION = re.compile(
    r"\[(?:wp_)?caption\b[^\]]{0,500}\]\s*(<a\b[^<>]*>\s*)?(<img\b[^<>]*>)(?:\s*</a>)?([^\[]{0,2000})\[/(?:wp_)?caption\]",
    re.DOTALL,
)
_SHORTCODE = re.compile(r"\[/?(?:wp_caption|caption|gallery|playlist|embed|audio|video|more)\b[^\[\]]{0,500}\]")
"""WordPress's own shortcodes stand for what it shows in their place; a picture's caption is copy."""

_NO_DATE = "0000-00-00"
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def sniff(probe: Probe) -> bool:
    """An RSS root that declares WordPress's export namespace."""
    return probe.root == "rss" and (
        any(_NAMESPACE in value for value in probe.attributes.values()) or "<wp:wxr_version" in probe.text
    )


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 -- one signature for every format
    """Read a document. Never raises."""
    return read_document(doc, NAME, _entries, _read)


def _entries(root: Element) -> Iterator[Entry]:
    for channel in descendants(root, "channel"):
        authors = {
            login: text_of(child(each, "author_display_name")) or login
            for each in children(channel)
            if name_of(each) == "author" and (login := text_of(child(each, "author_login")))
        }
        site = text_of(child(channel, "link"))
        language = text_of(child(channel, "language"))
        for item in children(channel):
            if name_of(item) == "item" and (text_of(child(item, "post_type")) or "post") not in _NO_CONTENT:
                yield item, (authors, site, language)


def _read(item: Element, context: Any, clock: Clock) -> NewsItem:
    authors, site, language = context
    parts = grouped(item)
    contents = parts.get("encoded", [])
    body = _copy(each for each in contents if "excerpt" not in each.tag)
    excerpt = _copy(each for each in contents if "excerpt" in each.tag)
    summary = excerpt.body or read_copy(*parts.get("description", ())).body
    headline = text_of(first(parts, "title"))
    guid, link = text_of(first(parts, "guid")), text_of(first(parts, "link"))
    if not (guid or link or headline or body.body):
        raise ParseError("empty_item", "has neither an id nor any text")

    printed = _date(parts, "post_date_gmt") or _date(parts, "pubdate") or _date(parts, "post_date")
    in_gmt = _date(parts, "post_date_gmt") is not None
    published, dated = Clock().dated(printed) if in_gmt else clock.dated(printed)
    modified = Clock().read(_date(parts, "post_modified_gmt")) or clock.read(_date(parts, "post_modified"))
    state = text_of(first(parts, "status")) or "publish"
    # whoever has no password sees a title only
    is_withheld = state in _WITHHELD or (state == "publish" and text_of(first(parts, "post_password")) is not None)
    creator = text_of(first(parts, "creator"))
    address = text_of(first(parts, "attachment_url"))
    is_attachment = text_of(first(parts, "post_type")) == "attachment"
    words = [(attribute(each, "domain") or "category", text_of(each)) for each in parts.get("category", ())]
    sections = unique(text for domain, text in words if domain == "category")
    media = body.media
    kind = "text"
    if is_attachment:
        kind = _KINDS.get((address or "").rpartition(".")[2].lower(), "text")
        media = (Media(url=address, caption=summary or body.body, title=headline), *media)
    return NewsItem(
        guid=guid,
        version_created=modified or published,
        first_created=published,
        source=site,
        url=link if link and link.startswith(("http://", "https://")) else None,
        item_type=kind,
        status="withheld" if is_withheld else "canceled" if state == "trash" else "usable",
        signals=("kill",) if state == "trash" else (),
        embargo_until=published if state == "future" else None,
        embargo_raw=printed or state if state == "future" and published is None else None,
        headline=headline,
        standfirst=summary,
        body=body.body,
        byline_raw=authors.get(creator, creator) if creator else None,
        language=language,
        slug=text_of(first(parts, "post_name")),
        keywords=unique(text for domain, text in words if domain in _TAGS),
        media=media,
        wire_header=pairs(
            ("category", next(iter(sections), None)),
            ("categories", "; ".join(sections) or None),
            ("news_item_type", text_of(first(parts, "post_type"))),
            ("post_status", state),
        ),
        published=published,
        published_raw=printed,
        date_source="published" if in_gmt and published else dated,
        updated=modified,
    )


def _copy(elements: Iterator[Element]) -> Copy:
    """Content as WordPress shows it: blank lines part paragraphs and line ends break lines."""
    element = next(elements, None)
    if element is None:
        return Copy()
    if len(element):
        return read_copy(element)
    text = element.text or ""
    if "[" in text:
        text = _SHORTCODE.sub("", _CAPTION.sub(r"<figure>\1\2<figcaption>\3</figcaption></figure>", text))
    if has_markup(text) and "<pre" not in text:
        text = _BLANK_LINE.sub("<p>", text.replace("\r\n", "\n")).replace("\n", "<br/>")
    return read_text(text)


def _date(parts: dict[str, list[Element]], name: str) -> str | None:
    text = text_of(first(parts, name))
    return None if not text or text.startswith(_NO_DATE) else text
