"""The ``NewsComponent`` tree of NewsML 1: which parts are the story, which are pictures, captions and versions.

Roles (``Role/@FormalName``) say what a part is where agencies send them: Main, Title, Lead, Body, Caption, Picture,
Thumbnail, … Parts without a role are copy when they hold text. A medium is a component that holds content by
reference (``ContentItem/@Href``) or says Photo, Video, …; texts within it are its caption.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

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
from transforms.parse.newsml_text import Copy, read_copy, read_lines, read_text
from transforms.parse.nitf_content import NitfBody, read_nitf_body
from transforms.parse.plain_copy import decoded_text
from transforms.parse.said import fullest

_READABLE = frozenset(("", "none", "text", "plain", "7bit", "8bit", "utf-8", "us-ascii", "iso-8859-1"))
"""Notations of an ``Encoding`` that leave text as it is."""

_TITLE_ROLES = frozenset(("title", "headline", "hl"))
_SUMMARY_ROLES = frozenset(("abstract", "summary", "teaser", "standfirst"))
_CAPTION_ROLES = frozenset(("caption", "legend", "photocaption"))
_MEDIA_ROLES = frozenset(
    ("picture", "photo", "image", "graphic", "video", "audio", "thumbnail", "quicklook", "highdef", "preview", "icon")
)
STORY_ROLES = frozenset(("", "main", "body", "lead", "short", "original", "text", "story", "supporting", "maintext"))
_NOTE_ROLES = frozenset(("editorialnote", "editorsnote", "ednote", "advisory", "note"))
_MEDIA_TYPES = frozenset(("photo", "picture", "image", "graphic", "graphics", "video", "audio", "animation"))
_DEEPEST = 60
"""Nesting of components that is followed; real trees have four levels."""


_MOST_HEADLINES = 32
"""Headlines of one component that are compared: one in each language."""


@dataclass(slots=True)
class Components:
    """What a tree of components holds. ``lines``, ``description`` and ``administration`` are the outermost given."""

    lines: dict[str, list[Element]] = field(default_factory=dict)
    description: dict[str, list[Element]] = field(default_factory=dict)
    administration: dict[str, list[Element]] = field(default_factory=dict)
    authors: list[Element] = field(default_factory=list)
    language: str | None = None
    headlines: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    datelines: list[str] = field(default_factory=list)
    dateline_date: str | None = None
    distributors: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pictures: list[Media] = field(default_factory=list)
    media_types: list[str] = field(default_factory=list)
    members: list[str | None] = field(default_factory=list)
    page_titles: list[str] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)

    @property
    def body(self) -> str | None:
        """The copy."""
        return "\n".join(self.paragraphs) or None

    @property
    def media(self) -> tuple[Media, ...]:
        """Each medium once; a caption beside the only picture without one is its own, others stand alone."""
        media = tuple(dict.fromkeys(self.pictures))
        bare = [each for each in media if each.url and not each.caption]
        loose = [each for each in media if not each.url and each.caption]
        if len(bare) != 1 or not loose or len(media) != len(bare) + len(loose):
            return media
        credit = "; ".join(unique(each.credit for each in (*bare, *loose))) or None
        titles = unique(each.title for each in loose)
        captions = unique(each.caption for each in loose)
        if bare[0].title is None and len(titles) == 1:
            return (replace(bare[0], caption="\n".join(captions), credit=credit, title=titles[0]),)
        return (replace(bare[0], caption="\n".join((*titles, *captions)), credit=credit),)


def role_of(component: Element) -> str:
    """The role of a component in lower case, or an empty string."""
    return (attribute(child(component, "role"), "formalname") or "").lower()


def read_components(component: Element, beside: Iterable[Element] = ()) -> Components:
    """Read a story's tree.

    Args:
        component: the story's ``NewsComponent`` (or the ``NewsItem`` itself when it has none or several).
        beside: components that belong to it.

    Returns:
        What is in it; metadata that only the components around it give counts too.
    """
    found = Components()
    if name_of(component) == "newsitem":
        # no component, several, or what an Update puts into an earlier revision
        for number, each in enumerate(outermost(component, "newscomponent")):
            _walk(each, found, min(number, 1), main=True)
    else:
        _walk(component, found, 0, main=True)
    for each in beside:
        _walk(each, found, 1, main=False)
    outer: Element | None = component
    while outer is not None and name_of(outer) in {"newscomponent", "newsitem"}:
        _take_metadata(grouped(outer), found)
        outer = outer.getparent()
    return found


def _walk(component: Element, found: Components, depth: int, *, main: bool) -> None:
    parts = grouped(component)
    role = role_of(component)
    if depth == 0:
        _take_metadata(parts, found)
    if role in _CAPTION_ROLES:
        caption = "\n".join(text for each in descendants(component, "datacontent") if (text := read_lines(each)))
        title = " – ".join(_own_lines(descendants(component, "newslines"), found)) or None
        if caption or title:
            found.pictures.append(Media(caption=caption or None, title=title))
        return
    if depth and (role in _MEDIA_ROLES or _is_medium(parts)):
        _read_medium(component, found)
        return
    if main:
        _take_metadata(parts, found)
        found.authors.extend(parts.get("author", ()))
        found.language = found.language or component.get(XML_LANG)
    if depth:
        found.paragraphs.extend(_own_lines(parts.get("newslines", ()), found))
    texts: list[str] = []
    for item in parts.get("contentitem", ()):
        texts.extend(_read_content(item, role, found))
    found.members.extend(attribute(each, "newsitem") for each in parts.get("newsitemref", ()))
    found.members.extend(text_of(next(descendants(each, "newsitemid"), None)) for each in parts.get("newsitem", ()))
    inner = parts.get("newscomponent", [])
    before = len(found.paragraphs)
    found.paragraphs.extend(fullest(texts))
    if depth < _DEEPEST:
        for each in inner:
            _walk(each, found, depth + 1, main=main and role_of(each) in STORY_ROLES)
    if (attribute(component, "equivalentslist") or "no").lower() == "yes":
        # what says the same in other formats; the fullest stays
        found.paragraphs[before:] = fullest(found.paragraphs[before:])


def _own_lines(lines: Iterable[Element], found: Components) -> tuple[str, ...]:
    """Title and byline that ``NewsLines`` of a part print, unless they are the story's own."""
    parts = (each for group in map(grouped, lines) for name in _PRINTED for each in group.get(name, ()))
    return unique(text for each in parts if (text := text_of(each)) not in found.printed)


