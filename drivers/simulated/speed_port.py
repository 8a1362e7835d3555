"""A simulated line whose speed matters: what is sent at another speed than the device's is noise.

A pseudo-terminal moves bytes at any speed, but remembers the one its driver asked for.
"""

from __future__ import annotations

import termios
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from drivers.simulated.pty_port import BITS_PER_BYTE, PtyPort

_SPEEDS: Mapping[int, int] = MappingProxyType(
    {
        termios.B9600: 9600,
        termios.B19200: 19200,
        termios.B38400: 38400,
        termios.B57600: 57600,
        termios.B115200: 115200,
    }
)


class SpeedPort(PtyPort):
    """One end of a line, with the speed its driver has set.

    Args:
        link: Symbolic link that names the port.
        pace_baud: Bits a second to imitate in both directions; None moves bytes at once.
    """

    def __init__(self, link: Path, pace_baud: int | None = None) -> None:
        super().__init__(link, pace_baud)

    @property
    def driver_baud(self) -> int:
        """The speed the driver has set; 0 when the cable is out or the speed is an odd one."""
        with self._lock:
            if self._master < 0:
                return 0
            speed = termios.tcgetattr(self._master)[5]
        return _SPEEDS.get(speed, 0)

    def pace(self, baud: int) -> None:
        """Imitate another speed from now on; nothing when this port imitates none."""
        if self._byte_s:
            self._byte_s = BITS_PER_BYTE / baud
