"""How intents change the context: the ``update`` and ``guard`` functions of the table."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.receipt import Printed
from kiosk.journey import context as c
from kiosk.journey import offers, slip_code, timing
from kiosk.journey.context import Context
from kiosk.journey.facts import (
    Answer,
    Card,
    Code,
    Devices,
    Intake,
    Print,
    Progress,
    Shown,
    Stored,
    Today,
    Trouble,
)
from kiosk.journey.intents import Intent
from kiosk.journey.states import State
from kiosk.journey.transition import IllegalIntent, fact

MENDED_BY_CARD = frozenset({"unreadable", "removed", "unsupported"})
"""Card troubles that another try with a card may mend; the reader waits for it at once."""


# ---- what arrives on any page


def shown(ctx: Context, intent: Intent) -> Context:
    """The window was raised."""
    what = fact(intent, Shown)
    if what.how is None:
        return ctx
    return replace(ctx, broke=what, seconds=timing.TROUBLE_SECONDS)


def today(ctx: Context, intent: Intent) -> Context:
    """A new day, or other people who can help."""
    told = fact(intent, Today)
    return replace(ctx, today=told.day, helped=told.helped)


def devices(ctx: Context, intent: Intent) -> Context:
    """The devices said how they are."""
    return replace(ctx, devices=fact(intent, Devices))


def intake(ctx: Context, intent: Intent) -> Context:
    """The intake answered, or did not."""
    return replace(ctx, intake=fact(intent, Intake))


def card_present(ctx: Context, _intent: Intent) -> Context:
    """A card lies on the reader."""
    return replace(ctx, card_on=True)


def card_lifted(ctx: Context, _intent: Intent) -> Context:
    """The card was taken away; who said *take it away* is content."""
    content = ctx.trouble is not None and ctx.trouble.reason == "left"
    return replace(ctx, card_on=False, trouble=None if content else ctx.trouble)


def card_lifted_at_last(ctx: Context, intent: Intent) -> Context:
    """The forgotten card is taken: the last page need not stay longer.

    Only there: a warning and the number that was kept are counted down in full.
    """
    seconds = min(ctx.seconds, timing.FAREWELL_SECONDS)
    return replace(card_lifted(ctx, intent), seconds=seconds)


# ---- pages before sign-in


def begin(ctx: Context, _intent: Intent) -> Context:
    """Somebody is here."""
    return replace(ctx, broke=None, seconds=0)


def forget_trouble(ctx: Context, _intent: Intent) -> Context:
    """Take a second off the trouble page, and the number away with the last."""
    left = max(0, ctx.seconds - 1)
    return replace(ctx, seconds=left, broke=ctx.broke if left else None)


def may_open(ctx: Context, intent: Intent) -> bool:
    """The jurisdiction offers this thing."""
    return any(thing.code == intent.argument for thing in offers.shown(ctx))


def open_thing(ctx: Context, intent: Intent) -> Context:
    """The guide of a thing is opened."""
    thing = ctx.catalogue.thing(intent.argument)
    return replace(close_thing(ctx, intent), thing=thing)


def close_thing(ctx: Context, _intent: Intent) -> Context:
    """Back to all things: what was answered about the one that was open is nobody's business."""
    return replace(c.wiped(ctx), audience=ctx.audience, theme=ctx.theme)


def may_start(ctx: Context, _intent: Intent) -> bool:
    """The thing can be filed here now."""
    return ctx.thing is not None and not offers.why_not_here(ctx, ctx.thing)


def may_scan(ctx: Context, _intent: Intent) -> bool:
    """There is a scanner."""
    return offers.can_scan(ctx)


def may_read(ctx: Context, _intent: Intent) -> bool:
    """There is a reader, and an intake to ask."""
    usable = ctx.devices is None or ctx.devices.id_reader.usable
    return usable and ctx.intake not in {Intake.DOWN, Intake.OUTDATED}


def ask(ctx: Context, _intent: Intent) -> Context:
    """Something is asked that will be answered."""
    return c.awaiting(ctx)


def stop(ctx: Context, _intent: Intent) -> Context:
    """What was awaited no longer matters."""
    return c.idle(ctx)


def slow(ctx: Context, _intent: Intent) -> Context:
    """The wait is long."""
    return replace(ctx, slow=True)


def may_check_again(ctx: Context, _intent: Intent) -> bool:
    """The thing cannot be filed here now."""
    return ctx.thing is not None and ctx.thing.open and not may_start(ctx, _intent)


# ---- the card


def card_wanted(ctx: Context, _intent: Intent) -> Context:
    """The reader waits: a card put down from now on is the citizen's."""
    return replace(ctx, armed=ctx.awaited)


def card_left(ctx: Context, _intent: Intent) -> Context:
    """A card lay there before it was asked for: it has to go first.

    What was said of a card of this visit stays: it tells to lift it, too.
    """
    return replace(ctx, card_on=True, busy=False, trouble=ctx.trouble or Trouble(reason="left"))


