"""From what a visit knows to what a page shows: a citizen says what is right instead."""

from __future__ import annotations

from kiosk.journey import page_moves
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.frame import action, base, may
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.masks import masked
from kiosk.journey.present import source_words
from kiosk.journey.states import State
from kiosk.journey.view import plain, text


def objection(ctx: Context) -> v.ObjectionView:
    """What the register says, and the line to write on."""
    field = page_moves.form_of(ctx).field(ctx.disputing)
    go = action(K.NEXT, "objection.keep") if may(ctx, State.OBJECTION, K.NEXT) else None
    title = text("objection.title", label=field.label)
    view = base(ctx, State.OBJECTION, title=title, lead=text("objection.lead"), go=go)
    view["input"] = v.Input(field=f"objection.{field.key}", keyboard="pinyin", value=ctx.draft)
    clear = action(K.CLEAR, "form.clear", icon="circle-x") if ctx.draft else None
    return v.ObjectionView(
        **view,
        told=v.KnownFact(
            label=plain(field.label),
            value=plain(masked(field)),
            source=source_words(field.source),
        ),
        written=plain(ctx.draft) if ctx.draft else None,
        clear=clear,
    )
