"""How intents change a page of the form: writing, choosing, and the way between pages.

The pages are made once the prefill is known (:func:`laid_out`): the thing's own pages with what is
left to ask on them, then what no page names, by whom it is about.  With elder letters each field
has a page of its own.  Fields that a photographed paper will tell are not asked before it was read,
and fields that may follow from an answer not before it was given: every page that is left lays
them out anew.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from kiosk.domain import derive, faults
from kiosk.domain import form as forms
from kiosk.domain.dictionary import FieldKind
from kiosk.journey import entry, offers
from kiosk.journey.context import Context
from kiosk.journey.intents import Intent
from kiosk.journey.states import State
from kiosk.journey.transition import IllegalIntent

MOST_ON_PAGE = 4
"""Fields on a page that the catalogue did not plan."""


# ---- the pages


def laid_out(ctx: Context) -> Context:
    """Return the context with the pages of what is to be asked; none for an unplanned thing."""
    if ctx.thing is None or not ctx.thing.pages:
        return replace(ctx, pages=(), page_no=0)
    pages = _pages(ctx)
    if ctx.size == "elder":
        pages = tuple((key,) for page in pages for key in page)
    inside = ctx.page_no in range(len(ctx.pages))
    last = max(0, len(pages) - 1)
    return replace(ctx, pages=pages, page_no=min(ctx.page_no, last) if inside else ctx.page_no)


def _pages(ctx: Context) -> tuple[tuple[str, ...], ...]:
    form, thing = form_of(ctx), ctx.thing
    later = read_later(ctx) | _following(form)
    asked = [field.key for field in form.to_act if field.key not in later]
    planned = [tuple(k for k in p.fields if k in asked) for p in (thing.pages if thing else ())]
    named = {key for page in planned for key in page}
    rest = [key for key in asked if key not in named]
    return tuple(page for page in (*planned, *_by_role(rest)) if page)


def _by_role(keys: list[str]) -> list[tuple[str, ...]]:
    pages: list[tuple[str, ...]] = []
    for _, group in groupby(keys, key=lambda key: key.partition(".")[0]):
        own = tuple(group)
        pages += [own[n : n + MOST_ON_PAGE] for n in range(0, len(own), MOST_ON_PAGE)]
    return pages


def _following(form: forms.Form) -> frozenset[str]:
    """Return the keys that may follow from an answer which is still to be given."""
    left = {field.key for field in form.left}
    return frozenset(
        field.key
        for field in form.left
        if any(source.removeprefix(derive.HEAD) in left for source in field.spec.sources)
    )


def read_later(ctx: Context) -> frozenset[str]:
    """Return the keys that are read from a paper which is still to be photographed."""
    return frozenset(key for paper in offers.to_bring(ctx) for key in paper.reads)


def resized(ctx: Context, _intent: Intent) -> Context:
    """Turn elder letters on or off; the field that is written stays on the page."""
    keep = ctx.focus or ctx.question or next(iter(keys_here(ctx)), "")
    size = "normal" if ctx.size == "elder" else "elder"
    done = replace(ctx, size=size, checked=False)  # type: ignore[arg-type]
    if not ctx.pages or ctx.form is None:
        return done
    done = laid_out(done)
    numbers = [n for n, page in enumerate(done.pages) if keep in page]
    return focused(replace(done, page_no=numbers[0] if numbers else done.page_no), keep)


def keys_here(ctx: Context) -> tuple[str, ...]:
    """Return the keys that this page asks for."""
    if ctx.aside:
        return ctx.aside[:1] if ctx.size == "elder" else ctx.aside
    return ctx.pages[ctx.page_no] if 0 <= ctx.page_no < len(ctx.pages) else ()


def at_page(ctx: Context, number: int) -> Context:
    """Return the context at the ``number``-th page."""
    return opened(replace(ctx, page_no=number, aside=(), returns=None))


def at_aside(ctx: Context, keys: tuple[str, ...], back: State) -> Context:
    """Return the context on a page apart that leads back to ``back``."""
    return opened(replace(ctx, aside=keys, returns=back))


def opened(ctx: Context) -> Context:
    """Return the context as a page is entered: unchecked, ready to write in the first text."""
    fresh = replace(ctx, checked=False, focus="", question="", draft="", province="", trouble=None)
    form = form_of(ctx)
    texts = [key for key in keys_here(ctx) if writable(form.field(key))]
    alone = len(keys_here(ctx)) == 1
    empty = [key for key in texts if alone or not form.field(key).filled]
    return replace(fresh, focus=empty[0] if empty else "")


def focused(ctx: Context, key: str) -> Context:
    """Return the context writing into ``key`` when it is on the page and can be written."""
    here = key in keys_here(ctx) and writable(form_of(ctx).field(key))
    return replace(ctx, focus=key if here else "")


def writable(field: forms.FormField) -> bool:
    """Tell whether the field is written on a pad."""
    return field.editable and field.kind not in {*entry.CHOSEN, FieldKind.DIVISION}


# ---- answers


def focus(ctx: Context, intent: Intent) -> Context:
    """Write here."""
    done = focused(ctx, intent.argument)
    if not done.focus:
        raise IllegalIntent("nothing is written there")
    return done


def write(ctx: Context, intent: Intent) -> Context:
    """Words were written."""
    field = form_of(ctx).field(ctx.focus)
    return _answered(ctx, ctx.focus, entry.written(field, intent.argument))


def writing(ctx: Context, _intent: Intent) -> bool:
    """The pad writes into a field."""
    return bool(ctx.focus)


def erase(ctx: Context, _intent: Intent) -> Context:
    """The last character was a slip."""
    field = form_of(ctx).field(ctx.focus)
    return _answered(ctx, ctx.focus, entry.erased(field))


def clear(ctx: Context, _intent: Intent) -> Context:
    """All of it was a slip."""
    return _answered(ctx, ctx.focus, "")


def may_clear(ctx: Context, _intent: Intent) -> bool:
    """Something is written where the pad writes."""
    return bool(ctx.focus) and form_of(ctx).field(ctx.focus).filled


def done(ctx: Context, _intent: Intent) -> Context:
    """This field is written: on to the next empty one, or the pad is put away."""
    form = form_of(ctx)
    texts = [key for key in keys_here(ctx) if writable(form.field(key))]
    empty = [k for k in texts if k != ctx.focus and not form.field(k).filled]
    return replace(ctx, focus=empty[0] if empty else "")


def choose(ctx: Context, intent: Intent) -> Context:
    """One of a few was chosen: ``choose:<key>:<value>``."""
    key, _, value = intent.argument.rpartition(":")
    if key not in keys_here(ctx) or value not in {o.value for o in form_of(ctx).choices(key)}:
        raise IllegalIntent("not an answer of this page")
    field = form_of(ctx).field(key)
    if field.kind is FieldKind.MULTI:
        value = entry.toggled(form_of(ctx).choices(key), field.value, value)
    return replace(_answered(ctx, key, value), focus="")


def suggest(ctx: Context, intent: Intent) -> Context:
    """What is known already is taken: ``suggest:<key>:<number>``."""
    key, _, number = intent.argument.rpartition(":")
    if key not in keys_here(ctx) or not number.isdecimal():
        raise IllegalIntent("not offered here")
    field = form_of(ctx).field(key)
    offered = entry.suggestions(form_of(ctx), field)
    if int(number) >= len(offered):
        raise IllegalIntent("not offered here")
    chosen = offered[int(number)][0]
    if not field.spec.surname_of:
        return replace(_answered(ctx, key, chosen), focus="")
    named = _with_surname(field.value, chosen, tuple(own for own, _ in offered))
    return focused(_answered(ctx, key, named), key)


def _with_surname(name: str, surname: str, surnames: tuple[str, ...]) -> str:
    """Return the name under another surname: a given name that is written already stays."""
    before = next((own for own in (surname, *surnames) if name.startswith(own)), "")
    return surname + name.removeprefix(before)


def _answered(ctx: Context, key: str, value: str) -> Context:
    form = derive.followed(form_of(ctx).answer(key, value))
    return replace(ctx, form=form, trouble=None)


def open_question(ctx: Context, intent: Intent) -> Context:
    """A place, or one of many, is chosen on a page of its own."""
    key = intent.argument
    if key not in keys_here(ctx):
        raise IllegalIntent("not asked here")
    field = form_of(ctx).field(key)
    if not entry.picked(field.spec, form_of(ctx).choices(key)):
        raise IllegalIntent("chosen on the page itself")
    place = field.kind is FieldKind.DIVISION
    province = field.value[:2] + "0000" if place and field.value else ""
    return replace(ctx, question=key, draft=field.value, province=province, focus="")


# ---- the way


def faults_here(ctx: Context) -> tuple[faults.Fault, ...]:
    """Return what is wrong on this page, in the form's order."""
    form = form_of(ctx)
    values = form.values()
    found = (
        faults.check(field.spec, field.value, today=ctx.today, answers=_but(values, key))
        for key in keys_here(ctx)
        for field in (form.field(key),)
    )
    return tuple(fault for fault in found if fault)


