"""What one feed entry says, whoever read it (our own reader or feedparser), and how it becomes a NewsItem.

The rule of copy: content (``content:encoded``, Atom ``content``) is the body; of several the longest. The summary
(``description``, ``summary``) is the standfirst, unless it says the same as the body. Without content, the summary is
the body when it is as long as a story (see `STORY_CHARS`), else the standfirst.
"""

from datetime import datetime

from schemas.item import Media, NewsItem
from schemas.media_topics import media_topics_of
from transforms.parse.dates import UNREADABLE, read_date
from transforms.parse.errors import ParseError
from transforms.parse.feed_categories import Categories
from transforms.parse.limits import MAX_ITEM_CHARS, MAX_MEDIA, MAX_VALUES

STORY_CHARS = 1_200
"""A summary of at least this many characters is the story itself: printed standfirsts end below 600."""

STORY_CHARS_WITH_PARAGRAPHS = 500
"""The same for a summary of more than one paragraph: a standfirst has one."""


class EntryFacts:
    """One entry's facts as plain text, before the rules of copy; filled by a reader, used once."""

    __slots__ = (
        "categories",
        "contents",
        "created",
        "date",
        "extra",
        "guid",
        "language",
        "link",
        "media",
        "names",
        "place",
        "printed_names",
        "published",
        "rights",
        "source",
        "summaries",
        "title",
        "updated",
    )

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.guid: str | None = None
        self.link: str | None = None
        self.title: str | None = None
        self.summaries: list[str] = []
        self.contents: list[str] = []
        self.printed_names: list[str] = []
        self.names: list[str] = []
        self.published: str | None = None
        self.created: str | None = None
        self.updated: str | None = None
        self.date: str | None = None
        self.categories: Categories | None = None
        self.media: list[Media] = []
        self.source: str | None = None
        self.rights: str | None = None
        self.language: str | None = None
        self.place: str | None = None
        self.extra: list[tuple[str, str]] = []


def to_item(facts: EntryFacts, position: int, zone: str | None) -> NewsItem:
    """Make the item.

    Args:
        facts: of the entry.
        position: place in the document, from 0.
        zone: the source's time zone, for dates that name none.

    Returns:
        The item.

    Raises:
        ParseError: ``item_too_large``.
    """
    standfirst, body = copy_of(facts.summaries, facts.contents)
    size = len(body or "") + len(standfirst or "") + len(facts.title or "")
    if size > MAX_ITEM_CHARS:
        message = f"has {size:,} characters; items above {MAX_ITEM_CHARS:,} are not kept: split it or shorten it"
        raise ParseError("item_too_large", message)
    published, published_raw, date_source = _published(facts, zone)
    updated = read_date(facts.updated, zone).moment if facts.updated else None
    created = read_date(facts.created, zone).moment if facts.created else None
    printed = facts.printed_names
    categories = facts.categories
    codes = tuple(categories.codes[:MAX_VALUES]) if categories else ()
    return NewsItem(
        position=position,
        guid=facts.guid,
        first_created=created,
        source=facts.source,
        url=facts.link or None,
        headline=facts.title or None,
        standfirst=standfirst,
        body=body,
        byline_raw="; ".join(printed[:MAX_VALUES]) if printed else None,
        byline_names=tuple(facts.names[:MAX_VALUES]) if facts.names else (),
        located_place=facts.place,
        language=facts.language,
        keywords=tuple(categories.keywords[:MAX_VALUES]) if categories else (),
        usage_terms=facts.rights,
        media=tuple(facts.media[:MAX_MEDIA]) if facts.media else (),
        subject_codes=codes,
        media_topics=media_topics_of(codes) if codes else (),
        published=published,
        published_raw=published_raw,
        date_source=date_source,
        updated=updated,
        extra=tuple(facts.extra) if facts.extra else (),
    )


def copy_of(summaries: list[str], contents: list[str]) -> tuple[str | None, str | None]:
    """Standfirst and body out of summaries and contents, by the module's rule.

    >>> copy_of(["In short."], ["The whole story."])
    ('In short.', 'The whole story.')
    >>> copy_of(["Same."], ["Same."]), copy_of(["In short."], [])
    ((None, 'Same.'), ('In short.', None))
    """
    summary = summaries[0] if summaries else None
    if contents:
        body = contents[0] if len(contents) == 1 else max(contents, key=len)
        return (None if summary == body else summary), body
    if len(summaries) > 1:
        longest = max(summaries, key=len)
        if _is_story(longest):
            return next((each for each in summaries if each != longest and len(each) < len(longest)), None), longest
    if summary is not None and _is_story(summary):
        return None, summary
    return summary, None


def _is_story(text: str) -> bool:
    size = len(text)
    return size >= STORY_CHARS or (size >= STORY_CHARS_WITH_PARAGRAPHS and "\n" in text)


def _published(facts: EntryFacts, zone: str | None) -> tuple[datetime | None, str | None, str | None]:
    """Publication date: as stated; else what dc:date, creation or the last change say."""
    first_raw: str | None = None
    for raw in (facts.published, facts.date, facts.created, facts.updated):
        if raw:
            moment, source = read_date(raw, zone)
            if moment is not None:
                return moment, raw, source
            first_raw = first_raw or raw
    return None, first_raw, UNREADABLE if first_raw else None
