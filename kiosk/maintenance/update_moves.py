"""Moves of the page that installs a release from a stick."""

from __future__ import annotations

from dataclasses import replace

from kiosk.maintenance.context import Context, Move, go, stay, ticket
from kiosk.maintenance.effects import InstallFromStick, LookAtStick
from kiosk.maintenance.facts import OnStick
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.states import State


def open_update(ctx: Context, _: Intent) -> Move:
    """Look what is on the stick."""
    ctx, number = ticket(ctx)
    ctx, _effects = go(ctx, State.UPDATE, on_stick=None, awaited=number)
    return ctx, (LookAtStick(ticket=number),)


def look(ctx: Context, _: Intent) -> Move | None:
    """Look once more: another stick was put in."""
    if ctx.awaited:
        return None
    ctx, number = ticket(replace(ctx, on_stick=None, outcome=None, doing=None))
    return ctx, (LookAtStick(ticket=number),)


def seen(ctx: Context, intent: Intent) -> Move | None:
    """Show what is there."""
    if not isinstance(intent.fact, OnStick):
        return None
    return stay(ctx, on_stick=intent.fact, awaited=0)


def install(ctx: Context, _: Intent) -> Move | None:
    """Install what is shown; nothing else."""
    found = ctx.on_stick
    if ctx.awaited or ctx.outcome is not None or found is None or found.word != "new":
        return None
    ctx, number = ticket(replace(ctx, doing=None))
    return ctx, (InstallFromStick(ticket=number, digest=found.digest),)
