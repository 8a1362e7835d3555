"""What the page on which an engineer sets the clock shows."""

from __future__ import annotations

from datetime import datetime

from kiosk.journey.view_parts import Action, Text, text
from kiosk.maintenance.clock_moves import UNITS
from kiosk.maintenance.context import Context
from kiosk.maintenance.present_parts import frame, outcome, way
from kiosk.maintenance.present_work import finding_health
from kiosk.maintenance.view import Health, Question, Setting, StaffSystemView
from kiosk.translation import Translator


def clock(ctx: Context, _: Translator) -> StaffSystemView:
    """Return the page; it is set by rows, as sound and brightness are."""
    free = not ctx.awaited and ctx.clock is not None
    looks = Health(tone="unknown", told=text("staff.clock.looks"))
    found = looks if ctx.examining else finding_health(ctx, "clock")
    rows = [Setting(key="clock", health=found)]
    if ctx.clock is not None:
        rows += [_row(ctx.clock, unit, free=free) for unit in UNITS]
    return StaffSystemView(
        page="staff_clock",
        frame=frame(ctx),
        title=text("staff.clock.title"),
        lead=text("staff.clock.lead"),
        settings=tuple(rows),
        outcome=outcome(ctx.outcome),
        doing=text("upkeep.system.runs") if ctx.awaited else None,
        ways=_ways() if free else (),
        question=_question(ctx),
    )


def _ways() -> tuple[Action, ...]:
    step = way("step_clock", words="staff.clock.step")
    return step, way("set_clock", words="staff.clock.set")


def _row(at: datetime, unit: str, *, free: bool) -> Setting:
    told = text(f"staff.clock.unit.{unit}", n=getattr(at, unit))
    return Setting(
        key=unit,
        health=Health(tone="fine", told=told),
        less=way("earlier", unit, words="staff.clock.earlier") if free else None,
        more=way("later", unit, words="staff.clock.later") if free else None,
    )


def _question(ctx: Context) -> Question | None:
    if not ctx.question or ctx.clock is None:
        return None
    told: Text = text("staff.clock.ask.step_told")
    if ctx.question == "set":
        told = text("staff.clock.ask.set_told", time=ctx.clock.strftime("%Y-%m-%d %H:%M"))
    return Question(
        title=text(f"staff.clock.ask.{ctx.question}"),
        told=told,
        yes=way("yes", words="staff.system.sure"),
        no=way("no", words="staff.way.keep"),
        grave=False,
    )
