"""Moves of the page from which a training is begun; while it runs its windows lie over this one."""

from __future__ import annotations

from kiosk.maintenance import entry_moves, work_moves
from kiosk.maintenance.context import Context, Move, go, stay, ticket
from kiosk.maintenance.effects import EndTraining, Train
from kiosk.maintenance.facts import Did
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.states import State

ORDER = "train"
"""What the agent offers where it has a command for it."""


def open_training(ctx: Context, _: Intent) -> Move | None:
    """Tell what a training is."""
    return go(ctx, State.TRAIN) if ORDER in ctx.looked.orders else None


def begin(ctx: Context, _: Intent) -> Move | None:
    """Begin one."""
    if ctx.awaited:
        return None
    ctx, number = ticket(ctx)
    return stay(ctx, Train(ticket=number), outcome=None, doing=None)


def back(ctx: Context, intent: Intent) -> Move | None:
    """End the one that runs, and hear of its end here; else to the page before."""
    return (ctx, (EndTraining(),)) if ctx.awaited else work_moves.back(ctx, intent)


def ended(ctx: Context, intent: Intent) -> Move | None:
    """Tell how it ended; where nobody touched it any more, nobody is at this page either."""
    if isinstance(intent.fact, Did) and intent.fact.result == "idle":
        return entry_moves.end(ctx, "idle")
    return work_moves.did(ctx, intent)
