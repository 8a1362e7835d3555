"""What the simulated scanners of every family have in common: codes in view, a light, accidents.

A code that is *shown* stays in view until it is read, hidden, or its time is over, and is read only
while the scanner is triggered; a scanner in presentation mode sends what it sees at once, asked or
not, which is how a code leaks to the next citizen when a driver is careless.

What the module was set to is in its memory: a pulled plug, or `power_cycle`, forgets it.
"""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.simulated.device import Surroundings
from drivers.simulated.faults import Fault, FaultKind
from drivers.simulated.flaky import FlakyFaults
from drivers.simulated.pty_port import PtyPort

HOLD_S = 10.0
"""How long a shown code stays in view."""

USB_PIECE: Final = 64
"""Bytes a USB module hands over at a time."""

SUPPORTED_FAULTS: Final = frozenset(
    {
        FaultKind.SILENCE,
        FaultKind.TRUNCATED,
        FaultKind.GARBAGE,
        FaultKind.FOREIGN,
        FaultKind.STATUS,
        FaultKind.SPLIT,
        FaultKind.UNPLUG,
    }
)
FLAKY: Final = (FaultKind.SILENCE, FaultKind.TRUNCATED, FaultKind.GARBAGE, FaultKind.SPLIT)
"""What a flaky module does now and then."""

NOISE: Final = b"\x00\xff\x7f"
LONGEST_REQUEST: Final = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """A code somebody holds up. `until` is a `time.monotonic()` instant."""

    payload: bytes
    symbology: str = "qrCode"
    repeat: int = 1
    until: float = 0.0


