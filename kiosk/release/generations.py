"""Directories of releases: ``generations/7``, and the name ``current`` that points to one.

Two are kept: the one in force and the one before it.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

from kiosk.release import durable

_HALF: Final = ".part"


class Generations:
    """The generations below a folder of releases."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of releases."""
        self._folder = folder
        self._place = folder / "generations"
        self._current = folder / "current"
        self._place.mkdir(parents=True, exist_ok=True)

    @property
    def current(self) -> int:
        """The number in force; 0: none, the program's own configuration is."""
        try:
            return int(self._current.readlink().name)
        except (OSError, ValueError):
            return 0

    def path(self, number: int) -> Path:
        """Return where a generation is, or will be."""
        return self._place / str(number)

    def half(self, number: int) -> Path:
        """Return where a generation is made; what a power cut left there is gone."""
        place = self._place / f"{number}{_HALF}"
        shutil.rmtree(place, ignore_errors=True)
        return place

    def finish(self, number: int) -> Path:
        """Give a generation that was made its name."""
        done = self.path(number)
        shutil.rmtree(done, ignore_errors=True)  # of the same number, cut off before it was noted
        (self._place / f"{number}{_HALF}").replace(done)
        durable.flush(self._place)
        return done

    def numbers(self) -> tuple[int, ...]:
        """Return the generations that are there."""
        return tuple(sorted(int(own.name) for own in self._place.iterdir() if own.name.isdigit()))

    def fresh(self, *others: int) -> int:
        """Return a number that was not used yet."""
        return max((*self.numbers(), *others, self.current, 0)) + 1

    def put_in_force(self, number: int) -> None:
        """Let ``current`` point to a generation; 0 takes the name away."""
        if number == self.current:
            return
        if number:
            durable.point(self._current, Path("generations") / str(number))
        else:
            self._current.unlink(missing_ok=True)
            durable.flush(self._folder)

    def keep(self, numbers: Collection[int]) -> None:
        """Remove all others; the one in force always stays."""
        for own in self._place.iterdir():
            name = own.name
            if not (name.isdigit() and int(name) in {*numbers, self.current}):
                shutil.rmtree(own, ignore_errors=True)
