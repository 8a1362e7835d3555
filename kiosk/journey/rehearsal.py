"""Plays a script headless: the pure machine against a small scripted world.

The world answers effects with intents, in order, at once; time passes only where the script says
so.  Whole visits run in milliseconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import singledispatchmethod

from kiosk.domain.receipt import Printed
from kiosk.journey import effects as e
from kiosk.journey import timing
from kiosk.journey.context import Context
from kiosk.journey.facts import (
    Answer,
    Card,
    Code,
    Condition,
    Fact,
    Intake,
    Mine,
    Power,
    Print,
    Stored,
    Stroke,
    Terminal,
    Trouble,
)
from kiosk.journey.intents import Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import Journey
from kiosk.journey.observe import observed, unmet
from kiosk.journey.present_page import present
from kiosk.journey.script import SLIP, Script, Step
from kiosk.journey.states import State
from kiosk.journey.timing import Clock
from kiosk.journey.world import BROKEN, CARD_FAULTS, LICENCE, PAPER, PRINTED, World, progress

NAME = Stroke(points=((0.1, 0.5, 0.0), (0.5, 0.2, 0.2), (0.9, 0.6, 0.4)))
"""A name written by hand, as far as a journey can tell."""
_UNREACHABLE = Trouble(reason="unreachable")


class Unplayable(AssertionError):
    """The visit went another way than the script; says at which step and how."""


class Rehearsal:
    """One run of one script."""

    def __init__(self, script: Script, world: World, context: Callable[[], Context]) -> None:
        """Make a run; ``context`` makes what a fresh session process starts with."""
        self._script = script
        self._world = world
        self._context = context
        self._coming: deque[Intent] = deque()
        self._armed = self._scanning = self._watched = 0
        self.journey = Journey(context())
        self.ended: str | None = None
        self.answer: Answer | None = None
        self.printed: Printed | None = None
        self.pages: list[State] = [State.ATTRACT]
        self._clock = Clock()
        self._now = 0.0

    def run(self) -> None:
        """Play every step.

        Raises:
            Unplayable: a page did not come, an intent is not possible there, or something is
                not as expected.
        """
        self.play(*self._script.steps)
        self._judge()

    def play(self, *steps: Step) -> None:
        """Play steps, and let everything that is coming come."""
        for number, step in enumerate(steps, start=1):
            self._reach(step.page, number)
            self._expect(step, number)
            if step.does:
                self._do(step, number)
        while self._coming:
            self._pump()

    def _reach(self, page: State, number: int) -> None:
        """Let answers come in until the page is seen."""
        patience = timing.CARD_LEFT_SECONDS
        while self.journey.page is not page:
            if not self._coming and self.journey.page is State.FAREWELL and patience:
                patience -= 1
                self._wait(1)
            elif not self._coming:
                raise Unplayable(f"step {number}: {page} expected, {self.journey.page} is seen")
            else:
                self._pump()

    def _expect(self, step: Step, number: int) -> None:
        while True:
            wrong = unmet(observed(present(self.journey)), step.expect)
            if not wrong:
                return
            if not self._coming:
                raise Unplayable(f"step {number} on {step.page}: " + "; ".join(wrong))
            self._pump()

    def _do(self, step: Step, number: int) -> None:
        if step.tap is not None:
            self._touch(step.tap, number)
        elif step.type is not None:
            for digit in step.type:
                self._touch(f"digit:{digit}", number)
        elif step.write is not None:
            self._write(step.write.text, number)
        elif step.wait_page is not None:
            self._reach(step.wait_page, number)
        elif step.pause is not None:
            self._wait(step.pause)
        else:
            self._change(step)

    def _touch(self, target: str, number: int) -> None:
        page = self.journey.page
        while not self._offers(target):
            if not self._coming and self._one_a_page():
                self._next_question(target, number)
                continue
            if not self._coming:
                raise Unplayable(f"step {number}: {target} cannot be touched on {page}")
            self._pump()
        self._clock.touched(self._now)
        self._apply(touch(target))

    def _one_a_page(self) -> bool:
        """With elder letters the form's next question is a page away."""
        elder = self.journey.context.size == "elder" and self.journey.page is State.FORM
        return elder and not unmet(observed(present(self.journey)), {"targets": "next"})

    def _next_question(self, target: str, number: int) -> None:
        before = observed(present(self.journey))["fields"]
        self._apply(touch("next"))
        if observed(present(self.journey))["fields"] == before:
            raise Unplayable(f"step {number}: {target} is behind a question with a fault")

    def _write(self, words: str, number: int) -> None:
        if not observed(present(self.journey)).get("input"):
            raise Unplayable(f"step {number}: nothing is written on {self.journey.page}")
        self._clock.touched(self._now)
        self._apply(touch(f"text:{words}"))

    def _offers(self, target: str) -> bool:
        targets = observed(present(self.journey))["targets"]
        return isinstance(targets, list) and target in targets

    def _change(self, step: Step) -> None:
        """Something happens in the world."""
        if step.draw:
            self._apply(Intent(kind=K.STROKE, fact=NAME))
        elif step.put_card is not None:
            self._put_card(step.put_card)
        elif step.lift_card:
            self._world.card = None
            self._tell(K.CARD_LIFTED)
        elif step.show_code is not None and self._scanning:
            code = step.show_code.replace(SLIP, self._world.slip).encode()
            self._answer(K.CODE_READ, self._scanning, Code(data=code))
        elif step.show_licence is not None and self._scanning:
            code = f"{LICENCE}{step.show_licence}".encode()
            self._answer(K.CODE_READ, self._scanning, Code(data=code))
        elif step.scene is not None:
            self._world.scene = step.scene
            self._see()
        else:
            self._break(step)

    def _break(self, step: Step) -> None:
        """Something of the world goes wrong, or is mended."""
        world = self._world
        if step.intake is not None:
            world.intake = Intake(step.intake)
        elif step.disk is not None:
            world.room = step.disk == "ok"
        elif step.source is not None:
            world.sources = dict(step.source)
        elif step.paper is not None:
            self._devices(printer=PAPER[step.paper])
        elif step.power is not None:
            self._terminal(replace(world.terminal, power=Power(step.power)))
        elif step.cabinet is not None:
            self._terminal(replace(world.terminal, opened=step.cabinet == "open"))
        elif step.fault is not None and step.fault.device == "camera":
            self._devices(camera=Condition.ABSENT)
        elif step.fault is not None:
            world.card_faults.extend([step.fault.kind] * step.fault.times)

    def _devices(self, **changed: Condition) -> None:
        self._world.devices = replace(self._world.devices, **changed)
        self._tell(K.DEVICES, self._world.devices)

    def _terminal(self, terminal: Terminal) -> None:
        self._world.terminal = terminal
        self._tell(K.TERMINAL, terminal)

    def _put_card(self, ref: str) -> None:
        self._world.card = ref
        if not self._armed:
            self._tell(K.CARD_PRESENT)
            return
        ticket, self._armed = self._armed, 0
        self._answer(K.CARD_SEEN, ticket, None)
        if self._world.card_faults:
            fault = self._world.card_faults.popleft()
            wrong = Trouble(reason=CARD_FAULTS.get(fault, "unreadable"))
            self._answer(K.CARD_TROUBLE, ticket, wrong)
            return
        own = self._world.people[ref]
        self._answer(K.CARD_READ, ticket, Card(person=own.person, evidence=own.evidence))

    def _see(self) -> None:
        """The camera looks at what lies under it, while somebody looks at its picture."""
        scene = self._world.scene
        if not self._watched:
            return
        broken = BROKEN.get(scene.fault or "") if scene else None
        if broken:
            self._answer(K.CAPTURE_TROUBLE, self._watched, Trouble(reason=broken))
        else:
            self._answer(K.SIGHT, self._watched, self._world.sight())

    def _wait(self, seconds: int) -> None:
        while self._coming:
            self._pump()
        for _ in range(seconds):
            self._now += 1
            page, is_held = self.journey.page, self.journey.held
            patience = timing.patience(self.journey.context)
            for intent in self._clock.poll(self._now, page, is_held=is_held, patience=patience):
                self._apply(intent)

    # ---- intents and effects

    def _tell(self, kind: K, fact: Fact | None = None) -> None:
        self._coming.append(Intent(kind=kind, fact=fact))

    def _answer(self, kind: K, ticket: int, fact: Fact | None) -> None:
        self._coming.append(Intent(kind=kind, ticket=ticket, fact=fact))

    def _pump(self) -> None:
        intent = self._coming.popleft()
        if self.journey.legal(intent):
            self._apply(intent)

    def _apply(self, intent: Intent) -> None:
        effects = self.journey.apply(intent)
        if self.pages[-1] is not self.journey.page:
            self.pages.append(self.journey.page)
        for effect in effects:
            self._carry_out(effect)

    @singledispatchmethod
    def _carry_out(self, effect: e.Effect) -> None:
        """Carry out an effect that needs nothing here."""

    @_carry_out.register
    def _(self, _effect: e.CheckDevices) -> None:
        self._tell(K.DEVICES, self._world.devices)
        if self._world.card:
            self._tell(K.CARD_PRESENT)

    @_carry_out.register
    def _(self, _effect: e.CheckIntake) -> None:
        self._tell(K.INTAKE, self._world.intake)

    @_carry_out.register
    def _(self, effect: e.ReadIdCard) -> None:
        self._armed = effect.ticket
        self._answer(K.CARD_WANTED, effect.ticket, None)
        if self._world.card:
            self._answer(K.CARD_LEFT, effect.ticket, None)

    @_carry_out.register
    def _(self, effect: e.SignIn) -> None:
        told = self._world.sign_in(effect.card.person.id_no, effect.code)
        failed = isinstance(told, Trouble)
        self._answer(K.SIGN_IN_TROUBLE if failed else K.SIGNED_IN, effect.ticket, told)

    @_carry_out.register
    def _(self, effect: e.FetchPrefill) -> None:
        if self._world.intake is not Intake.UP:
            self._answer(K.PREFILL_TROUBLE, effect.ticket, _UNREACHABLE)
            return
        self._answer(K.PREFILLED, effect.ticket, self._world.told(effect))

    @_carry_out.register
    def _(self, effect: e.PrintGuide) -> None:
        used = self._world.devices.sheets if effect.sheet else self._world.devices.printer
        printed = Printed.YES if used.usable else Printed.NO
        self._answer(K.GUIDE_PRINTED, effect.ticket, Print(printed=printed))

    @_carry_out.register
    def _(self, effect: e.WatchCamera) -> None:
        self._watched = effect.ticket
        self._see()

    @_carry_out.register
    def _(self, effect: e.TakePicture) -> None:
        self._watched = 0
        self._answer(K.TAKEN, effect.ticket, self._world.take())

    @_carry_out.register
    def _(self, effect: e.ReadNumber) -> None:
        self._answer(K.NUMBER_READ, effect.ticket, self._world.number())

    @_carry_out.register
    def _(self, effect: e.SendRating) -> None:
        self._world.grade = effect.grade

    @_carry_out.register
    def _(self, effect: e.Chime) -> None:
        self._world.chimes.append(effect.name)

    @_carry_out.register
    def _(self, effect: e.FetchMine) -> None:
        if self._world.intake is not Intake.UP:
            self._answer(K.PROGRESS_TROUBLE, effect.ticket, _UNREACHABLE)
            return
        found = self._world.applications(effect.card.person.id_no)
        self._answer(K.MINE, effect.ticket, Mine(applications=found))

    @_carry_out.register
    def _(self, effect: e.Submit) -> None:
        if not self._world.room:
            self._answer(K.STORE_TROUBLE, effect.ticket, Trouble(reason="disk_full"))
            return
        number = f"L0020261122A{len(self._world.filings):03d}"
        self._world.filings.append(number)
        self._world.filed_by.append(effect.card.person.id_no)
        site = self.journey.context.site
        self._world.slip = f"{site.public_url}/p/{number}.0123456789abcdef"
        stored = Stored(local_no=number, code=self._world.slip)
        self._answer(K.STORED, effect.ticket, stored)
        self._answer(K.ANSWERED, effect.ticket, self._verdict(effect))

    def _verdict(self, effect: e.Submit) -> Answer:
        return self._world.verdict(effect.items)

    @_carry_out.register
    def _(self, effect: e.PrintReceipt) -> None:
        self.answer = effect.answer
        usable = self._world.devices.printer.usable
        self.printed = Printed.YES if usable else Printed.NO
        self._world.papers += usable
        reason = "" if usable else "paperOut"
        self._answer(K.PRINTED, effect.ticket, Print(printed=self.printed, reason=reason))

    @_carry_out.register
    def _(self, effect: e.ScanCode) -> None:
        self._scanning = effect.ticket

    @_carry_out.register
    def _(self, effect: e.FetchProgress) -> None:
        if self._world.intake is not Intake.UP:
            self._answer(K.PROGRESS_TROUBLE, effect.ticket, _UNREACHABLE)
            return
        if effect.token.partition(".")[0] not in self._world.filings:
            self._answer(K.PROGRESS_TROUBLE, effect.ticket, Trouble(reason="not_arrived"))
            return
        self._answer(K.PROGRESS, effect.ticket, progress("4107"))

    @_carry_out.register
    def _(self, _effect: e.Stop) -> None:
        self._armed = self._scanning = self._watched = 0

    @_carry_out.register
    def _(self, effect: e.EndVisit) -> None:
        """The process is replaced: nothing of the visit goes on."""
        self.ended = effect.how
        self._coming.clear()
        self.journey = Journey(self._context())
        self.pages.append(State.ATTRACT)
        self._tell(K.TERMINAL, self._world.terminal)

    def _judge(self) -> None:
        """Hold the end against the script's outcome."""
        wrong = self._script.outcome.unmet(
            {
                "outcome": self.answer and self.answer.outcome.value,
                "printed": PRINTED.get(self.printed),
                "ended": self.ended,
                "filings": len(self._world.filings),
                "rated": self._world.grade,
                "called": "take_card" in self._world.chimes,
            }
        )
        if wrong:
            raise Unplayable("at the end: " + "; ".join(wrong))
