"""Sums of visits, by which terminals are compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Sums of days, by which terminals are compared."""

    visits: int = 0
    submitted: int = 0
    crashed: int = 0

    def __add__(self, more: Counts) -> Counts:
        """Return both together."""
        return Counts(
            visits=self.visits + more.visits,
            submitted=self.submitted + more.submitted,
            crashed=self.crashed + more.crashed,
        )

    def since(self, before: Counts) -> Counts:
        """Return what was added since other sums."""
        return Counts(
            visits=max(0, self.visits - before.visits),
            submitted=max(0, self.submitted - before.submitted),
            crashed=max(0, self.crashed - before.crashed),
        )
