"""Moves of the way in: card or one-time code, then the PIN."""

from __future__ import annotations

from dataclasses import replace

from kiosk.maintenance import codes
from kiosk.maintenance.context import Context, Move, stay, ticket
from kiosk.maintenance.effects import Examine, Leave, Look, ReadCard, SendCode, SendPin, Stop
from kiosk.maintenance.facts import Begun, Denied, SignedIn
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.staff import PIN_LENGTH
from kiosk.maintenance.states import State

_LOCKED = "locked"
ANEW = "anew"
"""Argument of a `Said.BEGUN` that follows a connection to the agent that broke."""
BACK = "agent_back"
"""Why a card is asked for again."""


def begun(ctx: Context, intent: Intent) -> Move | None:
    """Wait for the card of somebody who is on the list."""
    if not isinstance(intent.fact, Begun):
        return None
    if intent.argument == ANEW:
        return _begun_anew(ctx)
    return read_card(replace(ctx, denied="" if intent.fact.known else "no_list"))


def _begun_anew(ctx: Context) -> Move:
    """Ask for the card again: the agent was started anew and knows nobody who is here."""
    ctx = replace(ctx, page=State.CARD, before=(), person=None, denied=BACK, typed="", question="")
    ctx = replace(ctx, doing=None, outcome=None, asks=False, on_stick=None, locked_s=0)
    ctx, effects = _again(ctx)
    return ctx, (Stop(), *effects)


def read_card(ctx: Context) -> Move:
    """Wait for a card."""
    ctx, number = ticket(replace(ctx, phase="put", by_code=False, typed=""))
    return ctx, (ReadCard(ticket=number),)


def card_seen(ctx: Context, _: Intent) -> Move:
    """Read it."""
    return stay(ctx, phase="reading", denied="")


def reader_gone(ctx: Context, _: Intent) -> Move:
    """Leave the code as the only way."""
    return stay(ctx, phase="stopped", awaited=0)


def taken(ctx: Context, _: Intent) -> Move:
    """Ask for the PIN."""
    return stay(ctx, page=State.PIN, typed="", denied="", tries_left=None, awaited=0, by_code=False)


def denied(ctx: Context, intent: Intent) -> Move | None:
    """Say why a card or a code opens nothing, and wait for another one, now or later."""
    no = intent.fact
    if not isinstance(no, Denied):
        return None
    if no.reason == _LOCKED:
        return stay(ctx, page=State.PIN, locked_out=True, awaited=0, typed="")
    ctx = replace(ctx, denied="" if no.reason == "wait" else no.reason, locked_s=no.wait_s)
    ctx = replace(ctx, typed="", awaited=0, phase="put")
    return (ctx, ()) if ctx.by_code or no.wait_s else _again(ctx)


def _again(ctx: Context) -> Move:
    """Wait for a card and go on telling what was wrong with the one before."""
    told = ctx.denied
    ctx, effects = read_card(ctx)
    return replace(ctx, denied=told), effects


def by_code(ctx: Context, _: Intent) -> Move | None:
    """Take a code instead of a card."""
    if ctx.by_code or ctx.locked_s:
        return None
    return stay(ctx, Stop(), by_code=True, typed="", denied="", awaited=0)


def by_card(ctx: Context, _: Intent) -> Move | None:
    """Take a card after all."""
    if not ctx.by_code or ctx.locked_s:
        return None
    return read_card(replace(ctx, denied=""))


def again(ctx: Context, _: Intent) -> Move | None:
    """Wait for a card once more."""
    if ctx.by_code or ctx.awaited or ctx.locked_s:
        return None
    return read_card(replace(ctx, denied=""))


def code_digit(ctx: Context, intent: Intent) -> Move | None:
    """Take a digit of the code; the last one sends it."""
    if not ctx.by_code or ctx.awaited or ctx.locked_s or len(ctx.typed) >= codes.LENGTH:
        return None
    typed = ctx.typed + intent.argument
    if len(typed) < codes.LENGTH:
        return stay(ctx, typed=typed, denied="")
    ctx, number = ticket(replace(ctx, typed="", denied=""))
    return ctx, (SendCode(ticket=number, code=typed),)


def pin_digit(ctx: Context, intent: Intent) -> Move | None:
    """Take a digit of the PIN; the last one sends it."""
    if ctx.awaited or ctx.locked_s or ctx.locked_out:
        return None
    typed = ctx.typed + intent.argument
    if len(typed) < PIN_LENGTH:
        return stay(ctx, typed=typed)  # what is told of the last try stays: no key moves away
    ctx, number = ticket(replace(ctx, typed="", tries_left=None))
    return ctx, (SendPin(ticket=number, pin=typed),)


def erase(ctx: Context, _: Intent) -> Move | None:
    """Take the last digit back."""
    return stay(ctx, typed=ctx.typed[:-1]) if ctx.typed else None


def pin_denied(ctx: Context, intent: Intent) -> Move | None:
    """Say how many tries are left, and how long to wait."""
    no = intent.fact
    if not isinstance(no, Denied):
        return None
    if no.reason == _LOCKED:
        return stay(ctx, locked_out=True, awaited=0, typed="")
    if no.reason in {"wrong_pin", "wait"}:
        return stay(ctx, tries_left=no.left, locked_s=no.wait_s, awaited=0, typed="")
    return _again(replace(ctx, page=State.CARD, denied=no.reason, awaited=0))


def signed_in(ctx: Context, intent: Intent) -> Move | None:
    """Show how it is."""
    if not isinstance(intent.fact, SignedIn):
        return None
    return stay(
        ctx,
        Look(),
        Examine(),
        page=State.GLANCE,
        person=intent.fact,
        awaited=0,
        typed="",
        examining=True,
    )


def back_to_card(ctx: Context, _: Intent) -> Move:
    """Ask for another card."""
    return read_card(
        replace(ctx, page=State.CARD, denied="", locked_out=False, locked_s=0, tries_left=None)
    )


def leave(ctx: Context, _: Intent) -> Move:
    """Give the terminal back to citizens."""
    return end(ctx, "left")


def end(ctx: Context, how: str) -> Move:
    """End, however it came."""
    return stay(ctx, Stop(), Leave(how=how), page=State.ENDED, awaited=0, typed="")
