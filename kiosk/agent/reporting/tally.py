"""The day's counts, from the events that the terminal logs anyway; pure.

Counts are types and numbers, so are the events. A day is the terminal's own (UTC+8 in all of
China); after midnight everything begins at nought. After a start the agent lets the log's events of
the day happen again, so that a restart loses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Final

from kiosk.status.state import Day

HALL: Final = timezone(timedelta(hours=8))
GRADES: Final = 5
_ENDS: Final = {
    "abandoned": "abandoned",
    "timed_out": "timed_out",
    "crashed": "crashed",
    "hung": "crashed",
}

Fields = Mapping[str, object]


class Tally:
    """Counts of one day."""

    def __init__(self) -> None:
        self._date: date | None = None
        self._counts: Counter[str] = Counter()
        self._hours: Counter[int] = Counter()
        self._grades: Counter[int] = Counter()

    def heard(self, event: str, fields: Fields, at: datetime) -> None:
        """Count an event; ``at`` with its offset. What is older than the day is not counted."""
        own = at.astimezone(HALL)
        if not self._turned(own.date()):
            return
        match event:
            case "visit_began":
                self._counts["visits"] += 1
                self._hours[own.hour] += 1
            case "visit_ended":
                self._counts[_ENDS.get(str(fields.get("how")), "finished")] += 1
            case "submission_stored":
                self._counts["submitted"] += 1
            case "receipt_not_printed":
                self._counts["slips_missing"] += 1
            case "visit_rated":
                self._grade(fields.get("grade"))

    def day(self, now: datetime) -> Day:
        """Return the counts of the day that ``now`` is in."""
        self._turned(now.astimezone(HALL).date())
        counts = self._counts
        return Day(
            visits=counts["visits"],
            submitted=counts["submitted"],
            abandoned=counts["abandoned"],
            timed_out=counts["timed_out"],
            crashed=counts["crashed"],
            slips_missing=counts["slips_missing"],
            ratings=tuple(self._grades[grade] for grade in range(1, GRADES + 1)),
            hours=tuple(self._hours[hour] for hour in range(24)),
        )

    def _grade(self, grade: object) -> None:
        if isinstance(grade, int) and 1 <= grade <= GRADES:
            self._grades[grade] += 1

    def _turned(self, day: date) -> bool:
        """Begin a new day when it is one; say whether ``day`` is the day that is counted."""
        if self._date is None or day > self._date:
            self._date = day
            self._counts.clear()
            self._hours.clear()
            self._grades.clear()
        return day == self._date
