"""What is told of a visit: audit events, and the counts that a rehearsal reports.

Types, counts and the terminal's own numbers; never a value of a citizen.
"""

from __future__ import annotations

from dataclasses import asdict

from kiosk.domain import materials
from kiosk.domain.receipt import Printed
from kiosk.journey.context import Context
from kiosk.journey.effects import Submit
from kiosk.journey.facts import Answer, Card, Code, Prefill, Print, Stored, Taken, Trouble
from kiosk.journey.intents import Intent
from kiosk.journey.intents import IntentKind as K
from kiosk.session.reporter import Reporter

PRINTED = {Printed.YES: True, Printed.NO: False, Printed.UNKNOWN: "unknown"}


_TROUBLES = {
    K.CARD_TROUBLE: "identity_failed",
    K.PREFILL_TROUBLE: "intake_failed",
    K.PROGRESS_TROUBLE: "intake_failed",
    K.CAPTURE_TROUBLE: "capture_failed",
}


class Notes:
    """The notes of one visit."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self.visit = ""
        self.tally: dict[str, object] = {}

    def submitting(self, effect: Submit) -> None:
        """Count what is submitted."""
        self.tally["fields"] = asdict(effect.form.counts)
        papers = materials.merge(effect.items)
        self.tally["materials"] = {"before": papers.before, "asked": papers.asked}

    def paper(self, said: Print, by: str) -> None:
        """Report what the printer said of a slip."""
        if said.printed is Printed.YES:
            self._report("receipt_printed", confirmed_by=by)
        else:
            self._report("receipt_not_printed", reason=said.reason or said.printed.value)

    def take(self, intent: Intent, context: Context) -> None:
        """Report and count what happened."""
        if isinstance(intent.fact, Trouble):
            self._trouble(intent.kind, intent.fact.reason)
        else:
            self._event(intent, context)
            self._count(intent, context)

    def _trouble(self, kind: K, reason: str) -> None:
        event = _TROUBLES.get(kind)
        if event:
            self._report(event, reason=reason)

    def _event(self, intent: Intent, context: Context) -> None:
        match intent.fact:
            case Card():
                self._report("identity_read", method="id_card")
            case Taken(faults=faults):
                self._report("page_captured", faults=len(faults))
            case Code() if context.trouble is not None:
                self._report("code_refused", reason=context.trouble.reason)
            case Prefill(sources=sources):
                well = sum(state == "ok" for state in sources.values())
                self._report("data_fetched", ok=well, failed=len(sources) - well)

    def _count(self, intent: Intent, context: Context) -> None:
        match intent.fact:
            case Stored(local_no=local_no):
                self.tally |= {
                    "thing": context.thing.code if context.thing else None,
                    "local_no": local_no,
                }
            case Answer():
                self.tally |= {
                    "outcome": intent.fact.outcome.value,
                    "application_no": intent.fact.application_no,
                }
            case Print(printed=printed) if intent.kind is K.PRINTED:
                self.tally["printed"] = PRINTED[printed]

    def _report(self, event: str, **fields: str | int) -> None:
        self._reporter.say(event, visit=self.visit, **fields)
