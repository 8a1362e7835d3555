"""Auxiliaries and XUps on a `Ups`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from drivers.errors import DeviceFailed, TransportLost
from drivers.service.adapter import Cancelled, Emit
from drivers.service.adapter import State as DeviceState
from drivers.service.adapters.teller import Teller
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.ups import POWER_EVENT, TEST, TestError, status
from drivers.transport import Transport
from drivers.ups import profiles
from drivers.ups.device import TestEnd, Ups, make
from drivers.ups.power import Health, Judge, Power, State

LOOK_S = 0.5
"""Seconds between two readings; three equal ones make a state, so it is told within two seconds."""

DEFAULT_PROFILE = "megatec"

_SAYING: Final = frozenset({TestEnd.PASSED, TestEnd.WEAK, TestEnd.FAILED})
"""Ends of a test that say something of the battery."""


class UpsAdapter(Teller):
    """One UPS.

    Options: ``profile``, a file ``config/devices/ups-NAME.yaml``, and ``look_s``, the seconds
    between two readings.
    """

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = float(options.get("look_s", LOOK_S))
        self._port = port
        self._name = options.get("profile", DEFAULT_PROFILE)
        self._transport: Transport | None = None
        self._ups: Ups | None = None
        self._judge = Judge()
        self._model = ""
        self._tested = ""
        """How the last test ended that said something; a line that broke changes no battery."""

    def open(self) -> None:
        """Open the port and find the UPS answering; what was known of the power is forgotten."""
        try:
            profile = profiles.load(self._name)
        except profiles.ProfileError as error:
            raise DeviceFailed(str(error)) from error
        self._transport = Transport.open(self._port, baudrate=profile.baudrate)
        ups = make(self._transport, profile)
        self._model = ups.identify()
        self._judge = Judge()
        self._ups = ups

    def close(self) -> None:
        """Close the port."""
        if self._transport is not None:
            self._transport.close()
        self._transport = self._ups = None

    def poll(self, emit: Emit) -> None:
        """Ask once, and tell a change of the power that is certain."""
        if self._ups is None:
            raise TransportLost("the ups is not open")
        before = self._judge.state.reading.power
        reading = self._judge.take(self._ups.read(), time.monotonic()).reading
        if reading.power not in {before, Power.UNKNOWN}:
            minutes = reading.minutes_left
            left = {} if minutes is None else {"minutesLeft": int(minutes)}
            emit.state()  # first, so that who hears the event finds it in the status
            emit(POWER_EVENT, {"power": reading.power, **left})

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Try the battery; a change of the power meanwhile ends it, and is told by the next look.

        The readings of a test count for nothing: its battery is used, and mains are there.
        """
        if command != TEST:
            return super().run(command, payload, emit, cancelled)
        reading = self._judge.state.reading
        if reading.power is not Power.ON_LINE or reading.battery_low:
            return _error(TestError.NOT_NOW)
        end = self._ups.test(cancelled) if self._ups is not None else TestEnd.NOT_OFFERED
        if end is TestEnd.CANCELLED:
            return Outcome(code=CompletionCode.CANCELED)
        if end is TestEnd.NOT_OFFERED:
            return _error(TestError.NOT_OFFERED)
        if end in _SAYING:
            self._tested = end.value
            emit.state()
        return Outcome(payload={"result": end.value})

    def state(self) -> DeviceState:
        """Return what holds; a UPS that says it failed is one."""
        state = self._judge.state
        failed = state.reading.health is Health.FAULT
        testable = self._ups is not None and self._ups.testable
        return DeviceState(
            word=DeviceWord.HARDWARE_ERROR if failed else DeviceWord.ONLINE,
            status=status(state, self_test=testable, tested=self._tested),
            message="the ups reports a fault" if failed else "",
        )

    def lost(self) -> Payload:
        """Return the status without a UPS: where the power comes from, nobody knows."""
        return status(State())

    def model(self) -> Payload:
        """Return what the UPS says of itself."""
        return {"modelDescription": self._model} if self._model else {}


def _error(error: TestError) -> Outcome:
    return Outcome(code=CompletionCode.COMMAND_ERROR_CODE, payload={"errorCode": error})
