"""A simulated I/O board: a Modbus RTU slave over a pty, wired as a profile says."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from drivers.panel import board_profile
from drivers.panel.modbus import ExceptionCode, Function, crc16, pack, sealed, unpack
from drivers.simulated.device import Surroundings
from drivers.simulated.faults import Fault, FaultKind
from drivers.simulated.flaky import FlakyFaults
from drivers.simulated.pty_port import PtyPort

SUPPORTED_FAULTS = frozenset(
    {
        FaultKind.CHECKSUM,
        FaultKind.FOREIGN,
        FaultKind.GARBAGE,
        FaultKind.SILENCE,
        FaultKind.SPLIT,
        FaultKind.STATUS,
        FaultKind.TRUNCATED,
        FaultKind.UNPLUG,
    }
)
_BY_CHANCE = (FaultKind.SILENCE, FaultKind.CHECKSUM, FaultKind.TRUNCATED, FaultKind.GARBAGE)
_NOISE = b"\x00\xff\x01\x55"
_EXCEPTION = 0x80
_LONGEST_REQUEST = 256
_OTHER_UNIT = 0x7B


class SimulatedBoard:
    """One board behind `surroundings.link`; option ``profile`` names what is wired to it.

    Commands: ``{"sensor": name, "word": word}`` (a door, tamper, presence, switch …),
    ``{"bounce": name, "times": n}`` (its contact changes at each of the next n looks),
    ``{"unplug": true}``, ``{"replug": true}``, and faults.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self.profile = board_profile.load(str(surroundings.options.get("profile", "cabinet-8")))
        self.port = PtyPort(surroundings.link, surroundings.baud)
        self.faults = FlakyFaults(SUPPORTED_FAULTS, _BY_CHANCE, surroundings.seed)
        self._lock = threading.RLock()
        self._pending = b""
        self._inputs = [False] * self.profile.inputs.count
        self._coils = [False] * self.profile.coils.count
        self._bouncing: dict[int, int] = {}
        self._looks = 0
        self._set_all_well()
        self.port.start(self._on_bytes)

    def state(self) -> dict[str, object]:
        """Return what the control page shows."""
        with self._lock:
            return {
                "plugged": self.port.plugged,
                "sensors": {one.name: one.word(self._inputs) for one in self.profile.sensors},
                "lit": self.lit(),
                "looks": self._looks,
                "faults": self.faults.waiting(),
                "flaky": self.faults.chance,
            }

    def lit(self) -> dict[str, list[str]]:
        """Return the colours in which each light is lit at this moment."""
        return {
            name: [color.value for color, coil in light.coils.items() if self._coils[coil]]
            for name, light in self.profile.lights.items()
        }

    def control(self, command: Mapping[str, object]) -> None:
        """Do what a hand, a person before the cabinet or a fault would."""
        with self._lock:
            if "sensor" in command:
                self._set(str(command["sensor"]), str(command.get("word")))
            elif "bounce" in command:
                times = command.get("times", 5)
                if not isinstance(times, int) or not 1 <= times <= 1000:
                    raise ValueError("times is a number from 1 to 1000")
                self._bouncing[self._input_of(str(command["bounce"]))] = times
            elif command.get("unplug"):
                self.port.unplug()
            elif command.get("replug"):
                self.port.replug()
            elif not self.faults.add(command):
                raise ValueError("not understood: " + ", ".join(sorted(command)))

    def close(self) -> None:
        """End the simulation and remove the link."""
        self.port.close()

    def _set_all_well(self) -> None:
        """Doors closed, nobody there, nothing tampered with."""
        for sensor in self.profile.sensors:
            words = {sensor.otherwise, *sensor.when.values()}
            well = words & {"closed", "notPresent", "run", "onTheHook", "off"}
            self._set(sensor.name, next(iter(well), sensor.otherwise))

    def _input_of(self, name: str) -> int:
        sensor = next((one for one in self.profile.sensors if one.name == name), None)
        if sensor is None:
            raise ValueError(f"this board has no sensor {name}")
        return next(iter(sensor.when))

    def _set(self, name: str, word: str) -> None:
        self._input_of(name)
        sensor = next(one for one in self.profile.sensors if one.name == name)
        if word not in {sensor.otherwise, *sensor.when.values()}:
            raise ValueError(f"{name} cannot be {word}")
        for number, meaning in sensor.when.items():
            self._inputs[number] = meaning == word

    def _on_bytes(self, data: bytes) -> None:
        with self._lock:
            self._pending = (self._pending + data)[-_LONGEST_REQUEST:]
            for start in range(len(self._pending)):
                length = _request_bytes(self._pending[start:])
                frame = self._pending[start : start + length]
                if length and frame[0] == self.profile.unit and _right(frame):
                    self._pending = self._pending[start + length :]
                    self._serve(frame)
                    return

    def _serve(self, frame: bytes) -> None:
        fault = self.faults.take(at_work=frame[1] == Function.READ_INPUTS)
        if fault and fault.kind is FaultKind.STATUS:
            code = int(fault.detail, 16)
            self.port.write(sealed(bytes([frame[0], frame[1] | _EXCEPTION, code])))
            return
        self._send(self._answer(frame), fault)

    def _answer(self, frame: bytes) -> bytes:
        """Carry a request out and return the answer."""
        unit, function, address = frame[0], Function(frame[1]), int.from_bytes(frame[2:4], "big")
        bank = self.profile.inputs if function is Function.READ_INPUTS else self.profile.coils
        at = address - bank.address
        count = 1 if function is Function.WRITE_COIL else int.from_bytes(frame[4:6], "big")
        if at < 0 or at + count > bank.count:
            code = ExceptionCode.ILLEGAL_ADDRESS
            return sealed(bytes([unit, function | _EXCEPTION, code]))
        match function:
            case Function.READ_INPUTS | Function.READ_COILS:
                bits = self._look() if function is Function.READ_INPUTS else self._coils
                packed = pack(bits[at : at + count])
                return sealed(bytes([unit, function, len(packed)]) + packed)
            case Function.WRITE_COIL:
                self._coils[at] = frame[4] == 0xFF
            case Function.WRITE_COILS:
                self._coils[at : at + count] = unpack(frame[7:-2], count)
        return sealed(frame[:6])

    def _look(self) -> list[bool]:
        """Return the contacts as they are at this look; bouncing ones change."""
        self._looks += 1
        inputs = list(self._inputs)
        for number, left in list(self._bouncing.items()):
            inputs[number] ^= left % 2 == 1
            self._bouncing[number] = left - 1
            if left == 1:
                del self._bouncing[number]
        return inputs

    def _send(self, answer: bytes, fault: Fault | None) -> None:
        match fault.kind if fault else None:
            case FaultKind.SILENCE:
                return
            case FaultKind.CHECKSUM:
                self.port.write(answer[:-1] + bytes([answer[-1] ^ 0x55]))
            case FaultKind.TRUNCATED:
                self.port.write(answer[: len(answer) // 2])
            case FaultKind.FOREIGN:
                self.port.write(sealed(bytes([_OTHER_UNIT]) + answer[1:-2]))
            case FaultKind.GARBAGE:
                self.port.write(_NOISE + answer)
            case FaultKind.SPLIT:
                for at in range(len(answer)):
                    self.port.write(answer[at : at + 1])
            case FaultKind.UNPLUG:
                self.port.write(answer[: int(fault.detail or len(answer) // 2) if fault else 0])
                self.port.unplug()
            case _:
                self.port.write(answer)


def _request_bytes(data: bytes) -> int:
    """Return the length of the request that begins so; 0 if none does or it is not complete."""
    if len(data) < 8 or data[1] not in set(Function):
        return 0
    length = 9 + data[6] if data[1] == Function.WRITE_COILS else 8
    return length if len(data) >= length else 0


def _right(frame: bytes) -> bool:
    return crc16(frame[:-2]) == int.from_bytes(frame[-2:], "little")
