"""One stay in maintenance mode: the course, and the errands that its effects send out.

One thread, the screen's, owns the course.  Each effect runs on a thread of its own and ends by
*posting* an intent, which the screen's thread applies.  Every failure becomes words on a page.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from functools import singledispatchmethod
from typing import Final

import structlog

from kiosk.journey.intents import Intent as Woken
from kiosk.journey.intents import IntentKind
from kiosk.journey.view_parts import Text, plain, text
from kiosk.maintenance import effects as e
from kiosk.maintenance import report
from kiosk.maintenance.context import Context
from kiosk.maintenance.course import Course, IllegalIntent
from kiosk.maintenance.facts import Denied, Did, Examined, Fact, Looked, SignedIn, Words
from kiosk.maintenance.intents import Intent, Said, touch
from kiosk.maintenance.opening_check import Step
from kiosk.maintenance.present import present
from kiosk.maintenance.targets import BadStaffTarget
from kiosk.maintenance.view import AnyStaffView
from kiosk.session.errands import Stopped, start
from kiosk.session.maintenance.agent_desk import Lost
from kiosk.session.maintenance.bench import FOREVER_S, Gone, local_no_of
from kiosk.session.maintenance.card import read_card
from kiosk.session.maintenance.parts import Parts
from kiosk.session.maintenance.trials import PART_OF_STEP, Person, Trials

log = structlog.get_logger()
Post = Callable[[Woken], None]
Note = tuple[str, str, str]
"""Event, device, and the word for a good end: what the log has of a trial."""
SECOND: Final = 1.0
EXAMINE_S: Final = 45.0
_FACTS: Final = {Step.NETWORK: "intake", Step.CLOCK: "clock", Step.SPACE: "disk"}
"""Steps of the opening check that the doctor answers, by his word for it."""


class Stay:
    """What the screen needs of maintenance mode (`screens.app.Visit`).

    Args:
        parts: devices, agent, words and the way to the shell.
        post: wakes the screen's thread, which then hears what was said.
    """

    def __init__(self, parts: Parts, post: Post) -> None:
        self._parts, self._post = parts, post
        self._course = Course(Context(place=parts.place, idle_seconds=parts.idle_seconds))
        self._said: queue.SimpleQueue[Intent] = queue.SimpleQueue()
        self._second = 0.0
        self._examined: Examined | None = None
        self._examining = threading.Event()
        self.chime: Callable[[], None] = lambda: None
        self.tune: Callable[[int, int], None] = lambda _sound, _brightness: None
        self._trials = Trials(parts.bench, parts.words, lambda: self.chime())  # noqa: PLW0108 - set later

    # ---- what the screen calls

    def view(self) -> AnyStaffView:
        """Return what is to be shown now."""
        return present(self._course.context, self._parts.words)

    def dispatch(self, intent: Woken) -> None:
        """Hear that it is shown, or that something was said meanwhile."""
        if intent.kind is IntentKind.SHOWN:
            self._second = time.monotonic() + SECOND
            start("open", self._open, lambda: None)
        self._drain()

    def touched_by_staff(self, target: str) -> None:
        """Let a touch happen; one that is not possible now is dropped."""
        try:
            self._apply(touch(target))
        except BadStaffTarget:
            log.warning("strange_touch")

    def touched(self) -> None:
        """Hear that somebody is there; a touch beside the buttons is no reason to stay."""

    def poll(self) -> bool:
        """Let due seconds pass; say whether anything changed."""
        changed = self._drain()
        while time.monotonic() >= self._second > 0:
            self._second += SECOND
            self._apply(Intent(kind=Said.TICK))
            changed = True
        return changed

    def told(self) -> dict[str, object]:
        """Return what a rehearsal may know: the page, its step and what is wrong; no digit."""
        ctx = self._course.context
        facts: dict[str, object] = {
            "page": self.view().page,
            "step": ctx.check.now or "",
            "faults": [own.id for own in ctx.faults],
            "denied": ctx.denied,
            "cells": [f"staff:cell:{number}" for number in sorted(ctx.touched)],
            "tries_left": -1 if ctx.tries_left is None else ctx.tries_left,
        }
        return {"facts": facts}

    # ---- inside

    def _drain(self) -> bool:
        heard = False
        while not self._said.empty():
            self._apply(self._said.get())
            heard = True
        return heard

    def _apply(self, intent: Intent) -> None:
        try:
            effects = self._course.apply(intent)
        except IllegalIntent:
            log.info("intent_dropped", intent=intent.kind.value)
            return
        for effect in effects:
            self._carry_out(effect)

    def _say(
        self, kind: Said, fact: Fact | None = None, *, ticket: int = 0, argument: str = ""
    ) -> None:
        """Have the screen's thread hear something; safe from any thread."""
        self._said.put(Intent(kind=kind, fact=fact, ticket=ticket, argument=argument))
        self._post(Woken(kind=IntentKind.TICK))

    def _open(self) -> None:
        """Open maintenance at the agent, and take the devices over."""
        own = self._parts
        try:
            begun = own.agent.begin(own.how)
        except Lost:
            log.error("agent_lost")  # noqa: TRY400 - its words are the channel's
            own.control.ended("lost")
            return
        if not own.bench.enter():
            log.warning("devices_not_handed_over")
        own.bench.changed(lambda: start("statuses", self._statuses, lambda: None))
        self._say(Said.BEGUN, begun)

    def _statuses(self) -> None:
        self._say(Said.STATUSES, self._parts.bench.look())

    def _did(self, ticket: int, did: Did) -> None:
        self._say(Said.DID, did, ticket=ticket)

    def _errand(
        self, ticket: int, name: str, work: Callable[[], Did | None], note: Note | None = None
    ) -> None:
        """Run a trial on a thread; it ends with words, whatever happens, and in the log."""

        def run() -> None:
            try:
                did = work()
            except Stopped:
                return
            if did is None:  # the person's answer is its end
                return
            if note is not None:
                event, part, well = note
                result = well if did.well else did.result
                self._parts.agent.audit(event, device=part, result=result)
            self._did(ticket, did)

        failed = Did(well=False, told=text("upkeep.test.gone"))
        start(name, run, lambda: self._did(ticket, failed))

    @property
    def _person(self) -> SignedIn | None:
        return self._course.context.person

    # ---- effects

    @singledispatchmethod
    def _carry_out(self, effect: e.Effect) -> None:
        """Carry out an effect; its answers are posted."""
        raise AssertionError(f"nobody carries out {type(effect).__name__}")

    @_carry_out.register
    def _(self, effect: e.ReadCard) -> None:
        bench = self._parts.bench
        if "id_reader" not in bench.parts:
            self._say(Said.READER_GONE, ticket=effect.ticket)
            return
        own, number = self._parts, bench.begin("id_reader")

        def seen() -> None:
            self._say(Said.CARD_SEEN, ticket=effect.ticket)

        def work() -> None:
            try:
                found = read_card(own.bench, own.agent, number, seen)
                kind = Said.TAKEN if found is None else Said.DENIED
                self._say(kind, found, ticket=effect.ticket)
            except Stopped:
                return
            except Gone:
                self._say(Said.READER_GONE, ticket=effect.ticket)

        start("card", work, lambda: self._say(Said.READER_GONE, ticket=effect.ticket))

    @_carry_out.register
    def _(self, effect: e.SendCode) -> None:
        def work() -> None:
            denied = self._parts.agent.code(effect.code)
            self._say(Said.TAKEN if denied is None else Said.DENIED, denied, ticket=effect.ticket)

        start("code", work, lambda: self._not_kept(effect.ticket))

    @_carry_out.register
    def _(self, effect: e.SendPin) -> None:
        def work() -> None:
            said = self._parts.agent.pin(effect.pin)
            kind = Said.SIGNED_IN if isinstance(said, SignedIn) else Said.DENIED
            self._say(kind, said, ticket=effect.ticket)

        start("pin", work, lambda: self._not_kept(effect.ticket))

    def _not_kept(self, ticket: int) -> None:
        self._say(Said.DENIED, Denied(reason="not_kept"), ticket=ticket)

    @_carry_out.register
    def _(self, _effect: e.Stop) -> None:
        self._parts.bench.stop()

    @_carry_out.register
    def _(self, _effect: e.Look) -> None:
        def work() -> None:
            self._statuses()
            self._say(Said.LOOKED, self._parts.agent.look())

        start("look", work, lambda: self._say(Said.LOOKED, Looked(lost=True)))

    @_carry_out.register
    def _(self, _effect: e.Examine) -> None:
        self._examining.clear()

        def done(examined: Examined) -> None:
            self._examined = examined
            self._examining.set()
            self._say(Said.EXAMINED, examined)

        nothing = Examined(findings=())
        start("examine", lambda: done(self._parts.agent.examine()), lambda: done(nothing))

    @_carry_out.register
    def _(self, effect: e.BeginCheck) -> None:
        del effect
        start("check", self._parts.agent.check_began, lambda: None)

    @_carry_out.register
    def _(self, effect: e.EndCheck) -> None:
        results = {step.value: result.value for step, result in effect.results}

        def work() -> None:
            self._parts.agent.check_ended({"results": results, "seconds": effect.seconds})
            self._say(Said.LOOKED, self._parts.agent.look())

        start("check", work, lambda: None)

    @_carry_out.register
    def _(self, effect: e.Try) -> None:
        if effect.step in _FACTS:
            self._errand(effect.ticket, effect.step.value, lambda: self._looked_at(effect.step))
            return
        part = PART_OF_STEP[effect.step]
        trial = self._trials.of(part, self._begin(part), self._persons(effect.ticket), own=True)
        self._errand(effect.ticket, effect.step.value, trial)

    def _persons(self, ticket: int) -> Person:
        """Return how a trial speaks to who stands there."""

        def say(told: Text) -> None:
            self._say(Said.DOING, Words(told=told), ticket=ticket)

        def ask(told: Text) -> None:
            self._say(Said.DOING, Words(told=told), ticket=ticket, argument="asks")

        return Person(say=say, ask=ask)

    def _looked_at(self, step: Step) -> Did:
        """Wait for the doctor, and say what he found."""
        self._examining.wait(EXAMINE_S)
        found = self._examined.findings if self._examined is not None else ()
        own = next((one for one in found if one.check == _FACTS[step]), None)
        if own is None:
            return Did(well=False, told=text("staff.tone.unknown"))
        return Did(well=own.verdict in {"ok", "attention"}, told=plain(own.told))

    def _begin(self, part: str) -> int:
        """Return the number of a new wait; 0 where there is no such device."""
        bench = self._parts.bench
        return bench.begin(part) if part in bench.parts else 0

    @_carry_out.register
    def _(self, effect: e.Test) -> None:
        number = self._begin(effect.part)
        trial = self._trials.of(effect.part, number, self._persons(effect.ticket))
        self._errand(effect.ticket, "test", trial, ("device_tested", effect.part, "passed"))

    @_carry_out.register
    def _(self, effect: e.Reset) -> None:
        number, part = self._begin(effect.part), effect.part
        note = ("device_reset", part, "passed")
        self._errand(effect.ticket, "reset", lambda: self._trials.reset(part, number), note)

    @_carry_out.register
    def _(self, effect: e.Replenish) -> None:
        number, part = self._begin(effect.part), effect.part
        work_no = self._person.work_no if self._person is not None else ""
        self._errand(
            effect.ticket,
            "paper",
            lambda: self._trials.replenished(part, number, work_no),
            ("supplies_replaced", part, "printed"),
        )

    @_carry_out.register
    def _(self, effect: e.Order) -> None:
        def work() -> Did:
            return self._parts.agent.order(effect.what, effect.reason, effect.until)

        self._errand(effect.ticket, "order", work)

    @_carry_out.register
    def _(self, effect: e.Tune) -> None:
        self.tune(effect.sound, effect.brightness)
        if effect.sound:
            self.chime()
        agent = self._parts.agent
        start("tune", lambda: agent.tune(effect.sound, effect.brightness), lambda: None)

    @_carry_out.register
    def _(self, effect: e.Report) -> None:
        ctx, words = self._course.context, self._parts.words
        told = report.of(ctx, effect.examined)
        number = self._begin("receipt_printer")

        def work() -> Did:
            agent = self._parts.agent
            if effect.how == "pdf":
                did = agent.keep_pdf(report.pdf(told, words))
            else:
                well = self._trials.printed(number, report.slip(told, words)).well
                key = "printed" if well else "not_printed"
                did = Did(well=well, told=text(f"upkeep.report.{key}"))
            if did.well:
                verdict = effect.examined.verdict
                agent.audit("report_made", how=effect.how, verdict=verdict)
            return did

        self._errand(effect.ticket, "report", work)

    @_carry_out.register
    def _(self, effect: e.ScanSlip) -> None:
        bench = self._parts.bench
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
                self._say(Said.SLIP, ticket=effect.ticket, argument=local_no)

        start("slip", work, lambda: None)

    @_carry_out.register
    def _(self, effect: e.Find) -> None:
        def work() -> None:
            found = self._parts.agent.find(effect.local_no)
            self._say(Said.FOUND, found, ticket=effect.ticket)

        start("find", work, lambda: None)

    @_carry_out.register
    def _(self, effect: e.Leave) -> None:
        def work() -> None:
            self._parts.agent.leave(effect.how)
            self._parts.bench.close()
            self._parts.control.ended(effect.how)

        start("leave", work, lambda: self._parts.control.ended(effect.how))
