"""The move that prints the recovery card."""

from __future__ import annotations

from kiosk.maintenance.context import Context, Move, stay, ticket
from kiosk.maintenance.effects import PrintRecoveryCard
from kiosk.maintenance.intents import Intent


def print_card(ctx: Context, _: Intent) -> Move | None:
    """Print what to do with a dead terminal."""
    if ctx.awaited:
        return None
    ctx, number = ticket(ctx)
    return stay(ctx, PrintRecoveryCard(ticket=number), outcome=None, question="")
