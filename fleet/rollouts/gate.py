"""The gate between two rings: pure, and of the time that it is given.

It judges figure by figure. One bad figure, and the release comes back; all of them good, and the
next ring may begin; otherwise it is too soon. Visits are compared with those of terminals that do
not have the release, in the same days; where there are none left, with the same terminals' week
before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from fleet.rollouts.chance import at_least, smoothed
from fleet.rollouts.counts import Counts
from fleet.rollouts.standing import Tally

SAMPLE: Final = 30
"""Visits below which a comparison says nothing."""
RARE: Final = 0.01
"""What happens by chance once in a hundred rollouts is taken as no chance."""
MANY: Final = 0.1
"""More of those who answer never fail unseen, whatever a releaser asks for: ten of ten thousand are
few, ten of twenty are a release that does not work. Who is absent proves nothing either way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a gate asks for.

    Attributes:
        soak_s: seconds that a ring is open at least.
        well_share: of those who answer and did not fail, how many must have it in force.
        heard_share: of all of the ring, how many must have it in force, whoever is silent.
        failed_share: of all of the ring, how many may fail; in the first ring none may.
        failed_few: so many may fail in any later ring, unless they are `MANY`.
        late_s: seconds after which one that is there and does not take it is waited for no more.
        longest_s: seconds after which persons are asked, when it is still too soon to tell.
        crash_margin: by how much the share of visits that crash may be larger than elsewhere.
        done_margin: by how much the share of visits that end in a submission may be smaller.
    """

    soak_s: int = 3600
    well_share: float = 0.95
    heard_share: float = 0.5
    failed_share: float = 0.01
    failed_few: int = 1
    late_s: int = 7200
    longest_s: int = 3 * 86400
    crash_margin: float = 0.01
    done_margin: float = 0.02


class State(StrEnum):
    """What a figure says."""

    GOOD = "good"
    WAIT = "wait"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One figure of a gate: its name, what is so, what is asked for, and what that means."""

    name: str
    now: str
    limit: str
    state: State


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a ring is judged by.

    Attributes:
        number: of the ring, from 0.
        opened: when.
        tally: how its terminals fare.
        own: visits of its terminals since.
        others: visits of those it is compared with.
    """

    number: int
    opened: datetime
    tally: Tally
    own: Counts
    others: Counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a gate says."""

    state: State
    figures: tuple[Figure, ...]
    tally: Tally
    overdue: bool = False
    """It is too soon to tell, and has been for too long."""

    @property
    def why(self) -> str:
        """Name of the first bad figure; empty: none is."""
        return next((own.name for own in self.figures if own.state is State.BAD), "")


def judge(facts: Facts, limits: Limits, now: datetime) -> Verdict:
    """Judge a ring."""
    figures = (
        _failed(facts, limits),
        _well(facts.tally, limits),
        _heard(facts.tally, limits),
        _crashes(facts, limits),
        _done(facts, limits),
        _soaked(facts, limits, now),
    )
    state = _worst(own.state for own in figures)
    overdue = state is State.WAIT and now - facts.opened >= timedelta(seconds=limits.longest_s)
    return Verdict(state=state, figures=figures, tally=facts.tally, overdue=overdue)


def may_fail(number: int, tally: Tally, limits: Limits) -> int:
    """Return how many of a ring may fail: of the first none, of a later one never `MANY`."""
    if number == 0:
        return 0
    asked = max(limits.failed_few, int(tally.all * limits.failed_share))
    return min(asked, max(1, int(tally.heard * MANY)))


def _worst(states: Iterable[State]) -> State:
    told: Sequence[State] = tuple(states)
    return next((own for own in (State.BAD, State.WAIT) if own in told), State.GOOD)


def _failed(facts: Facts, limits: Limits) -> Figure:
    most = may_fail(facts.number, facts.tally, limits)
    state = State.BAD if facts.tally.failed > most else State.GOOD
    return Figure(name="failed", now=str(facts.tally.failed), limit=f"≤ {most}", state=state)


def _well(tally: Tally, limits: Limits) -> Figure:
    answering = tally.heard - tally.failed  # how many may fail is a figure of its own
    share = tally.well / answering if answering else 0.0
    state = State.GOOD if share >= limits.well_share else State.WAIT
    return Figure(
        name="well", now=_percent(share), limit=f"≥ {_percent(limits.well_share)}", state=state
    )


def _heard(tally: Tally, limits: Limits) -> Figure:
    least = max(1, math.ceil(tally.all * limits.heard_share))
    state = State.GOOD if tally.well >= least else State.WAIT
    return Figure(name="heard", now=str(tally.well), limit=f"≥ {least}", state=state)


def _crashes(facts: Facts, limits: Limits) -> Figure:
    own, others = facts.own, facts.others
    usual = smoothed(others.crashed, others.visits) if others.visits >= SAMPLE else 0.0
    most = usual + limits.crash_margin
    is_bad = own.crashed >= 2 and at_least(own.crashed, max(own.visits, own.crashed), most) < RARE
    return Figure(
        name="crashes",
        now=f"{own.crashed} / {own.visits}",
        limit=f"≤ {_percent(most)}",
        state=State.BAD if is_bad else State.GOOD,
    )


def _done(facts: Facts, limits: Limits) -> Figure:
    own, others = facts.own, facts.others
    if min(own.visits, others.visits) < SAMPLE:
        now = f"{own.submitted} / {own.visits}"
        return Figure(name="done", now=now, limit="", state=State.GOOD)
    missed = max(0, own.visits - own.submitted)
    usual = smoothed(max(0, others.visits - others.submitted), others.visits)
    most = min(1.0, usual + limits.done_margin)
    is_bad = at_least(missed, own.visits, most) < RARE
    return Figure(
        name="done",
        now=f"{own.submitted} / {own.visits}",
        limit=f"≥ {_percent(1 - most)}",
        state=State.BAD if is_bad else State.GOOD,
    )


def _soaked(facts: Facts, limits: Limits, now: datetime) -> Figure:
    minutes = int((now - facts.opened).total_seconds() // 60)
    is_over = now - facts.opened >= timedelta(seconds=limits.soak_s)
    return Figure(
        name="soaked",
        now=f"{minutes} min",
        limit=f"≥ {-(-limits.soak_s // 60)} min",
        state=State.GOOD if is_over else State.WAIT,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
