"""The faults that were asked for and those that come by chance, as one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drivers.simulated.faults import Fault, FaultKind, FaultPlan
from drivers.simulated.flakiness import Flakiness


class FlakyFaults(FaultPlan):
    """A `FaultPlan` that takes `{"flaky": 0.1}` too, the same in every run from one seed.

    Args:
        supported: The kinds this device can show.
        by_chance: Those that come by chance.
        seed: Where the chance begins.
    """

    def __init__(
        self, supported: frozenset[FaultKind], by_chance: Sequence[FaultKind | Fault], seed: int = 0
    ) -> None:
        super().__init__(supported)
        faults = [one if isinstance(one, Fault) else Fault(kind=one) for one in by_chance]
        self._flakiness = Flakiness(faults, seed)

    @property
    def chance(self) -> float:
        """How likely an answer goes wrong by chance, from 0 to 1."""
        return self._flakiness.chance

    def add(self, command: Mapping[str, object]) -> bool:
        """Take what `FaultPlan.add` takes, and `{"flaky": 0.1, "seed": 7}`.

        Raises:
            ValueError: The fault is unknown, or the chance is not one; nothing was changed.
        """
        if "flaky" not in command:
            return super().add(command)
        self._flakiness.control(command)
        return True

    def take(self, *, at_work: bool) -> Fault | None:
        """Return the fault of an answer, asked for or by chance."""
        return super().take(at_work=at_work) or self._flakiness.fault()
