"""NewsItem → Story: the room's composition, without state.

An item is read by itself; the topic model is asked about many at once, which costs half. What stands beside an item
changes nothing about its story.

The order is fixed, because each step must not see what the one before it took away: headline markers, headline and
standfirst printed again, run-in byline, dateline, credit lines, language, topic.

An element of the format wins over the copy (byline, dateline): the raw column holds it word for word. What the copy
prints instead then stays in the copy, so that nothing printed is lost, and ``extra`` names it (``byline_printed``,
``dateline_printed``), because fingerprints must not see it. An item that has only a standfirst has its dateline read
from, and cut out of, the standfirst; ``dateline_raw`` keeps it as printed.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from schemas.document import Source
from schemas.item import HEADLINE_OF_BODY, NewsItem
from schemas.reading import Byline, Credit, Dateline, TopicChoice
from schemas.story import Story
from transforms.enrich.byline import byline_of
from transforms.enrich.copy_head import CopyHead, put_back, read_copy_head
from transforms.enrich.credits import read_credits
from transforms.enrich.dateline import read_dateline_element
from transforms.enrich.gazetteer import Gazetteer
from transforms.enrich.headline import Headline, strip_markers, take_signals
from transforms.enrich.language import detect_language
from transforms.enrich.naming import Identity, identify, stated_language
from transforms.enrich.publication import Publication, choose_publication
from transforms.enrich.topic import Text, TopicModel, stated_topic
from transforms.enrich.word_count import count_words

_T = TypeVar("_T")

_ISO_DAY = re.compile(r"\s*(\d{4})-?(\d\d)-?(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class EnrichResources:
    """What enriching looks things up in; loaded once per worker.

    Attributes:
        gazetteer: places.
        topics: the topic model.
    """

    gazetteer: Gazetteer
    topics: TopicModel

    @classmethod
    def load(cls) -> "EnrichResources":
        """Load the tables that ship inside the package."""
        return cls(gazetteer=Gazetteer.load(), topics=TopicModel.load())


class Draft(NamedTuple):
    """An item that was read; nothing but its topic may be missing.

    Attributes:
        item: as parsed.
        source: what the feed list says.
        feed_url: the document's address without secrets.
        fetched_at: when the bytes were read, aware UTC.
        names: of the item.
        publication: its day.
        headline: without markers.
        language: stated or detected, BCP 47.
        copy: standfirst and body after their head was read.
        dateline: of element and copy.
        dateline_date: its day.
        byline: of element and copy.
        credited: in the credit lines.
        topic: what the document states, or what the topic model is to be asked.
    """

    item: NewsItem
    source: Source
    feed_url: str
    fetched_at: dt.datetime
    names: Identity
    publication: Publication
    headline: Headline
    language: str | None
    copy: CopyHead
    dateline: Dateline | None
    dateline_date: dt.date | None
    byline: Byline
    credited: tuple[Credit, ...]
    topic: TopicChoice | Text


def _unique(words: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(words))


def _date_element(raw: str | None) -> dt.date | None:
    """A date element of a dateline (``20190114``, ``2019-01-14T…``); other forms are left to the dateline's text."""
    match = _ISO_DAY.match(raw or "")
    if not match:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _merge_datelines(element: Dateline | None, printed: Dateline | None) -> Dateline | None:
    """The element's dateline, completed by the text's where both speak of the same place."""
    if element is None:
        return printed
    if printed is None:
        return element
    same = not element.places or {p.casefold() for p in element.places} & {p.casefold() for p in printed.places}
    if not same and (element.place or "").casefold() != (printed.place or "").casefold():
        return element
    return replace(
        element,
        places=element.places or printed.places,
        place=element.place or printed.place,
        region=element.region or printed.region,
        country=element.country or printed.country,
        latitude=element.latitude if element.latitude is not None else printed.latitude,
        longitude=element.longitude if element.longitude is not None else printed.longitude,
        date=element.date or printed.date,
        agencies=element.agencies or printed.agencies,
    )


def _as_located(dateline: Dateline, item: NewsItem, language: str | None, gazetteer: Gazetteer) -> Dateline:
    """The dateline, read in the country that the document's metadata state for a place of the same name.

    A region that the dateline prints has decided already, and so has a gazetteer that knows no such place there.
    """
    place, located, country = dateline.place, item.located_place, item.located_country
    if not place or not located or not country or dateline.region or country == dateline.country:
        return dateline
    if place.casefold() != located.casefold():
        return dateline
    found = gazetteer.locate(place, agencies=dateline.agencies, language=language, country=country)
    if found is None or (found.latitude is None and dateline.country is not None):
        return dateline
    return replace(dateline, country=country, latitude=found.latitude, longitude=found.longitude)


