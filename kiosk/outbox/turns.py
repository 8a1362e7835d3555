"""Whose turn it is: kept in memory, by a clock that can't be set.

Every submission that is owed has a place (the jurisdiction it is for), and where nothing stands
against it a moment from which it may be tried. Places have lines of their own, and a line may rest:
then what is for other places goes first, and nobody waits for a line that is not theirs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable

FRESH = -1.0
"""The turn of what was never tried: before all that waits, for its citizen stands there."""

Rest = Callable[[str, bool], float]
"""Seconds for which the line to a place rests, for what is fresh or is not; 0: it may be used."""


def never(_place: str, _fresh: bool) -> float:
    """Say that no line rests."""
    return 0.0


class Turns:
    """Rows and their turns; whoever calls holds the store's lock."""

    def __init__(self) -> None:
        self._due: dict[int, float] = {}
        self._places: dict[int, str] = {}
        self._firm: set[int] = set()
        self._stopped: set[int] = set()

    def recover(self, rows: Iterable[tuple[int, str | None, str]], out: Collection[int]) -> None:
        """Begin anew with what is owed: row, why it is held, place; all is due but what is out."""
        listed = list(rows)
        self._places = {row: place for row, _, place in listed}
        self._stopped = {row for row, held, _ in listed if held is not None}
        self._due = {row: 0.0 for row in self._places if row not in self._stopped | set(out)}

    def add(self, row: int, place: str) -> None:
        """Take in what was never tried."""
        self._places[row] = place
        self._due[row] = FRESH

    def first(self, rest: Rest) -> int | None:
        """Return the row whose turn it is, of those whose line does not rest."""
        now = time.monotonic()
        rows = sorted((due, row) for row, due in self._due.items() if due <= now)
        return next((row for due, row in rows if rest(self._place(row), due == FRESH) <= 0), None)

    def wait(self, rest: Rest) -> float | None:
        """Return seconds until the next turn, or None."""
        now = time.monotonic()
        waits = [
            max(due - now, rest(self._place(row), due == FRESH)) for row, due in self._due.items()
        ]
        return max(0.0, min(waits)) if waits else None

    def take(self, row: int) -> None:
        """Give a turn away."""
        del self._due[row]
        self._firm.discard(row)

    def again(self, row: int, delay: float) -> None:
        """Give a new turn after ``delay`` seconds."""
        self._due[row] = time.monotonic() + delay

    def end(self, row: int) -> None:
        """Take a turn back: it is settled, or nobody may try."""
        self._due.pop(row, None)

    def forget(self, row: int) -> None:
        """Know nothing more of what is settled: it never comes back."""
        self._due.pop(row, None)
        self._places.pop(row, None)
        self._firm.discard(row)
        self._stopped.discard(row)

    def make_firm(self, row: int, *, firm: bool) -> None:
        """Say whether `hasten` leaves this one."""
        (self._firm.add if firm else self._firm.discard)(row)

    def hasten(self) -> None:
        """Make due now what is not firm."""
        for row in self._due.keys() - self._firm:
            self._due[row] = 0.0

    def stop(self, row: int) -> None:
        """Give no turns until `free`."""
        self._stopped.add(row)
        self._due.pop(row, None)

    def stopped(self, row: int) -> bool:
        """Say whether it gets no turns."""
        return row in self._stopped

    def free(self, row: int, *, out: bool) -> None:
        """Give turns again: now, unless it is being tried already."""
        self._stopped.discard(row)
        self._firm.discard(row)
        if not out:
            self._due[row] = 0.0

    def _place(self, row: int) -> str:
        return self._places.get(row, "")
