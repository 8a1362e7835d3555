"""Who has faces looked at, by a process of its own.

It is started when it is first wanted and ends with its worker, whatever happens.  A question has a
limit; a process that does not answer in time, or says what makes no sense, is killed, and what it
knew (reference, the face of a challenge) is gone with it.
"""

from __future__ import annotations

import threading
from typing import Final

import numpy as np

from drivers.child_process import ChildProcess
from drivers.face import weights
from drivers.face.answers import (
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

LIMIT_S: Final = 4.0
"""Seconds for one question; one takes 20 to 60 ms on an idle core."""
READY_S: Final = 15.0
"""Seconds to load: OpenCV and 11 MB of models, on a machine that is just starting everything."""

_GRACE_S = 1.0
"""Seconds for the answer to a look that is given up: with a killed process, who passed is lost."""


class NotSupported(Exception):
    """There is no engine: its models are missing or damaged, or it cannot be built."""

    def __init__(self, reason: Unsupported) -> None:
        super().__init__(reason.value)
        self.reason = reason


class FaceReader:
    """One face process, or none."""

    def __init__(self, engine: str = OURS, limit_s: float = LIMIT_S) -> None:
        self._engine = engine
        self._limit_s = limit_s
        self._child = ChildProcess("drivers.face.facing", engine, grace_s=_GRACE_S)
        self._facts: EngineFacts | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id, ``None`` while there is no process."""
        return self._child.pid

    def warm(self) -> None:
        """Start loading, if that has not begun; see `ChildProcess.start`."""
        if self._child.start():
            self._facts = None

    def facts(self, cancelled: threading.Event) -> EngineFacts:
        """Return what the engine is; the process is started if there is none.

        Raises:
            NotSupported: there is no engine.
            NoAnswer: no answer.
        """
        if self._engine == OURS and not weights.present():
            raise NotSupported(Unsupported.MISSING)  # known without a process
        self.warm()
        if self._facts is None:
            try:
                ready = read_ready(self._child.hear(READY_S, cancelled))
            except Nonsense as error:
                raise self._child.failed() from error
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
            NoAnswer: no answer.
        """
        size = None if bare is None else [bare.width, bare.height]
        request = {"op": "reference", "size": len(data), "bare": size}
        answer = self._ask(request, data, cancelled)
        try:
            return read_reference(answer)
        except Nonsense as error:
            raise self._child.failed() from error

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
            NoAnswer: no answer.
        """
        high, wide = picture.shape[:2]
        request = {"op": "look", "width": wide, "height": high}
        request |= {"compare": compare, "anchor": anchor}
        answer = self._ask(request, np.ascontiguousarray(picture).data, cancelled)
        try:
            return read_look(answer)
        except Nonsense as error:
            raise self._child.failed() from error

    def close(self) -> None:
        """End the process, and all it knew."""
        self._facts = None
        self._child.close()

    def _ask(
        self,
        request: dict[str, object],
        data: bytes | memoryview,
        cancelled: threading.Event,
    ) -> bytes:
        self.facts(cancelled)
        return self._child.ask(packed(request), data, self._limit_s, cancelled)
