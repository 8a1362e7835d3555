"""The last that was said on a device's line, for its vendor; kept only while somebody asked for it.

Theory of operation.  A worker process has one device, so it has one trace.  It is off until
maintenance starts it, and can be started only in a worker that was made for maintenance: the
workers of visits are replaced when the devices are handed over, and this one is when they are given
back (`drivers.service.service`).  So no byte of a citizen can be in it, and it ends with its
process.

Staff put their own card down to try a reader, and may show any code to a scanner.  Of devices that
read a person, a trace has what we sent, and of what came its length and at most a frame's head.
What arrives is cut by the line anywhere, so a head is only kept where the piece begins with it.

Times are of the terminal's clock; sizes are bytes.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

MOST_FRAMES: Final = 400
MOST_OF_ONE: Final = 256
"""Bytes of one piece that are kept; a picture of a slip is longer, and its head says what it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """How much of what a device says may be kept.

    Attributes:
        begins: what a piece must begin with to be kept at all.
        keeps: how many of its bytes are, then.
    """

    begins: bytes
    keeps: int


OF_PERSONS: Final[Mapping[str, Withheld]] = {
    "id-reader": Withheld(begins=b"\xaa\xaa\xaa\x96\x69", keeps=10),
    "scanner": Withheld(begins=b"", keeps=0),
}
"""Devices that read a person; of a card reader: preamble, length and result (GA 450)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One piece that went over the line; ``size`` is its whole length, ``data`` what is kept."""

    at: float
    to: Literal["device", "host"]
    size: int
    data: bytes


class LineTrace:
    """The newest pieces, bounded. Safe for several threads."""

    def __init__(self, withheld: Withheld | None = None) -> None:
        """Begin switched off; ``withheld`` says what of a person's device is not kept."""
        self.withheld = withheld
        self._frames: deque[Frame] = deque(maxlen=MOST_FRAMES)
        self._lock = threading.Lock()
        self._dropped = 0
        self.on = False

    def start(self) -> None:
        """Begin anew."""
        with self._lock:
            self._frames.clear()
            self._dropped, self.on = 0, True

    def stop(self) -> None:
        """Keep nothing more, and forget what was kept."""
        with self._lock:
            self._frames.clear()
            self.on = False

    def sent(self, data: bytes) -> None:
        """Take what goes to the device."""
        if self.on and data:
            self._keep("device", data, MOST_OF_ONE)

    def came(self, data: bytes) -> None:
        """Take what came from the device."""
        if self.on and data:
            self._keep("host", data, self._kept_of(data))

    def told(self) -> tuple[tuple[Frame, ...], int]:
        """Return what is kept, oldest first, and how many older pieces are not kept any more."""
        with self._lock:
            return tuple(self._frames), self._dropped

    def _kept_of(self, data: bytes) -> int:
        rule = self.withheld
        if rule is None:
            return MOST_OF_ONE
        return rule.keeps if data.startswith(rule.begins) else 0

    def _keep(self, to: Literal["device", "host"], data: bytes, most: int) -> None:
        frame = Frame(at=time.time(), to=to, size=len(data), data=bytes(data[:most]))
        with self._lock:
            self._dropped += len(self._frames) == MOST_FRAMES
            self._frames.append(frame)


LINE: Final = LineTrace()
"""Of this process' device."""
