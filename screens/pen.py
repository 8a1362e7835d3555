"""The pen: follows a finger on the signature field and draws its line at once.

The line is drawn over the page while the finger moves and is not part of a view; lifting the finger
makes it a :class:`~kiosk.journey.facts.Stroke`, which the journey keeps and the page then paints.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from kivy.graphics import Color, InstructionGroup, Line

from kiosk.journey.facts import Stroke
from screens import theme as look
from screens.pictures import STROKE_SHARE
from screens.theme import rgba

if TYPE_CHECKING:
    from screens.layout import Box

STROKE: Final = "stroke"
"""Target of a field that is drawn on."""
LEAST_MM: Final = 0.4
"""A finger that moved less has not moved: a capacitive glass trembles by about 0.2 mm."""
MOST_POINTS: Final = 1200
"""Points of one line; a finger that draws on and on is cut off."""


class Pen:
    """Draws one stroke after another; ``height`` is the screen's, as Kivy counts from below."""

    def __init__(self, height: int, px_per_mm: float) -> None:
        self.ink = InstructionGroup()
        self._height, self._least = height, LEAST_MM * px_per_mm
        self._box: Box | None = None
        self._points: list[tuple[float, float, float]] = []
        self._began = 0.0
        self._line: Line | None = None

    @property
    def down(self) -> bool:
        """Whether a finger draws."""
        return self._box is not None

    def begin(self, box: Box, x: float, y: float) -> None:
        """Put the pen down on the field ``box``, at dots from the upper left corner."""
        self._box, self._points, self._began = box, [], time.monotonic()
        self.ink.add(Color(*rgba(look.INK)))
        half = box.h * STROKE_SHARE / 2
        self._line = Line(points=[], width=half, cap="round", joint="round")
        self.ink.add(self._line)
        self._add(x, y)

    def move(self, x: float, y: float) -> None:
        """Follow the finger; it may leave the field, the line may not."""
        if self._box is None or len(self._points) >= MOST_POINTS:
            return
        x, y = self._held(x, y)
        last_x, last_y, _ = self._points[-1]
        if abs(x - last_x) + abs(y - last_y) >= self._least:
            self._add(x, y)

    def lift(self) -> Stroke | None:
        """Take the pen off the field and return what was drawn; a touch alone is a dot."""
        box, self._box = self._box, None
        if box is None or not self._points:
            return None
        points = tuple(
            (round((x - box.x) / box.w, 4), round((y - box.y) / box.h, 4), round(at, 3))
            for x, y, at in self._points
        )
        return Stroke(points=points)

    def clear(self) -> None:
        """Take the drawn line away: the page has it now, or there is no page any more."""
        self._box, self._line, self._points = None, None, []
        self.ink.clear()

    def _held(self, x: float, y: float) -> tuple[float, float]:
        box = self._box
        if box is None:
            return x, y
        return min(max(x, box.x), box.x + box.w), min(max(y, box.y), box.y + box.h)

    def _add(self, x: float, y: float) -> None:
        x, y = self._held(x, y)
        self._points.append((x, y, time.monotonic() - self._began))
        if self._line is not None:
            drawn = [(px, self._height - py) for px, py, _ in self._points]
            if len(drawn) == 1:
                drawn.append((drawn[0][0] + 0.1, drawn[0][1]))
            self._line.points = [part for point in drawn for part in point]
