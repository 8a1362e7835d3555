"""What the rows of the table ask to be done: from the new context to effects."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.catalogue import Thing
from kiosk.journey import choose_moves as h
from kiosk.journey import effects as e
from kiosk.journey import material_moves as t
from kiosk.journey import offers, timing
from kiosk.journey.context import Context
from kiosk.journey.effects import Effect
from kiosk.journey.facts import Card
from kiosk.journey.states import State
from kiosk.journey.transition import Effects, Fork, IllegalIntent


def begin(_ctx: Context) -> tuple[Effect, ...]:
    """Somebody is here."""
    return (e.BeginVisit(), e.CheckDevices(), e.CheckIntake())


def begin_if_possible(ctx: Context) -> tuple[Effect, ...]:
    """Somebody is here, and the machine can serve them."""
    return begin(ctx) if ctx.terminal.takes_visits else ()


def check(_ctx: Context) -> tuple[Effect, ...]:
    """Ask devices and intake how they are."""
    return (e.CheckDevices(), e.CheckIntake())


def stop(_ctx: Context) -> tuple[Effect, ...]:
    """Give up what waits."""
    return (e.Stop(),)


def stop_and_check(ctx: Context) -> tuple[Effect, ...]:
    """Give up what waits, and ask again."""
    return (*stop(ctx), *check(ctx))


def read_card(ctx: Context) -> tuple[Effect, ...]:
    """Wait for a card, when one is awaited."""
    return (e.ReadIdCard(ticket=ctx.awaited),) if ctx.awaited else ()


def card_or_code(ctx: Context) -> tuple[Effect, ...]:
    """Wait for the card once more, or for the code of the enterprise."""
    return sign_in(ctx) if ctx.card else read_card(ctx)


def sign_in(ctx: Context) -> tuple[Effect, ...]:
    """Wait for the code of a licence, or ask about the one that was read."""
    if ctx.licence and ctx.card is not None:
        return (e.SignIn(ticket=ctx.awaited, code=ctx.licence, card=ctx.card),)
    return (e.ScanCode(ticket=ctx.awaited),) if ctx.awaited else ()


def fetch(ctx: Context) -> tuple[Effect, ...]:
    """Fetch what was agreed to."""
    thing, card = opened(ctx)
    return (
        e.FetchPrefill(
            ticket=ctx.awaited,
            thing=thing,
            items=offers.chosen_items(ctx),
            card=card,
            role=offers.role(ctx),
            enterprise=ctx.enterprise,
        ),
    )


def submit(ctx: Context) -> tuple[Effect, ...]:
    """Hand everything over."""
    thing, card = opened(ctx)
    if ctx.form is None:
        raise IllegalIntent("there is no form")
    delivered = e.Delivered(method=ctx.method, together=ctx.together != "no")
    signed = e.Signed(strokes=ctx.strokes, card=ctx.confirmed)
    return (
        e.Submit(
            ticket=ctx.awaited,
            thing=thing,
            items=offers.chosen_items(ctx),
            card=card,
            role=offers.role(ctx),
            form=ctx.form,
            agreed=ctx.agreed,
            reuse=ctx.reuse,
            situations=offers.answers(ctx),
            captures=ctx.captures,
            commitments=ctx.commitments,
            delivery=delivered if ctx.method else None,
            signed=signed if offers.signed(ctx) else None,
            enterprise=ctx.enterprise,
        ),
    )


def print_slip(ctx: Context) -> tuple[Effect, ...]:
    """Print the slip when one is due."""
    if ctx.printing != "printing" or ctx.stored is None or ctx.answer is None:
        return ()
    thing, card = opened(ctx)
    return (
        e.PrintReceipt(
            ticket=ctx.awaited,
            thing=thing,
            items=offers.chosen_items(ctx),
            card=card,
            stored=ctx.stored,
            answer=ctx.answer,
            copy=ctx.copies,
            owed=offers.owed(ctx),
            objections=len(ctx.form.objections) if ctx.form else 0,
            enterprise=ctx.enterprise,
        ),
    )


def print_guide(ctx: Context) -> tuple[e.PrintGuide, ...]:
    """Print what the thing takes, of the items that the page tells of."""
    if ctx.thing is None:
        return ()
    items = offers.chosen_items(ctx) or ctx.thing.told_items
    return (e.PrintGuide(ticket=ctx.awaited, thing=ctx.thing, items=items),)


def print_sheet(ctx: Context) -> tuple[Effect, ...]:
    """Print the whole guide on A4."""
    return tuple(replace(own, sheet=True) for own in print_guide(ctx))


def start(ctx: Context) -> tuple[Effect, ...]:
    """Wait for the card at once where there is nothing to choose."""
    return () if h.has_choice(ctx) else read_card(ctx)


def watch(ctx: Context) -> tuple[Effect, ...]:
    """Look through the camera."""
    return (e.WatchCamera(ticket=ctx.awaited, kind=t.paper(ctx).capture),)


def shoot(ctx: Context) -> tuple[Effect, ...]:
    """Take the picture."""
    kind = t.paper(ctx).capture
    return (e.Chime(name="shutter"), e.TakePicture(ticket=ctx.awaited, kind=kind))


def read_number(ctx: Context) -> tuple[Effect, ...]:
    """Read the number on the pictured card."""
    if not ctx.awaited or ctx.taken is None:
        return ()
    return (e.ReadNumber(ticket=ctx.awaited, picture=ctx.taken.picture),)


def mine(ctx: Context) -> tuple[Effect, ...]:
    """Ask for one's own applications once the card is read."""
    if ctx.card is None:
        return read_card(ctx)
    return (e.FetchMine(ticket=ctx.awaited, card=ctx.card),)


