"""Where frames come from: a camera of the kernel (V4L2), or a folder whose picture is replaced.

A frame is kept as the camera sent it, nearly always JPEG, and decoded by who needs it and only as
large as needed: at a quarter of the size that costs 9 ms instead of 45.  Encoded frames are JPEG or
broken: OpenCV takes the form from the bytes, and some of its other decoders can be made to take
gigabytes of the worker's memory by a few of them (45 bytes of a PNG: 3 GB, found by fuzzing).

A camera is named by a link that stays (``/dev/v4l/by-id/…-video-index0``); the kernel's own names
move when it is plugged in again.  MJPG is asked for before the size: uncompressed, five million
dots over USB 2 make one or two frames a second.

A folder (``frames:PATH``, or a path that is a folder) holds ``frame.jpg``, a JPEG or a link to
one, replaced as a whole (renamed over) for each new frame; a folder that is gone is a camera that
was pulled out.
"""

from __future__ import annotations

import os
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from drivers.camera.page import Picture
from drivers.errors import TransportLost

FOLDER_PREFIX = "frames:"
FRAME_FILE = "frame.jpg"

LONGEST_FRAME = 32 * 1024 * 1024
"""Bytes of the longest encoded frame; the largest cameras send 5 million."""

_JPEG = b"\xff\xd8"
_LOOK_S = 0.02  # between two looks at a folder
_PATIENCE_S = 0.5  # then the caller hears that nothing came
_REDUCED = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4}
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_FRAMES_A_SECOND = 25  # asked for; the live view uses 18, and a slow shutter is kept off


class BrokenFrame(Exception):
    """A frame that cannot be decoded; the next one may be whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shot:
    """One frame as it came; ``turn`` is by how many degrees the camera hangs turned."""

    encoded: bytes = b""
    decoded: Picture | None = None
    turn: int = 0

    def mark(self) -> int:
        """Return a figure that two frames of a living camera never share: its noise differs."""
        return zlib.crc32(self.encoded if self.decoded is None else self.decoded.tobytes())

    def whole(self) -> Picture:
        """Return every dot.

        Raises:
            BrokenFrame: it cannot be decoded.
        """
        return self._turned(self._decode(1))

    def reduced(self, step: int) -> Picture:
        """Return a picture of half (2) or a quarter (4) of the width and height.

        Raises:
            BrokenFrame: it cannot be decoded.
        """
        return self._turned(self._decode(step))

    def _decode(self, step: int) -> Picture:
        if self.decoded is not None:
            size = (self.decoded.shape[1] // step, self.decoded.shape[0] // step)
            smaller = cv2.resize(self.decoded, size, interpolation=cv2.INTER_AREA)
            return np.asarray(smaller, np.uint8)
        if not self.encoded.startswith(_JPEG) or len(self.encoded) > LONGEST_FRAME:
            raise BrokenFrame("not a JPEG")
        flags = _REDUCED.get(step, cv2.IMREAD_COLOR)
        try:
            picture = cv2.imdecode(np.frombuffer(self.encoded, np.uint8), flags)
        except cv2.error as error:
            raise BrokenFrame("not a picture") from error
        if picture is None:
            raise BrokenFrame("not a picture")
        return np.asarray(picture, np.uint8)

    def _turned(self, picture: Picture) -> Picture:
        if self.turn not in _TURNS:
            return picture
        return np.asarray(cv2.rotate(picture, _TURNS[self.turn]), np.uint8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setup:
    """How a camera is opened: dots across and down as it delivers them, and how it hangs."""

    width: int = 2592
    height: int = 1944
    turn: int = 0


class Source(Protocol):
    """Gives frames, one after another."""

    def read(self) -> Shot | None:
        """Wait for the next frame; ``None`` when none came for a while.

        Raises:
            TransportLost: the camera is gone.
        """

    def close(self) -> None:
        """Let go of it."""


def open_source(port: str, setup: Setup) -> Source:
    """Open the camera behind a port.

    Raises:
        TransportLost: there is none, or it is in use.
    """
    if port.startswith(FOLDER_PREFIX):
        return FolderSource(Path(port.removeprefix(FOLDER_PREFIX)), setup)
    if Path(port).is_dir():
        return FolderSource(Path(port), setup)
    return KernelSource(port, setup)


class FolderSource:
    """A folder whose picture is replaced again and again."""

    def __init__(self, folder: Path, setup: Setup) -> None:
        self._file = folder / FRAME_FILE
        self._turn = setup.turn
        self._seen: tuple[int, int] | None = None
        self._state()

    def read(self) -> Shot | None:
        """Return the picture once it was replaced."""
        patience = time.monotonic() + _PATIENCE_S
        while time.monotonic() < patience:
            state = self._state()
            if state != self._seen:
                self._seen = state
                return Shot(encoded=self._bytes(), turn=self._turn)
            time.sleep(_LOOK_S)
        return None

    def close(self) -> None:
        """Keep nothing."""
        self._seen = None

    def _state(self) -> tuple[int, int]:
        try:
            status = self._file.lstat()
        except OSError as error:
            raise TransportLost(f"{self._file.parent}: no camera there") from error
        return status.st_ino, status.st_mtime_ns

    def _bytes(self) -> bytes:
        try:
            with self._file.open("rb", buffering=0) as file:
                return file.read(min(os.fstat(file.fileno()).st_size, LONGEST_FRAME + 1))
        except OSError as error:
            raise TransportLost(f"{self._file.parent}: the camera went away") from error


class KernelSource:
    """A camera of the kernel's video interface, through OpenCV."""

    def __init__(self, port: str, setup: Setup) -> None:
        self._port = port
        self._turn = setup.turn
        device = os.path.realpath(port)
        if not Path(device).exists():
            raise TransportLost(f"{port}: no camera there")
        self._capture = cv2.VideoCapture(device, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            self._capture.release()
            raise TransportLost(f"{port}: cannot be opened")
        self._encoded = self._configure(setup)

    def _configure(self, setup: Setup) -> bool:
        """Ask for MJPG, then the size; say whether frames come encoded."""
        wanted = cv2.VideoWriter.fourcc(*"MJPG")
        self._capture.set(cv2.CAP_PROP_FOURCC, wanted)
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, setup.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, setup.height)
        self._capture.set(cv2.CAP_PROP_FPS, _FRAMES_A_SECOND)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._capture.set(cv2.CAP_PROP_AUTOFOCUS, 1)
        if int(self._capture.get(cv2.CAP_PROP_FOURCC)) != wanted:
            return False
        return bool(self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0))

    def read(self) -> Shot | None:
        """Return the next frame; the kernel is waited for at most 2 s, see the package."""
        taken, data = self._capture.read()
        if not taken or data is None or data.size == 0:
            if not Path(self._port).exists():
                raise TransportLost(f"{self._port}: the camera went away")
            return None
        if self._encoded and min(data.shape[:2]) == 1:
            return Shot(encoded=data.tobytes(), turn=self._turn)
        return Shot(decoded=np.asarray(data, np.uint8), turn=self._turn)

    def close(self) -> None:
        """Stop the stream."""
        self._capture.release()
