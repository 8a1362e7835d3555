"""One visit: what the citizen wants, in which manner, what goes wrong, and how they get away."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.desk.stack import REPOSITORY
from kiosk.journey.script import Script, Step, load, spoken
from kiosk.journey.states import State
from kiosk.play.devices import ControlFailed
from kiosk.play.player import Unplayable
from kiosk.play.rehearsal_link import Seen
from kiosk.play.telephone import NoLicence
from tests.soak.faults import FAULTS, Fault, Mend
from tests.soak.terminal import Terminal

JOURNEYS = REPOSITORY / "tests" / "journeys"
LEFT_WITHIN = 90.0
"""Seconds in which the attract page is there again, by buttons or by the idle time-out."""
EXITS = ("finish", "continue", "home", "back", "decline")
"""What leads out of a page, the shortest way first."""
FINISHED, ABANDONED, TIMED_OUT = "finished", "abandoned", "timed out"
KINDS: Mapping[tuple[str, str], int] = {
    ("thin", FINISHED): 30,
    ("newborn", FINISHED): 20,
    ("progress-by-slip", FINISHED): 10,
    ("newborn-guide-printed", FINISHED): 6,
    ("thin", ABANDONED): 15,
    ("newborn", ABANDONED): 15,
    ("thin", TIMED_OUT): 1,
    ("newborn", TIMED_OUT): 1,
}
"""How often in a hundred; which script, and how the visit ends."""
WRONG = 0.5
"""Share of visits in which something goes wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What chance has decided of one visit.

    Attributes:
        script: what the citizen does.
        kind: its name, with how the visit ends.
        ends: `FINISHED`, `ABANDONED` or `TIMED_OUT`.
        steps: how many of the script's steps are done.
        fault: what goes wrong, or None.
        at: before which step, counted from 0.
        mended: before which step it is mended.
    """

    script: Script
    kind: str
    ends: str
    steps: int
    fault: Fault | None
    at: int
    mended: int


def plan(lot: random.Random, *, storm: bool) -> Plan:
    """Draw a visit."""
    ((name, ends),) = lot.choices(list(KINDS), weights=list(KINDS.values()))
    script = _script(name, lot)
    last = len(script.steps) - 1
    steps = last if ends == FINISHED else lot.randint(2, last - 1)
    at = lot.randint(1, steps - 1)
    possible = [fault for fault in FAULTS if storm or not fault.storm]
    return Plan(
        script=script,
        kind=f"{name}, {ends}",
        ends=ends,
        steps=steps,
        fault=lot.choice(possible) if lot.random() < WRONG else None,
        at=at,
        mended=at + lot.randint(1, 6),
    )


def _script(name: str, lot: random.Random) -> Script:
    elder = lot.random() < 0.2 and name == "thin"
    language = "en" if lot.random() < 0.2 else "zh"
    return spoken(load(JOURNEYS / f"{name}.yaml"), elder=elder, language=language)


@dataclass(kw_only=True, slots=True)
class Story:
    """How a visit went.

    Attributes:
        shown: local number → application number as last shown (None: 已保存).
        submits: how often 提交 was touched.
        unplayed: why the script could not be played to its end; empty when it could.
        usable: seconds from the fault to a usable page; None without a fault or page.
        stuck: what could not be left or used, empty when all was well.
    """

    shown: dict[str, str | None] = field(default_factory=dict)
    submits: int = 0
    unplayed: str = ""
    usable: float | None = None
    stuck: str = ""

    @property
    def only_stored(self) -> bool:
        """Whether a number did not come in time: a busy machine, and the script has no such way."""
        return any(number is None for number in self.shown.values())


class Visit:
    """Plays one plan."""

    def __init__(self, terminal: Terminal, wanted: Plan) -> None:
        self._terminal = terminal
        self._plan = wanted
        self._mend: Mend | None = None
        self.story = Story()

    def play(self) -> Story:
        """Play, leave, mend; returns when the attract page is there, or the screen is stuck."""
        try:
            self._steps()
        except (Unplayable, NoLicence, ControlFailed) as error:
            self.story.unplayed = f"{type(error).__name__}: {error}"
        self._leave(touching=self._plan.ends != TIMED_OUT)
        self._repair()
        self._take_away()
        return self.story

    def _steps(self) -> None:
        for number, step in enumerate(self._plan.script.steps[: self._plan.steps]):
            if number == self._plan.at and self._plan.fault is not None:
                self._strike(self._plan.fault)
            if number == self._plan.mended:
                self._repair()
            self._look()
            self.story.submits += step.tap == "submit"
            played = self._terminal.player.play(_alone(self._plan.script, step))
            if step.page is State.RECEIPT:
                self._remember(played.tally)
        self._look()

    def _strike(self, fault: Fault) -> None:
        began = time.monotonic()
        self._mend = fault.strike(self._terminal)
        self.story.usable = self._terminal.usable_since(began, fault.bound)
        if self.story.usable is None:
            self.story.stuck = f"no usable page {fault.bound:.0f} s after {fault.name}"

    def _repair(self) -> None:
        if self._mend is not None:
            self._mend()
            self._mend = None

    def _leave(self, *, touching: bool) -> None:
        """Get back to the attract page as a person would, or by leaving it alone."""
        began = time.monotonic()
        last: Seen | None = None
        while time.monotonic() - began < LEFT_WITHIN:
            seen = self._look()
            last = seen or last
            if seen is not None and seen.page == "attract" and seen.settled:
                return
            if seen is not None and seen.settled and touching:
                self._touch_an_exit(seen)
            time.sleep(0.05)
        page = last.page if last else "nothing"
        self.story.stuck = self.story.stuck or f"{page} could not be left in {LEFT_WITHIN:.0f} s"

    def _touch_an_exit(self, seen: Seen) -> None:
        exits = [seen.targets[name] for name in EXITS if name in seen.targets]
        if exits:
            self._terminal.player.screen.tap(*exits[0].middle)
            time.sleep(0.2)

    def _look(self) -> Seen | None:
        """Look at the screen, and remember a number that is shown for good."""
        seen = self._terminal.player.link.look()
        if seen is not None and seen.page == "receipt" and seen.settled:
            self._remember(seen.tally)
        return seen

    def _remember(self, tally: Mapping[str, object]) -> None:
        local_no, number = tally.get("local_no"), tally.get("application_no")
        if local_no and tally.get("outcome") in {"stored", "submitted"}:
            self.story.shown[str(local_no)] = str(number) if number else None

    def _take_away(self) -> None:
        """The citizen takes the card and papers along."""
        do: Callable[..., None] = self._terminal.player.devices.do
        do("id-reader", lift=True)
        do("camera", scene="empty")


def _alone(script: Script, step: Step) -> Script:
    return script.model_copy(update={"steps": (step,)})
