"""Google News sitemaps, plain sitemaps and sitemap indexes (sitemaps.org 0.9, news 0.9)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from schemas.document import Failure, FeedHints, ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from transforms.parse.dates import read_date
from transforms.parse.errors import ParseError
from transforms.parse.language import language_tag
from transforms.parse.limits import MAX_ITEMS, MAX_MEDIA
from transforms.parse.probe import Probe
from transforms.parse.text import one_line
from transforms.parse.xml import local_name, read_xml_noted

NAME = "sitemap"

_GENRES = "genres"


def sniff(probe: Probe) -> bool:
    """The roots of the protocol."""
    return probe.root in {"urlset", "sitemapindex"}


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:  # noqa: ARG001 - every format is asked alike
    """Read every URL; an index names further documents in its hints."""
    try:
        read = read_xml_noted(doc.data, doc.content_type)
    except ParseError as error:
        return ParsedDocument(NAME, failures=(Failure("parse", error.code, f"{doc.input} {error.message}", doc.input),))
    base = doc.final_url or doc.source.address
    if local_name(read.root).lower() == "sitemapindex":
        documents = tuple(urljoin(base, loc) for entry in _children(read.root) if (loc := _facts(entry).get("loc")))
        return ParsedDocument(NAME, hints=FeedHints(documents=documents[:MAX_ITEMS]))
    items: list[NewsItem] = []
    failures: list[Failure] = []
    for position, entry in enumerate(_children(read.root)):
        if position >= MAX_ITEMS:
            message = f"{doc.input} holds more than {MAX_ITEMS:,} URLs: split it"
            failures.append(Failure("parse", "too_many_items", message, doc.input))
            break
        item = _item(entry, position, base, doc.source.time_zone)
        if item is None:
            message = f"{doc.input}, item {position}: a sitemap entry without `loc`; its publisher must name the page"
            failures.append(Failure("parse", "empty_item", message, doc.input, position))
        else:
            items.append(item)
    if read.truncated:
        message = f"{doc.input} ends early; the {len(items)} entries before the break are kept. Fetch it again"
        failures.append(Failure("parse", "truncated", message, doc.input))
    return ParsedDocument(NAME, tuple(items), tuple(failures))


def _children(root: Any) -> Iterator[Any]:
    return (child for child in root if local_name(child).lower() in {"url", "sitemap"})


def _facts(entry: Any) -> dict[str, str]:
    """First text of each element below the entry; nested names by their own."""
    facts: dict[str, str] = {}
    for element in entry.iter():
        name = local_name(element).lower()
        text = one_line(element.text) if element.text else ""
        if name and text:
            parent = local_name(element.getparent()).lower() if element is not entry else ""
            facts.setdefault(f"{parent}/{name}" if parent in {"image", "video", "publication"} else name, text)
    return facts


def _item(entry: Any, position: int, base: str, zone: str | None) -> NewsItem | None:
    facts = _facts(entry)
    location = facts.get("loc")
    if not location:
        return None
    printed = facts.get("publication_date")
    published = read_date(printed, zone) if printed else None
    changed = facts.get("lastmod")
    return NewsItem(
        position=position,
        guid=None,
        url=urljoin(base, location),
        source=facts.get("publication/name"),
        headline=facts.get("title"),
        language=language_tag(facts.get("publication/language")),
        keywords=tuple(word for part in facts.get("keywords", "").split(",") if (word := part.strip())),
        genres=tuple(word for part in facts.get(_GENRES, "").split(",") if (word := part.strip())),
        media=tuple(_pictures(entry, base))[:MAX_MEDIA],
        published=published.moment if published else None,
        published_raw=printed,
        date_source=published.source if published else None,
        updated=read_date(changed, zone).moment if changed else None,
        extra=(("stock_tickers", facts["stock_tickers"]),) if "stock_tickers" in facts else (),
    )


def _pictures(entry: Any, base: str) -> Iterator[Media]:
    for picture in entry:
        if local_name(picture).lower() != "image":
            continue
        facts = {local_name(part).lower(): one_line(part.text) for part in picture if part.text}
        if facts.get("loc"):
            yield Media(
                url=urljoin(base, facts["loc"]), type="image", caption=facts.get("caption"), title=facts.get("title")
            )
