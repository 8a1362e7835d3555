"""Moves of the page on which an engineer sets the clock."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Final

from kiosk.maintenance.context import Context, Move, go, stay, ticket
from kiosk.maintenance.effects import Examine, ReadClock, SetClock
from kiosk.maintenance.facts import Did, Now
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.states import State
from kiosk.maintenance.targets import Touch

HALL: Final = timezone(timedelta(hours=8))
"""The clock of the hall: UTC+8, whatever the machine was installed with."""
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=HALL)
LATEST: Final = datetime(2060, 1, 1, tzinfo=HALL)
"""A time outside is a slip of the finger: this software is not older, the machine not younger."""
UNITS: Final = ("year", "month", "day", "hour", "minute")
STEP, SET = "step", "set"
ORDER: Final = "clock"
"""What the agent offers where it has a command for it."""
_LENGTHS: Final = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
}


def open_clock(ctx: Context, _: Intent) -> Move | None:
    """Show how far off it is."""
    if ORDER not in ctx.looked.orders:
        return None
    return go(ctx, State.CLOCK, ReadClock(), Examine(), examining=True, clock=None)


def read(ctx: Context, intent: Intent) -> Move | None:
    """Take the time that it is; a person sets from there."""
    return stay(ctx, clock=intent.fact.at) if isinstance(intent.fact, Now) else None


def turn(ctx: Context, intent: Intent) -> Move | None:
    """Set one part of date and time later or earlier by one."""
    if ctx.awaited or ctx.question or ctx.clock is None or intent.argument not in UNITS:
        return None
    moved = turned(ctx.clock, intent.argument, 1 if intent.kind is Touch.LATER else -1)
    return stay(ctx, clock=moved, outcome=None) if EARLIEST <= moved < LATEST else None


def turned(at: datetime, unit: str, by: int) -> datetime:
    """Return a time moved by one unit; a day that the month lacks is its last one."""
    if unit in _LENGTHS:
        return at + by * _LENGTHS[unit]
    months = at.year * 12 + at.month - 1 + by * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, calendar.monthrange(year, month)[1]))


def ask(ctx: Context, intent: Intent) -> Move | None:
    """Ask whether it is meant."""
    if ctx.awaited or ctx.clock is None:
        return None
    how = STEP if intent.kind is Touch.STEP_CLOCK else SET
    return stay(ctx, question=how, outcome=None)


def answer(ctx: Context, intent: Intent) -> Move | None:
    """Set it, or not."""
    if ctx.question not in {STEP, SET} or ctx.clock is None:
        return None
    if intent.kind is Touch.NO:
        return stay(ctx, question="")
    at = 0 if ctx.question == STEP else int(ctx.clock.timestamp())
    ctx, number = ticket(replace(ctx, question="", outcome=None))
    return ctx, (SetClock(ticket=number, at=at),)


def did(ctx: Context, intent: Intent) -> Move | None:
    """Tell how it ended, and look at both clocks anew."""
    if not isinstance(intent.fact, Did):
        return None
    return stay(
        ctx, ReadClock(), Examine(), outcome=intent.fact, doing=None, awaited=0, examining=True
    )
