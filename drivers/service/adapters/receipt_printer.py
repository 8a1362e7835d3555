"""XReceipt and the Printer status, on a `ReceiptPrinter`.

What hangs in a presenter is somebody's: it is taken back when nobody took it in time, at once
before anything else is printed, and soon after a new worker found it there, for a new worker
means that a visit has ended.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from drivers.errors import DeviceError, DeviceFailed, TransportLost, TransportStalled
from drivers.printer import receipt
from drivers.printer.device import ReceiptPrinter
from drivers.printer.profiles import GENERIC_80MM, Profile, ProfileError, named_profile
from drivers.printer.result import PRINT_S, PrintResult
from drivers.printer.signs import PrinterStatus
from drivers.printer.steady import Steady
from drivers.service.adapter import Cancelled, Emit, State, word_for
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces import printer as words
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.printer import Media, Paper
from drivers.transport import Transport

IDLE_S = 1.0
"""Seconds between two looks at an idle printer."""

BUSY_S = 0.1
"""Seconds between two looks while something changes or a slip hangs in the presenter."""

LEFT_S = 10.0
"""How long a slip of a visit that has ended may hang there, in seconds: it is being taken."""

_SOON_S = 0.05  # after a job the printer is looked at without delay


class ReceiptPrinterAdapter:
    """One printer; options ``baudrate`` and ``profile`` (its file's name)."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._baudrate = int(options.get("baudrate", "115200"))
        self._profile_name = options.get("profile")
        self._profile = GENERIC_80MM
        self._printer: ReceiptPrinter | None = None
        self._steady = Steady(PrinterStatus())
        self._told_paper = Paper.UNKNOWN
        self._names: dict[str, str] = {}
        self._lost: TransportLost | None = None
        """How the port was lost in a job; such a port is used no more, not even for a question."""
        self._taken_back_at: float | None = None
        """When the slip in the presenter goes back; None without one."""

    def open(self) -> None:
        """Open the port, clear what is in the printer, and ask how it is; a silent one may print.

        Nobody knows what an earlier process left in its buffers: a job dies with its visit.
        """
        try:
            self._profile = named_profile(self._profile_name)
        except ProfileError as error:
            raise DeviceFailed(str(error)) from error
        transport = Transport.open(self._port, baudrate=self._baudrate)
        self._printer = ReceiptPrinter(transport, self._profile, baudrate=self._baudrate)
        self._printer.forget_jobs()
        self._steady = Steady(self._printer.status())
        if self._steady.status.answered:
            self._names = self._printer.identify() or self._names
        self._lost = None
        self._taken_back_at = None
        self._watch_exit(min(LEFT_S, self._profile.take_s))

    def close(self) -> None:
        """Close the port."""
        if self._printer is not None:
            self._printer.close()
        self._printer = None
        self._steady = Steady(PrinterStatus())

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Print or take back; a slip that has begun is let out, so a cancel changes nothing."""
        del cancelled
        self.poll_s = _SOON_S
        if command == words.RETRACT:
            return self._retract()
        if command == words.REPLENISH:
            return self._replenished(emit)
        slip = receipt.parse(payload.get("receipt"))
        self._taken_back_at = None  # what hangs there goes back before the first line
        result = self._device().print_receipt(slip, time.monotonic() + PRINT_S)
        if result.port_lost:
            self._lost = _loss(result)
        known = result.port_lost or result.status.trouble
        (self._steady.know if known else self._steady.see)(result.status)
        if result.status.presenter == "holding":
            self._steady.know(result.status)
            self._watch_exit(self._profile.take_s)
            emit(words.PRESENTED, {"wadIndex": 1, "totalWads": 1})
        return Outcome(payload=result.payload())

    def _replenished(self, emit: Emit) -> Outcome:
        """Look at once what the sensors say of the paper that staff put in; they decide."""
        self._steady.know(self._device().status())
        self._tell_paper(emit)
        return Outcome()

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a printer that is not there: not a byte was sent."""
        code = _lost_code(error)
        if command in {words.RETRACT, words.REPLENISH}:
            return Outcome(code=CompletionCode.HARDWARE_ERROR, description=str(error))
        lost = PrintResult(printed=False, error_code=code)
        return Outcome(payload=lost.payload(), description=str(error))

    def poll(self, emit: Emit) -> None:
        """Look at the printer; tell everyone what changed in its supply and in its exit."""
        self._steady.see(self._device().status())
        self._tell_paper(emit)
        self._mind_exit(emit)
        quiet = self._steady.certain and self._taken_back_at is None
        self.poll_s = IDLE_S if quiet else BUSY_S

    def state(self) -> State:
        """Return the state of an open printer as it was last seen for certain."""
        now = self._steady.status
        word, message = _word(now, self._profile)
        if self._lost is not None:
            word, message = word_for(self._lost), str(self._lost)
        status = words.status(_paper(now), _media(now), now.words())
        return State(word=word, status=status, message=message)

    def lost(self) -> Payload:
        """Return the status without a printer."""
        return words.status(Paper.UNKNOWN)

    def model(self) -> Payload:
        """Return what the printer says of itself, else the profile it is driven by."""
        own = self._names
        told: dict[str, object] = {
            "modelName": own.get("model") or self._profile.model or self._profile.name
        }
        if "serial" in own:
            told["serialNumber"] = own["serial"]
        if "firmware" in own:
            told["firmware"] = [{"firmwareName": "printer", "firmwareVersion": own["firmware"]}]
        return told

    # --- paper

    def _tell_paper(self, emit: Emit) -> None:
        paper = _paper(self._steady.status)
        if paper in (self._told_paper, Paper.UNKNOWN, Paper.JAMMED):
            return
        first = self._told_paper is Paper.UNKNOWN
        self._told_paper = paper
        if not (first and paper is Paper.FULL):
            emit(words.PAPER_THRESHOLD, {"paperSource": "upper", "threshold": paper})

    # --- presenter

    def _watch_exit(self, limit_s: float) -> None:
        if self._steady.status.presenter == "holding":
            self._taken_back_at = time.monotonic() + limit_s

    def _mind_exit(self, emit: Emit) -> None:
        """Tell that a slip was taken, or take it back when its time is over."""
        if self._taken_back_at is None:
            self._watch_exit(self._profile.take_s)
        elif self._steady.status.presenter != "holding":
            self._taken_back_at = None
            emit(words.TAKEN)
        elif time.monotonic() >= self._taken_back_at:
            self._taken_back_at = None
            if self._profile.retract:
                went = self._take_back()
                emit(words.AUTO_RETRACTED, {"result": "ok" if went else "jammed"})
            else:
                self._watch_exit(self._profile.take_s)

    def _take_back(self) -> bool:
        went = self._device().retract()
        self._steady.know(self._device().status())
        return went

    def _retract(self) -> Outcome:
        if self._device().status().presenter != "holding":
            return _refused("noMediaPresent")
        self._taken_back_at = None
        if not self._take_back():
            self._watch_exit(self._profile.take_s)
            return _refused("paperJammed")
        return Outcome()

    def _device(self) -> ReceiptPrinter:
        if self._lost is not None:
            raise self._lost
        if self._printer is None:
            raise TransportLost("the printer is not open")
        return self._printer


def _refused(code: str) -> Outcome:
    return Outcome(code=CompletionCode.COMMAND_ERROR_CODE, payload={"errorCode": code})


def _loss(result: PrintResult) -> TransportLost:
    kind = TransportStalled if result.status.line == "stalled" else TransportLost
    return kind("the port was lost while a slip was printed")


def _lost_code(error: DeviceError) -> str:
    return "stalled" if isinstance(error, TransportStalled) else "offline"


def _paper(seen: PrinterStatus) -> Paper:
    return Paper(seen.paper)


def _media(seen: PrinterStatus) -> Media:
    if seen.presenter == "holding":
        return Media.ENTERING
    by_paper = {"unknown": Media.UNKNOWN, "out": Media.NOT_PRESENT, "jammed": Media.JAMMED}
    return by_paper.get(seen.paper, Media.PRESENT)


def _word(seen: PrinterStatus, profile: Profile) -> tuple[DeviceWord, str]:
    """Return the device's word and, when it is not online, what staff should know.

    Without paper the device itself is well; ``printer.paper`` tells.  A printer whose answers are
    not wired (its profile says so) is not blamed for its silence.
    """
    if not seen.answered:
        silent = "the printer does not answer"
        wired = profile.confirm != "none"
        return (DeviceWord.HARDWARE_ERROR, silent) if wired else (DeviceWord.ONLINE, "")
    trouble = seen.trouble
    if trouble in (None, "paperOut"):
        return DeviceWord.ONLINE, ""
    return _TROUBLE_WORDS.get(str(trouble), DeviceWord.HARDWARE_ERROR), str(trouble)


_TROUBLE_WORDS: Final[Mapping[str, DeviceWord]] = {
    "coverOpen": DeviceWord.USER_ERROR,
    "overheated": DeviceWord.DEVICE_BUSY,
    "offline": DeviceWord.OFFLINE,
}
