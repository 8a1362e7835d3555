"""Whether the reading of a card still speaks for what is about to be sealed.

The intake refuses for good an application made more than two hours after the card was read, or
dated more than five minutes before it (:mod:`intake.receiving.verification`); by then the citizen
would have been told that it is stored.  So it is refused here, some minutes earlier and before
anything is sealed.  Age is told by the monotonic clock, which nobody sets; a wall clock that was
set since the reading would date the application wrongly, so that is refused as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kiosk.journey.facts import Card

LONGEST_S: Final = 110 * 60.0
"""Seconds from a reading to the sealing of what it speaks for."""
MOST_MOVED_S: Final = 4 * 60.0
"""Seconds that the wall clock may have been set by since the reading, either way."""
OLD: Final = "reading_old"
MOVED: Final = "clock_moved"


def unfit(card: Card, *, ticks: float, at: datetime) -> str | None:
    """Name what keeps a reading from being filed with now; None: nothing.

    Args:
        card: the reading; one without ``read_at`` was made by no reader, and nothing is known.
        ticks: the monotonic clock now, in seconds.
        at: the wall clock now.
    """
    if card.read_at is None:
        return None
    age = ticks - card.read_at
    if age > LONGEST_S:
        return OLD
    dated = (at - datetime.fromisoformat(card.evidence.evidence.time)).total_seconds()
    return MOVED if abs(dated - age) > MOST_MOVED_S else None
