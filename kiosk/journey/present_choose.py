"""From what a visit knows to what a page shows: finding a thing, and choosing its items."""

from __future__ import annotations

from typing import Final

from kiosk.domain import choice, effect, search
from kiosk.domain.catalogue import Catalogue, Item, Mode, Situation, Thing
from kiosk.domain.choice import Choice, Why, WhyKind
from kiosk.journey import choose_moves, offers
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.facts import Condition
from kiosk.journey.frame import action, base, closed_words, figure_cards, may
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.intents import target
from kiosk.journey.states import State
from kiosk.journey.view import plain, text

MOST_FOUND = 12
"""Things shown for one query."""
EXAMPLES = 3
_HINT: Final = {"intake_down": "home.intake_down"}
"""Other hints than those of the guide, which has a button to look again."""


def home(ctx: Context) -> v.HomeView:
    """The things of the chosen life event, and what else can be done."""
    audience = choose_moves.audience_of(ctx)
    chosen = choose_moves.bundle_of(ctx)
    names = (*choose_moves.themes(ctx), *(own.name for own in choose_moves.bundles(ctx)))
    return v.HomeView(
        **base(ctx, State.HOME, lead=text("home.lead"), notices=limits(ctx)),
        search=action(K.SEARCH, "home.search", icon="search"),
        audiences=_audiences(ctx, audience),
        themes=_themes(ctx, names) if len(names) > 1 else (),
        together=plain(chosen.why) if chosen else None,
        things=tuple(_tile(ctx, thing) for thing in choose_moves.things(ctx)),
        services=_services(ctx),
    )


def _audiences(ctx: Context, chosen: str) -> tuple[v.Action, ...]:
    names = choose_moves.audiences(ctx)
    if len(names) <= 1:
        return ()
    return tuple(
        v.Action(
            target=target(K.AUDIENCE, name),
            label=text(f"home.audience.{_AUDIENCE_KEYS[name]}"),
            chosen=name == chosen,
        )
        for name in names
    )


_AUDIENCE_KEYS = {"个人": "person", "企业": "enterprise"}


def _themes(ctx: Context, names: tuple[str, ...]) -> tuple[v.Action, ...]:
    every = v.Action(
        target=target(K.THEME, choose_moves.ALL), label=text("home.all"), chosen=not ctx.theme
    )
    own = (
        v.Action(target=target(K.THEME, name), label=plain(name), chosen=name == ctx.theme)
        for name in names
    )
    return (every, *own)


def _services(ctx: Context) -> tuple[v.Action, ...]:
    services = []
    if offers.can_scan(ctx):
        services.append(action(K.OPEN_PROGRESS, "home.progress", icon="clock"))
    if may(ctx, State.HOME, K.BY_CARD):
        services.append(action(K.BY_CARD, "home.mine", icon="id-card"))
    return tuple(services)


def _tile(ctx: Context, thing: Thing, hit: search.Hit | None = None) -> v.ThingTile:
    why = offers.why_not_here(ctx, thing)
    figures = effect.figures(thing, thing.told_items)
    return v.ThingTile(
        action=v.Action(target=f"{K.OPEN_THING}:{thing.code}", label=plain(thing.name)),
        name=thing.name,
        items=len(thing.items),
        here=len(thing.open_items),
        fill=figures.to_fill,
        bring=figures.to_bring,
        minutes=thing.minutes,
        icon=thing.icon,
        available=why in {"", "checking"},
        why=text(f"offer.{why}") if why not in {"", "checking"} else None,
        found=_reason(hit) if hit else None,
    )


def _reason(hit: search.Hit) -> v.Text | None:
    """Tell by which words a thing was found; that its name holds them is seen."""
    if hit.reason is search.Reason.NAME:
        return None
    return text(f"search.reason.{hit.reason.value}", words=hit.words)


def limits(ctx: Context) -> tuple[v.Notice, ...]:
    """What this terminal cannot do now, said before anything is begun."""
    keys = []
    if ctx.devices is not None and not ctx.devices.id_reader.usable:
        keys.append("no_reader")
    if ctx.intake in {"down", "outdated"}:
        keys.append(f"intake_{ctx.intake}")
    if offers.slip_on_screen_only(ctx):
        keys.append("no_paper")
    if ctx.devices is not None and ctx.devices.scanner in {Condition.BROKEN, Condition.ABSENT}:
        keys.append("no_scanner")
    if ctx.devices is not None and not ctx.devices.camera.usable:
        keys.append("no_camera")
    return tuple(
        v.Notice(
            kind="info", text=text(f"limit.{key}"), hint=text(_HINT.get(key, f"limit.{key}_hint"))
        )
        for key in keys
    )


# ---- search


