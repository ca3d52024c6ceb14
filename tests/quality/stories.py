"""Stories and pairs of our own for the gates on repeats."""

import datetime as dt

from schemas.identity import hash_parts, story_id
from schemas.story import Story
from transforms.dedupe.decider import KEPT, Decider
from transforms.dedupe.signature import sign, signature_columns

DAY = dt.datetime(2026, 4, 14, 9, tzinfo=dt.UTC)
"""When the first of two stories comes."""


def story(guid: str, provider: str, headline: str, body: str, hours: float, language: str = "en") -> Story:
    """A story that comes ``hours`` after ``DAY``."""
    moment = DAY + dt.timedelta(hours=hours)
    family, content = story_id(provider, guid), hash_parts("content", (headline, body))
    return Story(
        story_id=family,
        row_id=hash_parts("row", (family, content)),
        content_hash=content,
        guid=guid,
        provider=provider,
        headline=headline,
        body=body,
        language=language,
        published=moment,
        fetched_at=moment,
        date=moment.date(),
    )


def repeats(first: Story, second: Story) -> bool:
    """Whether the second to arrive is taken for a repeat of the first."""
    answers = Decider.load([]).decide(signature_columns([sign(first), sign(second)]))
    return bool(answers.action.tolist()[1] != KEPT)
