"""What ``itemMeta`` of NewsML-G2 says of an item's life: news items, packages, plans and events alike."""

from dataclasses import dataclass
from datetime import datetime

from transforms.parse.agency_document import Clock
from transforms.parse.catalog import Catalog, last_part
from transforms.parse.elements import Children, attribute, first, text_of, unique
from transforms.parse.news_status import is_embargoed, mentions_embargo, signals_of, status_of
from transforms.parse.newsml_text import read_lines

_REPLACES = frozenset(("replaces", "supersedes", "prevversion", "previousversion", "evolvedfrom", "isreplacementof"))


@dataclass(frozen=True, slots=True)
class Management:
    """``itemMeta`` as fields of `schemas.item.NewsItem`; ``notes`` are editorial notes, non-public ones included."""

    status: str
    signals: tuple[str, ...]
    supersedes: tuple[str, ...]
    notes: tuple[str, ...]
    embargo_until: datetime | None
    embargo_raw: str | None


def read_management(meta: Children, catalog: Catalog, guid: str | None, clock: Clock) -> Management:
    """Read the children of ``itemMeta``.

    Args:
        meta: its children by name.
        catalog: of the document.
        guid: of the item; a link to itself replaces nothing.
        clock: the item's.
    """
    word = last_part(catalog.code_of(first(meta, "pubstatus")) or text_of(first(meta, "pubstatus")))
    status = status_of(word)
    codes = [catalog.code_of(each) or text_of(each) for each in meta.get("signal", ())]
    kind = attribute(first(meta, "itemclass"), "msgType")
    if "sttinstruct:remove" in codes:
        status = "canceled"
    replaced: list[str | None] = []
    for link in meta.get("link", ()):
        if last_part(catalog.qcode(attribute(link, "rel") or attribute(link, "reluri") or "")) in _REPLACES:
            target = attribute(link, "residref") or attribute(link, "guidref")
            replaced.append(target if target != guid else None)
    notes = tuple(note for each in meta.get("ednote", ()) if (note := read_lines(each)))
    embargo = first(meta, "embargoed")
    told = text_of(embargo)
    until = clock.read(told)
    if told is None and (is_embargoed(word) or embargo is not None):
        nil = attribute(embargo, "nil") in {"true", "1"}
        spoken = next((note for note in notes if mentions_embargo(note)), None)
        told = spoken or ("embargoed" if nil or is_embargoed(word) else None)
    return Management(
        status=status,
        signals=signals_of((*codes, f"msgType:{kind}" if kind and kind.upper() == "D" else None), status),
        supersedes=unique(replaced),
        notes=notes,
        embargo_until=until,
        embargo_raw=told if until is None else None,
    )