_PRINTED = ("headline", "subheadline", "byline")


def _take_metadata(parts: Children, found: Components) -> None:
    """Metadata of a component; what an outer one has said stays. Lines under a headline of their own are a part's."""
    for lines in map(grouped, parts.get("newslines", ())):
        ours = texts_of(found.lines.get("headline", [])[:_MOST_HEADLINES])
        theirs = texts_of(lines.get("headline", [])[:_MOST_HEADLINES])
        if not ours or not theirs or set(ours) & set(theirs):
            taken = _merge(found.lines, lines)
            found.printed.update(texts_of(each for name in _PRINTED if name in taken for each in lines[name]))
    for name, elements in parts.items():
        if name.startswith("descriptivemetada"):
            # TASS writes DescriptiveMetada
            for each in elements:
                _merge(found.description, grouped(each))
        elif name.startswith("administrativemetada"):
            for each in elements:
                _merge(found.administration, grouped(each))


def _merge(known: dict[str, list[Element]], more: dict[str, list[Element]]) -> set[str]:
    """Add what is not known; the names that were added."""
    taken = set()
    for name, elements in more.items():
        have = known.get(name)
        if have is None or not any(_says(each) for each in have):
            known[name] = elements
            taken.add(name)
    return taken


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
    lines = [grouped(each) for each in descendants(component, "newslines")]
    captions: list[str | None] = []
    titles = [text_of(each) for group in lines for name in ("headline", "subheadline") for each in group.get(name, ())]
    best: tuple[int, Media] | None = None
    for item in descendants(component, "contentitem"):
        kind = _media_type(item)
        href = attribute(item, "href")
        holder = item.getparent()
        role = role_of(holder) if holder is not None else ""
        said = [read_lines(each) for each in _data_of(item)]
        if role in _TITLE_ROLES:
            titles.extend(said)
        elif role in _NOTE_ROLES:
            found.notes.extend(filter(None, said))
        else:
            captions.extend(said)
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
    makers = (text_of(each) for group in lines for name in ("byline", "creditline") for each in group.get(name, ()))
    medium = replace(
        main,
        caption="\n".join(fullest(captions)) or None,
        credit="; ".join(unique(makers)) or None,
        title=" – ".join(unique(titles)) or None,
    )
    if medium != Media():
        found.pictures.append(medium)


