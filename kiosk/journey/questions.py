"""The questions of a form: which page asks a field, what may be answered, what is still open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.domain import faults
from kiosk.domain.dictionary import FieldKind
from kiosk.journey.states import State

if TYPE_CHECKING:
    from kiosk.domain.form import Form, FormField
    from kiosk.journey.context import Context

MOBILE_DIGITS = 11
"""Length of a mobile number."""

MAX_DIGITS = 20
"""Longest number that can be typed."""


def page_of(field: FormField) -> State:
    """Return the page that asks for a field."""
    pages = {
        FieldKind.CHOICE: State.CHOICE,
        FieldKind.DIVISION: State.PROVINCE,
        FieldKind.DATE: State.DATE,
        FieldKind.TEXT: State.DIGITS,
        FieldKind.MOBILE: State.DIGITS,
    }
    return pages[field.kind]


def askable(field: FormField) -> bool:
    """Tell whether a page with one question can ask for the field: text only when it is digits."""
    asked = {FieldKind.CHOICE, FieldKind.DIVISION, FieldKind.DATE, FieldKind.MOBILE}
    return field.kind in asked or (field.kind is FieldKind.TEXT and field.key.endswith(".mobile"))


def paged(ctx: Context) -> bool:
    """Tell whether the open thing has a form of pages, on which anything can be written."""
    return ctx.thing is not None and bool(ctx.thing.pages)


def changeable(ctx: Context, key: str) -> bool:
    """Tell whether the review offers to change the field."""
    if ctx.form is None or ctx.unanswered:
        return False
    return any(f.key == key and f.editable and (paged(ctx) or askable(f)) for f in ctx.form.fields)


def missing(ctx: Context) -> tuple[FormField, ...]:
    """Return the fields that nobody at this terminal can give: the item cannot be filed here."""
    if ctx.form is None:
        return ()
    return tuple(
        f for f in ctx.form.left if not (f.editable and (paged(ctx) or askable(f)) and may_type(f))
    )


def may_type(field: FormField) -> bool:
    """Tell whether the citizen's own word is accepted for the field."""
    return "user" in field.spec.sources


def digits_wanted(ctx: Context) -> int:
    """Return how many digits the question on this page takes."""
    return MOBILE_DIGITS if ctx.question.endswith(".mobile") else MAX_DIGITS


def fault_of_draft(ctx: Context) -> faults.Fault | None:
    """Return what is wrong with the answer on this page, or None."""
    if ctx.form is None:
        return None
    field = ctx.form.field(ctx.question)
    return faults.check(
        field.spec, ctx.draft, today=ctx.today, answers=_others(ctx.form, ctx.question)
    )


def acceptable(ctx: Context, value: str) -> bool:
    """Tell whether ``value`` would be a faultless answer to this page's question."""
    return fault_of_draft(replace(ctx, draft=value)) is None


def ready(ctx: Context) -> bool:
    """Tell whether the whole form may be submitted."""
    return ctx.form is not None and not faults.faults(ctx.form, ctx.today)


def _others(form: Form, key: str) -> dict[str, str]:
    return {k: v for k, v in form.values().items() if k != key}
