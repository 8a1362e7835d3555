"""Counts of many terminals and days, added up; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

GRADES: Final = 5
HOURS: Final = 24
_NUMBERS: Final = (
    *("terminals", "visits", "submitted", "abandoned", "timed_out", "crashed"),
    *("slips_missing", "seen_minutes", "possible_minutes"),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What became of the visits for one thing; ``seconds`` are of the filed ones together."""

    visits: int = 0
    filed: int = 0
    seconds: int = 0

    @property
    def share(self) -> float | None:
        """How many of the visits were filed, 0 to 1."""
        return self.filed / self.visits if self.visits else None

    @property
    def minutes(self) -> float | None:
        """How long a filed one took, from the first touch to the end."""
        return self.seconds / self.filed / 60 if self.filed else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Sums; ``terminals`` counts a terminal once for each day that it reported on."""

    terminals: int = 0
    visits: int = 0
    submitted: int = 0
    abandoned: int = 0
    timed_out: int = 0
    crashed: int = 0
    slips_missing: int = 0
    seen_minutes: int = 0
    possible_minutes: int = 0
    """In which terminals could have been connected; those that told nothing count, too."""
    ratings: tuple[int, ...] = (0,) * GRADES
    hours: tuple[int, ...] = (0,) * HOURS
    things: Mapping[str, Thing] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)

    @property
    def chosen(self) -> Thing:
        """Over all things."""
        every = self.things.values()
        return Thing(
            sum(one.visits for one in every),
            sum(one.filed for one in every),
            sum(one.seconds for one in every),
        )

    @property
    def online(self) -> float | None:
        """For how much of the time terminals were connected; a silent day is a day without."""
        possible = self.possible_minutes
        return min(1.0, self.seen_minutes / possible) if possible else None

    @property
    def satisfied(self) -> float | None:
        """How many of those who rated were satisfied or very satisfied (GB/T 39735), 0 to 1."""
        rated = sum(self.ratings)
        return sum(self.ratings[3:]) / rated if rated else None

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of a day that is over."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Summary:
        """Read what `to_json` wrote."""
        things = {name: Thing(**own) for name, own in kept["things"].items()}
        numbers = {name: kept[name] for name in _NUMBERS}
        return cls(
            ratings=tuple(kept["ratings"]),
            hours=tuple(kept["hours"]),
            things=things,
            left=dict(kept["left"]),
            **numbers,
        )


def total(parts: Iterable[Summary]) -> Summary:
    """Add summaries up."""
    every = list(parts)
    ratings, hours = [0] * GRADES, [0] * HOURS
    things: dict[str, Thing] = {}
    left: Counter[str] = Counter()
    for part in every:
        ratings = [a + b for a, b in zip(ratings, part.ratings, strict=True)]
        hours = [a + b for a, b in zip(hours, part.hours, strict=True)]
        left.update(part.left)
        for name, own in part.things.items():
            old = things.get(name, Thing())
            things[name] = Thing(
                old.visits + own.visits, old.filed + own.filed, old.seconds + own.seconds
            )
    return replace(
        numbers(every),
        ratings=tuple(ratings),
        hours=tuple(hours),
        things=things,
        left=dict(left),
    )


def numbers(parts: Iterable[Summary]) -> Summary:
    """Add only the plain numbers up: without ratings, hours, things and pages; much quicker."""
    sums = dict.fromkeys(_NUMBERS, 0)
    for part in parts:
        for name in _NUMBERS:
            sums[name] += getattr(part, name)
    return Summary(ratings=(0,) * GRADES, hours=(0,) * HOURS, things={}, left={}, **sums)


def of_row(row: Any, minutes: int) -> Summary:
    """Return the counts of one terminal's day as they are kept (`fleet.store.model.Day`).

    ``minutes``: how many of the day are over.
    """
    return Summary(
        terminals=1,
        visits=row.visits,
        submitted=row.submitted,
        abandoned=row.abandoned,
        timed_out=row.timed_out,
        crashed=row.crashed,
        slips_missing=row.slips_missing,
        seen_minutes=min(row.seen_minutes, minutes),
        possible_minutes=minutes,
        ratings=tuple(row.ratings),
        hours=tuple(row.hours),
        things={
            own["thing"]: Thing(own["visits"], own["filed"], own["seconds"]) for own in row.things
        },
        left={own["page"]: own["visits"] for own in row.left_at},
    )
