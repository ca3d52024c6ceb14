"""When one story repeats another: pure rules over two signatures, thresholds in one table with their reasons.

The first rule is to prefer a missed repeat to a lost story. A same headline is no proof (periodic reports carry the
same one every week), nor is common wording (templates); figures have to agree as well.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from transforms.dedupe.calendar_words import CALENDAR, RELATIVE_DAYS
from transforms.dedupe.signature import FLAGS, SHINGLE

HOUR = 3_600_000_000
"""Microseconds."""

REISSUED = "reissued"
SYNDICATED = "syndicated"
NEAR = "near"
KINDS = (REISSUED, SYNDICATED, NEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every number that a decision rests on.

    Attributes:
        window_hours: candidates are this old at most, by arrival. Weeklies and weekend re-runs fall inside; monthly
            reports with the same wording do not.
        identical_words: of identical copy under the same headline; shorter items ("No change.") recur by chance.
        identical_hours: for identical copy under a similar headline; re-runs come within days, a form text that
            returns later is a new notice.
        headline_only_words: of a headline that stands without copy; fewer words recur every day.
        headline_only_hours: the same day; tomorrow's headline may be the same and its story another.
        near_words: of the shorter copy; a few sentences share 5-grams by chance.
        near_hours: between two stories; near copies of older ones are next week's edition of a form text.
        near_share: of the new copy that stands in the old one. Cut-down copy keeps about .95, form texts with other
            names or figures have .9 at most, and those are told apart by their figures.
        near_figures: of the smaller set of figures that stand in the other too; one in ten may be rounded anew.
        headline_share: of the headlines' words in common (Jaccard). Re-issues sharpen headlines; .4 is five of eight.
        other_headline_share: of the copy, where the headlines differ: the text alone must prove it.
        other_headline_words: the same; boilerplate under daily episodes is shorter.
        other_headline_hours: the same.
        other_headline_length: the new copy's length to the old one's; else it may be one item of a digest.
        headline_support: of the new headline's words in the old story's opening, where the headlines differ;
            boilerplate does not mention what the headline says.
        rewrite_share: of the new copy, for a rewrite by the same newsroom under the same or a similar headline.
        rewrite_either: of the one copy or the other, for the same.
        rewrite_words: of the shorter copy, for the same; short market reports share half of their words by form.
        rewrite_figures: as ``near_figures``, for the same.
        rewrite_hours: the same working day.
        opening_share: of the smaller opening's words (headline, standfirst, lede) that the other opening has, for copy
            in which words were replaced. A form text changes what it is about in its opening: death notices, road
            works, episodes and weather reports of our own have .89 at most, edited copy .93 at least.
        contained: of one copy in the other, from which nothing counts as replaced: it was cut, or something added.
        recast_opening: the same for a rewrite whose lede was recast within ``recast_hours``.
        recast_support: of either headline's words in the other's opening, for the same.
        recast_hours: between a desk's recasts of a lede while the story runs, for the next morning at the latest. It
            has to lie between half a day (evening to morning, 16 hours in a pair of our own) and a form text's next
            edition, a day later give or take some hours (20 in a pair of ours that 23 would merge). Of Reuters' pairs
            18 to 23 find one more than 6 to 12, and none is merged at any of them.
        recast_words: of the shorter copy, for the same. Form texts of two editions a day (weather, markets) are
            shorter: ours have 58 to 93 words, and 40 would merge one of 68; the longest differ in their ledes. Of
            Reuters' pairs 40 to 90 find the same, 120 one less.
        syndicated_share: Jaccard similarity from which another provider's copy counts as the same, not near.
    """

    window_hours: int = 14 * 24
    identical_words: int = 10
    identical_hours: int = 72
    headline_only_words: int = 6
    headline_only_hours: int = 12
    near_words: int = 25
    near_hours: int = 72
    near_share: float = 0.8
    near_figures: float = 0.9
    headline_share: float = 0.4
    other_headline_share: float = 0.9
    other_headline_words: int = 80
    other_headline_hours: int = 24
    other_headline_length: float = 0.5
    headline_support: float = 0.5
    rewrite_share: float = 0.45
    rewrite_either: float = 0.5
    rewrite_words: int = 40
    rewrite_figures: float = 0.8
    rewrite_hours: int = 24
    opening_share: float = 0.92
    contained: float = 0.97
    recast_opening: float = 0.75
    recast_support: float = 0.75
    recast_hours: int = 18
    recast_words: int = 90
    syndicated_share: float = 0.9


POLICY = Thresholds()


