"""From what a visit knows to what a page shows: one page of the merged form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain import faults
from kiosk.domain.catalogue import Item, Mode
from kiosk.domain.dictionary import Choice, Field, FieldKind
from kiosk.domain.form import FormField, Origin
from kiosk.domain.words import shown
from kiosk.journey import entry, objection_moves, offers, page_moves, questions
from kiosk.journey import present_letters as letters
from kiosk.journey import view as v
from kiosk.journey.context import Context
from kiosk.journey.facts import Checked
from kiosk.journey.frame import action, base, may
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.intents import target
from kiosk.journey.masks import masked
from kiosk.journey.present import source_words, why_asked
from kiosk.journey.states import State
from kiosk.journey.view import plain, text


def form(ctx: Context) -> v.FormView:
    """What is known on top, what is left few and large."""
    keys = page_moves.keys_here(ctx)
    wrong = {own.key: own for own in page_moves.faults_here(ctx)} if ctx.checked else {}
    view = base(
        ctx,
        State.FORM,
        title=_title(ctx, keys),
        lead=text("form.checked", n=len(wrong)) if wrong else None,
        go=action(K.NEXT, "question.next"),
    )
    view["input"] = _input(ctx)
    whole = page_moves.form_of(ctx)
    return v.FormView(
        **view,
        known=() if ctx.aside else _known(ctx, keys),
        rows=tuple(_row(ctx, whole.field(key), wrong.get(key)) for key in keys),
        left=sum(not own.filled for own in whole.to_act),
        number=1 if ctx.aside else ctx.page_no + 1,
        of=1 if ctx.aside else len(ctx.pages),
    )


def _title(ctx: Context, keys: tuple[str, ...]) -> v.Text:
    """The page's own title; a single question is its own."""
    if len(keys) == 1:
        return text("form.one", label=page_moves.form_of(ctx).field(keys[0]).label)
    planned = [p.title for p in (ctx.thing.pages if ctx.thing else ()) if set(keys) & set(p.fields)]
    if planned and not ctx.aside:
        return plain(planned[0])
    return text("form.more")


def _known(ctx: Context, keys: tuple[str, ...]) -> tuple[v.KnownFact, ...]:
    """Facts that the catalogue shows beside these questions, as far as they are known."""
    pages = ctx.thing.pages if ctx.thing else ()
    wanted = [key for page in pages if set(keys) & set(page.fields) for key in page.shows]
    fields = {own.key: own for own in page_moves.form_of(ctx).fields}
    return tuple(
        v.KnownFact(
            label=plain(fields[key].label),
            value=plain(masked(fields[key])),
            source=source_words(fields[key].source),
        )
        for key in dict.fromkeys(wanted)
        if key in fields and fields[key].filled and key not in keys
    )


def _input(ctx: Context) -> v.Input | None:
    if not ctx.focus:
        return None
    field = page_moves.form_of(ctx).field(ctx.focus)
    return v.Input(field=field.key, keyboard=entry.keyboard(field.spec), value=entry.raw(field))


def _row(ctx: Context, field: FormField, fault: faults.Fault | None) -> v.FormRow:
    choices = page_moves.form_of(ctx).choices(field.key)
    pick = entry.picked(field.spec, choices)
    clearable = field.key == ctx.focus and may(ctx, State.FORM, K.CLEAR)
    kind = "pick" if pick else "choice" if field.kind in entry.CHOSEN else "text"
    return v.FormRow(
        key=field.key,
        label=plain(field.label),
        aside=_aside(field),
        kind=kind,  # type: ignore[arg-type]
        value=_value(field, kind),
        options=_options(field, choices) if kind == "choice" else (),
        suggestions=_suggestions(ctx, field),
        focus=_focus(field, kind),
        clear=action(K.CLEAR, "form.clear", icon="circle-x") if clearable else None,
        focused=field.key == ctx.focus,
        fault=_fault(fault, kind) if fault else None,
        why=_why(ctx, field),
        paper=field.spec.picture,
    )


def _why(ctx: Context, field: FormField) -> v.Text | None:
    """Tell why it is asked, or help; that several may be marked, where nothing else is said."""
    said = why_asked(ctx, field) or (plain(field.spec.help) if field.spec.help else None)
    several = field.kind is FieldKind.MULTI
    return said or (text("form.several") if several else None)


