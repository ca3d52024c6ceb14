import datetime as dt
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.identity import hash_parts, story_id
from schemas.item import STANDFIRST_OF_BODY
from schemas.story import Story
from transforms.dedupe import decider as deciding
from transforms.dedupe.decider import HELD, KEPT, REPEAT, REPOLLED, Decider, forget
from transforms.dedupe.signature import sign, signature_columns

MORNING = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
HARBOUR = (
    "The harbour authority of Portville said on Monday that it would close the eastern basin for three weeks while "
    "divers remove the wreck of a grain ship that sank there in January. Pilots had warned for months that the hull "
    "was drifting towards the fairway. The mayor promised the fishermen compensation out of the city's reserve, and "
    "the union said it would wait for the sum before it spoke of strikes. Ferries leave from the western pier instead."
)
ORCHARD = (
    "Growers in the upper valley expect the smallest apple harvest in a decade after frost came back in the second "
    "week of May and burnt the blossom of the early trees. The cooperative told its members to thin late and to hope "
    "for a warm September, and asked the ministry to open the fund for losses that was set up after the hail. Prices "
    "in the wholesale market have risen since the news, traders said, though cold stores are still half full."
)


def story(
    guid: str = "a",
    headline: str | None = "Portville closes harbour basin to lift sunken grain ship",
    body: str | None = HARBOUR,
    *,
    provider: str = "wire.example",
    hours: float = 0,
    version: str = "1",
    language: str | None = "en",
    **more,
) -> Story:
    moment = MORNING + dt.timedelta(hours=hours)
    family = story_id(provider, guid)
    content = hash_parts("content", (headline or "", more.get("standfirst") or "", body or "", language or ""))
    return Story(
        story_id=family,
        row_id=hash_parts("row", (family, content, version, repr(sorted(more.items(), key=str)))),
        content_hash=content,
        guid=guid,
        provider=provider,
        version=version,
        headline=headline,
        body=body,
        language=language,
        published=moment,
        fetched_at=moment,
        date=moment.date(),
        **more,
    )


def decide(*stories: Story, decider: Decider | None = None) -> list[tuple]:
    found = (decider or Decider.load([])).decide(signature_columns([sign(one) for one in stories]))
    return list(
        zip(
            found.action.tolist(),
            found.repeat_of.to_pylist(),
            found.kind.to_pylist(),
            [None if s is None else round(s, 2) for s in found.similarity.to_pylist()],
            found.cluster_id.to_pylist(),
            found.first_published.to_pylist(),
            found.held_reason.to_pylist(),
            found.release_at.to_pylist(),
            strict=True,
        )
    )


def actions(*stories: Story) -> list[int]:
    return [answer[0] for answer in decide(*stories)]


def test_the_same_row_again_is_repolled() -> None:
    assert actions(story(), story(hours=1)) == [KEPT, REPOLLED]


def test_fingerprints_look_past_a_printed_head_that_enriching_named() -> None:
    head = (("byline_printed", "By NORA FELD"), ("dateline_printed", "PORTVILLE (AP) —"))
    printed = story(body=f"By NORA FELD\nPORTVILLE (AP) — {HARBOUR}", extra=head)
    assert signature_columns([sign(printed)])["text_hash"] == signature_columns([sign(story())])["text_hash"]


def test_a_changed_text_is_a_new_version() -> None:
    answers = decide(story(), story(body=HARBOUR + " A crane ship is on its way.", version="2", hours=1))
    assert [a[0] for a in answers] == [KEPT, KEPT]
    assert answers[1][5] == MORNING
    assert answers[0][4] == answers[1][4]


def test_unchanged_text_under_a_new_version_is_reissued() -> None:
    answers = decide(story(), story(version="2", hours=1))
    assert answers[1][:4] == (REPEAT, story().story_id, "reissued", 1.0)


def test_the_same_copy_under_another_id_is_reissued_and_from_another_provider_syndicated() -> None:
    answers = decide(story(), story("b", hours=1), story("c", provider="paper.example", hours=2))
    assert [a[1:3] for a in answers[1:]] == [(story().story_id, "reissued"), (story().story_id, "syndicated")]


