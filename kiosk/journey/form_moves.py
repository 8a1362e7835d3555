"""How intents change the form: fetching, the questions, and the way between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from kiosk.domain import derive, faults
from kiosk.domain import form as forms
from kiosk.domain.catalogue import Item
from kiosk.domain.dictionary import Field
from kiosk.domain.known import Known
from kiosk.journey import context as c
from kiosk.journey import offers, page_moves, questions
from kiosk.journey.context import Context
from kiosk.journey.facts import Prefill, Trouble
from kiosk.journey.intents import Intent
from kiosk.journey.states import State
from kiosk.journey.transition import IllegalIntent, fact
from standards import division
from standards.errors import CodeError


def agree(ctx: Context, _intent: Intent) -> Context:
    """The citizen agrees to the fetching."""
    return replace(c.awaiting(ctx), agreed=True)


def decline(ctx: Context, _intent: Intent) -> Context:
    """The citizen does not agree; nothing will be fetched."""
    return replace(c.idle(ctx), agreed=False, reuse=False, prefill=None)


def prefilled(ctx: Context, intent: Intent) -> Context:
    """The intake gave what it could; the rest becomes questions, or cannot be filed here."""
    return _with_form(ctx, fact(intent, Prefill))


def may_fill_alone(ctx: Context, _intent: Intent) -> bool:
    """Everything that would have been fetched may be the citizen's own word."""
    waiting = ctx.awaited != 0
    return not waiting and _with_form(ctx, NOTHING).trouble is None


def fill_alone(ctx: Context, _intent: Intent) -> Context:
    """Nothing is fetched: the citizen gives it all."""
    return _with_form(ctx, NOTHING)


NOTHING = Prefill(values={}, sources={})


def _with_form(ctx: Context, got: Prefill) -> Context:
    if ctx.card is None:
        raise IllegalIntent("there is nobody to fill a form for")
    role = offers.role(ctx)
    card = ctx.card.person.known(ctx.card.evidence.evidence.time, role)
    items = offers.chosen_items(ctx)
    sound = _sound(items, {**got.values, **card}, ctx.today)
    form = derive.followed(_kept(ctx.form, forms.merge(items, sound)))
    mistaken = frozenset(got.values) - frozenset(sound) - frozenset(card)
    asked = tuple(f.key for f in form.to_act)
    done = replace(c.idle(ctx), prefill=got, form=form, asked=asked, mistaken=mistaken)
    lacking = questions.missing(done)
    if lacking:
        return replace(done, form=ctx.form, asked=(), trouble=_why_missing(got, lacking[0]))
    paged = page_moves.laid_out(replace(done, page_no=0, aside=(), returns=None))
    if questions.paged(paged):
        return page_moves.at_page(paged, 0) if paged.pages else paged
    return at_question(paged, 0) if done.asked else done


def _sound(items: tuple[Item, ...], known: Mapping[str, Known], today: date) -> dict[str, Known]:
    """Return what is known without the values that cannot be: those the citizen gives."""
    specs = {spec.key: spec for item in items for spec in item.fields}
    values = {key: own.value for key, own in known.items()}
    return {
        key: own
        for key, own in known.items()
        if key not in specs or not own.value or _can_be(specs[key], own, today, values)
    }


def _can_be(spec: Field, own: Known, today: date, values: Mapping[str, str]) -> bool:
    if own.source == "id_card":
        return True  # what the card says is not judged here: rare names, old divisions
    return faults.check(spec, own.value, today=today, answers=values) is None


def _kept(before: forms.Form | None, form: forms.Form) -> forms.Form:
    """Put in again what the citizen answered before going back: one fact is asked once."""
    for field in before.to_act if before else ():
        if field.filled and form.field(field.key).editable:
            form = form.answer(field.key, field.value, field.source)
    return _still_disputed(before, _still_taken(before, form))


