"""Stories as Arrow columns: the one place where dataclasses become a table."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from schemas.item import Media
from schemas.reading import Credit
from schemas.story import Story
from schemas.tables import STORIES

LATE_COLUMNS = ("cluster_id", "committed_at", "run_id", "wirelake_version", "model_version")
"""Columns that are known only when rows are written."""

ROWS: pa.Schema = pa.schema(
    [
        *(field for field in STORIES if field.name not in LATE_COLUMNS),
        pa.field("topic", pa.string()),
        pa.field("date", pa.date32()),
        pa.field("input", pa.string()),
        pa.field("position", pa.int32()),
    ]
)
"""A story's row between reading and writing: the columns of ``stories`` so far, its partition and where it stood."""


def _media(items: tuple[Media, ...]) -> list[dict[str, Any]]:
    return [
        {
            "url": m.url,
            "type": m.type,
            "caption": m.caption,
            "credit": m.credit,
            "title": m.title,
            "width": m.width,
            "height": m.height,
        }
        for m in items
    ]


def _credits(items: tuple[Credit, ...]) -> list[dict[str, Any]]:
    return [{"name": c.name, "role": c.role, "location": c.location} for c in items]


STRUCTS: dict[str, Callable[[Any], list[dict[str, Any]]]] = {"media": _media, "credits": _credits}
"""Columns of structs: how each becomes plain dictionaries."""

_FIELDS: Callable[[Story], tuple[Any, ...]] = operator.attrgetter(*ROWS.names)


def stories_to_table(stories: Sequence[Story]) -> pa.Table:
    """Turn stories into rows.

    Args:
        stories: any number, in order.

    Returns:
        A table with the schema ``ROWS``, one row per story, in the same order. Text that no UTF-8 can hold
        (lone surrogates) is written with replacement characters.
    """
    columns = zip(*map(_FIELDS, stories), strict=True) if stories else ([] for _ in ROWS.names)
    return pa.Table.from_arrays(
        [_array(field, values) for field, values in zip(ROWS, columns, strict=True)],
        schema=ROWS,
    )


def _array(field: pa.Field, values: Sequence[Any]) -> pa.Array:
    convert = STRUCTS.get(field.name)
    if convert:
        values = [convert(value) if value else () for value in values]
    try:
        return pa.array(values, field.type)
    except UnicodeEncodeError:
        return pa.array([_encodable(value) for value in values], field.type)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _encodable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_encodable(inner) for inner in value)
    return value
