"""How a citizen says that a register is wrong (数据异议): in their own words, beside the value.

The register's value stays the one that is filed, for nobody at a terminal may change another
authority's data; what the citizen says goes with it to the clerk.  Where another register told
another value, that one may be taken instead (``take``) and is filed as that register's.  Either way
the form is signed anew.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain import derive, faults
from kiosk.domain.form import OBJECTION_LIMIT, Form, FormField
from kiosk.journey import form_moves, page_moves
from kiosk.journey.context import Context
from kiosk.journey.intents import Intent
from kiosk.journey.transition import IllegalIntent
from standards.charset import printable


def may_object(ctx: Context, intent: Intent) -> bool:
    """The value is a register's, and the form may still be changed."""
    field = _named(ctx, intent.argument)
    return field is not None and field.disputable and not ctx.unanswered


def begin(ctx: Context, intent: Intent) -> Context:
    """Write what is right; what was written before stands there."""
    field = _named(ctx, intent.argument)
    if field is None:
        raise IllegalIntent("no such field")
    return replace(ctx, disputing=field.key, draft=field.disputed, trouble=None)


def write(ctx: Context, intent: Intent) -> Context:
    """Words were written."""
    more = ctx.draft + printable(intent.argument)
    return replace(ctx, draft=more.lstrip()[:OBJECTION_LIMIT])


def erase(ctx: Context, _intent: Intent) -> Context:
    """The last character was a slip."""
    return replace(ctx, draft=ctx.draft[:-1])


def clear(ctx: Context, _intent: Intent) -> Context:
    """All of it was a slip."""
    return replace(ctx, draft="")


def written(ctx: Context, _intent: Intent) -> bool:
    """Something is written."""
    return bool(ctx.draft)


def may_keep(ctx: Context, _intent: Intent) -> bool:
    """What is written says something else than the register."""
    try:
        kept(ctx)
    except (KeyError, ValueError, IllegalIntent):
        return False
    return True


def keep(ctx: Context, _intent: Intent) -> Context:
    """The word goes with the value."""
    return closed(kept(ctx))


def kept(ctx: Context) -> Context:
    """Return the context with the objection in the form.

    Raises:
        ValueError: it says nothing new.
    """
    form = page_moves.form_of(ctx).object(ctx.disputing, ctx.draft)
    return replace(form_moves.unsigned(ctx), form=form)


def leave(ctx: Context, _intent: Intent) -> Context:
    """Back without a word."""
    return closed(ctx)


def closed(ctx: Context) -> Context:
    """Return the context with nothing being written."""
    return replace(ctx, disputing="", draft="")


def may_withdraw(ctx: Context, intent: Intent) -> bool:
    """There is an objection to take back."""
    field = _named(ctx, intent.argument)
    return field is not None and bool(field.disputed) and not ctx.unanswered


def withdraw(ctx: Context, intent: Intent) -> Context:
    """The register is right after all."""
    form = page_moves.form_of(ctx).withdraw(intent.argument)
    return replace(form_moves.unsigned(ctx), form=form)


def may_take(ctx: Context, intent: Intent) -> bool:
    """Another register told something else: ``take:<field key>:<place>``."""
    return not ctx.unanswered and _taken(ctx, intent) is not None


def take(ctx: Context, intent: Intent) -> Context:
    """The other register is right: its value is filed, as its."""
    form = _taken(ctx, intent)
    if form is None:
        raise IllegalIntent("no such register")
    return replace(form_moves.unsigned(ctx), form=derive.followed(form))


def _taken(ctx: Context, intent: Intent) -> Form | None:
    key, _, place = intent.argument.rpartition(":")
    field = _named(ctx, key)
    digit = place.isascii() and place.isdigit() and len(place) == 1
    if field is None or not digit or int(place) not in takeable(ctx, field):
        return None
    return page_moves.form_of(ctx).take(key, int(place))


def takeable(ctx: Context, field: FormField) -> tuple[int, ...]:
    """Return the places of the other values that may be filed as they are."""
    if not field.selectable:
        return ()
    answers = page_moves.form_of(ctx).values()
    return tuple(
        place
        for place, (value, _) in enumerate(field.others)
        if faults.check(field.spec, value, today=ctx.today, answers=answers) is None
    )


def _named(ctx: Context, key: str) -> FormField | None:
    fields = ctx.form.fields if ctx.form else ()
    return next((own for own in fields if own.key == key), None)