@dataclass(slots=True, frozen=True, kw_only=True)
class Copy:
    """One story as the rules see it.

    Attributes:
        provider: hash.
        language: hash of the primary language.
        text_hash: of everything it says.
        copy_hash: of its copy; 0: none.
        headline_key: 0: empty, generic or too short.
        time: publication, else fetch time, microseconds since 1970 UTC.
        words: of its copy.
        flags: bits of ``FLAGS``.
        shift: of the sketch.
        shingles: the sketch.
        figures: value and context, see ``transforms.dedupe.signature``.
        figures_end: largest figure that a cut list can hold; None: the list is whole.
        headline: headline tokens.
        headline_stems: beginnings of the headline's words.
        opening: beginnings of the words of headline, standfirst and opening.
    """

    provider: int
    language: int
    text_hash: int
    copy_hash: int
    headline_key: int
    time: int
    words: int
    flags: int
    shift: int
    shingles: AbstractSet[int] = field(repr=False)
    figures: AbstractSet[int] = field(repr=False)
    figures_end: int | None = None
    headline: AbstractSet[int] = field(repr=False, default=frozenset())
    headline_stems: AbstractSet[int] = field(repr=False, default=frozenset())
    opening: AbstractSet[int] = field(repr=False, default=frozenset())


def is_repeat(old: Copy, new: Copy, policy: Thresholds = POLICY) -> tuple[str, float] | None:
    """Whether a new story repeats one that was kept before it.

    Args:
        old: kept; of another family.
        new: just arrived.
        policy: the thresholds.

    Returns:
        Kind and similarity (share of the new copy that the old one has, 0 to 1), or None: it is a story of its own.
        Never for two stories in different languages, for pictures, video and other media (many share a caption), for
        an update or correction whose text is not the same, and for one newsroom's other text beside its update or
        correction: versions are kept whichever comes first.
    """
    if old.language != new.language or (old.flags | new.flags) & FLAGS["not_text"]:
        return None
    same_provider = old.provider == new.provider
    exact = REISSUED if same_provider else SYNDICATED
    hours = abs(new.time - old.time) / HOUR
    same_headline = bool(new.headline_key) and new.headline_key == old.headline_key
    same_text = bool(new.text_hash) and new.text_hash == old.text_hash
    # of two versions by one newsroom the later may come first: then the earlier one is what states nothing
    versions = old.flags | new.flags if same_provider else new.flags
    if versions & (FLAGS["update"] | FLAGS["correction"]) and not same_text:
        return None
    if not new.words or not old.words:
        same = same_text and same_headline and not new.words and not old.words
        enough = len(new.headline) >= policy.headline_only_words and hours <= policy.headline_only_hours
        return (exact, 1.0) if same and enough else None
    same_copy = new.copy_hash == old.copy_hash
    if not same_headline and not same_copy and _figures_differ(old.headline, new.headline):
        return None
    similar = same_headline or headline_similarity(old, new) >= policy.headline_share
    if same_copy and similar:
        fits = new.words >= policy.identical_words and hours <= policy.identical_hours
        return (exact, 1.0) if fits else None
    shorter = min(old.words, new.words)
    if shorter < policy.near_words or hours > policy.near_hours:
        return None
    of_new, of_old, jaccard = overlap(old, new)
    if max(of_new, of_old) < policy.rewrite_share:
        return None
    agree = figures_agree(old, new)
    if agree is None or _other_subject(old, new, same_provider=same_provider):
        return None
    edited = max(of_new, of_old) >= policy.contained or _opening_share(old, new) >= policy.opening_share
    if similar:
        if edited and of_new >= policy.near_share and agree >= policy.near_figures:
            return _kind(same_provider, jaccard, policy), of_new
        rewrite = (
            same_provider
            and hours <= policy.rewrite_hours
            and shorter >= policy.rewrite_words
            and agree >= policy.rewrite_figures
            and of_new >= policy.rewrite_share
            and max(of_new, of_old) >= policy.rewrite_either
            and (edited or (shorter >= policy.recast_words and _recast(old, new, hours, policy)))
        )
        return (REISSUED, of_new) if rewrite else None
    sure = (
        edited
        and of_new >= policy.other_headline_share
        and agree >= 1
        and new.words >= max(policy.other_headline_words, policy.other_headline_length * old.words)
        and hours <= policy.other_headline_hours
        and _support(old, new) >= policy.headline_support
    )
    return (_kind(same_provider, jaccard, policy), of_new) if sure else None


def _kind(same_provider: bool, jaccard: float, policy: Thresholds) -> str:
    if same_provider:
        return REISSUED
    return SYNDICATED if jaccard >= policy.syndicated_share else NEAR