class SimulatedModule:
    """One scanner behind `link`; a family says how it hears and what it sends.

    Args:
        link: Symbolic link a driver opens.
        pace_baud: Line speed to imitate, in bits a second; None sends at once.
        faults: The kinds of fault it can show.
        seed: Where its chance begins.
    """

    def __init__(
        self,
        link: Path,
        pace_baud: int | None = None,
        *,
        faults: frozenset[FaultKind] = SUPPORTED_FAULTS,
        seed: int = 0,
    ) -> None:
        self.port = PtyPort(link, pace_baud)
        self._paced = pace_baud is not None
        self.faults = FlakyFaults(faults, FLAKY, seed)
        self._lock = threading.RLock()
        self._settings: dict[str, str] = {}
        self._triggered = False
        self._shown: Code | None = None
        self._sent = 0
        self.port.start(self._on_bytes)

    @classmethod
    def simulated(cls, around: Surroundings) -> SimulatedModule:
        """Build it from its entry of the file of simulated devices."""
        raise NotImplementedError

    @property
    def triggered(self) -> bool:
        """Whether the light is on."""
        return self._triggered

    @property
    def sent(self) -> int:
        """How many payloads were sent since the start."""
        return self._sent

    @property
    def settings(self) -> Mapping[str, str]:
        """What it was set to since it has power."""
        return dict(self._settings)

    @property
    def in_view(self) -> bytes | None:
        """The code in view and unread."""
        with self._lock:
            shown = self._visible()
            return shown.payload if shown else None

    def show(
        self, payload: bytes, *, repeat: int = 1, hold_s: float = HOLD_S, symbology: str = "qrCode"
    ) -> None:
        """Hold a code up: it is sent now when the scanner looks, else as soon as it does.

        Args:
            payload: The bytes of the code.
            repeat: How often the scanner sends it in one burst.
            hold_s: Seconds until it is taken away unread.
            symbology: What kind of code it is, in the standard's word.
        """
        until = time.monotonic() + hold_s
        with self._lock:
            self._shown = Code(payload=payload, symbology=symbology, repeat=repeat, until=until)
            self._look()

    def hide(self) -> None:
        """Take the code away."""
        with self._lock:
            self._shown = None

    def present(self, payload: bytes, *, repeat: int = 1, symbology: str = "qrCode") -> None:
        """Send a code whether the scanner was asked to look or not, as in presentation mode."""
        with self._lock:
            self._send(Code(payload=payload, symbology=symbology, repeat=repeat))

    def power_cycle(self) -> None:
        """Take its power away for a moment: the port stays, what it was set to is gone."""
        with self._lock:
            self._settings.clear()
            self._triggered = False

    def state(self) -> dict[str, object]:
        """Return what the control page shows of it."""
        code = self.in_view
        return {
            "plugged": self.port.plugged,
            "triggered": self.triggered,
            "in_view": code is not None,
            "code": code.decode(errors="replace") if code else None,
            "sent": self.sent,
            "settings": dict(self._settings),
            "faults": self.faults.waiting(),
        }

    def control(self, command: Mapping[str, object]) -> None:
        """Do what a person or a fault would.

        ``{"show": text or {"base64"}, "repeat"?, "seconds"?, "symbology"?, "presentation"?}``,
        ``{"hide": true}``, ``{"power_cycle": true}``, ``{"unplug": true}``, ``{"replug": true}``,
        and the faults of `FlakyFaults.add`.

        Raises:
            ValueError: The command cannot be understood; nothing was done.
        """
        if "show" in command:
            self._show(command)
        elif command.get("hide"):
            self.hide()
        elif command.get("power_cycle"):
            self.power_cycle()
        elif not self.faults.add(command):
            self._plug(command)

    def close(self) -> None:
        """End the simulation and remove the link."""
        self.port.close()

    def _hear(self, data: bytes) -> None:
        """Take what the host sent."""
        raise NotImplementedError

    def _framed(self, code: Code) -> bytes:
        """Return what is sent for a code."""
        raise NotImplementedError

    def _foreign(self) -> bytes:
        """Return a whole reply that answers something else."""
        raise NotImplementedError

    def _on_bytes(self, data: bytes) -> None:
        with self._lock:
            self._hear(data)

    def _trigger(self, *, on: bool) -> None:
        self._triggered = on
        self._look()

    def _visible(self) -> Code | None:
        if self._shown and time.monotonic() > self._shown.until:
            self._shown = None
        return self._shown

    def _look(self) -> None:
        """Send the code in view when the light is on; the light goes out, the code was read."""
        shown = self._visible()
        if shown and self._triggered:
            self._triggered = False
            self._shown = None
            self._send(shown)

    def _send(self, code: Code) -> None:
        fault = self.faults.take(at_work=True)
        for _ in range(code.repeat):
            self._answer(self._framed(code), fault)
        self._sent += 1

    def _answer(self, data: bytes, fault: Fault | None) -> None:
        """Send `data` the way `fault` wants it."""
        match fault.kind if fault else None:
            case FaultKind.SILENCE:
                return
            case FaultKind.TRUNCATED:
                self._write(data[: len(data) // 2])
            case FaultKind.GARBAGE:
                self._write(NOISE + data)
            case FaultKind.FOREIGN:
                self._write(self._foreign())
            case FaultKind.SPLIT:
                for at in range(len(data)):
                    self._write(data[at : at + 1])
            case FaultKind.UNPLUG:
                self._write(data[: int(fault.detail or len(data) // 2) if fault else 0])
                self.power_cycle()
                self.port.unplug()
            case _:
                self._write(data)

    def _write(self, data: bytes) -> None:
        """Send at the line's pace, or in the pieces of a USB module."""
        piece = len(data) if self._paced else USB_PIECE
        for at in range(0, len(data), max(1, piece)):
            self.port.write(data[at : at + piece])

    def _show(self, command: Mapping[str, object]) -> None:
        payload = _payload(command["show"])
        repeat = max(1, int(_number(command, "repeat", 1, 100)))
        symbology = str(command.get("symbology", "qrCode"))
        if command.get("presentation"):
            self.present(payload, repeat=repeat, symbology=symbology)
            return
        hold_s = _number(command, "seconds", HOLD_S, 600)
        self.show(payload, repeat=repeat, hold_s=hold_s, symbology=symbology)

    def _plug(self, command: Mapping[str, object]) -> None:
        if command.get("unplug"):
            self.power_cycle()
            self.port.unplug()
        elif command.get("replug"):
            self.port.replug()
        else:
            raise ValueError("not understood: " + ", ".join(sorted(command)))


def _payload(show: object) -> bytes:
    """Return the bytes of a code given as text or as `{"base64": …}`."""
    if isinstance(show, str) and show:
        return show.encode()
    encoded = show.get("base64") if isinstance(show, Mapping) else None
    if not isinstance(encoded, str) or not encoded:
        raise ValueError("show is a text or an object with base64")
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("base64 is not base64") from error


def _number(command: Mapping[str, object], key: str, default: float, most: float) -> float:
    value = command.get(key, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{key} is a number up to {most:g}")
    return value
