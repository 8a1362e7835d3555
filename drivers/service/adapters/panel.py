"""Auxiliaries and Lights on an I/O `Board`."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping

from drivers.errors import DeviceError, DeviceFailed, TransportLost
from drivers.panel import board_profile
from drivers.panel.board import Board
from drivers.panel.board_profile import BoardProfile
from drivers.panel.lights import Lamps, UnknownLight
from drivers.panel.sensors import Watch
from drivers.service.adapter import Cancelled, Emit, State, no_device_outcome
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces import auxiliaries, lights
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.lights import LightError
from drivers.transport import Transport

LOOK_S = 0.1
"""Seconds between two looks at the contacts."""

DEFAULT_PROFILE = "cabinet-8"


class PanelAdapter:
    """One board.

    Options: ``profile`` (a file ``config/devices/panel-board-NAME.yaml``), ``baudrate``, and
    ``unit``, the board's address if it is not that of the file.
    """

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = LOOK_S
        self._port = port
        self._name = options.get("profile", DEFAULT_PROFILE)
        self._baudrate = int(options.get("baudrate", "9600"))
        self._unit = options.get("unit")
        self._transport: Transport | None = None
        self._board: Board | None = None
        self._watch = Watch(sensors=())
        self._lamps = Lamps({}, 0)
        self._words: Mapping[str, str] = {}

    def open(self) -> None:
        """Open the port, find the board, and put every light out: they were another visit's."""
        self._words = {}
        profile = self._profile()
        self._transport = Transport.open(self._port, baudrate=self._baudrate)
        board = Board(self._transport, profile, baudrate=self._baudrate)
        board.identify()
        self._watch = Watch(sensors=profile.sensors)
        self._lamps = _lit(board, Lamps(profile.lights, profile.coils.count))
        self._board = board
        self._refresh()

    def close(self) -> None:
        """Close the port; what was seen before is not known any more."""
        self._words = {}
        if self._transport is not None:
            self._transport.close()
        self._transport = self._board = None

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Show lights; the board has switched them when this ends well."""
        del command, emit, cancelled
        board = self._device()
        try:
            wanted = self._lamps.showing(lights.orders(payload))
        except UnknownLight as error:
            return _error(LightError.INVALID_LIGHT, str(error))
        self._lamps = _lit(board, wanted)
        self._plan_look()
        return Outcome()

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report lights that were not switched."""
        del command
        if isinstance(error, TransportLost):
            return no_device_outcome(error)
        return _error(LightError.LIGHT_ERROR, str(error))

    def poll(self, emit: Emit) -> None:
        """Look at the contacts, and keep blinking lights going."""
        self._refresh()
        emit.state()

    def state(self) -> State:
        """Return what the sensors say and how the lights are."""
        return State(
            word=DeviceWord.ONLINE,
            status={**auxiliaries.status(self._words), **lights.status(self._lamps.shown)},
        )

    def lost(self) -> Payload:
        """Return the status without a board: no sensor says anything."""
        return auxiliaries.status({})

    def model(self) -> Payload:
        """Return nothing: such boards do not say who they are."""
        return {}

    def _refresh(self) -> None:
        board = self._device()
        board.switch(self._lamps.coils(time.monotonic()))
        inputs = board.look()
        if inputs is not None:
            self._words = self._watch.look(inputs, time.monotonic())
        self._plan_look()

    def _plan_look(self) -> None:
        self.poll_s = max(0.001, min(LOOK_S, self._lamps.next_change(time.monotonic())))

    def _profile(self) -> BoardProfile:
        try:
            profile = board_profile.load(self._name)
        except board_profile.ProfileError as error:
            raise DeviceFailed(str(error)) from error
        return profile if self._unit is None else dataclasses.replace(profile, unit=int(self._unit))

    def _device(self) -> Board:
        if self._board is None:
            raise TransportLost("the panel is not open")
        return self._board


def _lit(board: Board, lamps: Lamps) -> Lamps:
    """Return lamps once the board shows them; one that stays busy raises `DeviceSilent`."""
    while not board.switch(lamps.coils(time.monotonic())):
        pass  # the board has itself waited
    return lamps


def _error(error: LightError, detail: str) -> Outcome:
    return Outcome(
        code=CompletionCode.COMMAND_ERROR_CODE,
        payload={"errorCode": error},
        description=detail or None,
    )
