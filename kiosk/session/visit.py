"""One citizen's visit: the journey, and the errands that its effects send out."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import singledispatchmethod

import structlog

from drivers.service.client import Event, ServiceUnavailable
from kiosk.domain import materials
from kiosk.domain.consent import Consent
from kiosk.domain.receipt import Printed
from kiosk.journey import effects as e
from kiosk.journey.context import Context
from kiosk.journey.facts import (
    Answer,
    Card,
    Code,
    Fact,
    Prefill,
    Print,
    Shown,
    Stored,
    Today,
    Trouble,
)
from kiosk.journey.intents import TOUCHES, Intent
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import IllegalIntent, Journey
from kiosk.journey.present_page import present
from kiosk.journey.timing import Clock
from kiosk.journey.view import AnyView
from kiosk.session import devices
from kiosk.session.control import Control
from kiosk.session.devices import CardDesk, CodeDesk, Stopped
from kiosk.session.equipment import Equipment
from kiosk.session.errands import Post, answer, now, start
from kiosk.session.slip import receipt

log = structlog.get_logger()

LAST_WORDS_S = 0.5
"""Seconds the end of a visit waits for its events to be told."""

_SOMEBODY = TOUCHES | {K.CARD_SEEN, K.CARD_LIFTED, K.CODE_READ}
"""Kinds that prove that somebody is there."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """How an errand is answered: well, or with a `Trouble`; ``reason`` when nobody foresaw it."""

    ticket: int
    well: K
    ill: K
    reason: str


class Visit:
    """Runs one visit.  Everything but ``post`` belongs to the screen's thread.

    Args:
        equipment: what it works with.
        control: the way to the shell.
        post: hands an intent from any thread to the screen's thread, which dispatches it.
    """

    def __init__(self, equipment: Equipment, control: Control, post: Post) -> None:
        self._own = equipment
        self._control = control
        self._post = post
        self._visit = ""
        self._consents: dict[str, Consent] = {}
        self._cards = CardDesk(equipment.reader)
        self._codes = CodeDesk(equipment.scanner)
        self._clock = Clock(idle_seconds=equipment.idle_seconds)
        self._tally: dict[str, object] = {}
        self._journey = Journey(
            Context(site=equipment.site, catalogue=equipment.catalogue, today=now().date())
        )

    # ---- what the screen calls

    def view(self) -> AnyView:
        """Return what is to be shown now."""
        return present(self._journey)

    def tally(self) -> dict[str, object]:
        """Return what a rehearsal reports of the visit: numbers and counts, no person."""
        return dict(self._tally)

    def shown(self, shown: Shown) -> bool:
        """The window was raised: connect to the devices, and explain what broke, if anything."""
        self._clock.touched(time.monotonic())
        self._listen_to_devices()
        return self.dispatch(Intent(kind=K.SHOWN, fact=shown))

    def dispatch(self, intent: Intent) -> bool:
        """Let an intent happen; say whether it did.

        One that does not exist here now is dropped: a second tap on a button that is gone, or an
        answer that came too late.
        """
        if intent.kind is K.BEGIN:
            self._keep_the_day()
        try:
            effects = self._journey.apply(intent)
        except IllegalIntent:
            log.info("intent_dropped", intent=intent.kind.value, page=self._journey.page.value)
            return False
        if intent.kind in _SOMEBODY:
            self._clock.touched(time.monotonic())
        self._note(intent)
        for effect in effects:
            self._carry_out(effect)
        return True

    def touched(self) -> None:
        """Somebody touched the screen, wherever."""
        self._clock.touched(time.monotonic())

    def tick(self) -> bool:
        """Let time pass; call it a few times a second.  Says whether anything changed."""
        held = self._journey.held
        due = self._clock.poll(time.monotonic(), self._journey.page, is_held=held)
        return sum(self.dispatch(intent) for intent in due) > 0

    def close(self) -> None:
        """Give up whatever waits, and let go of everything."""
        self._cards.stop()
        self._codes.stop()
        self._own.close()

    # ---- the world outside

    def _keep_the_day(self) -> None:
        """A standby may have been warmed yesterday."""
        today = now().date()
        if today != self._journey.context.today:
            self.dispatch(Intent(kind=K.TODAY, fact=Today(day=today)))

    def _listen_to_devices(self) -> None:
        own = self._own
        own.reader.on_unsolicited(self._reader_said)
        for client in (own.reader, own.scanner, own.printer):
            client.on_unsolicited(self._device_said)
            client.on_connection(lambda _there: self._look())
        start("connect", self._connect, lambda: None)

    def _connect(self) -> None:
        for client in (self._own.reader, self._own.scanner, self._own.printer):
            try:
                client.connect()
            except ServiceUnavailable as gone:
                log.warning("service_unavailable", problem=str(gone))

    def _reader_said(self, event: Event) -> None:
        if event.name == "CardReader.MediaRemovedEvent":
            self._post(Intent(kind=K.CARD_LIFTED))

    def _device_said(self, event: Event) -> None:
        if event.name == "Common.StatusChangedEvent":
            self._look()

    def _look(self) -> None:
        """Ask the devices again; only a visit that has begun cares."""
        if self._visit:
            start("look", self._look_now, lambda: None)

    def _look_now(self) -> None:
        own = self._own
        found = devices.look(own.reader, own.scanner, own.printer)
        self._post(Intent(kind=K.DEVICES, fact=found))

    # ---- effects

    @singledispatchmethod
    def _carry_out(self, effect: e.Effect) -> None:
        """Carry out an effect; its answers are posted."""
        raise AssertionError(f"nobody carries out {type(effect).__name__}")

    @_carry_out.register
    def _(self, _effect: e.BeginVisit) -> None:
        self._visit = uuid.uuid4().hex
        self._own.office.open(self._visit)
        self._control.visit(self._visit)

    @_carry_out.register
    def _(self, _effect: e.CheckDevices) -> None:
        def work() -> None:
            self._look_now()
            if devices.card_lies_there(self._own.reader):
                self._post(Intent(kind=K.CARD_PRESENT))

        start("look", work, lambda: None)

    @_carry_out.register
    def _(self, _effect: e.CheckIntake) -> None:
        def work() -> None:
            self._post(Intent(kind=K.INTAKE, fact=self._own.office.state()))

        start("intake", work, lambda: None)

    @_carry_out.register
    def _(self, effect: e.ReadIdCard) -> None:
        def tell(kind: K) -> Callable[[], None]:
            return lambda: self._post(answer(kind, effect.ticket))

        number = self._cards.begin()

        def work() -> Fact:
            return self._cards.read(
                number,
                self._visit,
                wanted=tell(K.CARD_WANTED),
                left=tell(K.CARD_LEFT),
                seen=tell(K.CARD_SEEN),
            )

        ends = _Ends(effect.ticket, K.CARD_READ, K.CARD_TROUBLE, "reader_failed")
        self._send("card", work, ends)

    @_carry_out.register
    def _(self, effect: e.FetchPrefill) -> None:
        consent = self._consent("data_fetch")

        def work() -> Fact:
            items = effect.thing.open_items
            return self._own.office.prefill(effect.card, effect.thing, items, "person", consent)

        ends = _Ends(effect.ticket, K.PREFILLED, K.PREFILL_TROUBLE, "garbled")
        self._send("prefill", work, ends)

    @_carry_out.register
    def _(self, effect: e.Submit) -> None:
        consents: tuple[Consent, ...] = (self._consent("declaration"),)
        if effect.agreed and "data_fetch" in self._consents:
            consents = (self._consents["data_fetch"], *consents)

        def work() -> None:
            stored = self._own.desk.hand_over(
                self._visit, effect, consents, before=self._control.handing_over
            )
            if isinstance(stored, Trouble):
                self._post(answer(K.STORE_TROUBLE, effect.ticket, stored))
                return
            self._control.submitted(stored.local_no)
            self._post(answer(K.STORED, effect.ticket, stored))
            found = self._own.desk.outcome(self._visit)
            self._post(answer(K.ANSWERED, effect.ticket, found))

        def otherwise() -> None:
            wrong = Trouble(reason="unanswered")
            self._post(answer(K.STORE_TROUBLE, effect.ticket, wrong))

        self._tally["fields"] = asdict(effect.form.counts)
        papers = materials.merge(effect.thing.open_items)
        self._tally["materials"] = {"before": papers.before, "asked": papers.asked}
        start("submit", work, otherwise)

    @_carry_out.register
    def _(self, effect: e.PrintReceipt) -> None:
        own = self._own

        def work() -> Fact:
            paper = receipt(
                effect,
                catalogue=own.catalogue,
                site=own.site,
                terminal=own.terminal,
                words=own.words,
                now=now(),
            )
            said, by = devices.print_slip(own.printer, paper)
            self._report_paper(said, by)
            return said

        def otherwise() -> None:
            unknown = Print(printed=Printed.UNKNOWN, reason="error")
            self._post(answer(K.PRINTED, effect.ticket, unknown))

        start("print", lambda: self._post(answer(K.PRINTED, effect.ticket, work())), otherwise)

    @_carry_out.register
    def _(self, effect: e.ScanCode) -> None:
        number = self._codes.begin()
        ends = _Ends(effect.ticket, K.CODE_READ, K.CODE_TROUBLE, "scanner_failed")
        self._send("scan", lambda: self._codes.read(number), ends)

    @_carry_out.register
    def _(self, effect: e.FetchProgress) -> None:
        def work() -> Fact:
            return self._own.office.progress(effect.token)

        ends = _Ends(effect.ticket, K.PROGRESS, K.PROGRESS_TROUBLE, "garbled")
        self._send("progress", work, ends)

    @_carry_out.register
    def _(self, _effect: e.Stop) -> None:
        self._cards.stop()
        self._codes.stop()

    @_carry_out.register
    def _(self, effect: e.EndVisit) -> None:
        if self._journey.context.card_on:
            self._own.reporter.say("card_left", visit=self._visit)

        def work() -> None:
            self._own.reporter.finish(LAST_WORDS_S)
            self._control.ended(effect.how)

        start("end", work, lambda: self._control.ended(effect.how))

    def _send(self, name: str, work: Callable[[], Fact], ends: _Ends) -> None:
        """Run an errand that ends with a fact."""

        def run() -> None:
            try:
                found = work()
            except Stopped:
                return
            kind = ends.ill if isinstance(found, Trouble) else ends.well
            self._post(answer(kind, ends.ticket, found))

        def otherwise() -> None:
            self._post(answer(ends.ill, ends.ticket, Trouble(reason=ends.reason)))

        start(name, run, otherwise)

    def _consent(self, purpose: str) -> Consent:
        """Record that the citizen agreed to a text at this moment."""
        given = self._own.catalogue.consents[purpose].given(now().isoformat())
        self._consents[purpose] = given
        return given

    # ---- what is told of it

    def _note(self, intent: Intent) -> None:
        """Report and count what happened; types, counts and terminal numbers only."""
        context = self._journey.context
        match intent.fact:
            case Card():
                self._report("identity_read", method="id_card")
            case Trouble(reason=reason) if intent.kind is K.CARD_TROUBLE:
                self._report("identity_failed", reason=reason)
            case Trouble(reason=reason) if intent.kind in {K.PREFILL_TROUBLE, K.PROGRESS_TROUBLE}:
                self._report("intake_failed", reason=reason)
            case Code() if context.trouble is not None:
                self._report("code_refused", reason=context.trouble.reason)
            case Prefill(sources=sources):
                well = sum(state == "ok" for state in sources.values())
                self._report("data_fetched", ok=well, failed=len(sources) - well)
            case Stored(local_no=local_no):
                self._tally |= {
                    "thing": context.thing.code if context.thing else None,
                    "local_no": local_no,
                }
            case Answer():
                self._tally |= {
                    "outcome": intent.fact.outcome.value,
                    "application_no": intent.fact.application_no,
                }
            case Print(printed=printed):
                said = {Printed.YES: True, Printed.NO: False, Printed.UNKNOWN: "unknown"}
                self._tally["printed"] = said[printed]

    def _report(self, event: str, **fields: str | int) -> None:
        self._own.reporter.say(event, visit=self._visit, **fields)

    def _report_paper(self, said: Print, by: str) -> None:
        if said.printed is Printed.YES:
            self._report("receipt_printed", confirmed_by=by)
        else:
            self._report("receipt_not_printed", reason=said.reason or said.printed.value)
