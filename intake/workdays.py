"""Working time (工作日、工作小时): what "within 2 working hours" means on a clock.

Monday to Friday, 9 to 12 and 13 to 17 in legal time.  Holidays, and weekends that are worked in
exchange, are data: ``workdays.toml`` beside this file, or the file given to ``serve --workdays``.
A period in days ends with its last working day, and the day it begins on does not count (the rule
of civil and administrative procedure).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

from intake.numbers import CHINA

SHIFTS: Final = ((time(9), time(12)), (time(13), time(17)))
"""Working hours of a working day."""
_FRIDAY: Final = 4


class WorkdaysError(ValueError):
    """The file of holidays is missing or not as documented."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workdays:
    """A working calendar: ``closed`` days are holidays, ``worked`` ones are worked weekends."""

    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether offices work on a day."""
        return day in self.worked or (day.weekday() <= _FRIDAY and day not in self.closed)

    def after_hours(self, start: datetime, hours: float) -> datetime:
        """Return the moment when ``hours`` working hours have passed since ``start``."""
        left = timedelta(hours=hours)
        for opens, closes in self._shifts(start.astimezone(CHINA)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("working days never end")  # pragma: no cover

    def after_days(self, start: datetime, days: int) -> datetime:
        """Return the end of the ``days``-th working day after the day of ``start``."""
        day = start.astimezone(CHINA).date()
        left = max(days, 1)
        while left:
            day += timedelta(days=1)
            left -= self.is_working(day)
        return datetime.combine(day, SHIFTS[-1][1], CHINA)

    def _shifts(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what is left of the shifts from ``start`` on, without end."""
        day = start.date()
        while True:
            for opens, closes in SHIFTS if self.is_working(day) else ():
                begin = max(datetime.combine(day, opens, CHINA), start)
                end = datetime.combine(day, closes, CHINA)
                if begin < end:
                    yield begin, end
            day += timedelta(days=1)


def read(path: Path | None = None) -> Workdays:
    """Read a file of ``closed`` and ``worked`` days (TOML dates); without one, our own.

    Raises:
        WorkdaysError: it is missing or not as documented.
    """
    try:
        source = path or resources.files("intake") / "workdays.toml"
        lists = tomllib.loads(source.read_text("utf-8"))
        return Workdays(closed=_days(lists, "closed"), worked=_days(lists, "worked"))
    except (OSError, ValueError, TypeError) as error:
        raise WorkdaysError(f"{path}: {error}") from error


def _days(lists: dict[str, object], name: str) -> frozenset[date]:
    days = lists.get(name, [])
    if not isinstance(days, list) or not all(type(day) is date for day in days):
        raise WorkdaysError(f"{name} is not a list of dates")
    return frozenset(days)
