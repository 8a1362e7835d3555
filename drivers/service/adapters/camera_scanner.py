"""BarcodeReader on a `CodeCamera`: looking while a command waits, blind otherwise."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping

from drivers.camera.source import Setup
from drivers.decoder.codes import Code, Symbology
from drivers.decoder.device import SETUP, CodeCamera, ReadFailure
from drivers.errors import DeviceError, TransportLost
from drivers.service.adapter import Cancelled, Emit, State, no_device_outcome
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.barcode_reader import Scanner, status
from drivers.service.interfaces.camera_scanner import RESET, wanted
from drivers.service.interfaces.common import DeviceWord

IDLE_S = 1.0
"""Seconds between two looks at the camera's health."""


class CameraScannerAdapter:
    """One camera; options ``width`` and ``height`` in dots."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._setup = Setup(
            width=round(float(options.get("width", SETUP.width))),
            height=round(float(options.get("height", SETUP.height))),
        )
        self._camera: CodeCamera | None = None
        self._tried = False

    def open(self) -> None:
        """Open the camera and see that its picture lives."""
        self._tried = True
        self._camera = CodeCamera.open(self._port, self._setup)

    def close(self) -> None:
        """Let go of the camera and end the decoding process."""
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Read the codes of one frame; the time limit is the dispatcher's, which cancels.

        A reset opens the camera anew, with a fresh decoding process.
        """
        if command == RESET:
            self.close()
            self.open()
            return Outcome()
        camera = self._device()
        camera.arm(frozenset(map(Symbology, wanted(payload))))
        try:
            emit.state()
            outcome = camera.read(math.inf, cancelled=cancelled)
        finally:
            camera.disarm()
        if isinstance(outcome, ReadFailure):
            return Outcome(code=CompletionCode.CANCELED)
        return Outcome(payload={"readOutput": [_read(code) for code in outcome]})

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a camera that is not there or does not work."""
        del command
        return no_device_outcome(error)

    def poll(self, emit: Emit) -> None:
        """See that the picture still lives."""
        del emit
        self._device().check()

    def state(self) -> State:
        """Return the state of an open camera."""
        armed = self._camera is not None and self._camera.armed
        return State(word=DeviceWord.ONLINE, status=status(Scanner.ON if armed else Scanner.OFF))

    def lost(self) -> Payload:
        """Return the status without a camera: not looked yet, or looked and found wanting."""
        return status(Scanner.INOPERATIVE if self._tried else Scanner.UNKNOWN)

    def model(self) -> Payload:
        """Return nothing: the video interface tells no serial."""
        return {}

    def _device(self) -> CodeCamera:
        if self._camera is None:
            raise TransportLost("the camera is not open")
        return self._camera


def _read(code: Code) -> dict[str, object]:
    """Return one entry of ``readOutput``."""
    return {
        "symbology": code.symbology,
        "barcodeData": base64.b64encode(code.data).decode("ascii"),
        "symbologyName": code.symbology,
    }
