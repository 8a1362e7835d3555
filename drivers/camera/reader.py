"""The handle of the reading process: start it, ask it, end it in time.

It is started when it is first wanted and ends with its worker, whatever happens: it notices the
closed socket, and the kernel ends it with its parent.  A question has a limit; what does not answer
in time is killed and started again at the next question.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

import numpy as np

from drivers.camera.card_number import Line
from drivers.camera.page import Picture
from drivers.camera.reading import LONGEST_PACKET
from drivers.memory_file import sealed_file

LIMIT_S = 10.0
"""Seconds for one question, loading included."""

_LOOK_S = 0.05
_POISON = ("PYTHONMALLOC", "MALLOC_PERTURB_")
"""Not for a process that ends with its visit: it would make reading half as fast."""


class NotRead(Exception):
    """There is no answer: too slow, given up, or the process ended."""


class Reader:
    """One reading process, or none."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id, ``None`` while there is no process."""
        return self._process.pid if self._process else None

    def warm(self) -> None:
        """Start loading, if that has not begun; returns at once.

        Must be called by the worker's main thread: the process ends with the thread that began it.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "drivers.camera.reading", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what it would say may quote what it reads
                pass_fds=[theirs.fileno()],
                env=_environment(),
            )
        self._line = ours

    def turn(self, picture: Picture, cancelled: threading.Event) -> int | None:
        """Return by how many degrees (0 or 180) a picture must be turned; ``None``: not known.

        Raises:
            NotRead: no answer.
        """
        turn = self._ask("turn", picture, cancelled).get("turn")
        return turn if turn in (0, 180) and isinstance(turn, int) else None

    def lines(self, picture: Picture, cancelled: threading.Event) -> tuple[Line, ...]:
        """Return what is written on a picture.

        Raises:
            NotRead: no answer.
        """
        lines = self._ask("lines", picture, cancelled).get("lines")
        if not isinstance(lines, list):
            raise NotRead("an answer without lines")
        return tuple(
            Line(text=text, left=left, middle=middle, height=height, score=score)
            for text, left, middle, height, score in lines
        )

    def close(self) -> None:
        """End the process."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ask(self, op: str, picture: Picture, cancelled: threading.Event) -> Mapping[str, object]:
        self.warm()
        line = self._line
        if line is None:
            raise NotRead("no reading process")
        try:
            self._send(line, op, picture)
            return _answer(line, cancelled)
        except (OSError, NotRead, ValueError) as error:
            self.close()  # it may still be at work, and its answer would be taken for the next
            raise NotRead(str(error)) from error

    @staticmethod
    def _send(line: socket.socket, op: str, picture: Picture) -> None:
        high, wide = picture.shape[:2]
        descriptor = sealed_file("reading", np.ascontiguousarray(picture).data)
        try:
            request = json.dumps({"op": op, "width": wide, "height": high}).encode()
            socket.send_fds(line, [request], [descriptor])
        finally:
            os.close(descriptor)


def _answer(line: socket.socket, cancelled: threading.Event) -> Mapping[str, object]:
    """Wait for an answer, for the limit at most."""
    until = time.monotonic() + LIMIT_S
    line.settimeout(_LOOK_S)
    while not cancelled.is_set() and time.monotonic() < until:
        try:
            data = line.recv(LONGEST_PACKET)
        except TimeoutError:
            continue
        if not data:
            raise NotRead("the reading process ended")
        answer = json.loads(data)
        if not isinstance(answer, dict) or "fault" in answer:
            raise NotRead(f"reading failed: {answer}")
        return answer
    raise NotRead("given up" if cancelled.is_set() else "too slow")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _POISON}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
