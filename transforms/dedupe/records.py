"""Entries of the content window as columns of a state segment, and back."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from transforms.dedupe.policy import Copy
from transforms.dedupe.window import Entry, keys_of
from transforms.lake.seen import Columns, join_ids, split_ids

_NUMBERS: tuple[tuple[str, str, Callable[[Entry], int]], ...] = (
    ("win_fam_hi", "<u8", lambda e: e.family[0]),
    ("win_fam_lo", "<u8", lambda e: e.family[1]),
    ("win_clock", "<i8", lambda e: e.clock),
    ("win_provider", "<u8", lambda e: e.copy.provider),
    ("win_text", "<u8", lambda e: e.copy.text_hash),
    ("win_copy", "<u8", lambda e: e.copy.copy_hash),
    ("win_head_key", "<u8", lambda e: e.copy.headline_key),
    ("win_time", "<i8", lambda e: e.copy.time),
    ("win_words", "<i4", lambda e: e.copy.words),
    ("win_flags", "<u2", lambda e: e.copy.flags),
    ("win_shift", "<u1", lambda e: e.copy.shift),
    ("win_fig_end", "<u8", lambda e: e.copy.figures_end or 0),
)
_LISTS: tuple[tuple[str, str, Callable[[Entry], Sequence[int]]], ...] = (
    ("win_shingles", "<u4", lambda e: sorted(e.copy.shingles)),
    ("win_figures", "<u8", lambda e: sorted(e.copy.figures)),
    ("win_headline", "<u4", lambda e: sorted(e.copy.headline)),
    ("win_ev_head", "<u4", lambda e: sorted(e.events[0])),
    ("win_ev_rest", "<u4", lambda e: sorted(e.events[1])),
)
_IDS: tuple[tuple[str, Callable[[Entry], bytes]], ...] = (
    ("win_story", lambda e: e.story),
    ("win_cluster", lambda e: e.cluster),
)


def pack_entries(entries: Sequence[tuple[int, Entry]]) -> Columns:
    """Columns for entries of languages, in order of arrival."""
    found = [entry for _, entry in entries]
    columns: Columns = {"win_language": np.array([language for language, _ in entries], "<u8")}
    for name, kind, read in _NUMBERS:
        columns[name] = np.array([read(entry) for entry in found], kind)
    for name, of in _IDS:
        columns[f"{name}_hi"], columns[f"{name}_lo"] = split_ids([of(entry) for entry in found])
    for name, kind, many in _LISTS:
        lists = [many(entry) for entry in found]
        columns[name] = np.array([value for values in lists for value in values], kind)
        columns[f"{name}_n"] = np.array([len(values) for values in lists], "<u2")
    return columns


def unpack_entries(columns: Columns) -> Iterator[tuple[int, Entry]]:
    """Entries and their languages, in the order in which they were packed."""
    if "win_language" not in columns:
        return
    numbers = {name: columns[name].tolist() for name, _, _ in _NUMBERS}
    ids = {}
    for name, _ in _IDS:
        raw = join_ids(columns[f"{name}_hi"], columns[f"{name}_lo"]).tobytes()  # type: ignore[arg-type]
        ids[name] = [raw[at : at + 16] for at in range(0, len(raw), 16)]
    lists = {}
    for name, _, _ in _LISTS:
        ends = np.cumsum(columns[f"{name}_n"].astype(np.int64)).tolist()
        flat = columns[name].tolist()
        lists[name] = [frozenset(flat[a:b]) for a, b in zip([0, *ends[:-1]], ends, strict=True)] if ends else []
    for place, language in enumerate(columns["win_language"].tolist()):
        head, rest = lists["win_ev_head"][place], lists["win_ev_rest"][place]
        copy = Copy(
            provider=numbers["win_provider"][place],
            language=language,
            text_hash=numbers["win_text"][place],
            copy_hash=numbers["win_copy"][place],
            headline_key=numbers["win_head_key"][place],
            time=numbers["win_time"][place],
            words=numbers["win_words"][place],
            flags=numbers["win_flags"][place],
            shift=numbers["win_shift"][place],
            shingles=lists["win_shingles"][place],
            figures=lists["win_figures"][place],
            figures_end=numbers["win_fig_end"][place] or None,
            headline=lists["win_headline"][place],
            headline_stems=head,
            opening=head | rest,
        )
        yield (
            language,
            Entry(
                story=ids["win_story"][place],
                family=(numbers["win_fam_hi"][place], numbers["win_fam_lo"][place]),
                cluster=ids["win_cluster"][place],
                copy=copy,
                events=(head, rest),
                clock=numbers["win_clock"][place],
                keys=keys_of(copy),
            ),
        )
