"""Stories and failures as plain objects, for eyes and for other programs; nothing is decided or written."""

import datetime as dt
import operator
from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.reading import ReadInput
from schemas.document import Failure
from schemas.rows import LATE_COLUMNS, STRUCTS
from schemas.story import Story
from schemas.tables import STORIES

_COLUMNS = [name for name in STORIES.names if name not in LATE_COLUMNS]
_NAMES = [*_COLUMNS, "topic", "date"]
_VALUES = operator.attrgetter(*_NAMES)


def story_object(story: Story) -> dict[str, Any]:
    """A story as a JSON object: the columns of ``stories``, times in ISO 8601 UTC, dates as YYYY-MM-DD."""
    row = {name: _plain(name, value) for name, value in zip(_NAMES, _VALUES(story), strict=True)}
    row |= dict.fromkeys(LATE_COLUMNS)
    return {"kind": "story", "input": story.input, "position": story.position, **row}


def failure_object(failure: Failure) -> dict[str, Any]:
    """A failure as a JSON object."""
    return {
        "kind": "failure",
        "input": failure.input,
        "position": failure.position,
        "stage": failure.stage,
        "code": failure.code,
        "error": failure.error,
    }


def objects_of(found: ReadInput) -> Iterator[dict[str, Any]]:
    """Everything that one input gave, in the order of the document; failures of the whole document last."""
    rows: list[tuple[int, dict[str, Any]]] = [(story.position, story_object(story)) for story in found.stories]
    rows += [(failure.position, failure_object(failure)) for failure in found.failures if failure.position is not None]
    for _, row in sorted(rows, key=operator.itemgetter(0)):
        yield row
    yield from (failure_object(failure) for failure in found.failures if failure.position is None)


def _plain(name: str, value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dt.date):
        return _json(value)
    if name in STRUCTS:
        return STRUCTS[name](value)
    if name in _MAPS:
        return dict(value)
    return list(value)


def plain_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a table as a JSON object: times in ISO 8601 UTC, maps as objects."""
    return {name: dict(value) if name in _MAPS and value else _json(value) for name, value in row.items()}


def _json(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value


_MAPS = {"wire_header", "extra"}


def as_table(rows: Sequence[dict[str, Any]], width: int) -> Iterator[str]:
    """Rows as lines for a terminal.

    Args:
        rows: objects of ``objects_of``.
        width: columns of the terminal.
    """
    yield f"{'date':<10}  {'topic':<14}  {'dateline':<18}  {'by':<22}  headline"
    for row in rows:
        if row["kind"] == "failure":
            yield f"{'FAILURE':<10}  {row['code']:<14.14}  {row['error']}"[:width]
            continue
        place = ", ".join(filter(None, (row["dateline_place"], row["dateline_country"])))
        by = ", ".join(row["authors"] or row["byline_agencies"])
        headline = row["headline"] or (row["body"] or row["standfirst"] or "").split("\n", 1)[0]
        yield f"{row['date']:<10}  {row['topic']:<14}  {place:<18.18}  {by:<22.22}  {headline}"[:width]