def headline_similarity(old: Copy, new: Copy) -> float:
    """Jaccard similarity of the headlines' words; 0 where one has none."""
    if not old.headline or not new.headline:
        return 0.0
    return len(old.headline & new.headline) / len(old.headline | new.headline)


def _figures_differ(old: AbstractSet[int], new: AbstractSet[int]) -> bool:
    """Whether each headline has a figure that the other has not: 450 mln here, 800 mln there."""
    return any(token & 1 for token in old - new) and any(token & 1 for token in new - old)


def _support(old: Copy, new: Copy) -> float:
    """Share of the new headline's words that the old story's headline or opening has, by the words' beginnings."""
    return len(new.headline_stems & old.opening) / len(new.headline_stems) if new.headline_stems else 0.0


def _opening_share(old: Copy, new: Copy) -> float:
    """Share of the smaller opening's words that the other opening has; 1 where one has none.

    A weekday in the one counts as ``yesterday`` or the like in the other: agencies print the day, papers what it is to
    their readers.
    """
    smaller = min(len(old.opening), len(new.opening))
    if not smaller:
        return 1.0
    lost, found = old.opening - new.opening, new.opening - old.opening
    same_day = any(
        not (one.isdisjoint(CALENDAR) or other.isdisjoint(RELATIVE_DAYS))
        for one, other in ((lost, found), (found, lost))
    )
    return (smaller - min(len(lost), len(found)) + same_day) / smaller


def _other_subject(old: Copy, new: Copy, *, same_provider: bool) -> bool:
    """Whether common words stand around another subject: a form filled in anew, though one word alone may differ.

    Two signs, each in words that stand in the one opening and not in the other, on both sides:

    - each opening has a weekday or month that the other has not: another edition;
    - one newsroom's copy is the same word for word but for a word of the opening (``the polls in X opened``). A house
      that mends one word states a correction or sends a version; unstated, it is indistinguishable from a form text,
      and a missed repeat is preferred to a lost story. Another house's copy may be edited so, and is told apart only
      where each headline has such a word, too (``Polls open in X``).
    """
    lost, found = old.opening - new.opening, new.opening - old.opening
    if not lost or not found:
        return False
    if not lost.isdisjoint(CALENDAR) and not found.isdisjoint(CALENDAR):
        return True
    named = not (lost.isdisjoint(old.headline_stems) or found.isdisjoint(new.headline_stems))
    slots = SHINGLE * max(len(lost), len(found))
    return (
        (same_provider or named)
        and old.words == new.words
        and len(lost) == len(found)
        and len(new.shingles - old.shingles) <= slots
        and len(old.shingles - new.shingles) <= slots
    )


def _recast(old: Copy, new: Copy, hours: float, policy: Thresholds) -> bool:
    """Whether one desk wrote its running story's lede anew: both headlines stand in the other's opening."""
    return (
        hours <= policy.recast_hours
        and min(_support(old, new), _support(new, old)) >= policy.recast_support
        and _opening_share(old, new) >= policy.recast_opening
    )


def overlap(old: Copy, new: Copy) -> tuple[float, float, float]:
    """Share of the new copy in the old one, of the old one in the new, and Jaccard similarity, by their sketches."""
    mine, other = new.shingles, old.shingles
    if new.shift != old.shift:
        limit = (1 << 32) >> max(new.shift, old.shift)
        mine = {value for value in mine if value < limit}
        other = {value for value in other if value < limit}
    if not mine or not other:
        return 0.0, 0.0, 0.0
    common = len(mine & other)
    return common / len(mine), common / len(other), common / (len(mine) + len(other) - common)


def figures_agree(old: Copy, new: Copy) -> float | None:
    """Share of the smaller set of figures that stand in the other too (1 where one has none).

    Returns:
        None where the same words stand around different figures: a template, or a corrected figure.
    """
    mine, other = new.figures, old.figures
    ends = [end for end in (old.figures_end, new.figures_end) if end is not None]
    if ends:
        mine = {value for value in mine if value <= min(ends)}
        other = {value for value in other if value <= min(ends)}
    if mine == other:
        return 1.0
    values, others = {figure >> 32 for figure in mine}, {figure >> 32 for figure in other}
    lost = {figure & 0xFFFFFFFF for figure in other if figure >> 32 not in values}
    if any(figure >> 32 not in others and figure & 0xFFFFFFFF in lost for figure in mine):
        return None
    smaller = min(len(values), len(others))
    return len(values & others) / smaller if smaller else 1.0
