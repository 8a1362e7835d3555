"""From what a visit knows to what a page shows: the questions and the review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict

from kiosk.domain import faults
from kiosk.domain.dictionary import Choice
from kiosk.domain.form import FormField
from kiosk.journey import questions
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.form_moves import may_go_on
from kiosk.journey.frame import action, base, may, trouble_notice
from kiosk.journey.intents import Intent, target
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.present import why_asked
from kiosk.journey.present_letters import rows as letter_rows
from kiosk.journey.present_pages import groups, row
from kiosk.journey.states import State
from kiosk.journey.view import plain, text
from standards import division

FAR = timedelta(days=365)
"""How far a calendar goes when the catalogue sets no bound."""


class Question(TypedDict):
    """The fields that every question has."""

    page: str
    frame: v.Frame
    title: v.Text
    lead: v.Text | None
    notices: tuple[v.Notice, ...]
    input: v.Input | None
    held: bool
    field: str
    number: int
    of: int
    why: v.Text | None


def _question(ctx: Context, page: State) -> Question:
    field = _field(ctx)
    go = action(K.NEXT, "question.next") if may_go_on(ctx, Intent(kind=K.NEXT)) else None
    lead = plain(field.spec.help) if field.spec.help else None
    counted = field.key in ctx.asked and not questions.paged(ctx)
    inside = ctx.asked.index(field.key) + 1 if counted else 1
    return Question(
        **base(ctx, page, title=_title(page, field), lead=lead, go=go),
        field=field.key,
        number=inside,
        of=len(ctx.asked) if counted else 1,
        why=why_asked(ctx, field),
    )


TITLED = frozenset({"filing.kind", "filing.destination", "filing.start_date", "person.mobile"})
"""Questions with a title of their own, ``question.<key>.<page>``."""


def _title(page: State, field: FormField) -> v.Text:
    if field.key in TITLED:
        return text(f"question.{field.key}.{page.value}")
    return text(f"question.{page.value}", label=field.label)


def choice(ctx: Context) -> v.ChoiceView:
    """One of a few."""
    field = _field(ctx)
    return v.ChoiceView(
        **_question(ctx, State.CHOICE),
        options=tuple(
            v.Action(
                target=target(K.CHOOSE, field.key, own.value),
                label=plain(own.label),
                chosen=own.value == ctx.draft,
                note=plain(own.help) if own.help else None,
            )
            for own in _choices(ctx, field)
        ),
    )


def _choices(ctx: Context, field: FormField) -> tuple[Choice, ...]:
    return ctx.form.choices(field.key) if ctx.form else ()


def province(ctx: Context) -> v.DivisionView:
    """All provinces in which there is a place to choose."""
    return v.DivisionView(
        **_question(ctx, State.PROVINCE),
        province=None,
        options=tuple(
            v.Action(
                target=target(K.PROVINCE, own.code[:2]),
                label=plain(own.name),
                chosen=own.code == ctx.province,
            )
            for own in division.provinces()
            if any(questions.acceptable(ctx, inside.code) for inside in division.places(own.code))
        ),
    )


def place(ctx: Context) -> v.DivisionView:
    """The places of the chosen province."""
    return v.DivisionView(
        **_question(ctx, State.PLACE),
        province=division.name_of(ctx.province),
        options=tuple(
            v.Action(
                target=target(K.PLACE, own.code),
                label=plain(own.name),
                chosen=own.code == ctx.draft,
            )
            for own in _places(ctx, ctx.province)
        ),
    )


def _places(ctx: Context, code: str) -> tuple[division.Division, ...]:
    """Return the places that are an answer: not the one that has to be left out."""
    return tuple(own for own in division.places(code) if questions.acceptable(ctx, own.code))


def day(ctx: Context) -> v.DateView:
    """A calendar with the days that are an answer."""
    first, last = faults.date_bounds(_field(ctx).spec, ctx.today)
    return v.DateView(
        **_question(ctx, State.DATE),
        today=ctx.today,
        first=first or (ctx.today if last is None or last > ctx.today else last - FAR),
        last=last or ctx.today + FAR,
        chosen=date.fromisoformat(ctx.draft) if ctx.draft else None,
    )


def digits(ctx: Context) -> v.DigitsView:
    """A digit pad."""
    question = _question(ctx, State.DIGITS)
    fault = (
        questions.fault_of_draft(ctx) if len(ctx.draft) >= questions.digits_wanted(ctx) else None
    )
    if fault:
        question["notices"] = (trouble_notice("digits.trouble.wrong"),)
    return v.DigitsView(
        **question,
        typed=ctx.draft,
        groups=(3, 4, 4),
        wanted=questions.digits_wanted(ctx),
        keys=_pad(ctx),
    )


def _pad(ctx: Context) -> tuple[v.Action, ...]:
    full = len(ctx.draft) >= questions.digits_wanted(ctx)
    empty = v.Action(target="", label=plain(""))
    keys = [
        empty if full else v.Action(target=target(K.DIGIT, digit), label=plain(digit))
        for digit in "1234567890"
    ]
    erase = action(K.ERASE, "digits.erase", icon="delete") if ctx.draft else empty
    return (*keys[:9], empty, keys[9], erase)


# ---- the whole form


def review(ctx: Context) -> v.ReviewView:
    """Every field with its source, and the statement."""
    if ctx.form is None:
        raise AssertionError("a review without a form")
    own = ctx.form.counts
    told = ctx.catalogue.consents.get("declaration")
    go = _go(ctx)
    wrong = ctx.trouble
    notices = (_trouble(ctx, wrong.reason),) if wrong else _unfit(ctx)
    summed = groups(ctx)
    words = "review.lead_summed" if summed else "review.lead"
    lead = text(words, generated=own.generated, typed=own.typed)
    return v.ReviewView(
        **base(ctx, State.REVIEW, lead=lead, go=go, notices=notices),
        rows=(*(row(ctx, field) for field in ctx.form.fields), *_letters(ctx)),
        groups=summed,
        filled_for_you=own.generated,
        filled_by_you=own.typed,
        statement=tuple(plain(words) for words in told.text) if told else (),
    )


def _letters(ctx: Context) -> tuple[v.ReviewRow, ...]:
    """Return the letters in the table of a short form; a long one has a group of them."""
    return () if groups(ctx) else letter_rows(ctx)


def _go(ctx: Context) -> v.Action | None:
    """Submit, or sign first where a signature is asked for."""
    if may(ctx, State.REVIEW, K.SUBMIT):
        return action(K.SUBMIT, "review.submit", icon="send")
    objected = ctx.form is not None and any(own.disputed for own in ctx.form.fields)
    words = "review.sign_objected" if objected else "review.sign"
    return action(K.NEXT, words) if may(ctx, State.REVIEW, K.NEXT) else None


def _unfit(ctx: Context) -> tuple[v.Notice, ...]:
    """Name what no rule accepts: without it there would be no way on and no word why."""
    found = faults.faults(ctx.form, ctx.today) if ctx.form else ()
    return tuple(
        v.Notice(
            kind="trouble",
            text=text(fault.code, **fault.values),
            hint=text("review.unfit_hint", phone=ctx.phone),
        )
        for fault in found
    )


def _trouble(ctx: Context, reason: str) -> v.Notice:
    return trouble_notice(f"review.trouble.{reason}", phone=ctx.phone)


def _field(ctx: Context) -> FormField:
    if ctx.form is None:
        raise AssertionError("a question without a form")
    return ctx.form.field(ctx.question)
