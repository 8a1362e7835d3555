"""Moves of a device's page: its history, and the trace of its line for the vendor."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk.maintenance.context import Context, Move, go, stay, ticket
from kiosk.maintenance.effects import AskHistory, BeginTrace, KeepTrace, Look
from kiosk.maintenance.facts import History
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.states import State

TRACES: Final = frozenset({"id_reader", "scanner", "receipt_printer", "a4_printer", "panel", "ups"})
"""Devices whose line can be heard (`drivers.service.interfaces.upkeep.TRACED`)."""


def open_part(ctx: Context, intent: Intent) -> Move | None:
    """Show a part's page."""
    part = intent.argument
    known = part in ctx.statuses.devices or part == "sound"
    return go(ctx, State.DEVICE, Look(), AskHistory(part=part), part=part) if known else None


def remember(ctx: Context, intent: Intent) -> Move | None:
    """Take what the log has of a part."""
    return stay(ctx, history=intent.fact) if isinstance(intent.fact, History) else None


def trace(ctx: Context, _: Intent) -> Move | None:
    """Begin to record, or end it and keep what was recorded; one device at a time."""
    if ctx.awaited or ctx.part not in TRACES or ctx.tracing not in {"", ctx.part}:
        return None
    effect = KeepTrace if ctx.tracing else BeginTrace
    ctx, number = ticket(replace(ctx, outcome=None, doing=None))
    return ctx, (effect(ticket=number, part=ctx.part),)


def traced(ctx: Context, intent: Intent) -> Move:
    """Know which device is recorded now; none with an empty argument."""
    return stay(ctx, tracing=intent.argument)
