"""Moves of a device's page: its history, and the trace of its line for the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kiosk.maintenance.context import Context, Move, go, stay, ticket
from kiosk.maintenance.effects import AskHistory, BeginTrace, Effect, KeepTrace, Look
from kiosk.maintenance.facts import History, Payload, Statuses
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.states import State

TRACES: Final = frozenset({"id_reader", "scanner", "receipt_printer", "a4_printer", "panel", "ups"})
"""Devices whose line can be heard (`drivers.service.interfaces.upkeep.TRACED`)."""

_OUTAGE: Final = frozenset({"upkeep.ups.battery", "upkeep.ups.low"})
"""Results of a test that say that there are no mains."""


def power(status: Payload | None) -> str:
    """Return what a UPS says that the terminal runs on; empty: it is no UPS, or says nothing."""
    own = status.get("xUps") if status is not None else None
    return str(own.get("power", "")) if isinstance(own, Mapping) else ""


def outlived(ctx: Context, now: Statuses) -> bool:
    """Say whether the result on a device's page is not so any more: mains went, or came back."""
    before, after = (power(own.devices.get(ctx.part)) for own in (ctx.statuses, now))
    if ctx.page is not State.DEVICE or ctx.outcome is None or before == after:
        return False
    return before == "onLine" or (after == "onLine" and ctx.outcome.told.key in _OUTAGE)


def news(ctx: Context, now: Statuses) -> tuple[Effect, ...]:
    """Return what is asked when the power changed while its page is read: the log of the outage."""
    before, after = (power(own.devices.get(ctx.part)) for own in (ctx.statuses, now))
    changed = ctx.page is State.DEVICE and before != after
    return (AskHistory(part=ctx.part),) if changed else ()


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
