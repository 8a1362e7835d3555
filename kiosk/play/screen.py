"""Fingers and eyes on an X display."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image
from Xlib import X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext import xtest

MOVES = 12
"""Steps of a finger between two points of a line."""
POINTS_PER_SECOND = 120


class Screen:
    """Touches and pictures of one display."""

    def __init__(self, name: str) -> None:
        self._display = Display(name)
        self._root = self._display.screen().root
        geometry = self._root.get_geometry()
        self.width, self.height = int(geometry.width), int(geometry.height)

    def press(self, x: float, y: float) -> None:
        """Put the finger down at a pixel, counted from the top left."""
        xtest.fake_input(self._display, X.MotionNotify, x=round(x), y=round(y))
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.sync()

    def release(self) -> None:
        """Lift the finger."""
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def release_off(self) -> None:
        """Slide to the top left corner, then lift: nothing there is touched."""
        xtest.fake_input(self._display, X.MotionNotify, x=1, y=1)
        self.release()

    def tap(self, x: float, y: float) -> None:
        """Touch a pixel."""
        self.press(x, y)
        self.release()

    def draw(self, points: Sequence[tuple[float, float]]) -> None:
        """Press, follow the points, and lift."""
        self.press(*points[0])
        for (x, y), (to_x, to_y) in pairwise(points):
            for part in range(1, MOVES + 1):
                share = part / MOVES
                self._move(x + (to_x - x) * share, y + (to_y - y) * share)
        self.release()

    def _move(self, x: float, y: float) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=round(x), y=round(y))
        self._display.sync()
        time.sleep(1 / POINTS_PER_SECOND)

    def pixel(self, x: int, y: int) -> bytes:
        """Return one pixel as the server holds it (blue, green, red, unused)."""
        return bytes(self._root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data)

    def part(self, x: int, y: int, width: int, height: int) -> bytes:
        """Return the pixels of a part as the server holds them."""
        return bytes(self._root.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFFFF).data)

    def picture(self) -> Image.Image:
        """Return what is on the screen."""
        raw = self._root.get_image(0, 0, self.width, self.height, X.ZPixmap, 0xFFFFFFFF)
        return Image.frombytes("RGB", (self.width, self.height), raw.data, "raw", "BGRX")

    def save(self, path: Path) -> Path:
        """Write what is on the screen as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.picture().save(path, optimize=False, compress_level=4)
        return path

    def top_window(self) -> int:
        """Return the id of the window that is seen over all others; 0 when there is none."""
        for window in reversed(self._root.query_tree().children):
            try:
                if window.get_attributes().map_state == X.IsViewable:
                    return int(window.id)
            except XError:
                continue  # it went away meanwhile
        return 0

    def close(self) -> None:
        """Let go of the display."""
        self._display.close()
