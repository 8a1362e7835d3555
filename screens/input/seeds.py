"""The words this city's citizens write most, and the order they are offered in.

Read from ``assets/pinyin``: a line is a word and its reading, or a reading and its characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from screens.input.engine import BREAK, Candidate, Reading
from standards import data_root


class Purpose(StrEnum):
    """What is being written; it decides only the order of candidates."""

    NAME = "name"
    """A person's name: surnames and name characters come before other single characters."""
    TEXT = "text"
    """Anything else, such as an address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seeds:
    """Words and characters to be offered first."""

    words: Mapping[str, int] = field(default_factory=dict)
    """Word → its place in the lists, smaller is better."""
    readings: tuple[tuple[str, str], ...] = ()
    """(word, its syllables joined by breaks), what the dictionary is taught."""
    spelled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Reading without breaks → words that are read so."""
    surnames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Reading (syllables joined by breaks) → surnames that are read so, frequent ones first."""
    characters: Mapping[str, str] = field(default_factory=dict)
    """Syllable → characters of names with this reading, surnames first."""
    rare: Mapping[str, str] = field(default_factory=dict)
    """Syllable → characters that the engine's dictionary lacks."""

    def arrange(self, letters: str, reading: Reading, purpose: Purpose) -> Reading:
        """Return ``reading`` in the order that serves ``purpose``, rare characters at its end."""
        found = dict.fromkeys(
            (
                *reading.candidates,
                # The decoder forgets some of the words it was taught.
                *self._whole(letters, self.spelled.get(letters.replace(BREAK, ""), ())),
                *self._whole(letters, self.rare.get(letters.strip(BREAK), "")),
            )
        )
        first = self._characters(reading, purpose)
        ordered = sorted(found, key=lambda one: self._rank(one, letters, first))
        return Reading(syllables=reading.syllables, candidates=tuple(ordered))

    @staticmethod
    def _whole(letters: str, words: Iterable[str]) -> Iterator[Candidate]:
        """Yield candidates that use up all the letters."""
        return (Candidate(words=word, letters=len(letters)) for word in words)

    def _characters(self, reading: Reading, purpose: Purpose) -> str:
        if purpose is not Purpose.NAME or not reading.syllables:
            return ""
        return self.characters.get(reading.syllables[0], "")

    def _rank(self, one: Candidate, letters: str, first: str) -> tuple[int, int]:
        """Rank seeded words, then the engine's, then a name's characters, then the others."""
        whole = one.letters == len(letters)
        if len(one.words) > 1:
            if one.words in self.words and (whole or len(one.words) > 2):
                return 0, self.words[one.words] - 1000 * len(one.words)
            return 1, 0
        place = first.find(one.words)
        return (2, place) if place >= 0 else (3, 0)


@cache
def directory() -> Path:
    """Return where the word lists are."""
    return data_root() / "pinyin"


def lines(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the lines of a list: first word, the others."""
    for line in (directory() / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            first, *rest = line.split()
            yield first, tuple(rest)


def load(rare: Path | None = None) -> Seeds:
    """Read the lists, and ``rare`` if there is one (JSON: syllable → characters).

    Raises:
        OSError: a list is missing.
        ValueError: a file is damaged.
    """
    surnames = tuple(lines("surnames.txt"))
    words = [*lines("places.txt"), *lines("given-names.txt")]
    words += [(name, reading) for name, reading in surnames if len(name) > 1]
    return Seeds(
        words={word: place for place, (word, _) in enumerate(words)},
        readings=tuple((word, BREAK.join(reading)) for word, reading in words),
        spelled=_spelled(words),
        surnames=_surnames(surnames),
        characters=_characters(_surnames(surnames)),
        rare=json.loads(rare.read_text(encoding="utf-8")) if rare else _listed(),
    )


def _spelled(words: list[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word, reading in words:
        letters = "".join(reading)
        found[letters] = (*found.get(letters, ()), word)
    return found


def _surnames(listed: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, reading in listed:
        letters = BREAK.join(reading)
        found[letters] = (*found.get(letters, ()), name)
    return found


def _characters(surnames: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found = {letters: "".join(names) for letters, names in surnames.items() if BREAK not in letters}
    for syllable, characters in lines("name-characters.txt"):
        found[syllable] = found.get(syllable, "") + "".join(characters)
    return found


def _listed() -> dict[str, str]:
    return {syllable: "".join(characters) for syllable, characters in lines("rare.txt")}
