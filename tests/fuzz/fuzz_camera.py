"""Any bytes as a frame, and any dots as a picture: decoded and judged, or the one refusal."""

from __future__ import annotations

import cv2
import numpy as np

from drivers.camera import page
from drivers.camera.page import Kind, Picture
from drivers.camera.source import BrokenFrame, Shot

_SIDE = 96


def _sheet() -> Picture:
    picture = np.full((_SIDE, _SIDE, 3), 50, np.uint8)
    cv2.fillConvexPoly(picture, np.array([[20, 12], [72, 14], [70, 84], [18, 82]]), (240, 240, 240))
    return picture


SEEDS = [
    cv2.imencode(".jpg", _sheet())[1].tobytes(),
    _sheet()[::4, ::4].tobytes(),
    bytes(range(256)) * 9,
]


def one_input(data: bytes) -> None:
    """Decode the bytes, and look at them as dots."""
    for step in (1, 2, 4):
        try:
            _judged(_small(Shot(encoded=data, turn=90 * (step - 1)).reduced(step)))
        except BrokenFrame:
            continue
    side = int(np.sqrt(len(data) // 3))
    if side >= 8:
        dots = np.frombuffer(data, np.uint8, side * side * 3).reshape(side, side, 3)
        _judged(cv2.resize(dots, (_SIDE, _SIDE), interpolation=cv2.INTER_NEAREST))


def _small(picture: Picture) -> Picture:
    """Return a picture that is looked at quickly."""
    return np.asarray(cv2.resize(picture, (_SIDE, _SIDE)), np.uint8)


def _judged(picture: object) -> None:
    dots = np.asarray(picture, np.uint8)
    for kind in Kind:
        sight = page.look(dots, kind)
        if sight.corners is None:
            continue
        if sight.corners.shape != (4, 2) or not np.isfinite(sight.corners).all():
            raise AssertionError("corners that are no places")
        found = page.Found(corners=sight.corners, complete=sight.checks.complete)
        if page.straighten(dots, found, kind).ndim != 3:
            raise AssertionError("a straightened picture that is none")
