"""The bytes of a file or of a camera's frame become a grey picture, or a named refusal.

Sizes are read from the head of a picture before a dot of it is unpacked, so that a small file that
unpacks to gigabytes is refused for what it says of itself; what lies about its size meets the limit
of memory of the process.
"""

from __future__ import annotations

import io
import warnings
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from drivers.broken_picture import BROKEN
from drivers.decoder.codes import Grey

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_DOTS: Final = 40_000_000
"""Twice what a large camera has."""

FORMATS: Final = ("JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP")

_JPEG: Final = b"\xff\xd8"


class Refusal(StrEnum):
    """Why there is no picture."""

    NOT_A_PICTURE = "notAPicture"
    TOO_LARGE = "tooLarge"
    """More bytes or dots than any picture of a code needs."""
    TRUNCATED = "truncated"
    """Its beginning is a picture; the rest is missing or damaged."""


class Refused(Exception):
    """There is no picture in these bytes; says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def open_file(data: bytes) -> Grey:
    """Return the picture of a file, upright as its EXIF data says; what is clear becomes white.

    Raises:
        Refused: There is none.
    """
    picture = _head(data)
    try:
        picture.load()
        return _grey(ImageOps.exif_transpose(picture))
    except BROKEN as error:
        raise Refused(Refusal.TRUNCATED) from error


def open_frame(data: bytes) -> Grey:
    """Return the picture of a camera's frame, as it came; what a cable spoiled may stay in it.

    OpenCV is fast and forgives a damaged JPEG; its other readers are not asked: a PNG of 45 bytes
    that breaks off in a chunk makes it take 3 GB.

    Raises:
        Refused: There is none.
    """
    if not data.startswith(_JPEG):
        return open_file(data)
    _head(data)
    try:
        picture = cv2.imdecode(
            np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
        )
    except cv2.error as error:
        raise Refused(Refusal.NOT_A_PICTURE) from error
    if picture is None:
        raise Refused(Refusal.NOT_A_PICTURE)
    return np.asarray(picture, np.uint8)


def _head(data: bytes) -> Image.Image:
    """Read what a picture says of itself."""
    if len(data) > MOST_BYTES:
        raise Refused(Refusal.TOO_LARGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is stricter
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise Refused(Refusal.TOO_LARGE) from error
    except (UnidentifiedImageError, *BROKEN) as error:
        raise Refused(Refusal.NOT_A_PICTURE) from error
    wide, high = picture.size
    if wide * high > MOST_DOTS:
        raise Refused(Refusal.TOO_LARGE)
    return picture


def _grey(picture: Image.Image) -> Grey:
    if picture.mode in ("I;16", "I;16B", "I"):  # 16 bits a dot
        return np.asarray(np.asarray(picture, np.uint32).clip(0, 65535) // 257, np.uint8)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return np.asarray(picture.convert("L"), np.uint8)
