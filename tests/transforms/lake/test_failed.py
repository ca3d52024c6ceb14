import pytest

from transforms.lake.failed import FailedTooNewError, encode_failed, failure_id, load_failed


def test_ids_tell_failures_apart_and_survive_their_bytes() -> None:
    one = failure_id("aa", "feed.xml", None, "parse", "not_a_feed")
    others = {
        failure_id("ab", "feed.xml", None, "parse", "not_a_feed"),
        failure_id("aa", "feed.xml", 0, "parse", "not_a_feed"),
        failure_id("aa", "other.xml", None, "parse", "not_a_feed"),
        failure_id(None, "feed.xml", None, "pull", "dns"),
    }
    assert one not in others
    assert len(others) == 4
    assert load_failed([encode_failed([one]), encode_failed(others)]) == others | {one}


def test_a_newer_segment_is_refused() -> None:
    with pytest.raises(FailedTooNewError, match="upgrade"):
        load_failed([b"\x09" + bytes(16)])
