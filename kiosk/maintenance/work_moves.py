"""Moves of the pages on which staff work; the opening check has its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from kiosk.journey.view_parts import text
from kiosk.maintenance.context import Context, Move, go, stay, ticket
from kiosk.maintenance.device_moves import news, outlived
from kiosk.maintenance.effects import (
    Effect,
    Examine,
    Find,
    Look,
    Order,
    Recheck,
    Replenish,
    Report,
    Reset,
    ScanSlip,
    Stop,
    Test,
    Tune,
)
from kiosk.maintenance.facts import Did, Examined, Looked, Payload, Slip, Statuses, Words
from kiosk.maintenance.faults import DEVICES
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.states import State
from kiosk.maintenance.targets import Touch

Moves = Callable[[Context, Intent], Move | None]
"""Returns where it leads and what is to be done; ``None``: it is not possible now."""
PRINTERS: Final = ("receipt_printer", "a4_printer")
TESTS: Final = frozenset(
    {"id_reader", "scanner", "receipt_printer", "document_camera", "panel", "sound"}
    | {"a4_printer", "camera_scanner", "social_card", "keypad", "face_camera", "ups"}
)
"""Parts that can be tried here."""
RESETS: Final = frozenset(DEVICES)
"""Devices whose service takes a command to begin anew: every one."""
REASONS: Final = ("maintenance", "paper", "fault", "network", "power", "closed")
UNTILS: Final = ("soon", "hour", "today", "tomorrow", "open")
LOUDEST: Final = 10
BATTERY: Final = "battery"
"""The question whether the battery of the UPS is to be tried."""
NUMBER: Final = re.compile(r"L[0-9A-Z]{4,31}\Z")
MOST_LETTERS: Final = 24
_NO_SLIP: Final = {
    "none": "unknown",
    "set_aside": "set_aside",
    "not_looked_up": "not_looked_up",
}
"""What is told when there is no state to show; another slip is taken then."""


# ---- what is told without being asked for


def statuses(ctx: Context, intent: Intent) -> Move | None:
    """Take how the devices are."""
    if not isinstance(intent.fact, Statuses):
        return None
    now = intent.fact
    opened = ctx.opened or cover_open(now.devices.get(ctx.part))
    outcome = None if outlived(ctx, now) else ctx.outcome
    return stay(ctx, *news(ctx, now), statuses=now, opened=opened, outcome=outcome)


def cover_open(status: Payload | None) -> bool:
    """Say whether a printer's cover is open."""
    said = status.get("xReceipt") if status is not None else None
    return isinstance(said, Mapping) and said.get("cover") == "open"


def looked(ctx: Context, intent: Intent) -> Move | None:
    """Take what the agent tells; when it does not answer, what it told is not so any more."""
    if not isinstance(intent.fact, Looked):
        return None
    if not intent.fact.lost:
        return stay(ctx, looked=intent.fact)
    known = ctx.looked
    lost = replace(known, lost=True, waiting=(), submitted=0, orders=frozenset(), stick=False)
    return stay(ctx, looked=lost, examined=Examined(findings=()))


def examined(ctx: Context, intent: Intent) -> Move | None:
    """Take what the doctor found."""
    if not isinstance(intent.fact, Examined):
        return None
    return stay(ctx, examined=intent.fact, examining=False)


# ---- from page to page


def open_page(page: State, *effects: Effect) -> Moves:
    """Return the move that opens a page."""

    def move(ctx: Context, _: Intent) -> Move:
        return go(ctx, page, *effects)

    return move


def back(ctx: Context, _: Intent) -> Move | None:
    """To the page before; what ran for this one is given up."""
    if not ctx.before:
        return None
    *under, page = ctx.before
    return stay(
        ctx,
        Stop(),
        Look(),
        page=page,
        before=tuple(under),
        awaited=0,
        doing=None,
        outcome=None,
        asks=False,
        question="",
    )


def open_fault(ctx: Context, intent: Intent) -> Move | None:
    """Show what to do about a fault."""
    there = any(fault.id == intent.argument for fault in ctx.faults)
    return go(ctx, State.FAULT, fault=intent.argument) if there else None


