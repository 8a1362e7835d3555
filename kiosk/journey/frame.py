"""What is the same on every page: the bars, the five steps, the shape of a notice."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

from kiosk.domain import promise
from kiosk.domain.catalogue import Item, Mode
from kiosk.domain.dictionary import Basis
from kiosk.domain.effect import Figures
from kiosk.domain.fees import Fee, FeeKind
from kiosk.journey import timing
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.facts import Power
from kiosk.journey.intents import Intent
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.offers import chosen_items
from kiosk.journey.states import QUESTIONS, State
from kiosk.journey.table import TABLE
from kiosk.journey.view import text


class Base(TypedDict):
    """The fields that every view has."""

    page: str
    frame: v.Frame
    title: v.Text
    lead: v.Text | None
    notices: tuple[v.Notice, ...]
    input: v.Input | None
    held: bool


def base(
    ctx: Context,
    page: State,
    *,
    title: v.Text | None = None,
    lead: v.Text | None = None,
    go: v.Action | None = None,
    notices: tuple[v.Notice, ...] = (),
) -> Base:
    """Return what the page shares with all others; the title's key is the page's own."""
    return Base(
        page=page.value,
        frame=frame(ctx, page, go),
        title=title or text(f"{page.value}.title"),
        lead=lead,
        notices=notices,
        input=None,
        held=timing.held(page, ctx),
    )


def action(kind: K, key: str, *, icon: str = "") -> v.Action:
    """Return a touch without an argument."""
    return v.Action(target=kind.value, label=text(key), icon=icon)


def trouble_notice(key: str, again: tuple[v.Action, ...] = (), **values: object) -> v.Notice:
    """Return a sentence that is true and what to do now: keys ``<key>`` and ``<key>_hint``."""
    return v.Notice(
        kind="trouble", text=text(key, **values), hint=text(f"{key}_hint", **values), actions=again
    )


def closed_words(item: Item) -> v.Text:
    """Return what an item is that cannot be filed here: of another kind, or not yet."""
    if item.mode in {Mode.FILE, Mode.CHECK}:
        key = f"guide.item_{item.status.value}"
        return text(f"{key}_when", when=item.schedule) if item.schedule else text(key)
    return text(f"guide.item_{item.mode.value}")


def card_notice(ctx: Context) -> v.Notice | None:
    """Remind of the card while it lies there."""
    if not ctx.card_on:
        return None
    return v.Notice(kind="bring", text=text("receipt.take_card"))


def frame(ctx: Context, page: State, go: v.Action | None) -> v.Frame:
    """Return the bars of a page; a button is there only when the table has its row."""
    return v.Frame(
        service=ctx.site.service,
        place=ctx.site.place,
        thing=ctx.thing.name if ctx.thing else None,
        steps=_steps(ctx, page),
        nav=tuple(a for a in (_nav(ctx, page, kind) for kind in (K.HOME, K.BACK, K.HELP)) if a),
        go=go,
        tools=tuple(a for a in (_tool(ctx, page, K.SIZE), _tool(ctx, page, K.LANGUAGE)) if a),
        size=ctx.size,
        language=ctx.language,
        alert=_alert(ctx, page),
    )


def _alert(ctx: Context, page: State) -> v.Text | None:
    """Tell who is in a visit what they should know of the machine; other pages say it whole."""
    if page in {State.ATTRACT, State.TROUBLE, State.FAREWELL, State.ENDED}:
        return None
    if ctx.terminal.opened:
        return text("frame.alert.opened")
    out = ctx.terminal.power in {Power.BATTERY, Power.LOW}
    return text("frame.alert.power") if out else None


def _tool(ctx: Context, page: State, kind: K) -> v.Action | None:
    if (page, kind) not in TABLE:
        return None
    icon = "a-large-small" if kind is K.SIZE else "languages"
    chosen = kind is K.SIZE and ctx.size == "elder"
    return replace(action(kind, f"nav.{kind.value}", icon=icon), chosen=chosen)


def may(ctx: Context, page: State, kind: K) -> bool:
    """Tell whether the table lets a touch without argument happen on the page now."""
    row = TABLE.get((page, kind))
    return row is not None and row.guard(ctx, Intent(kind=kind))


_ICONS = {K.HOME: "house", K.BACK: "undo-2", K.HELP: "hand-helping"}


def _nav(ctx: Context, page: State, kind: K) -> v.Action | None:
    if not may(ctx, page, kind):
        return None
    return action(kind, f"nav.{kind.value}", icon=_ICONS[kind])


def _steps(ctx: Context, page: State) -> v.Steps | None:
    if page is State.FORM or (page in QUESTIONS and ctx.pages):
        share = min(ctx.page_no, len(ctx.pages)) / max(1, len(ctx.pages))
        return v.Steps(done=2, part=min(0.95, max(0.05, share)))
    if page in QUESTIONS and ctx.asked:
        place = ctx.asked.index(ctx.question) if ctx.question in ctx.asked else len(ctx.asked)
        return v.Steps(done=2, part=(place + 0.5) / (len(ctx.asked) + 1))
    return _STEPS.get(page)


_STEPS = {
    State.GUIDE: v.Steps(done=0, part=0.5),
    State.CHOOSE: v.Steps(done=1, part=0.1),
    State.CARD: v.Steps(done=1, part=0.25),
    State.ENTERPRISE: v.Steps(done=1, part=0.4),
    State.CONSENT: v.Steps(done=1, part=0.5),
    State.DECLINED: v.Steps(done=1, part=0.5),
    State.FETCHING: v.Steps(done=1, part=0.75),
    State.MATERIALS: v.Steps(done=3, part=0.1),
    State.CAPTURE: v.Steps(done=3, part=0.3),
    State.CAPTURED: v.Steps(done=3, part=0.4),
    State.COMMIT: v.Steps(done=3, part=0.4),
    State.LISTED: v.Steps(done=3, part=0.4),
    State.DELIVERY: v.Steps(done=3, part=0.7),
    State.REVIEW: v.Steps(done=4, part=0.1),
    State.OBJECTION: v.Steps(done=4, part=0.2),
    State.SIGN: v.Steps(done=4, part=0.3),
    State.SIGN_CARD: v.Steps(done=4, part=0.3),
    State.SUBMITTING: v.Steps(done=4, part=0.6),
    State.RECEIPT: v.Steps(done=5, part=0.0),
}


def stages(ctx: Context) -> tuple[v.Line, ...]:
    """What happens after a submission, and by when, as the jurisdiction promises."""
    place = ctx.catalogue.jurisdiction
    items = chosen_items(ctx)
    days = promise.days(items)
    example = "_example" if place.promise_basis is Basis.TYPICAL else ""
    typical = any(item.basis is Basis.TYPICAL for item in items)
    done = "stage.days_after_example" if typical else "stage.days_after"
    return (
        v.Line(name=text("stage.submit"), aside=text("stage.today")),
        v.Line(name=text("stage.check"), aside=text(f"stage.hours{example}", n=place.check_hours)),
        v.Line(name=text("stage.accept"), aside=text(f"stage.days{example}", n=place.accept_days)),
        v.Line(name=text("stage.done"), aside=text(done, n=days)),
    )


def figure_cards(figures: Figures) -> tuple[v.Figure, ...]:
    """Return the four large figures: to fill, to bring, to wait, to pay."""

    def one(name: str, value: int, before: int | None) -> v.Figure:
        word = "before" if figures.confirmed else "before_example"
        return v.Figure(
            label=text(f"guide.figure.{name}.label"),
            value=str(value),
            unit=text(f"guide.figure.{name}.unit"),
            before=None if before is None else text(f"guide.figure.{name}.{word}", n=before),
        )

    return (
        one("fill", figures.to_fill, figures.boxes_before),
        one("bring", figures.to_bring, figures.papers_before),
        one("days", figures.days, figures.days_before),
        _fee(figures.fee),
    )


def _fee(fee: Fee) -> v.Figure:
    """Return what is to be paid; beside it the sentence, where the figure is not all of it."""
    unknown = fee.kind is FeeKind.OPEN and not fee.fen
    return v.Figure(
        label=text("guide.figure.fee.label"),
        value="?" if unknown else fee.yuan,
        unit=text("guide.figure.fee.unit"),
        before=None if fee.whole else text(fee.key, yuan=fee.yuan),
    )
