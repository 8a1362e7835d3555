"""A simulated tactile pad: the bytes of an input node over a pty, jack included.

A pty cannot be grabbed and cannot be asked for its switches; all else is what the kernel sends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from drivers.panel import keypad_profile
from drivers.panel.input_events import (
    SYN_DROPPED,
    SYN_REPORT,
    EventType,
    InputEvent,
    KeyValue,
)
from drivers.panel.keys import Key
from drivers.simulated.device import Surroundings
from drivers.simulated.faults import FaultKind
from drivers.simulated.flaky import FlakyFaults
from drivers.simulated.pty_port import PtyPort

SUPPORTED_FAULTS = frozenset(
    {FaultKind.SILENCE, FaultKind.GARBAGE, FaultKind.SPLIT, FaultKind.TRUNCATED, FaultKind.UNPLUG}
)

_BOUNCE_S = 0.004
_STRANGER = 30  # KEY_A: a key that no pad has
_NOISE = bytes(range(1, 25))


class SimulatedKeypad:
    """One pad behind `surroundings.link`; option ``profile`` names its codes.

    Commands: ``{"press": key}``, ``{"hold": key}``, ``{"repeat": key}``, ``{"release": key}``,
    ``{"bounce": key}`` (one press of a worn contact), ``{"headset": "in"|"out"}``,
    ``{"stranger": true}`` (a key of no pad), ``{"overrun": true}`` (the kernel dropped events),
    ``{"unplug": true}``, ``{"replug": true}``, and faults.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        name = str(surroundings.options.get("profile", "arrows"))
        self._map = keypad_profile.load(name)
        self._codes = {key: code for code, key in self._map.keys.items()}
        self.port = PtyPort(surroundings.link, surroundings.baud)
        self.faults = FlakyFaults(
            SUPPORTED_FAULTS, [FaultKind.SPLIT, FaultKind.SILENCE], surroundings.seed
        )
        self._lock = threading.RLock()
        self._headset = False
        self._held: set[Key] = set()
        self._sent = 0
        self.port.start(lambda _: None)

    def state(self) -> dict[str, object]:
        """Return what the control page shows."""
        with self._lock:
            return {
                "plugged": self.port.plugged,
                "keys": sorted(self._codes),
                "held": sorted(self._held),
                "headset": self._headset,
                "sent": self._sent,
                "faults": self.faults.waiting(),
                "flaky": self.faults.chance,
            }

    def control(self, command: Mapping[str, object]) -> None:
        """Do what a hand, a headset or a fault would."""
        acts: dict[str, Callable[[object], None]] = {
            "press": lambda key: self._touch(key, KeyValue.DOWN, KeyValue.UP),
            "hold": lambda key: self._touch(key, KeyValue.DOWN),
            "repeat": lambda key: self._touch(key, KeyValue.REPEAT),
            "release": lambda key: self._touch(key, KeyValue.UP),
            "bounce": self._bounce,
            "headset": self._plug_headset,
            "stranger": lambda _: self._send(
                [(_STRANGER, KeyValue.DOWN), (_STRANGER, KeyValue.UP)]
            ),
            "overrun": lambda _: self._overrun(),
            "unplug": lambda _: self.port.unplug(),
            "replug": lambda _: self.port.replug(),
        }
        with self._lock:
            for name, act in acts.items():
                if name in command:
                    act(command[name])
                    return
            if not self.faults.add(command):
                raise ValueError("not understood: " + ", ".join(sorted(command)))

    def close(self) -> None:
        """End the simulation and remove the link."""
        self.port.close()

    def _code(self, key: object) -> int:
        code = self._codes.get(Key(str(key)))
        if code is None:
            raise ValueError(f"this pad has no key {key}")
        return code

    def _touch(self, key: object, *values: KeyValue) -> None:
        code = self._code(key)
        for value in values:
            self._send([(code, value)])
            (self._held.discard if value is KeyValue.UP else self._held.add)(Key(str(key)))

    def _bounce(self, key: object) -> None:
        """Press once with a contact that opens and closes twice more."""
        code, now = self._code(key), time.monotonic()
        steps = [KeyValue.DOWN, KeyValue.UP] * 3
        events = [
            InputEvent(type=EventType.KEY, code=code, value=value, at_s=now + number * _BOUNCE_S)
            for number, value in enumerate(steps)
        ]
        self._write(b"".join(event.pack() + _report(event.at_s) for event in events))

    def _plug_headset(self, where: object) -> None:
        if where not in {"in", "out"}:
            raise ValueError("headset is in or out")
        self._headset = where == "in"
        if self._map.switch is not None:
            self._write(_event(EventType.SW, self._map.switch, int(self._headset)))
            return
        code = self._map.inserted if self._headset else self._map.removed
        if code is not None:
            self._send([(code, KeyValue.DOWN), (code, KeyValue.UP)])

    def _overrun(self) -> None:
        self._held.clear()
        self._write(_event(EventType.SYN, SYN_DROPPED, 0))

    def _send(self, keys: list[tuple[int, KeyValue]]) -> None:
        self._write(b"".join(_event(EventType.KEY, code, value) for code, value in keys))

    def _write(self, data: bytes) -> None:
        fault = self.faults.take(at_work=True)
        self._sent += 1
        match fault.kind if fault else None:
            case FaultKind.SILENCE:
                return
            case FaultKind.GARBAGE:
                self.port.write(_NOISE + data)
            case FaultKind.TRUNCATED:
                self.port.write(data[: len(data) // 2 + 1])
            case FaultKind.SPLIT:
                for at in range(len(data)):
                    self.port.write(data[at : at + 1])
            case FaultKind.UNPLUG:
                self.port.write(data[: int(fault.detail or len(data) // 2) if fault else 0])
                self.port.unplug()
            case _:
                self.port.write(data)


def _event(kind: EventType, code: int, value: int) -> bytes:
    now = time.monotonic()
    return InputEvent(type=kind, code=code, value=value, at_s=now).pack() + _report(now)


def _report(at_s: float) -> bytes:
    return InputEvent(type=EventType.SYN, code=SYN_REPORT, value=0, at_s=at_s).pack()
