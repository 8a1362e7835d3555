"""Errands of the opening check and of the doctor, who answers three of its steps."""

from __future__ import annotations

import threading
from typing import Final

from kiosk.maintenance import effects as e
from kiosk.maintenance.check_moves import by_itself
from kiosk.maintenance.facts import Did, Examined
from kiosk.maintenance.intents import Said
from kiosk.maintenance.opening_check import BY_ITSELF, Step
from kiosk.session.errands import start
from kiosk.session.maintenance.errands import Errands, Table
from kiosk.session.maintenance.trials import PART_OF_STEP, Trials

EXAMINE_S: Final = 45.0


class CheckErrands:
    """Does each step of the check, and has it kept."""

    def __init__(self, errands: Errands, trials: Trials) -> None:
        self._errands, self._trials, self._agent = errands, trials, errands.parts.agent
        self._examined: Examined | None = None
        self._examining = threading.Event()

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {
            e.Examine: self.examine,
            e.BeginCheck: self.begin_check,
            e.EndCheck: self.end_check,
            e.Try: self.try_step,
        }

    def examine(self, _effect: e.Examine) -> None:
        """Have the doctor look at everything."""
        self._examining.clear()

        def done(examined: Examined) -> None:
            self._examined = examined
            self._examining.set()
            self._errands.say(Said.EXAMINED, examined)

        nothing = Examined(findings=())
        start("examine", lambda: done(self._agent.examine()), lambda: done(nothing))

    def begin_check(self, _effect: e.BeginCheck) -> None:
        """Have it written down that it began."""
        start("check", self._agent.check_began, lambda: None)

    def end_check(self, effect: e.EndCheck) -> None:
        """Have it kept how it ended."""
        results = {step.value: result.value for step, result in effect.results}
        ago = {step.value: seconds for step, seconds in effect.ago}
        reasons = {step.value: list(keys) for step, keys in effect.reasons}
        own = {"results": results, "seconds": effect.seconds, "ago": ago, "reasons": reasons}

        def work() -> None:
            self._agent.check_ended(own)
            self._errands.say(Said.LOOKED, self._agent.look())

        start("check", work, lambda: None)

    def try_step(self, effect: e.Try) -> None:
        """Do one step: a trial of a part, or a word of the doctor."""
        errands, ticket, step = self._errands, effect.ticket, effect.step
        if step in BY_ITSELF:
            errands.run(ticket, step.value, lambda: self._looked_at(step))
            return
        part = PART_OF_STEP[step]
        trial = self._trials.of(part, errands.begin(part), errands.person(ticket), own=effect.fresh)
        errands.run(ticket, step.value, trial)

    def _looked_at(self, step: Step) -> Did:
        """Wait for the doctor, and say what he found."""
        self._examining.wait(EXAMINE_S)
        return by_itself(step, self._examined or Examined(findings=()))
