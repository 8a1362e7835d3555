"""Fingers and eyes on an X display."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from Xlib import X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext import xtest


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

    def pixel(self, x: int, y: int) -> bytes:
        """Return one pixel as the server holds it (blue, green, red, unused)."""
        return bytes(self._root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data)

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