def test_cut_down_copy_of_another_provider_is_near() -> None:
    answers = decide(story(), story("c", body=HARBOUR[:300], provider="paper.example", hours=2))
    assert answers[1][0] == REPEAT
    assert answers[1][2] == "near"


def test_repeats_name_the_kept_story_never_another_repeat() -> None:
    answers = decide(story(), story("b", hours=1), story("b", version="2", hours=2), story("c", hours=3))
    assert {a[1] for a in answers[1:]} == {story().story_id}


def test_same_headline_over_other_copy_is_kept() -> None:
    assert actions(story(), story("b", body=ORCHARD, hours=1)) == [KEPT, KEPT]


def test_templates_with_other_figures_are_kept() -> None:
    text = (
        "The central bank offered {} million crowns to the money market in early operations on {}, against a shortage "
        "that it puts at about {} million. Bills for repayment take {} million out of the system and a rise in the "
        "note circulation {} million, while exchequer transactions add {} million, dealers in the capital said."
    )
    one = text.format(120, "Monday", 450, 300, 90, 60)
    other = text.format(80, "Tuesday", 800, 310, 95, 20)
    headline = "Central bank offers early help to money market"
    assert actions(story("a", headline, one), story("b", headline, other, hours=20)) == [KEPT, KEPT]


def test_corrections_and_updates_are_kept_unless_the_text_is_the_same() -> None:
    slightly = HARBOUR.replace("three weeks", "four weeks")
    for signal in ("update", "correction"):
        assert actions(story(), story("b", body=slightly, hours=1, signals=(signal,))) == [KEPT, KEPT]
        assert actions(story(), story("b", hours=1, signals=(signal,))) == [KEPT, REPEAT]


@pytest.mark.parametrize("headline", [None, "", "Weather", "News in brief"])
def test_empty_and_generic_headlines_merge_nothing(headline) -> None:
    assert actions(story("a", headline, "Rain later."), story("b", headline, "Rain later.", hours=1)) == [KEPT, KEPT]
    assert actions(story("a", headline, None), story("b", headline, None, hours=1)) == [KEPT, KEPT]


def test_headlines_alone_merge_only_when_full_and_of_one_day() -> None:
    def title(guid, hours, text="Portville closes harbour basin to lift sunken ship"):
        return story(guid, text, None, provider=f"{guid}.example", hours=hours)

    assert actions(title("a", 0), title("b", 2)) == [KEPT, REPEAT]
    assert actions(title("a", 0), title("b", 30)) == [KEPT, KEPT]
    assert actions(title("a", 0, "Portville closes harbour"), title("b", 2, "Portville closes harbour")) == [KEPT, KEPT]


def test_pictures_with_one_caption_are_kept() -> None:
    assert actions(story(item_type="picture"), story("b", item_type="picture")) == [KEPT, KEPT]


def test_other_languages_are_other_stories() -> None:
    assert actions(story(), story("b", language="de", hours=1)) == [KEPT, KEPT]
    assert actions(story(language="en-GB"), story("b", language="en-US", hours=1)) == [KEPT, REPEAT]


def test_kills_are_kept_and_nothing_repeats_a_killed_story() -> None:
    kill = story(body=None, version="2", hours=1, signals=("kill",))
    assert actions(story(), kill, story("b", hours=2)) == [KEPT, KEPT, KEPT]
    canceled = story("k", hours=1, status="canceled", kill_target="a")
    assert actions(story(), canceled, story("b", hours=2)) == [KEPT, KEPT, KEPT]
    assert actions(kill, story(hours=2)) == [KEPT, KEPT]


def test_embargo_withheld_and_unreadable_embargo_hold() -> None:
    until = MORNING + dt.timedelta(hours=5)
    answers = decide(
        story("a", embargo_until=until),
        story("b", status="withheld"),
        story("c", extra=(("embargo_raw", "noonish"),)),
        story("d", embargo_until=until, hours=6),
    )
    assert [a[0] for a in answers] == [HELD, HELD, HELD, KEPT]
    assert [a[6] for a in answers] == ["embargo", "withheld", "embargo-unreadable", None]
    assert answers[0][7] == until


def test_a_lifted_hold_is_kept() -> None:
    assert actions(story(), story(version="2", status="withheld"), story(version="3")) == [KEPT, HELD, KEPT]


