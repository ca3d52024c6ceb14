"""dpa digital wires: Deutsche Presse-Agentur's JSON, one entry or a list of entries from its queue.

The copy is ``article_html`` (and ``infobox_html``); the notepad beside it is for editors, its ``nonpublic`` part for
nobody else, and both stay out of the body. Agencies that deliver through dpa's platform use the same shape.

Source: the documented entry format ``digitalwires`` 0.5 to 0.9 of dpa's open converters.
"""

from collections.abc import Iterator

from schemas.document import ParsedDocument, RawDocument
from schemas.item import Media, NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.agency_document import Clock, pairs
from transforms.parse.countries import country_code
from transforms.parse.elements import join_lines, unique
from transforms.parse.errors import ParseError
from transforms.parse.json_document import (
    Entry,
    entries_at,
    entry_at,
    line_at,
    listed,
    number_at,
    read_json_document,
    text_at,
    texts_at,
)
from transforms.parse.limits import MAX_MEDIA
from transforms.parse.news_status import signals_of, status_of
from transforms.parse.newsml_text import Copy, read_text
from transforms.parse.probe import Probe
from transforms.parse.text import html_to_text

NAME = "dpa_json"

_TOPIC_SCHEMES = ("medtop:", "subj:")


def sniff(probe: Probe) -> bool:
    """Whether a document is dpa's: an entry with a ``urn`` and its own names for date and status."""
    if probe.first_json is None or '"urn"' not in probe.text:
        return False
    entry = next(iter(listed(probe.json())), None)
    if not isinstance(entry, dict) or not isinstance(entry.get("urn"), str):
        return False
    return str(entry.get("format")).startswith("digitalwires") or ("version_created" in entry and "headline" in entry)


def parse(doc: RawDocument, probe: Probe) -> ParsedDocument:
    """Read one entry, a list, or a queue's answer. Never raises."""
    return read_json_document(doc, probe, NAME, listed, _read)


def _read(entry: Entry, clock: Clock) -> NewsItem:
    guid = line_at(entry, "urn")
    headline = line_at(entry, "headline")
    article = read_text(text_at(entry, "article_html") or "")
    infobox = read_text(text_at(entry, "infobox_html") or "")
    body = join_lines(article.body, infobox.body)
    captions = unique(line_at(each, "description") for each in entries_at(entry, "descriptions"))
    media = tuple(_media(entries_at(entry, "associations")))
    if not (guid or headline or body):
        raise ParseError("empty_item", "has neither id nor text; nothing can be kept of it")
    created = text_at(entry, "version_created")
    version_created, date_source = clock.dated(created)
    embargo_raw = text_at(entry, "embargoed")
    embargo = clock.read(embargo_raw)
    status = status_of(line_at(entry, "pubstatus"))
    categories = entries_at(entry, "categories")
    codes = unique(_codes(categories))
    return NewsItem(
        guid=guid,
        version=line_at(entry, "version"),
        version_created=version_created,
        provider=_named(categories, "provider"),
        source=line_at(entry, "creditline"),
        item_type="text" if body else "picture" if any(_is_picture(each) for each in media) else "text",
        status=status,
        signals=signals_of((*texts_at(entry, "signal"), *_of_type(categories, "signal", "qcode")), status),
        embargo_until=embargo,
        embargo_raw=embargo_raw if embargo is None else None,
        headline=headline,
        standfirst=line_at(entry, "teaser", "subhead") or (captions[0] if captions else None),
        body=body,
        byline_raw=line_at(entry, "byline") or article.byline,
        dateline_raw=line_at(entry, "dateline") or article.dateline,
        located_place=_created_at(categories)[0],
        located_country=_created_at(categories)[1],
        language=line_at(entry, "language"),
        slug=line_at(entry, "kicker"),
        keywords=unique((*texts_at(entry, "keyword_names"), *texts_at(entry, "dpasubject_names"))),
        genres=texts_at(entry, "genre_names"),
        editorial_note=_notes(entry, article),
        usage_terms=text_at(entry, "usageterms"),
        credit=line_at(entry, "creditline"),
        urgency=number_at(entry, "urgency"),
        media=(*media, *article.media, *infobox.media)[:MAX_MEDIA],
        wire_header=pairs(
            ("category", next(iter(texts_at(entry, "desk_names")), None)),
            ("service", next(_of_type(categories, "wire", "name"), None)),
        ),
        subject_codes=codes,
        media_topics=media_topics_of(code for code in codes if code.startswith(_TOPIC_SCHEMES)),
        published=version_created,
        published_raw=created,
        date_source=date_source,
        updated=clock.read(text_at(entry, "updated")),
        extra=pairs(
            ("copyright_notice", line_at(entry, "copyrightnotice")),
            ("content_created", line_at(entry, "content_created")),
            ("subhead", line_at(entry, "subhead")),
            ("linkbox", html_to_text(text_at(entry, "linkbox_html") or "")),
            ("geo_subjects", ", ".join(texts_at(entry, "geosubject_names"))),
        ),
    )


def _notes(entry: Entry, article: Copy) -> str | None:
    """The notepad and the notes by role; what one says again is kept once."""
    notepad = entry_at(entry, "notepad")
    printed = [html_to_text(text_at(notepad, name) or "") for name in ("public_html", "nonpublic_html")]
    listed_notes = [line_at(each, "ednote") for each in entries_at(entry, "ednotes")]
    return join_lines(*printed, *(note for note in listed_notes if note), *article.notes)


def _codes(categories: list[Entry]) -> Iterator[str]:
    """Subject codes: media topics and dpa's own subjects; desks, wires and people have other columns."""
    for category in categories:
        code = line_at(category, "qcode")
        if code and (code.startswith(_TOPIC_SCHEMES) or line_at(category, "type") == "dnltype:dpasubject"):
            yield code


def _of_type(categories: list[Entry], kind: str, field: str) -> Iterator[str]:
    for category in categories:
        if line_at(category, "type") == f"dnltype:{kind}" and (value := line_at(category, field)):
            yield value


def _named(categories: list[Entry], kind: str) -> str | None:
    return next(_of_type(categories, kind, "name"), None)


def _created_at(categories: list[Entry]) -> tuple[str | None, str | None]:
    """Town and country where the content was made."""
    for category in categories:
        if line_at(category, "type") == "dnltype:locationcreated":
            place = entry_at(category, "geojson", "properties")
            return line_at(place, "locality", "name"), country_code(line_at(place, "country"))
    return None, None


def _is_picture(media: Media) -> bool:
    return (media.type or "image").startswith("image")


def _media(associations: list[Entry]) -> Iterator[Media]:
    """Pictures in the order of their rank, each at its largest rendition."""
    for each in associations:
        best = max(entries_at(each, "renditions"), key=lambda one: number_at(one, "width") or 0, default={})
        yield Media(
            url=line_at(best, "url"),
            type=line_at(best, "mimetype") or line_at(each, "type"),
            caption=line_at(each, "caption"),
            credit=line_at(each, "creditline"),
            title=line_at(each, "headline"),
            width=number_at(best, "width"),
            height=number_at(best, "height"),
        )