def _still_taken(before: forms.Form | None, form: forms.Form) -> forms.Form:
    """Take again what another register told, where it still tells it."""
    now = {own.key: own for own in form.fields}
    for own in before.fields if before else ():
        again, told = now.get(own.key), (own.value, own.source)
        if again and again.selectable and told in again.others and own.others:
            form = form.take(own.key, again.others.index(told))
    return form


def _still_disputed(before: forms.Form | None, form: forms.Form) -> forms.Form:
    """Put in again what was said against a register, where it still says the same."""
    now = {own.key: own for own in form.fields}
    for own in before.fields if before else ():
        again = now.get(own.key)
        if own.disputed and again and again.disputable and again.value == own.value:
            form = form.object(own.key, own.disputed)
    return form


def _why_missing(got: Prefill, field: forms.FormField) -> Trouble:
    """Tell a source that has nothing from one that did not answer."""
    states = {got.sources.get(source, "") for source in field.spec.sources}
    for state in ("timeout", "denied"):
        if state in states:
            return Trouble(reason=f"source_{state}")
    return Trouble(reason="not_found")


def may_retry_fetch(ctx: Context, _intent: Intent) -> bool:
    """Fetching again can help."""
    again = {"unreachable", "garbled", "source_timeout"}
    return ctx.trouble is not None and ctx.trouble.reason in again


def at_question(ctx: Context, index: int) -> Context:
    """Return the context at the ``index``-th question, its answer so far as the draft."""
    return _asking(ctx, ctx.asked[index])


def _asking(ctx: Context, key: str) -> Context:
    form = _form(ctx)
    value = form.field(key).value
    province = (
        value[:2] + "0000" if questions.page_of(form.field(key)) is State.PROVINCE and value else ""
    )
    draft = "" if key.endswith(".mobile") and key not in ctx.asked else value
    return replace(ctx, question=key, draft=draft, province=province, trouble=None)


def choose(ctx: Context, intent: Intent) -> Context:
    """One of a few was chosen: ``choose:<field key>:<value>``."""
    key, _, value = intent.argument.rpartition(":")
    if key != ctx.question:
        raise IllegalIntent(f"{key} is not asked here")
    return _draft(ctx, value)


def province(ctx: Context, intent: Intent) -> Context:
    """A province was chosen, by its first two digits."""
    code = intent.argument + "0000"
    if all(code != own.code for own in division.provinces()):
        raise IllegalIntent("no such province")
    keep = ctx.draft if ctx.draft.startswith(intent.argument) else ""
    return replace(ctx, province=code, draft=keep)


def place(ctx: Context, intent: Intent) -> Context:
    """A place of the province was chosen."""
    try:
        inside = division.find(intent.argument).province == ctx.province
    except CodeError:
        inside = False
    if not inside:
        raise IllegalIntent("not a place of this province")
    return _draft(ctx, intent.argument)


def day(ctx: Context, intent: Intent) -> Context:
    """A day was chosen, counted from today: ``+1`` is tomorrow, ``-1`` yesterday."""
    sign, number = intent.argument[:1], intent.argument[1:]
    if sign not in {"+", "-"} or not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise IllegalIntent("a day is +N or -N")
    return _draft(ctx, (ctx.today + timedelta(days=int(intent.argument))).isoformat())


def digit(ctx: Context, intent: Intent) -> Context:
    """A digit was typed."""
    if len(intent.argument) != 1 or intent.argument not in "0123456789":
        raise IllegalIntent("one digit at a time")
    if len(ctx.draft) >= questions.digits_wanted(ctx):
        raise IllegalIntent("the number is complete")
    return replace(ctx, draft=ctx.draft + intent.argument)


def erase(ctx: Context, _intent: Intent) -> Context:
    """The last digit was a slip."""
    return replace(ctx, draft=ctx.draft[:-1])


def has_draft(ctx: Context, _intent: Intent) -> bool:
    """There is something to erase."""
    return bool(ctx.draft)