def test_stories_of_one_event_share_a_cluster_and_are_kept() -> None:
    answers = decide(
        story(body=None),
        story("b", "Sunken grain ship: Portville harbour basin to close for three weeks", None, hours=2),
        story("c", "Frost burns apple blossom in the upper valley orchards", None, hours=3),
    )
    assert [a[0] for a in answers] == [KEPT] * 3
    assert answers[0][4] == answers[1][4] != answers[2][4]


def test_renewal_keeps_what_is_still_listed_and_compaction_forgets_the_rest() -> None:
    decider = Decider.load([])
    kill = story("k", "Kill this story about the bridge at once", None, signals=("kill",))
    decide(story(), story("b", "Frost in the orchards", ORCHARD), kill, decider=decider)
    later = MORNING + dt.timedelta(days=25)
    decider.renew(np.array([bytes.fromhex(story().row_id), b"?" * 16], "S16"), later)
    state = decider.snapshot(MORNING + dt.timedelta(days=40))
    answers = decide(story(), story("b", "Frost in the orchards", ORCHARD), kill, decider=Decider.load([state]))
    assert [a[0] for a in answers] == [REPOLLED, KEPT, REPOLLED]


def test_small_segments_are_merged_and_the_large_one_is_left_alone() -> None:
    large = Decider.load([])
    decide(*(story(str(n), f"Notice {n} of the harbour office", f"{n} {HARBOUR}") for n in range(400)), decider=large)
    segments = [large.snapshot(MORNING)]
    sizes = [len(segments[0])]
    for number in range(12):
        decider = Decider.load(segments)
        decide(story(f"x{number}", f"Frost, day {number} of it", f"{number} {ORCHARD}"), decider=decider)
        saved = decider.save(MORNING)
        assert saved is not None
        segments[len(segments) - saved.replaces :] = [saved.data]
        sizes.append(sum(map(len, segments)))
        assert len(segments) <= 5
    assert len(segments[0]) == sizes[0]
    decider = Decider.load(segments)
    assert decider.save(MORNING) is None
    known = [
        story("3", "Notice 3 of the harbour office", f"3 {HARBOUR}"),
        story("x3", "Frost, day 3 of it", f"3 {ORCHARD}"),
    ]
    assert [answer[0] for answer in decide(*known, decider=decider)] == [REPOLLED] * 2


def test_no_news_is_no_bytes() -> None:
    decider = Decider.load([])
    assert decider.delta() == b""
    decide(story(), decider=decider)
    assert decider.delta()
    assert decider.delta() == b""


def test_window_expires_by_the_clock_of_arrival() -> None:
    later = 24 * 15
    assert actions(story(), story("b", hours=later)) == [KEPT, KEPT]
    late = story("b", hours=later)
    decider = Decider.load([])
    first = decide(story(), decider=decider)
    saved = decider.snapshot(MORNING)
    assert first + decide(late, decider=Decider.load([saved])) == decide(story(), late)


def test_a_family_kept_again_stays_so_after_a_merge() -> None:
    repeat, update = story("b", hours=1), story("b", "Frost burns apple blossom", ORCHARD, version="2", hours=2)
    again = story("b", body=HARBOUR + " It starts today.", version="3", hours=3)
    whole = decide(story(), repeat, update, again)
    assert [a[0] for a in whole] == [KEPT, REPEAT, KEPT, KEPT]
    decider = Decider.load([])
    found = decide(story(), repeat, decider=decider)
    segments = [decider.delta()]
    decider = Decider.load(segments)
    found += decide(update, decider=decider)
    segments = [Decider.load([*segments, decider.delta()]).snapshot(MORNING)]
    assert found + decide(again, decider=Decider.load(segments)) == whole


def _saved(*stories: Story) -> list[bytes]:
    segments: list[bytes] = []
    for one in stories:
        decider = Decider.load(segments)
        decide(one, decider=decider)
        segments.append(decider.delta())
    return segments


def test_forgotten_stories_come_again_and_repeat_nothing() -> None:
    frost = story("f", "Frost in the orchards", ORCHARD, hours=1)
    segments = _saved(story(), frost, story("b", hours=2))
    left = forget([memoryview(one) for one in segments], frozenset({story().story_id}))
    assert left is not None
    answers = decide(story(hours=3), frost, story("c", hours=4), decider=Decider.load([left]))
    assert [a[0] for a in answers] == [KEPT, REPOLLED, REPEAT]
    only = forget([left], frozenset({frost.story_id}))
    assert only is not None
    assert actions_after(only, story("x", "Frost in orchards", ORCHARD, hours=3)) == [KEPT]


