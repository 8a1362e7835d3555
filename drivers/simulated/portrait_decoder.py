"""A photo decoder for synthetic photo blocks: a program such as a maker's decoder would be.

Reads a block from standard input and writes a drawn head and shoulders as a BMP of 102 x 126 dots;
their colours come from the block, so that two people look different. A block without `PHOTO_TAG`
is refused, for nobody here can unpack a real one.

It uses nothing but Python itself and imports nothing of ours: it runs from any directory.
With an argument it fails as decoders may: ``crash``, ``hang``, ``short``, ``flood``, ``noise``,
``empty``.
"""

from __future__ import annotations

import os
import signal
import struct
import sys

PHOTO_TAG = b"YIDUAN SYNTHETIC PHOTO\0"
"""A photo block begins with this, so that nobody takes it for a real one."""

WIDTH, HEIGHT = 102, 126
_ROW = (WIDTH * 3 + 3) // 4 * 4

Colour = tuple[int, int, int]

_SHAPES = (
    ("hair", 10, 48, 3, 2, 0, HEIGHT),  # eyes
    ("hair", 0, 60, 3, 2, 0, HEIGHT),  # the shadow of a nose
    ("mouth", 0, 70, 9, 2, 0, HEIGHT),
    ("skin", 0, 54, 25, 31, 36, HEIGHT),
    ("hair", 0, 46, 28, 32, 0, 60),
    ("skin", 0, 88, 11, 20, 70, 98),  # neck
    ("coat", 0, 128, 46, 36, 0, HEIGHT),
)
"""Ellipses, the nearest first: what, middle from the picture's middle and top, half width and
height, first and last row."""


def portrait(block: bytes) -> bytes:
    """Return the BMP of a synthetic block."""
    seed = block[len(PHOTO_TAG) + 8 :]
    colours: dict[str, Colour] = {
        "skin": (222 - seed[0] % 40, 184 - seed[1] % 40, 155 - seed[2] % 40),
        "hair": (40 + seed[3] % 50, 32 + seed[4] % 40, 28 + seed[5] % 40),
        "coat": (50 + seed[6] % 120, 60 + seed[7] % 120, 70 + seed[8] % 120),
        "mouth": (170, 80, 80),
        "wall": (245, 245, 248),
    }
    rows = []
    for y in reversed(range(HEIGHT)):
        dots = (colours[_shape_at(abs(x - WIDTH / 2), y)] for x in range(WIDTH))
        row = b"".join(bytes((blue, green, red)) for red, green, blue in dots)
        rows.append(row.ljust(_ROW, b"\0"))
    body = b"".join(rows)
    head = struct.pack("<2sIHHI", b"BM", 54 + len(body), 0, 0, 54)
    return head + struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 24, 0, 0, 0, 0, 0, 0) + body


def _shape_at(x: float, y: float) -> str:
    """Return what is drawn at `x` dots from the middle and `y` from the top."""
    for name, middle_x, middle_y, half_width, half_height, top, bottom in _SHAPES:
        inside = ((x - middle_x) / half_width) ** 2 + ((y - middle_y) / half_height) ** 2 < 1
        if inside and top <= y < bottom:
            return name
    return "wall"


def main(arguments: list[str]) -> int:
    """Decode one block, or fail as asked."""
    block = sys.stdin.buffer.read()
    match arguments[:1]:
        case ["crash"]:
            os.kill(os.getpid(), signal.SIGSEGV)
        case ["hang"]:
            signal.pause()
        case ["flood"]:
            while True:
                sys.stdout.buffer.write(bytes(65536))
        case ["empty"]:
            return 0
        case ["noise"]:
            sys.stdout.buffer.write(b"BM" + bytes(range(256)) * 150)
            return 0
    if not block.startswith(PHOTO_TAG):
        return 2
    picture = portrait(block)
    sys.stdout.buffer.write(picture[: len(picture) // 2] if "short" in arguments else picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
