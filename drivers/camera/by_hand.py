"""One sheet from one camera, here and now, for ``kiosk-devices capture``."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.camera import burst
from drivers.camera.burst import OVERVIEW
from drivers.camera.device import Camera
from drivers.camera.page import Kind, Sight
from drivers.camera.reader import TextReader
from drivers.camera.source import Setup
from drivers.child_process import NoAnswer

JPEG_QUALITY = 88


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """What was taken: a straightened JPEG, and what is to be told of it."""

    jpeg: bytes
    found: bool
    described: dict[str, object]


def capture(source: str, setup: Setup) -> Capture:
    """Take the best frame of a camera, find and judge the sheet on it, and stand it upright.

    Returns:
        ``corners`` in dots of the whole frame, from the top left of the sheet as it will be read,
        clockwise (``null``: nothing was found); ``width`` and ``height`` of the picture; ``checks``
        and ``faults`` as `XCamera.Take` names them; ``turned``, ``null`` when nobody knows.

    Raises:
        DeviceError: there is no camera, or no living picture.
    """
    never = threading.Event()
    camera = Camera.open(source, setup)
    reader = TextReader()
    try:
        best = burst.sharpest(camera, Kind.PAGE, never)
        picture = best.straightened(Kind.PAGE)
        turn = _turn(reader, picture, never) if best.sight.corners is not None else None
    finally:
        reader.close()
        camera.close()
    if turn == 180:
        picture = np.asarray(cv2.rotate(picture, cv2.ROTATE_180), np.uint8)
    jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
    high, wide = picture.shape[:2]
    described: dict[str, object] = {
        **_judged(best.sight),
        "corners": _corners(best, turn),
        "width": wide,
        "height": high,
        "turned": turn,
        "size": len(jpeg),
        "sha256": hashlib.sha256(jpeg).hexdigest(),
    }
    return Capture(jpeg=jpeg, found=best.sight.corners is not None, described=described)


def _judged(sight: Sight) -> dict[str, object]:
    checks = sight.checks
    return {
        "kind": Kind.PAGE.value,
        "checks": {
            "complete": checks.complete,
            "sharp": checks.sharp,
            "noGlare": checks.no_glare,
            "light": checks.light,
        },
        "faults": [fault.value for fault in sight.faults],
    }


def _turn(reader: TextReader, picture: np.ndarray, never: threading.Event) -> int | None:
    try:
        return reader.turn(picture, never)
    except NoAnswer:
        return None


def _corners(best: burst.Best, turn: int | None) -> list[list[float]] | None:
    """Return the corners in dots of the whole frame, the first one that of the upright sheet."""
    if best.sight.corners is None:
        return None
    whole = np.roll(best.sight.corners, 2 if turn == 180 else 0, axis=0) * OVERVIEW
    return [[round(float(value), 1) for value in place] for place in whole]
