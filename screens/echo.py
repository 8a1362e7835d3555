"""Double taps: the second half of one belongs to the page before.

Pure but for the clock.  A page that turned under a finger is not gone on from by the echo of the
tap that turned it, and a touch that turns a page counts once until the page has turned.
"""

from __future__ import annotations

import math
import time
from typing import Final

ECHO_S: Final = 0.7
"""Seconds in which a second touch on the same spot belongs to the page before."""
ECHO_MM: Final = 20
"""How far the two halves of a double tap lie apart at most."""
_TURNS: Final = frozenset({"next", "back"})
"""Touches that turn a page: twice within `ECHO_S`, before it has turned, they are one."""


class Echoes:
    """Remembers the last touch, the last turn of a page and what was sent last."""

    def __init__(self, px_per_mm: float) -> None:
        """Begin without any touch on a screen of so many dots a millimetre."""
        self._near = ECHO_MM * px_per_mm
        self._touch: tuple[float, float, float] = (0.0, 0.0, 0.0)
        """When and where the last touch was completed."""
        self._sent: tuple[str, float] = ("", 0.0)
        """The last touch that was handed on, and when."""
        self._turned = 0.0
        """When the page last became another one."""

    def turned(self) -> None:
        """Hear that the page has become another one."""
        self._turned = time.monotonic()

    def touched(self, x: float, y: float) -> None:
        """Hear where a touch was completed."""
        self._touch = (time.monotonic(), x, y)

    def sent(self, target: str) -> None:
        """Hear what was handed on."""
        self._sent = (target, time.monotonic())

    def is_echo(self, x: float, y: float) -> bool:
        """Whether a touch is the second half of a double tap whose first half turned the page."""
        at, last_x, last_y = self._touch
        if self._turned < at or time.monotonic() - at > ECHO_S:
            return False
        return math.hypot(x - last_x, y - last_y) < self._near

    def is_twice(self, target: str) -> bool:
        """Whether a page is being turned already: it takes a while, and a double tap is fast."""
        last, at = self._sent
        fast = time.monotonic() - at < ECHO_S
        return target in _TURNS and target == last and self._turned < at and fast