def go_on(ctx: Context, _intent: Intent) -> Context:
    """Check the page; without a fault on to the next one."""
    wrong = faults_here(ctx)
    if wrong:
        return focused(replace(ctx, checked=True), wrong[0].key)
    if ctx.aside:
        return _aside_done(ctx)
    answered = {key for page in ctx.pages[: ctx.page_no + 1] for key in page}
    again = laid_out(ctx)
    for number, page in enumerate(again.pages):
        if not answered.issuperset(page):
            return at_page(again, number)
    return replace(closed(again), page_no=BEHIND)


def _aside_done(ctx: Context) -> Context:
    """Ask the rest, go back, or first ask for what is wrong now that this answer is another one."""
    rest = ctx.aside[len(keys_here(ctx)) :]
    if rest and ctx.returns is not None:
        return at_aside(ctx, rest, ctx.returns)
    form, later = form_of(ctx), read_later(ctx)
    found = (fault.key for fault in faults.faults(form, ctx.today))
    wrong = tuple(key for key in found if form.field(key).editable and key not in later)
    if not wrong or ctx.returns is None:
        return closed(ctx)
    apart = at_aside(ctx, wrong, ctx.returns)
    return replace(apart, checked=any(form.field(key).filled for key in wrong))


def go_back(ctx: Context, _intent: Intent) -> Context:
    """Back one page; what was given stays."""
    if ctx.aside:
        return closed(ctx)
    if ctx.page_no:
        return at_page(ctx, ctx.page_no - 1)
    return replace(closed(ctx), page_no=BEFORE)


