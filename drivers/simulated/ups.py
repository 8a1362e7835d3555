"""A simulated UPS: a battery, and one of two ways to be asked about it.

`SimulatedUps` speaks Megatec over a pty; with option ``protocol: nut`` it is a NUT server with one
UPS on the loopback address.  The battery drains by the readings, not by the clock: each look on
battery takes what ``drain`` says, so a run can be repeated.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Protocol

from drivers.simulated.device import Surroundings
from drivers.simulated.faults import Fault, FaultKind
from drivers.simulated.flaky import FlakyFaults
from drivers.simulated.pty_port import PtyPort
from drivers.ups.megatec import Bit

SUPPORTED_FAULTS = frozenset(
    {
        FaultKind.FOREIGN,
        FaultKind.GARBAGE,
        FaultKind.SILENCE,
        FaultKind.SPLIT,
        FaultKind.STATUS,
        FaultKind.TRUNCATED,
        FaultKind.UNPLUG,
    }
)
_BY_CHANCE = (FaultKind.SILENCE, FaultKind.TRUNCATED, FaultKind.FOREIGN, FaultKind.STATUS)
_LOW_PERCENT = 20
_FULL_MINUTES = 30
_LONGEST_QUESTION = 128
TEST_LOOKS = 5
"""A test is over after so many looks, whatever the clock says."""


class _Battery:
    """Mains, battery and charger."""

    def __init__(self) -> None:
        self.mains = True
        self.charge = 100.0
        self.drain = 0.0
        self.broken = False
        self.charging = True
        self.ending = False
        self.testing = 0
        """Looks until a test is over."""

    def look(self) -> None:
        """Drain by what one look costs."""
        self.testing = max(0, self.testing - 1)
        if not self.mains or self.testing:
            self.charge = max(0.0, self.charge - self.drain)

    @property
    def low(self) -> bool:
        return self.charge <= _LOW_PERCENT

    def control(self, command: Mapping[str, object]) -> bool:
        """Take what the mains, battery or charger do; whether one of them was named."""
        known = {"power", "charge", "drain", "broken", "charger", "shutdown"} & set(command)
        if "power" in known:
            self.mains = _one_of(command["power"], "back", "lost") == "back"
        if "charger" in known:
            self.charging = _one_of(command["charger"], "ok", "trouble") == "ok"
        for name in known & {"charge", "drain"}:
            setattr(self, name, _percent(name, command[name]))
        if "broken" in known:
            self.broken = bool(command["broken"])
        if "shutdown" in known:
            self.ending = bool(command["shutdown"])
        return bool(known)


class _Line(Protocol):
    """Where answers go."""

    def write(self, data: bytes) -> int: ...
    def unplug(self) -> None: ...


class SimulatedUps:
    """One UPS; options ``protocol`` (megatec, nut), ``name`` (of the UPS in NUT), ``tcp_port``.

    Commands: ``{"power": "lost"|"back"}``, ``{"charge": percent}``, ``{"drain": percent a look}``,
    ``{"broken": true}``, ``{"charger": "trouble"|"ok"}``, ``{"shutdown": true}`` (it counts down to
    cutting the power), ``{"unplug": true}``, ``{"replug": true}``, and faults. Fault ``status`` is
    one answer that says the mains failed (a glitch); ``foreign`` is an answer that says nothing: an
    echo, or DATA-STALE.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        options = surroundings.options
        self.faults = FlakyFaults(SUPPORTED_FAULTS, _BY_CHANCE, surroundings.seed)
        self._battery = _Battery()
        self._lock = threading.RLock()
        self._nut = options.get("protocol") == "nut"
        self._name = str(options.get("name", "kiosk"))
        self._pending = b""
        self._looks = 0
        self._server: _Server | None = None
        self._port: PtyPort | None = None
        if self._nut:
            self._server = _Server(self, int(str(options.get("tcp_port", 0))))
        else:
            self._port = PtyPort(surroundings.link, surroundings.baud)
            port = self._port
            port.start(lambda data: self.asked(data, port))

    @property
    def url(self) -> str:
        """What a driver opens when this is a NUT server."""
        return f"socket://127.0.0.1:{self._server.port if self._server else 0}"

    def state(self) -> dict[str, object]:
        """Return what the control page shows."""
        with self._lock:
            battery, port = self._battery, self._server or self._port
            return {
                "plugged": port is not None and port.plugged,
                "mains": battery.mains,
                "charge": battery.charge,
                "low": battery.low,
                "broken": battery.broken,
                "charging": battery.charging,
                "ending": battery.ending,
                "testing": bool(battery.testing),
                "looks": self._looks,
                "faults": self.faults.waiting(),
                "flaky": self.faults.chance,
            }

    def control(self, command: Mapping[str, object]) -> None:
        """Do what the mains, a battery or a fault would."""
        port = self._server or self._port
        with self._lock:
            if self._battery.control(command):
                return
        if command.get("unplug") and port:
            port.unplug()
        elif command.get("replug") and port:
            port.replug()
        elif not self.faults.add(command):
            raise ValueError("not understood: " + ", ".join(sorted(command)))

    def close(self) -> None:
        """End the simulation."""
        for port in (self._server, self._port):
            if port is not None:
                port.close()

    def asked(self, data: bytes, line: _Line) -> None:
        """Take bytes of a driver and answer the questions in them."""
        end = b"\n" if self._nut else b"\r"
        with self._lock:
            *questions, rest = (self._pending + data).split(end)
            self._pending = rest[-_LONGEST_QUESTION:]
            for question in questions:
                self._answer(question.decode("ascii", "replace").strip(), line)

    def _answer(self, question: str, line: _Line) -> None:
        looking = question == "Q1" or question.endswith("ups.status")
        fault = self.faults.take(at_work=looking)
        if looking:
            self._looks += 1
            self._battery.look()
        glitch = fault is not None and fault.kind is FaultKind.STATUS
        answer = self._nut_line(question, glitch) if self._nut else self._megatec(question, glitch)
        if not answer:
            return
        if fault and fault.kind is FaultKind.FOREIGN:
            answer = "ERR DATA-STALE" if self._nut else question
        _send(line, answer.encode("ascii", "replace") + (b"\n" if self._nut else b"\r"), fault)

    def _megatec(self, question: str, glitch: bool) -> str:
        battery = self._battery
        match question:
            case "Q1":
                bits = Bit.STANDBY_TYPE | Bit.BEEPER_ON
                bits |= Bit.MAINS_FAILED if glitch or not battery.mains else Bit(0)
                bits |= Bit.BATTERY_LOW if battery.low else Bit(0)
                bits |= Bit.FAILED if battery.broken else Bit(0)
                bits |= Bit.TESTING if battery.testing else Bit(0)
                bits |= Bit.SHUTTING_DOWN if battery.ending else Bit(0)
                volts = 220.5 if battery.mains else 0.0
                cell = 21.0 + battery.charge * 0.06
                return f"({volts:05.1f} 140.0 220.4 034 49.9 {cell:04.1f} 25.0 {bits:08b}"
            case "T":
                battery.testing = TEST_LOOKS
                return ""
            case "CT":
                battery.testing = 0
                return ""
            case "F":
                return "#220.0 003 24.00 50.0"
            case "I":
                return f"#{'Yiduan':15} {'Simulated':10} {'1.0':10}"
            case _:
                return question

    def _nut_line(self, question: str, glitch: bool) -> str:
        asked, _, rest = question.partition(" VAR ")
        name, _, variable = rest.partition(" ")
        if asked != "GET":
            return "ERR UNKNOWN-COMMAND"
        if name != self._name:
            return "ERR UNKNOWN-UPS"
        value = self._variables(glitch).get(variable)
        return "ERR VAR-NOT-SUPPORTED" if value is None else f'VAR {name} {variable} "{value}"'

    def _variables(self, glitch: bool) -> dict[str, str]:
        battery = self._battery
        words = ["OL" if battery.mains and not glitch else "OB"]
        words += ["LB"] if battery.low else []
        words += ["FSD"] if battery.ending else []
        words += ["RB"] if not battery.charging else []
        words += ["ALARM"] if battery.broken else []
        return {
            "ups.status": " ".join(words),
            "battery.charge": f"{battery.charge:.0f}",
            "battery.runtime": f"{battery.charge * _FULL_MINUTES * 0.6:.0f}",
            "ups.load": "34",
            "device.mfr": "Yiduan",
            "device.model": "Simulated",
        }