def card_seen(ctx: Context, _intent: Intent) -> Context:
    """A card lies there and is being read."""
    return replace(ctx, busy=True, card_on=True, trouble=None)


def card_read(ctx: Context, intent: Intent) -> Context:
    """A card was read; one that is not in force is not kept."""
    card = fact(intent, Card)
    done = replace(c.idle(ctx), card_on=True)
    if card.person.valid_on(ctx.today):
        return replace(done, card=card)
    over = card.person.valid_to is not None and card.person.valid_to < ctx.today
    wrong = (
        Trouble(reason="expired", at=card.person.valid_to)
        if over
        else Trouble(reason="not_yet", at=card.person.valid_from)
    )
    return replace(c.awaiting(done), trouble=wrong)


def card_trouble(ctx: Context, intent: Intent) -> Context:
    """A card could not be read; where another try may do, it is waited for."""
    wrong = fact(intent, Trouble)
    done = replace(c.idle(ctx), card_on=False)
    if wrong.reason in MENDED_BY_CARD:
        done = c.awaiting(done)
    return replace(done, trouble=wrong)


def may_retry_card(ctx: Context, _intent: Intent) -> bool:
    """The reader failed: only then is there a button."""
    return ctx.trouble is not None and ctx.awaited == 0


def after_card(ctx: Context) -> State:
    """The page after a reading."""
    return State.CONSENT if ctx.card else State.CARD


def trouble(ctx: Context, intent: Intent) -> Context:
    """What was awaited did not work."""
    return replace(c.idle(ctx), trouble=fact(intent, Trouble))


# ---- submitting and the receipt


def hand_over(ctx: Context, _intent: Intent) -> Context:
    """It leaves: until somebody answers nobody knows whether it is stored."""
    return replace(c.awaiting(ctx), unanswered=True)


def stored(ctx: Context, intent: Intent) -> Context:
    """The agent committed it: from here on it is never lost."""
    return replace(ctx, stored=fact(intent, Stored), how="finished", unanswered=False)


def not_stored(ctx: Context, intent: Intent) -> Context:
    """It was not stored, or nobody said whether it was: then the form stays as it is."""
    wrong = fact(intent, Trouble)
    return replace(c.idle(ctx), trouble=wrong, unanswered=wrong.reason == "unanswered")


def answered(ctx: Context, intent: Intent) -> Context:
    """The outcome is known; a slip is printed where that can be tried."""
    if ctx.stored is None:
        raise IllegalIntent("answered before it was stored")
    done = replace(c.idle(ctx), answer=fact(intent, Answer))
    return _printing(done) if offers.can_print(ctx) else done


def may_reprint(ctx: Context, _intent: Intent) -> bool:
    """The first slip did not come, or nobody can tell."""
    missing = ctx.printing in {"failed", "unknown"} or (
        ctx.printing == "none" and offers.can_print(ctx)
    )
    return missing and ctx.copies < c.MAX_COPIES


def reprint(ctx: Context, _intent: Intent) -> Context:
    """One more slip."""
    return _printing(ctx)


def _printing(ctx: Context) -> Context:
    return replace(c.awaiting(ctx), printing="printing", copies=ctx.copies + 1)


def printed(ctx: Context, intent: Intent) -> Context:
    """What the printer said, and nothing more than it said."""
    what = fact(intent, Print)
    return replace(c.idle(ctx), printing=PRINTED[what.printed])


PRINTED: dict[Printed, c.PrintState] = {
    Printed.YES: "printed",
    Printed.NO: "failed",
    Printed.UNKNOWN: "unknown",
}


# ---- progress by slip


def code_read(ctx: Context, intent: Intent) -> Context:
    """A code was read; only one of our slips is asked about."""
    try:
        token = slip_code.progress_token(fact(intent, Code).data, ctx.site.public_url)
    except slip_code.BadCode as bad:
        return replace(c.awaiting(ctx), trouble=Trouble(reason=bad.reason), slip="")
    return replace(c.awaiting(ctx), slip=token, busy=True)


def code_trouble(ctx: Context, intent: Intent) -> Context:
    """No code came: the scanner waits for the next, unless it is broken."""
    wrong = fact(intent, Trouble)
    done = c.idle(ctx) if wrong.reason == "scanner_failed" else c.awaiting(ctx)
    return replace(done, trouble=wrong, slip="")


def scan_again(ctx: Context, _intent: Intent) -> Context:
    """The citizen asks for another try."""
    return replace(c.awaiting(ctx), slip="", busy=False)


def may_scan_again(ctx: Context, _intent: Intent) -> bool:
    """Nothing is being scanned."""
    return ctx.trouble is not None and ctx.awaited == 0


def progress_trouble(ctx: Context, intent: Intent) -> Context:
    """The intake could not say; the slip may be tried again."""
    return replace(c.idle(ctx), trouble=fact(intent, Trouble), slip="")


def progress(ctx: Context, intent: Intent) -> Context:
    """The intake said where it stands."""
    return replace(c.idle(ctx), progress=fact(intent, Progress), how="finished")
