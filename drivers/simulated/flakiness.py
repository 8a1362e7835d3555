"""A device that fails by chance, the same way every time from the same seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence

from drivers.simulated.faults import Fault


class Flakiness:
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

    def set(self, chance: object, seed: object = None) -> None:
        """Fail this often from now on, beginning at `seed` (that of the start when None).

        Raises:
            ValueError: The chance is not a number from 0 to 1, or the seed no whole number.
        """
        if isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 <= chance <= 1:
            raise ValueError("flaky is a number from 0 to 1")
        if seed is not None and not isinstance(seed, int):
            raise ValueError("seed is a whole number")
        with self._lock:
            self._chance = float(chance)
            self._random.seed(self._seed if seed is None else seed)

    def fault(self) -> Fault | None:
        """Return the fault of the next answer; None for most, or all, of them."""
        with self._lock:
            if self._random.random() >= self._chance:
                return None
            return self._random.choice(self._faults)
