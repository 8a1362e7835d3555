"""BarcodeReader on a `Scanner`: armed while a command waits, deaf otherwise."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping

from drivers.errors import DeviceError, TransportLost
from drivers.scanner.codec import Framing
from drivers.scanner.device import GAP_S, Scan, Scanner, ScanProblem
from drivers.service.adapter import Cancelled, Emit, State, no_device_outcome
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces import barcode_reader
from drivers.service.interfaces.barcode_reader import BARCODE_INVALID, UNKNOWN_SYMBOLOGY, status
from drivers.service.interfaces.common import DeviceWord
from drivers.transport import Transport

IDLE_S = 2.0
"""Seconds between two looks at an idle scanner; a lost one is noticed within this."""


class ScannerAdapter:
    """One scanner; options ``baudrate``, ``framing`` (a value of `Framing`) and ``gap_s``."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._baudrate = int(options.get("baudrate", "115200"))
        self._framing = Framing(options.get("framing", "suffix"))
        self._gap_s = float(options.get("gap_s", GAP_S))
        self._transport: Transport | None = None
        self._scanner: Scanner | None = None
        self._info = ""

    def open(self) -> None:
        """Open the port and ask the scanner who it is; its light is out afterwards."""
        self._transport = Transport.open(self._port, baudrate=self._baudrate)
        scanner = Scanner(self._transport, framing=self._framing, gap_s=self._gap_s)
        self._info = scanner.identify().info
        scanner.disarm()
        self._scanner = scanner

    def close(self) -> None:
        """Close the port."""
        if self._transport is not None:
            self._transport.close()
        self._transport = self._scanner = None

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Read one code; the time limit is the dispatcher's, which cancels."""
        del command, payload
        scanner = self._device()
        scanner.arm()
        emit.state()
        outcome = scanner.read(math.inf, cancelled=cancelled)
        scanner.disarm()
        if isinstance(outcome, Scan):
            return Outcome(payload={"readOutput": [_read(outcome)]})
        match outcome.problem:
            case ScanProblem.CANCELLED:
                return Outcome(code=CompletionCode.CANCELED)
            case ScanProblem.NO_CODE:
                return Outcome(code=CompletionCode.TIME_OUT)
            case ScanProblem.TOO_LONG:
                return Outcome(
                    code=CompletionCode.COMMAND_ERROR_CODE,
                    payload={"errorCode": BARCODE_INVALID},
                    description="longer than any code",
                )

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a scanner that is not there or does not work."""
        del command
        return no_device_outcome(error)

    def poll(self, emit: Emit) -> None:
        """See that the scanner still answers."""
        del emit
        self._device().identify()

    def state(self) -> State:
        """Return the state of an open scanner."""
        armed = self._scanner is not None and self._scanner.armed
        word = barcode_reader.Scanner.ON if armed else barcode_reader.Scanner.OFF
        return State(word=DeviceWord.ONLINE, status=status(word))

    def lost(self) -> Payload:
        """Return the status without a scanner."""
        return status(barcode_reader.Scanner.UNKNOWN)

    def model(self) -> Payload:
        """Return what the scanner says of itself."""
        return {"modelDescription": self._info} if self._info else {}

    def _device(self) -> Scanner:
        if self._scanner is None:
            raise TransportLost("the scanner is not open")
        return self._scanner


def _read(scan: Scan) -> dict[str, object]:
    """Return one entry of ``readOutput``; the module does not tell the symbology."""
    return {
        "symbology": UNKNOWN_SYMBOLOGY,
        "barcodeData": base64.b64encode(scan.payload).decode("ascii"),
        "symbologyName": "",
    }
