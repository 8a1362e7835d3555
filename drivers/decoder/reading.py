"""The decoding process: pictures come in, codes go out.

``python -P -m drivers.decoder.reading FD`` serves one owner over the socket ``FD`` and ends with
it.  Pictures come from cameras and from files, and are unpacked by libraries in C, so this happens
in a process that has no port, no key and no other citizen's data, that may grow by `ROOM` bytes and
no more, and that its owner ends when it does not answer.

A request is one packet of JSON, a memory file with the bytes beside it:

=====================================================  ===========================================
request                                                answer
=====================================================  ===========================================
``{"op": "still", "size", "kinds"}`` a picture's file  ``{"codes": […], "ms"}``
``{"op": "live", "kinds"}``                            ``{}``; the frames that follow are a stream
``{"op": "frame", "size"}`` a frame as it came         ``{"codes": […], "ms"}``
``{"op": "frame", "wide", "high"}`` grey dots          ``{"codes": […], "ms"}``
=====================================================  ===========================================

A code is ``[symbology, base64, charset or null, corners]``.  What went wrong is
``{"fault": word}``, a word of `picture.Refusal` or of `Fault`.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import cv2
import numpy as np

from drivers.child_process import LONGEST_PACKET, begin, bound_memory
from drivers.decoder import cascade, picture
from drivers.decoder.codes import EVERY, Code, Grey, Symbology
from drivers.decoder.picture import Refused
from drivers.memory_file import read_sealed

ROOM: Final = 768 * 1024 * 1024
"""Bytes the process may grow by: a picture of 40 million dots in colour and its treated copies."""


class Fault(StrEnum):
    """Why a picture was not read although it is one."""

    TOO_MUCH_MEMORY = "tooMuchMemory"
    FAILED = "failed"


def main(arguments: Sequence[str]) -> None:
    """Serve the socket whose descriptor is the only argument until it closes."""
    line = begin(arguments, "decoding")
    cv2.setNumThreads(1)
    bound_memory(ROOM)
    serve(line)


def serve(line: socket.socket) -> None:
    """Answer until the other end is closed."""
    desk = _Desk()
    while True:
        packet, descriptors, _flags, _peer = socket.recv_fds(line, LONGEST_PACKET, 1)
        if not packet:
            return
        try:
            answer = desk.answer(json.loads(packet), descriptors)
        except Refused as refused:
            answer = {"fault": refused.refusal}
        except MemoryError:
            answer = {"fault": Fault.TOO_MUCH_MEMORY}
        except Exception as error:  # noqa: BLE001  # never what it quotes
            answer = {"fault": _fault(error)}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        line.send(json.dumps(answer).encode())


class _Desk:
    """What is kept from one request to the next: the stream."""

    def __init__(self) -> None:
        self._live = cascade.Live()

    def answer(
        self, request: Mapping[str, object], descriptors: Sequence[int]
    ) -> dict[str, object]:
        match request["op"]:
            case "live":
                self._live = cascade.Live(_kinds(request))
                return {}
            case "still":
                grey = picture.open_file(_bytes(request, descriptors))
                began = time.perf_counter()
                return _answer(cascade.still(grey, _kinds(request), every=True), began)
            case _:
                began = time.perf_counter()
                return _answer(self._live.look(_frame(request, descriptors)), began)


def _bytes(request: Mapping[str, object], descriptors: Sequence[int]) -> bytes:
    return read_sealed(descriptors[0], int(str(request["size"])))


def _frame(request: Mapping[str, object], descriptors: Sequence[int]) -> Grey:
    if "size" in request:
        return picture.open_frame(_bytes(request, descriptors))
    wide, high = int(str(request["wide"])), int(str(request["high"]))
    dots = read_sealed(descriptors[0], wide * high)
    return np.frombuffer(dots, np.uint8).reshape(high, wide)


def _kinds(request: Mapping[str, object]) -> frozenset[Symbology]:
    kinds = request.get("kinds")
    return frozenset(map(Symbology, kinds)) if isinstance(kinds, list) else EVERY


def _answer(codes: Sequence[Code], began: float) -> dict[str, object]:
    ms = round((time.perf_counter() - began) * 1000, 1)
    return {"codes": [_described(code) for code in codes], "ms": ms}


def _described(code: Code) -> list[object]:
    data = base64.b64encode(code.data).decode("ascii")
    return [code.symbology, data, code.charset, code.corners]


def _fault(error: Exception) -> Fault:
    """Name an error; OpenCV has a number of its own for a lack of memory."""
    short = isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem
    return Fault.TOO_MUCH_MEMORY if short or "bad_alloc" in str(error) else Fault.FAILED


if __name__ == "__main__":
    main(sys.argv[1:])
