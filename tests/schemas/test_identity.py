"""Ids are part of the lake's format: their values are pinned, and the fast way of folding equals the plain one."""

import hashlib
import unicodedata
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import content_hash, family_id, hash_parts, normalise_text, row_id, story_id
from schemas.item import NewsItem

ITEM = NewsItem(
    guid="urn:x:1",
    headline="Gold  rises – “again”",
    standfirst="Été à l’ÎLE…",
    body="LIMA (AP) — First.\nSecond\u00a0line, Straße.",
    published=datetime(2026, 2, 1, tzinfo=UTC),
    version="2",
)


def test_values_are_pinned() -> None:
    story = story_id("example.org", family_id(ITEM, "https://example.org/feed"))
    content = content_hash(ITEM, "en")
    assert story == "fc8a78f6e3313e58d0e32a46885e2b17"
    assert content == "f32aff38afe79172e480606c7eaa8d06"
    assert row_id(story, content, ITEM) == "34962da5216a36b6e56e074d9ded3395"


def test_a_digest_is_of_length_prefixed_parts() -> None:
    digest = hashlib.blake2b(digest_size=16, person=b"story")
    for part in ("a", "", "bé"):
        data = part.encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    assert hash_parts("story", ("a", "", "bé")) == digest.hexdigest()
    assert hash_parts("story", (b"a", "", "bé".encode())) == digest.hexdigest()


_LATIN = st.characters(max_codepoint=0x24F)
_MARKS = st.sampled_from("“”’…–—€\u00a0\u0301\u0308\u2028\x85ẞİſ™ﬁ각\u1161 \n\tA")


@given(st.text(st.one_of(_LATIN, _MARKS, st.characters(exclude_categories=[]))))
def test_folding_equals_the_plain_way(text: str) -> None:
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
    assert normalise_text(text) == plain
