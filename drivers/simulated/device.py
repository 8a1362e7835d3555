"""What every simulated device is to the simulator: state to show, commands to take, an end.

A simulated device speaks the real bytes on a real port (a pseudo-terminal, a socket, a folder
of frames) below ``RUN/devices``. It never rolls dice of its own: chance comes from the seed of its
surroundings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """Where and how a simulated device lives.

    Attributes:
        link: The path it can be opened at; a device of several ports takes names that begin so.
        baud: Speed of its line; None moves bytes at once.
        papers: Where printed papers are kept as pictures.
        options: Its entry of the file of simulated devices, without ``kind``.
        seed: Where its chance begins, so that a run can be repeated.
    """

    link: Path
    baud: int | None
    papers: Path
    options: Mapping[str, object]
    seed: int = 0


class SimulatedDevice(Protocol):
    """One simulated device."""

    def state(self) -> dict[str, object]:
        """Return what the control page shows of it, as JSON values."""

    def control(self, command: Mapping[str, object]) -> None:
        """Do what a person or a fault would: the JSON body of ``POST /api/{device}``.

        Raises:
            ValueError: The command cannot be understood; nothing was done.
        """

    def close(self) -> None:
        """Take it away: ports closed, links removed."""
