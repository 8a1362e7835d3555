"""Working time (工作日、工作小时): what "within 2 working hours" and "10 working days" mean.

Monday to Friday, 9 to 12 and 13 to 17 in legal time; holidays, and weekends that are worked in
exchange, are data.  A period in days ends with its last working day, and the day it begins on does
not count (the rule of civil and administrative procedure).  A :class:`Clock` starts when an item is
accepted (受理) and stands still while the citizen supplements (补正).

Holidays are announced a year at a time.  A day of a year that the calendar does not have is counted
from Monday to Friday, without the festivals that have a fixed day by law, and a time computed so is
an estimate: whoever tells it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

LEGAL_TIME: Final = timezone(timedelta(hours=8), "CST")
"""Legal time of China; the whole country keeps it."""
SHIFTS: Final = ((time(9), time(12)), (time(13), time(17)))
"""Working hours of a working day."""
_FRIDAY: Final = 4
_FIXED: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the festivals that no announcement moves: 元旦、劳动节、国庆节
(全国年节及纪念日放假办法, as amended in 2024)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workdays:
    """A working calendar: ``closed`` days are holidays, ``worked`` ones are worked weekends.

    ``years`` are those whose holidays were announced; without any, every day is an estimate.
    """

    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether offices work on a day."""
        if day in self.worked:
            return True
        return day.weekday() <= _FRIDAY and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """Say whether a day is off as a holiday, and not as a plain weekend."""
        return day in self.closed or (day.month, day.day) in _FIXED

    def is_estimate(self, moment: datetime) -> bool:
        """Say whether a time to come rests on holidays that nobody has announced yet."""
        return _day(moment).year not in self.years

    def days_left(self, now: datetime, due: datetime) -> int:
        """Return the working days after today up to the day of ``due``; 0: that day is today."""
        day, last, left = _day(now), _day(due), 0
        while day < last:
            day += timedelta(days=1)
            left += self.is_working(day)
        return left

    def closing(self, moment: datetime) -> datetime:
        """Return the end of the working day of a moment; outside of one, of the next."""
        day = _day(moment)
        while not self.is_working(day) or _closes(day) < moment:
            day += timedelta(days=1)
        return _closes(day)

    def after_hours(self, start: datetime, hours: float) -> datetime:
        """Return the moment when ``hours`` working hours have passed since ``start``."""
        left = timedelta(hours=hours)
        for opens, closes in self._shifts(start.astimezone(LEGAL_TIME)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("working days never end")  # pragma: no cover

    def after_days(self, start: datetime, days: int) -> datetime:
        """Return the end of the ``days``-th working day after the day of ``start``."""
        return Clock(started=start).due(self, days) or start

    def _shifts(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what is left of the shifts from ``start`` on, without end."""
        day = start.date()
        while True:
            for opens, closes in SHIFTS if self.is_working(day) else ():
                begin = max(datetime.combine(day, opens, LEGAL_TIME), start)
                end = datetime.combine(day, closes, LEGAL_TIME)
                if begin < end:
                    yield begin, end
            day += timedelta(days=1)


NOTHING_KNOWN: Final = Workdays()
"""No holiday announced at all: Monday to Friday, and every time told an estimate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The clock of an accepted item.

    ``stopped`` are the times it stood still, each from the notice to the moment the supplement was
    there; None: it is not there yet.  The day of the notice counts no more, and the day the
    supplement comes does not count yet, as the day a period begins on never does.
    """

    started: datetime
    stopped: tuple[tuple[datetime, datetime | None], ...] = ()

    def due(self, workdays: Workdays, days: int) -> datetime | None:
        """Return the end of the ``days``-th working day that counts.

        None while it stands still; days that were over before stay over.
        """
        day, left = _day(self.started), max(days, 1)
        while left:
            day += timedelta(days=1)
            if self._awaits(day):
                return None
            left -= workdays.is_working(day) and not self._stands(day)
        return _closes(day)

    def left(self, workdays: Workdays, days: int) -> int:
        """Return how many of the days are left when the supplement comes that is awaited now."""
        day, left = _day(self.started), max(days, 1)
        while left and not self._awaits(day := day + timedelta(days=1)):
            left -= workdays.is_working(day) and not self._stands(day)
        return left

    @property
    def stands(self) -> bool:
        """Whether a supplement is awaited."""
        return any(until is None for _, until in self.stopped)

    def _awaits(self, day: date) -> bool:
        return any(_day(since) <= day for since, until in self.stopped if until is None)

    def _stands(self, day: date) -> bool:
        return any(
            _day(since) <= day <= _day(until) for since, until in self.stopped if until is not None
        )


def _closes(day: date) -> datetime:
    return datetime.combine(day, SHIFTS[-1][1], LEGAL_TIME)


def _day(moment: datetime) -> date:
    return moment.astimezone(LEGAL_TIME).date()
