"""A camera that reads codes: looked at only while somebody asks.

Theory of operation.  `drivers.camera.device.Camera` takes every frame and keeps the newest; nothing
is decoded until `arm`.  A code that was held up before is not taken: frames up to the moment of
arming are dropped, and the next one as well, which may have been exposed before it.  One frame is
decoded at a time, always the newest; those that come meanwhile are passed over, so that a slow
machine looks less often, never later.

The decoding process is started when the camera is opened, and replaced when it dies or does not
answer; a frame it was lost with is dropped.  A process that does not stay alive is a broken device.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np

from drivers.camera.device import Camera
from drivers.camera.source import Setup, Shot
from drivers.child_process import Ending
from drivers.decoder.codes import EVERY, Code, Grey, Symbology
from drivers.decoder.reader import CodeReader, CodesNotRead
from drivers.errors import DeviceFailed

SETUP: Final = Setup(width=1280, height=720)
"""Dots a scan camera is asked for: what a code needs, and what decodes in time."""

MOST_LOSSES: Final = 5
"""Decoding processes lost one after another, after which the device is broken."""

_FRAME_WAIT_S = 0.2
_FAILED = "the decoding process does not stay alive"


class ReadProblem(StrEnum):
    """Why a read ended without a code."""

    NO_CODE = "noCode"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFailure:
    """A read that ended without a code."""

    problem: ReadProblem


class CodeCamera:
    """One open camera and its decoding process.

    Calls block and come from one thread; a deadline is an instant of `time.monotonic()`.
    """

    def __init__(self, camera: Camera, reader: CodeReader) -> None:
        self._camera = camera
        self._reader = reader
        self._armed = False
        self._after = 0
        self._losses = 0

    @classmethod
    def open(cls, port: str, setup: Setup = SETUP) -> CodeCamera:
        """Open a camera and see that it lives.

        Args:
            port: Its link (``/dev/v4l/by-id/…-video-index0``), or a folder of frames.
            setup: How large its frames are.

        Raises:
            DeviceError: It is not there, or gives no living picture.
        """
        reader = CodeReader()
        reader.warm()  # it loads while the camera wakes up
        try:
            return cls(Camera.open(port, setup), reader)
        except BaseException:
            reader.close()
            raise

    @property
    def armed(self) -> bool:
        """Whether codes are looked for."""
        return self._armed

    @property
    def decoding(self) -> int | None:
        """Return the id of the decoding process, ``None`` while there is none."""
        return self._reader.pid

    def check(self) -> None:
        """See that the camera's picture still lives.

        Raises:
            DeviceError: See the table of `drivers.camera.device`.
        """
        self._camera.check()

    def arm(self, kinds: Collection[Symbology] = EVERY) -> None:
        """Drop what was seen before, then look for codes of these kinds.

        Raises:
            DeviceError: The camera gives no living picture.
        """
        self._camera.check()
        newest = self._camera.wait(0, 0)
        self._after = 1 + (newest.number if newest is not None else 0)
        self._losses = 0
        try:
            self._reader.begin(kinds)
        except CodesNotRead:
            self._lose()
        self._armed = True

    def read(
        self, deadline: float, *, cancelled: threading.Event | None = None
    ) -> tuple[Code, ...] | ReadFailure:
        """Wait for a frame with codes until `deadline`. The camera must be armed and stays so.

        Raises:
            RuntimeError: The camera is not armed.
            DeviceError: The camera is gone or gives no living picture; or nothing decodes.
        """
        if not self._armed:
            raise RuntimeError("read before arm")
        stop = cancelled or threading.Event()
        while not stop.is_set():
            self._camera.check()
            left = deadline - time.monotonic()
            if left <= 0:
                return ReadFailure(problem=ReadProblem.NO_CODE)
            codes = self._look(min(left, _FRAME_WAIT_S), stop)
            if codes and not stop.is_set():
                return codes
        return ReadFailure(problem=ReadProblem.CANCELLED)

    def disarm(self) -> None:
        """Stop looking; what is seen from now on is dropped."""
        self._armed = False

    def close(self) -> None:
        """Let go of the camera and end the decoding process; never raises."""
        self._armed = False
        self._camera.close()
        self._reader.close()

    def _look(self, wait_s: float, stop: threading.Event) -> tuple[Code, ...]:
        """Return what is on the next frame."""
        frame = self._camera.wait(self._after, wait_s)
        if frame is None:
            return ()
        self._after = frame.number
        try:
            codes = self._reader.frame(_content(frame.shot), stop).codes
        except CodesNotRead as error:
            if error.cause in (Ending.ENDED, Ending.TOO_SLOW, Ending.NONSENSE):
                self._lose()
            return ()  # a frame that a cable spoiled: the camera's own check counts those
        self._losses = 0
        return codes

    def _lose(self) -> None:
        self._losses += 1
        if self._losses >= MOST_LOSSES:
            raise DeviceFailed(_FAILED)


def _content(shot: Shot) -> bytes | Grey:
    """Return a frame as it came, or its grey dots if the camera sends dots."""
    if shot.decoded is None:
        return shot.encoded
    return np.asarray(cv2.cvtColor(shot.decoded, cv2.COLOR_BGR2GRAY), np.uint8)
