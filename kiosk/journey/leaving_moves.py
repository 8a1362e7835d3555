"""Warning, going home and leaving: how a visit ends, asked for or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.journey import context as c
from kiosk.journey import timing
from kiosk.journey.context import Context
from kiosk.journey.facts import Terminal
from kiosk.journey.intents import Intent
from kiosk.journey.states import State
from kiosk.journey.transition import fact

# ---- the machine itself


def terminal(ctx: Context, intent: Intent) -> Context:
    """The machine said how it is; what was handed over goes on whatever it said."""
    return replace(ctx, terminal=fact(intent, Terminal))


def terminal_or_end(ctx: Context, intent: Intent) -> Context:
    """The machine said how it is; a visit that cannot go on is ended and its data dropped.

    Who has begun nothing and left no card is told by the first page, which says why it is closed.
    """
    now = terminal(ctx, intent)
    if not now.terminal.must_end:
        return now
    gone = farewell(now)
    if ctx.form is None and not ctx.card_on:
        return gone
    why: c.Ending = "opened" if now.terminal.opened else "power"
    ending = gone.ending if ctx.unanswered else why  # then nobody knows that nothing was submitted
    return replace(gone, ending=ending, seconds=timing.CARD_LEFT_SECONDS)


def may_begin(ctx: Context, _intent: Intent) -> bool:
    """There is power to finish a visit, and the cabinet is closed."""
    return ctx.terminal.takes_visits


# ---- overlays and leaving


def warn(ctx: Context, _intent: Intent) -> Context:
    """Nobody seems to be there."""
    return replace(ctx, seconds=ctx.site.warning_seconds, leaving=False)


def go_home(ctx: Context, _intent: Intent) -> Context:
    """Ask first when a form would be lost; a touch beside 返回 is easily made."""
    if ctx.form is None or ctx.stored is not None:
        return farewell(ctx)
    return replace(ctx, seconds=ctx.site.warning_seconds, leaving=True)


def homeward_page(ctx: Context) -> State:
    """Asking, or gone."""
    return State.WARNING if ctx.leaving else leaving_page(ctx)


def stay(ctx: Context, _intent: Intent) -> Context:
    """It goes on where it was."""
    return replace(ctx, leaving=False)


def count_down(ctx: Context, _intent: Intent) -> Context:
    """One second less."""
    return replace(ctx, seconds=max(0, ctx.seconds - 1))


def leave(ctx: Context, _intent: Intent) -> Context:
    """The citizen goes: what was known of them is dropped here and now."""
    return farewell(ctx)


def farewell(ctx: Context) -> Context:
    """Wipe, and stay a little for the card."""
    seconds = timing.CARD_LEFT_SECONDS if ctx.card_on else timing.FAREWELL_SECONDS
    return replace(c.wiped(ctx), seconds=seconds, ending=_ending(ctx))


def _ending(ctx: Context) -> c.Ending:
    """Tell what may be said of the form when its citizen goes."""
    if ctx.unanswered:
        return "unsure"
    return "given_up" if ctx.form is not None and ctx.stored is None else "done"


def leave_when_over(ctx: Context, intent: Intent) -> Context:
    """Count down the warning; at its end the citizen is taken to have gone."""
    now = count_down(ctx, intent)
    if now.seconds:
        return now
    wiped = replace(farewell(now), gone=True)
    return wiped if wiped.how == "finished" else replace(wiped, how="timed_out")


def leaving_page(ctx: Context) -> State:
    """A forgotten card is told on the last page; without one the process just ends."""
    return State.FAREWELL if ctx.card_on else State.ENDED


def after_warning(ctx: Context) -> State:
    """Still warning, or gone."""
    return leaving_page(ctx) if ctx.gone else State.WARNING


def after_farewell(ctx: Context) -> State:
    """The last page ends by itself."""
    return State.FAREWELL if ctx.seconds else State.ENDED


def going_on(page: State) -> Callable[[Context], State]:
    """Return what stays on `page` while the machine can go on."""

    def choose(ctx: Context) -> State:
        if not ctx.terminal.must_end:
            return page
        return State.ENDED if ctx.ending == "done" else State.FAREWELL

    return choose


def begun_page(ctx: Context) -> State:
    """A visit begins, or the first page says why it cannot."""
    return State.HOME if ctx.terminal.takes_visits else State.ATTRACT


def after_shown(ctx: Context) -> State:
    """A visit that broke is explained first."""
    return State.TROUBLE if ctx.broke else State.ATTRACT


def after_trouble(ctx: Context) -> State:
    """What was kept is told for a while only."""
    return State.TROUBLE if ctx.seconds else State.ATTRACT