def _fault(fault: faults.Fault, kind: str) -> v.Text:
    """Return what is wrong; what is chosen is not *filled in*."""
    code = "fault.unchosen" if fault.code == "fault.empty" and kind != "text" else fault.code
    return text(code, **fault.values)


def _aside(field: FormField) -> v.Text | None:
    """Several items need it and it is asked once."""
    count = len(field.asked_by)
    return text("form.asked_once", n=count) if count > 1 else None


def _value(field: FormField, kind: str) -> v.Text | None:
    words = entry.seen(field) if kind == "text" else field.shown
    return plain(words) if words else None


def _options(field: FormField, choices: tuple[Choice, ...]) -> tuple[v.Action, ...]:
    return tuple(
        v.Action(
            target=target(K.CHOOSE, field.key, own.value),
            label=plain(own.label),
            chosen=own.value in _chosen_of(field),
            note=plain(own.help) if own.help else None,
        )
        for own in choices
    )


def _chosen_of(field: FormField) -> tuple[str, ...]:
    return entry.marked(field.value) if field.kind is FieldKind.MULTI else (field.value,)


def _suggestions(ctx: Context, field: FormField) -> tuple[v.Action, ...]:
    specs = ctx.catalogue.dictionary
    return tuple(
        v.Action(
            target=target(K.SUGGEST, field.key, str(number)),
            label=_suggested(field.spec, value, specs[key]),
            chosen=field.value == value,
            note=None if field.spec.surname_of else plain(shown(specs[key], value)),
        )
        for number, (value, key) in enumerate(entry.suggestions(page_moves.form_of(ctx), field))
    )


def _suggested(spec: Field, value: str, source: Field) -> v.Text:
    if spec.surname_of:
        role = source.key.partition(".")[0]
        return text(f"form.surname.{role}", surname=value)
    return text("form.same_as", label=source.label)


def _focus(field: FormField, kind: str) -> v.Action | None:
    if kind == "choice":
        return None
    what = K.OPEN if kind == "pick" else K.FOCUS
    label = text("form.pick" if kind == "pick" else "form.write", label=field.label)
    return v.Action(target=target(what, field.key), label=label)


# ---- the whole form by whom it is about


def groups(ctx: Context) -> tuple[v.ReviewGroup, ...]:
    """Return the form by its pages, then items, materials and delivery; none for a short form."""
    checked = any(item.mode is Mode.CHECK for item in offers.chosen_items(ctx))
    if ctx.thing is None or not (questions.paged(ctx) or checked):
        return ()
    fields = page_moves.form_of(ctx).fields
    planned = {key for page in ctx.thing.pages for key in page.fields}
    parts = [
        (plain(page.title), [own for own in fields if own.key in page.fields])
        for page in ctx.thing.pages
    ]
    told = _checks(ctx, [own for own in fields if own.key not in planned])
    said = _objected(ctx, [own for own in fields if own.disputed])
    return (*said, *(_group(ctx, title, own) for title, own in parts if own), *told, *_chosen(ctx))


def _objected(ctx: Context, fields: list[FormField]) -> tuple[v.ReviewGroup, ...]:
    """Return what the citizen says is wrong, before everything that is signed as right."""
    if not fields:
        return ()
    names = "、".join(own.label for own in fields)
    return (
        v.ReviewGroup(
            title=text("review.objected_title"),
            summary=text("review.objected", n=len(fields), names=names),
            rows=tuple(row(ctx, own) for own in fields),
        ),
    )


def _checks(ctx: Context, fields: list[FormField]) -> tuple[v.ReviewGroup, ...]:
    """Return what authorities check for the citizen: a line for each, and what they showed."""
    checks = [item for item in offers.chosen_items(ctx) if item.mode is Mode.CHECK]
    if not checks and not fields:
        return ()
    found = ctx.prefill.checks if ctx.prefill else {}
    done = sum(own.code in found and found[own.code].state == "ok" for own in checks)
    return (
        v.ReviewGroup(
            title=text("review.checked_title"),
            summary=text("review.checked", n=len(checks), done=done),
            rows=(*(_check(item, found) for item in checks), *(row(ctx, own) for own in fields)),
        ),
    )