def actions_after(state: bytes, *stories: Story) -> list[int]:
    return [answer[0] for answer in decide(*stories, decider=Decider.load([state]))]


def test_forgetting_what_is_unknown_changes_nothing() -> None:
    assert forget(_saved(story()), frozenset({story("z").story_id})) is None
    assert forget([], frozenset({story().story_id})) is None


def test_a_killed_story_keeps_its_tombstone_when_forgotten() -> None:
    kill = story(body=None, version="2", hours=1, signals=("kill",))
    left = forget(_saved(story(), kill), frozenset({story().story_id}))
    assert left is not None
    assert actions_after(left, story(), kill) == [REPOLLED, REPOLLED]


_bodies = [HARBOUR, HARBOUR[:300], HARBOUR + " More is expected.", ORCHARD, ORCHARD.replace("decade", "century"), None]
_stories = st.builds(
    story,
    guid=st.sampled_from("abcd"),
    headline=st.sampled_from(
        ["Portville closes harbour basin to lift ship", "Frost burns apple blossom in upper valley", None]
    ),
    body=st.sampled_from(_bodies),
    provider=st.sampled_from(["wire.example", "paper.example"]),
    version=st.sampled_from("123"),
    language=st.sampled_from(["en", "en", "de", None]),
    hours=st.integers(0, 600),
    status=st.sampled_from(["usable", "usable", "usable", "withheld", "canceled"]),
    signals=st.sampled_from([(), (), (), ("kill",), ("update",), ("repeat",)]),
    kill_target=st.sampled_from([None, None, None, "a"]),
)


STEPS = {
    "never the oldest": {"MERGE_STEP": 1000, "OLDEST_STEP": 0},
    "always": {"MERGE_STEP": 1000, "OLDEST_STEP": 1000},
    "as it is": {"MERGE_STEP": 4, "OLDEST_STEP": 16},
}


@settings(deadline=None, max_examples=60)
@given(st.lists(_stories, max_size=16), st.data())
def test_calls_saves_and_shards_change_no_decision(stories, data) -> None:
    stories.sort(key=lambda one: one.fetched_at)
    whole = decide(*stories)
    segments: list[bytes] = []
    found: list[tuple] = []
    rest = stories
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        decider = Decider.load(segments)
        found += decide(*rest[:size], decider=decider)
        way = data.draw(st.sampled_from(["snapshot", "delta", "save"]))
        with patch.multiple(deciding, **STEPS[data.draw(st.sampled_from(sorted(STEPS)))]):
            if way == "snapshot":
                segments = [decider.snapshot(MORNING)]
            elif way == "delta":
                segments += [one for one in [decider.delta()] if one]
            elif saved := decider.save(MORNING):
                segments[len(segments) - saved.replaces :] = [saved.data]
        if data.draw(st.booleans()):
            decider.stand_on(segments)
            assert all(answer[0] == REPOLLED for answer in decide(*rest[:size], decider=decider))
        rest = rest[size:]
    assert found == whole
    alone = {lang: iter(decide(*[s for s in stories if s.language == lang])) for lang in ("en", "de", None)}
    assert [next(alone[one.language]) for one in stories] == whole
    again = decide(*stories, decider=Decider.load(segments))
    assert all(answer[0] == REPOLLED for answer in again)
    kept = {one.story_id for one, answer in zip(stories, whole, strict=True) if answer[0] == KEPT}
    assert {answer[1] for answer in whole if answer[0] == REPEAT} <= kept
    for one, answer in zip(stories, whole, strict=True):
        assert answer[0] in (KEPT, REPOLLED) or not (one.signals == ("kill",) or one.status == "canceled")


def test_a_summary_that_says_the_opening_again_changes_no_decision() -> None:
    once = sign(story())
    twice = sign(story(standfirst=HARBOUR.partition(".")[0], extra=(STANDFIRST_OF_BODY,)))
    assert (once.text_hash, once.standfirst, once.body) == (twice.text_hash, twice.standfirst, twice.body)
