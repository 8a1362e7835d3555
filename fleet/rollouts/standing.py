"""How one terminal fares with a release, and how many of a ring fare how.

Who says nothing is told apart by what was so before. A terminal that was gone before it took the
release proves nothing about it: it is ``absent``, and neither counts as well nor holds anybody up.
One that took it and then fell silent is ``lost``, and counts as a failure. One that is there and
does not take it is ``late`` after a while: not well, not a failure, no reason to wait for ever.

While a maintenance window is open, somebody works at its terminals: an open door or a pulled plug
says nothing about the release. Who would be ill or lost is ``held`` until the window ends, neither
well nor a failure, so that the gate waits; what still is so then counts. A terminal that says of
the release itself that it took it back or refused it has failed, window or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SILENCE: Final = timedelta(minutes=30)
"""A terminal that starts anew, or whose line is down for a moment, is not lost yet."""


class Standing(StrEnum):
    """How a terminal fares with a release."""

    WELL = "well"
    """It is in force, and nothing is the matter."""
    TRYING = "trying"
    """Fetched, checked, staged or on trial."""
    WAITING = "waiting"
    """It is there and has not taken it yet."""
    LATE = "late"
    """The same, for too long."""
    ABSENT = "absent"
    """It was gone before it took it."""
    ROLLED_BACK = "rolled_back"
    REFUSED = "refused"
    ILL = "ill"
    """It took it, and nobody can be served since."""
    LOST = "lost"
    """It took it, and is silent since."""
    HELD = "held"
    """It would be ill or lost, and somebody works there."""


FAILED: Final = frozenset({Standing.ROLLED_BACK, Standing.REFUSED, Standing.ILL, Standing.LOST})
_STEPS: Final = {
    "rolled_back": Standing.ROLLED_BACK,
    "refused": Standing.REFUSED,
    "committed": Standing.WELL,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What is known of a terminal.

    Attributes:
        step: of its update to this release; empty: it told of none.
        here: whether it is connected.
        here_at: since when; None: it was never seen.
        ill: a fault by which nobody can be served began after the ring was opened.
        at_work: a maintenance window of it is open.
    """

    step: str
    here: bool
    here_at: datetime | None
    ill: bool
    at_work: bool = False


def standing(seen: Seen, opened: datetime, now: datetime, late_after: timedelta) -> Standing:
    """Return how a terminal fares with a release.

    Args:
        seen: what is known of it.
        opened: when its ring was.
        now: the time.
        late_after: how long after that it should have taken it.
    """
    if not seen.step:
        if not seen.here:
            return Standing.ABSENT
        since = max(opened, seen.here_at or opened)
        return Standing.LATE if now - since >= late_after else Standing.WAITING
    told = _STEPS.get(seen.step, Standing.TRYING)
    if told in FAILED:
        return told
    if not seen.here:
        gone = now - (seen.here_at or opened)
        told = Standing.LOST if gone >= SILENCE else Standing.TRYING
    elif seen.ill:
        told = Standing.ILL
    return Standing.HELD if told in FAILED and seen.at_work else told


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many of a ring fare how."""

    well: int = 0
    trying: int = 0
    waiting: int = 0
    late: int = 0
    absent: int = 0
    rolled_back: int = 0
    refused: int = 0
    ill: int = 0
    lost: int = 0
    held: int = 0

    @classmethod
    def of(cls, counted: Iterable[tuple[Standing, int]]) -> Tally:
        """Add up."""
        sums: dict[str, int] = {}
        for one, count in counted:
            sums[one.value] = sums.get(one.value, 0) + count
        return cls(**sums)

    @property
    def failed(self) -> int:
        """Rolled back, refused, ill or lost."""
        return self.rolled_back + self.refused + self.ill + self.lost

    @property
    def all(self) -> int:
        """All of the ring."""
        return self.heard + self.late + self.absent

    @property
    def heard(self) -> int:
        """Those whose answer is there or awaited."""
        return self.well + self.trying + self.held + self.waiting + self.failed
