"""A simulated scanner: Newland's commands and any payload, over a pty.

A code that is *shown* stays in view until it is read, hidden, or its time is over, and is read only
while the scanner is triggered; a scanner in presentation mode sends what it sees at once, asked or
not, which is how a code leaks to the next citizen when a driver is careless.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from drivers.scanner.codec import ALIVE, ASK_ALIVE, Command, Verdict, command_reply
from drivers.simulated.faults import Fault, FaultKind, FaultPlan
from drivers.simulated.pty_port import PtyPort

INFO = b"Yiduan simulated scanner 1.0"

HOLD_S = 10.0
"""How long a shown code stays in view."""

SUPPORTED_FAULTS = frozenset(
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

_REQUEST = re.compile(rb"~\x010000([@#][^;]*);\x03|\?")
_NOISE = b"\x00\xff\x7f"
_LONGEST_REQUEST = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """A code in view. `until` is a `time.monotonic()` instant."""

    payload: bytes
    repeat: int
    until: float


class SimulatedScanner:
    """One scanner behind `link`.

    Args:
        link: Symbolic link a driver opens.
        pace_baud: Line speed to imitate, in bits a second; None sends at once.
        suffix: What is sent after a payload: CR, LF, both or nothing.
    """

    def __init__(self, link: Path, pace_baud: int | None = None, *, suffix: bytes = b"\r") -> None:
        self.port = PtyPort(link, pace_baud)
        self.faults = FaultPlan(SUPPORTED_FAULTS)
        self._suffix = suffix
        self._lock = threading.RLock()
        self._pending = b""
        self._triggered = False
        self._shown: _Shown | None = None
        self._sent = 0
        self.port.start(self._on_bytes)

    @property
    def triggered(self) -> bool:
        """Whether the light is on."""
        return self._triggered

    @property
    def sent(self) -> int:
        """How many payloads were sent since the start."""
        return self._sent

    @property
    def in_view(self) -> bytes | None:
        """The code in view and unread."""
        with self._lock:
            shown = self._visible()
            return shown.payload if shown else None

    def show(self, payload: bytes, *, repeat: int = 1, hold_s: float = HOLD_S) -> None:
        """Hold a code up: it is sent now when the scanner looks, else as soon as it does.

        Args:
            payload: The bytes of the code.
            repeat: How often the scanner sends it in one burst.
            hold_s: Seconds until it is taken away unread.
        """
        with self._lock:
            self._shown = _Shown(payload=payload, repeat=repeat, until=time.monotonic() + hold_s)
            self._look()

    def hide(self) -> None:
        """Take the code away."""
        with self._lock:
            self._shown = None

    def present(self, payload: bytes, *, repeat: int = 1) -> None:
        """Send a code whether the scanner was asked to look or not, as in presentation mode."""
        with self._lock:
            self._send(payload, repeat)

    def close(self) -> None:
        """End the simulation and remove the link."""
        self.port.close()

    def _visible(self) -> _Shown | None:
        if self._shown and time.monotonic() > self._shown.until:
            self._shown = None
        return self._shown

    def _look(self) -> None:
        """Send the code in view when the light is on; the light goes out, the code was read."""
        shown = self._visible()
        if shown and self._triggered:
            self._triggered = False
            self._shown = None
            self._send(shown.payload, shown.repeat)

    def _send(self, payload: bytes, repeat: int) -> None:
        fault = self.faults.take(at_work=True)
        for _ in range(repeat):
            self._answer(payload + self._suffix, fault)
        self._sent += 1

    def _on_bytes(self, data: bytes) -> None:
        with self._lock:
            self._pending += data
            end = 0
            for match in _REQUEST.finditer(self._pending):
                end = match.end()
                self._serve(match)
            self._pending = self._pending[end:][-_LONGEST_REQUEST:]

    def _serve(self, match: re.Match[bytes]) -> None:
        fault = self.faults.take(at_work=False)
        if match[0] == ASK_ALIVE:
            self._answer(ALIVE, fault)
            return
        sent: bytes = match[1]
        known = {name.value: name for name in Command}.get(sent[1:].decode("ascii", "replace"))
        verdict = Verdict.ACCEPTED if known else Verdict.UNKNOWN_COMMAND
        if fault and fault.kind is FaultKind.STATUS:
            verdict = Verdict.BAD_VALUE
        info = INFO if known is Command.SYSTEM_INFO else b""
        self._answer(command_reply(sent, verdict, info), fault)
        if verdict is Verdict.ACCEPTED and known in {Command.START, Command.STOP}:
            self._triggered = known is Command.START
            self._look()

    def _answer(self, data: bytes, fault: Fault | None) -> None:
        """Send `data` the way `fault` wants it."""
        match fault.kind if fault else None:
            case FaultKind.SILENCE:
                return
            case FaultKind.TRUNCATED:
                self.port.write(data[: len(data) // 2])
            case FaultKind.GARBAGE:
                self.port.write(_NOISE + data)
            case FaultKind.FOREIGN:
                self.port.write(command_reply(b"@QRYPDN", Verdict.ACCEPTED))
            case FaultKind.SPLIT:
                for at in range(len(data)):
                    self.port.write(data[at : at + 1])
            case FaultKind.UNPLUG:
                self.port.write(data[: int(fault.detail or len(data) // 2) if fault else 0])
                self.port.unplug()
            case _:
                self.port.write(data)
