"""The reading process: which way up a sheet lies, and what is written on a card.

``python -m drivers.camera.reading FD`` serves one camera worker over the socket ``FD`` and ends
with it.  The engine (RapidOCR with ONNX Runtime, models in its wheel, no network) needs 220 MB and
a second to load, so it is a process of its own, started when a visit first uses the camera and
ended with that visit.  It works on one thread: the other core is for the live picture, and threads
that spin for each other are slowest just when the machine is busy.

A request is one packet ``{"op", "width", "height"}`` with a memory file of the dots (blue, green,
red); the answer is one packet: ``{"turn": 0 | 180 | null}`` or ``{"lines": [[text, left, middle,
height, score], …]}``, or ``{"fault": kind}``.

Which way up.  Lines of print are found once, the longest few are read as they are and turned by
180 degrees, and the reading with the higher mean certainty wins; when neither is certain, or both
alike, the answer is that it is not known.  The engine's own classifier of line angles is off: it
was seen to turn long upright lines over (CER 18 % instead of 0 on a clean page).

Nothing leaves this process but its answers: the runtime's telemetry, on by default since it is in
the Linux wheels, is switched off before it is loaded, and a test looks for files and connections.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from drivers.camera.page import Picture
from drivers.child_process import LONGEST_PACKET, begin, bound_memory
from drivers.memory_file import read_sealed

ROOM = 1024 * 1024 * 1024
"""Bytes the process may grow by once the engine's first model is loaded."""

_LINES = 5  # enough to outvote a line of figures, which reads well both ways
_LEAST_SCORE = 0.6  # mean certainty that any upright print has
_LEAST_LEAD = 0.1  # between the two ways; less is a coin thrown
_FIND_SIDE = 960  # dots of the longer side in which lines are looked for
_GLANCE_SIDE = 640  # enough to find a few long lines
_STRIP_SHAPE = 8  # a line's first letters tell as much as all of it
_MOST_LINES = 200


def main(arguments: Sequence[str]) -> None:
    """Serve the socket whose descriptor is the only argument until it closes."""
    line = begin(arguments, "reading document-camera")
    engine = Engine()
    bound_memory(ROOM)
    while True:
        packet, descriptors, _flags, _peer = socket.recv_fds(line, LONGEST_PACKET, 1)
        if not packet:
            return
        try:
            request = json.loads(packet)
            picture = _picture(descriptors[0], int(request["width"]), int(request["height"]))
            answer = _answer(engine, str(request["op"]), picture)
        except Exception as error:  # noqa: BLE001  # its kind is told, never what it quotes
            answer = {"fault": type(error).__name__}
        line.send(json.dumps(answer).encode())


class Engine:
    """RapidOCR, loaded."""

    def __init__(self) -> None:
        # ONNX Runtime keeps a device id and a queue of events for its maker, and sends them.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)  # it would quote what it reads
        from rapidocr import RapidOCR  # noqa: PLC0415  # heavy, and only here

        self._ocr: Any = RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "critical",
                "Det.limit_type": "max",
                "Det.limit_side_len": _FIND_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def turn(self, picture: Picture) -> int | None:
        """Return by how many degrees the picture must be turned to be read, ``None``: unknown."""
        scale = min(1.0, _GLANCE_SIDE / max(picture.shape[:2]))
        glance = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found = self._ocr(glance, use_det=True, use_cls=False, use_rec=False)
        if found.boxes is None or not len(found.boxes):
            return None
        boxes = sorted(found.boxes, key=_length, reverse=True)[:_LINES]
        strips = [_strip(picture, np.asarray(box, np.float32) / scale) for box in boxes]
        upright = self._certainty(strips)
        turned = self._certainty([_byte(cv2.rotate(one, cv2.ROTATE_180)) for one in strips])
        if max(upright, turned) < _LEAST_SCORE or abs(upright - turned) < _LEAST_LEAD:
            return None
        return 0 if upright > turned else 180

    def lines(self, picture: Picture) -> list[list[object]]:
        """Return every piece of text with its place and certainty."""
        read = self._ocr(picture, use_det=True, use_cls=False, use_rec=True)
        if read.boxes is None or read.txts is None:
            return []
        pieces = zip(read.boxes, read.txts, read.scores, strict=True)
        return [_line(np.asarray(box), str(text), float(score)) for box, text, score in pieces][
            :_MOST_LINES
        ]

    def _certainty(self, strips: Sequence[Picture]) -> float:
        """Return the mean certainty of reading these strips, long ones counting more."""
        from rapidocr.ch_ppocr_rec import TextRecInput  # noqa: PLC0415  # as above

        self._ocr._load_rec_model()  # noqa: SLF001  # the only way to read strips in one batch
        read = self._ocr.text_rec(TextRecInput(img=list(strips)))
        scores = [
            float(score) if text else 0.0
            for text, score in zip(read.txts, read.scores, strict=True)
        ]
        return sum(scores) / len(scores)


def _answer(engine: Engine, op: str, picture: Picture) -> dict[str, object]:
    if op == "turn":
        return {"turn": engine.turn(picture)}
    return {"lines": engine.lines(picture)}


def _picture(descriptor: int, width: int, height: int) -> Picture:
    try:
        dots = read_sealed(descriptor, width * height * 3)
    finally:
        os.close(descriptor)
    return np.frombuffer(dots, np.uint8).reshape(height, width, 3)


def _length(box: Any) -> float:
    return float(np.linalg.norm(np.asarray(box[1]) - np.asarray(box[0])))


def _strip(picture: Picture, box: np.ndarray) -> Picture:
    """Cut one line out, level."""
    wide = max(8, round(float(np.linalg.norm(box[1] - box[0]))))
    high = max(8, round(float(np.linalg.norm(box[3] - box[0]))))
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    view = cv2.getPerspectiveTransform(box, target)
    strip = cv2.warpPerspective(picture, view, (wide, high), flags=cv2.INTER_CUBIC)
    return _byte(strip[:, : _STRIP_SHAPE * high])


def _line(box: np.ndarray, text: str, score: float) -> list[object]:
    left, top, bottom = box[:, 0].min(), box[:, 1].min(), box[:, 1].max()
    return [text, float(left), float(top + bottom) / 2, float(bottom - top), score]


def _byte(picture: object) -> Picture:
    return np.asarray(picture, np.uint8)


if __name__ == "__main__":
    main(sys.argv[1:])
