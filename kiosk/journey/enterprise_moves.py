"""How an enterprise signs in: its electronic business licence is shown as a code (电子营业执照).

The person at the machine has put down the ID card already.  What the code says is for the intake
alone: the terminal looks only whether it can be one, and never shows it.  The intake answers for
which enterprise the person acts, and in which role.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.application import EnterpriseSignIn
from kiosk.journey import context as c
from kiosk.journey import moves
from kiosk.journey.context import Context
from kiosk.journey.facts import Code, Trouble
from kiosk.journey.intents import Intent
from kiosk.journey.states import State
from kiosk.journey.transition import IllegalIntent, fact

ENTERPRISE = "企业"
"""The audience whose things need an enterprise."""
LONGEST = 512
"""Bytes of a code that can be a licence's."""
MENDED_BY_CODE = frozenset(
    {"foreign", "used_up", "not_allowed", "invalid", "timeout", "too_long", "control_bytes"}
)
"""Troubles after which the next code may do; the scanner waits for it at once."""


def needed(ctx: Context) -> bool:
    """Tell whether the open thing is filed for an enterprise."""
    return ctx.thing is not None and ctx.thing.audience == ENTERPRISE


def card_read(ctx: Context, intent: Intent) -> Context:
    """A card was read: for a thing of enterprises the code is waited for at once."""
    done = moves.card_read(ctx, intent)
    return c.awaiting(done) if done.card and needed(done) else done


def after_card(ctx: Context) -> State:
    """The page after a reading."""
    return State.ENTERPRISE if ctx.card and needed(ctx) else moves.after_card(ctx)


def code_read(ctx: Context, intent: Intent) -> Context:
    """A code was read; only one that can be a licence's is asked about."""
    data = fact(intent, Code).data.removesuffix(b"\n").removesuffix(b"\r")
    wrong = _wrong(data)
    if wrong:
        return replace(c.awaiting(ctx), trouble=Trouble(reason=wrong), licence="")
    return replace(c.awaiting(ctx), licence=data.decode("ascii"), busy=True)


def _wrong(data: bytes) -> str:
    """Return what is wrong with a code, or an empty text."""
    if len(data) > LONGEST:
        return "too_long"
    if not data or any(byte < 0x20 or byte == 0x7F for byte in data):
        return "control_bytes"
    return "" if data.isascii() else "foreign"


def signed_in(ctx: Context, intent: Intent) -> Context:
    """The intake knows the enterprise, and that this person may act for it."""
    return replace(c.idle(ctx), enterprise=fact(intent, EnterpriseSignIn), licence="")


def trouble(ctx: Context, intent: Intent) -> Context:
    """It did not work; where another code may do, the scanner waits for it."""
    wrong = fact(intent, Trouble)
    done = c.awaiting(ctx) if wrong.reason in MENDED_BY_CODE else c.idle(ctx)
    return replace(done, trouble=wrong, licence="")


def again(ctx: Context, _intent: Intent) -> Context:
    """Another try, or another enterprise."""
    return replace(c.awaiting(ctx), enterprise=None, licence="", busy=False)


def may_try_again(ctx: Context, _intent: Intent) -> bool:
    """Nothing is being scanned or asked."""
    return ctx.awaited == 0


def may_go_on(ctx: Context, _intent: Intent) -> bool:
    """The enterprise is known."""
    return ctx.enterprise is not None


def leave(ctx: Context, _intent: Intent) -> Context:
    """Back before the card: nobody is signed in any more."""
    if ctx.thing is None:
        raise IllegalIntent("no thing is open")
    return replace(c.idle(ctx), decided=None, card=None, enterprise=None, licence="")
