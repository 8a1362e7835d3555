"""From what is known in maintenance mode to what its pages show: the way in, a glance, a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from kiosk.journey.view_parts import Action, Notice, Text, plain, text
from kiosk.maintenance import (
    codes,
    present_calibrate,
    present_clock,
    present_device,
    present_training,
    present_update,
)
from kiosk.maintenance import present_check as checks
from kiosk.maintenance import present_work as work
from kiosk.maintenance.context import Context
from kiosk.maintenance.faults import Fault, Loses, told
from kiosk.maintenance.opening_check import Result
from kiosk.maintenance.present_parts import (
    TONE_OF_LOSS,
    body,
    device_health,
    failed,
    frame,
    notices,
    part_name,
    unknown,
    way,
)
from kiosk.maintenance.ringing import numbers
from kiosk.maintenance.staff import Right
from kiosk.maintenance.states import State
from kiosk.maintenance.view import (
    AnyStaffView,
    Count,
    Health,
    Part,
    StaffCardView,
    StaffFaultView,
    StaffGlanceView,
    StaffPinView,
    Task,
)
from kiosk.maintenance.work_moves import PRINTERS, RESETS
from kiosk.translation import Translator

Presents = Callable[[Context, Translator], AnyStaffView]
_TROUBLE: Final = {
    "unknown": "unknown",
    "disabled": "unknown",
    "no_list": "no_list",
    "codes_damaged": "codes_damaged",
    "other_site": "other_site",
    "expired": "expired",
    "copied": "copied",
    "unknown_code": "code_wrong",
    "agent_back": "agent_back",
}
"""Words of each refusal; of any other one, to try once more."""
_WAYS: Final = (
    ("check", Right.CHECK),
    ("report", Right.REPORT),
    ("out", Right.SERVICE),
    ("help", Right.HELP),
    ("outbox", Right.OUTBOX),
    ("system", Right.LOOK),
)
_PARTS: Final = ("intake", "clock", "disk", "outbox")
"""Parts that the doctor looks at."""


def present(ctx: Context, words: Translator) -> AnyStaffView:
    """Return the view of the page."""
    return _PAGES[ctx.page](ctx, words)


def _card(ctx: Context, _: Translator) -> StaffCardView:
    code = ctx.by_code
    other = way("by_card", words="staff.card.by_card") if code else None
    if not code:
        other = way("by_code", words="staff.card.by_code")
    stopped = ctx.phase == "stopped"
    return StaffCardView(
        frame=frame(ctx, back=text("staff.to_citizens")),
        title=text("staff.card.code_title" if code else "staff.card.title"),
        lead=text("staff.card.code_lead") if code else None,
        notices=notices(*_denied(ctx)),
        phase="stopped" if stopped else "reading" if ctx.phase == "reading" else "put",
        typed=len(ctx.typed),
        code_length=codes.LENGTH if code else 0,
        locked_s=ctx.locked_s or None,
        other=None if ctx.locked_s else other,
    )


def _denied(ctx: Context) -> tuple[Notice, ...]:
    if not ctx.denied:
        return ()
    key = f"staff.card.trouble.{_TROUBLE.get(ctx.denied, 'unread')}"
    return (Notice(kind="trouble", text=text(key), hint=text(f"{key}_hint")),)


def _pin(ctx: Context, _: Translator) -> StaffPinView:
    return StaffPinView(
        frame=frame(ctx),
        title=text("staff.pin.title"),
        lead=text("staff.pin.lead"),
        typed=len(ctx.typed),
        tries_left=ctx.tries_left,
        locked_s=ctx.locked_s or None,
        locked_out=ctx.locked_out,
        held=bool(ctx.awaited),
    )


def _glance(ctx: Context, words: Translator) -> StaffGlanceView:
    tasks = (*_missed(ctx), *(_task(ctx, own, words) for own in ctx.faults))
    looking = ctx.examined is None and not tasks
    title = text("staff.glance.looking" if looking else "staff.glance.fine")
    if tasks:
        title = text("staff.glance.title", n=len(tasks))
    unknown_yet = words.text("staff.glance.looking") if ctx.examined is None else "-"
    return StaffGlanceView(
        frame=frame(ctx, back=None),
        title=title,
        lead=text(
            "staff.glance.lead",
            place=ctx.place.place,
            state=words.text(f"staff.glance.state.{_state(ctx)}"),
            config=ctx.place.terminal,
            software=ctx.looked.version or unknown_yet,
        ),
        looking=looking,
        tasks=tasks,
        counts=_counts(ctx, words),
        parts=tuple(_parts(ctx, words)),
        ways=tuple(way(name) for name, right in _WAYS if ctx.may(right)),
    )


def _missed(ctx: Context) -> tuple[Task, ...]:
    """Return what today's opening check left to do: it goes before anything that only may be."""
    failed, left = ctx.looked.failed, ctx.looked.left
    skipped = min(left, sum(one == Result.SKIPPED for one in ctx.looked.steps.values()))
    if not (failed or left) or ctx.looked.lost or not ctx.may(Right.CHECK):
        return ()
    return (
        Task(
            key="check",
            part="check",
            tone="trouble" if failed else "soon",
            title=checks.outcome(failed, max(0, left - skipped), skipped),
            told=text("staff.check.missed"),
            action=way("check"),
        ),
    )


def _state(ctx: Context) -> str:
    if ctx.looked.lost:
        return "unknown"
    if ctx.looked.out is not None:
        return "out"
    return "partly" if any(own.loses is not Loses.SOON for own in ctx.faults) else "in_service"


