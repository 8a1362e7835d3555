"""Errands of a training: have the agent begin it, follow it, end it."""

from __future__ import annotations

import time
from typing import Final

from kiosk.channel import Refused
from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.facts import Did, Words
from kiosk.maintenance.intents import Said
from kiosk.session.errands import start
from kiosk.session.maintenance.agent_desk import Lost, refused
from kiosk.session.maintenance.errands import Errands, Table

ASK_S: Final = 0.4
"""Seconds between two questions how it stands."""
_WELL: Final = frozenset({"left", "idle", "stopped"})


class TrainingErrands:
    """Asks the agent; the training ends with this process, because the agent sees it go."""

    def __init__(self, errands: Errands) -> None:
        self._errands, self._agent = errands, errands.parts.agent

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {e.Train: self.train, e.EndTraining: self.end}

    def train(self, effect: e.Train) -> None:
        """Have one begun, and say how it ended."""

        def work() -> Did:
            try:
                self._agent.call("train_begin")
                return self._followed(effect.ticket)
            except Refused as no:
                return refused(no.code)
            except Lost:
                return refused("lost")

        self._errands.run(effect.ticket, "train", work)

    def end(self, _effect: e.EndTraining) -> None:
        """Have it ended; its end is said by who follows it."""

        def work() -> None:
            try:
                self._agent.call("train_end")
            except (Refused, Lost):
                return

        start("train-end", work, lambda: None)

    def _followed(self, ticket: int) -> Did:
        seen = ""
        while (phase := str(self._agent.call("train_look").get("phase"))) in {"starting", "ready"}:
            if phase != seen:
                seen = phase
                told = text("staff.train.starts" if phase == "starting" else "staff.train.runs")
                self._errands.say(Said.DOING, Words(told=told), ticket=ticket)
            time.sleep(ASK_S)
        if phase in _WELL:
            return Did(well=True, told=text("staff.train.ended"), result=phase)
        hint = text("staff.train.failed_hint")
        return Did(well=False, told=text("staff.train.failed"), hint=hint)
