"""How often somebody may try: five times, then ever longer waits, and fifteen times at all. Pure.

Theory of operation
-------------------
A try is *counted before it is judged*, and the count is on the disk before the PIN is looked at: a
power cut between the two costs a try and never gives one back.  The right PIN sets the counts of
its card and of the terminal to nothing.

There are two counts: of each card, so that a stolen card is worth fifteen guesses however long one
has it, and of all cards together, so that who holds several gains nothing by changing them.  What
is at fifteen is locked until somebody with the right to it unlocks it (``kiosk staff unlock``).

Waits run on a clock that only goes forward and begin anew with the process: neither a set clock nor
a restart shortens one.  Nothing of the wall clock is kept.

The figures are those of VotingWorks' access control: 5 tries, then 15 s doubling, locked at 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

FREE: Final = 5
"""Tries without a wait."""
MOST: Final = 15
"""Tries after which nothing more is taken."""
FIRST_WAIT_S: Final = 15.0
ALL: Final = "*"
"""Name of the count over all cards."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What is kept on the disk: tries by card, and over all under `ALL`."""

    tries: Mapping[str, int] = field(default_factory=dict)

    def of(self, card: str) -> int:
        """Return how many tries stand against a card."""
        return self.tries.get(card, 0)

    def begun(self, card: str) -> Counts:
        """Return the counts with one more try."""
        more = {name: self.of(name) + 1 for name in (card, ALL)}
        return replace(self, tries={**self.tries, **more})

    def noted(self, name: str) -> Counts:
        """Return the counts with one more under a name alone: it makes nobody else wait."""
        return replace(self, tries={**self.tries, name: self.of(name) + 1})

    def right(self, card: str) -> Counts:
        """Return the counts after the right PIN."""
        return self.unlocked(card).unlocked(ALL)

    def unlocked(self, card: str) -> Counts:
        """Return the counts with nothing against a card."""
        return replace(self, tries={name: n for name, n in self.tries.items() if name != card})

    def locked(self, card: str) -> bool:
        """Say whether nothing more is taken of a card."""
        return max(self.of(card), self.of(ALL)) >= MOST

    def left(self, card: str) -> int:
        """Return how many tries are left."""
        return max(0, MOST - max(self.of(card), self.of(ALL)))

    def wait(self, card: str) -> float:
        """Return the seconds that have to pass after the last try."""
        return max(wait(self.of(card)), wait(self.of(ALL)))


def wait(tries: int) -> float:
    """Return the seconds to wait after so many wrong tries."""
    return 0.0 if tries < FREE else FIRST_WAIT_S * 2.0 ** (min(tries, 2 * MOST) - FREE)


@dataclass(slots=True)
class Waits:
    """Since when each count's wait runs; made anew with the process, so waits begin anew too."""

    begun: float
    """When the process began, by a clock that only goes forward."""
    last: dict[str, float] = field(default_factory=dict)

    def left(self, counts: Counts, card: str, now: float) -> float:
        """Return the seconds until the next try of a card."""
        return max(self.left_of(counts, name, now) for name in (card, ALL))

    def left_of(
        self, counts: Counts, name: str, now: float, longest: float = float("inf")
    ) -> float:
        """Return the seconds that one count alone makes wait, of at most so long a wait."""
        due = self.last.get(name, self.begun) + min(wait(counts.of(name)), longest)
        return max(0.0, due - now)

    def tried(self, card: str, now: float) -> None:
        """Begin the waits anew."""
        self.last[card] = self.last[ALL] = now


def from_document(document: object) -> Counts:
    """Read kept counts; what cannot be read is locked: a damaged file gives no tries back."""
    tries = document.get("tries") if isinstance(document, dict) else None
    if not isinstance(tries, dict):
        return Counts(tries={ALL: MOST})
    if any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for n in tries.values()):
        return Counts(tries={ALL: MOST})
    return Counts(tries={str(name): n for name, n in tries.items()})
