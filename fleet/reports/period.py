"""The days a report is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from fleet.terminals.days import HALL

MINUTES_OF_A_DAY: Final = 24 * 60
LONGEST: Final = 366
"""Days that a report covers at most."""
_USUAL: Final = 7


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both counted."""

    first: date
    last: date

    @classmethod
    def read(cls, first: str, last: str, today: date) -> Period:
        """Return what somebody asked for, put right where it can't be.

        What is no date is the last week; nothing ends after today; ends the wrong way round are
        turned; more than a year is a year.
        """
        end = min(_date(last) or today, today)
        start = _date(first) or end - timedelta(days=_USUAL - 1)
        if start > end:
            start, end = end, min(start, today)
        return cls(max(start, end - timedelta(days=LONGEST - 1)), end)

    def days(self) -> Iterator[date]:
        """Yield each day, the oldest first."""
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=1)

    def __len__(self) -> int:
        return (self.last - self.first).days + 1


def minutes_of(day: date, now: datetime) -> int:
    """Return how many minutes of a day in the halls are over."""
    passed = now.astimezone(HALL) - datetime.combine(day, time(), HALL)
    return min(MINUTES_OF_A_DAY, max(1, int(passed.total_seconds() // 60)))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
