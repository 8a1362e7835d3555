"""Errands of the clock: what time it is, and having it set."""

from __future__ import annotations

from datetime import datetime

from kiosk.channel import Refused
from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.clock_moves import HALL
from kiosk.maintenance.facts import Did, Now
from kiosk.maintenance.intents import Said
from kiosk.session.maintenance.agent_desk import Lost, refused
from kiosk.session.maintenance.errands import Errands, Table


class ClockErrands:
    """Asks the agent; this process may set no clock."""

    def __init__(self, errands: Errands) -> None:
        self._errands, self._agent = errands, errands.parts.agent

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {e.ReadClock: self.read, e.SetClock: self.set}

    def read(self, _effect: e.ReadClock) -> None:
        """Say what time it is, to the minute."""
        now = datetime.now(HALL).replace(second=0, microsecond=0)
        self._errands.say(Said.NOW, Now(at=now))

    def set(self, effect: e.SetClock) -> None:
        """Have it set."""

        def work() -> Did:
            fields: dict[str, object] = {"how": "step"}
            if effect.at:
                fields = {"how": "set", "at": effect.at}
            try:
                moved = self._agent.call("set_clock", **fields).get("moved_s")
            except Refused as no:
                if no.code != "unusable":
                    return refused(no.code)
                hint = text(f"staff.clock.not_{fields['how']}_hint")
                return Did(well=False, told=text("staff.clock.not_set"), hint=hint)
            except Lost:
                return refused("lost")
            return Did(well=True, told=text("staff.clock.was_set", n=moved))

        self._errands.run(effect.ticket, "clock", work)