def _check(item: Item, found: Mapping[str, Checked]) -> v.ReviewRow:
    told = found.get(item.code)
    return v.ReviewRow(
        label=plain(item.name),
        value=plain(told.line) if told else text("review.check_later"),
        source=source_words(f"share:{item.check.authority}") if item.check else plain(""),
        by_citizen=False,
        change=None,
    )


def _group(ctx: Context, title: v.Text, fields: list[FormField]) -> v.ReviewGroup:
    filled = [own for own in fields if own.filled]
    told = "；".join(f"{own.label} {masked(own)}" for own in filled[:SUMMARY])
    more = len(fields) > min(len(filled), SUMMARY)
    return v.ReviewGroup(
        title=title,
        summary=text("review.group", told=told, n=len(fields)) if more else plain(told),
        rows=tuple(row(ctx, own) for own in fields),
    )


SUMMARY = 2
"""Facts that stand for a group."""


def row(ctx: Context, field: FormField) -> v.ReviewRow:
    """Return one field of the whole form, as others may see it over a shoulder."""
    return v.ReviewRow(
        label=plain(field.label),
        value=plain(masked(field)) if field.filled else text("review.later"),
        source=source_words(field.source) if field.source else text("source.produced"),
        by_citizen=field.origin is Origin.TYPED,
        change=_touch(ctx, field),
        says=text("review.says", words=field.disputed) if field.disputed else None,
        others=_others(ctx, field),
    )


def _others(ctx: Context, field: FormField) -> tuple[v.OtherValue, ...]:
    """Return what every other register says, each with the touch that files it instead."""
    may = () if ctx.unanswered else objection_moves.takeable(ctx, field)
    return tuple(
        v.OtherValue(
            words=_other(field, value, source),
            take=v.Action(target=target(K.TAKE, field.key, str(place)), label=text("review.take"))
            if place in may
            else None,
        )
        for place, (value, source) in enumerate(field.others)
    )


_OWN_WORDS = frozenset({"share", "account", "profile", "prior", "household", "e_licence"})
"""Kinds of registers that ``review.other_…`` names in a sentence."""


def _other(field: FormField, value: str, source: str) -> v.Text:
    words = masked(replace(field, value=value, masked=""))
    kind, _, authority = source.partition(":")
    key = f"review.other_{kind}" if kind in _OWN_WORDS else "review.other"
    named = {"authority": authority} if kind == "share" else {}
    return text(key, words=words, **named)


def _touch(ctx: Context, field: FormField) -> v.Action | None:
    """Return how a value is changed, or objected to where it is a register's."""
    if questions.changeable(ctx, field.key):
        return v.Action(target=target(K.CHANGE, field.key), label=text("review.change"))
    if ctx.unanswered or not field.disputable:
        return None
    kind = K.WITHDRAW if field.disputed else K.OBJECT
    return v.Action(target=target(kind, field.key), label=text(f"review.{kind.value}"))


def _letters(ctx: Context) -> tuple[v.ReviewGroup, ...]:
    """Return the letters about missing papers: they are signed with the form."""
    rows = letters.rows(ctx)
    if not rows:
        return ()
    title, told = text("review.letters_title"), text("review.letters", n=len(rows))
    return (v.ReviewGroup(title=title, summary=told, rows=rows),)


def _chosen(ctx: Context) -> tuple[v.ReviewGroup, ...]:
    items = offers.chosen_items(ctx)
    pictures = sum(len(own) for own in ctx.captures.values())
    spared = len(offers.checklist(ctx).exempt)
    later = len(ctx.commitments)
    key = "review.materials_later" if later else "review.materials"
    told = text(key, pictures=pictures, spared=spared, **({"later": later} if later else {}))
    found = [
        v.ReviewGroup(
            title=text("review.items_title"),
            summary=text("review.items", n=len(items)),
            rows=tuple(
                v.ReviewRow(
                    label=plain(own.name),
                    value=plain(own.department),
                    source=text("review.chosen"),
                    by_citizen=False,
                    change=None,
                )
                for own in items
            ),
        ),
        v.ReviewGroup(title=text("review.materials_title"), summary=told, rows=()),
        *_letters(ctx),
    ]
    if ctx.method:
        together = "together" if ctx.together != "no" else "each"
        told = text(f"review.delivery.{ctx.method}_{together}")
        found.append(v.ReviewGroup(title=text("review.delivery_title"), summary=told, rows=()))
    return tuple(found)
