"""One visit: what the citizen wants, in which manner, what goes wrong, and how they get away."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

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
LEFT_WITHIN = 120.0
"""Seconds in which the attract page is there again, by buttons or by the idle time-out: with elder
letters 3 × 20 s and a warning of 20 s (`kiosk.journey.timing`), and room for a page that works."""
UNREAD = "number: expected True, is False"
DARK_WITHIN = 60.0
"""Seconds after a visit in which something can be touched again, whatever died, on busy cores."""
EXITS = ("finish", "continue", "home", "back", "decline")
"""What leads out of a page, the shortest way first."""
FINISHED, ABANDONED, TIMED_OUT = "finished", "abandoned", "timed out"
KINDS: Mapping[tuple[str, str], int] = {
    ("thin", FINISHED): 50,
    ("newborn", FINISHED): 10,
    ("progress-by-slip", FINISHED): 10,
    ("newborn-guide-printed", FINISHED): 2,
    ("thin", ABANDONED): 18,
    ("newborn", ABANDONED): 6,
    ("thin", TIMED_OUT): 2,
    ("newborn", TIMED_OUT): 2,
}
"""How often in a hundred; which script, and how the visit ends.

Who abandons a visit does so by its buttons, from where a citizen's data is on the screen; who walks
away from it, anywhere, leaves it to the idle clock, which nothing makes faster than 20 s.
"""
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

    @property
    def what_goes_wrong(self) -> str:
        """In words."""
        return f"{self.fault.name} before step {self.at + 1}" if self.fault else "well"


def plan(lot: random.Random, *, storm: bool) -> Plan:
    """Draw a visit."""
    ((name, ends),) = lot.choices(list(KINDS), weights=list(KINDS.values()))
    script = _script(name, lot)
    last = len(script.steps) - 1
    steps = last if ends == FINISHED else lot.randint(_first(script, ends), last - 1)
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


def _first(script: Script, ends: str) -> int:
    """Return after how many steps such a visit may end at the earliest."""
    if ends == TIMED_OUT:
        return 2
    return next(n for n, step in enumerate(script.steps, start=1) if step.tap == "agree")


def _script(name: str, lot: random.Random) -> Script:
    elder = lot.random() < 0.2 and name == "thin"
    language = "en" if lot.random() < 0.2 else "zh"
    return spoken(_written(name), elder=elder, language=language)


@cache
def _written(name: str) -> Script:
    return load(JOURNEYS / f"{name}.yaml")


@dataclass(kw_only=True, slots=True)
class Story:
    """How a visit went.

    Attributes:
        shown: local number → application number as last shown (None: 已保存).
        submits: how often 提交 was touched.
        unplayed: why the script could not be played to its end; empty when it could.
        usable: seconds from the fault to a usable page; None without a fault or page.
        struck: whether the fault found somebody to strike.
        lame: whether something stopped in an earlier visit had not been found when it began.
        retried: how often 重试 was touched.
        dark: seconds without anything to touch between the visit's end and the next attract page.
        stuck: what could not be left or used, empty when all was well.
    """

    shown: dict[str, str | None] = field(default_factory=dict)
    submits: int = 0
    unplayed: str = ""
    usable: float | None = None
    struck: bool = False
    lame: bool = False
    retried: int = 0
    dark: float = 0.0
    stuck: str = ""

    @property
    def harmed(self) -> bool:
        """Whether something was broken in it."""
        return self.struck or self.lame

    @property
    def too_slow(self) -> bool:
        """Whether it went a way that only busy cores take, and that the script has no words for.

        A number did not come within the session's 8 s, or a bank card was not read in time, and the
        page said so.
        """
        stored = any(number is None for number in self.shown.values())
        return stored or self.unplayed.endswith(UNREAD)


class Visit:
    """Plays one plan."""

    def __init__(self, terminal: Terminal, wanted: Plan) -> None:
        self._terminal = terminal
        self._plan = wanted
        self._mend: Mend | None = None
        self.story = Story()

    def play(self) -> Story:
        """Play, leave, mend; returns when the attract page is there, or the screen is stuck."""
        self.story.lame = self._terminal.lame
        self._terminal.player.begin(struck=self.story.lame)
        try:
            self._steps()
        except (Unplayable, NoLicence, ControlFailed) as error:
            self.story.unplayed = f"{type(error).__name__}: {error}"
        self._leave(touching=self._plan.ends != TIMED_OUT)
        if self.story.dark > DARK_WITHIN:
            self.story.stuck = self.story.stuck or f"nothing to touch for {self.story.dark:.0f} s"
        self._repair()
        self._take_away()
        self.story.retried = self._terminal.player.retried
        return self.story

    def _steps(self) -> None:
        for number, step in enumerate(self._plan.script.steps[: self._plan.steps]):
            if number == self._plan.at and self._plan.fault is not None:
                self._strike(self._plan.fault)
            if number == self._plan.mended:
                self._repair()
            self._look()
            self.story.submits += step.tap == "submit"
            played = self._terminal.player.play(_alone(self._plan.script, self._borne(step)))
            if step.page is State.RECEIPT:
                self._remember(played.tally)
        self._look()

    def _borne(self, step: Step) -> Step:
        """Return a step as somebody takes it whom something happened to: no slip need be there."""
        if not self._terminal.player.struck or step.page is not State.RECEIPT:
            return step
        self._terminal.player.hear()
        return step.model_copy(update={"expect": {}})

    def _strike(self, fault: Fault) -> None:
        began = time.monotonic()
        self._mend = fault.strike(self._terminal)
        if self._mend is None:
            return
        self.story.struck = self._terminal.player.struck = True
        self.story.usable = self._terminal.usable_since(began, fault.bound)
        if self.story.usable is None:
            self.story.stuck = f"no usable page {fault.bound:.0f} s after {fault.name}"

    def _repair(self) -> None:
        if self._mend is not None:
            self._mend()
            self._mend = None

    def _leave(self, *, touching: bool) -> None:
        """Get back to the attract page as a person would, or by leaving it alone."""
        began = lit = time.monotonic()
        last: Seen | None = None
        while (now := time.monotonic()) - began < LEFT_WITHIN:
            seen = self._look()
            last = seen or last
            lit = now if seen is not None and seen.targets else lit
            self.story.dark = max(self.story.dark, now - lit)
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
