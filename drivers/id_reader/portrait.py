"""The holder's picture once it is decoded: pixels, and the forms decoders give them in. Pure.

A card's photo block unpacks to 102 x 126 dots of 24 bits. Decoders write a BMP of 38862 bytes
(54 of header, rows of 306 padded to 308), or the 38556 bytes of the dots alone: blue, green, red,
the last dot of the picture first (public driver code reads it backwards). Which of the two orders
a decoder without header uses is a matter of its maker: `Order`.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass, field
from typing import Final

WIDTH: Final = 102
HEIGHT: Final = 126
ROW: Final = WIDTH * 3
RAW_SIZE: Final = ROW * HEIGHT
BMP_ROW: Final = (ROW + 3) // 4 * 4
BMP_SIZE: Final = 54 + BMP_ROW * HEIGHT

_HEADER = struct.Struct("<2sIHHI IiiHHIIiiII")  # file header of 14 bytes, information of 40


class Order(enum.StrEnum):
    """How dots without a header lie."""

    BACKWARDS = "backwards"
    """Blue, green, red; the last dot first."""
    FORWARDS = "forwards"
    """Blue, green, red; the first dot of the top row first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Portrait:
    """A decoded picture: `RAW_SIZE` bytes, red, green, blue, the top row first."""

    pixels: bytes = field(repr=False)

    def bmp(self) -> bytes:
        """Return it as a BMP file, rows from the bottom up as usual."""
        rows = [self.pixels[at : at + ROW] for at in range(0, RAW_SIZE, ROW)]
        padding = bytes(BMP_ROW - ROW)
        body = b"".join(_swapped(row) + padding for row in reversed(rows))
        head = _HEADER.pack(
            *(b"BM", BMP_SIZE, 0, 0, 54, 40, WIDTH, HEIGHT, 1, 24, 0, len(body), 2835, 2835, 0, 0)
        )
        return head + body


def portrait_of(output: bytes, order: Order) -> Portrait | None:
    """Return the picture a decoder wrote; None when it is none.

    One colour all over is no portrait: a decoder that failed leaves its picture empty.
    """
    pixels = _from_bmp(output) if output[:2] == b"BM" else _from_dots(output, order)
    if pixels is None or pixels == pixels[:3] * (RAW_SIZE // 3):
        return None
    return Portrait(pixels=pixels)


def _from_dots(output: bytes, order: Order) -> bytes | None:
    if len(output) != RAW_SIZE:
        return None
    return output[::-1] if order is Order.BACKWARDS else _swapped(output)


def _from_bmp(output: bytes) -> bytes | None:
    if len(output) != BMP_SIZE:
        return None
    head = _HEADER.unpack_from(output)
    offset, width, height, bits, packing = head[4], head[6], head[7], head[9], head[10]
    if (offset, width, abs(height), bits, packing) != (54, WIDTH, HEIGHT, 24, 0):
        return None
    rows = [output[at : at + ROW] for at in range(54, BMP_SIZE, BMP_ROW)]
    return b"".join(_swapped(row) for row in (reversed(rows) if height > 0 else rows))


def _swapped(dots: bytes) -> bytes:
    """Return dots with their first and third colour exchanged."""
    swapped = bytearray(dots)
    swapped[0::3], swapped[2::3] = dots[2::3], dots[0::3]
    return bytes(swapped)
