"""How intents change the one set of materials: the camera, the promise, the delivery."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain import going
from kiosk.domain.dictionary import Material
from kiosk.domain.jurisdiction import DeliveryMethod
from kiosk.journey import context as c
from kiosk.journey import offers, page_moves
from kiosk.journey.context import Context
from kiosk.journey.facts import CardRead, Sight, Taken, Trouble
from kiosk.journey.intents import Intent
from kiosk.journey.states import State
from kiosk.journey.transition import IllegalIntent, fact

ADDRESS = going.ADDRESS
"""Key of where a courier goes."""
NO_PAGE = "no_page"
"""Fault of a picture without a paper in it: nobody can judge that."""
PATIENCE = 3
"""After so many pictures that will not do, one may be kept all the same: a clerk will judge."""


def paper(ctx: Context) -> Material:
    """Return the paper under the camera, or the one that is promised.

    Raises:
        IllegalIntent: none is.
    """
    for own in offers.to_bring(ctx):
        if own.key == ctx.material:
            return own
    raise IllegalIntent("no such paper is asked for")


# ---- the camera


def capture(ctx: Context, intent: Intent) -> Context:
    """Photograph a paper; a full one begins anew."""
    chosen = replace(ctx, material=intent.argument, tries=0, anew=False)
    full = len(so_far(chosen)) >= paper(chosen).pages
    return look(replace(chosen, anew=full))


def so_far(ctx: Context) -> tuple[Taken, ...]:
    """Return the kept pages to which the next picture is added."""
    return () if ctx.anew else ctx.captures.get(ctx.material, ())


def may_capture(ctx: Context, _intent: Intent) -> bool:
    """There is a camera."""
    return ctx.devices is None or ctx.devices.camera.usable


def look(ctx: Context) -> Context:
    """Return the context with the live picture awaited."""
    return replace(c.awaiting(ctx), sight=None, taken=None, number=None, busy=False)


def again(ctx: Context, _intent: Intent) -> Context:
    """The picture is dropped; once more."""
    return look(ctx)


def sight(ctx: Context, intent: Intent) -> Context:
    """What the camera sees."""
    return replace(ctx, sight=fact(intent, Sight))


def may_shoot(ctx: Context, _intent: Intent) -> bool:
    """The camera is looking."""
    return bool(ctx.awaited) and not ctx.busy


def shoot(ctx: Context, _intent: Intent) -> Context:
    """Take the picture."""
    return replace(c.awaiting(ctx), busy=True)


def stopped(ctx: Context, intent: Intent) -> Context:
    """The camera failed."""
    return replace(c.idle(ctx), trouble=fact(intent, Trouble), sight=None)


def may_look_again(ctx: Context, _intent: Intent) -> bool:
    """The camera failed: only then is there a button."""
    return ctx.trouble is not None and not ctx.awaited


def taken(ctx: Context, intent: Intent) -> Context:
    """A picture was taken; the number on a card is read at once."""
    got = fact(intent, Taken)
    tries = ctx.tries + 1 if got.faults else ctx.tries
    done = replace(c.idle(ctx), taken=got, tries=tries, sight=None, number=None)
    reads = bool(paper(ctx).reads) and not got.faults
    return replace(c.awaiting(done), busy=True) if reads else done


def number_read(ctx: Context, intent: Intent) -> Context:
    """The number was read, or could not be."""
    read = intent.fact if isinstance(intent.fact, CardRead) else CardRead(number="")
    return replace(c.idle(ctx), number=read)


# ---- keeping a picture


def may_keep(ctx: Context, _intent: Intent) -> bool:
    """The picture will do, or nobody managed a better one."""
    if ctx.taken is None or ctx.busy or NO_PAGE in ctx.taken.faults:
        return False
    return not ctx.taken.faults or worn_out(ctx)


def worn_out(ctx: Context) -> bool:
    """Tell whether it was tried often enough."""
    return ctx.tries >= PATIENCE


def may_keep_more(ctx: Context, intent: Intent) -> bool:
    """There may be one more page of this paper."""
    return may_keep(ctx, intent) and len(so_far(ctx)) + 1 < paper(ctx).pages


def keep(ctx: Context, _intent: Intent) -> Context:
    """The picture belongs to the paper; what was read from it goes into the form."""
    done = _with_number(_kept(ctx))
    asked = _unread(ctx, done)
    quiet = replace(done, taken=None, number=None)
    if asked:
        return page_moves.at_aside(quiet, asked, State.MATERIALS)
    return replace(quiet, returns=None)


def keep_more(ctx: Context, _intent: Intent) -> Context:
    """The same, and the camera looks for the next page."""
    return look(replace(_kept(ctx), tries=0))


def _kept(ctx: Context) -> Context:
    if ctx.taken is None:
        raise IllegalIntent("there is no picture")
    pictures = (*so_far(ctx), ctx.taken)
    done = _unsettled(c.idle(ctx), ctx.material)
    return replace(done, captures={**ctx.captures, ctx.material: pictures}, anew=False)


def _with_number(ctx: Context) -> Context:
    """Fill in what the card says, where the form accepts it."""
    read, form = ctx.number, ctx.form
    if read is None or form is None:
        return ctx
    source = f"capture:{ctx.material}"
    for key in paper(ctx).reads:
        field = form.field(key)
        value = _read_value(ctx, key, read)
        if value and field.editable:
            form = form.answer(key, value, source)
    return replace(ctx, form=form)


def _read_value(ctx: Context, key: str, read: CardRead) -> str:
    if key.endswith(".account_no"):
        return read.number
    offered = page_moves.form_of(ctx).choices(key)
    named = [own.value for own in offered if read.bank and read.bank in {own.value, own.label}]
    return named[0] if named else ""


def _unread(before: Context, done: Context) -> tuple[str, ...]:
    """Return the keys that this picture should have told and did not, whatever one before did."""
    form, read = page_moves.form_of(done), before.number
    return tuple(
        key
        for key in paper(before).reads
        if not form.field(key).filled or read is None or not _read_value(before, key, read)
    )


def _unsettled(ctx: Context, key: str) -> Context:
    """Return the context without a word about the paper: it is settled in one way only."""
    return replace(
        ctx,
        captures={own: pictures for own, pictures in ctx.captures.items() if own != key},
        commitments=tuple(own for own in ctx.commitments if own != key),
        to_window=tuple(own for own in ctx.to_window if own != key),
    )


def after_keeping(ctx: Context) -> State:
    """Back to the list, or ask for what could not be read."""
    return State.FORM if ctx.aside else State.MATERIALS


# ---- the list and the promise


def may_go_on(ctx: Context, _intent: Intent) -> bool:
    """Every paper is there or promised."""
    return all(offers.settled(ctx, own.key) for own in offers.to_bring(ctx))


def promise(ctx: Context, intent: Intent) -> Context:
    """The terms of a promise are read."""
    chosen = replace(c.idle(ctx), material=intent.argument, returns=None)
    if not may_follow(chosen, paper(chosen)):
        raise IllegalIntent("this paper may not follow later")
    return chosen


def may_follow(ctx: Context, own: Material) -> bool:
    """Tell whether a paper may be missing: the list has it, and it is said on what terms."""
    said = "commitment" in ctx.catalogue.consents
    return said and offers.letter_of(ctx, own.key) is not None


def read_list(ctx: Context, _intent: Intent) -> Context:
    """The published list is read; no letter is open."""
    return replace(ctx, material="")


def may_read_list(ctx: Context, _intent: Intent) -> bool:
    """There is one, and it has a paper that is asked here."""
    return any(may_follow(ctx, own) for own in offers.to_bring(ctx))


def after_reading(ctx: Context) -> State:
    """The page that the list was opened from: an open letter, or the papers."""
    return State.COMMIT if ctx.material else State.MATERIALS


def promised(ctx: Context, _intent: Intent) -> Context:
    """The promise is given; the signature at the end covers it."""
    done = _unsettled(ctx, ctx.material)
    return replace(done, commitments=(*done.commitments, ctx.material), material="")


def may_go_to_window(ctx: Context, _intent: Intent) -> bool:
    """The camera cannot be used, so the paper may be handed in at the window."""
    return not may_capture(ctx, _intent) or may_look_again(ctx, _intent)


def to_window(ctx: Context, intent: Intent) -> Context:
    """The paper is handed in at the window; pages that were photographed stay with it."""
    key = intent.argument
    if key not in {own.key for own in offers.to_bring(ctx)}:
        raise IllegalIntent("no such paper is asked for")
    done = _unsettled(put_away(ctx, intent), key)
    return replace(done, captures=ctx.captures, to_window=(*done.to_window, key))


def put_away(ctx: Context, _intent: Intent) -> Context:
    """Back to the list."""
    return replace(c.idle(ctx), material="", taken=None, sight=None, number=None)


def leave_list(ctx: Context, intent: Intent) -> Context:
    """On from the list; first what a paper should have told and did not is asked once more."""
    form = page_moves.form_of(ctx)
    keys = [key for own in offers.to_bring(ctx) for key in own.reads if not form.field(key).filled]
    if keys:
        return page_moves.at_aside(replace(ctx, material=""), tuple(keys), State.MATERIALS)
    return leave(ctx, intent)


def after_list(ctx: Context) -> State:
    """The page after the list."""
    return State.FORM if ctx.aside else page_moves.after_materials(ctx)


def leave(ctx: Context, _intent: Intent) -> Context:
    """On from the list, or from the delivery."""
    return replace(ctx, material="", returns=None)


def back_to_form(ctx: Context, _intent: Intent) -> Context:
    """Back to the last page of the form."""
    return page_moves.to_last(replace(ctx, returns=None))


# ---- how results are received


def deliver(ctx: Context, intent: Intent) -> Context:
    """A way is chosen."""
    if intent.argument not in ways(ctx):
        raise IllegalIntent("not a way to receive results here")
    return replace(ctx, method=intent.argument)


def ways(ctx: Context) -> tuple[str, ...]:
    """Return the ways to receive results; a courier needs an address in the form."""
    known = {own.key for own in page_moves.form_of(ctx).fields}
    offered = ctx.thing.delivery if ctx.thing else ()
    courier = ADDRESS in known
    return tuple(w.value for w in offered if courier or w is not DeliveryMethod.COURIER)


def together(ctx: Context, intent: Intent) -> Context:
    """All at once when the last is done, or each when it is done."""
    if intent.argument not in {"yes", "no"}:
        raise IllegalIntent("yes or no")
    return replace(ctx, together=intent.argument)


def change_address(ctx: Context, intent: Intent) -> Context:
    """The courier goes somewhere else."""
    return page_moves.at_aside(ctx, (intent.argument,), State.DELIVERY)


def may_leave_delivery(ctx: Context, _intent: Intent) -> bool:
    """What has to be said is said."""
    several = len(offers.chosen_items(ctx)) > 1
    reached = ctx.method != DeliveryMethod.COURIER or page_moves.form_of(ctx).field(ADDRESS).filled
    return bool(ctx.method) and reached and (bool(ctx.together) or not several)


def back_from_delivery(ctx: Context, intent: Intent) -> Context:
    """Back to the papers, or to the form when there are none."""
    return replace(ctx, returns=None) if offers.to_bring(ctx) else back_to_form(ctx, intent)


def before_delivery(ctx: Context) -> State:
    """The page before the delivery."""
    return State.MATERIALS if offers.to_bring(ctx) else page_moves.after_page(ctx)
