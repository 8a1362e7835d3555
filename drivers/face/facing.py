r"""The face process: the only one that holds a model, a reference picture and faces' figures.

``python -m drivers.face.facing FD ENGINE`` serves one camera worker over the socket ``FD`` and ends
with it: by the closed socket, and by the kernel when its parent ends.  It may not write a file, has
no core dump, and its memory cannot be read by others of its user.

Its first packet is ``{"name", "threshold", "certificate"}`` of its engine, or ``{"unsupported"}``.
Then each request is a packet with a memory file, and each is answered by one packet:

========================================  ======================================================
``{"op": "reference", "size", "bare"?}``  ``{"reference": word}``, see `ReferenceWord`; ``bare``
\                                         is width and height of dots of red, green, blue
``{"op": "look", "width", "height",       see `drivers.face.answers.FaceLook`; the file holds
"compare", "anchor"}``                    dots of blue, green, red
anything that fails                       ``{"fault": kind}``
========================================  ======================================================

With ``compare`` a look tells how alike its face is to the reference and to the face that counts in
a challenge; with ``anchor`` a look without problems becomes that face.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
from collections.abc import Mapping, Sequence

import numpy as np

from drivers.child_process import begin, bound_memory
from drivers.face.answers import (
    LONGEST,
    FaceLook,
    ReferenceWord,
    Unsupported,
    look_answer,
    packed,
    unpacked,
)
from drivers.face.engine import FaceEngine, FacePrint, NoModels, make_engine
from drivers.face.judgement import Picture, before_the_camera, judge
from drivers.face.landmarks import FoundFace
from drivers.face.reference import BadReference, BareSize, decode
from drivers.face.weights import Weights
from drivers.memory_file import read_sealed

TITLE = "faces face-camera"
MEMORY = 512 * 1024 * 1024
"""Bytes it may take once its engine is loaded; a frame and its inner pictures take about 60 MB."""


def main(arguments: Sequence[str]) -> None:
    """Serve the socket whose descriptor is the first argument, until it closes."""
    line = begin(arguments, TITLE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    desk = _desk(line, arguments[1])
    bound_memory(MEMORY)  # a reference that lies about its size ends here
    while desk is not None:
        packet, descriptors, _flags, _peer = socket.recv_fds(line, LONGEST, 1)
        if not packet:
            return
        try:
            answer = desk.answer(unpacked(packet), descriptors[0])
        except Exception as error:  # noqa: BLE001  # its kind is told, never what it quotes
            answer = {"fault": type(error).__name__}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        line.send(packed(answer))


class Desk:
    """The engine, and what it is compared with."""

    def __init__(self, engine: FaceEngine) -> None:
        self._engine = engine
        self._reference: FacePrint | None = None
        self._anchor: FacePrint | None = None

    def answer(self, request: Mapping[str, object], descriptor: int) -> dict[str, object]:
        """Answer one request."""
        if request["op"] == "reference":
            data = read_sealed(descriptor, _whole(request["size"]))
            return {"reference": self.refer(data, _bare(request.get("bare"))).value}
        wide, high = _whole(request["width"]), _whole(request["height"])
        dots = np.frombuffer(read_sealed(descriptor, wide * high * 3), np.uint8)
        picture = dots.reshape(high, wide, 3)
        compare, anchor = request.get("compare") is True, request.get("anchor") is True
        return look_answer(self.look(picture, compare=compare, anchor=anchor))

    def refer(self, data: bytes, bare: BareSize | None) -> ReferenceWord:
        """Take the picture that is compared with; one that is no good takes the last away too."""
        self._reference = None
        try:
            picture = decode(data, bare)
        except BadReference:
            return ReferenceWord.BAD
        faces = before_the_camera(self._engine.find(picture))
        if len(faces) != 1:
            return ReferenceWord.SEVERAL if faces else ReferenceWord.NO_FACE
        self._reference = self._engine.describe(picture, faces[0])
        return ReferenceWord.OK

    def look(self, picture: Picture, *, compare: bool, anchor: bool) -> FaceLook:
        """Judge one frame, and compare its face."""
        found = self._engine.find(picture)
        judgement = judge(picture, found)
        faces = before_the_camera(found)
        one = faces[0] if faces else None
        figures = (
            self._engine.describe(picture, one)
            if one is not None and len(faces) == 1 and (compare or anchor)
            else None
        )
        anchored = anchor and figures is not None and not judgement.problems
        if anchored:
            self._anchor = figures
        return FaceLook(
            judgement=judgement,
            box=_box(picture, one) if one else None,
            to_reference=self._score(figures, self._reference),
            to_anchor=self._score(figures, self._anchor),
            anchored=anchored,
            attack=self._engine.is_attack(picture, one) if one else None,
        )

    def _score(self, figures: FacePrint | None, other: FacePrint | None) -> float | None:
        if figures is None or other is None:
            return None
        return self._engine.compare(figures, other)


def _desk(line: socket.socket, named: str) -> Desk | None:
    """Build the engine and tell about it."""
    try:
        engine = make_engine(named)
    except NoModels as problem:
        missing = problem.state is Weights.MISSING
        word = Unsupported.MISSING if missing else Unsupported.DAMAGED
        line.send(packed({"unsupported": word.value}))
        return None
    except Exception:  # noqa: BLE001  # another's module may fail in any way
        line.send(packed({"unsupported": Unsupported.ENGINE.value}))
        return None
    facts = {
        "name": engine.name,
        "threshold": engine.threshold,
        "certificate": engine.certificate,
    }
    line.send(packed(facts))
    return Desk(engine)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def _bare(value: object) -> BareSize | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise TypeError("not a width and a height")
    return BareSize(width=_whole(value[0]), height=_whole(value[1]))


def _box(picture: Picture, one: FoundFace) -> tuple[float, float, float, float]:
    high, wide = picture.shape[:2]
    return one.left / wide, one.top / high, one.width / wide, one.height / high


if __name__ == "__main__":
    main(sys.argv[1:])
