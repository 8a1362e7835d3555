"""BarcodeReader on a `Scanner`: armed while a command waits, deaf otherwise."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import replace

from drivers.errors import DeviceError, DeviceFailed, TransportLost
from drivers.scanner import profiles
from drivers.scanner.codec import Framing
from drivers.scanner.device import Scan, ScanFailure, Scanner, ScanProblem
from drivers.scanner.line import Line
from drivers.scanner.opening import open_line, scanner_on
from drivers.scanner.profiles import Profile, ProfileError
from drivers.service.adapter import Cancelled, Emit, State, no_device_outcome
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces import barcode_reader
from drivers.service.interfaces.barcode_reader import BARCODE_INVALID, RESET, status
from drivers.service.interfaces.common import DeviceWord

IDLE_S = 2.0
"""Seconds between two looks at an idle scanner; a lost one is noticed within this."""

DEFAULT_PROFILE = "newland"


class ScannerAdapter:
    """One scanner.

    Options: ``baudrate``, ``profile`` (a file of config/devices), and over what that says
    ``framing`` (a value of `Framing`) and ``gap_s``.
    """

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._options = options
        self._baudrate = int(options.get("baudrate", "115200"))
        self._line: Line | None = None
        self._scanner: Scanner | None = None
        self._info = ""

    def open(self) -> None:
        """Open the port, ask the scanner who it is, set it; its light is out afterwards."""
        profile = self._profile()
        self._line = open_line(self._port, baudrate=self._baudrate)
        scanner = scanner_on(self._line, self._port, profile)
        info = scanner.identify().info
        scanner.configure()
        scanner.disarm()
        self._info = _described(info, scanner)
        self._scanner = scanner

    def close(self) -> None:
        """Close the port."""
        if self._line is not None:
            self._line.close()
        self._line = self._scanner = None

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Read one code; the time limit is the dispatcher's, which cancels. Or set it anew."""
        del payload
        scanner = self._device()
        if command == RESET:
            scanner.configure()
            scanner.disarm()
            return Outcome()
        scanner.arm()
        emit.state()
        outcome = scanner.read(math.inf, cancelled=cancelled)
        scanner.disarm()
        return _outcome(outcome)

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a scanner that is not there or does not work."""
        del command
        return no_device_outcome(error)

    def poll(self, emit: Emit) -> None:
        """See that the scanner still answers."""
        del emit
        self._device().see_alive()

    def state(self) -> State:
        """Return the state of an open scanner."""
        armed = self._scanner is not None and self._scanner.armed
        word = barcode_reader.Scanner.ON if armed else barcode_reader.Scanner.OFF
        return State(word=DeviceWord.ONLINE, status=status(word))

    def lost(self) -> Payload:
        """Return the status without a scanner."""
        return status(barcode_reader.Scanner.UNKNOWN)

    def model(self) -> Payload:
        """Return what the scanner says of itself, and which settings it does without."""
        return {"modelDescription": self._info} if self._info else {}

    def _profile(self) -> Profile:
        """Return the profile, with what the file of ports says over it."""
        try:
            profile = profiles.load(self._options.get("profile", DEFAULT_PROFILE))
        except ProfileError as error:
            raise DeviceFailed(str(error)) from error
        return replace(
            profile,
            framing=Framing(self._options.get("framing", profile.framing)),
            gap_s=float(self._options.get("gap_s", profile.gap_s)),
        )

    def _device(self) -> Scanner:
        if self._scanner is None:
            raise TransportLost("the scanner is not open")
        return self._scanner


def _described(info: str, scanner: Scanner) -> str:
    """Return what a scanner says of itself, and what it did not take of its profile."""
    lacks = ["settings not taken"] if scanner.as_found else []
    return "; ".join([info, *lacks, *(f"without {one}" for one in scanner.refused)])


def _outcome(outcome: Scan | ScanFailure) -> Outcome:
    """Return how a read ended."""
    if isinstance(outcome, Scan):
        return Outcome(payload={"readOutput": [_read(outcome)]})
    match outcome.problem:
        case ScanProblem.CANCELLED:
            return Outcome(code=CompletionCode.CANCELED)
        case ScanProblem.NO_CODE:
            return Outcome(code=CompletionCode.TIME_OUT)
        case ScanProblem.TOO_LONG:
            return _invalid("longer than any code")
        case ScanProblem.GARBLED:
            return _invalid("damaged on the line, again and again")


def _invalid(why: str) -> Outcome:
    return Outcome(
        code=CompletionCode.COMMAND_ERROR_CODE,
        payload={"errorCode": BARCODE_INVALID},
        description=why,
    )


def _read(scan: Scan) -> dict[str, object]:
    """Return one entry of ``readOutput``."""
    return {
        "symbology": scan.symbology,
        "barcodeData": base64.b64encode(scan.payload).decode("ascii"),
        "symbologyName": scan.mark,
    }
