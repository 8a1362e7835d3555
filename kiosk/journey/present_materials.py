"""From what a visit knows to what a page shows: the one set of materials, and the delivery."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.domain.application import grouped
from kiosk.domain.dictionary import Disposition, Material
from kiosk.domain.jurisdiction import Jurisdiction
from kiosk.journey import material_moves as moves
from kiosk.journey import offers, questions
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.facts import Sight
from kiosk.journey.frame import action, base, may, trouble_notice
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.intents import target
from kiosk.journey.masks import masked
from kiosk.journey.present_letters import read_list
from kiosk.journey.states import State
from kiosk.journey.view import plain, text

_SPARED = (
    Disposition.E_LICENCE,
    Disposition.SHARE,
    Disposition.PRODUCED,
    Disposition.GENERATED,
)


def listing(ctx: Context) -> v.MaterialsView:
    """What is to be handed in, and what is not."""
    exempt = offers.checklist(ctx).exempt
    left = sum(not offers.settled(ctx, own.key) for own in offers.to_bring(ctx))
    lead = text("materials.lead_left", n=left) if left else text("materials.lead")
    go = action(K.NEXT, "question.next") if may(ctx, State.MATERIALS, K.NEXT) else None
    return v.MaterialsView(
        **base(ctx, State.MATERIALS, lead=lead, go=go, notices=_no_camera(ctx)),
        rows=tuple(_row(ctx, own) for own in offers.to_bring(ctx)),
        spared=tuple(
            group
            for group in (
                _spared(way, (e.material for e in exempt if e.disposition is way))
                for way in _SPARED
            )
            if group
        ),
        spared_count=len(exempt),
        read_list=read_list(ctx, State.MATERIALS),
    )


def _no_camera(ctx: Context) -> tuple[v.Notice, ...]:
    """The camera failed after the choice was made: each paper left has a way to the window."""
    left = [own for own in offers.to_bring(ctx) if not offers.settled(ctx, own.key)]
    if may(ctx, State.MATERIALS, K.CAPTURE) or not left:
        return ()
    return (trouble_notice("materials.no_camera", tuple(_window(own) for own in left)),)


def _window(own: Material) -> v.Action:
    """Return the way of a paper that cannot be photographed here."""
    label = text("materials.window", name=own.name)
    return v.Action(target=target(K.WINDOW, own.key), label=label, icon="landmark")


def _row(ctx: Context, own: Material) -> v.MaterialRow:
    pictures = len(ctx.captures.get(own.key, ()))
    if own.key in ctx.to_window:
        state, told = "committed", text("materials.to_window")
    elif own.key in ctx.commitments:
        state, told = "committed", _promised(ctx, own)
    elif pictures:
        state, told = "captured", text("materials.captured", n=pictures)
    else:
        state, told = "waiting", text(f"materials.waiting.{own.capture}")
    return v.MaterialRow(
        key=own.key,
        name=plain(own.name),
        state=state,  # type: ignore[arg-type]
        told=told,
        kind=own.capture,
        capture=_capture(ctx, own, pictures),
        commit=_commit(ctx, own) if state == "waiting" else None,
        paper=own.picture,
    )


def _capture(ctx: Context, own: Material, pictures: int) -> v.Action | None:
    if not may(ctx, State.MATERIALS, K.CAPTURE):
        return None
    key = "capture" if not pictures else "one_more" if pictures < own.pages else "anew"
    label = text(f"materials.{key}")
    return v.Action(target=target(K.CAPTURE, own.key), label=label, icon="camera")


def _commit(ctx: Context, own: Material) -> v.Action | None:
    if not moves.may_follow(ctx, own) or own.key in ctx.commitments:
        return None
    told = offers.letter_of(ctx, own.key)
    label = text("materials.commit" if told is None or told.follows else "materials.vouch")
    return v.Action(target=target(K.COMMIT, own.key), label=label, icon="calendar-clock")


def _promised(ctx: Context, own: Material) -> v.Text:
    """Return how a promised paper stands: until when it comes, or that nothing comes."""
    told = offers.letter_of(ctx, own.key)
    if told is None or not told.follows:
        return text("materials.vouched", example=int(told is not None and told.example))
    return text(
        "materials.committed",
        due=offers.due(ctx, told),
        estimate=int(offers.is_estimate(ctx, told)),
        example=int(told.example),
    )


def _spared(way: Disposition, papers: Iterable[Material]) -> v.SparedGroup | None:
    names = [own.name for own in papers]
    if not names:
        return None
    return v.SparedGroup(
        disposition=way.value,
        names=plain("、".join(names)),
        told=text(f"material.{way.value}"),
    )


# ---- the camera


def capture(ctx: Context) -> v.CaptureView:
    """The live picture."""
    own = moves.paper(ctx)
    wrong = ctx.trouble
    stopped = wrong is not None and not ctx.awaited
    phase = "taking" if ctx.busy else "stopped" if stopped else "looking"
    again = (action(K.RETRY, "capture.retry"), _window(own)) if stopped else ()
    notices = (trouble_notice(f"capture.trouble.{wrong.reason}", again),) if wrong else ()
    number = len(moves.so_far(ctx)) + 1
    shoot = action(K.SHOOT, "capture.shoot", icon="camera")
    return v.CaptureView(
        **base(
            ctx,
            State.CAPTURE,
            title=text(f"capture.title.{own.capture}", name=own.name),
            lead=text(f"capture.lead.{_lead(ctx, own)}", n=number),
            notices=notices,
        ),
        material=plain(own.name),
        kind=own.capture,
        picture_no=number,
        checks=_checks(ctx.sight),
        ready=ctx.sight is not None and ctx.sight.good,
        phase=phase,  # type: ignore[arg-type]
        shoot=shoot if may(ctx, State.CAPTURE, K.SHOOT) else None,
        commit=_commit(ctx, own) if stopped or ctx.tries else None,
        paper=own.picture,
    )


def _lead(ctx: Context, own: Material) -> str:
    if ctx.busy:
        return "taking"
    return "pages" if own.pages > 1 else own.capture


def _checks(sight: Sight | None) -> tuple[v.Check, ...]:
    seen = sight or Sight(found=False, complete=False, sharp=False, glare_free=False, lit=False)
    found = {
        "complete": seen.found and seen.complete,
        "sharp": seen.found and seen.sharp,
        "glare_free": seen.found and seen.glare_free,
        "lit": seen.lit,
    }
    return tuple(v.Check(label=text(f"capture.check.{key}"), ok=ok) for key, ok in found.items())


def captured(ctx: Context) -> v.CapturedView:
    """The straightened picture."""
    own, got = moves.paper(ctx), ctx.taken
    if got is None:
        raise AssertionError("a picture page without a picture")
    keep = action(K.KEEP, _keep_key(ctx, own), icon="check")
    more = action(K.MORE, "captured.more", icon="plus")
    read = ctx.number
    notices = tuple(trouble_notice(f"captured.fault.{fault}") for fault in got.faults)
    return v.CapturedView(
        **base(
            ctx,
            State.CAPTURED,
            title=_captured_title(ctx, own),
            lead=_captured_lead(ctx, own),
            notices=notices or _unread(ctx, own),
        ),
        material=plain(own.name),
        kind=own.capture,
        picture=got.picture,
        width=got.width,
        height=got.height,
        reading=ctx.busy,
        number=plain(grouped(read.number)) if read and read.number else None,
        bank=plain(read.bank) if read and read.bank else None,
        keep=keep if may(ctx, State.CAPTURED, K.KEEP) else None,
        again=action(K.AGAIN, "captured.again", icon="rotate-ccw"),
        more=more if may(ctx, State.CAPTURED, K.MORE) else None,
    )


def _keep_key(ctx: Context, own: Material) -> str:
    if ctx.taken is not None and ctx.taken.faults:
        return "captured.keep_anyway"
    return (
        "captured.keep_number"
        if own.reads and ctx.number and ctx.number.number
        else "captured.keep"
    )


def _captured_title(ctx: Context, own: Material) -> v.Text:
    if ctx.taken is not None and ctx.taken.faults:
        return text(f"captured.title.{'worn' if moves.worn_out(ctx) else 'again'}")
    if own.reads:
        read = ctx.number is not None and bool(ctx.number.number)
        return text("captured.title.reading" if ctx.busy else f"captured.title.{_read_word(read)}")
    return text("captured.title.look")


def _read_word(read: bool) -> str:
    return "number" if read else "unread"


def _captured_lead(ctx: Context, own: Material) -> v.Text | None:
    if ctx.taken is not None and ctx.taken.faults:
        return None
    if own.reads:
        return text("captured.lead.reading") if ctx.busy else None
    return text("captured.lead.look")


def _unread(ctx: Context, own: Material) -> tuple[v.Notice, ...]:
    """The card's number could not be read: say so, and that it is typed next."""
    if not own.reads or ctx.busy or ctx.number is None or ctx.number.number:
        return ()
    return (v.Notice(kind="info", text=text("captured.unread"), hint=text("captured.unread_hint")),)


