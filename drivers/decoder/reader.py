"""Who has codes read off pictures, by a process of its own that may die of one."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from drivers.child_process import ChildProcess, Ending, NoAnswer
from drivers.decoder.codes import EVERY, Code, Grey, Symbology
from drivers.decoder.picture import MOST_BYTES, Refusal
from drivers.decoder.reading import Fault

STILL_S: Final = 15.0
"""Seconds for one picture with everything there is; 40 million dots take 2 on an idle core."""
FRAME_S: Final = 5.0
"""Seconds for one frame; a start of the process is not part of it."""
START_S: Final = 15.0
"""Seconds until a started process answers: its libraries are loaded."""

Cause = Refusal | Fault | Ending


class CodesNotRead(Exception):
    """A picture was not read; `cause` says why."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What is on a picture, and how long looking for it took, in milliseconds."""

    codes: tuple[Code, ...]
    ms: float


class CodeReader:
    """One decoding process, or none yet."""

    def __init__(self) -> None:
        self._child = ChildProcess("drivers.decoder.reading")
        self._kinds: frozenset[Symbology] | None = None
        self._fresh = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Return the process id, ``None`` while there is no process."""
        return self._child.pid

    def warm(self) -> None:
        """Start loading, if that has not begun; see `ChildProcess.start`."""
        self._fresh = self._child.start() or self._fresh

    def still(self, file: bytes, kinds: Collection[Symbology] = EVERY) -> Read:
        """Read a picture's file with everything there is.

        Raises:
            CodesNotRead: it was not read.
        """
        if len(file) > MOST_BYTES:
            raise CodesNotRead(Refusal.TOO_LARGE)
        if not file:
            raise CodesNotRead(Refusal.NOT_A_PICTURE)
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
            CodesNotRead: it was not read; the next one may be.
        """
        if isinstance(frame, bytes):
            if not 0 < len(frame) <= MOST_BYTES:
                raise CodesNotRead(Refusal.NOT_A_PICTURE)
            request: dict[str, object] = {"op": "frame", "size": len(frame)}
            return _read(self._ask(request, frame, FRAME_S, cancelled))
        high, wide = frame.shape
        request = {"op": "frame", "wide": wide, "high": high}
        return _read(self._ask(request, np.ascontiguousarray(frame).data, FRAME_S, cancelled))

    def close(self) -> None:
        """End the process."""
        self._child.close()

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
        try:
            answer = json.loads(
                self._child.ask(json.dumps(request).encode(), data, limit_s, cancelled)
            )
        except NoAnswer as error:
            raise CodesNotRead(error.ending) from error
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise CodesNotRead(self._child.failed().ending)
        if "fault" in answer:
            raise CodesNotRead(_cause(answer["fault"]))
        return answer


def _read(answer: Mapping[str, object]) -> Read:
    codes, ms = answer.get("codes"), answer.get("ms")
    if not isinstance(codes, list) or not isinstance(ms, float | int):
        raise CodesNotRead(Ending.NONSENSE)
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
