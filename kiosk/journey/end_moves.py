"""How intents change the end of a visit: signature, rating, one's own applications."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.receipt import Outcome
from kiosk.journey import context as c
from kiosk.journey import leaving_moves, moves, offers, questions
from kiosk.journey.context import Context
from kiosk.journey.facts import Mine, Stroke, Trouble
from kiosk.journey.intents import Intent
from kiosk.journey.states import State
from kiosk.journey.transition import IllegalIntent, fact

MOST_STROKES = 200
MOST_POINTS = 2000
"""Bounds of one signature: a finger that rests on the glass fills no memory."""
OPTIONS = {
    5: ("clear", "fast", "little_to_bring"),
    4: ("clear", "fast", "little_to_bring"),
    3: ("unclear", "slow", "hard_to_read"),
    2: ("unclear", "slow", "hard_to_read", "did_not_work"),
    1: ("unclear", "slow", "hard_to_read", "did_not_work"),
}
"""What may be said beside a grade."""


# ---- the signature


def to_sign(ctx: Context, _intent: Intent) -> bool:
    """The form has no fault and is signed by hand."""
    return questions.ready(ctx) and _by_hand(ctx)


def may_submit_unsigned(ctx: Context, _intent: Intent) -> bool:
    """The form has no fault and needs no signature."""
    return questions.ready(ctx) and not _by_hand(ctx)


def _by_hand(ctx: Context) -> bool:
    return ctx.thing is not None and ctx.thing.signature


def stroke(ctx: Context, intent: Intent) -> Context:
    """A finger drew a line."""
    line = fact(intent, Stroke)
    inside = all(0 <= x <= 1 and 0 <= y <= 1 for x, y, _ in line.points)
    if not line.points or not inside or len(line.points) > MOST_POINTS:
        raise IllegalIntent("not a line of the field")
    if len(ctx.strokes) >= MOST_STROKES or ctx.unanswered:
        raise IllegalIntent("the field is full")
    return replace(ctx, strokes=(*ctx.strokes, line), confirmed=None, trouble=None)


def wipe(ctx: Context, _intent: Intent) -> Context:
    """Begin again."""
    return replace(ctx, strokes=(), confirmed=None)


def may_wipe(ctx: Context, _intent: Intent) -> bool:
    """Something is written, and nobody may have it yet."""
    return bool(ctx.strokes or ctx.confirmed) and not ctx.unanswered


def may_confirm(ctx: Context, _intent: Intent) -> bool:
    """The card may take the place of writing."""
    return ctx.confirmed is None and not ctx.unanswered


def card_again(ctx: Context, intent: Intent) -> Context:
    """A card was put down in place of a signature: it has to be the same person's."""
    before = ctx.card
    read = moves.card_read(replace(ctx, card=None), intent)
    if before is None or read.card is None:
        return replace(read, card=before)
    if read.card.person.id_no != before.person.id_no:
        wrong = Trouble(reason="another_person")
        return replace(c.awaiting(read), card=before, trouble=wrong, card_on=True)
    return replace(read, card=before, confirmed=read.card, strokes=())


def after_card_again(ctx: Context) -> State:
    """Back to the signature once the card confirmed it."""
    return State.SIGN if ctx.confirmed else State.SIGN_CARD


def may_submit(ctx: Context, _intent: Intent) -> bool:
    """It is signed, and the form has no fault."""
    return questions.ready(ctx) and offers.signed(ctx)


def after_trouble(ctx: Context) -> State:
    """The page from which it was submitted."""
    return State.SIGN if _by_hand(ctx) else State.REVIEW


# ---- the rating


def after_receipt(ctx: Context) -> State:
    """Ask how it was where an answer can be handed on; nobody has to give one."""
    sent = ctx.answer is not None and ctx.answer.outcome is Outcome.SUBMITTED
    return State.RATING if sent and ctx.stored else State.FAREWELL


def leave_receipt(ctx: Context, intent: Intent) -> Context:
    """The slip was taken."""
    return ctx if after_receipt(ctx) is State.RATING else leaving_moves.leave(ctx, intent)


def rate(ctx: Context, intent: Intent) -> Context:
    """A grade was chosen: ``rate:<1-5>``."""
    grades = {str(grade): grade for grade in OPTIONS}
    if intent.argument not in grades:
        raise IllegalIntent("five grades")
    return replace(ctx, grade=grades[intent.argument], rate_options=())


def rate_option(ctx: Context, intent: Intent) -> Context:
    """What was good or bad, or not after all."""
    if intent.argument not in OPTIONS.get(ctx.grade, ()):
        raise IllegalIntent("not an option of this grade")
    kept = tuple(code for code in ctx.rate_options if code != intent.argument)
    added = kept if len(kept) < len(ctx.rate_options) else (*kept, intent.argument)
    return replace(ctx, rate_options=added)


def leave_rating(ctx: Context, intent: Intent) -> Context:
    """The rating is handed on without a name: its grade and the slip's token alone outlive it."""
    token = ctx.stored.code.rpartition("/")[2] if ctx.stored and ctx.grade else ""
    gone = leaving_moves.leave(ctx, intent)
    return replace(gone, grade=ctx.grade, rate_options=ctx.rate_options, slip=token)


# ---- one's own applications


def card_for_mine(ctx: Context, intent: Intent) -> Context:
    """The card was read: ask for what its holder filed."""
    read = moves.card_read(ctx, intent)
    return asking(read, intent) if read.card else read


def asking(ctx: Context, _intent: Intent) -> Context:
    """The intake is asked."""
    return replace(c.awaiting(ctx), busy=True)


def may_ask_again(ctx: Context, _intent: Intent) -> bool:
    """It could not say."""
    return ctx.trouble is not None and not ctx.awaited


def after_card(ctx: Context) -> State:
    """From here on the page stands on a citizen's data."""
    return State.MINE if ctx.card else State.PROGRESS_CARD


def mine(ctx: Context, intent: Intent) -> Context:
    """What was filed; a single one is shown at once."""
    found = fact(intent, Mine)
    only = found.applications[0] if len(found.applications) == 1 else None
    return replace(c.idle(ctx), mine=found, progress=only, how="finished")


def after_mine(ctx: Context) -> State:
    """The list, or the only one."""
    return State.PROGRESS_SHOW if ctx.progress else State.MINE


def mine_trouble(ctx: Context, intent: Intent) -> Context:
    """The intake could not say."""
    return replace(c.idle(ctx), trouble=fact(intent, Trouble))


def open_case(ctx: Context, intent: Intent) -> Context:
    """One of them is looked at, by its place in the list."""
    known = ctx.mine.applications if ctx.mine else ()
    places = {str(place): own for place, own in enumerate(known)}
    if intent.argument not in places:
        raise IllegalIntent("not one of these applications")
    return replace(ctx, progress=places[intent.argument])


def has_list(ctx: Context, _intent: Intent) -> bool:
    """There are others to go back to."""
    return ctx.mine is not None and len(ctx.mine.applications) > 1


def close_case(ctx: Context, _intent: Intent) -> Context:
    """Back to the list."""
    return replace(ctx, progress=None)
