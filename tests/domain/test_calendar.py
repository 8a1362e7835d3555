"""Clocks of accepted items: they start at 受理 and stand still while the citizen supplements."""

from __future__ import annotations

from kiosk.domain.calendar import Clock, Workdays
from tests.legal_time import china

THURSDAY = china("2026-11-26 10:00")


def test_a_clock_stands_still_while_supplements_are_awaited() -> None:
    """From the day of the notice to the day the supplement comes no day counts."""
    friday, tuesday = china("2026-11-27 09:00"), china("2026-12-01 16:00")
    assert Clock(started=THURSDAY).due(Workdays(), 2) == china("2026-11-30 17:00")
    clock = Clock(started=THURSDAY, stopped=((friday, tuesday),))
    assert clock.due(Workdays(), 2) == china("2026-12-03 17:00")


def test_nothing_is_promised_while_it_stands() -> None:
    """Without the supplement no day can be named."""
    assert Clock(started=THURSDAY, stopped=((THURSDAY, None),)).due(Workdays(), 2) is None
