"""Content encodings taken off with a limit, so that a bomb stops early."""

import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

GZIP = b"\x1f\x8b"
"""How every gzip file begins."""

STEP = 64 * 1024
"""Bytes produced at a time, at most, before the limit is looked at again."""

SLICE = 64 * 1024
"""Bytes handed to zlib at a time: what it leaves over is copied, and whole documents copied often take seconds."""

ZSTD_SLICE = 128
"""Bytes handed to zstd at a time: four can stand for 128 KiB, so that one slice gives 4 MiB at most."""

ZSTD_WINDOW = 8 * 1024 * 1024
"""Largest window that HTTP allows (RFC 9659); it is memory taken before the first byte comes out."""


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
        TooLargeError: the limit was passed; at most one step (zstd: one slice) more was produced.
        BadEncodingError: broken or truncated bytes, an unknown encoding, or more than MAX_ENCODINGS of them.
    """
    names = [name for part in encoding.split(",") if (name := part.strip().lower()) not in {"", "identity"}]
    if len(names) > MAX_ENCODINGS:
        raise BadEncodingError(f"{len(names)} content encodings, one in the other; {MAX_ENCODINGS} are taken off")
    for name in reversed(names):
        take_off = _DECODERS.get(name)
        if take_off is None:
            raise BadEncodingError(f"content encoding {name[:40]!r} is unknown")
        try:
            data = take_off(data, limit)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BadEncodingError(f"not readable as {name}: {error}") from error
    if len(data) > limit:
        raise TooLargeError(f"more than {limit} bytes")
    return data


MAX_ENCODINGS = 3
"""Two are seen where a proxy compresses what the server compressed; a chain of them is no feed's."""


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise TooLargeError(f"more than {limit} bytes")


def _slices(data: bytes, size: int) -> Iterator[bytes]:
    view = memoryview(data)
    return (bytes(view[at : at + size]) for at in range(0, len(data), size))


def _zlib(data: bytes, limit: int, window: int) -> bytes:
    """One zlib or deflate stream, or all members of a gzip file; what follows the last is left out."""
    out = bytearray()
    member = zlib.decompressobj(window)
    begun = False
    for piece in _slices(data, SLICE):
        rest = piece
        while rest:
            if member.eof:
                if window <= zlib.MAX_WBITS or not rest.startswith(b"\x1f"):
                    return bytes(out)
                member, begun = zlib.decompressobj(window), False
            begun = True
            out += member.decompress(rest, STEP)
            _check(len(out), limit)
            rest = member.unused_data if member.eof else member.unconsumed_tail
    out += member.flush()
    _check(len(out), limit)
    if begun and not member.eof:
        raise BadEncodingError("the compressed data ends early")
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
    out = bytearray(decoder.process(data, output_buffer_limit=STEP)) if data else bytearray()
    while data and not decoder.is_finished():
        _check(len(out), limit)
        more = decoder.process(b"", output_buffer_limit=STEP)
        if not more and decoder.can_accept_more_data():
            raise BadEncodingError("the compressed data ends early")
        out += more
    return bytes(out)


def _zstd(data: bytes, limit: int) -> bytes:
    out = bytearray()
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    frame = decompressor.decompressobj()
    begun = False
    for piece in _slices(data, ZSTD_SLICE):
        rest = piece
        while rest:
            if frame.eof:
                frame, begun = decompressor.decompressobj(), False
            begun = True
            out += frame.decompress(rest)
            _check(len(out), limit)
            rest = frame.unused_data
    if begun and not frame.eof:
        raise BadEncodingError("the compressed data ends early")
    return bytes(out)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
