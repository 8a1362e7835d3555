"""Moves of the touch calibration: four targets, then a grid, kept only when somebody says so.

A panel that is far off cannot be used to go back: what nobody touches for a while ends by itself,
and so does a new matrix that nobody confirms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk.journey.view_parts import text
from kiosk.maintenance.context import Context, Move, go, stay, ticket
from kiosk.maintenance.effects import KeepTouch, Look, TryTouch, UndoTouch
from kiosk.maintenance.facts import Did
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.states import State
from kiosk.maintenance.touch_matrix import TARGETS

POINT_S: Final = 30
"""Seconds for a target."""
CONFIRM_S: Final = 15
"""Seconds in which a new matrix has to be confirmed."""
COLUMNS: Final = 3
ROWS: Final = 6
WHOLE: Final = 10_000
"""A point's argument counts so many parts of the screen across and down: ``1500,1200``."""


def open_calibration(ctx: Context, _: Intent) -> Move:
    """Begin with the first target."""
    return go(ctx, State.CALIBRATE, felt=(), trying=False, touched=frozenset(), touch_s=POINT_S)


def point(ctx: Context, intent: Intent) -> Move | None:
    """Take where a finger was felt; with the last target the new matrix is tried."""
    across, comma, down = intent.argument.partition(",")
    if ctx.awaited or ctx.trying or not (comma and across.isdigit() and down.isdigit()):
        return None
    felt = (*ctx.felt, (int(across) / WHOLE, int(down) / WHOLE))
    if len(felt) < len(TARGETS):
        return stay(ctx, felt=felt, touch_s=POINT_S, outcome=None)
    ctx, number = ticket(replace(ctx, felt=(), outcome=None))
    return ctx, (TryTouch(ticket=number, felt=felt),)


def tried(ctx: Context, intent: Intent) -> Move | None:
    """Ask whether fingers are felt where they are; or touch the targets once more, and why."""
    if not isinstance(intent.fact, Did):
        return None
    if not intent.fact.well:
        return stay(ctx, outcome=intent.fact, awaited=0, touch_s=POINT_S)
    return stay(ctx, trying=True, awaited=0, touched=frozenset(), touch_s=CONFIRM_S)


def cell(ctx: Context, intent: Intent) -> Move | None:
    """Take a cell of the grid: somebody tries whether it is right."""
    number = int(intent.argument) if intent.argument.isdigit() else -1
    if not ctx.trying or not 0 <= number < COLUMNS * ROWS:
        return None
    return stay(ctx, touched=ctx.touched | {number})


def keep(ctx: Context, _: Intent) -> Move | None:
    """Keep the new matrix for good."""
    if not ctx.trying or ctx.awaited:
        return None
    ctx, number = ticket(replace(ctx, trying=False))
    return _back(ctx, number, KeepTouch(ticket=number))


def undo(ctx: Context, _: Intent) -> Move | None:
    """Take the old one back: it is not right."""
    return _undone(ctx) if ctx.trying else None


def leave(ctx: Context, _: Intent) -> Move:
    """Go back; what was tried is undone."""
    return _undone(ctx) if ctx.trying else _left(ctx)


def tick(ctx: Context) -> Move:
    """Let a second pass."""
    if ctx.awaited:
        return ctx, ()
    ctx = replace(ctx, touch_s=ctx.touch_s - 1)
    if ctx.touch_s > 0:
        return ctx, ()
    return _undone(ctx) if ctx.trying else _left(ctx)


def _left(ctx: Context) -> Move:
    *under, page = ctx.before
    return stay(ctx, Look(), page=page, before=tuple(under), felt=(), awaited=0, outcome=None)


def _back(ctx: Context, number: int, effect: KeepTouch | UndoTouch) -> Move:
    """Go back to the page before, which tells how it ended."""
    *under, page = ctx.before
    return stay(ctx, effect, page=page, before=tuple(under), felt=(), trying=False, awaited=number)


def _undone(ctx: Context) -> Move:
    told = Did(well=False, told=text("calibration.undone"), hint=text("calibration.undone_hint"))
    ctx, effects = _back(ctx, 0, UndoTouch())
    return replace(ctx, outcome=told), effects
