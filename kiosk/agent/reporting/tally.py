"""The day's counts, from the events that the terminal logs anyway; pure.

Counts are types and numbers, so are the events. A day is the terminal's own (UTC+8 in all of
China); after midnight everything begins at nought. After a start the agent lets the log's events of
the day happen again, so that a restart loses nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Final

from kiosk.journey.states import State
from kiosk.status.state import Day, LeftAt, ThingDay

HALL: Final = timezone(timedelta(hours=8))
GRADES: Final = 5
THINGS: Final = 64
"""Most things that a state has room for; the busiest are told."""
NO_THING: Final = "none"
LONGEST_VISIT_S: Final = 7_200
"""Longer is a clock that was set, or a visit that staff freed."""
_PAGES: Final = frozenset(one.value for one in State)
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z-]{0,63}")
"""A thing's name in the catalogue; a session tells it, so it is looked at."""
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
        self._things: Counter[tuple[str, str]] = Counter()
        self._left: Counter[str] = Counter()

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
            case "visit_outcome":
                self._outcome(fields)

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
            things=self._told_things(),
            left=tuple(
                LeftAt(page=page, visits=visits) for page, visits in sorted(self._left.items())
            ),
        )

    def _outcome(self, fields: Fields) -> None:
        thing, page = str(fields.get("thing", NO_THING)), str(fields.get("page", ""))
        if thing == NO_THING or page not in _PAGES or not _NAME.fullmatch(thing):
            return
        self._things[thing, "visits"] += 1
        seconds = fields.get("seconds")
        if not fields.get("filed"):
            self._left[page] += 1
        elif isinstance(seconds, int):
            self._things[thing, "filed"] += 1
            self._things[thing, "seconds"] += min(max(seconds, 0), LONGEST_VISIT_S)

    def _told_things(self) -> tuple[ThingDay, ...]:
        counts = self._things
        busiest = sorted(
            {thing for thing, _what in counts}, key=lambda own: (-counts[own, "visits"], own)
        )
        return tuple(
            ThingDay(
                thing=own,
                visits=counts[own, "visits"],
                filed=counts[own, "filed"],
                seconds=counts[own, "seconds"],
            )
            for own in busiest[:THINGS]
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
            self._things.clear()
            self._left.clear()
        return day == self._date