def rating(ctx: Context) -> tuple[Effect, ...]:
    """Hand the rating on, and say goodbye."""
    told = e.SendRating(token=ctx.slip, grade=ctx.grade, options=ctx.rate_options)
    return (*((told,) if ctx.slip else ()), *goodbye(ctx))


def remind(ctx: Context) -> tuple[Effect, ...]:
    """Call out a card that was left, every few seconds."""
    due = ctx.card_on and ctx.seconds % timing.REMIND_EVERY == 0
    return (e.Chime(name="take_card"),) if due else ()


def goodbye(ctx: Context) -> tuple[Effect, ...]:
    """The citizen goes."""
    return (e.Stop(), *remind(ctx))


def goodbye_if_over(ctx: Context) -> tuple[Effect, ...]:
    """The machine cannot go on: give up what waits, and call out the card; or end at once."""
    if not ctx.terminal.must_end:
        return ()
    return end(ctx) if ctx.ending == "done" else goodbye(ctx)


def stop_and_read(ctx: Context) -> tuple[Effect, ...]:
    """Give up what waits, and wait for a card."""
    return (e.Stop(), *read_card(ctx))


def scan(ctx: Context) -> tuple[Effect, ...]:
    """Wait for a code, or ask about the one that was read."""
    if ctx.slip:
        return (e.FetchProgress(ticket=ctx.awaited, token=ctx.slip),)
    return (e.ScanCode(ticket=ctx.awaited),) if ctx.awaited else ()


def end_if(page: Fork) -> Effects:
    """End the visit where the page is the end."""

    def effects(ctx: Context) -> tuple[Effect, ...]:
        chosen = page.choose(ctx)
        if chosen is State.ENDED:
            return (e.Stop(), e.EndVisit(how=ctx.how))
        return (e.Stop(), *remind(ctx)) if chosen is State.FAREWELL else (e.Stop(),)

    return effects


def leave_unless_asked(page: Fork) -> Effects:
    """As `end_if`, but while it is asked whether to leave nothing stops."""
    leaving = end_if(page)
    return lambda ctx: () if ctx.leaving else leaving(ctx)


def end(ctx: Context) -> tuple[Effect, ...]:
    """End the visit."""
    return (e.Stop(), e.EndVisit(how=ctx.how))


def opened(ctx: Context) -> tuple[Thing, Card]:
    """Return the thing and whose card was read.

    Raises:
        IllegalIntent: nobody signed in for a thing.
    """
    if ctx.thing is None or ctx.card is None:
        raise IllegalIntent("nobody signed in for a thing")
    return ctx.thing, ctx.card
