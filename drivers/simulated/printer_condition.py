"""The state a simulated printer is in, and how the control page sets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Roll = Literal["ok", "low", "out"]
Accident = Literal[
    "paper-out",
    "paper-jam",
    "cover-open",
    "cutter",
    "overheated",
    "printer-error",
    "offline",
    "silence",
    "garbage",
    "stalled",
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
    jammed: bool = False
    cover_open: bool = False
    cutter_fault: bool = False
    overheated: bool = False
    printer_error: bool = False
    offline: bool = False
    silent: bool = False
    garbage: bool = False
    stalled: bool = False
    powered: bool = True
    exit_holds: bool = False
    """Whether a slip hangs in the presenter."""
    retracted: int = 0
    """Slips that were taken back."""
    slow_line_s: float = 0.0
    plans: list[Plan] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        """Whether the head stands still."""
        hindered = self.cover_open or self.cutter_fault or self.printer_error or self.offline
        hindered = hindered or self.jammed or self.overheated
        return hindered or self.paper == "out" or not self.powered

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
        for flag in _FLAGS.values():
            if flag != "cover_open":
                setattr(self, flag, False)
        self.powered = True
        self.slow_line_s = 0.0
        self.plans.clear()

    def state(self) -> dict[str, object]:
        """Return the state for the control page."""
        return {
            "paper": self.paper,
            "jammed": self.jammed,
            "cover": "open" if self.cover_open else "closed",
            "cutter": "fault" if self.cutter_fault else "ok",
            "overheated": self.overheated,
            "error": self.printer_error,
            "offline": self.offline,
            "silent": self.silent,
            "garbage": self.garbage,
            "stalled": self.stalled,
            "power": "on" if self.powered else "off",
            "exit": "holding" if self.exit_holds else "empty",
            "retracted": self.retracted,
            "slow_line_s": self.slow_line_s,
            "plans": [[p.accident, p.after_lines, p.times] for p in self.plans],
        }


_FLAGS: dict[str, str] = {
    "paper-jam": "jammed",
    "cover-open": "cover_open",
    "cutter": "cutter_fault",
    "overheated": "overheated",
    "printer-error": "printer_error",
    "offline": "offline",
    "silence": "silent",
    "garbage": "garbage",
    "stalled": "stalled",
}

_KNOWN = {
    *("paper", "cover", "power", "unplug", "replug", "take", "fault", "slow_line_s"),
    *("flaky", "seed", "out_after_lines", "fail_next", "fail_during", "after_lines", "times"),
}


def read_control(command: Mapping[str, object]) -> dict[str, object]:
    """Check a whole control command and return it as changes in the order they are done.

    Raises:
        ControlError: it is not known; nothing of it may be done.
    """
    if strange := sorted(set(command) - _KNOWN):
        raise ControlError(f"unknown command {strange[0]!r}")
    changes: dict[str, object] = {}
    if "fault" in command:
        none = command["fault"] == "none"
        changes |= {"recover": True} if none else {"accident": accident(command["fault"])}
    if "paper" in command:
        changes["paper"] = choice(command, "paper", ("ok", "low", "out"))
    if "cover" in command:
        changes["cover_open"] = choice(command, "cover", ("open", "closed")) == "open"
    if "power" in command:
        changes["power"] = choice(command, "power", ("on", "off"))
    if command.get("take") is True:
        changes["exit_holds"] = False
    if "slow_line_s" in command:
        changes["slow_line_s"] = number(command, "slow_line_s", 0, 10)
    if plan := _read_plan(command):
        changes["plan"] = plan
    return changes


def _read_plan(command: Mapping[str, object]) -> Plan | None:
    times = int(number(command, "times", 1, 1000))
    if "out_after_lines" in command:
        lines = int(number(command, "out_after_lines", 0, 10_000))
        return Plan(accident="paper-out", after_lines=lines)
    if "fail_during" in command:
        lines = int(number(command, "after_lines", DEFAULT_AFTER_LINES, 10_000))
        return Plan(accident=accident(command["fail_during"]), after_lines=lines, times=times)
    if "fail_next" in command:
        return Plan(accident=accident(command["fail_next"]), after_lines=0, times=times)
    return None


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
