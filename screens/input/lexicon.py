"""An engine together with the city's word lists: what the letters of a field may stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from screens.input.engine import BREAK, Candidate, PinyinEngine, Reading
from screens.input.seeds import Purpose, Seeds

GIVEN_SYLLABLES: Final = 2
"""Most syllables of a given name."""


class Lexicon:
    """Answers with candidates in the order that serves what is being written."""

    def __init__(self, engine: PinyinEngine, seeds: Seeds) -> None:
        """Ask ``engine``, arrange by ``seeds``."""
        self._engine, self._seeds = engine, seeds

    @property
    def available(self) -> bool:
        """Whether letters can become words."""
        return self._engine.available

    def look_up(self, letters: str, purpose: Purpose = Purpose.TEXT) -> Reading:
        """Return the reading of ``letters``, best candidate first."""
        reading = self._seeds.arrange(letters, self._engine.look_up(letters), purpose)
        if purpose is not Purpose.NAME:
            return reading
        return self._with_names(letters, reading)

    def reset(self) -> None:
        """Forget the last letters."""
        self._engine.reset()

    def _with_names(self, letters: str, reading: Reading) -> Reading:
        """Add whole names, which no dictionary has: a surname, and the best for the rest."""
        names = tuple(self._names(letters, reading))
        if not names:
            return reading
        found = reading.candidates
        # Two syllables are often a word or a given name; three are hardly ever a word.
        place = 0 if len(reading.syllables) > GIVEN_SYLLABLES else 1
        ordered = dict.fromkeys((*found[:place], *names, *found[place:]))
        return replace(reading, candidates=tuple(ordered))

    def _names(self, letters: str, reading: Reading) -> Iterator[Candidate]:
        """Yield the likeliest surname with two given names, the next one with the first."""
        surnames, given = self._parted(letters, reading.syllables)
        if not surnames:
            return
        rest = self._seeds.arrange(given, self._engine.look_up(given), Purpose.NAME)
        whole = [one.words for one in rest.candidates[:8] if one.letters == len(given)]
        pairs = ((0, 0), (0, 1), (1, 0))
        for surname, name in pairs:
            if surname < len(surnames) and name < len(whole):
                yield Candidate(words=surnames[surname] + whole[name], letters=len(letters))

    def _parted(self, letters: str, syllables: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """Return the surnames the letters may begin with, and the letters after them."""
        for count in (2, 1):
            given = syllables[count:]
            surnames = self._seeds.surnames.get(BREAK.join(syllables[:count]), ())
            if surnames and 1 <= len(given) <= GIVEN_SYLLABLES:
                left = letters
                for syllable in syllables[:count]:
                    left = left.removeprefix(syllable).lstrip(BREAK)
                return surnames, left
        return (), ""
