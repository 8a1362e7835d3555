r"""Pictures beside a service's web socket: the wire, and the session's end of it.

Pixels are too many for JSON.  Beside ``xfs4iot/DocumentCamera.sock`` there is
``xfs4iot/DocumentCamera.pictures.sock``, a Unix socket of packets (``SOCK_SEQPACKET``).  A packet
is one JSON object of at most 4096 bytes; an answer may carry one memory file (``SCM_RIGHTS``).

==========================================  ====================================================
session                                     answer
==========================================  ====================================================
``{"secret"}``, first and once              ``{"ready": true}``
``{"op": "frame", "visit", "after"}``       ``{"number", "width", "height", "size"}`` and a file of
\                                           red, green, blue bytes; ``{"error": "none"}`` if no
\                                           newer frame came within a second
``{"op": "picture", "visit", "picture"}``   ``{"size", "sha256"}`` and a file: a JPEG, or the PDF
\                                           that was bound of several
==========================================  ====================================================

Anything else is answered ``{"error": "refused"}`` or ``{"error": "unknown"}``, or the connection is
closed.  Frames and pictures are only for who names the visit that the camera works for.

A frame cannot be seen half changed: each is a memory file of its own, written before it is sent
and sealed against writing, growing and shrinking, which the reader checks before it reads.

The device host checks the caller's user and secret and then hands the connection itself to the
device's worker process; so it never holds a picture, and all of it ends with the worker, that is
with the visit.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike

from drivers.memory_file import NotSealed, read_sealed

LONGEST_PACKET = 4096
"""Bytes of JSON in one packet."""
ANSWER_S = 3.0
"""Seconds within which an answer comes; the worker itself waits at most one for a frame."""

_RETRY_S = (0.05, 0.2, 0.5, 1.0)

Packet = Mapping[str, object]


class PicturesUnavailable(Exception):
    """No connection, no answer, or an answer that makes no sense; what is shown stays as it was."""


class NoSuchPicture(Exception):
    """The camera has no such picture of this visit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveFrame:
    """One frame of the live view: ``rgb`` holds rows of red, green, blue from the top left.

    ``number`` grows from frame to frame of one camera and starts anew with another worker.
    """

    number: int
    width: int
    height: int
    rgb: bytes


# -- packets --------------------------------------------------------------------------------------


def send_packet(line: socket.socket, packet: Packet, descriptor: int | None = None) -> None:
    """Send one packet.

    Raises:
        OSError: the other end is gone.
    """
    data = json.dumps(packet, separators=(",", ":")).encode()
    if descriptor is None:
        line.send(data)
    else:
        socket.send_fds(line, [data], [descriptor])


def parse_packet(data: bytes) -> Packet | None:
    """Return the object of a packet, ``None`` if it is too long or not one."""
    if len(data) > LONGEST_PACKET:
        return None
    try:
        packet = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return packet if isinstance(packet, dict) else None


def receive_packet(line: socket.socket) -> tuple[Packet | None, int | None]:
    """Return the next packet (``None``: the end, or nothing we take) and its memory file if any.

    Raises:
        OSError: the other end is gone, or silent for too long.
    """
    data, descriptors, _flags, _peer = socket.recv_fds(line, LONGEST_PACKET + 1, 1)
    for extra in descriptors[1:]:
        os.close(extra)
    return parse_packet(data), descriptors[0] if descriptors else None


# -- the session's end ----------------------------------------------------------------------------


class PicturesClient:
    """Frames and pictures of one camera, for one visit at a time; safe from any thread.

    ::

        pictures = PicturesClient(run / "xfs4iot" / "DocumentCamera.pictures.sock", secret)
        pictures.watch(visit)
        frame = pictures.frame()   # the newest, or None; never waits
        jpeg = pictures.picture(visit, picture)
        pictures.stop()
    """

    def __init__(self, socket_path: str | PathLike[str], secret: str) -> None:
        self._path = str(socket_path)
        self._secret = secret
        self._lock = threading.Lock()
        self._watching = 0
        self._frame: LiveFrame | None = None

    def watch(self, visit: str) -> None:
        """Begin to take frames, on a thread of its own."""
        with self._lock:
            self._watching += 1
            self._frame = None
            number = self._watching
        name = "live view"
        threading.Thread(target=self._take, args=(number, visit), name=name, daemon=True).start()

    def stop(self) -> None:
        """Take no more frames, and forget the last."""
        with self._lock:
            self._watching += 1
            self._frame = None

    def frame(self) -> LiveFrame | None:
        """Return the newest frame, ``None`` before the first and after `stop`; never waits."""
        return self._frame

    def picture(self, visit: str, picture: str) -> bytes:
        """Return the JPEG of a picture of this visit, or the PDF that was bound of several.

        Raises:
            NoSuchPicture: there is none of that id.
            PicturesUnavailable: it cannot be had now.
        """
        with self._connect() as line:
            answer, data = _ask(line, {"op": "picture", "visit": visit, "picture": picture})
        if data is None:
            raise NoSuchPicture
        if hashlib.sha256(data).hexdigest() != answer.get("sha256"):
            raise PicturesUnavailable("the picture is not the one that was told")
        return data

    def _connect(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        line.settimeout(ANSWER_S)
        try:
            line.connect(self._path)
            answer, _ = _ask(line, {"secret": self._secret})
        except OSError as error:
            line.close()
            raise PicturesUnavailable(str(error)) from error
        except PicturesUnavailable:
            line.close()
            raise
        if answer.get("ready") is not True:
            line.close()
            raise PicturesUnavailable(str(answer.get("error")))
        return line

    def _take(self, mine: int, visit: str) -> None:
        """Take frames until told to stop; a lost connection is made again."""
        attempt = 0
        while mine == self._watching:
            try:
                with self._connect() as line:
                    attempt = 0
                    self._take_from(line, mine, visit)
            except (OSError, PicturesUnavailable):
                time.sleep(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])
                attempt += 1

    def _take_from(self, line: socket.socket, mine: int, visit: str) -> None:
        after = 0
        while mine == self._watching:
            answer, data = _ask(line, {"op": "frame", "visit": visit, "after": after})
            if data is None:
                if answer.get("error") != "none":
                    time.sleep(_RETRY_S[1])  # the camera does not work for this visit yet
                continue
            frame = _frame(answer, data)
            after = frame.number
            with self._lock:
                if mine == self._watching:
                    self._frame = frame


def _frame(answer: Packet, data: bytes) -> LiveFrame:
    number, width, height = answer.get("number"), answer.get("width"), answer.get("height")
    if not (isinstance(number, int) and isinstance(width, int) and isinstance(height, int)):
        raise PicturesUnavailable("a frame without its size")
    if width * height * 3 != len(data):
        raise PicturesUnavailable("a frame of another size than was told")
    return LiveFrame(number=number, width=width, height=height, rgb=data)


def _ask(line: socket.socket, packet: Packet) -> tuple[Packet, bytes | None]:
    """Send one packet; return the answer and what its memory file holds."""
    try:
        send_packet(line, packet)
        answer, descriptor = receive_packet(line)
    except OSError as error:
        raise PicturesUnavailable(str(error)) from error
    try:
        if answer is None:
            raise PicturesUnavailable("the connection ended")
        size = answer.get("size")
        if descriptor is None:
            return answer, None
        return answer, read_sealed(descriptor, size if isinstance(size, int) else 0)
    except NotSealed as error:
        raise PicturesUnavailable(str(error)) from error
    finally:
        if descriptor is not None:
            os.close(descriptor)