def _counts(ctx: Context, words: Translator) -> tuple[Count, ...]:
    if ctx.looked.lost:
        return unknown("submitted", "waiting", words=words)
    held = sum(own.state in {"held", "refused"} for own in ctx.looked.waiting)
    waiting = len(ctx.looked.waiting) - held
    counts = [
        Count(key="submitted", value=str(ctx.looked.submitted)),
        Count(key="waiting", value=str(waiting), tone="soon" if waiting else "fine"),
    ]
    if ctx.looked.unprinted:
        counts.append(Count(key="unprinted", value=str(ctx.looked.unprinted), tone="soon"))
    if held:
        counts.append(Count(key="held", value=str(held), tone="trouble"))
    return tuple(counts)


def _task(ctx: Context, fault: Fault, words: Translator) -> Task:
    said = told(fault, words)
    paper = fault.subject in PRINTERS and fault.word in {"out", "low"} and ctx.may(Right.PAPER)
    return Task(
        key=fault.id,
        part=fault.subject,
        tone=TONE_OF_LOSS[fault.loses],
        title=plain(said.title),
        told=plain(said.loss),
        action=way("paper", fault.subject) if paper else way("fault", fault.id),
    )


def _parts(ctx: Context, words: Translator) -> list[Part]:
    found = {}
    for fault in reversed(ctx.faults):
        found[fault.subject] = fault
    parts = []
    for name, status in ctx.statuses.devices.items():
        action = Action(target=f"staff:part:{name}", label=part_name(name))
        health = device_health(status, found.get(name), words)
        parts.append(Part(key=name, health=health, action=action))
    return parts + [Part(key=name, health=work.finding_health(ctx, name)) for name in _PARTS]


def _fault(ctx: Context, words: Translator) -> AnyStaffView:
    fault = next((own for own in ctx.faults if own.id == ctx.fault), None)
    if fault is None:  # it is over: somebody put the paper in while this was read
        return StaffFaultView(
            frame=frame(ctx, back=None),
            title=text("upkeep.fault.over"),
            part=ctx.fault.partition(".")[0],
            tone="fine",
            lead=text("upkeep.fault.over_lead"),
            steps=(),
            ways=(way("back", words="upkeep.fault.over_way"),),
        )
    said = told(fault, words)
    return StaffFaultView(
        frame=frame(ctx),
        title=plain(said.title),
        lead=plain(said.loss),
        notices=_came_of_it(ctx),
        part=fault.subject,
        tone=TONE_OF_LOSS[fault.loses],
        steps=tuple(plain(step) for step in said.steps),
        tried=_tried(ctx, fault),
        ring=plain(said.call),
        numbers=numbers(ctx, fault.call),
        terminal=text("upkeep.fault.terminal", terminal=ctx.place.terminal),
        ways=tuple(_fault_ways(ctx, fault)),
    )


def _tried(ctx: Context, fault: Fault) -> tuple[Text, ...]:
    """Tell what the device's host did by itself, by the step of its ladder."""
    status = ctx.statuses.devices.get(fault.subject)
    trouble = status.get("xTrouble") if isinstance(status, Mapping) else None
    step = trouble.get("step") if isinstance(trouble, Mapping) else None
    return (text(f"upkeep.tried.{body(step)}"),) if step else ()


def _came_of_it(ctx: Context) -> tuple[Notice, ...]:
    """Say that it is being tried, and what came of it: no button does nothing."""
    if ctx.awaited:
        return (Notice(kind="info", text=text("upkeep.fault.tries")),)
    did = ctx.outcome
    if did is not None and did.well:
        return (Notice(kind="done", text=did.told, hint=did.hint),)
    return failed(ctx)


_STOPPED_BY: Final = frozenset({"fraud"})
"""Faults of which the first step is to serve nobody."""


def _fault_ways(ctx: Context, fault: Fault) -> list[Action]:
    """Return the buttons: each that a step of the fault names is here, or on a page of these."""
    ways = []
    if fault.subject in ctx.statuses.devices:
        ways.append(way("part", fault.subject))
    if fault.subject in PRINTERS and ctx.may(Right.PAPER):
        ways.append(way("paper", fault.subject))
    if fault.subject in RESETS and ctx.may(Right.RESET) and not ctx.awaited:
        ways.append(way("reset"))
    if (fault.page == "outbox" or fault.id == "release.no_room") and ctx.may(Right.OUTBOX):
        ways.append(way("outbox"))
    if (fault.page == "system" or fault.subject == "outbox") and ctx.may(Right.LOOK):
        ways.append(way("system"))
    if (fault.word in _STOPPED_BY or fault.id == "upkeep.service") and ctx.may(Right.SERVICE):
        ways.append(way("out"))
    if fault.subject == "sound" and ctx.may(Right.CHECK):
        ways.append(way("check"))
    return ways if ctx.awaited else [*ways, way("again")]


def _ended(ctx: Context, words: Translator) -> AnyStaffView:
    """Show the last page until the window is gone, without a touch."""
    del words
    return StaffGlanceView(
        frame=frame(ctx, back=None, leave=False), title=text("staff.to_citizens")
    )


_PAGES: Final[Mapping[State, Presents]] = MappingProxyType(
    {
        State.CARD: _card,
        State.PIN: _pin,
        State.GLANCE: _glance,
        State.FAULT: _fault,
        State.CHECK: checks.check,
        State.TOUCH: checks.grid,
        State.DEVICE: present_device.device,
        State.PAPER: work.paper,
        State.OUTBOX: work.outbox,
        State.SYSTEM: work.system,
        State.OUT: work.out,
        State.REPORT: work.report,
        State.HELP: work.help_page,
        State.UPDATE: present_update.update,
        State.CALIBRATE: present_calibrate.calibrate,
        State.CLOCK: present_clock.clock,
        State.TRAIN: present_training.training,
        State.ENDED: _ended,
    }
)

__all__ = ["Health", "present"]
