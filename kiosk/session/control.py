"""The session's end of the control socket: JSON lines to and from the shell.

shell → session: ``show`` (with ``after``), ``picture``, ``again``, ``end``.  session → shell:
``ready``, ``seen``, ``frame``, ``visit``, ``staff``, ``handing_over``, ``submitted``, ``picture``
(with a memory file, or ``why`` there is none), ``ended``.  To ``again`` the session says once more
how far it is: another shell took it over.  When the socket ends, nobody holds this session any
more: it ends.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.journey.facts import Shown

FRAME_EVERY = 1.0
"""Seconds between two heartbeats: drawn frames in between are not told."""
_LONGEST = 4096
_STANDING = frozenset({"ready", "seen", "visit", "handing_over", "submitted", "ended"})
"""What is true from then on, and said once more when it is asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Show:
    """Raise the window; ``shown`` is what the first page has to explain."""

    shown: Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """The centre wants to see the page, as long as nobody is there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """The shell ends this session, or is gone itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Again:
    """A shell that took this session over wants to hear how far it is; answered here."""


Heard = Show | Picture | End


class Control:
    """The pipe protocol; says are safe from any thread, ``heard`` is called on a thread of its own.

    Args:
        fd: the inherited socket (``--control-fd``).
        heard: called with each `Show` and `Picture`, and once with `End` at the end of the pipe.
    """

    def __init__(self, fd: int, heard: Callable[[Heard], None]) -> None:
        self._socket = socket.socket(fileno=fd)
        self._heard = heard
        self._lock = threading.Lock()
        self._framed = 0.0
        self._standing: dict[str, bytes] = {}
        self._listener = threading.Thread(target=self._listen, name="control", daemon=True)

    def listen(self) -> None:
        """Start to listen."""
        self._listener.start()

    def ready(self) -> None:
        """The window exists, its first page is painted, it is hidden."""
        self._say(op="ready")

    def seen(self) -> None:
        """The first visible frame was drawn."""
        self._say(op="seen")

    def frame(self) -> None:
        """A frame was drawn; told at most once a second."""
        now = time.monotonic()
        if now - self._framed >= FRAME_EVERY:
            self._framed = now
            self._say(op="frame")

    def visit(self, visit: str) -> None:
        """A visit began."""
        self._say(op="visit", visit=visit)

    def staff(self, how: str) -> None:
        """Staff want in, before a visit began; ``how`` is hold or switch."""
        self._say(op="staff", how=how)

    def handing_over(self, local_no: str) -> None:
        """The submission is on its way to the agent: a crash from here on may have stored it."""
        self._say(op="handing_over", local_no=local_no)

    def submitted(self, local_no: str) -> None:
        """The submission is committed: a crash from here on shows this number."""
        self._say(op="submitted", local_no=local_no)

    def ended(self, how: str) -> None:
        """The visit is over: ``finished``, ``abandoned`` or ``timed_out``."""
        self._say(op="ended", how=how)

    def picture(self, file: int) -> None:
        """Hand over a picture of the page in a memory file; the caller closes it."""
        line = json.dumps({"op": "picture"}).encode() + b"\n"
        with self._lock, contextlib.suppress(OSError):
            socket.send_fds(self._socket, [line], [file])

    def no_picture(self, why: str) -> None:
        """Say in a word why there is no picture."""
        self._say(op="picture", why=why)

    def _say(self, **message: str) -> None:
        line = json.dumps(message).encode() + b"\n"
        with self._lock, contextlib.suppress(OSError):  # the listener tells when nobody holds it
            if message["op"] in _STANDING:
                self._standing[message["op"]] = line
            self._socket.sendall(line)

    def _say_again(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._socket.sendall(b"".join(self._standing.values()))

    def _listen(self) -> None:
        buffer = b""
        while len(buffer) < _LONGEST:
            try:
                data = self._socket.recv(_LONGEST)
            except OSError:
                break
            if not data:
                break
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                heard = _parse(line)
                if isinstance(heard, Again):
                    self._say_again()
                elif heard is not None:
                    self._heard(heard)
        self._heard(End())


def _parse(line: bytes) -> Heard | Again | None:
    """Return what a line means; what is not understood is not for us."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    op = message.get("op")
    return _show(message) if op == "show" else _BARE.get(str(op))


_BARE: Mapping[str, Picture | Again | End] = {"end": End(), "again": Again(), "picture": Picture()}


def _show(message: Mapping[str, object]) -> Show:
    after = message.get("after")
    if not isinstance(after, dict):
        return Show(shown=Shown())
    local_no = after.get("local_no")
    return Show(
        shown=Shown(
            how=str(after.get("how")),
            local_no=local_no if isinstance(local_no, str) else None,
            certain=after.get("certain") is not False,
        )
    )