def _draft(ctx: Context, value: str) -> Context:
    if not questions.acceptable(ctx, value):
        raise IllegalIntent("not an answer to this question")
    return replace(ctx, draft=value)


def may_go_on(ctx: Context, _intent: Intent) -> bool:
    """The answer on this page has no fault."""
    return bool(ctx.draft) and questions.acceptable(ctx, ctx.draft)


def go_on(ctx: Context, _intent: Intent) -> Context:
    """The answer counts; on to the next question, or to the review."""
    form = derive.followed(_form(ctx).answer(ctx.question, ctx.draft))
    done = replace(ctx, form=form, trouble=None)
    if page_moves.inside(ctx):
        return _reviewing(done)
    following = () if ctx.changing else ctx.asked[ctx.asked.index(ctx.question) + 1 :]
    return _asking(done, following[0]) if following else _reviewing(done)


def go_back(ctx: Context, _intent: Intent) -> Context:
    """Back one question; what was not confirmed is dropped."""
    if page_moves.inside(ctx):
        return _reviewing(ctx)
    before = () if ctx.changing else ctx.asked[: ctx.asked.index(ctx.question)]
    return _asking(ctx, before[-1]) if before else replace(ctx, question="", draft="")


def _reviewing(ctx: Context) -> Context:
    return replace(ctx, question="", draft="", province="", changing=False, trouble=None)


def may_change(ctx: Context, intent: Intent) -> bool:
    """The review offers to change this field."""
    return questions.changeable(ctx, intent.argument)


def change(ctx: Context, intent: Intent) -> Context:
    """One answer is changed; the way back leads to the review, and to a new signature."""
    ctx = unsigned(ctx)
    if questions.paged(ctx):
        return page_moves.at_aside(ctx, (intent.argument,), State.REVIEW)
    return replace(_asking(ctx, intent.argument), changing=True)


def unsigned(ctx: Context) -> Context:
    """Return the context without a signature: it stood under another text."""
    return replace(ctx, strokes=(), confirmed=None)


def may_leave_review(ctx: Context, _intent: Intent) -> bool:
    """There is a page before, and the form may still be changed."""
    return not ctx.unanswered


def back_to_last(ctx: Context, _intent: Intent) -> Context:
    """Back to the last question, or to the consent when none was asked."""
    quiet = replace(unsigned(ctx), changing=False, trouble=None, returns=None)
    if questions.paged(ctx):
        waits = offers.to_bring(ctx) or (ctx.thing and ctx.thing.delivery)
        return quiet if waits else page_moves.to_last(quiet)
    return at_question(quiet, len(ctx.asked) - 1) if ctx.asked else quiet


def question_page(ctx: Context) -> State:
    """The page of the current question; without one the form's page, or what comes after it."""
    if not ctx.question:
        return page_moves.after_page(ctx) if questions.paged(ctx) else State.REVIEW
    return questions.page_of(_form(ctx).field(ctx.question))


def after_fetch(ctx: Context) -> State:
    """The page after the prefill."""
    return State.FETCHING if ctx.trouble else question_page(ctx)


def page_back(ctx: Context) -> State:
    """The page before a question."""
    if ctx.question or page_moves.inside(ctx):
        return question_page(ctx)
    return State.REVIEW if ctx.changing else State.CONSENT


def _form(ctx: Context) -> forms.Form:
    if ctx.form is None:
        raise IllegalIntent("there is no form")
    return ctx.form


def before_review(ctx: Context) -> State:
    """The page before the review."""
    if questions.paged(ctx):
        if ctx.thing and ctx.thing.delivery:
            return State.DELIVERY
        return State.MATERIALS if offers.to_bring(ctx) else page_moves.after_page(ctx)
    return page_back(ctx)


def changed_page(ctx: Context) -> State:
    """The page on which one answer is changed."""
    return State.FORM if ctx.aside and not ctx.question else question_page(ctx)
