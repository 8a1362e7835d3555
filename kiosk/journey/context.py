"""What a visit knows: one frozen record, replaced by every legal intent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from kiosk.domain import faults
from kiosk.domain.catalogue import FieldKind
from kiosk.journey.facts import Condition, Intake
from kiosk.journey.states import State

if TYPE_CHECKING:
    from datetime import date

    from kiosk.domain.catalogue import Catalogue, Item, Thing
    from kiosk.domain.form import Form, FormField
    from kiosk.journey.facts import Answer, Card, Devices, Prefill, Progress, Shown, Stored, Trouble

PrintState = Literal["none", "printing", "printed", "failed", "unknown"]

MAX_COPIES = 3
"""Slips of one visit; then staff are asked instead."""

MOBILE_DIGITS = 11
"""Length of a mobile number."""

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
    thing: Thing | None = None
    card: Card | None = None
    agreed: bool = False
    """The citizen agreed to the fetching."""
    prefill: Prefill | None = None
    form: Form | None = None
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
    return replace(ctx, ticket=ctx.ticket + 1, awaited=ctx.ticket + 1, trouble=None, slow=False)


def idle(ctx: Context) -> Context:
    """Return the context with nothing awaited."""
    return replace(ctx, awaited=0, busy=False, slow=False, trouble=None)


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
    return ctx.thing.open_items if ctx.thing else ()


# ---- the form


def page_of(field: FormField) -> State:
    """Return the page that asks for a field."""
    pages = {
        FieldKind.CHOICE: State.CHOICE,
        FieldKind.DIVISION: State.PROVINCE,
        FieldKind.DATE: State.DATE,
        FieldKind.TEXT: State.DIGITS,
    }
    return pages[field.kind]


def askable(field: FormField) -> bool:
    """Tell whether a page of this terminal can ask for the field: text only when it is digits."""
    return field.kind is not FieldKind.TEXT or field.key.endswith(".mobile")


def changeable(ctx: Context, key: str) -> bool:
    """Tell whether the review offers to change the field."""
    if ctx.form is None or ctx.unanswered:
        return False
    return any(f.key == key and f.editable and askable(f) for f in ctx.form.fields)


def missing(ctx: Context) -> tuple[FormField, ...]:
    """Return the fields that nobody at this terminal can give: the item cannot be filed here."""
    if ctx.form is None:
        return ()
    return tuple(f for f in ctx.form.left if not (f.editable and askable(f) and may_type(f)))


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
