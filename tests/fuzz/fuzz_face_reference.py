"""A picture to compare with, from anywhere: it has a size that is good to search, or one error."""

from __future__ import annotations

import struct
import zlib

from drivers.face.reference import LEAST_SIDE, MOST_SIDE, BadReference, BareSize, decode

_HEADER = struct.Struct("<HH")


def _png(width: int, height: int) -> bytes:
    """Return a small grey PNG (ISO/IEC 15948)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes([0, *[128] * width]) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SEEDS = (
    bytes(4) + _png(40, 50),
    bytes(4) + b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9",
    _HEADER.pack(33, 34) + bytes(33 * 34 * 3),
    _HEADER.pack(65535, 65535) + b"dots",
)


def one_input(data: bytes) -> None:
    """Take the first four bytes as the size of bare dots, 0 as: it is a file."""
    if len(data) < _HEADER.size:
        return
    width, height = _HEADER.unpack_from(data)
    size = BareSize(width=width, height=height) if width or height else None
    try:
        picture = decode(data[_HEADER.size :], size)
    except BadReference:
        return
    high, wide = picture.shape[:2]
    if min(high, wide) < 1 or max(high, wide) > MOST_SIDE or high * wide < LEAST_SIDE:
        raise AssertionError(f"a picture of {wide} x {high} dots")
