"""The page of a device, as a view: how it is, what the log has of it, what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.journey.view_parts import Action, plain, text
from kiosk.maintenance.context import Context
from kiosk.maintenance.device_moves import TRACES
from kiosk.maintenance.facts import Payload, Trouble
from kiosk.maintenance.faults import listed, told
from kiosk.maintenance.present_parts import device_health, frame, outcome, part_name, way
from kiosk.maintenance.staff import Right, Role
from kiosk.maintenance.view import Count, Fact, Health, PartError, StaffDeviceView
from kiosk.maintenance.work_moves import BATTERY, PRINTERS, RESETS, TESTS, may_test_battery
from kiosk.translation import Translator


def device(ctx: Context, words: Translator) -> StaffDeviceView:
    """Return the page of a part."""
    status = ctx.statuses.devices.get(ctx.part)
    fault = next((own for own in ctx.faults if own.subject == ctx.part), None)
    known = ctx.part in ctx.statuses.devices
    fine = Health(tone="fine", told=text("staff.tone.fine"))
    return StaffDeviceView(
        frame=frame(ctx),
        title=part_name(ctx.part),
        part=ctx.part,
        health=device_health(status, fault, words) if known else fine,
        facts=(*_power(ctx, status), *_facts(ctx.statuses.models.get(ctx.part, {}))),
        counts=_counts(ctx),
        errors=_errors(ctx, status, words),
        doing=ctx.doing or (text("upkeep.test.runs") if ctx.awaited else None),
        outcome=outcome(ctx.outcome),
        tracing=ctx.tracing == ctx.part,
        ways=_ways(ctx),
    )


def _ways(ctx: Context) -> tuple[Action, ...]:
    if ctx.asks:
        sure = ctx.question == BATTERY
        yes = way("yes", words="staff.way.test_battery" if sure else "staff.way.yes")
        return (yes, way("no", words="staff.way.keep" if sure else "staff.way.no"))
    if ctx.awaited:
        return ()
    ways = []
    if ctx.part in TESTS and ctx.may(Right.TEST):
        ways.append(way("test"))
    if ctx.may(Right.POWER) and may_test_battery(ctx):
        ways.append(way("test_battery"))
    if ctx.part in PRINTERS and ctx.may(Right.PAPER):
        ways.append(way("paper", ctx.part))
    if ctx.part in RESETS and ctx.may(Right.RESET):
        ways.append(way("reset"))
    if ctx.part in TRACES and ctx.may(Right.TRACE) and ctx.tracing in {"", ctx.part}:
        ends = ctx.tracing == ctx.part
        ways.append(way("trace", words="staff.way.trace_end" if ends else "", chosen=ends))
    return tuple(ways)


_MODEL: Final = (("model", "modelName"), ("serial", "serialNumber"))


def _facts(model: Payload) -> tuple[Fact, ...]:
    """Return what a device says of itself, by ``common.deviceInformation`` of its capabilities."""
    listed = model.get("deviceInformation")
    first = listed[0] if isinstance(listed, list) and listed else {}
    if not isinstance(first, Mapping):
        return ()
    told = [(key, first.get(name)) for key, name in _MODEL]
    firmware = first.get("firmware")
    if isinstance(firmware, list) and firmware and isinstance(firmware[0], Mapping):
        told.append(("firmware", firmware[0].get("firmwareVersion")))
    return tuple(Fact(key=key, value=plain(str(value))) for key, value in told if value)


def _power(ctx: Context, status: Payload | None) -> tuple[Fact, ...]:
    """Return what the UPS tells of mains and battery, and when the mains were lost last."""
    own = status.get("xUps") if status is not None and ctx.part == "ups" else None
    if not isinstance(own, Mapping):
        return ()
    facts = [Fact(key="power", value=text(f"upkeep.ups.power.{own.get('power')}"))]
    if isinstance(own.get("charge"), int):
        facts.append(Fact(key="charge", value=plain(f"{own['charge']}%")))
    if isinstance(own.get("minutesLeft"), int):
        lasts = text("upkeep.ups.minutes", n=own["minutesLeft"])
        facts.append(Fact(key="lasts", value=lasts))
    told, out = ctx.history, own.get("power") in _OUT
    if told is not None and told.part == "ups":
        cuts = [own.at for own in told.troubles if own.event == _CUT or own.reason in _CUTS]
        last = plain(cuts[0]) if cuts else text("upkeep.ups.no_cut")
        facts.append(Fact(key="last_cut", value=text("upkeep.ups.cut_now") if out else last))
    return tuple(facts)


_CUT: Final = "power_lost"
_CUTS: Final = frozenset({"ups.battery", "ups.battery_low"})
"""Event and faults that are mains that were lost."""
_OUT: Final = frozenset({"onBattery", "lowBattery"})


def _counts(ctx: Context) -> tuple[Count, ...]:
    """Return what was counted today; of slips, those that did not print."""
    told = ctx.history
    if told is None or told.part != ctx.part:
        return ()
    failed = "unprinted" if ctx.part == "receipt_printer" else "failed"
    keys = {"today": "today", "failed": failed}
    return tuple(
        Count(key=keys[key], value=str(count), tone="soon" if count and key == "failed" else "fine")
        for key, count in told.counts.items()
        if key in keys
    )


def _errors(ctx: Context, status: Payload | None, words: Translator) -> tuple[PartError, ...]:
    """Return what its host says is wrong now, for technicians, and what the log has of late."""
    trouble = status.get("xTrouble") if status is not None else None
    message = trouble.get("message") if isinstance(trouble, Mapping) else None
    technician = ctx.person is not None and ctx.person.role is not Role.CLERK
    now = [PartError(at="", told=plain(str(message)))] if message and technician else []
    told = ctx.history
    late = told.troubles if told is not None and told.part == ctx.part else ()
    return (*now, *(_late(one, words, technician=technician) for one in late))


def _late(one: Trouble, words: Translator, *, technician: bool) -> PartError:
    """Return a trouble of the log in plain words, with its reason where there are words for it."""
    fault = next((own for own in listed() if own.id == one.reason), None)
    if fault is not None:
        return PartError(at=one.at, told=plain(told(fault, words).title), times=one.times)
    event, reason = f"trace.late.{one.event}", f"trace.reason.{one.reason}"
    said = words.text(event) if words.has(event) else words.text("trace.late.other")
    if words.has(reason):
        said = words.text("trace.late.because", told=said, reason=words.text(reason))
    elif one.reason not in {"", "failed"} and technician:
        said = words.text("trace.late.because", told=said, reason=one.reason)
    return PartError(at=one.at, told=plain(said), times=one.times)