def find(ctx: Context) -> v.SearchView:
    """What the words lead to."""
    hits = _found(ctx.catalogue, ctx.query) if ctx.query else ()
    found = (
        tuple(_tile(ctx, hit.thing, hit) for hit in hits)
        if ctx.query
        else tuple(_tile(ctx, thing) for thing in offers.shown(ctx)[:MOST_FOUND])
    )
    view = base(ctx, State.SEARCH, lead=_told(ctx, len(found)))
    view["input"] = v.Input(field="query", keyboard="latin", value=ctx.query)
    words = [w for thing in offers.shown(ctx) if thing.open for w in thing.words[1:2]]
    return v.SearchView(
        **view,
        things=found,
        examples=tuple(plain(word) for word in words[:EXAMPLES]),
    )


def _told(ctx: Context, found: int) -> v.Text:
    if not ctx.query:
        return text("search.lead")
    return text("search.found", n=found) if found else text("search.nothing")


_indexes: dict[str, search.Index] = {}
"""By catalogue version; a session has one."""


def _found(catalogue: Catalogue, query: str) -> tuple[search.Hit, ...]:
    if catalogue.version not in _indexes:
        _indexes[catalogue.version] = search.build(
            catalogue.things or catalogue.typical, catalogue.jurisdiction.bundles
        )
    return _indexes[catalogue.version].hits(query, MOST_FOUND)


# ---- situations and items


def choose(ctx: Context) -> v.ChooseView:
    """This citizen's situation, the items, and what the choice costs."""
    thing = ctx.thing
    if thing is None:
        raise AssertionError("a choice without a thing")
    settled = offers.choice_of(ctx)
    items = settled.items
    go = action(K.NEXT, "choose.next") if may(ctx, State.CHOOSE, K.NEXT) else None
    missing = choose_moves.unanswered(ctx)
    lead = text("choose.lead" if items else "choose.lead_none")
    if missing:
        lead = text("choose.lead_left", n=len(missing))
    papers = (v.Line(name=plain(own.name)) for own in offers.to_bring(ctx))
    return v.ChooseView(
        **base(ctx, State.CHOOSE, title=_choose_title(ctx), lead=lead, go=go),
        figures=figure_cards(effect.figures(thing, items)),
        situations=tuple(_situation(ctx, own) for own in offers.asked(ctx)),
        items=tuple(_item(ctx, own, settled) for own in thing.items),
        bring=(v.Line(name=text("guide.bring_card")), *papers),
        number=1,
        of=1,
    )


def _choose_title(ctx: Context) -> v.Text:
    """Where nothing is asked, only items are chosen."""
    return text("choose.title" if offers.asked(ctx) else "choose.title_items")


def _situation(ctx: Context, own: Situation) -> v.SituationBlock:
    return v.SituationBlock(
        code=own.code,
        question=plain(own.question),
        help=plain(own.help) if own.help else None,
        options=tuple(
            v.Action(
                target=target(K.SITUATION, own.code, option.value),
                label=plain(option.label),
                chosen=ctx.situations.get(own.code) == option.value,
                note=plain(option.help) if option.help else None,
            )
            for option in own.options
        ),
    )


def _item(ctx: Context, item: Item, settled: Choice) -> v.ItemChoice:
    why = settled.gone.get(item.code) or settled.locked.get(item.code)
    fixed = why is not None or not item.open
    chosen = item.code in settled.codes
    touch = v.Action(target=target(K.ITEM, item.code), label=plain(item.name), chosen=chosen)
    return v.ItemChoice(
        action=None if fixed else touch,
        name=plain(item.name),
        department=plain(item.department),
        chosen=chosen,
        why=_why_not(item, why or settled.follows.get(item.code)),
        change=None if fixed else _change(ctx, item.code, settled, chosen=chosen),
    )


def _why_not(item: Item, why: Why | None) -> v.Text | None:
    """Return why an item is not to be chosen or removed, or what it is where nobody fills it in."""
    if not item.open:
        return closed_words(item)
    if why is None:
        return text("choose.check") if item.mode is Mode.CHECK else None
    if why.kind is WhyKind.ANSWER:
        return plain(why.name)
    if why.kind is WhyKind.UNAVAILABLE:
        return text(f"choose.{why.name}")
    # What a paper is needed for stands in brackets; the citizen has one paper of that name.
    name = why.name.partition("（")[0] if why.kind is WhyKind.NEEDS_PAPER else why.name
    return text(f"choose.why.{why.kind.value}", name=name)


def _change(ctx: Context, code: str, settled: Choice, *, chosen: bool) -> v.Text | None:
    """Return what a touch would change: fewer or more facts, papers, days."""
    if ctx.thing is None:
        return None
    other = choice.choose(ctx.thing, ctx.situations, offers.touched(ctx, code))
    made = effect.difference(ctx.thing, settled.items, other.items)
    if not other.items:
        return None
    parts = [
        (abs(made.typed), "typed"),
        (abs(made.materials), "materials"),
        (abs(made.days), "days"),
    ]
    told = {name: value for value, name in parts if value}
    if not told:
        return None
    key = "_".join(told)
    return text(f"choose.change.{'less' if chosen else 'more'}.{key}", **told)
