"""The state a simulated A4 printer is in, what it says of itself, and its planned accidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drivers.a4.condition import PrinterState
from drivers.a4.ipp import Attribute, Tag, attribute
from drivers.simulated.flakiness import Flakiness, chance_of

MODEL = "Simulated A4 laser"

_SLOWEST_S = 60.0
_MOST = 1000


class Level(StrEnum):
    """Supply of paper or toner."""

    OK = "ok"
    LOW = "low"
    OUT = "out"


class Accident(StrEnum):
    """What can happen to the printer; the words of ``fault``, ``fail_next``, ``fail_during``."""

    PAPER_OUT = "paper-out"
    JAM = "jam"
    TONER_OUT = "toner-out"
    COVER_OPEN = "cover-open"
    OFFLINE = "offline"
    SILENCE = "silence"
    """It takes what is sent and never answers."""
    GARBAGE = "garbage"
    """It answers, but not in IPP."""
    UNPLUG = "unplug"
    REJECT = "reject"
    """It takes a job and calls its document wrong."""
    ABORT = "abort"
    """It gives a job up half way."""


BY_CHANCE = (Accident.SILENCE, Accident.GARBAGE)
"""What becomes of a flaky printer's answers."""


@dataclass(kw_only=True, slots=True)
class Plan:
    """An accident that will happen in the next `times` jobs, after so many pages of each."""

    accident: Accident
    after_pages: int
    times: int = 1


@dataclass(kw_only=True, slots=True)
class PaperState:
    """Everything about the printer but its jobs."""

    paper: Level = Level.OK
    toner: Level = Level.OK
    jammed: bool = False
    cover_open: bool = False
    offline: bool = False
    silent: bool = False
    garbage: bool = False
    plugged: bool = True
    rejects: bool = False
    page_s: float = 0.1
    plans: list[Plan] = field(default_factory=list)
    flakiness: Flakiness[Accident] = field(default_factory=lambda: Flakiness(BY_CHANCE))

    @property
    def stopped(self) -> bool:
        """Whether no sheet can come out."""
        out = Level.OUT in (self.paper, self.toner)
        return out or self.jammed or self.cover_open or self.offline

    def befall(self, accident: Accident) -> None:
        """Let an accident happen; giving a job up is the job's."""
        if accident in _SETS:
            name, value = _SETS[accident]
            setattr(self, name, value)

    def recover(self) -> None:
        """Undo every fault and plan; the supplies and the cable are left to hands."""
        self.jammed = self.cover_open = self.offline = False
        self.silent = self.garbage = self.rejects = False
        self.plans.clear()
        self.flakiness.set(0.0)

    def planned(self, after_pages: int) -> Accident | None:
        """Return the accident that is due after so many pages of a job, and count it down."""
        for plan in self.plans:
            if plan.after_pages == after_pages:
                plan.times -= 1
                if plan.times <= 0:
                    self.plans.remove(plan)
                return plan.accident
        return None

    def reasons(self) -> tuple[str, ...]:
        """Return ``printer-state-reasons``."""
        told = (
            ("media-empty-error", self.paper is Level.OUT),
            ("media-low-warning", self.paper is Level.LOW),
            ("media-jam-error", self.jammed),
            ("door-open-error", self.cover_open),
            ("toner-empty-error", self.toner is Level.OUT),
            ("toner-low-warning", self.toner is Level.LOW),
            ("paused", self.offline),
        )
        return tuple(word for word, so in told if so) or ("none",)

    def attributes(self, *, printing: bool) -> tuple[Attribute, ...]:
        """Return what the printer answers when it is asked how it is."""
        state = PrinterState.PROCESSING if printing else PrinterState.IDLE
        if self.stopped:
            state = PrinterState.STOPPED
        level = {Level.OK: 80, Level.LOW: 6, Level.OUT: 0}[self.toner]
        return (
            attribute("printer-state", Tag.ENUM, int(state)),
            attribute("printer-state-reasons", Tag.KEYWORD, *self.reasons()),
            attribute("printer-is-accepting-jobs", Tag.BOOLEAN, True),
            attribute("printer-make-and-model", Tag.TEXT, MODEL),
            attribute("document-format-supported", Tag.MEDIA_TYPE, "application/pdf"),
            attribute("job-creation-attributes-supported", Tag.KEYWORD, "media", "sides"),
            attribute("marker-levels", Tag.INTEGER, level),
            attribute("marker-types", Tag.KEYWORD, "toner"),
        )

    def state(self) -> dict[str, object]:
        """Return the state for the control page."""
        return {
            "paper": self.paper.value,
            "toner": self.toner.value,
            "jam": self.jammed,
            "cover": "open" if self.cover_open else "closed",
            "offline": self.offline,
            "silent": self.silent,
            "garbage": self.garbage,
            "rejects": self.rejects,
            "plugged": self.plugged,
            "page_s": self.page_s,
            "flaky": self.flakiness.chance,
            "plans": [[plan.accident.value, plan.after_pages, plan.times] for plan in self.plans],
        }


