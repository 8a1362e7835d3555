"""The picture that is compared with: JPEG, PNG or bare dots, from a card or anywhere; pure.

A decoded card photo is 102 x 126 dots (see ``drivers.id_reader``); YuNet finds faces that small,
but is surer when they are larger, so a small picture is enlarged first.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image

from drivers.broken_picture import BROKEN
from drivers.face.judgement import Picture, smaller

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_SIDE: Final = 4096
FORMATS: Final = ("JPEG", "PNG")
LEAST_SIDE: Final = 32

_ENLARGE_BELOW = 300


class BadReference(Exception):
    """This is no picture that can be compared with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BareSize:
    """Width and height of a picture that comes as bare dots of red, green, blue."""

    width: int
    height: int


def decode(data: bytes, bare: BareSize | None = None) -> Picture:
    """Return the dots of a reference, of a size that is good to search.

    Raises:
        BadReference: too large, too small, of another kind, broken.
    """
    if not 0 < len(data) <= MOST_BYTES:
        raise BadReference("empty or too large")
    picture = _encoded(data) if bare is None else _bare(data, bare)
    high, wide = picture.shape[:2]
    if min(high, wide) < LEAST_SIDE or max(high, wide) > MOST_SIDE:
        raise BadReference("too small or too large")
    if max(high, wide) < _ENLARGE_BELOW:
        scale = -(-_ENLARGE_BELOW // max(high, wide))
        larger = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        return np.asarray(larger, np.uint8)
    return smaller(picture)


def _bare(data: bytes, bare: BareSize) -> Picture:
    if not (0 < bare.width <= MOST_SIDE and 0 < bare.height <= MOST_SIDE):
        raise BadReference("no size of a picture")
    if len(data) != bare.width * bare.height * 3:
        raise BadReference("not as many dots as its size says")
    dots = np.frombuffer(data, np.uint8).reshape(bare.height, bare.width, 3)
    return np.asarray(cv2.cvtColor(dots, cv2.COLOR_RGB2BGR), np.uint8)


def _encoded(data: bytes) -> Picture:
    """Decode JPEG and PNG only: each further kind would be a further decoder to trust.

    By Pillow: OpenCV's PNG reader was seen to set a gigabyte aside because a chunk said it was so
    long (OpenCV 4.14, found by ``tests/fuzz/fuzz_face_reference.py``).
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as file:
            if max(file.size) > MOST_SIDE:
                raise BadReference("too large")
            picture = np.asarray(file.convert("RGB"), np.uint8)
    except BROKEN as error:
        raise BadReference("cannot be decoded") from error
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), np.uint8)
