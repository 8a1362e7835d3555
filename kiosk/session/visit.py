"""One citizen's visit: the journey, and the errands that its effects send out."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from functools import singledispatchmethod

import structlog

from drivers.service.client import Event, ServiceUnavailable
from kiosk.journey import effects as e
from kiosk.journey import timing
from kiosk.journey.answering import news
from kiosk.journey.context import Context
from kiosk.journey.facts import (
    Fact,
    Mine,
    Shown,
    Sight,
    Trouble,
)
from kiosk.journey.intents import TOUCHES, Intent
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import IllegalIntent, Journey
from kiosk.journey.present_page import present
from kiosk.journey.states import State
from kiosk.journey.timing import Clock
from kiosk.journey.view import AnyView
from kiosk.session import devices
from kiosk.session.camera import CameraDesk, LiveFrame
from kiosk.session.camera_errands import CameraErrands
from kiosk.session.consents import Consents
from kiosk.session.control import Control
from kiosk.session.devices import CardDesk, CodeDesk
from kiosk.session.equipment import Equipment
from kiosk.session.errands import Ends, Errands, Post, answer, now, start
from kiosk.session.handing_over import HandingOver
from kiosk.session.notes import Notes
from kiosk.session.outcome import Outcome
from kiosk.session.slip import guide, guide_sheet, receipt

log = structlog.get_logger()

LAST_RATING_S = 2.0
"""Seconds the end of a visit waits for a rating that is on its way."""
LAST_WORDS_S = 0.5
"""Seconds the end of a visit waits for its events to be told."""

_SOMEBODY = TOUCHES | {K.CARD_SEEN, K.CARD_LIFTED, K.CODE_READ}
"""Kinds that prove that somebody is there."""


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
        self._consents = Consents(equipment.catalogue, now)
        self._rated = threading.Event()
        self._rated.set()
        self._cards = CardDesk(equipment.reader)
        self._codes = CodeDesk(equipment.scanner)
        self._camera = CameraErrands(CameraDesk(equipment.camera, equipment.pictures))
        self.chime: Callable[[str], None] = lambda _name: None
        self._clock = Clock(idle_seconds=equipment.idle_seconds)
        self._errands = Errands(post)
        self._notes = Notes(equipment.reporter)
        self._outcome = Outcome()
        self._journey = Journey(
            Context(site=equipment.site, catalogue=equipment.catalogue, today=now().date())
        )
        self._minute = 0

    # ---- what the screen calls

    def view(self) -> AnyView:
        """Return what is to be shown now."""
        return present(self._journey)

    def tally(self) -> dict[str, object]:
        """Return what a rehearsal reports of the visit: numbers and counts, no person."""
        return dict(self._notes.tally)

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
        before = self._journey.context
        try:
            effects = self._journey.apply(intent)
        except IllegalIntent:
            log.info("intent_dropped", intent=intent.kind.value, page=self._journey.page.value)
            return False
        if intent.kind in _SOMEBODY:
            self._clock.touched(time.monotonic())
        self._consents.follow(before, self._journey.context)
        self._notes.take(intent, self._journey.context)
        self._outcome.follow(self._journey.page, self._journey.context, time.monotonic())
        for effect in effects:
            self._carry_out(effect)
        return True

    def live(self) -> LiveFrame | None:
        """Return the newest frame of the document camera; never waits."""
        return self._camera.live()

    def photo(self, picture: str) -> bytes | None:
        """Return the JPEG of a picture of this visit, or None."""
        try:
            return self._camera.photo(picture)
        except KeyError:
            return None

    def touched(self) -> None:
        """Somebody touched the screen, wherever."""
        self._clock.touched(time.monotonic())

    def tick(self) -> bool:
        """Let time pass; call it a few times a second.  Says whether anything changed."""
        held = self._journey.held
        patience = timing.patience(self._journey.context)
        now_s, page = time.monotonic(), self._journey.page
        looks = self._journey.looks
        due = self._clock.poll(now_s, page, is_held=held, patience=patience, looks=looks)
        return sum(self.dispatch(intent) for intent in due) + self._keep_the_day() > 0

    def close(self) -> None:
        """Give up whatever waits, and let go of everything."""
        self._cards.stop()
        self._codes.stop()
        self._camera.close()
        self._own.close()

    # ---- the world outside

    def _keep_the_day(self) -> bool:
        """A standby may have been warmed yesterday; who can help is asked once a minute."""
        moment, begun = now(), self._journey.page is not State.ATTRACT
        if self._minute == (minute := int(moment.timestamp()) // 60):
            return False
        self._minute, told = minute, news(self._journey.context, moment, begun=begun)
        return told is not None and self.dispatch(Intent(kind=K.TODAY, fact=told))

    def _listen_to_devices(self) -> None:
        own = self._own
        own.reader.on_unsolicited(self._reader_said)
        for client in own.clients:
            client.on_unsolicited(self._device_said)
            client.on_connection(lambda _there: self._look())
        start("connect", self._connect, lambda: None)
        own.machine.turned = lambda: self._control.staff("switch")
        own.machine.watch(lambda how: self._post(Intent(kind=K.TERMINAL, fact=how)))

    def _connect(self) -> None:
        for client in self._own.clients:
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
        found = devices.look(*own.clients)
        self._post(Intent(kind=K.DEVICES, fact=found))

    # ---- effects

    @singledispatchmethod
    def _carry_out(self, effect: e.Effect) -> None:
        """Carry out an effect; its answers are posted."""
        raise AssertionError(f"nobody carries out {type(effect).__name__}")

    @_carry_out.register
    def _(self, _effect: e.BeginVisit) -> None:
        self._visit = self._notes.visit = uuid.uuid4().hex
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
                lifted=lambda: self._post(Intent(kind=K.CARD_LIFTED)),
                seen=tell(K.CARD_SEEN),
            )

        ends = Ends(effect.ticket, K.CARD_READ, K.CARD_TROUBLE, "reader_failed")
        self._errands.send("card", work, ends)

    @_carry_out.register
    def _(self, effect: e.SignIn) -> None:
        def work() -> Fact:
            return self._own.office.sign_in(effect.card, effect.code)

        ends = Ends(effect.ticket, K.SIGNED_IN, K.SIGN_IN_TROUBLE, "garbled")
        self._errands.send("sign_in", work, ends)

    @_carry_out.register
    def _(self, effect: e.FetchPrefill) -> None:
        consent = self._consents.give("data_fetch")

        def work() -> Fact:
            return self._own.office.prefill(effect, consent)

        ends = Ends(effect.ticket, K.PREFILLED, K.PREFILL_TROUBLE, "garbled")
        self._errands.send("prefill", work, ends)

    @_carry_out.register
    def _(self, effect: e.Submit) -> None:
        handing = HandingOver(self._visit, self._own.desk, self._control, self._post)
        consents = self._consents.agreed(effect)
        self._notes.submitting(effect)
        start(
            "submit",
            lambda: handing.run(effect, consents, self._camera.photo),
            lambda: handing.failed(effect.ticket),
        )

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
            said, by = devices.print_slip(own.printer, own.on_paper(paper))
            self._notes.paper(said, by)
            return said

        self._errands.paper(work, K.PRINTED, effect.ticket)

    @_carry_out.register
    def _(self, effect: e.PrintGuide) -> None:
        own = self._own

        def work() -> Fact:
            if effect.sheet:
                whole = guide_sheet(effect, own.catalogue, own.site, own.terminal, now().date())
                return devices.print_sheets(own.sheets, whole)
            paper = guide(effect, own.catalogue, own.site, own.words, now())
            return devices.print_slip(own.printer, own.on_paper(paper))[0]

        self._errands.paper(work, K.GUIDE_PRINTED, effect.ticket)

    @_carry_out.register
    def _(self, effect: e.WatchCamera) -> None:
        self._forget_pictures()
        number = self._camera.begin()

        def seen(sight: Sight) -> None:
            self._post(answer(K.SIGHT, effect.ticket, sight))

        def work() -> Fact:
            return self._camera.watch(number, self._visit, effect, seen)

        ends = Ends(effect.ticket, K.CAPTURE_TROUBLE, K.CAPTURE_TROUBLE, "camera_failed")
        self._errands.send("camera", work, ends)

    @_carry_out.register
    def _(self, effect: e.TakePicture) -> None:
        number = self._camera.begin()
        ends = Ends(effect.ticket, K.TAKEN, K.CAPTURE_TROUBLE, "camera_failed")
        self._errands.send("camera", lambda: self._camera.take(number, self._visit, effect), ends)

    @_carry_out.register
    def _(self, effect: e.ReadNumber) -> None:
        number = self._camera.begin()
        ends = Ends(effect.ticket, K.NUMBER_READ, K.NUMBER_READ, "unread")
        self._errands.send("camera", lambda: self._camera.read(number, self._visit, effect), ends)

    def _forget_pictures(self) -> None:
        """Keep the pictures that belong to a paper; the others were not wanted."""
        kept = self._journey.context.captures.values()
        self._camera.keep_only(frozenset(own.picture for papers in kept for own in papers))

    @_carry_out.register
    def _(self, effect: e.Chime) -> None:
        self.chime(effect.name)

    @_carry_out.register
    def _(self, effect: e.SendRating) -> None:
        self._rated.clear()

        def work() -> None:
            wrong = self._own.office.rate(effect.token, effect.grade, effect.options)
            if wrong is None:
                self._notes.tally["rated"] = effect.grade
                self._own.reporter.say("visit_rated", grade=effect.grade)
            self._rated.set()

        start("rating", work, self._rated.set)

    @_carry_out.register
    def _(self, effect: e.FetchMine) -> None:
        def work() -> Fact:
            found = self._own.office.mine(effect.card)
            return found if isinstance(found, Trouble) else Mine(applications=found)

        ends = Ends(effect.ticket, K.MINE, K.PROGRESS_TROUBLE, "garbled")
        self._errands.send("mine", work, ends)

    @_carry_out.register
    def _(self, effect: e.ScanCode) -> None:
        number = self._codes.begin()
        ends = Ends(effect.ticket, K.CODE_READ, K.CODE_TROUBLE, "scanner_failed")
        self._errands.send("scan", lambda: self._codes.read(number), ends)

    @_carry_out.register
    def _(self, effect: e.FetchProgress) -> None:
        def work() -> Fact:
            return self._own.office.progress(effect.token)

        ends = Ends(effect.ticket, K.PROGRESS, K.PROGRESS_TROUBLE, "garbled")
        self._errands.send("progress", work, ends)

    @_carry_out.register
    def _(self, _effect: e.Stop) -> None:
        self._cards.stop()
        self._codes.stop()
        self._camera.stop()

    @_carry_out.register
    def _(self, effect: e.EndVisit) -> None:
        if self._journey.context.card_on:
            self._own.reporter.say("card_left", visit=self._visit)
        self._own.reporter.say("visit_outcome", **self._outcome.fields(time.monotonic()))

        def work() -> None:
            self._rated.wait(LAST_RATING_S)
            self._own.reporter.finish(LAST_WORDS_S)
            self._control.ended(effect.how)

        start("end", work, lambda: self._control.ended(effect.how))
