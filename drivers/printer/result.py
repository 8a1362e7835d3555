"""What became of one slip, as the device, the service and the command line tell it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from drivers.printer.signs import PrinterStatus

if TYPE_CHECKING:
    from drivers.printer.profiles import Confirm

PRINT_S = 30.0
"""Longest time one slip may take, in seconds; after it the answer is "unknown"."""

Printed = bool | Literal["unknown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintResult:
    """What became of one slip."""

    printed: Printed
    """True only when the printer proved it; False only when its last lines were never sent."""

    confirmed_by: Confirm = "none"
    """What the proof was."""

    error_code: str | None = None
    """A `PrinterStatus.trouble`, or exitBlocked, offline, stalled, noAnswer, timeout."""

    status: PrinterStatus = field(default_factory=PrinterStatus, compare=False)
    """What the printer said last; all "unknown" when the port was lost."""

    port_lost: bool = field(default=False, compare=False)
    """Whether the port was lost, during the job or right after; the device object is spent."""

    bytes_sent: int = field(default=0, compare=False)
    """Bytes of this slip that were given to the line."""

    def payload(self) -> dict[str, object]:
        """Return what became of the slip in the words of XReceipt.Print."""
        told: dict[str, object] = {"printed": self.printed, "confirmedBy": self.confirmed_by}
        return told | ({"errorCode": self.error_code} if self.error_code else {})
