"""The one topic of a story: what its codes say, else its categories, else its feed's, else the model.

>>> choice = stated_topic(item, feed_topic=None) or model.classify(headline, text, "en")
>>> choice.topic, choice.source
('sport', 'category')
"""

from typing import Final

from schemas.item import NewsItem
from schemas.media_topics import topic_of_category, topic_of_codes, topic_of_slug
from schemas.reading import TopicChoice
from schemas.topics import TOPICS, UNCLASSIFIED
from transforms.enrich.topic_categories import topic_of_categories
from transforms.enrich.topic_classifier import CONFIDENCE_FLOOR, Text, TopicModel

__all__ = ["CATEGORY_CONFIDENCE", "CONFIDENCE_FLOOR", "FEED_CONFIDENCE", "Text", "TopicModel", "stated_topic"]

CATEGORY_CONFIDENCE: Final = 0.9
"""What an item's own section is worth. A convention: a desk's section and the story's topic part now and then."""

FEED_CONFIDENCE: Final = 0.8
"""What the topic of a whole feed is worth. A convention, lower because a feed is wider than a section."""


def _topic_of_header(item: NewsItem) -> str | None:
    """What a wire's category letter, a site's sections or a keyword prefix say, where all mean the same by it."""
    for name, value in item.wire_header:
        if name == "category" and (topic := topic_of_category(value)):
            return topic
        if name == "categories" and (topic := topic_of_categories(value.split("; "))):
            return topic
    return topic_of_slug(item.slug) if item.slug else None


def stated_topic(item: NewsItem, *, feed_topic: str | None) -> TopicChoice | None:
    """What document and feed list say of a story's topic; the first that answers of codes, categories and feed.

    Args:
        item: gives the codes (Media Topics first, then other subject codes) and the keywords, wire category and
            slug.
        feed_topic: what the feed list says of the whole feed: a slug of ``schemas.topics`` or a section's name.

    Returns:
        Source ``code`` with confidence 1.0, ``category`` with the constants above, or None: the model is to be asked.
    """
    by_code: str | None = None
    if item.media_topics or item.subject_codes:
        by_code = topic_of_codes(item.media_topics) or topic_of_codes(item.subject_codes)
    if by_code is not None and by_code != UNCLASSIFIED:
        return TopicChoice(by_code, 1.0, "code")
    by_category = (topic_of_categories(item.keywords) if item.keywords else None) or _topic_of_header(item)
    if by_category is not None:
        return TopicChoice(by_category, CATEGORY_CONFIDENCE, "category")
    if feed_topic:
        by_feed = feed_topic if feed_topic in TOPICS else topic_of_categories((feed_topic,))
        if by_feed is not None and by_feed != UNCLASSIFIED:
            return TopicChoice(by_feed, FEED_CONFIDENCE, "category")
    return None