_SETS: Mapping[Accident, tuple[str, object]] = {
    Accident.PAPER_OUT: ("paper", Level.OUT),
    Accident.TONER_OUT: ("toner", Level.OUT),
    Accident.JAM: ("jammed", True),
    Accident.COVER_OPEN: ("cover_open", True),
    Accident.OFFLINE: ("offline", True),
    Accident.SILENCE: ("silent", True),
    Accident.GARBAGE: ("garbage", True),
    Accident.UNPLUG: ("plugged", False),
    Accident.REJECT: ("rejects", True),
}

Order = Callable[[PaperState], None]
"""One change of the printer."""


def orders(command: Mapping[str, object]) -> list[Order]:
    """Return what a control command changes.

    Raises:
        ValueError: it cannot be understood.
    """
    wanted = [read(command) for key, read in _ORDERS.items() if key in command]
    if not wanted or set(command) - set(_ORDERS) - {"times", "after_pages", "seed"}:
        raise ValueError("not understood: " + ", ".join(sorted(command)))
    return wanted


def _supply(command: Mapping[str, object], key: str) -> Order:
    level = Level(str(command[key]))
    return lambda printer: setattr(printer, key, level)


def _flag(command: Mapping[str, object], key: str, name: str) -> Order:
    so = command[key]
    if so not in (True, False):
        raise ValueError(f"{key} is true or false")
    return lambda printer: setattr(printer, name, so)


def _cover(command: Mapping[str, object]) -> Order:
    words = ("closed", "open")
    if command["cover"] not in words:
        raise ValueError("cover is open or closed")
    so = command["cover"] == "open"
    return lambda printer: setattr(printer, "cover_open", so)


def _pace(command: Mapping[str, object]) -> Order:
    pace = command["page_s"]
    if isinstance(pace, bool) or not isinstance(pace, int | float) or not 0 <= pace <= _SLOWEST_S:
        raise ValueError(f"page_s is a number from 0 to {_SLOWEST_S:g}")
    return lambda printer: setattr(printer, "page_s", float(pace))


def _flaky(command: Mapping[str, object]) -> Order:
    chance, seed = chance_of(command)
    return lambda printer: printer.flakiness.set(chance, seed)


def _fault(command: Mapping[str, object]) -> Order:
    if command["fault"] in (None, "none"):
        return lambda printer: printer.recover()
    accident = _accident(command["fault"])
    return lambda printer: printer.befall(accident)


def _plan(command: Mapping[str, object], key: str, after_pages: int) -> Order:
    plan = Plan(
        accident=_accident(command[key]),
        after_pages=after_pages,
        times=_count(command, "times", 1),
    )
    return lambda printer: printer.plans.append(plan)


def _cable(*, plugged: bool) -> Order:
    return lambda printer: setattr(printer, "plugged", plugged)


def _accident(word: object) -> Accident:
    return Accident(str(word).replace("_", "-"))


def _count(command: Mapping[str, object], key: str, default: int) -> int:
    value = command.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError(f"{key} is a number from 0 to {_MOST}")
    return value


_ORDERS: Mapping[str, Callable[[Mapping[str, object]], Order]] = {
    "paper": lambda command: _supply(command, "paper"),
    "toner": lambda command: _supply(command, "toner"),
    "jam": lambda command: _flag(command, "jam", "jammed"),
    "cover": _cover,
    "offline": lambda command: _flag(command, "offline", "offline"),
    "page_s": _pace,
    "flaky": _flaky,
    "fault": _fault,
    "fail_next": lambda command: _plan(command, "fail_next", 0),
    "fail_during": lambda command: _plan(command, "fail_during", _count(command, "after_pages", 1)),
    "unplug": lambda _command: _cable(plugged=False),
    "replug": lambda _command: _cable(plugged=True),
}
