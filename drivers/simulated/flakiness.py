"""A device that fails by chance, the same way every time from the same seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

Fault = TypeVar("Fault")


def chance_of(command: Mapping[str, object]) -> tuple[float, int | None]:
    """Return chance and seed of ``{"flaky": chance, "seed"?: number}``.

    Raises:
        ValueError: The chance is not a number from 0 to 1, or the seed no whole number.
    """
    chance, seed = command["flaky"], command.get("seed")
    if isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 <= chance <= 1:
        raise ValueError("flaky is a number from 0 to 1")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise ValueError("seed is a whole number")
    return float(chance), seed


class Flakiness(Generic[Fault]):
    """Deals faults by chance; safe to change from one thread and ask from another.

    Args:
        faults: What may happen, all alike likely.
        seed: Where the chance begins.
    """

    def __init__(self, faults: Sequence[Fault], seed: int = 0) -> None:
        self._faults = tuple(faults)
        self._lock = threading.Lock()
        self._seed = seed
        self._chance = 0.0
        self._random = random.Random(seed)  # noqa: S311  # repeatable is what is wanted

    @property
    def chance(self) -> float:
        """How likely an answer is to fail, from 0 to 1."""
        return self._chance

    def control(self, command: Mapping[str, object]) -> None:
        """Take ``{"flaky": chance, "seed"?: number}``.

        Raises:
            ValueError: As `chance_of`; nothing was changed.
        """
        self.set(*chance_of(command))

    def set(self, chance: float, seed: int | None = None) -> None:
        """Fail this often from now on, beginning at `seed` (that of the start when None)."""
        with self._lock:
            self._chance = chance
            self._random.seed(self._seed if seed is None else seed)

    def fault(self) -> Fault | None:
        """Return the fault of the next answer; None for most, or all, of them."""
        with self._lock:
            if self._random.random() >= self._chance:
                return None
            return self._random.choice(self._faults)
