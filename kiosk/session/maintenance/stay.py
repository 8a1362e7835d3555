"""One stay in maintenance mode: the course behind one screen, and who carries out its effects.

The screen's thread owns the course; `errands` says how everything else comes back to it.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, NoReturn

import structlog

from kiosk.journey.intents import Intent as Woken
from kiosk.journey.intents import IntentKind
from kiosk.maintenance.context import Context
from kiosk.maintenance.course import Course, IllegalIntent
from kiosk.maintenance.intents import Intent, Said, touch
from kiosk.maintenance.present import present
from kiosk.maintenance.targets import BadStaffTarget
from kiosk.maintenance.touch_matrix import NoPanel, Point
from kiosk.maintenance.view import AnyStaffView
from kiosk.session.errands import now, start
from kiosk.session.maintenance.agent_desk import Lost
from kiosk.session.maintenance.check_errands import CheckErrands
from kiosk.session.maintenance.clock_errands import ClockErrands
from kiosk.session.maintenance.device_errands import DeviceErrands
from kiosk.session.maintenance.entry_errands import EntryErrands
from kiosk.session.maintenance.errands import Errands, Table
from kiosk.session.maintenance.parts import Parts
from kiosk.session.maintenance.rescue_errands import RescueErrands
from kiosk.session.maintenance.terminal_errands import TerminalErrands
from kiosk.session.maintenance.touch_errands import Begin, TouchErrands
from kiosk.session.maintenance.trace_errands import TraceErrands
from kiosk.session.maintenance.training_errands import TrainingErrands
from kiosk.session.maintenance.trials import Trials
from kiosk.session.maintenance.update_errands import UpdateErrands

log = structlog.get_logger()
Post = Callable[[Woken], None]
SECOND: Final = 1.0


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
        self.chime: Callable[[], None] = lambda: None
        self.tune: Callable[[int, int], None] = lambda _sound, _brightness: None
        self.calibrate: Begin = _no_panel
        self._errands = Errands(parts, self._hear, lambda: self._course.context)
        self.carries_out = self._table()

    def _table(self) -> Table:
        """Return who carries out which effect; the screen sets ``chime`` and ``tune`` later."""
        errands = self._errands
        trials = Trials(self._parts.bench, self._parts.words, lambda: self.chime())  # noqa: PLW0108
        groups = (
            EntryErrands(errands),
            CheckErrands(errands, trials),
            DeviceErrands(errands, trials),
            TerminalErrands(errands, trials, self._tuned),
            ClockErrands(errands),
            RescueErrands(errands, trials),
            TrainingErrands(errands),
            UpdateErrands(errands),
            TraceErrands(errands),
            TouchErrands(errands, lambda felt: self.calibrate(felt)),  # noqa: PLW0108
        )
        return {kind: carry for group in groups for kind, carry in group.table().items()}

    def _tuned(self, sound: int, brightness: int) -> None:
        self.tune(sound, brightness)
        if sound:
            self.chime()

    # ---- what the screen calls

    def view(self) -> AnyStaffView:
        """Return what is to be shown now."""
        ctx = replace(self._course.context, moment=now())
        return present(ctx, self._parts.words)

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
        ctx, view = self._course.context, self.view()
        facts: dict[str, object] = {
            "page": view.page,
            "title": view.title.key,
            "point": 0 if ctx.trying or ctx.awaited else len(ctx.felt) + 1,
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
            self.carries_out[type(effect)](effect)

    def _hear(self, intent: Intent) -> None:
        """Take what an errand said, on any thread."""
        self._said.put(intent)
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
        look = self._errands.look_at_devices
        own.bench.changed(lambda: start("statuses", look, lambda: None))
        self._errands.say(Said.BEGUN, begun)


def _no_panel(_felt: Sequence[Point]) -> NoReturn:
    """Stand for a screen that has no touch panel."""
    raise NoPanel("nobody gave one")