def open_paper(ctx: Context, intent: Intent) -> Move | None:
    """Show how paper is replaced."""
    known = intent.argument in PRINTERS and intent.argument in ctx.statuses.devices
    if not known:
        return None
    opened = cover_open(ctx.statuses.devices.get(intent.argument))
    return go(ctx, State.PAPER, Look(), part=intent.argument, opened=opened)


def open_report(ctx: Context, _: Intent) -> Move:
    """Look at everything anew."""
    return go(ctx, State.REPORT, Examine(), examining=True)


def open_help(ctx: Context, _: Intent) -> Move:
    """Wait for a slip's code, and take its number."""
    ctx, number = ticket(ctx)
    ctx, _effects = go(ctx, State.HELP, number="L", slip=None, awaited=number)
    return ctx, (ScanSlip(ticket=number),)


def look_again(ctx: Context, _: Intent) -> Move | None:
    """Look at what is wrong once more; how that ended is said."""
    device = ctx.fault.partition(".")[0] in ctx.statuses.devices
    return None if ctx.awaited else _send(ctx, Recheck, doctor=not device)


# ---- what runs, and how it ends


def doing(ctx: Context, intent: Intent) -> Move | None:
    """Tell what a person has to do."""
    if not isinstance(intent.fact, Words):
        return None
    return stay(ctx, doing=intent.fact.told, asks=intent.argument == "asks")


def did(ctx: Context, intent: Intent) -> Move | None:
    """Tell how it ended."""
    if not isinstance(intent.fact, Did):
        return None
    return stay(ctx, Look(), outcome=intent.fact, doing=None, asks=False, awaited=0)


def _send(ctx: Context, effect: type, **fields: object) -> Move:
    ctx, number = ticket(replace(ctx, outcome=None, doing=None, question=""))
    return ctx, (effect(ticket=number, **fields),)


def test(ctx: Context, _: Intent) -> Move | None:
    """Try the part of this page."""
    if ctx.awaited or ctx.part not in TESTS:
        return None
    return _send(ctx, Test, part=ctx.part)


def ask_battery(ctx: Context, _: Intent) -> Move | None:
    """Ask whether the battery of the UPS is to be tried: an old one may let the terminal down."""
    if ctx.awaited or not may_test_battery(ctx):
        return None
    asked = text("upkeep.ups.ask")
    return stay(ctx, question=BATTERY, doing=asked, asks=True, outcome=None)


def may_test_battery(ctx: Context) -> bool:
    """Say whether the battery can be tried now: the UPS offers it, and there are mains."""
    told = (ctx.statuses.devices.get("ups") or {}).get("xUps")
    own = told if isinstance(told, Mapping) else {}
    offered = own.get("selfTest") is True and own.get("power") == "onLine"
    return ctx.part == "ups" and offered


def reset(ctx: Context, _: Intent) -> Move | None:
    """Have a device begin anew."""
    part = ctx.part if ctx.page is State.DEVICE else ctx.fault.partition(".")[0]
    if ctx.awaited or part not in RESETS:
        return None
    return _send(ctx, Reset, part=part)


def heard(ctx: Context, intent: Intent) -> Move | None:
    """Take the answer to a test that only a person can judge."""
    if not ctx.asks:
        return None
    if ctx.question == BATTERY:
        ctx = replace(ctx, question="", doing=None, asks=False)
        yes = intent.kind is Touch.YES
        return _send(ctx, Test, part=ctx.part, battery=True) if yes else (ctx, ())
    well = intent.kind is Touch.YES
    told = Did(well=well, told=text("upkeep.test.well" if well else "upkeep.test.ill"))
    return stay(ctx, outcome=told, doing=None, asks=False, awaited=0)


def paper_done(ctx: Context, _: Intent) -> Move | None:
    """Count it full, and print a line to see."""
    return None if ctx.awaited else _send(ctx, Replenish, part=ctx.part)


def paper_again(ctx: Context, _: Intent) -> Move | None:
    """From the first picture."""
    return None if ctx.awaited else stay(ctx, Look(), outcome=None, opened=False)


def order(what: str) -> Moves:
    """Return the move that asks the agent for something."""

    def move(ctx: Context, _: Intent) -> Move | None:
        return None if ctx.awaited else _send(ctx, Order, what=what)

    return move


# ---- system


