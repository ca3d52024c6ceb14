"""What a feed says of itself: title, language and how it wants to be polled."""

from collections.abc import Sequence
from typing import Any

from schemas.document import FeedHints
from transforms.parse.feed_names import XML, Parts
from transforms.parse.language import language_tag
from transforms.parse.links import absolute, is_web
from transforms.parse.text import html_to_text, one_line

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_MAX_TTL_MINUTES = 525_600
"""A year; longer ones are printed by mistake."""
_MAX_HUBS = 16


def hints_of(heads: Sequence[Parts], base: str | None) -> FeedHints:
    """Polling hints out of the head elements of a feed.

    Args:
        heads: children by key of the root and of its channels.
        base: of relative addresses.

    Returns:
        The hints; what is unreadable is left out.
    """
    links = [link for head in heads for link in head.get("link", ())]
    return FeedHints(
        ttl_minutes=_ttl(_text(heads, "ttl")),
        skip_hours=_skip_hours(heads),
        skip_days=_skip_days(heads),
        update_seconds=_update_seconds(_text(heads, "update_period"), _text(heads, "update_frequency")),
        next_page=next(iter(_related(links, ("next", "prev-archive"), base)), None),
        hubs=tuple(_related(links, ("hub",), base)[:_MAX_HUBS]),
    )


def title_of(heads: Sequence[Parts]) -> str | None:
    """The feed's own title."""
    for head in heads:
        for element in head.get("title", ()):
            text = one_line(html_to_text("".join(element.itertext())))
            if text:
                return text
    return None


def language_of(root: Any, heads: Sequence[Parts]) -> str | None:
    """The feed's language: its own element before ``xml:lang``."""
    stated = language_tag(_text(heads, "language"))
    if stated:
        return stated
    for element in (root, *[child for child in root if len(child)][:1]):
        tag = language_tag(element.get(f"{XML}lang"))
        if tag:
            return tag
    return None


def _text(heads: Sequence[Parts], key: str) -> str | None:
    for head in heads:
        for element in head.get(key, ()):
            if element.text and (text := element.text.strip()):
                return str(text)
    return None


def _ttl(text: str | None) -> int | None:
    if text and text.isascii() and text.isdigit() and len(text) <= 6:
        minutes = int(text)
        return minutes if 0 < minutes <= _MAX_TTL_MINUTES else None
    return None


def _skip_hours(heads: Sequence[Parts]) -> tuple[int, ...]:
    hours = set()
    for head in heads:
        for element in head.get("skip_hours", ()):
            for child in element:
                text = (child.text or "").strip()
                if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= 24:
                    hours.add(int(text) % 24)  # RSS 0.91 counts from 1 to 24
    return tuple(sorted(hours))


def _skip_days(heads: Sequence[Parts]) -> tuple[int, ...]:
    days = set()
    for head in heads:
        for element in head.get("skip_days", ()):
            for child in element:
                name = (child.text or "").strip().lower()
                if name in _DAYS:
                    days.add(_DAYS.index(name))
    return tuple(sorted(days))


def _update_seconds(period: str | None, frequency: str | None) -> int | None:
    seconds = _PERIODS.get((period or "").lower())
    if seconds is None:
        return None
    times = int(frequency) if frequency and frequency.isascii() and frequency.isdigit() and len(frequency) <= 5 else 1
    return seconds // max(1, times)


def _related(links: list[Any], relations: tuple[str, ...], base: str | None) -> list[str]:
    """Addresses of links of these relations, on the web, each once."""
    found = []
    for relation in relations:
        for link in links:
            if (link.get("rel") or "").strip().lower() == relation:
                address = absolute(link.get("href"), base)
                if address and is_web(address) and address not in found:
                    found.append(address)
    return found
