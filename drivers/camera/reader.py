"""Who has print read: which way up a sheet lies and what is written on it, by a process of its own.

It is started when it is first wanted and ends with its worker, whatever happens.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import NoReturn

import numpy as np

from drivers.camera.card_number import Line
from drivers.camera.page import Picture
from drivers.child_process import ChildProcess

LIMIT_S = 10.0
"""Seconds for one question, loading included."""


class TextReader:
    """One reading process, or none."""

    def __init__(self) -> None:
        self._child = ChildProcess("drivers.camera.reading")

    @property
    def pid(self) -> int | None:
        """Return the process id, ``None`` while there is no process."""
        return self._child.pid

    def warm(self) -> None:
        """Start loading, if that has not begun; see `ChildProcess.start`."""
        self._child.start()

    def turn(self, picture: Picture, cancelled: threading.Event) -> int | None:
        """Return by how many degrees (0 or 180) a picture must be turned; ``None``: not known.

        Raises:
            NoAnswer: it could not be read.
        """
        turn = self._ask("turn", picture, cancelled).get("turn")
        return turn if turn in (0, 180) and isinstance(turn, int) else None

    def lines(self, picture: Picture, cancelled: threading.Event) -> tuple[Line, ...]:
        """Return what is written on a picture.

        Raises:
            NoAnswer: it could not be read.
        """
        lines = self._ask("lines", picture, cancelled).get("lines")
        try:
            return tuple(map(_line, lines)) if isinstance(lines, list) else _nonsense()
        except (TypeError, ValueError):
            raise self._child.failed() from None  # the error itself would quote what was read

    def close(self) -> None:
        """End the process."""
        self._child.close()

    def _ask(self, op: str, picture: Picture, cancelled: threading.Event) -> Mapping[str, object]:
        self.warm()
        high, wide = picture.shape[:2]
        question = json.dumps({"op": op, "width": wide, "height": high}).encode()
        dots = np.ascontiguousarray(picture).data
        try:
            answer = json.loads(self._child.ask(question, dots, LIMIT_S, cancelled))
        except ValueError:
            raise self._child.failed() from None  # as above
        if not isinstance(answer, dict) or "fault" in answer:
            raise self._child.failed()
        return answer


def _line(described: tuple[object, ...]) -> Line:
    text, left, middle, height, score = described
    return Line(
        text=str(text),
        left=_figure(left),
        middle=_figure(middle),
        height=_figure(height),
        score=_figure(score),
    )


def _figure(value: object) -> float:
    return float(value) if isinstance(value, int | float) else _nonsense()


def _nonsense() -> NoReturn:
    raise ValueError("not what the reading process says")
