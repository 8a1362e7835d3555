"""What is done to a picture before it is read again; pure.

Each undoes one thing that keeps a code from being read, and none invents: what comes out is still
checked by the code's own error correction.  Chosen by what they add on a development seed of
`tests/bench/degraded_codes.py`; costs there are of 1280 x 720 dots on one core, decoding included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from drivers.decoder.codes import Grey


@dataclass(frozen=True, kw_only=True, slots=True)
class Treated:
    """A picture to read; a place in it over `scale`, less `edge`, is one in the picture before."""

    picture: Grey
    scale: float = 1.0
    edge: int = 0


Treatment = Callable[[Grey], Treated]

_LARGER = 1.6
_SMALL_SIDE = 700


def smoothed_and_sharpened(picture: Grey) -> Treated:
    """For screens (moire), weak print and mixtures: without what is finer than a module. 7 ms."""
    return _enlarged(_sharpened(_smoothed(picture, 1.2), 2.5, 3.0))


def sharpened(picture: Grey) -> Treated:
    """For what is out of focus. 5 ms."""
    return Treated(picture=_sharpened(picture, 2.5, 5.0))


def smoothed_black_and_white(picture: Grey) -> Treated:
    """For deep moire, and glare: each dot against its own surroundings. 10 ms."""
    larger = _enlarged(_smoothed(picture, 1.2))
    return Treated(picture=_black_and_white(larger.picture, 35), scale=larger.scale)


def sharp_black_and_white(picture: Grey) -> Treated:
    """For glare on what is out of focus. 6 ms."""
    return Treated(picture=_black_and_white(_sharpened(picture, 2.5, 5.0), 21))


def smoothed(picture: Grey) -> Treated:
    """For moire coarser than the others can take. 6 ms."""
    return _enlarged(_smoothed(picture, 1.6))


def enlarged(picture: Grey) -> Treated:
    """For modules of less than two dots. 9 ms."""
    return _enlarged(picture)


def evened(picture: Grey) -> Treated:
    """For a code half in the shade or behind fog. 6 ms."""
    return Treated(picture=_grey(cv2.createCLAHE(2.0, (8, 8)).apply(picture)))


def without_specks(picture: Grey) -> Treated:
    """For dirt and dead dots. 5 ms."""
    return Treated(picture=_grey(cv2.medianBlur(picture, 5)))


def framed(picture: Grey) -> Treated:
    """For a small picture of nothing but a code: a light edge, and modules of more than a dot."""
    if max(picture.shape) > _SMALL_SIDE:
        return Treated(picture=picture)
    edge = 4 + max(picture.shape) // 6
    wide = np.pad(picture, edge, constant_values=255)
    scale = 4
    large = cv2.resize(wide, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
    return Treated(picture=_grey(large), scale=scale, edge=edge)


IN_TURN: Final[tuple[Treatment, ...]] = (
    smoothed_and_sharpened,
    sharpened,
    smoothed_black_and_white,
    sharp_black_and_white,
    smoothed,
)
"""Those that pay in a stream of frames."""

EVERY: Final[tuple[Treatment, ...]] = (*IN_TURN, evened, without_specks, enlarged, framed)
"""All, for a picture that comes only once."""


def reduced(picture: Grey, most_dots: int) -> Treated:
    """Make a picture of more dots than that smaller."""
    high, wide = picture.shape
    if high * wide <= most_dots:
        return Treated(picture=picture)
    scale = (most_dots / (high * wide)) ** 0.5
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    smaller = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return Treated(picture=_grey(smaller), scale=scale)


def _smoothed(picture: Grey, sigma: float) -> Grey:
    return _grey(cv2.GaussianBlur(picture, (0, 0), sigma))


def _sharpened(picture: Grey, sigma: float, amount: float) -> Grey:
    """Add so much of what differs from the surroundings."""
    return _grey(cv2.addWeighted(picture, 1 + amount, _smoothed(picture, sigma), -amount, 0))


def _enlarged(picture: Grey) -> Treated:
    larger = cv2.resize(picture, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC)
    return Treated(picture=_grey(larger), scale=_LARGER)


def _black_and_white(picture: Grey, side: int) -> Grey:
    return _grey(
        cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, side, 0)
    )


def _grey(picture: object) -> Grey:
    return np.asarray(picture, np.uint8)
