"""The worker's end of a pictures socket: what it keeps of a visit, and who gives it out.

See `drivers.service.pictures` for the wire.  Pictures are sealed memory files; nothing of them is
on a disk, and all of it ends with the worker process.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from drivers.memory_file import sealed_file
from drivers.service.pictures import LiveFrame, Packet, receive_packet, send_packet

MOST_CONNECTIONS = 8
FRAME_S = 0.055
"""Least seconds between two frames of one connection: 18 a second are a smooth picture."""

_WAIT_S = 1.0

NewestFrame = Callable[[int, float], LiveFrame | None]
"""Returns a frame with a number above the given one, waiting at most so many seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """One picture: a JPEG in a sealed memory file, what it is of, and what was judged of it.

    A document is kept alike: a PDF, of no kind and without faults.
    """

    descriptor: int
    size: int
    sha256: str
    faults: tuple[str, ...] = ()
    kind: str = ""


@dataclass(slots=True)
class Shelf:
    """What a worker keeps of the visit it works for: the newest ``most`` pictures, one document.

    Who takes a picture fetches it at once, so of more than that the oldest was fetched long ago;
    so is a document before the next is made.
    """

    most: int
    visit: str = ""
    _kept: dict[str, Kept] = field(default_factory=dict)
    _documents: dict[str, Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, visit: str) -> None:
        """Work for this visit; what is kept of another one goes."""
        with self._lock:
            if visit != self.visit:
                self._clear()
                self.visit = visit

    def keep(self, jpeg: bytes, faults: tuple[str, ...], kind: str = "") -> tuple[str, Kept]:
        """Keep a picture under a new id (128 random bits, hexadecimal); the oldest may go."""
        kept = _kept("picture", jpeg, faults, kind)
        return self._put(self._kept, self.most, kept), kept

    def keep_document(self, pdf: bytes) -> tuple[str, Kept]:
        """Keep a document under a new id; the one before it goes."""
        kept = _kept("document", pdf)
        return self._put(self._documents, 1, kept), kept

    def _put(self, place: dict[str, Kept], most: int, kept: Kept) -> str:
        name = secrets.token_hex(16)
        with self._lock:
            while len(place) >= most:
                os.close(place.pop(next(iter(place))).descriptor)
            place[name] = kept
        return name

    def find(self, name: str) -> Kept | None:
        """Return a picture of the present visit, for the thread that keeps."""
        with self._lock:
            return self._kept.get(name)

    def lend(self, name: str) -> Kept | None:
        """Return a picture or document with a descriptor of its own, which the caller closes.

        For threads beside the one that keeps: the shelf's descriptor may be closed, and its number
        be another file's, before a packet is sent.
        """
        with self._lock:
            kept = self._kept.get(name) or self._documents.get(name)
            return kept and replace(kept, descriptor=os.dup(kept.descriptor))

    def bytes_of(self, kept: Kept) -> bytes:
        """Return a picture's JPEG."""
        return os.pread(kept.descriptor, kept.size, 0)

    @property
    def count(self) -> int:
        """Return how many pictures there are."""
        return len(self._kept)

    def is_for(self, visit: object) -> bool:
        """Say whether this is the visit that is worked for."""
        if not self.visit or not isinstance(visit, str):
            return False
        return hmac.compare_digest(visit.encode(), self.visit.encode())

    def _clear(self) -> None:
        for place in (self._kept, self._documents):
            for kept in place.values():
                os.close(kept.descriptor)
            place.clear()


def _kept(name: str, data: bytes, faults: tuple[str, ...] = (), kind: str = "") -> Kept:
    descriptor = sealed_file(name, data)
    digest = hashlib.sha256(data).hexdigest()
    return Kept(descriptor=descriptor, size=len(data), sha256=digest, faults=faults, kind=kind)


class PictureServer:
    """Takes the connections that the host admitted, and answers each on a thread."""

    def __init__(self, arriving: socket.socket, shelf: Shelf, newest: NewestFrame) -> None:
        self._arriving = arriving
        self._shelf = shelf
        self._newest = newest
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def start(self) -> None:
        """Take connections from now on."""
        threading.Thread(target=self._take, name="pictures", daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                data, descriptors, _flags, _peer = socket.recv_fds(self._arriving, 16, 1)
            except OSError:
                return
            for descriptor in descriptors:
                self._begin(socket.socket(fileno=descriptor))
            if not data:
                return  # the host is gone, and this process ends

    def _begin(self, line: socket.socket) -> None:
        if not self._places.acquire(blocking=False):
            line.close()
            return
        threading.Thread(target=self._serve, args=(line,), name="pictures", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        """Answer until the other end is gone or talks nonsense."""
        try:
            with line:
                line.setblocking(True)
                send_packet(line, {"ready": True})
                last = 0.0
                while True:
                    request, descriptor = receive_packet(line)
                    if descriptor is not None:
                        os.close(descriptor)  # nobody hands files to a camera
                    if request is None:
                        return
                    last = self._answer(line, request, last)
        except OSError:
            return
        finally:
            self._places.release()

    def _answer(self, line: socket.socket, request: Packet, last: float) -> float:
        """Answer one request; return when this connection last got a frame."""
        if not self._shelf.is_for(request.get("visit")):
            send_packet(line, {"error": "refused"})
        elif request.get("op") == "picture":
            self._send_picture(line, request.get("picture"))
        elif request.get("op") == "frame":
            time.sleep(max(0.0, last + FRAME_S - time.monotonic()))
            last = time.monotonic()
            self._send_frame(line, request.get("after"))
        else:
            send_packet(line, {"error": "unknown"})
        return last

    def _send_picture(self, line: socket.socket, name: object) -> None:
        kept = self._shelf.lend(name) if isinstance(name, str) else None
        if kept is None:
            send_packet(line, {"error": "unknown"})
            return
        try:
            send_packet(line, {"size": kept.size, "sha256": kept.sha256}, kept.descriptor)
        finally:
            os.close(kept.descriptor)

    def _send_frame(self, line: socket.socket, after: object) -> None:
        frame = self._newest(after if isinstance(after, int) else 0, _WAIT_S)
        if frame is None:
            send_packet(line, {"error": "none"})
            return
        descriptor = sealed_file("frame", frame.rgb)
        try:
            answer = {"number": frame.number, "width": frame.width, "height": frame.height}
            send_packet(line, {**answer, "size": len(frame.rgb)}, descriptor)
        finally:
            os.close(descriptor)
