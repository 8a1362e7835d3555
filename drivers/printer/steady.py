"""A status that does not flicker: a sensor that bounces is not news. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drivers.printer.signs import PrinterStatus

SAMPLES = 3
"""Equal looks in a row that make a status the present one (Zebra samples thrice, too)."""


class Steady:
    """The status as it was seen in the last `SAMPLES` equal looks.

    Args:
        first: What the first look saw; there is nothing else to say yet.
    """

    def __init__(self, first: PrinterStatus) -> None:
        self.status = first
        self._coming = first
        self._looks = 0

    @property
    def certain(self) -> bool:
        """Whether the last look saw what is told."""
        return self._looks == 0

    def see(self, seen: PrinterStatus) -> None:
        """Take one look into account."""
        if seen == self.status:
            self._looks = 0
            return
        self._looks = self._looks + 1 if self._looks and seen == self._coming else 1
        self._coming = seen
        if self._looks == SAMPLES:
            self.know(seen)

    def know(self, status: PrinterStatus) -> None:
        """Take a status that was made sure of elsewhere."""
        self.status, self._looks = status, 0
