"""Forms that arrive as mail: a web form's JSON object of lists, or lines with labels that people type above a story.

Their fields name headline, abstract, slugline, byline, dateline, embargo and body; the subject only names the form.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from schemas.item import NewsItem
from transforms.parse.agency_document import Clock, pairs
from transforms.parse.body_media import whole_number
from transforms.parse.elements import join_lines, unique
from transforms.parse.text import one_line
from transforms.parse.wire_life import read_embargo, read_life

_LABEL_LINE = re.compile(r"^([^\W\d_][^\W\d_' ]{1,19}):\s*(\S.*)$")
_LABELS = {
    **dict.fromkeys(("headline", "title", "titel", "überschrift", "titre", "titular", "titolo", "rubrik"), "headline"),
    **dict.fromkeys(("byline", "author", "autor", "auteur", "autore", "written by"), "byline"),
    **dict.fromkeys(("abstract", "summary", "teaser", "standfirst", "vorspann", "chapô", "chapeau"), "abstract"),
    **dict.fromkeys(("slug", "slugline", "stichwort"), "slugline"),
    **dict.fromkeys(("embargo", "embargoed", "embargo until", "sperrfrist"), "embargo"),
    **dict.fromkeys(("ed note", "editor's note", "note to editors", "anmerkung", "hinweis"), "ed note"),
    **dict.fromkeys(("keywords", "tags", "stichworte", "schlagworte"), "keywords"),
    **dict.fromkeys(("body", "text", "story", "copy"), "body"),
    **{name: name for name in ("dateline", "place", "genre", "category", "desk", "source", "language", "priority")},
}
"""Labels that people type above a story in a mail, and the form's fields that they name."""


def read_fields(text: str) -> Mapping[str, str] | None:
    """The fields of a form's mail, keys in lower case: a JSON object of texts or lists of texts, or labelled lines."""
    if not text.lstrip().startswith("{"):
        return _labelled(text)
    try:
        value: Any = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    fields: dict[str, str] = {}
    for name, given in value.items():
        first = (
            next((each for each in given if isinstance(each, str) and each.strip()), None)
            if isinstance(given, list)
            else given
        )
        if isinstance(first, str) and first.strip():
            fields[name.strip().lower()] = first.encode("utf-8", "replace").decode()  # no lone surrogate
    return fields if {"headline", "body", "abstract"} & set(fields) else None


def _labelled(text: str) -> Mapping[str, str] | None:
    """``Headline: …``, ``Byline: …`` and the like above the copy; None without a headline and one field more."""
    lines = text.strip().split("\n")
    fields: dict[str, str] = {}
    at = 0
    while at < len(lines):
        found = _LABEL_LINE.match(lines[at].strip())
        name = _LABELS.get(found[1].strip().lower()) if found else None
        if found is None or name is None or name in fields:
            break
        fields[name] = found[2]
        at += 1
        if name == "body":
            break
    if len(fields) < 2 or "headline" not in fields:
        return None
    fields["body"] = "\n".join(filter(None, (fields.get("body"), *lines[at:])))
    return fields


def with_fields(item: NewsItem, form: Mapping[str, str], clock: Clock) -> NewsItem:
    """A mail's item with what its form says.

    Args:
        item: of the mail; its body is the form's.
        form: see ``read_fields``.
        clock: reads the time of an embargo.
    """
    headline = one_line(form.get("headline", "")) or item.headline
    notes = join_lines(form.get("ed note"), form.get("editor's note"), form.get("legal flag"), item.editorial_note)
    life = read_life("\n".join(filter(None, (headline, notes))), item.body)
    until, raw = _embargo(form, clock) or read_embargo(life, clock, item.published)
    return replace(
        item,
        status=life.status,
        signals=life.signals,
        kill_target=life.kill_target or item.kill_target,
        embargo_until=until,
        embargo_raw=raw,
        source=form.get("source") or item.source,
        headline=headline,
        standfirst=one_line(form.get("abstract", "")) or item.standfirst,
        byline_raw=form.get("byline") or item.byline_raw,
        dateline_raw=form.get("dateline"),
        located_place=form.get("place"),
        slug=form.get("slugline"),
        genres=unique((form.get("genre"),)),
        keywords=unique(
            one_line(word)
            for name in ("keywords", "tags", "subject", "subjects")
            for word in re.split("[,;]", form.get(name, ""))
        )
        or item.keywords,
        language=form.get("language") or item.language,
        editorial_note=join_lines(notes, form.get("contact"), form.get("contacts")),
        urgency=whole_number(form.get("news value")),
        priority=whole_number(form.get("priority")) or item.priority,
        wire_header=(
            *item.wire_header,
            *pairs(
                ("category", form.get("category")),
                ("desk", form.get("desk")),
                ("subject", item.headline if item.headline != headline else None),
            ),
        ),
    )


def _embargo(form: Mapping[str, str], clock: Clock) -> tuple[datetime | None, str | None] | None:
    """When a form's embargo ends, or its text when that is no moment; None without an embargo."""
    raw = next((form[name] for name in ("embargo", "embargoed", "embargo until", "embargo date") if name in form), None)
    if raw is None or raw.strip().lower() in {"no", "none", "n/a", "-", "false"}:
        return None
    moment = clock.read(raw)
    return moment, None if moment else raw
