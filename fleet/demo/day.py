"""How a day goes at a terminal: who comes in which hour, how long, and what becomes of it. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_SHARES: Final = (
    *(0.2, 0.1, 0.1, 0.1, 0.1, 0.3, 0.8, 2.5),
    *(8.0, 12.0, 11.0, 8.5, 4.0, 5.0, 9.5, 11.0),
    *(9.0, 6.5, 3.5, 2.8, 2.2, 1.5, 0.8, 0.5),
)
"""Per cent of a day's visits in each hour: two peaks, a dip at noon, somebody at any hour."""
LEAST_A_HOUR: Final = 12.0
"""Visits of a terminal that somebody watches: else nothing moves in an evening."""
_LONG_S: Final = (40.0, 200.0)
_REASON: Final = {"abandoned": 0.05, "timed_out": 0.03}
SUBMITS: Final = 0.62
RATES: Final = 0.4
_GRADES: Final = (1, 1, 1, 4, 93)
"""Of a hundred ratings, from very dissatisfied to very satisfied."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A visit as it will go.

    Attributes:
        lasts_s: seconds.
        how: it ends.
        submits: something is filed.
        grade: given at the end, or 0.
    """

    lasts_s: float
    how: str
    submits: bool
    grade: int


def a_visit(chance: random.Random) -> Visit:
    """Return a visit."""
    lot = chance.random()
    how = "finished"
    for word, share in _REASON.items():
        if lot < share:
            how = word
            break
        lot -= share
    finished = how == "finished"
    return Visit(
        lasts_s=chance.uniform(*_LONG_S),
        how=how,
        submits=finished and chance.random() < SUBMITS,
        grade=_grade(chance) if finished and chance.random() < RATES else 0,
    )


def so_far(chance: random.Random, busy: int, now: datetime) -> Iterator[tuple[datetime, Visit]]:
    """Yield the visits of a day until now, with the moment at which each began."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for hour, share in enumerate(_SHARES):
        count = _about(chance, busy * share / 100)
        for _ in range(count):
            at = midnight + timedelta(hours=hour, seconds=chance.uniform(0, 3599))
            if at < now:
                yield at, a_visit(chance)


def pause_s(chance: random.Random, busy: int, now: datetime) -> float:
    """Return the seconds until somebody comes."""
    an_hour = max(LEAST_A_HOUR, busy * _SHARES[now.hour] / 100)
    return chance.expovariate(an_hour / 3600)


def _about(chance: random.Random, mean: float) -> int:
    """Return a whole number around a mean."""
    whole = int(mean)
    return whole + (chance.random() < mean - whole)


def _grade(chance: random.Random) -> int:
    return chance.choices(range(1, 6), weights=_GRADES)[0]