def to_last(ctx: Context) -> Context:
    """Return the context at the last page, or before the first when there is none."""
    if ctx.pages:
        return at_page(ctx, len(ctx.pages) - 1)
    return replace(closed(ctx), page_no=BEFORE, returns=None)


def closed(ctx: Context) -> Context:
    """Return the context as a page is left; a page apart still knows where it leads to."""
    return replace(ctx, aside=(), focus="", checked=False, trouble=None)


BEFORE, BEHIND = -1, 10_000
"""``page_no`` before the first and behind the last page."""


def inside(ctx: Context) -> bool:
    """Tell whether a page of the form is open."""
    return bool(ctx.aside) or (ctx.returns is None and 0 <= ctx.page_no < len(ctx.pages))


def after_page(ctx: Context) -> State:
    """The page after a page of the form."""
    if inside(ctx):
        return State.FORM
    if ctx.returns is not None:
        return ctx.returns
    return State.CONSENT if ctx.page_no < 0 else after_form(ctx)


def after_form(ctx: Context) -> State:
    """What comes after the whole form: papers, delivery, or the review."""
    if offers.to_bring(ctx):
        return State.MATERIALS
    return after_materials(ctx)


def after_materials(ctx: Context) -> State:
    """What comes after the papers."""
    return State.DELIVERY if ctx.thing and ctx.thing.delivery else State.REVIEW


def _but(values: dict[str, str], key: str) -> dict[str, str]:
    return {k: v for k, v in values.items() if k != key}


def form_of(ctx: Context) -> forms.Form:
    """Return the form.

    Raises:
        IllegalIntent: there is none yet.
    """
    if ctx.form is None:
        raise IllegalIntent("there is no form")
    return ctx.form
