"""The handle of the decoding process: start it, ask it, end it in time.

A question has a limit; what does not answer in time is killed and started again at the next one, as
is a process that died of its picture.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

import numpy as np

from drivers.decoder.codes import EVERY, Code, Grey, Symbology
from drivers.decoder.picture import MOST_BYTES, Refusal
from drivers.decoder.reading import LONGEST_PACKET, Fault
from drivers.memory_file import sealed_file

STILL_S: Final = 15.0
"""Seconds for one picture with everything there is; 40 million dots take 2 on an idle core."""
FRAME_S: Final = 5.0
"""Seconds for one frame; a start of the process is not part of it."""
START_S: Final = 15.0
"""Seconds until a started process answers: its libraries are loaded."""

_LOOK_S = 0.05
_POISON = ("PYTHONMALLOC", "MALLOC_PERTURB_")
"""Not for a process that ends with its owner: it would make decoding half as fast."""


class Ending(StrEnum):
    """Why a picture was not read: the process gave no answer."""

    TOO_SLOW = "tooSlow"
    ENDED = "ended"
    """The process died of it, or was killed."""
    GIVEN_UP = "givenUp"
    """Who asked does not want to know any more."""


Cause = Refusal | Fault | Ending


class NotRead(Exception):
    """A picture was not read; `cause` says why."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What is on a picture, and how long looking for it took, in milliseconds."""

    codes: tuple[Code, ...]
    ms: float


class Reader:
    """One decoding process, or none yet."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._kinds: frozenset[Symbology] | None = None
        self._fresh = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Return the process id, ``None`` while there is no process."""
        return self._process.pid if self._process else None

    def warm(self) -> None:
        """Start loading, if that has not begun; returns at once.

        Must be called by a thread that lives as long as the process shall: it ends with it.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "drivers.decoder.reading", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what a library would say may quote what it reads
                pass_fds=[theirs.fileno()],
                env=_environment(),
            )
        self._line, self._fresh = ours, True

    def still(self, file: bytes, kinds: Collection[Symbology] = EVERY) -> Read:
        """Read a picture's file with everything there is.

        Raises:
            NotRead: it was not read.
        """
        if len(file) > MOST_BYTES:
            raise NotRead(Refusal.TOO_LARGE)
        if not file:
            raise NotRead(Refusal.NOT_A_PICTURE)
        request = {"op": "still", "size": len(file), "kinds": sorted(kinds)}
        return _read(self._ask(request, file, STILL_S, threading.Event()))

    def begin(self, kinds: Collection[Symbology] = EVERY) -> None:
        """Begin a stream of frames; nothing is kept of the one before."""
        self._kinds = frozenset(kinds)
        if not self._fresh:
            self._begin(threading.Event())

    def frame(self, frame: bytes | Grey, cancelled: threading.Event) -> Read:
        """Look at the next frame of the stream: encoded as it came, or grey dots.

        Raises:
            NotRead: it was not read; the next one may be.
        """
        if isinstance(frame, bytes):
            if not 0 < len(frame) <= MOST_BYTES:
                raise NotRead(Refusal.NOT_A_PICTURE)
            request: dict[str, object] = {"op": "frame", "size": len(frame)}
            return _read(self._ask(request, frame, FRAME_S, cancelled))
        high, wide = frame.shape
        request = {"op": "frame", "wide": wide, "high": high}
        return _read(self._ask(request, np.ascontiguousarray(frame).data, FRAME_S, cancelled))

    def close(self) -> None:
        """End the process."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ask(
        self,
        request: Mapping[str, object],
        data: bytes | memoryview,
        limit_s: float,
        cancelled: threading.Event,
    ) -> Mapping[str, object]:
        self.warm()
        if self._fresh:
            self._begin(cancelled)
        return self._exchange(request, data, limit_s, cancelled)

    def _begin(self, cancelled: threading.Event) -> None:
        """Tell the process what to look for; of a fresh one, wait until it has loaded."""
        self.warm()
        request: dict[str, object] = {"op": "live"}
        if self._kinds is not None:
            request["kinds"] = sorted(self._kinds)
        self._exchange(request, None, START_S, cancelled)
        self._fresh = False

    def _exchange(
        self,
        request: Mapping[str, object],
        data: bytes | memoryview | None,
        limit_s: float,
        cancelled: threading.Event,
    ) -> Mapping[str, object]:
        line = self._line
        if line is None:
            raise NotRead(Ending.ENDED)
        try:
            _send(line, request, data)
            answer = _answer(line, limit_s, cancelled)
        except (OSError, ValueError) as error:
            self.close()
            raise NotRead(Ending.ENDED) from error
        except NotRead:
            self.close()  # it may still be at work, and its answer would be taken for the next
            raise
        if "fault" in answer:
            raise NotRead(_cause(answer["fault"]))
        return answer


def _send(
    line: socket.socket, request: Mapping[str, object], data: bytes | memoryview | None
) -> None:
    packet = json.dumps(request).encode()
    if data is None:
        line.send(packet)
        return
    descriptor = sealed_file("picture", data)
    try:
        socket.send_fds(line, [packet], [descriptor])
    finally:
        os.close(descriptor)


def _answer(
    line: socket.socket, limit_s: float, cancelled: threading.Event
) -> Mapping[str, object]:
    """Wait for an answer, for the limit at most."""
    until = time.monotonic() + limit_s
    line.settimeout(_LOOK_S)
    while not cancelled.is_set():
        try:
            data = line.recv(LONGEST_PACKET)
        except TimeoutError:
            if time.monotonic() > until:
                raise NotRead(Ending.TOO_SLOW) from None
            continue
        if not data:
            raise NotRead(Ending.ENDED)
        answer = json.loads(data)
        if not isinstance(answer, dict):
            raise NotRead(Ending.ENDED)
        return answer
    raise NotRead(Ending.GIVEN_UP)


def _read(answer: Mapping[str, object]) -> Read:
    codes, ms = answer.get("codes"), answer.get("ms")
    if not isinstance(codes, list) or not isinstance(ms, float | int):
        raise NotRead(Ending.ENDED)
    return Read(codes=tuple(map(_code, codes)), ms=float(ms))


def _code(described: tuple[str, str, str | None, list[list[int]]]) -> Code:
    symbology, data, charset, corners = described
    return Code(
        symbology=Symbology(symbology),
        data=base64.b64decode(data),
        charset=charset,
        corners=tuple((across, down) for across, down in corners),
    )


def _cause(word: object) -> Cause:
    for words in (Refusal, Fault):
        if word in set(words):
            return words(str(word))
    return Fault.FAILED


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _POISON}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
