import contextlib
import gzip
import random
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from transforms.pull.decompress import ZSTD_SLICE, BadEncodingError, TooLargeError, decompress

TEXT = b"<rss><channel><title>Harbour reopens after the storm</title></channel></rss>" * 40
LIMIT = 1_000_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("name", PACK)
@given(data=st.binary(max_size=3000))
def test_what_was_packed_comes_back(name: str, data: bytes) -> None:
    assert decompress(PACK[name](data), name, LIMIT) == data


def test_headers_as_servers_write_them() -> None:
    assert decompress(TEXT, "", LIMIT) == TEXT
    assert decompress(TEXT, "identity", LIMIT) == TEXT
    assert decompress(gzip.compress(TEXT), " GZip ", LIMIT) == TEXT
    assert decompress(raw_deflate(TEXT), "deflate", LIMIT) == TEXT
    assert decompress(brotli.compress(gzip.compress(TEXT)), "gzip, identity, br", LIMIT) == TEXT
    assert decompress(gzip.compress(gzip.compress(TEXT)), "gzip, gzip", LIMIT) == TEXT


@pytest.mark.parametrize("name", PACK)
def test_nothing_is_an_empty_body(name: str) -> None:
    assert decompress(b"", name, LIMIT) == b""


def test_several_members_are_one_text_and_what_follows_is_left_out() -> None:
    assert decompress(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", LIMIT) == b"ab"
    assert decompress(gzip.compress(b"a") + b"\x00" * 300, "gzip", LIMIT) == b"a"
    assert decompress(zstandard.compress(b"a") + zstandard.compress(b"b"), "zstd", LIMIT) == b"ab"


def test_a_great_many_small_members_take_no_time() -> None:
    assert decompress(gzip.compress(b"") * 100_000, "gzip", LIMIT) == b""


@pytest.mark.parametrize("name", PACK)
@pytest.mark.parametrize("kept", [0.3, 0.99])
def test_truncated_data_is_no_shorter_document(name: str, kept: float) -> None:
    packed = PACK[name](random.Random(7).randbytes(5000))
    with pytest.raises(BadEncodingError):
        decompress(packed[: int(len(packed) * kept)], name, LIMIT)


def zstd_of_repeated_blocks(blocks: int) -> bytes:
    """A frame in which four bytes stand for 128 KiB each: single segment off, window 128 KiB."""
    size = 128 * 1024
    block = ((size << 3) | (1 << 1)).to_bytes(3, "little") + b"x"
    last = ((size << 3) | (1 << 1) | 1).to_bytes(3, "little") + b"x"
    return b"\x28\xb5\x2f\xfd\x00\x38" + block * (blocks - 1) + last


BOMBS = {
    "gzip": gzip.compress(bytes(30_000_000)),
    "deflate": zlib.compress(bytes(30_000_000)),
    "br": brotli.compress(bytes(30_000_000), quality=5),
    "zstd": zstd_of_repeated_blocks(4000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_stops_early(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(
        "transforms.pull.decompress._check", lambda size, limit: made.append(size) or check(size, limit)
    )

    def check(size: int, limit: int) -> None:
        if size > limit:
            raise TooLargeError

    with pytest.raises(TooLargeError):
        decompress(BOMBS[name], name, LIMIT)
    assert max(made) <= LIMIT + (ZSTD_SLICE // 4 + 1) * 128 * 1024


def test_the_bombs_are_bombs() -> None:
    assert all(len(bomb) < 40_000 for bomb in BOMBS.values())
    assert len(decompress(BOMBS["zstd"], "zstd", 2**30)) == 4000 * 128 * 1024


def test_a_bomb_in_a_bomb_stops_early() -> None:
    with pytest.raises(TooLargeError):
        decompress(gzip.compress(BOMBS["gzip"]), "gzip, gzip", LIMIT)
    with pytest.raises(BadEncodingError, match="encodings"):
        decompress(b"", "gzip, gzip, gzip, gzip", LIMIT)


def test_a_window_of_a_gigabyte_is_refused() -> None:
    wide = b"\x28\xb5\x2f\xfd\x00\xa8" + ((8 << 3) | 3).to_bytes(3, "little") + b"x"
    with pytest.raises(BadEncodingError, match="zstd"):
        decompress(wide, "zstd", LIMIT)


def test_no_encoding_larger_than_the_limit() -> None:
    with pytest.raises(TooLargeError):
        decompress(bytes(LIMIT + 1), "", LIMIT)


def test_an_unknown_encoding_says_so() -> None:
    with pytest.raises(BadEncodingError, match="unknown"):
        decompress(TEXT, "sdch", LIMIT)


@given(st.binary(max_size=400), st.text(max_size=20) | st.sampled_from(["gzip", "deflate", "br", "zstd", "br, gzip"]))
def test_any_bytes_come_out_or_fail(data: bytes, name: str) -> None:
    with contextlib.suppress(TooLargeError, BadEncodingError):
        assert isinstance(decompress(data, name, 10_000), bytes)


@given(st.sampled_from(sorted(PACK)), st.integers(0, 10_000), st.integers(0, 255))
def test_any_flipped_byte_comes_out_or_fails(name: str, at: int, value: int) -> None:
    packed = bytearray(PACK[name](TEXT))
    packed[at % len(packed)] = value
    with contextlib.suppress(TooLargeError, BadEncodingError):
        decompress(bytes(packed), name, 10_000)
