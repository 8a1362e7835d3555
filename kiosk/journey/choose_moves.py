"""How intents change what is looked for and chosen: search, life events, situations, items."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain import bundle
from kiosk.domain.bundle import Bundle
from kiosk.domain.catalogue import Thing
from kiosk.journey import context as c
from kiosk.journey import offers
from kiosk.journey.context import Context
from kiosk.journey.facts import Condition, Print
from kiosk.journey.intents import Intent
from kiosk.journey.moves import PRINTED
from kiosk.journey.states import State
from kiosk.journey.transition import IllegalIntent, fact

LANGUAGES = ("zh", "en")
MOST_QUERY = 20
"""Longest query in characters."""
AUDIENCES = ("个人", "企业")
ALL = "all"
"""The theme that hides nothing."""


def speak(ctx: Context, _intent: Intent) -> Context:
    """The other language."""
    following = (LANGUAGES.index(ctx.language) + 1) % len(LANGUAGES)
    return replace(ctx, language=LANGUAGES[following])


# ---- finding


def search(ctx: Context, _intent: Intent) -> Context:
    """Look for a thing by words."""
    return replace(c.idle(ctx), query="")


def write(ctx: Context, intent: Intent) -> Context:
    """Words were written."""
    return replace(ctx, query=(ctx.query + intent.argument)[:MOST_QUERY])


def erase(ctx: Context, _intent: Intent) -> Context:
    """The last character was a slip."""
    return replace(ctx, query=ctx.query[:-1])


def has_query(ctx: Context, _intent: Intent) -> bool:
    """There is something to erase."""
    return bool(ctx.query)


def audience(ctx: Context, intent: Intent) -> Context:
    """Things for persons are shown, or those for enterprises."""
    if intent.argument not in audiences(ctx):
        raise IllegalIntent("no such audience")
    return replace(ctx, audience=intent.argument, theme="")


def audiences(ctx: Context) -> tuple[str, ...]:
    """Return for whom there is a thing here, persons first."""
    own = {thing.audience for thing in offers.shown(ctx)}
    return tuple(name for name in AUDIENCES if name in own)


def audience_of(ctx: Context) -> str:
    """Return whose things are shown."""
    return ctx.audience or next(iter(audiences(ctx)), "")


def theme(ctx: Context, intent: Intent) -> Context:
    """Only things of one life event, or of one bundle, are shown."""
    known = (ALL, *themes(ctx), *(own.name for own in bundles(ctx)))
    if intent.argument not in known:
        raise IllegalIntent("no such theme")
    return replace(ctx, theme="" if intent.argument == ALL else intent.argument)


def themes(ctx: Context) -> tuple[str, ...]:
    """Return the life events that have a thing for this audience, in the catalogue's order."""
    return tuple(dict.fromkeys(thing.theme for thing in _for_audience(ctx)))


def bundles(ctx: Context) -> tuple[Bundle, ...]:
    """Return the bundles for this audience, in the order of the place's file."""
    return bundle.shown(ctx.catalogue.jurisdiction.bundles, _for_audience(ctx))


def bundle_of(ctx: Context) -> Bundle | None:
    """Return the bundle whose things are shown; None where a life event's or all are."""
    return bundle.named(bundles(ctx), ctx.theme)


def things(ctx: Context) -> tuple[Thing, ...]:
    """Return what is shown: of a life event in the catalogue's order, of a bundle in its own."""
    every, chosen = _for_audience(ctx), bundle_of(ctx)
    if chosen is not None:
        return chosen.of(every)
    return tuple(thing for thing in every if ctx.theme in {"", thing.theme})


def _for_audience(ctx: Context) -> tuple[Thing, ...]:
    audience = audience_of(ctx)
    return tuple(thing for thing in offers.shown(ctx) if thing.audience == audience)


# ---- what it takes


def print_guide(ctx: Context, _intent: Intent) -> Context:
    """Paper with what it takes."""
    return replace(c.awaiting(ctx), guide_print="printing")


def may_print_guide(ctx: Context, _intent: Intent) -> bool:
    """There is a printer, and it is not printing."""
    return ctx.thing is not None and offers.can_print(ctx) and ctx.guide_print != "printing"


def may_print_sheet(ctx: Context, _intent: Intent) -> bool:
    """There is an A4 printer that has paper, and nothing is being printed."""
    sheets = ctx.devices.sheets if ctx.devices else Condition.ABSENT
    ready = sheets in {Condition.READY, Condition.LOW}
    return ctx.thing is not None and ready and ctx.guide_print != "printing"


def guide_printed(ctx: Context, intent: Intent) -> Context:
    """What the printer said."""
    return replace(c.idle(ctx), guide_print=PRINTED[fact(intent, Print).printed])


def begin(ctx: Context, _intent: Intent) -> Context:
    """The guide was read: choose, or put the card where there is nothing to choose."""
    return c.idle(ctx) if has_choice(ctx) else offers.decided(c.awaiting(ctx))


def go_on(ctx: Context, _intent: Intent) -> Context:
    """The choice is made."""
    return offers.decided(c.awaiting(ctx))


def reconsider(ctx: Context, _intent: Intent) -> Context:
    """Back to the choice."""
    return replace(c.idle(ctx), decided=None)


def has_choice(ctx: Context) -> bool:
    """Tell whether the open thing has situations, or items to choose from."""
    return ctx.thing is not None and bool(offers.asked(ctx) or len(ctx.thing.open_items) > 1)


def after_guide(ctx: Context) -> State:
    """The page after the guide."""
    return State.CHOOSE if has_choice(ctx) else State.CARD


def before_card(ctx: Context) -> State:
    """The page before the card."""
    return State.CHOOSE if has_choice(ctx) else State.GUIDE


# ---- situations and items


def situation(ctx: Context, intent: Intent) -> Context:
    """An answer: ``situation:<code>:<value>``."""
    code, _, value = intent.argument.partition(":")
    if not any(s.code == code and s.option(value) for s in offers.asked(ctx)):
        raise IllegalIntent("no such answer")
    return replace(ctx, situations={**ctx.situations, code: value})


def item(ctx: Context, intent: Intent) -> Context:
    """An item is wanted, or not; what hangs together with it comes or goes along."""
    code = intent.argument
    settled = offers.choice_of(ctx)
    offered = {own.code for own in ctx.thing.open_items} if ctx.thing else set()
    if code not in offered - settled.gone.keys() - settled.locked.keys():
        raise IllegalIntent("not an item that can be chosen")
    return replace(ctx, left_out=offers.touched(ctx, code))


def may_go_on(ctx: Context, _intent: Intent) -> bool:
    """Every question is answered and something is chosen."""
    return not unanswered(ctx) and bool(offers.chosen_items(ctx))


def unanswered(ctx: Context) -> tuple[str, ...]:
    """Return the codes of the questions without an answer."""
    given = offers.answers(ctx)
    return tuple(own.code for own in offers.asked(ctx) if own.code not in given)


def reuse(ctx: Context, _intent: Intent) -> Context:
    """Keep what is filled in for next time, or not; nobody marks it for the citizen."""
    return replace(ctx, reuse=not ctx.reuse)


def may_reuse(ctx: Context, _intent: Intent) -> bool:
    """The place keeps such data, and says how."""
    return "reuse" in ctx.catalogue.consents
