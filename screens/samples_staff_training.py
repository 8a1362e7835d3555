"""Samples of maintenance mode: training, the clock; and pages of citizens below the strip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from kiosk.journey.view import Action, text
from kiosk.maintenance import view as m
from kiosk.maintenance.clock_moves import UNITS
from kiosk.maintenance.present_training import SAYS
from screens.sample import Sample
from screens.samples_before import signing_in
from screens.samples_form import filling
from screens.samples_home import beginning
from screens.samples_staff import health, staff_frame, way
from screens.samples_walk import walked

_AT: Final = datetime(2026, 11, 28, 9, 41)  # noqa: DTZ001 - of the hall
_MARKED: Final = ("attract", "home", "card", "consent", "form", "form-composing", "progress_scan")
"""Pages of citizens that are shown with the strip of a training."""


def training() -> Iterator[Sample]:
    """Yield the page from which a training is begun."""
    page = m.StaffTrainView(
        frame=staff_frame("clerk", go=_named("train", "train.begin")),
        title=text("staff.train.title"),
        lead=text("staff.train.lead"),
        says=tuple(text(f"staff.train.says.{one}") for one in SAYS),
    )
    yield Sample(name="staff-train", view=page)
    starts = replace(page, frame=staff_frame("clerk"), doing=text("staff.train.starts"))
    yield Sample(name="staff-train-starts", view=starts)
    well = m.Outcome(tone="fine", told=text("staff.train.ended"), hint=None)
    yield Sample(name="staff-train-ended", view=replace(page, outcome=well))


def clocks() -> Iterator[Sample]:
    """Yield the page on which an engineer sets the clock."""
    off = health("trouble", "和受理服务相差 372 秒", "372 s from the intake's")
    page = m.StaffSystemView(
        page="staff_clock",
        frame=staff_frame("engineer"),
        title=text("staff.clock.title"),
        lead=text("staff.clock.lead"),
        settings=(m.Setting(key="clock", health=off), *map(_row, UNITS)),
        ways=(
            _named("step_clock", "clock.step"),
            _named("set_clock", "clock.set"),
        ),
    )
    yield Sample(name="staff-clock", view=page)
    question = m.Question(
        title=text("staff.clock.ask.set"),
        told=text("staff.clock.ask.set_told", time="2026-11-28 09:41"),
        yes=_named("yes", "system.sure"),
        no=_named("no", "way.keep"),
        grave=False,
    )
    yield Sample(name="staff-clock-ask", view=replace(page, question=question))


def _row(unit: str) -> m.Setting:
    told = text(f"staff.clock.unit.{unit}", n=getattr(_AT, unit))
    return m.Setting(
        key=unit,
        health=m.Health(tone="fine", told=told),
        less=_named("earlier", "clock.earlier", unit),
        more=_named("later", "clock.later", unit),
    )


def _named(name: str, words: str, argument: str = "") -> Action:
    return replace(way(name, argument), label=text(f"staff.{words}"))


def learning() -> Iterator[Sample]:
    """Yield pages of citizens as a learner sees them."""
    for sample in (*beginning(), *signing_in(), *filling(), *walked()):
        if sample.name in _MARKED:
            yield replace(sample, name=f"{sample.name}-training", training=True)
