"""One stay in maintenance mode: a page, what is known, and the table.

::

    course = Course(Context(place=…))
    for effect in course.apply(touch("staff:check")):
        …  # carry it out, post its answers as intents
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.maintenance import calibrate_moves, check_moves, entry_moves
from kiosk.maintenance.context import CAP_S, ENTRY_IDLE_S, HELD_S, Context, Move
from kiosk.maintenance.effects import Effect
from kiosk.maintenance.intents import TICKETED, Intent, Said
from kiosk.maintenance.states import State
from kiosk.maintenance.table import EVERYWHERE, NEEDS, TABLE
from kiosk.maintenance.targets import Touch

__all__ = ["Course", "IllegalIntent"]


class IllegalIntent(Exception):
    """The intent does not exist here now; nothing was changed."""


class Course:
    """Where staff are.  Not safe for threads: one thread applies intents."""

    def __init__(self, context: Context) -> None:
        """Begin before the card reader, with what the terminal knows of itself."""
        self.context = context

    def apply(self, intent: Intent) -> tuple[Effect, ...]:
        """Let the intent happen and return what is to be done now.

        Raises:
            IllegalIntent: it does not exist here now; nothing was changed.
        """
        ctx = self.context
        if ctx.page is State.ENDED:
            raise IllegalIntent("it is over")
        move = tick(ctx) if intent.kind is Said.TICK else _step(ctx, intent)
        if move is None:
            raise IllegalIntent(f"{intent.kind} is not possible on {ctx.page} now")
        self.context, effects = move
        if isinstance(intent.kind, Touch):
            self.context = replace(self.context, idle_s=0)
        return effects

    def legal(self, intent: Intent) -> bool:
        """Tell whether `apply` would take the intent; changes nothing."""
        if self.context.page is State.ENDED:
            return False
        return intent.kind is Said.TICK or _step(self.context, intent) is not None


def _step(ctx: Context, intent: Intent) -> Move | None:
    if intent.kind in TICKETED and (not ctx.awaited or intent.ticket != ctx.awaited):
        return None
    needed = NEEDS.get(intent.kind)
    if needed is not None and not ctx.may(needed):
        return None
    row = TABLE.get((ctx.page, intent.kind)) or EVERYWHERE.get(intent.kind)
    return None if row is None else row(ctx, intent)


def idle_left(ctx: Context) -> int:
    """Return the seconds until it is left by itself."""
    limit = ctx.idle_seconds if ctx.signed_in else min(ENTRY_IDLE_S, ctx.idle_seconds)
    return limit - ctx.idle_s


def held(ctx: Context) -> bool:
    """Tell whether the terminal works for who is here: the idle clock stands still."""
    if ctx.page is State.TRAIN and ctx.awaited:  # it has a clock of its own, and hears the touches
        return True
    works = bool(ctx.awaited) and ctx.signed_in and ctx.page is not State.HELP
    works = works or ctx.check.stopped  # it has a patience of its own
    return (works or ctx.examining) and ctx.held_s < HELD_S


def tick(ctx: Context) -> Move:
    """Let a second pass."""
    works = held(ctx)
    ctx = replace(
        ctx,
        whole_s=ctx.whole_s + 1,
        held_s=ctx.held_s + works,
        idle_s=ctx.idle_s + (not works),
    )
    if ctx.whole_s >= CAP_S:
        return entry_moves.end(ctx, "cap")
    if idle_left(ctx) <= 0:
        return entry_moves.end(ctx, "idle")
    if ctx.locked_s:
        return _unlock(replace(ctx, locked_s=ctx.locked_s - 1))
    if ctx.page is State.CALIBRATE:
        return calibrate_moves.tick(ctx)
    return check_moves.tick(ctx)


def _unlock(ctx: Context) -> Move:
    """Take cards and digits again once the wait is over."""
    waits = ctx.locked_s or ctx.page is not State.CARD or ctx.by_code or ctx.awaited
    return (ctx, ()) if waits else entry_moves.read_card(replace(ctx, denied=""))
