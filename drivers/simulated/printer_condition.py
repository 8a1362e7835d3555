"""The state a simulated printer is in, what it answers, and how the control page sets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Roll = Literal["ok", "low", "out"]
Accident = Literal[
    "paper-out",
    "cover-open",
    "cutter",
    "printer-error",
    "offline",
    "silence",
    "garbage",
    "unplug",
    "power-off",
]
"""What can happen to a printer; the words of `fault`, `fail_next` and `fail_during`."""

DEFAULT_AFTER_LINES = 2
"""When `fail_during` names no line."""


class ControlError(ValueError):
    """A control command is not one the simulated printer knows."""


@dataclass(kw_only=True, slots=True)
class Plan:
    """An accident that will happen in the next `times` jobs, each after `after_lines` lines."""

    accident: Accident
    after_lines: int
    times: int = 1


@dataclass(kw_only=True, slots=True)
class Condition:
    """Everything about a printer that is not on its paper."""

    paper: Roll = "ok"
    cover_open: bool = False
    cutter_fault: bool = False
    printer_error: bool = False
    offline: bool = False
    silent: bool = False
    garbage: bool = False
    powered: bool = True
    slow_line_s: float = 0.0
    plans: list[Plan] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        """Whether the head stands still."""
        hindered = self.cover_open or self.cutter_fault or self.printer_error or self.offline
        return hindered or self.paper == "out" or not self.powered

    def status_byte(self, kind: int) -> int:
        """Return the DLE EOT answer to question `kind`, 1 to 4."""
        out = self.paper == "out"
        broken = self.cutter_fault or self.printer_error
        bits = {
            1: (0x08, self.stopped),
            2: (0x04 * self.cover_open | 0x20 * out | 0x40 * broken, True),
            3: (0x08 * self.cutter_fault | 0x20 * self.printer_error, True),
            4: (0x60 * out | 0x0C * (self.paper != "ok"), True),
        }[kind]
        return 0x12 | (bits[0] if bits[1] else 0)

    def paper_byte(self) -> int:
        """Return the GS r 1 answer."""
        return 0x0C * (self.paper == "out") | 0x03 * (self.paper != "ok")

    def befall(self, accident: Accident) -> None:
        """Let an accident happen that this record can express; unplugging is the port's."""
        if accident == "paper-out":
            self.paper = "out"
        elif accident == "power-off":
            self.powered = False
        elif accident in _FLAGS:
            setattr(self, _FLAGS[accident], True)

    def recover(self) -> None:
        """Undo every fault and plan; the paper, the cover and the cable are left to hands."""
        self.cutter_fault = self.printer_error = self.offline = False
        self.silent = self.garbage = False
        self.powered = True
        self.slow_line_s = 0.0
        self.plans.clear()

    def state(self) -> dict[str, object]:
        """Return the state for the control page."""
        return {
            "paper": self.paper,
            "cover": "open" if self.cover_open else "closed",
            "cutter": "fault" if self.cutter_fault else "ok",
            "error": self.printer_error,
            "offline": self.offline,
            "silent": self.silent,
            "garbage": self.garbage,
            "power": "on" if self.powered else "off",
            "slow_line_s": self.slow_line_s,
            "plans": [[p.accident, p.after_lines, p.times] for p in self.plans],
        }


_FLAGS: dict[str, str] = {
    "cover-open": "cover_open",
    "cutter": "cutter_fault",
    "printer-error": "printer_error",
    "offline": "offline",
    "silence": "silent",
    "garbage": "garbage",
}


def accident(word: object) -> Accident:
    """Return `word` when it names an accident; underscores are read as hyphens."""
    name = str(word).replace("_", "-")
    for known in get_args(Accident):
        if known == name:
            return known  # type: ignore[no-any-return]
    raise ControlError(f"unknown accident {name!r}")


def choice(command: Mapping[str, object], key: str, words: tuple[str, ...]) -> str:
    """Return the value of `key` when it is one of `words`."""
    value = command[key]
    if not isinstance(value, str) or value not in words:
        raise ControlError(f"{key} must be one of {', '.join(words)}")
    return value


def number(command: Mapping[str, object], key: str, default: float, most: float) -> float:
    """Return the number at `key` from 0 to `most`."""
    value = command.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ControlError(f"{key} must be a number from 0 to {most:g}")
    return float(value)
