"""Faults by chance: each answer goes wrong with a probability, the same way in every run."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from drivers.simulated.faults import Fault, FaultKind, FaultPlan


class FlakyFaults(FaultPlan):
    """The faults that were asked for, and those that come by chance.

    Args:
        supported: The kinds this device can show.
        by_chance: Those that come by chance.
        seed: Where the chance begins.
    """

    def __init__(
        self, supported: frozenset[FaultKind], by_chance: Sequence[FaultKind], seed: int = 0
    ) -> None:
        super().__init__(supported)
        self._by_chance = tuple(by_chance)
        self._dice = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
        self._chance = 0.0

    @property
    def chance(self) -> float:
        """How likely an answer goes wrong by chance, from 0 to 1."""
        return self._chance

    def add(self, command: Mapping[str, object]) -> bool:
        """Take what `FaultPlan.add` takes, and `{"flaky": 0.1}`.

        Raises:
            ValueError: The fault is unknown, or the chance is not one; nothing was changed.
        """
        if "flaky" not in command:
            return super().add(command)
        chance = command["flaky"]
        if isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 <= chance <= 1:
            raise ValueError("flaky is a number from 0 to 1")
        self._chance = float(chance)
        return True

    def take(self, *, at_work: bool) -> Fault | None:
        """Return the fault of an answer, asked for or by chance."""
        fault = super().take(at_work=at_work)
        if fault is None and self._dice.random() < self._chance:
            return Fault(kind=self._dice.choice(self._by_chance))
        return fault