def read_item(
    item: NewsItem,
    *,
    source: Source,
    feed_url: str,
    fetched_at: dt.datetime,
    document_language: str | None,
    gazetteer: Gazetteer,
    names: Identity | None = None,
) -> Draft:
    """Read an item: everything that one row of ``stories`` says, but what the topic model says.

    Args:
        item: as parsed.
        source: what the feed list says of its feed.
        feed_url: the document's address without secrets.
        fetched_at: when the bytes were read, aware UTC.
        document_language: of the whole document, or None.
        gazetteer: places, loaded once.
        names: what ``identify`` said of the same item, when it was asked before.

    Returns:
        What ``finish`` makes a story of; the same arguments give an equal one.
    """
    names = names or identify(item, source, feed_url, document_language)
    publication = choose_publication(item, fetched_at)
    headline = strip_markers(item.headline)
    language = stated_language(item, source, document_language) or detect_language(
        "\n".join(filter(None, (headline.text, item.standfirst, item.body)))[:4000],
    )

    # a headline that was made of the body is no copy of it
    own = HEADLINE_OF_BODY not in item.extra
    headlines = _unique(text for text in (item.headline, headline.text) if text and own)
    copy = read_copy_head(item, headlines, publication.stated, language, gazetteer)

    element: Dateline | None = None
    if item.dateline_raw:
        element = read_dateline_element(
            item.dateline_raw,
            published=publication.stated,
            language=language,
            gazetteer=gazetteer,
        )
    dateline = _merge_datelines(element, copy.dateline)
    if dateline is not None:
        dateline = _as_located(dateline, item, language, gazetteer)
    dateline_date = dateline.date if dateline else None
    if dateline_date is None:
        dateline_date = _date_element(item.dateline_date_raw)

    if item.byline_raw or item.byline_names:
        byline = byline_of(item.byline_raw, item.byline_names, language)
        if copy.run_in and not byline.authors:
            # the element names a desk, the copy a person
            printed = byline_of(copy.run_in, (), language)
            byline = replace(
                byline,
                authors=printed.authors,
                agencies=_unique((*(() if printed.authors else byline.agencies), *printed.agencies)),
                credits=_unique((*byline.credits, *printed.credits)),
            )
    elif copy.run_in:
        byline = byline_of(copy.run_in, (), language)
    else:
        byline = Byline()
    credited = read_credits(copy.body, language) if copy.body else ()
    topic = stated_topic(item, feed_topic=source.topic)
    return Draft(
        item,
        source,
        feed_url,
        fetched_at,
        names,
        publication,
        headline,
        language,
        copy,
        dateline,
        dateline_date,
        byline,
        credited,
        topic or Text(headline.text or "", copy.body or copy.standfirst or "", language),
    )


def finish(drafts: Sequence[Draft], model: TopicModel) -> list[Story]:
    """The stories of items that were read, in their order.

    Args:
        drafts: of any documents.
        model: asked about those whose topic is not stated.
    """
    answers = iter(model.classify_many([draft.topic for draft in drafts if isinstance(draft.topic, Text)]))
    return [_story(draft, next(answers) if isinstance(draft.topic, Text) else draft.topic) for draft in drafts]


def _story(draft: Draft, topic: TopicChoice) -> Story:
    item, names, headline, dateline, byline = draft.item, draft.names, draft.headline, draft.dateline, draft.byline
    authors = byline.authors or _unique(c.name for c in draft.credited if c.role in {"reporting", "writing"})

    extra = list(item.extra)
    if item.embargo_raw and item.embargo_until is None:
        extra.append(("embargo_raw", item.embargo_raw))
    dateline_raw = item.dateline_raw or (draft.copy.dateline.raw if draft.copy.dateline else None)
    kept, printed_head = put_back(draft.copy, byline, dateline_raw)
    extra.extend(printed_head)
    if draft.source.tags:
        extra.append(("tags", ",".join(draft.source.tags)))

    return Story(
        story_id=names.story_id,
        row_id=names.row_id,
        content_hash=names.content_hash,
        guid=item.guid,
        version=item.version,
        version_created=item.version_created,
        first_created=item.first_created,
        provider=names.provider,
        source=item.source,
        feed_url=draft.feed_url,
        url=item.url,
        item_type=item.item_type,
        status=item.status,
        signals=_unique((*item.signals, *headline.signals, *take_signals(item.take_key), *draft.copy.signals)),
        supersedes=item.supersedes,
        kill_target=item.kill_target,
        embargo_until=item.embargo_until,
        headline=headline.text,
        headline_raw=item.headline,
        standfirst=kept.standfirst,
        body=kept.body,
        language=draft.language,
        word_count=count_words(kept.body, draft.language),
        slug=item.slug,
        take_key=item.take_key or headline.take_key,
        keywords=item.keywords,
        genres=item.genres,
        editorial_note=item.editorial_note,
        usage_terms=item.usage_terms,
        credit=item.credit,
        urgency=item.urgency,
        priority=item.priority,
        media=item.media,
        wire_header=item.wire_header,
        byline_raw=byline.raw,
        authors=authors,
        byline_agencies=byline.agencies,
        credits=_unique((*byline.credits, *draft.credited)),
        dateline_raw=dateline_raw,
        dateline_places=dateline.places if dateline else (),
        dateline_place=dateline.place if dateline else None,
        dateline_region=dateline.region if dateline else None,
        dateline_country=dateline.country if dateline else None,
        dateline_lat=dateline.latitude if dateline else None,
        dateline_lon=dateline.longitude if dateline else None,
        dateline_date=draft.dateline_date,
        dateline_agencies=dateline.agencies if dateline else (),
        located_place=item.located_place,
        located_country=item.located_country,
        topic=topic.topic,
        topic_confidence=topic.confidence,
        topic_source=topic.source,
        subject_codes=item.subject_codes,
        media_topics=item.media_topics,
        date=draft.publication.day,
        published=item.published,
        published_raw=item.published_raw,
        date_source=draft.publication.source,
        first_published=draft.publication.first,
        updated=item.updated,
        fetched_at=draft.fetched_at,
        extra=tuple(extra),
        input=draft.feed_url,
        position=item.position,
    )
