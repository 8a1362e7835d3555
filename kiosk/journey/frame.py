"""What is the same on every page: the bars, the five steps, the shape of a notice."""

from __future__ import annotations

from typing import TypedDict

from kiosk.journey import timing
from kiosk.journey import view as v
from kiosk.journey.context import Context, chosen_items
from kiosk.journey.intents import Intent
from kiosk.journey.intents import IntentKind as K
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
    )


_ICONS = {K.HOME: "house", K.BACK: "undo-2", K.HELP: "hand-helping"}


def _nav(ctx: Context, page: State, kind: K) -> v.Action | None:
    row = TABLE.get((page, kind))
    if row is None or not row.guard(ctx, Intent(kind=kind)):
        return None
    return action(kind, f"nav.{kind.value}", icon=_ICONS[kind])


def _steps(ctx: Context, page: State) -> v.Steps | None:
    if page in QUESTIONS and ctx.asked:
        place = ctx.asked.index(ctx.question) if ctx.question in ctx.asked else len(ctx.asked)
        return v.Steps(done=2, part=(place + 0.5) / (len(ctx.asked) + 1))
    return _STEPS.get(page)


_STEPS = {
    State.GUIDE: v.Steps(done=0, part=0.5),
    State.CARD: v.Steps(done=1, part=0.25),
    State.CONSENT: v.Steps(done=1, part=0.5),
    State.DECLINED: v.Steps(done=1, part=0.5),
    State.FETCHING: v.Steps(done=1, part=0.75),
    State.REVIEW: v.Steps(done=3, part=0.5),
    State.SUBMITTING: v.Steps(done=4, part=0.25),
    State.RECEIPT: v.Steps(done=5, part=0.0),
}


def stages(ctx: Context) -> tuple[v.Line, ...]:
    """What happens after a submission, and by when, as the jurisdiction promises."""
    place = ctx.catalogue.jurisdiction
    days = max((item.limit_days for item in chosen_items(ctx)), default=0)
    return (
        v.Line(name=text("stage.submit"), aside=text("stage.today")),
        v.Line(name=text("stage.check"), aside=text("stage.hours", n=place.check_hours)),
        v.Line(name=text("stage.accept"), aside=text("stage.days", n=place.accept_days)),
        v.Line(name=text("stage.done"), aside=text("stage.days_after", n=days)),
    )