# ---- how results are received


def delivery(ctx: Context) -> v.DeliveryView:
    """The ways, and all at once or each when it is done."""
    go = action(K.NEXT, "question.next") if may(ctx, State.DELIVERY, K.NEXT) else None
    several = len(offers.chosen_items(ctx)) > 1
    courier = ctx.method == "courier"
    return v.DeliveryView(
        **base(ctx, State.DELIVERY, lead=text("delivery.lead"), go=go),
        methods=tuple(_method(ctx, way) for way in moves.ways(ctx)),
        together=tuple(_together(ctx, word) for word in ("yes", "no")) if several else (),
        address=_address(ctx) if courier else None,
        change_address=_change_address(ctx) if courier else None,
    )


_METHOD_ICONS = {"window": "landmark", "courier": "truck", "e_licence": "smartphone"}


def _method(ctx: Context, method: str) -> v.Action:
    windows = ctx.catalogue.jurisdiction.windows
    note = text(f"delivery.{method}_note")
    if method == "courier":
        note = courier_note(ctx.catalogue.jurisdiction)
    if method == "window" and windows:
        note = plain(f"{windows[0].name} {windows[0].hours}".strip())
    return v.Action(
        target=target(K.DELIVER, method),
        label=text(f"delivery.{method}"),
        icon=_METHOD_ICONS.get(method, ""),
        chosen=ctx.method == method,
        note=note,
    )


def courier_note(place: Jurisdiction) -> v.Text:
    """Tell that sending is free where a rule of the place says so, else to ask who pays."""
    return text("delivery.courier_note" if place.free_courier else "delivery.courier_note_paid")


def _together(ctx: Context, word: str) -> v.Action:
    return v.Action(
        target=target(K.TOGETHER, word),
        label=text(f"delivery.together_{word}"),
        chosen=ctx.together == word,
        note=text(f"delivery.together_{word}_note"),
    )


def _address(ctx: Context) -> v.Line | None:
    fields = ctx.form.fields if ctx.form else ()
    own = next((field for field in fields if field.key == moves.ADDRESS), None)
    if own is None or not own.filled:
        return None
    return v.Line(name=plain(masked(own)), aside=text("delivery.to"))


def _change_address(ctx: Context) -> v.Action | None:
    if not questions.changeable(ctx, moves.ADDRESS):
        return None
    return v.Action(
        target=target(K.CHANGE, moves.ADDRESS), label=text("review.change"), icon="pencil"
    )
