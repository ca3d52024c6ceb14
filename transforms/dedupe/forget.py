"""Taking purged stories out of the state, so that they may come again and no text of theirs is compared with."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transforms.dedupe.known import HOMED, KILLED, Known, no_news
from transforms.dedupe.lane import language_bits
from transforms.dedupe.records import pack_state, take_kept, unpack_state
from transforms.lake.seen import Buffer, Columns, Words, find, read_segment, split_ids, write_segment


def forget(segments: Sequence[Buffer], stories: frozenset[str]) -> bytes | None:
    """State without some stories.

    Window entries and families of the stories go, families that repeated them, and all rows with their family bits
    (one row in 4,000 million of another family goes with them and would come a second time if it were still listed).
    Of killed families only window entries go: their tombstone, an id without any text, keeps the purged story from
    coming back.

    Args:
        segments: the live ones, in order of commit.
        stories: ``story_id``s, hexadecimal.

    Returns:
        One segment in place of them all; None when they know nothing of these stories.

    Raises:
        SeenFormatError: a segment that this release cannot read.
    """
    known = Known(segments).merged(0) if segments else no_news()
    lanes = unpack_state([read_segment(segment) for segment in segments])
    high, low = split_ids(sorted(bytes.fromhex(story) for story in stories))
    kept, found = {}, False
    for language, lane in lanes.items():
        saved = lane.saved()
        if saved is None:
            continue
        numbers = saved.entries.numbers
        gone = find((high, low), numbers["story_hi"], numbers["story_lo"]) >= 0
        found |= bool(gone.any())
        kept[language] = [take_kept(saved, np.flatnonzero(~gone))]
    turns = [language_bits(language) for language in lanes]
    keys = sorted((int(h) ^ int(turn), int(one)) for turn in turns for h, one in zip(high, low, strict=True))
    wanted = np.array([key[0] for key in keys], np.uint64), np.array([key[1] for key in keys], np.uint64)
    columns, dropped = _without(known, wanted)
    if not found and not dropped:
        return None
    return write_segment(columns | pack_state(lanes, kept))


def _without(known: Columns, wanted: tuple[Words, Words]) -> tuple[Columns, bool]:
    """Rows, families and homes without those of the wanted families (keys, sorted); whether anything went."""
    killed = (known["fam_flags"] & KILLED) > 0
    going = _among(wanted, known["fam_hi"], known["fam_lo"]) & ~killed
    heirs = _among(wanted, known["home_to_hi"], known["home_to_lo"])
    place = find((known["fam_hi"], known["fam_lo"]), known["home_hi"][heirs], known["home_lo"][heirs])
    orphans = place[place >= 0]
    going[orphans[(known["fam_flags"][orphans] & (KILLED | HOMED)) == HOMED]] = True
    safe = _bits(known["fam_hi"][~going])
    bits = np.setdiff1d(_bits(np.concatenate((wanted[0], known["fam_hi"][going]))), safe)
    rows = ~np.isin(known["row_family"], bits)
    homes = _among((known["fam_hi"][~going], known["fam_lo"][~going]), known["home_hi"], known["home_lo"])
    columns = {name: column[{"row": rows, "fam": ~going, "hom": homes}[name[:3]]] for name, column in known.items()}
    return columns, bool(going.any() or not rows.all())


def _among(keys: tuple[Words, Words], high: Words, low: Words) -> npt.NDArray[np.bool_]:
    return find(keys, high, low) >= 0


def _bits(high: Words) -> Words:
    return (high.astype(np.uint64) >> np.uint64(32)).astype(np.uint32)
