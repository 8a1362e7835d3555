"""The errand that prints the recovery card: the agent has the facts, the printer the paper."""

from __future__ import annotations

from datetime import datetime

from kiosk.channel import Refused
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.facts import Did
from kiosk.maintenance.recovery_card import Card, slip, whom
from kiosk.session.maintenance.agent_desk import Lost, refused
from kiosk.session.maintenance.errands import Errands, Table
from kiosk.session.maintenance.trials import Trials


class RescueErrands:
    """Makes the card of this moment."""

    def __init__(self, errands: Errands, trials: Trials) -> None:
        self._errands, self._trials = errands, trials
        self._agent = errands.parts.agent

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {e.PrintRecoveryCard: self.print_card}

    def print_card(self, effect: e.PrintRecoveryCard) -> None:
        """Print it, and have it written down."""
        number, person = self._errands.begin("receipt_printer"), self._errands.context.person
        by = person.work_no if person is not None else ""

        def work() -> Did:
            try:
                card = self._card(by)
            except Refused as no:
                return refused(no.code)
            except Lost:
                return refused("lost")
            well = self._trials.printed(number, slip(card, self._errands.parts.words)).well
            self._agent.audit("recovery_card_made", result="printed" if well else "failed")
            told = text(f"staff.rescue.{'printed' if well else 'not_printed'}")
            return Did(well=well, told=told, hint=text("staff.rescue.hint") if well else None)

        self._errands.run(effect.ticket, "recovery-card", work)

    def _card(self, by: str) -> Card:
        said, place = self._agent.call("recovery_facts"), self._errands.parts.place
        waiting, oldest = said.get("waiting"), said.get("oldest_s")
        return Card(
            terminal=place.terminal,
            place=place.place,
            ring=whom(place.help, place.staff, self._errands.parts.words),
            key=str(said.get("key", "")),
            waiting=waiting if isinstance(waiting, int) else 0,
            oldest_s=oldest if isinstance(oldest, int) else 0,
            at=datetime.now(LEGAL_TIME).strftime("%Y-%m-%d %H:%M"),
            by=by,
        )
