"""What an engine of Chinese input has to give.

An engine is asked with letters and answers with words; it is never told what was chosen, so it
cannot learn: nothing one citizen writes can be offered to another.  What has been chosen is kept
by :mod:`screens.input.composition`, which asks again with the letters that are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

BREAK: Final = "'"
"""Stands between two syllables where the letters alone could be read otherwise: ``xi'an``."""
MAX_LETTERS: Final = 36
"""Most letters of one composition."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Words that the letters may stand for."""

    words: str
    letters: int
    """How many of the letters (breaks counted) these words use up, from the first; ≥ 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What an engine makes of letters."""

    syllables: tuple[str, ...] = ()
    """The letters, cut as the engine reads them, breaks left out."""
    candidates: tuple[Candidate, ...] = ()
    """Best first; words before single characters."""


class PinyinEngine(Protocol):
    """Turns letters into words; asked from the UI thread, so every answer within 5 ms."""

    @property
    def available(self) -> bool:
        """Whether there is a dictionary: without one only letters can be written."""

    def look_up(self, letters: str) -> Reading:
        """Return the reading of ``letters`` (a–z and :data:`BREAK`, ≤ :data:`MAX_LETTERS`)."""

    def reset(self) -> None:
        """Forget the last letters."""


class AbsentEngine:
    """Stands in when no engine could be opened: honest, and never in the way."""

    available: Final = False

    def look_up(self, letters: str) -> Reading:
        """Return the letters themselves, with nothing to choose."""
        parts = tuple(part for part in letters.split(BREAK) if part)
        return Reading(syllables=parts)

    def reset(self) -> None:
        """Forget nothing: there is nothing."""
