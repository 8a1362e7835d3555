"""XReceipt and the Printer status, on a `ReceiptPrinter`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from drivers.errors import DeviceError, TransportLost
from drivers.printer import receipt
from drivers.printer.device import PrintResult, ReceiptPrinter
from drivers.printer.profiles import GENERIC_80MM, Profile, load
from drivers.service.adapter import Cancelled, Emit, State
from drivers.service.envelope import Outcome, Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.printer import PAPER_THRESHOLD, Paper, status
from drivers.transport import Transport

if TYPE_CHECKING:
    from drivers.printer.codec import PrinterStatus

IDLE_S = 1.0
"""Seconds between two looks at an idle printer."""

PRINT_S = 30.0
"""Longest time one slip may take; after it the answer is "unknown"."""

_SOON_S = 0.05  # after a job the printer is looked at without delay


class ReceiptPrinterAdapter:
    """One printer; options ``baudrate`` and ``profile`` (its file's name)."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._baudrate = int(options.get("baudrate", "115200"))
        self._profile = named_profile(options.get("profile"))
        self._printer: ReceiptPrinter | None = None
        self._status: PrinterStatus | None = None
        self._told_paper = Paper.UNKNOWN

    def open(self) -> None:
        """Open the port and ask the printer how it is; a silent one may still print."""
        transport = Transport.open(self._port, baudrate=self._baudrate)
        self._printer = ReceiptPrinter(transport, self._profile)
        self._status = self._printer.status()

    def close(self) -> None:
        """Close the port."""
        if self._printer is not None:
            self._printer.close()
        self._printer = self._status = None

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Print one slip; a slip that has begun is let out, so a cancel changes nothing."""
        del command, emit, cancelled
        slip = receipt.parse(payload.get("receipt"))
        result = self._device().print_receipt(slip, time.monotonic() + PRINT_S)
        self.poll_s = _SOON_S
        return Outcome(payload=result_payload(result))

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a printer that is not there: not a byte was sent."""
        del command
        lost = PrintResult(printed=False, error_code="offline")
        return Outcome(payload=result_payload(lost), description=str(error))

    def poll(self, emit: Emit) -> None:
        """Look at the printer; tell everyone when the paper's supply changed."""
        self.poll_s = IDLE_S
        self._status = self._device().status()
        paper = _paper(self._status)
        if paper in (self._told_paper, Paper.UNKNOWN):
            return
        first = self._told_paper is Paper.UNKNOWN
        self._told_paper = paper
        if not (first and paper is Paper.FULL):
            emit(PAPER_THRESHOLD, {"paperSource": "upper", "threshold": paper})

    def state(self) -> State:
        """Return the state of an open printer as it was last seen."""
        word, message = _word(self._status, self._profile)
        return State(word=word, status=status(_paper(self._status)), message=message)

    def lost(self) -> Payload:
        """Return the status without a printer."""
        return status(Paper.UNKNOWN)

    def model(self) -> Payload:
        """Return the profile the printer is driven by."""
        return {"modelName": self._profile.name}

    def _device(self) -> ReceiptPrinter:
        if self._printer is None:
            raise TransportLost("the printer is not open")
        return self._printer


def named_profile(name: str | None) -> Profile:
    """Return the profile of that name, the generic one without a name.

    Raises:
        ProfileError: there is no such profile, or its file is wrong.
    """
    return GENERIC_80MM if name is None else load(name)


def result_payload(result: PrintResult) -> dict[str, object]:
    """Return what became of a slip as the interface tells it."""
    payload: dict[str, object] = {"printed": result.printed, "confirmedBy": result.confirmed_by}
    if result.error_code:
        payload["errorCode"] = result.error_code
    return payload


def _paper(seen: PrinterStatus | None) -> Paper:
    return Paper(seen.paper) if seen else Paper.UNKNOWN


def _word(seen: PrinterStatus | None, profile: Profile) -> tuple[DeviceWord, str]:
    """Return the device's word and, when it is not online, what staff should know.

    Without paper the device itself is well; ``printer.paper`` tells.  A printer whose answers are
    not wired (its profile says so) is not blamed for its silence.
    """
    if seen is None or not seen.answered:
        if profile.confirm == "none":
            return DeviceWord.ONLINE, ""
        return DeviceWord.HARDWARE_ERROR, "the printer does not answer"
    trouble = seen.trouble
    match trouble:
        case None | "paperOut":
            return DeviceWord.ONLINE, ""
        case "coverOpen":
            return DeviceWord.USER_ERROR, trouble
        case "offline":
            return DeviceWord.OFFLINE, trouble
        case _:
            return DeviceWord.HARDWARE_ERROR, trouble
