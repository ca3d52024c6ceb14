"""Names of things: which family a story belongs to, which version a row is, what counts as the same text.

All ids are the first 128 bits of BLAKE2b over length-prefixed UTF-8 parts, as 32 hex digits. They are part of the
lake's format: a change here makes every known story new.
"""

import hashlib
import unicodedata
from collections.abc import Iterable

from schemas.item import NewsItem

ID_BYTES = 16
"""128 bits: among 10^12 rows the chance of one accidental meeting is below 10^-14."""


def hash_parts(kind: str, parts: Iterable[str]) -> str:
    """Hash a list of strings so that no two different lists read alike.

    Args:
        kind: what the hash names; keeps a story's id from ever equalling a row's.
        parts: the strings.

    Returns:
        32 hex digits.
    """
    digest = hashlib.blake2b(digest_size=ID_BYTES, person=kind.encode()[:16])
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def normalise_text(text: str | None) -> str:
    """Fold what is no difference of copy: case, compatibility forms, runs of white space, format characters.

    >>> normalise_text("  Ｔhe\\u00a0 CAT ")
    'the cat'
    """
    if not text:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split()).casefold()


def family_id(item: NewsItem, feed_url: str) -> str:
    """What names the item's family within its provider.

    The document's own id; else its link; else normalised headline (or the body's opening), publication date and
    feed, because real feeds have thousands of entries with neither id nor link.
    """
    if item.guid:
        return item.guid
    if item.url:
        return item.url
    headline = normalise_text(item.headline) or normalise_text(item.body)[:200] or normalise_text(item.standfirst)[:200]
    if not headline and item.media and item.media[0].url:
        headline = item.media[0].url
    day = item.published.date().isoformat() if item.published else (item.published_raw or "")
    return hash_parts("family", (headline, day, feed_url))


def story_id(provider: str, family: str) -> str:
    """The id of a family of versions: provider and family id."""
    return hash_parts("story", (provider, family))


def content_hash(item: NewsItem, language: str | None) -> str:
    """Hash of what the item says, blind to markup, link parameters and time stamps.

    Covers normalised headline, standfirst, body and the stated language, because decisions about repeats are
    taken per language.
    """
    texts = (
        normalise_text(item.headline),
        normalise_text(item.standfirst),
        normalise_text(item.body),
        language or "",
    )
    return hash_parts("content", texts)


def row_id(story: str, content: str, item: NewsItem) -> str:
    """The id of one version: family, content, and what makes equal text another message.

    A kill, a lifted embargo or a stated new version can carry the old text; they are rows of their own.
    """
    embargo = item.embargo_until.isoformat() if item.embargo_until else (item.embargo_raw or "")
    return hash_parts(
        "row",
        (
            story,
            content,
            item.version or "",
            item.status,
            embargo,
            item.kill_target or "",
            "kill" if "kill" in item.signals else "",
        ),
    )