class _Server:
    """The NUT server's socket: one client at a time, as long as the plug is in."""

    def __init__(self, ups: SimulatedUps, port: int) -> None:
        self._ups = ups
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._client: socket.socket | None = None
        self._closed = False
        self._listen()

    @property
    def plugged(self) -> bool:
        """Whether the server runs."""
        return self._listener.fileno() >= 0

    def write(self, data: bytes) -> int:
        """Send to the present client."""
        client = self._client
        if client is not None:
            with contextlib.suppress(OSError):
                client.sendall(data)
        return len(data)

    def unplug(self) -> None:
        """End the server: the client is hung up on, nobody can connect."""
        with self._lock:
            for end in (self._listener, self._client):
                if end is not None:
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)
                    end.close()
            self._client = None

    def replug(self) -> None:
        """Start the server again at the same port; nothing when it runs."""
        with self._lock:
            if self._closed or self.plugged:
                return
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._listen()

    def close(self) -> None:
        """End it for good."""
        self._closed = True
        self.unplug()

    def _listen(self) -> None:
        thread = threading.Thread(
            target=self._serve, args=(self._listener,), name="simulated upsd", daemon=True
        )
        thread.start()

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self._client = client
                with contextlib.suppress(OSError), client:
                    while data := client.recv(4096):
                        self._ups.asked(data, self)


def _send(line: _Line, answer: bytes, fault: Fault | None) -> None:
    """Send an answer the way a fault wants it."""
    match fault.kind if fault else None:
        case FaultKind.SILENCE:
            return
        case FaultKind.GARBAGE:
            line.write(b"\x00\xfe\x80garbage" + answer[-1:] + answer)
        case FaultKind.TRUNCATED:
            line.write(answer[: len(answer) // 2])
        case FaultKind.SPLIT:
            for at in range(len(answer)):
                line.write(answer[at : at + 1])
        case FaultKind.UNPLUG:
            line.write(answer[: int(fault.detail or len(answer) // 2) if fault else 0])
            line.unplug()
        case _:
            line.write(answer)


def _one_of(value: object, *words: str) -> str:
    if value not in words:
        raise ValueError(f"not one of {', '.join(words)}")
    return str(value)


def _percent(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise ValueError(f"{name} is a number from 0 to 100")
    return float(value)
