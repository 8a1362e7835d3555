"""The handle of the face process: start it, ask it, end it in time.

It is started when it is first wanted and ends with its worker, whatever happens.  A question has a
limit; a process that does not answer in time, or says what makes no sense, is killed, and what it
knew (reference, the face of a challenge) is gone with it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from typing import Final

import numpy as np

from drivers.face import weights
from drivers.face.answers import (
    LONGEST,
    EngineFacts,
    FaceLook,
    Nonsense,
    ReferenceWord,
    Unsupported,
    packed,
    read_look,
    read_ready,
    read_reference,
)
from drivers.face.engine import OURS
from drivers.face.judgement import Picture
from drivers.face.reference import BareSize
from drivers.memory_file import sealed_file

LIMIT_S: Final = 4.0
"""Seconds for one question; one takes 20 to 60 ms on an idle core."""
READY_S: Final = 15.0
"""Seconds to load: OpenCV and 11 MB of models, on a machine that is just starting everything."""

_LOOK_S = 0.05
_GRACE_S = 1.0  # for the answer to a question that is given up: a killed process must load again
_POISON = ("PYTHONMALLOC", "MALLOC_PERTURB_")
"""Not for a process that ends with its visit: it would make looking half as fast."""


class FaceProcessFailed(Exception):
    """There is no answer: too slow, given up, ended, or nonsense; the process was ended."""


class NotSupported(Exception):
    """There is no engine: its models are missing or damaged, or it cannot be built."""

    def __init__(self, reason: Unsupported) -> None:
        super().__init__(reason.value)
        self.reason = reason


class FaceProcess:
    """One face process, or none."""

    def __init__(self, engine: str = OURS, limit_s: float = LIMIT_S) -> None:
        self._engine = engine
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._facts: EngineFacts | None = None

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
            arguments = ["-m", "drivers.face.facing", str(theirs.fileno()), self._engine]
            self._process = subprocess.Popen(
                [sys.executable, "-P", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what it would say may quote what it sees
                pass_fds=[theirs.fileno()],
                env=_environment(),
            )
        self._line = ours

    def facts(self, cancelled: threading.Event) -> EngineFacts:
        """Return what the engine is; the process is started if there is none.

        Raises:
            NotSupported: there is no engine.
            FaceProcessFailed: no answer.
        """
        if self._engine == OURS and not weights.present():
            raise NotSupported(Unsupported.MISSING)  # known without a process
        self.warm()
        if self._facts is None:
            try:
                ready = read_ready(self._receive(READY_S, cancelled))
            except (OSError, Nonsense) as error:
                raise self._gone(error) from error
            if isinstance(ready, Unsupported):
                self.close()
                raise NotSupported(ready)
            self._facts = ready
        return self._facts

    def refer(
        self, data: bytes, bare: BareSize | None, cancelled: threading.Event
    ) -> ReferenceWord:
        """Hand over the picture that is compared with.

        Raises:
            NotSupported: there is no engine.
            FaceProcessFailed: no answer.
        """
        size = None if bare is None else [bare.width, bare.height]
        request = {"op": "reference", "size": len(data), "bare": size}
        answer = self._ask(request, data, cancelled)
        try:
            return read_reference(answer)
        except Nonsense as error:
            raise self._gone(error) from error

    def look(
        self,
        picture: Picture,
        cancelled: threading.Event,
        *,
        compare: bool = False,
        anchor: bool = False,
    ) -> FaceLook:
        """Judge a frame of at most 640 dots to a side.

        Raises:
            NotSupported: there is no engine.
            FaceProcessFailed: no answer.
        """
        high, wide = picture.shape[:2]
        request = {"op": "look", "width": wide, "height": high}
        request |= {"compare": compare, "anchor": anchor}
        answer = self._ask(request, np.ascontiguousarray(picture).data, cancelled)
        try:
            return read_look(answer)
        except Nonsense as error:
            raise self._gone(error) from error

    def close(self) -> None:
        """End the process, and all it knew."""
        self._facts = None
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ask(
        self,
        request: dict[str, object],
        data: bytes | memoryview,
        cancelled: threading.Event,
    ) -> bytes:
        self.facts(cancelled)
        line = self._line
        if line is None:
            raise FaceProcessFailed("no face process")
        try:
            descriptor = sealed_file("face", data)
            try:
                socket.send_fds(line, [packed(request)], [descriptor])
            finally:
                os.close(descriptor)
            return self._receive(self._limit_s, cancelled)
        except OSError as error:
            raise self._gone(error) from error

    def _receive(self, limit_s: float, cancelled: threading.Event) -> bytes:
        """Wait for a packet, for the limit at most.

        Raises:
            FaceProcessFailed: none came; the process was ended.
            OSError: the other end is gone.
        """
        line = self._line
        if line is None:
            raise FaceProcessFailed("no face process")
        until, given_up = time.monotonic() + limit_s, False
        line.settimeout(_LOOK_S)
        while time.monotonic() < until:
            try:
                data = line.recv(LONGEST + 1)
            except TimeoutError:
                if cancelled.is_set() and not given_up:
                    until, given_up = min(until, time.monotonic() + _GRACE_S), True
                continue
            if not data:
                raise self._gone(EOFError("the face process ended"))
            return data
        raise self._gone(TimeoutError("given up" if given_up else "too slow"))

    def _gone(self, error: Exception) -> FaceProcessFailed:
        """End the process: it may still be at work, and its answer would be taken for the next."""
        self.close()
        return FaceProcessFailed(str(error))


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _POISON}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
