"""A due time as people read it: until when, how many working days are left, what is uncertain."""

from __future__ import annotations

from datetime import datetime

from intake.office import spoken
from intake.receiving.numbers import CHINA
from kiosk.domain.calendar import Workdays


def due_text(
    due: datetime,
    workdays: Workdays,
    now: datetime,
    *,
    before: str = "",
    example: bool = False,
) -> str:
    """Return ``12月11日 17:00（还有 9 个工作日）``, with what is not sure about it.

    ``before`` is what stands right behind the time: 前. ``example`` says that the authority has
    not confirmed the limits it is reckoned from.
    """
    left = workdays.days_left(now, due)
    notes = ["示例"] if example else []
    notes += [f"还有 {left} 个工作日"] if left > 1 and due > now else []
    if workdays.is_estimate(due):
        notes.append(uncertain(due))
    return spoken.time_text(due, now) + before + (f"（{'，'.join(notes)}）" if notes else "")


def uncertain(due: datetime) -> str:
    """Return why a day is an estimate."""
    year = due.astimezone(CHINA).year
    return f"{year} 年的放假安排这里还没有，按周一至周五估算"


def note(due: datetime, workdays: Workdays, *, example: bool = False) -> str:
    """Return what a notice says behind a due time: an example, an estimate, or nothing."""
    notes = ["示例"] if example else []
    notes += [uncertain(due)] if workdays.is_estimate(due) else []
    return f"（{'，'.join(notes)}）" if notes else ""