def _read_content(item: Element, role: str, found: Components) -> Iterator[str]:
    """Read a ``ContentItem``; yields what of it is copy."""
    for data in _data_of(item):
        nitf = next(descendants(data, "nitf"), None)
        body = read_nitf_body(nitf) if nitf is not None else None
        copy = body.copy if body is not None else read_copy(data)
        found.pictures.extend(each for each in copy.media if each.caption or not (each.url or "").startswith("#"))
        kept = found.headlines if role in _TITLE_ROLES else found.summaries if role in _SUMMARY_ROLES else None
        kept = found.notes if role in _NOTE_ROLES else kept
        if kept is not None:
            kept.extend(filter(None, (read_lines(data),)))
            continue
        found.notes.extend(copy.notes)
        found.page_titles.extend(filter(None, (text_of(child(data, "html", "head", "title")),)))
        if body is not None:
            _take_nitf(body, found)
        else:
            _take_copy(copy, found)
        if copy.body:
            yield copy.body
    text = _decoded(item)
    if text is not None and (copy := read_text(text)).body:
        yield copy.body
    if attribute(item, "href"):
        found.media_types.append(_media_type(item))


def _data_of(item: Element) -> Iterator[Element]:
    """The ``DataContent`` of an item as it can be read; ``Encoding`` may stand before or around it."""
    if all((attribute(each, "notation") or "").lower() in _READABLE for each in _encodings(item)):
        for part in children(item):
            if name_of(part) in {"datacontent", "encoding"}:
                yield from outermost(part, "datacontent")


def _encodings(item: Element) -> list[Element]:
    return [each for each in children(item) if name_of(each) == "encoding"]


def _decoded(item: Element) -> str | None:
    """Text that an item of the type Text carries in Base64."""
    encodings = _encodings(item)
    if _media_type(item) != "text" or len(encodings) != 1:
        return None
    data = next(descendants(item, "datacontent"), None)
    return decoded_text(data.text, attribute(encodings[0], "notation") or "") if data is not None else None


def _take_nitf(body: NitfBody, found: Components) -> None:
    """What the NITF inside says of itself, beside NewsML's own lines."""
    for texts, text in (
        (found.headlines, body.headline),
        (found.bylines, body.byline),
        (found.datelines, body.dateline),
        (found.distributors, body.distributor),
        (found.rights, body.rights),
        (found.summaries, body.subheadline),
        (found.summaries, body.standfirst),
        (found.notes, body.note),
    ):
        if text:
            texts.append(text)
    found.dateline_date = found.dateline_date or body.dateline_date


def _take_copy(copy: Copy, found: Components) -> None:
    """What an XHTML header or class names apart from the copy."""
    for texts, text in (
        (found.headlines, copy.headline),
        (found.bylines, copy.byline),
        (found.summaries, copy.subheadline),
        (found.summaries, copy.standfirst),
        (found.summaries, copy.slug),
    ):
        if text:
            texts.append(text)
