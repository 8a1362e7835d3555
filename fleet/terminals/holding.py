"""Which alarms are held: somebody works at the terminal, and knows.

While a maintenance window is open, alarms of its terminals are neither counted nor put before
anybody; they are shown as held, and until when. Nothing is written down for that: whether an alarm
is held follows from the windows at the moment one looks, so it comes back by itself when the window
ends and its cause is still there, also if nobody ran the console meanwhile.

Never held is a fault by which somebody may be at work who should not be, or something may be lost
for good: each fault says itself whether it waits. One of a newer terminal that we don't know does
not: it may mean either.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, func, literal, or_, select

from fleet.store.model import Alarm, Terminal, Window
from fleet.terminals.level import GONE
from fleet.terminals.log_findings import Finding
from kiosk.maintenance.faults import listed

BEGUN: Final = "begun"
"""Step of a window that is open (`fleet.orders.windows`)."""


def in_maintenance_until(now: datetime | None = None) -> ScalarSelect[Any]:
    """Return the end of the last open window of a terminal, for a statement over `Terminal`."""
    return _last_end(now).correlate(Terminal).scalar_subquery()


def held_until(now: datetime | None = None) -> ScalarSelect[Any]:
    """Return until when an alarm is held, null when it is not: over `Alarm` and `Terminal`."""
    own = _last_end(now).where(Alarm.fault.in_(_waiting()))
    return own.correlate(Terminal, Alarm).scalar_subquery()


@cache
def _waiting() -> frozenset[str]:
    told = (one.id for one in listed() if one.waits)
    return frozenset({*told, *(one.fault for one in Finding if one.waits), GONE})


def _last_end(now: datetime | None) -> Select[Any]:
    now = now or datetime.now(UTC)
    own = or_(
        Window.recipient == "@all",
        Window.recipient == literal("@").concat(Terminal.group),
        Window.recipient == literal("@").concat(Terminal.jurisdiction),
    )
    return select(func.max(Window.ends_at)).where(own, Window.step == BEGUN, Window.ends_at > now)
