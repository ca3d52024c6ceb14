"""Ids are part of the lake's format: their values are pinned, and the fast way of folding equals the plain one."""

import hashlib
import random
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import identity
from schemas.identity import (
    _LONGER,
    _UNKNOWN,
    _folded_alone,
    _folds,
    content_hash,
    family_id,
    hash_parts,
    normalise_text,
    row_id,
    story_id,
)
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
_MARKS = st.sampled_from("“”’…–—€\u00a0\u0301\u0308\u2028\x85ẞİſ™ﬁ각\u1161\u11a8ﾞｶＡΣςЙйآن京がガ\u3099😀 \n\tA")


@given(st.text(st.one_of(_LATIN, _MARKS, st.characters(exclude_categories=[]))))
def test_folding_equals_the_plain_way(text: str) -> None:
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
    assert normalise_text(text) == plain
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_FEW", 0)  # the tables are for long texts
        assert normalise_text(text) == plain


def test_what_is_folded_by_a_table_composes_with_no_neighbour() -> None:
    table, longer = _folds()
    alone = [chr(code) for code in range(len(table)) if table[code] != _UNKNOWN]
    assert len(alone) > 40_000
    decompositions = (unicodedata.decomposition(chr(code)).split() for code in range(0x110000))
    seconds = {chr(int(parts[1], 16)) for parts in decompositions if parts[1:] and not parts[0].startswith("<")}
    assert not seconds & set(alone)
    # a fold of several characters is put in last, so no fold may hold a character that has one
    assert not {char for fold in longer.values() for char in fold} & longer.keys()
    assert not {chr(code) for code in table[table < _LONGER].tolist()} & longer.keys()
    random.Random(1).shuffle(alone)
    text = "".join(alone)
    assert _folded_alone(text) is not None
    assert normalise_text(text) == " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
