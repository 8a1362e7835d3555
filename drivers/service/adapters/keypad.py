"""XKeypad and the headset jack, on a `Keypad`."""

from __future__ import annotations

import time
from collections.abc import Mapping

from drivers.errors import DeviceFailed, TransportLost
from drivers.panel import keypad_profile
from drivers.panel.keypad import Keypad
from drivers.panel.keys import Headset, Key, KeyEvent
from drivers.service.adapter import Emit, State
from drivers.service.adapters.teller import Teller
from drivers.service.envelope import Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.keypad import KEY_EVENT, status

LISTEN_S = 0.2
"""Longest single wait for a key; a key is told at once, a worker told to leave hears it by then."""

BETWEEN_S = 0.001
DEFAULT_PROFILE = "arrows"


class KeypadAdapter(Teller):
    """One pad.

    Options: ``profile``, a file ``config/devices/panel-keypad-NAME.yaml``, and ``second``, the
    pad's other node if it has one.
    """

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = BETWEEN_S
        second = options.get("second")
        self._ports = (port,) if second is None else (port, second)
        self._profile = options.get("profile", DEFAULT_PROFILE)
        self._keypad: Keypad | None = None
        self._model = ""
        self._keys: tuple[Key, ...] = ()

    def open(self) -> None:
        """Open and grab the pad; what was pressed before is not told."""
        try:
            keymap = keypad_profile.load(self._profile)
        except keypad_profile.ProfileError as error:
            raise DeviceFailed(str(error)) from error
        self._keypad = Keypad.open(keymap, *self._ports)
        self._model = self._keypad.model
        self._keys = tuple(key for key in Key if key in keymap.keys.values())

    def close(self) -> None:
        """Close the pad; keys that were down count as released."""
        if self._keypad is not None:
            self._keypad.close()
        self._keypad = None

    def poll(self, emit: Emit) -> None:
        """Wait for keys and tell them to everyone."""
        if self._keypad is None:
            raise TransportLost("the keypad is not open")
        for event in self._keypad.read(time.monotonic() + LISTEN_S):
            if isinstance(event, KeyEvent):
                emit(KEY_EVENT, {"key": event.key, "action": event.action})
            else:
                emit.state()

    def state(self) -> State:
        """Return the state of an open pad; a stuck key is a person's doing, or the key's."""
        pad = self._keypad
        stuck = pad.stuck() if pad else []
        word = DeviceWord.USER_ERROR if stuck else DeviceWord.ONLINE
        return State(
            word=word,
            status=status(pad.headset if pad else Headset.UNKNOWN, stuck, self._keys),
            message=f"a key is down for long: {', '.join(stuck)}" if stuck else "",
        )

    def lost(self) -> Payload:
        """Return the status without a pad."""
        return status(Headset.UNKNOWN)

    def model(self) -> Payload:
        """Return what the pad calls itself."""
        return {"modelName": self._model} if self._model else {}
