"""Languages and the stories kept in them as columns of a state segment, and back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from transforms.dedupe.entries import Index, concat, pack, unpack
from transforms.dedupe.lane import Lane
from transforms.dedupe.lane_rows import Kept
from transforms.lake.seen import Columns


def pack_state(lanes: Mapping[int, Lane], kept: Mapping[int, Sequence[Kept]]) -> Columns:
    """Columns for languages.

    Args:
        lanes: all languages: their clocks and how many stories came are saved.
        kept: by language, stories in order of arrival.
    """
    known = sorted(lanes)
    columns: Columns = {
        "lane_language": np.array(known, "<u8"),
        "lane_clock": np.array([lanes[language].clock for language in known], "<i8"),
        "lane_next": np.array([lanes[language].window.next for language in known], "<i8"),
    }
    parts = [(language, part) for language in sorted(kept) for part in kept[language] if len(part.clocks)]
    if parts:
        columns["win_language"] = np.concatenate([np.full(len(p.clocks), language, "<u8") for language, p in parts])
        columns["win_clock"] = np.concatenate([part.clocks for _, part in parts])
        columns["win_cluster_hi"] = np.concatenate([part.cluster_hi for _, part in parts])
        columns["win_cluster_lo"] = np.concatenate([part.cluster_lo for _, part in parts])
        columns |= pack(concat([part.entries for _, part in parts]))
    return columns


def unpack_state(segments: Sequence[Columns]) -> dict[int, Lane]:
    """Languages as they were saved, by segments in order of commit."""
    parts: dict[int, list[Kept]] = defaultdict(list)
    clocks: dict[int, tuple[int, int]] = {}
    for columns in segments:
        if "lane_language" in columns:
            moments = zip(columns["lane_clock"].tolist(), columns["lane_next"].tolist(), strict=True)
            clocks |= dict(zip(columns["lane_language"].tolist(), moments, strict=True))
        if "win_language" in columns:
            for language, kept in unpack_kept(columns).items():
                parts[language].append(kept)
    lanes = {}
    for language, (clock, following) in clocks.items():
        saved = parts.get(language, [])
        count = sum(len(part.clocks) for part in saved)
        lanes[language] = lane = Lane(language, following - count, clock)
        if count:
            lane.restore(
                Kept(
                    concat([part.entries for part in saved]),
                    np.concatenate([part.clocks for part in saved]),
                    np.concatenate([part.cluster_hi for part in saved]),
                    np.concatenate([part.cluster_lo for part in saved]),
                )
            )
    return lanes


def unpack_kept(columns: Columns) -> dict[int, Kept]:
    """The stories of one segment by language, each in order of arrival."""
    entries, language = unpack(columns), columns["win_language"]
    every = Kept(entries, *(columns[name] for name in ("win_clock", "win_cluster_hi", "win_cluster_lo")))
    languages = np.unique(language).tolist()
    if len(languages) == 1:
        return {languages[0]: every}
    return {one: take_kept(every, np.flatnonzero(language == one)) for one in languages}


def take_kept(kept: Kept, places: Index) -> Kept:
    """Some of the stories."""
    return Kept(kept.entries.take(places), kept.clocks[places], kept.cluster_hi[places], kept.cluster_lo[places])
