"""What a visit knows: one frozen record, replaced by every legal intent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Literal

from kiosk.domain import faults, materials
from kiosk.domain.catalogue import FieldKind
from kiosk.journey.facts import Condition, Intake
from kiosk.journey.states import State

if TYPE_CHECKING:
    from datetime import date

    from kiosk.domain.catalogue import Catalogue, Item, Material, Thing
    from kiosk.domain.form import Form, FormField
    from kiosk.domain.materials import Checklist
    from kiosk.journey.facts import (
        Answer,
        Card,
        CardRead,
        Devices,
        Mine,
        Prefill,
        Progress,
        Shown,
        Sight,
        Stored,
        Stroke,
        Taken,
        Trouble,
    )
    from kiosk.journey.view_parts import Size

PrintState = Literal["none", "printing", "printed", "failed", "unknown"]

MAX_COPIES = 3
"""Slips of one visit; then staff are asked instead."""

MOBILE_DIGITS = 11
"""Length of a mobile number."""

MAX_TEXT = 100
"""Longest text that can be written into a field."""

MAX_DIGITS = 20
"""Longest number that can be typed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What a terminal says about itself."""

    service: str
    """Who serves here: 新乡市政务服务."""
    place: str
    """Where it stands: 红旗区政务服务中心 3 号机."""
    help_phone: str
    help_hours: str = ""
    """When somebody answers there; empty when nobody said."""
    public_url: str = ""
    """Base address of the public progress page, without a slash at its end."""
    warning_seconds: int = 20
    """Count-down of the warning; the standards ask for at least this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Everything a page may depend on."""

    site: Site
    catalogue: Catalogue
    today: date
    broke: Shown | None = None
    """How the visit before this one broke; told once."""
    devices: Devices | None = None
    """None until they were asked."""
    intake: Intake = Intake.UNKNOWN
    card_on: bool = False
    """A card lies on the reader, as far as the reader said."""
    ticket: int = 0
    """The last ticket that was given out."""
    awaited: int = 0
    """The ticket whose answer is awaited; 0 when none is."""
    trouble: Trouble | None = None
    """What is wrong on this page."""
    armed: int = 0
    """The ticket for which the reader waits for a card."""
    busy: bool = False
    """A card is being read, or the intake is being asked for progress."""
    slow: bool = False
    seconds: int = 0
    """Left of a count-down (warning, farewell, trouble)."""
    how: Literal["finished", "abandoned", "timed_out"] = "abandoned"
    """How the visit will have ended if it ends now."""
    size: Size = "normal"
    """Of the letters; elder also asks one question a page."""
    language: str = "zh"
    theme: str = ""
    """Chosen life event on the home page; empty for all."""
    query: str = ""
    """What is searched for."""
    thing: Thing | None = None
    situations: Mapping[str, str] = field(default_factory=dict)
    """Answers by situation."""
    left_out: frozenset[str] = frozenset()
    """Codes of items that the citizen does not want."""
    decided: tuple[str, ...] | None = None
    """Codes of the items as the citizen went on with them: a device that fails later changes
    nothing of it.  None while they can still be chosen."""
    guide_print: PrintState = "none"
    card: Card | None = None
    reuse: bool = False
    """The citizen agreed to the keeping of what was filled in."""
    agreed: bool = False
    """The citizen agreed to the fetching."""
    prefill: Prefill | None = None
    form: Form | None = None
    mistaken: frozenset[str] = frozenset()
    """Keys for which a source gave a value that cannot be."""
    pages: tuple[tuple[str, ...], ...] = ()
    """Keys that are asked, page by page; empty for things that ask one question a page."""
    page_no: int = 0
    aside: tuple[str, ...] = ()
    """Keys asked on one page apart, and then back to `returns`."""
    returns: State | None = None
    focus: str = ""
    """Key of the field that the pad writes into."""
    checked: bool = False
    """The page was checked: its faults are shown."""
    material: str = ""
    """Key of the paper under the camera, or of the one promised."""
    sight: Sight | None = None
    taken: Taken | None = None
    tries: int = 0
    """Pictures of this paper that would not do."""
    number: CardRead | None = None
    captures: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)
    anew: bool = False
    """The paper was complete: the next picture that is kept takes the place of all its pages."""
    commitments: tuple[str, ...] = ()
    to_window: tuple[str, ...] = ()
    """Papers that are handed in at the window because the camera failed here."""
    method: str = ""
    """How results are received."""
    together: str = ""
    """``yes`` | ``no``; empty while nothing was chosen."""
    strokes: tuple[Stroke, ...] = ()
    confirmed: Card | None = None
    """The card that was put down again in place of a signature."""
    grade: int = 0
    rate_options: tuple[str, ...] = ()
    mine: Mine | None = None
    asked: tuple[str, ...] = ()
    """Keys of the questions, in order, as they stood after the prefill."""
    question: str = ""
    """Key of the question on the page."""
    changing: bool = False
    """The question was opened from the review and returns there."""
    province: str = ""
    """Six-digit code of the chosen province."""
    draft: str = ""
    """What is chosen on this page and not confirmed yet."""
    unanswered: bool = False
    """A hand-over was not answered: the form may be stored, so it is not changed any more."""
    stored: Stored | None = None
    answer: Answer | None = None
    printing: PrintState = "none"
    print_reason: str = ""
    copies: int = 0
    slip: str = ""
    """``<local no>.<token>`` of the scanned slip."""
    progress: Progress | None = None
    gone: bool = False
    """The warning ran out."""


def awaiting(ctx: Context) -> Context:
    """Return the context with a new ticket that is awaited from now on."""
    return replace(idle(ctx), ticket=ctx.ticket + 1, awaited=ctx.ticket + 1, busy=ctx.busy)


def idle(ctx: Context) -> Context:
    """Return the context with nothing awaited."""
    quiet = replace(ctx, awaited=0, busy=False, slow=False, trouble=None)
    if ctx.guide_print != "printing":
        return quiet
    return replace(quiet, guide_print="unknown")  # its answer is given up, too


def wiped(ctx: Context) -> Context:
    """Return a context that knows the terminal and nothing of the citizen."""
    return Context(
        site=ctx.site,
        catalogue=ctx.catalogue,
        today=ctx.today,
        devices=ctx.devices,
        intake=ctx.intake,
        card_on=ctx.card_on,
        ticket=ctx.ticket,
        how=ctx.how,
        size=ctx.size,
        language=ctx.language,
    )


# ---- what is offered


def why_not_here(ctx: Context, thing: Thing) -> str:
    """Return why the thing cannot be filed here now, or an empty text.

    One of ``planned``, ``no_reader``, ``intake_down``, ``intake_outdated``, ``checking``.
    """
    if not thing.open:
        return "planned"
    if ctx.devices is not None and not ctx.devices.id_reader.usable:
        return "no_reader"
    if ctx.intake in {Intake.DOWN, Intake.OUTDATED}:
        return f"intake_{ctx.intake}"
    if ctx.devices is None or ctx.intake is Intake.UNKNOWN:
        return "checking"
    return ""


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
    """Return the items of the open thing that are filed."""
    if ctx.thing is None:
        return ()
    if ctx.decided is not None:
        return ctx.thing.chosen(ctx.decided)
    gone = taken_away(ctx).keys() | ctx.left_out
    return tuple(item for item in ctx.thing.open_items if item.code not in gone)


def decided(ctx: Context) -> Context:
    """Return the context with the items as they are chosen now, for the rest of the visit."""
    return replace(ctx, decided=tuple(item.code for item in chosen_items(ctx)))


def taken_away(ctx: Context) -> dict[str, str]:
    """Return the codes of items that an answer or a missing device takes away, each with why.

    ``why`` is the catalogue's sentence, ``no_camera``, or ``needs:`` and the name of a paper that
    the citizen does not have and that is not made in this visit.
    """
    if ctx.thing is None:
        return {}
    gone = ctx.thing.excluded(ctx.situations)
    while True:
        kept = tuple(i for i in ctx.thing.open_items if i.code not in gone.keys() | ctx.left_out)
        more = _lacking(ctx, ctx.thing, kept) | _unpicturable(ctx, kept)
        if not more:
            return gone
        gone |= more


def _lacking(ctx: Context, thing: Thing, kept: tuple[Item, ...]) -> dict[str, str]:
    lacked = materials.lacked(thing, ctx.situations, frozenset(item.code for item in kept))
    return {code: NEEDS + own.name for code, own in lacked.items()}


def _unpicturable(ctx: Context, kept: tuple[Item, ...]) -> dict[str, str]:
    """Items with a paper that has to be photographed now, while there is no camera."""
    if ctx.devices is None or ctx.devices.camera.usable:
        return {}
    asked = {e.material.key for e in materials.merge(kept).to_bring}
    now = {m.key for i in kept for m in i.materials if m.key in asked and not m.commitment_days}
    return {i.code: "no_camera" for i in kept if any(m.key in now for m in i.materials)}


NEEDS = "needs:"
"""Begins why an item is taken away for want of a paper."""


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


# ---- the form


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
