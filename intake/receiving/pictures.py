"""How many points a picture claims to have, read from its header alone: nothing is unpacked.

A file of a few kilobytes can unpack to gigabytes in whoever looks at it later. Nothing is unpacked
here; what claims more points than any camera or scanner of a terminal makes is not kept.
"""

from __future__ import annotations

import struct
from typing import Final

MOST_POINTS: Final = 80_000_000
"""An A4 page at 600 points an inch has 35 million."""
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that begin a frame, and so tell the size (ITU-T T.81, table B.1)."""


def points(media_type: str, body: bytes) -> int:
    """Return width times height as the header tells; 0 where it tells none."""
    if media_type == "image/png" and body[12:16] == b"IHDR" and len(body) >= 24:
        width, height = struct.unpack_from(">II", body, 16)
        return int(width * height)
    return _jpeg_points(body) if media_type == "image/jpeg" else 0


def _jpeg_points(body: bytes) -> int:
    """Walk from segment to segment up to the frame; what is no segment ends the walk."""
    place = 2
    while place + 4 <= len(body) and body[place] == 0xFF:
        marker, length = body[place + 1], int.from_bytes(body[place + 2 : place + 4], "big")
        if marker in _FRAMES:
            return _frame_points(body, place + 4, length)
        place += 2 + max(length, 2)
    return 0


def _frame_points(body: bytes, place: int, length: int) -> int:
    """Return the points of a frame header; 0 when its length does not fit its components."""
    if place + 6 > len(body) or length != 8 + 3 * body[place + 5]:
        return 0
    height, width = struct.unpack_from(">HH", body, place + 1)
    return int(width * height)
