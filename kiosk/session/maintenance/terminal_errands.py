"""Errands at the agent about the whole terminal: how it is, orders, levels, report, a slip."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance import report
from kiosk.maintenance.facts import Did, Looked
from kiosk.maintenance.intents import Said
from kiosk.maintenance.report import Report
from kiosk.session.errands import now, start
from kiosk.session.maintenance.errands import Errands, Table
from kiosk.session.maintenance.trials import Trials


class TerminalErrands:
    """Asks the agent; ``tune`` sets how loud and how bright this process is."""

    def __init__(self, errands: Errands, trials: Trials, tune: Callable[[int, int], None]) -> None:
        self._errands, self._trials, self._tune = errands, trials, tune
        self._agent = errands.parts.agent

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {
            e.Look: self.look,
            e.Recheck: self.recheck,
            e.Order: self.order,
            e.Tune: self.tune,
            e.Report: self.report,
            e.Find: self.find,
        }

    def look(self, _effect: e.Look) -> None:
        """Ask devices and agent how it is."""

        def work() -> None:
            self._errands.look_at_devices()
            looked = self._agent.look()
            if not self._errands.begun_anew():
                self._errands.say(Said.LOOKED, looked)

        start("look", work, lambda: self._errands.say(Said.LOOKED, Looked(lost=True)))

    def recheck(self, effect: e.Recheck) -> None:
        """Look again at what is wrong; what is still so then is told with the time."""

        def work() -> Did:
            self._errands.look_at_devices()
            if effect.doctor:
                self._errands.say(Said.EXAMINED, self._agent.examine())
                self._errands.say(Said.LOOKED, self._agent.look())
            tried = text("upkeep.fault.tried", time=f"{now():%H:%M}")
            return Did(well=False, told=tried, hint=text("upkeep.fault.tried_hint"))

        self._errands.run(effect.ticket, "recheck", work)

    def order(self, effect: e.Order) -> None:
        """Ask the agent for something."""

        def work() -> Did:
            return self._agent.order(effect.what, effect.reason, effect.until)

        self._errands.run(effect.ticket, "order", work)

    def tune(self, effect: e.Tune) -> None:
        """Set how loud and how bright it is, and have it kept."""
        self._tune(effect.sound, effect.brightness)
        start("tune", lambda: self._agent.tune(effect.sound, effect.brightness), lambda: None)

    def report(self, effect: e.Report) -> None:
        """Make the readiness report on paper or as a file."""
        told = report.of(self._errands.context, effect.examined)
        number = self._errands.begin("receipt_printer")

        def work() -> Did:
            did = self._as_pdf(told) if effect.how == "pdf" else self._on_paper(number, told)
            if did.well:
                verdict = effect.examined.verdict
                self._agent.audit("report_made", how=effect.how, verdict=verdict)
            return did

        self._errands.run(effect.ticket, "report", work)

    def _as_pdf(self, told: Report) -> Did:
        return self._agent.keep_pdf(report.pdf(told, self._errands.parts.words))

    def _on_paper(self, number: int, told: Report) -> Did:
        slip = report.slip(told, self._errands.parts.words)
        well = self._trials.printed(number, slip).well
        return Did(well=well, told=text(f"upkeep.report.{'printed' if well else 'not_printed'}"))

    def find(self, effect: e.Find) -> None:
        """Ask where a local number stands."""

        def work() -> None:
            found = self._agent.find(effect.local_no)
            self._errands.say(Said.FOUND, found, ticket=effect.ticket)

        start("find", work, lambda: None)
