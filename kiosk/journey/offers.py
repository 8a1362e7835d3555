"""What a visit offers as things are: things, items, papers, a slip, a signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING

from kiosk.domain import choice, materials, situations
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.domain.choice import Choice, Why, WhyKind
from kiosk.domain.commitment_letter import letter
from kiosk.domain.receipt import Owed
from kiosk.domain.words import shown_date
from kiosk.journey.facts import Condition, Intake

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Item, Situation, Thing
    from kiosk.domain.commitment_letter import Letter
    from kiosk.domain.dictionary import Material
    from kiosk.domain.materials import Checklist
    from kiosk.journey.context import Context
    from kiosk.journey.facts import Stroke


def why_not_here(ctx: Context, thing: Thing) -> str:
    """Return why the thing cannot be filed here now, or an empty text.

    One of ``planned``, ``withheld``, ``no_reader``, ``no_code``, ``intake_down``,
    ``intake_outdated``, ``checking``.
    """
    if not thing.open:
        return "withheld" if thing.withheld else "planned"
    if ctx.devices is not None and not ctx.devices.id_reader.usable:
        return "no_reader"
    if _needs_scanner(ctx, thing):
        return "no_code"
    if ctx.intake in {Intake.DOWN, Intake.OUTDATED}:
        return f"intake_{ctx.intake}"
    if ctx.devices is None or ctx.intake is Intake.UNKNOWN:
        return "checking"
    return ""


def _needs_scanner(ctx: Context, thing: Thing) -> bool:
    """An enterprise signs in by a code, and there is no scanner."""
    return thing.audience == "企业" and ctx.devices is not None and not ctx.devices.scanner.usable


def shown(ctx: Context) -> tuple[Thing, ...]:
    """Return what the place lists; where it lists nothing, what may be read about."""
    return ctx.catalogue.things or ctx.catalogue.typical


def can_scan(ctx: Context) -> bool:
    """Tell whether a slip can be scanned here."""
    return ctx.devices is not None and ctx.devices.scanner.usable


def can_print(ctx: Context) -> bool:
    """Tell whether a slip is tried: even without paper, for it may have been put in since."""
    return ctx.devices is None or ctx.devices.printer is not Condition.ABSENT


def slip_on_screen_only(ctx: Context) -> bool:
    """Tell whether the guide has to say that there will be no paper."""
    return ctx.devices is not None and ctx.devices.printer in {
        Condition.OUT,
        Condition.BROKEN,
        Condition.ABSENT,
    }


def chosen_items(ctx: Context) -> tuple[Item, ...]:
    """Return the items of the open thing that are filed, without what the answers spare."""
    if ctx.thing is None:
        return ()
    if ctx.decided is not None:
        return situations.narrowed(ctx.thing, ctx.thing.chosen(ctx.decided), ctx.situations)
    return choice_of(ctx).items


def decided(ctx: Context) -> Context:
    """Return the context with the items as they are chosen now, for the rest of the visit."""
    return replace(ctx, decided=tuple(item.code for item in chosen_items(ctx)))


def choice_of(ctx: Context) -> Choice:
    """Return the settled choice of the open thing, and why what is not in it is not."""
    if ctx.thing is None:
        return Choice(items=())
    unavailable: dict[str, Why] = {}
    while True:
        settled = choice.choose(ctx.thing, ctx.situations, ctx.left_out, unavailable)
        more = _unpicturable(ctx, settled.items)
        if not more:
            return settled
        unavailable |= more


def touched(ctx: Context, code: str) -> frozenset[str]:
    """Return what is left out once an item was touched."""
    if ctx.thing is None:
        return frozenset()
    return choice.toggled(ctx.thing, code, answers=ctx.situations, left_out=ctx.left_out)


def asked(ctx: Context) -> tuple[Situation, ...]:
    """Return the questions that matter for the open thing, in their order."""
    return situations.asked(ctx.thing, ctx.situations) if ctx.thing else ()


def answers(ctx: Context) -> dict[str, str]:
    """Return the answers that count: those to questions that are asked."""
    return situations.answered(ctx.thing, ctx.situations) if ctx.thing else {}


def _unpicturable(ctx: Context, kept: tuple[Item, ...]) -> dict[str, Why]:
    """Items with a paper that has to be photographed now, while there is no camera."""
    if ctx.devices is None or ctx.devices.camera.usable:
        return {}
    asked_papers = {e.material.key for e in materials.merge(kept).to_bring}
    now = {
        m.key
        for item in kept
        for m in item.materials
        if m.key in asked_papers and not letter(ctx.catalogue.commitments, m.key, kept)
    }
    why = Why(WhyKind.UNAVAILABLE, "no_camera")
    return {item.code: why for item in kept if any(m.key in now for m in item.materials)}


def role(ctx: Context) -> str:
    """Return the role that the citizen has in the form."""
    if ctx.thing is None or ctx.card is None:
        return "person"
    return ctx.thing.role_of(ctx.card.person.sex.value)


def checklist(ctx: Context) -> Checklist:
    """Return the one set of materials of this visit."""
    return materials.merge(chosen_items(ctx))


def to_bring(ctx: Context) -> tuple[Material, ...]:
    """Return the papers that are asked of the citizen."""
    return tuple(entry.material for entry in checklist(ctx).to_bring)


def owed(ctx: Context) -> tuple[Owed, ...]:
    """Return the papers that are missing: promised about, or to the window without a camera."""
    return tuple(
        _owed(ctx, own) for own in to_bring(ctx) if own.key in (*ctx.commitments, *ctx.to_window)
    )


def _owed(ctx: Context, own: Material) -> Owed:
    told = letter_of(ctx, own.key) if own.key in ctx.commitments else None
    if told is None:
        return Owed(name=own.name)
    return Owed(
        name=own.name,
        kind=told.kind,
        days=told.days,
        due=due(ctx, told),
        estimate=is_estimate(ctx, told),
        example=told.example,
    )


def letter_of(ctx: Context, key: str) -> Letter | None:
    """Return the letter about a paper of the chosen items; None where it may not be missing."""
    return letter(ctx.catalogue.commitments, key, chosen_items(ctx))


def due(ctx: Context, told: Letter) -> str:
    """Return the last day for a paper that follows, as it is read; empty where nothing does."""
    day = told.due(_noon(ctx.today), ctx.catalogue.workdays)
    return shown_date(day.isoformat()) if day else ""


def is_estimate(ctx: Context, told: Letter) -> bool:
    """Tell whether the last day rests on holidays that nobody has announced yet."""
    workdays = ctx.catalogue.workdays
    day = told.due(_noon(ctx.today), workdays)
    return day is not None and workdays.is_estimate(_noon(day))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), LEGAL_TIME)


def settled(ctx: Context, key: str) -> bool:
    """Tell whether an asked paper was photographed, promised, or goes to the window."""
    return bool(ctx.captures.get(key)) or key in (*ctx.commitments, *ctx.to_window)


def signed(ctx: Context) -> bool:
    """Tell whether there is a signature: lines that are more than a touch, or the card again."""
    return ctx.confirmed is not None or sum(map(length, ctx.strokes)) >= SHORTEST_SIGNATURE


def length(stroke: Stroke) -> float:
    """Return how long a line is, in widths of the field."""
    points = stroke.points
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))


SHORTEST_SIGNATURE = 0.3
"""Widths of the field that all lines of a signature have together at least."""
