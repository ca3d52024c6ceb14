"""The ``NewsComponent`` tree of NewsML 1: which parts are the story, which are pictures, captions and versions.

Roles (``Role/@FormalName``) say what a part is where agencies send them: Main, Title, Lead, Body, Caption, Picture,
Thumbnail, … Parts without a role are copy when they hold text. A medium is a component that holds content by
reference (``ContentItem/@Href``) or says Photo, Video, …; texts within it are its caption.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.item import Media
from transforms.parse.body_media import whole_number
from transforms.parse.elements import (
    XML_LANG,
    Children,
    Element,
    attribute,
    child,
    children,
    descendants,
    grouped,
    name_of,
    outermost,
    text_of,
    texts_of,
    unique,
)
from transforms.parse.newsml_text import read_copy
from transforms.parse.nitf_content import NitfBody, read_nitf_body

_READABLE = frozenset(("", "none", "text", "plain", "7bit", "8bit", "utf-8", "us-ascii", "iso-8859-1"))
"""Notations of an ``Encoding`` that leave text as it is."""

_TITLE_ROLES = frozenset(("title", "headline", "hl"))
_SUMMARY_ROLES = frozenset(("abstract", "summary", "teaser", "standfirst"))
_CAPTION_ROLES = frozenset(("caption", "legend", "photocaption"))
_MEDIA_ROLES = frozenset(
    ("picture", "photo", "image", "graphic", "video", "audio", "thumbnail", "quicklook", "highdef", "preview", "icon")
)
_STORY_ROLES = frozenset(("", "main", "body", "lead", "short", "original", "text", "story", "supporting", "maintext"))
_NOTE_ROLES = frozenset(("editorialnote", "editorsnote", "ednote", "advisory", "note"))
_MEDIA_TYPES = frozenset(("photo", "picture", "image", "graphic", "graphics", "video", "audio", "animation"))
_DEEPEST = 60
"""Nesting of components that is followed; real trees have four levels."""


_MOST_VERSIONS = 32
"""Language versions in one item; the European Union has 24 languages."""


@dataclass(slots=True)
class Components:
    """What a tree of components holds. ``lines``, ``description`` and ``administration`` are the outermost given."""

    lines: dict[str, list[Element]] = field(default_factory=dict)
    description: dict[str, list[Element]] = field(default_factory=dict)
    administration: dict[str, list[Element]] = field(default_factory=dict)
    authors: list[Element] = field(default_factory=list)
    language: str | None = None
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    dateline_date: str | None = None
    distributor: str | None = None
    rights: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pictures: list[Media] = field(default_factory=list)
    media_types: list[str] = field(default_factory=list)

    @property
    def body(self) -> str | None:
        """The copy."""
        return "\n".join(self.paragraphs) or None

    @property
    def media(self) -> tuple[Media, ...]:
        """Each medium once; captions that no picture claims stand alone."""
        return tuple(dict.fromkeys(self.pictures))


def stories_of(item: Element) -> Iterator[Element]:
    """The components of a NewsItem that are stories: usually its one tree.

    Agencies that pack language versions into one item (Belga) give each its own headline and its own texts: then each
    is a story, the first one standing for the item.
    """
    tops = [each for each in children(item) if name_of(each) == "newscomponent"]
    if len(tops) == 1:
        versions = [each for each in children(tops[0]) if name_of(each) == "newscomponent" and _is_version(each)]
        languages = {each.get(XML_LANG) for each in versions}
        if 1 < len(versions) <= _MOST_VERSIONS and len(languages) == len(versions):
            yield from versions
            return
    if tops:
        yield tops[0]
        for other in tops[1:_MOST_VERSIONS]:
            if _is_version(other):
                yield other
    else:
        yield item


def _is_version(component: Element) -> bool:
    """A component with a headline of its own, a language of its own and copy below it."""
    if role_of(component) not in _STORY_ROLES or component.get(XML_LANG) is None:
        return False
    if text_of(child(component, "newslines", "headline")) is None:
        return False
    for part in descendants(component, "newscomponent"):
        if role_of(part) in {"main", "body", "lead", "text"} and any(
            text_of(each) for each in descendants(part, "datacontent")
        ):
            return True
    return False


def role_of(component: Element) -> str:
    """The role of a component in lower case, or an empty string."""
    return (attribute(child(component, "role"), "formalname") or "").lower()


def read_components(component: Element) -> Components:
    """Read a story's tree.

    Args:
        component: the story's ``NewsComponent`` (or the ``NewsItem`` itself when it has none).

    Returns:
        What is in it; metadata that only the components around it give counts too.
    """
    found = Components()
    _walk(component, found, 0, main=True)
    outer = component.getparent()
    while outer is not None and name_of(outer) in {"newscomponent", "newsitem"}:
        _take_metadata(grouped(outer), found)
        outer = outer.getparent()
    return found


def _walk(component: Element, found: Components, depth: int, *, main: bool) -> None:
    parts = grouped(component)
    role = role_of(component)
    if depth and (role in _MEDIA_ROLES or _is_medium(parts)):
        _read_medium(component, found)
        return
    if role in _CAPTION_ROLES:
        caption = "\n".join(text for each in descendants(component, "datacontent") if (text := read_copy(each).body))
        if caption:
            found.pictures.append(Media(caption=caption))
        return
    if main:
        _take_metadata(parts, found)
        found.authors.extend(parts.get("author", ()))
        found.language = found.language or component.get(XML_LANG)
    for item in parts.get("contentitem", ()):
        _read_content(item, role, found)
    inner = parts.get("newscomponent", [])
    if depth < _DEEPEST:
        equivalents = (attribute(component, "equivalentslist") or "no").lower() == "yes"
        for each in _chosen(inner) if equivalents else inner:
            _walk(each, found, depth + 1, main=main and role_of(each) in _STORY_ROLES)


def _chosen(equivalents: list[Element]) -> list[Element]:
    """Of components that say the same in other formats, the first with text; media stay."""
    chosen: list[Element] = []
    rest: list[Element] = []
    for each in equivalents:
        if not any(text_of(data) for data in descendants(each, "datacontent")):
            rest.append(each)
        elif not chosen:
            chosen.append(each)
    return [*chosen, *rest]


def _take_metadata(parts: Children, found: Components) -> None:
    """Metadata of a component; what an outer one has said stays."""
    for lines in parts.get("newslines", ()):
        _merge(found.lines, grouped(lines))
    for name, elements in parts.items():
        if name.startswith("descriptivemetada"):
            # TASS writes DescriptiveMetada
            for each in elements:
                _merge(found.description, grouped(each))
        elif name.startswith("administrativemetada"):
            for each in elements:
                _merge(found.administration, grouped(each))


def _merge(known: dict[str, list[Element]], more: dict[str, list[Element]]) -> None:
    for name, elements in more.items():
        have = known.get(name)
        if have is None or not any(_says(each) for each in have):
            known[name] = elements


def _says(element: Element) -> bool:
    """Whether an element says anything: text, a name or children that do."""
    return bool(
        attribute(element, "formalname")
        or text_of(element)
        or any(attribute(each, "formalname") or attribute(each, "value") for each in element.iter())
    )


def _is_medium(parts: Children) -> bool:
    """A component without copy of its own that refers to content elsewhere."""
    for item in parts.get("contentitem", ()):
        if _media_type(item) in _MEDIA_TYPES or (attribute(item, "href") and child(item, "datacontent") is None):
            return True
    inner = parts.get("newscomponent", ())
    if not inner or parts.get("contentitem"):
        return False
    kinds = [_kind_of(each) for each in inner]
    return any(kind == "medium" for kind in kinds) and all(kind in {"medium", "caption", "title"} for kind in kinds)


def _kind_of(component: Element) -> str:
    role = role_of(component)
    if role in _CAPTION_ROLES:
        return "caption"
    if role in _TITLE_ROLES:
        return "title"
    if role in _MEDIA_ROLES:
        return "medium"
    items = [each for each in children(component) if name_of(each) == "contentitem"]
    if items and all(
        _media_type(each) in _MEDIA_TYPES or (attribute(each, "href") and child(each, "datacontent") is None)
        for each in items
    ):
        return "medium"
    return "copy"


def _media_type(item: Element) -> str:
    return (attribute(child(item, "mediatype"), "formalname") or "").lower()


def _read_medium(component: Element, found: Components) -> None:
    """One medium: its largest rendition, with caption, credit and title of the component around it."""
    lines = grouped(child(component, "newslines"))
    captions: list[str | None] = []
    best: tuple[int, Media] | None = None
    for item in descendants(component, "contentitem"):
        kind = _media_type(item)
        href = attribute(item, "href")
        holder = item.getparent()
        role = role_of(holder) if holder is not None else ""
        if role not in _TITLE_ROLES and attribute(child(item, "encoding"), "notation") is None:
            captions.extend(read_copy(each).body for each in children(item) if name_of(each) == "datacontent")
        if not href:
            continue
        found.media_types.append(kind or (role if role in _MEDIA_TYPES else "photo"))
        sizes = {
            (attribute(each, "formalname") or "").lower(): whole_number(attribute(each, "value"))
            for each in descendants(item, "property")
        }
        width, height = sizes.get("width"), sizes.get("height")
        size = (width or 0) * (height or 0) or (
            whole_number(text_of(next(descendants(item, "sizeinbytes"), None))) or 0
        )
        mime = attribute(child(item, "mimetype"), "formalname") or attribute(child(item, "format"), "formalname")
        if best is None or size > best[0]:
            best = (size, Media(url=href, type=mime or kind or None, width=width, height=height))
    main = best[1] if best else Media()
    title = next(iter(texts_of(lines.get("headline"))), None)
    credit = "; ".join(unique((*texts_of(lines.get("byline")), *texts_of(lines.get("creditline")))))
    medium = Media(
        main.url, main.type, "\n".join(unique(captions)) or None, credit or None, title, main.width, main.height
    )
    if medium.url or medium.caption:
        found.pictures.append(medium)


def _read_content(item: Element, role: str, found: Components) -> None:
    for data in _data_of(item):
        nitf = next(descendants(data, "nitf"), None)
        body = read_nitf_body(nitf) if nitf is not None else None
        copy = body.copy if body is not None else read_copy(data)
        text = copy.body
        found.pictures.extend(each for each in copy.media if each.caption or not (each.url or "").startswith("#"))
        found.notes.extend(copy.notes)
        if role in _TITLE_ROLES:
            found.headline = found.headline or text
            continue
        if role in _SUMMARY_ROLES:
            found.summaries.extend((text,) if text else ())
            continue
        if role in _NOTE_ROLES:
            found.notes.extend((text,) if text else ())
            continue
        if body is not None:
            _take_nitf(body, found)
        else:
            found.headline = found.headline or copy.headline
            found.byline = found.byline or copy.byline
        if text:
            found.paragraphs.append(text)
    if attribute(item, "href"):
        found.media_types.append(_media_type(item))


def _data_of(item: Element) -> Iterator[Element]:
    """The ``DataContent`` of an item; ``Encoding`` may stand before or around it, and Base64 is no text."""
    encodings = [each for each in children(item) if name_of(each) == "encoding"]
    if any((attribute(each, "notation") or "").lower() not in _READABLE for each in encodings):
        return
    for part in children(item):
        if name_of(part) in {"datacontent", "encoding"}:
            yield from outermost(part, "datacontent")


def _take_nitf(body: NitfBody, found: Components) -> None:
    """What the NITF inside says of itself, where NewsML's own lines do not."""
    found.headline = found.headline or body.headline
    found.byline = found.byline or body.byline
    found.dateline = found.dateline or body.dateline
    found.dateline_date = found.dateline_date or body.dateline_date
    found.distributor = found.distributor or body.distributor
    found.rights = found.rights or body.rights
    for text in (body.subheadline, body.standfirst):
        if text:
            found.summaries.append(text)
    if body.note:
        found.notes.append(body.note)
