"""The best of the next few frames: with the thing on it, without faults, and the sharpest."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import cv2
import numpy as np

from drivers.camera import page
from drivers.camera.device import Camera, Frame
from drivers.camera.page import Found, Kind, Picture, Sight
from drivers.camera.source import BrokenFrame
from drivers.errors import TransportLost

BURST = 4
"""Frames of which the sharpest is taken: a hand that just let go moves the sheet for 0.3 s."""

OVERVIEW = 2
"""Things are found in frames of half the size."""

_FRAME_WAIT_S = 0.2


class GivenUp(Exception):
    """The command was cancelled between two steps."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Best:
    """The frame of a burst that is kept, and what was found in it at half its size."""

    frame: Frame
    sight: Sight

    def straightened(self, kind: Kind) -> Picture:
        """Return the thing straightened; without one, all that is seen, no larger than a page.

        Raises:
            TransportLost: the frame cannot be decoded.
        """
        try:
            whole = self.frame.shot.whole()
        except BrokenFrame as error:
            raise TransportLost("the camera's frames cannot be decoded") from error
        if self.sight.corners is None:
            wide, high = page.FORMS[Kind.PAGE].size
            scale = min(1.0, max(wide, high) / max(whole.shape[:2]))
            smaller = cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            return np.asarray(smaller, np.uint8)
        corners = (self.sight.corners * OVERVIEW).astype(np.float32)
        found = Found(corners=corners, complete=self.sight.checks.complete)
        return page.straighten(whole, found, kind)


def sharpest(camera: Camera, kind: Kind, cancelled: threading.Event) -> Best:
    """Return the best of the next frames.

    Raises:
        DeviceError: the camera gives none, see `Camera.check`.
        GivenUp: it was cancelled.
    """
    newest = camera.wait(0, _FRAME_WAIT_S)
    after = newest.number if newest else 0
    best: tuple[float, Best] | None = None
    seen = 0
    while best is None or seen < BURST:
        if cancelled.is_set():
            raise GivenUp
        camera.check()
        frame = camera.wait(after, _FRAME_WAIT_S)
        if frame is None:
            continue
        after, seen = frame.number, seen + 1
        grade, one = _graded(frame, kind)
        if best is None or grade > best[0]:
            best = (grade, one)
    return best[1]


def _graded(frame: Frame, kind: Kind) -> tuple[float, Best]:
    """Return how good a frame is: found, then without faults, then steep edges."""
    try:
        half = frame.shot.reduced(OVERVIEW)
    except BrokenFrame:
        nothing = page.Checks(complete=False, sharp=False, no_glare=True, light=True)
        return -1.0, Best(frame=frame, sight=Sight(corners=None, checks=nothing))
    sight = page.look(half, kind)
    grade = 0.0
    if sight.corners is not None:
        found = Found(corners=sight.corners, complete=sight.checks.complete)
        grade = 10.0 - len(sight.faults) + (page.steepness(half, found, kind) or 0.0)
    return grade, Best(frame=frame, sight=sight)
