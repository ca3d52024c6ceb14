"""Content encodings taken off with a limit, so that a bomb stops early."""

import io
import zlib
from collections.abc import Callable

import brotli
import zstandard

STEP = 64 * 1024
"""Bytes produced at a time, at most, before the limit is looked at again."""


class TooLargeError(ValueError):
    """More bytes than the limit."""


class BadEncodingError(ValueError):
    """Bytes that are not in the encoding they claim, or an encoding nobody here knows."""


def decompress(data: bytes, encoding: str, limit: int) -> bytes:
    """Take off a Content-Encoding, several of them in reverse order.

    Args:
        data: as received.
        encoding: the header; empty or ``identity`` for none.
        limit: bytes that the result, and every stage before it, may have.

    Raises:
        TooLargeError: the limit was passed; at most one step more was produced.
        BadEncodingError: broken bytes or an unknown encoding.
    """
    for name in reversed([part.strip().lower() for part in encoding.split(",")]):
        if name in {"", "identity"}:
            continue
        take_off = _DECODERS.get(name)
        if take_off is None:
            raise BadEncodingError(f"content encoding {name!r} is unknown")
        try:
            data = take_off(data, limit)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BadEncodingError(f"not readable as {name}: {error}") from error
    if len(data) > limit:
        raise TooLargeError(f"more than {limit} bytes")
    return data


def _zlib(data: bytes, limit: int, window: int) -> bytes:
    out = bytearray()
    while data:
        member = zlib.decompressobj(window)
        while data and not member.eof:
            out += member.decompress(data, STEP)
            data = member.unconsumed_tail
            if len(out) > limit:
                raise TooLargeError(f"more than {limit} bytes")
        out += member.flush()
        data = member.unused_data if window > zlib.MAX_WBITS and member.unused_data[:2] == b"\x1f\x8b" else b""
    return bytes(out)


def _gzip(data: bytes, limit: int) -> bytes:
    return _zlib(data, limit, 16 + zlib.MAX_WBITS)


def _deflate(data: bytes, limit: int) -> bytes:
    try:
        return _zlib(data, limit, zlib.MAX_WBITS)
    except zlib.error:
        return _zlib(data, limit, -zlib.MAX_WBITS)  # some servers leave the zlib wrapper out


def _brotli(data: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    out = bytearray(decoder.process(data, output_buffer_limit=STEP))
    while not decoder.is_finished():
        if len(out) > limit:
            raise TooLargeError(f"more than {limit} bytes")
        more = decoder.process(b"", output_buffer_limit=STEP)
        if not more and decoder.can_accept_more_data():
            raise BadEncodingError("brotli: the data ends early")
        out += more
    return bytes(out)


def _zstd(data: bytes, limit: int) -> bytes:
    out = bytearray()
    with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
        io.BytesIO(data), read_across_frames=True
    ) as r:
        while chunk := r.read(STEP):
            out += chunk
            if len(out) > limit:
                raise TooLargeError(f"more than {limit} bytes")
    return bytes(out)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
