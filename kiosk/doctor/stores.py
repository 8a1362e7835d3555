"""What the terminal must not lose: the outbox, the audit log and what staff decided."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.audit import AuditBroken, verify
from kiosk.doctor.finding import Finding, attention, broken, ok, unknown
from kiosk.maintenance.conditions import LATE_S
from kiosk.maintenance.damage import damaged
from kiosk.outbox import OutboxUnusable, counting
from kiosk.outbox.records import State
from kiosk.outbox.report import FILE, damaged_files

_HOUR = 3600


def outbox(state: Path) -> Finding:
    """Look at what waits and what was set aside."""
    if not state.is_dir():
        return broken("outbox", "gone", directory=str(state))
    try:
        counts = counting.read(state / FILE)
    except OutboxUnusable as error:
        return broken("outbox", "unusable", problem=str(error))
    aside = damaged_files(state)
    waiting = len(counts.waiting)
    if aside:
        return broken("outbox", "damaged", file=aside[0])
    if refused := counts.by_state[State.REFUSED]:
        return attention("outbox", "refused", count=refused)
    if (counts.oldest_s or 0) > LATE_S:
        return attention("outbox", "late", count=waiting, hours=(counts.oldest_s or 0) // _HOUR)
    return ok("outbox", count=waiting)


def audit(state: Path) -> Finding:
    """Check every line of the log."""
    try:
        found = verify(state / "audit")
    except FileNotFoundError:
        return unknown("audit", "none")
    except (AuditBroken, OSError) as error:
        return broken("audit", "broken", problem=str(error))
    return ok("audit", lines=found.head.sequence - found.first + 1)


def upkeep(state: Path) -> Iterator[Finding]:
    """Look at the files of maintenance mode: one finding for each that is damaged."""
    try:
        found = tuple(damaged(state))
    except PermissionError:
        yield unknown("upkeep", "unreadable")
        return
    for name in found:
        tell = broken if name == "service" else attention
        yield tell("upkeep", name, file=str(state / "maintenance" / f"{name}.json"))
    if not found:
        yield ok("upkeep")
