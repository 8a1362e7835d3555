"""How a citizen says that a register is wrong (数据异议): in their own words, beside the value.

The register's value stays the one that is filed, for nobody at a terminal may change another
authority's data; what the citizen says goes with it to the clerk.  It is said before the name is
written: another word, and the form is signed anew.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.form import OBJECTION_LIMIT, FormField
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


def _named(ctx: Context, key: str) -> FormField | None:
    fields = ctx.form.fields if ctx.form else ()
    return next((own for own in fields if own.key == key), None)
