"""From what a visit knows to what a page shows: signature, rating, one's own applications."""

from __future__ import annotations

from kiosk.domain.application import grouped
from kiosk.domain.receipt import owed_values, owed_words
from kiosk.journey import end_moves as moves
from kiosk.journey import offers
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.facts import Progress
from kiosk.journey.frame import action, base, may, trouble_notice
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.intents import target
from kiosk.journey.standing import overall
from kiosk.journey.states import State
from kiosk.journey.view import plain, text


def sign(ctx: Context) -> v.SignView:
    """Write the name, or let the card confirm."""
    told = ctx.catalogue.consents.get("declaration")
    wrong = ctx.trouble
    phone = ctx.phone
    notices = (trouble_notice(f"review.trouble.{wrong.reason}", phone=phone),) if wrong else ()
    go = action(K.SUBMIT, "sign.submit", icon="send") if may(ctx, State.SIGN, K.SUBMIT) else None
    by_card = ctx.confirmed is not None
    name = ctx.card.person.name if ctx.card else ""
    confirm = action(K.CONFIRM, "sign.confirm", icon="id-card")
    return v.SignView(
        **base(
            ctx,
            State.SIGN,
            title=text("sign.title_by_card") if by_card else None,
            lead=text("sign.by_card" if by_card else "sign.lead"),
            go=go,
            notices=notices,
        ),
        name=name,
        strokes=ctx.strokes,
        signed=offers.signed(ctx),
        by_card=by_card,
        statement=(*(plain(words) for words in (told.text if told else ())), *_said(ctx)),
        wipe=action(K.WIPE, "sign.wipe", icon="eraser") if may(ctx, State.SIGN, K.WIPE) else None,
        confirm=confirm if may(ctx, State.SIGN, K.CONFIRM) else None,
    )


def _said(ctx: Context) -> tuple[v.Text, ...]:
    """Return what is signed beside the values: each objection to one, each promise with its day."""
    objections = ctx.form.objections if ctx.form else ()
    says = (text("sign.says", label=own.label, words=own.disputed) for own in objections)
    promises = (own for own in offers.owed(ctx) if own.kind is not None)
    return (*says, *(text(owed_words(own), **owed_values(own)) for own in promises))


_FACES = {5: "laugh", 4: "smile", 3: "meh", 2: "frown", 1: "angry"}


def rating(ctx: Context) -> v.RatingView:
    """How was it?  Skipping is as plain as any grade."""
    done = action(K.FINISH, "rating.send" if ctx.grade else "rating.skip")
    return v.RatingView(
        **base(ctx, State.RATING, lead=text("rating.lead"), go=done),
        grades=tuple(
            v.Action(
                target=target(K.RATE, str(grade)),
                label=text(f"rating.grade.{grade}"),
                icon=_FACES[grade],
                chosen=ctx.grade == grade,
            )
            for grade in moves.OPTIONS
        ),
        options=tuple(
            v.Action(
                target=target(K.RATE_OPTION, code),
                label=text(f"rating.option.{code}"),
                chosen=code in ctx.rate_options,
            )
            for code in moves.OPTIONS.get(ctx.grade, ())
        ),
        skip=done,
    )


def mine(ctx: Context) -> v.MineView:
    """What this person filed."""
    found = ctx.mine.applications if ctx.mine else ()
    wrong = ctx.trouble
    again = (action(K.RETRY, "mine.retry"),)
    notices = (trouble_notice(f"progress_scan.trouble.{wrong.reason}", again),) if wrong else ()
    nothing = ctx.mine is not None and not found
    title = "title_asking" if ctx.busy else "title_empty" if nothing else "title"
    return v.MineView(
        **base(
            ctx,
            State.MINE,
            title=text(f"mine.{title}"),
            go=None if ctx.busy else action(K.FINISH, "progress_show.finish"),
            notices=notices,
        ),
        asking=ctx.busy,
        cases=tuple(_case(own, place) for place, own in enumerate(found)),
        empty=v.Line(name=text("mine.empty"), aside=text("mine.empty_hint")) if nothing else None,
    )


def _case(own: Progress, place: int) -> v.Case:
    mark = overall(own.items)
    words = list(dict.fromkeys(item.state_text for item in own.items))
    return v.Case(
        action=v.Action(target=target(K.OPEN_CASE, str(place)), label=plain(own.thing)),
        thing=own.thing,
        number=grouped(own.application_no),
        told=text("mine.needs_you") if mark == "needs_you" else plain("、".join(words)),
        mark=mark,
    )