def tune(field: str, step: int) -> Moves:
    """Return the move that makes it louder, darker, …."""

    def move(ctx: Context, _: Intent) -> Move | None:
        level = getattr(ctx.looked, field) + step
        if not 0 <= level <= LOUDEST:
            return None
        now = replace(ctx.looked, **{field: level})
        return stay(ctx, Tune(sound=now.sound, brightness=now.brightness), looked=now)

    return move


def ask(what: str) -> Moves:
    """Return the move that asks whether it is meant."""

    def move(ctx: Context, _: Intent) -> Move | None:
        if ctx.awaited or what not in ctx.looked.orders:
            return None
        return stay(ctx, question=what, outcome=None)

    return move


def answer(ctx: Context, intent: Intent) -> Move | None:
    """Do what was asked about, or not."""
    if not ctx.question:
        return None
    if intent.kind is Touch.NO:
        return stay(ctx, question="")
    return _send(ctx, Order, what=ctx.question)


# ---- out of service


def reason(ctx: Context, intent: Intent) -> Move | None:
    """Choose what citizens read."""
    return stay(ctx, reason=intent.argument) if intent.argument in REASONS else None


def until(ctx: Context, intent: Intent) -> Move | None:
    """Choose what is told of when."""
    return stay(ctx, until=intent.argument) if intent.argument in UNTILS else None


def stop(ctx: Context, _: Intent) -> Move | None:
    """Serve nobody from now on."""
    if ctx.awaited or ctx.looked.out is not None:
        return None
    return _send(ctx, Order, what="stop", reason=ctx.reason, until=ctx.until)


def serve(ctx: Context, _: Intent) -> Move | None:
    """Serve again."""
    if ctx.awaited or ctx.looked.out is None:
        return None
    return _send(ctx, Order, what="serve")


# ---- report


def examine(ctx: Context, _: Intent) -> Move | None:
    """Look at everything anew."""
    return None if ctx.examining else stay(ctx, Examine(), examining=True, outcome=None)


def report(how: str) -> Moves:
    """Return the move that makes the report on paper or as a file."""

    def move(ctx: Context, _: Intent) -> Move | None:
        if ctx.awaited or ctx.examining or ctx.examined is None:
            return None
        return _send(ctx, Report, how=how, examined=ctx.examined)

    return move


# ---- a citizen with a slip


def key(ctx: Context, intent: Intent) -> Move | None:
    """Write a letter of the number."""
    if ctx.slip is not None or len(ctx.number) >= MOST_LETTERS:
        return None
    return stay(ctx, number=ctx.number + intent.argument)


def erase(ctx: Context, _: Intent) -> Move | None:
    """Take the last letter back; the first one stays."""
    return stay(ctx, number=ctx.number[:-1]) if len(ctx.number) > 1 else None


def find(ctx: Context, _: Intent) -> Move | None:
    """Ask where it stands."""
    if ctx.slip is not None or not NUMBER.match(ctx.number):
        return None
    ctx, number = ticket(ctx)
    return ctx, (Stop(), Find(ticket=number, local_no=ctx.number))


def scanned(ctx: Context, intent: Intent) -> Move | None:
    """Take the number from a slip's code; a strange code is told."""
    if not NUMBER.match(intent.argument):
        ctx, number = ticket(replace(ctx, slip=None, denied="foreign"))
        return ctx, (ScanSlip(ticket=number),)
    ctx, number = ticket(replace(ctx, number=intent.argument, denied=""))
    return ctx, (Find(ticket=number, local_no=intent.argument),)


def found(ctx: Context, intent: Intent) -> Move | None:
    """Show where it stands; one that is not here, or that nobody could look up, is told so."""
    if not isinstance(intent.fact, Slip):
        return None
    if intent.fact.state not in _NO_SLIP:
        return stay(ctx, slip=intent.fact, denied="", awaited=0)
    ctx, number = ticket(replace(ctx, denied=_NO_SLIP[intent.fact.state]))
    return ctx, (ScanSlip(ticket=number),)


def another(ctx: Context, _: Intent) -> Move:
    """Take another slip."""
    ctx, number = ticket(replace(ctx, slip=None, number="L", denied=""))
    return ctx, (ScanSlip(ticket=number),)
