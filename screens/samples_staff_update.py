"""Samples of maintenance mode: a release on a stick, the touch calibration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.journey.view import Action, Notice, text
from kiosk.maintenance import view as m
from screens.sample import Sample, say
from screens.samples_staff import staff_frame, way


def staff_update() -> Iterator[Sample]:
    """Yield the pages of this module."""
    found = m.StaffUpdateView(
        frame=staff_frame(),
        title=text("stick.title.found"),
        lead=text("stick.lead.found"),
        phase="found",
        facts=(
            m.Fact(key="release", value=say("2026-11-b")),
            m.Fact(key="made", value=say("2026-11-20 16:40")),
            m.Fact(key="now", value=say("2026-10-a")),
        ),
        changes=(text("stick.changes.things", n=3), text("stick.changes.settings", n=1)),
        ways=(way("install"),),
    )
    yield Sample(name="staff-update", view=found)
    steps = (
        m.UpdateStep(key="verify", state="passed"),
        m.UpdateStep(key="check", state="now"),
        m.UpdateStep(key="trial", state="waiting"),
    )
    installing = replace(
        found,
        title=text("stick.title.installing"),
        lead=text("stick.lead.installing"),
        phase="installing",
        steps=steps,
        ways=(),
    )
    yield Sample(name="staff-update-installing", view=installing)
    good = m.Outcome(tone="fine", told=text("stick.end.trial"), hint=text("stick.end.trial_hint"))
    done = replace(
        installing,
        title=text("stick.title.done"),
        lead=None,
        phase="done",
        steps=tuple(replace(step, state="passed") for step in steps),
        outcome=good,
    )
    yield Sample(name="staff-update-done", view=done)
    nothing = replace(
        found,
        title=text("stick.title.nothing"),
        lead=None,
        phase="nothing",
        facts=(),
        changes=(),
        notices=(
            Notice(
                kind="trouble",
                text=text("stick.nothing.untrusted"),
                hint=text("stick.nothing.untrusted_hint"),
            ),
        ),
        ways=(Action(target="staff:again", label=text("stick.again")),),
    )
    yield Sample(name="staff-update-refused", view=nothing)
    looking = replace(
        nothing, title=text("stick.title.looking"), phase="looking", notices=(), ways=()
    )
    yield Sample(name="staff-update-looking", view=looking)
    yield from _calibrations()


def _calibrations() -> Iterator[Sample]:
    point = m.StaffCalibrateView(
        frame=staff_frame(nav=()),
        title=text("calibration.title.point", n=2, of=4),
        at=(0.85, 0.12),
        number=2,
        columns=0,
        rows=0,
    )
    yield Sample(name="staff-calibrate", view=point)
    last = replace(point, title=text("calibration.title.point", n=4, of=4), at=(0.15, 0.88))
    yield Sample(name="staff-calibrate-last", view=last)
    unfit = Notice(
        kind="trouble", text=text("calibration.unfit"), hint=text("calibration.unfit_hint")
    )
    again = replace(
        point,
        title=text("calibration.title.point", n=1, of=4),
        at=(0.15, 0.12),
        notices=(unfit,),
    )
    yield Sample(name="staff-calibrate-again", view=again)
    confirm = m.StaffCalibrateView(
        frame=staff_frame(nav=()),
        title=text("calibration.title.confirm"),
        touched=frozenset({0, 4, 8, 13}),
        seconds_left=11,
        ways=(
            Action(target="staff:yes", label=text("calibration.keep")),
            Action(target="staff:no", label=text("calibration.undo")),
        ),
    )
    yield Sample(name="staff-calibrate-confirm", view=confirm)
