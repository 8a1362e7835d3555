"""Errands at one device: try it, have it begin anew, new paper, the code of a citizen's slip."""

from __future__ import annotations

from kiosk.maintenance import effects as e
from kiosk.maintenance.intents import Said
from kiosk.session.errands import Stopped, start
from kiosk.session.maintenance.bench import FOREVER_S, Gone, local_no_of
from kiosk.session.maintenance.errands import Errands, Table
from kiosk.session.maintenance.trials import Trials


class DeviceErrands:
    """Sends a person's wish to a device."""

    def __init__(self, errands: Errands, trials: Trials) -> None:
        self._errands, self._trials, self._bench = errands, trials, errands.parts.bench

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {
            e.Stop: self.stop,
            e.Test: self.test,
            e.Reset: self.reset,
            e.Replenish: self.replenish,
            e.ScanSlip: self.scan_slip,
        }

    def stop(self, _effect: e.Stop) -> None:
        """Give up whatever waits for a person."""
        self._bench.stop()

    def test(self, effect: e.Test) -> None:
        """Try a part."""
        number = self._errands.begin(effect.part)
        part = "battery" if effect.battery else effect.part
        trial = self._trials.of(part, number, self._errands.person(effect.ticket))
        self._errands.run(effect.ticket, "test", trial, ("device_tested", effect.part, "passed"))

    def reset(self, effect: e.Reset) -> None:
        """Have a device begin anew."""
        number, part = self._errands.begin(effect.part), effect.part
        note = ("device_reset", part, "passed")
        self._errands.run(effect.ticket, "reset", lambda: self._trials.reset(part, number), note)

    def replenish(self, effect: e.Replenish) -> None:
        """Tell the printer that paper is in, and print a line."""
        number, part = self._errands.begin(effect.part), effect.part
        person = self._errands.context.person
        work_no = person.work_no if person is not None else ""
        self._errands.run(
            effect.ticket,
            "paper",
            lambda: self._trials.replenished(part, number, work_no),
            ("supplies_replaced", part, "printed"),
        )

    def scan_slip(self, effect: e.ScanSlip) -> None:
        """Wait for the code on a citizen's slip."""
        bench = self._bench
        if "scanner" not in bench.parts:
            return
        number = bench.begin("scanner")

        def work() -> None:
            try:
                answer = bench.call(("scanner", number), "BarcodeReader.Read", {}, FOREVER_S)
            except (Stopped, Gone):
                return
            local_no = local_no_of(answer)
            if not answer.error:
                self._errands.say(Said.SLIP, ticket=effect.ticket, argument=local_no)

        start("slip", work, lambda: None)
