"""The camera: a thread that takes every frame and keeps the newest, and a judgement of its health.

Theory of operation.  A camera's driver queues frames, so who reads seldom reads old ones; the
thread takes each as it comes and keeps only the last.  Nothing is decoded unless somebody asks,
but for a look at the brightness once a second.

Drivers have been seen to go on "delivering" after the cable was pulled, or to hang in a read, so a
camera's own word is not taken for its health:

=============================================  ===============================================
what is seen                                   then
=============================================  ===============================================
the path is gone                               `TransportLost`
no frame for 3 s                               `DeviceSilent`
the same frame for 3 s and 20 times or more    `DeviceFailed`: frozen (a sensor's noise differs)
black for 2 s                                  `DeviceFailed`: lid, lamp and sensor are dark
frames that cannot be decoded for 3 s          `DeviceGarbled`
=============================================  ===============================================

A thread that hangs in the driver cannot be ended; then `Camera.open` raises `StuckCamera`, which
ends the worker process, and the host starts a fresh one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2

from drivers.camera.source import BrokenFrame, Setup, Shot, Source, open_source
from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent

SILENT_S = 3.0
FROZEN_S, FROZEN_FRAMES = 3.0, 20
BLACK_S = 2.0
BLACK_MEAN = 4.0
"""Mean grey level (0 to 255) that no lit or unlit desk has: a lens under its lid."""

OPEN_S = 3.5
"""Seconds a camera has after opening to show two different frames that are not black."""

_LOOK_S = 1.0  # between two looks at the brightness
_CLOSE_S = 1.0

_NO_FRAMES = "the camera gives no frames"
_NO_PICTURES = "the camera's frames cannot be decoded"
_FROZEN = "the camera gives the same frame again and again"
_BLACK = "the camera's picture is black: lid, lamp or sensor"

Clock = Callable[[], float]
OpenSource = Callable[[str, Setup], Source]


class StuckCamera(Exception):
    """The driver never returned from a read; only the end of the process lets go of the camera."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One frame, counted from 1 since the camera was opened; ``time`` by the monotonic clock."""

    number: int
    time: float
    shot: Shot


@dataclass(slots=True)
class _Health:
    """What the thread noticed; times by the monotonic clock."""

    taken: float = 0.0
    decoded: float = 0.0
    fresh: float = 0.0
    """When a frame last differed from the one before."""
    same: int = 0
    lit: float = 0.0
    black: bool = False
    """Whether the last frame that could be decoded was black."""
    looked: float = 0.0
    lost: DeviceError | None = None


class Camera:
    """One open camera."""

    _stuck = 0

    def __init__(self, source: Source, clock: Clock = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._mark = 0
        self._ending = False
        now = self._opened = clock()
        self._health = _Health(taken=now, decoded=now, fresh=now, lit=now)
        self._thread = threading.Thread(target=self._take_all, name="camera", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, port: str, setup: Setup, source: OpenSource = open_source) -> Camera:
        """Open a camera and see that it lives.

        Raises:
            DeviceError: it is not there, or gives no living picture within `OPEN_S`.
            StuckCamera: an earlier one never let go.
        """
        if cls._stuck:
            raise StuckCamera
        camera = cls(source(port, setup))
        try:
            camera.await_life(OPEN_S)
        except DeviceError:
            camera.close()
            raise
        return camera

    def await_life(self, seconds: float) -> None:
        """Wait for a second frame that differs from the first, and for light.

        Raises:
            DeviceError: as `check`, once the time is over.
        """
        until = self._clock() + seconds
        while self._clock() < until:
            frame = self.wait(1, 0.1)
            self._raise_lost()
            if frame is not None and not self._health.same and self._is_lit(frame):
                return
        raise self._lifeless()

    def wait(self, after: int, seconds: float) -> Frame | None:
        """Return the newest frame with a number above ``after``, ``None`` if none comes in time."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._ending or (self._newest and self._newest.number > after), seconds
            )
            newest = self._newest
        return newest if newest is not None and newest.number > after else None

    def check(self) -> None:
        """Raise what is wrong with the camera.

        Raises:
            DeviceError: see the table of this module.
        """
        self._raise_lost()
        health = self._health
        if self._clock() - health.taken > SILENT_S:
            raise DeviceSilent(_NO_FRAMES)
        if health.taken - health.decoded > SILENT_S:
            raise DeviceGarbled(_NO_PICTURES)
        if health.same >= FROZEN_FRAMES and health.taken - health.fresh > FROZEN_S:
            raise DeviceFailed(_FROZEN)
        if health.black and health.taken - health.lit > BLACK_S:
            raise DeviceFailed(_BLACK)

    def close(self) -> None:
        """End the thread and let go of the camera; never raises."""
        with self._changed:
            self._ending = True
            self._newest = None
            self._changed.notify_all()
        self._thread.join(_CLOSE_S)
        if self._thread.is_alive():
            Camera._stuck += 1

    def _lifeless(self) -> DeviceError:
        """Return why a camera that was just opened is of no use."""
        health, newest = self._health, self._newest
        if newest is None or newest.number < 2:
            return DeviceSilent(_NO_FRAMES)
        if health.decoded <= self._opened:
            return DeviceGarbled(_NO_PICTURES)
        return DeviceFailed(_BLACK if health.lit <= self._opened else _FROZEN)

    # -- the thread -------------------------------------------------------------------------

    def _take_all(self) -> None:
        try:
            while not self._ending:
                shot = self._source.read()
                if shot is not None:
                    self._take(shot)
        except DeviceError as error:
            with self._changed:
                self._health.lost = error
                self._changed.notify_all()
        finally:
            self._source.close()

    def _take(self, shot: Shot) -> None:
        mark, now = shot.mark(), self._clock()
        health = self._health
        health.taken = now
        if mark == self._mark:
            health.same += 1
        else:
            self._mark, health.same, health.fresh = mark, 0, now
        with self._changed:
            if self._ending:
                return
            number = 1 if self._newest is None else self._newest.number + 1
            frame = self._newest = Frame(number=number, time=now, shot=shot)
            self._changed.notify_all()
        if now - health.looked >= _LOOK_S:
            health.looked = now
            self._is_lit(frame)

    def _is_lit(self, frame: Frame) -> bool:
        """Look at the brightness; note when there last was light, and a picture at all."""
        try:
            small = frame.shot.reduced(4)[::4, ::4]
        except BrokenFrame:
            return False
        self._health.decoded = self._clock()
        mean = float(cv2.mean(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY))[0])
        self._health.black = mean < BLACK_MEAN
        if not self._health.black:
            self._health.lit = self._clock()
        return not self._health.black

    def _raise_lost(self) -> None:
        if self._health.lost is not None:
            raise self._health.lost
