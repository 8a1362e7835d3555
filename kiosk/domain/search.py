"""Finding a thing by what a person types: its words, their pinyin, or their initials.

``新生``, ``xinshenger``, ``xse``, ``xins`` and ``新sheng`` all find 新生儿出生; of a character with
several readings any matches.  Only when nothing is found so, words of a thing are looked for
inside what was typed (``我爸退休了`` holds 退休), then sounds that are often mixed up are taken
for one another (zh–z, n–l, ng–n …), and after that one slip of the finger is forgiven.  Each hit
tells by which words it was found, so that nobody wonders why a thing is there.

A number finds the thing with this number in the policy's list.  Pure; the table of readings is
loaded by the first query with latin letters (12 MB).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from kiosk.domain.bundle import Bundle
from kiosk.domain.catalogue import Thing
from standards import pinyin

MAX_QUERY: Final = 40
"""Characters of a query that count."""
NAME, WORD, BUNDLE, ITEM, CODE, INTRO = 100, 90, 70, 60, 40, 30
"""What a hit is worth by where it is."""
TYPO_LETTERS: Final = 5
"""A shorter latin query forgives no slip: too much would be found."""
TYPO_CHARACTERS: Final = 3
"""The same for a query in characters."""
SHORTEST_SAID: Final = 2
"""Characters that words of a thing have at least to be looked for inside a saying."""
INITIALS: Final = ("zh", "ch", "sh")
"""Initials of two letters; every first letter is one too."""
_WITHIN: Final = 0.8
"""Factor of a hit that is not at the beginning."""
_WHOLE: Final = 1.2
"""Factor of a hit that is the whole text."""
_MIXED_UP: Final = (
    *(("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("v", "u")),
    *(("l", "n"), ("hu", "f")),
)
"""Sounds that are often taken for one another, each with what stands for both."""


class Reason(StrEnum):
    """By what a thing was found."""

    NAME = "name"
    WORD = "word"
    ITEM = "item"
    BUNDLE = "bundle"
    """It belongs to what was looked for; ``words`` are the bundle's name."""
    INTRO = "intro"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A thing that was found; ``words`` are those of it that met the query, as they are shown."""

    thing: Thing
    reason: Reason
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Text:
    """Words of a thing, normalised; ``shown`` as a citizen reads them."""

    words: str
    worth: int
    reason: Reason
    shown: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """What can be found; made by :func:`build`."""

    things: tuple[Thing, ...]
    texts: tuple[tuple[_Text, ...], ...]
    """Of each thing, in the order of :attr:`things`."""

    def find(self, query: str, limit: int = 12) -> tuple[Thing, ...]:
        """Return the things of :meth:`hits`."""
        return tuple(hit.thing for hit in self.hits(query, limit))

    def hits(self, query: str, limit: int = 12) -> tuple[Hit, ...]:
        """Return the things that ``query`` may mean, best first, at most ``limit``.

        An empty query, or one without letters and digits, finds nothing.  Of equals the one
        that comes first in the policy's list comes first.
        """
        asked = normal(query)[:MAX_QUERY]
        if not asked:
            return ()
        for judge in _LATIN if _has_latin(asked) else _CHARACTERS:
            found = list(self._judged(asked, judge))
            if found:
                found.sort(key=lambda one: (-one[0], one[1].thing.number))
                return tuple(hit for _, hit in found[:limit])
        return ()

    def _judged(
        self, asked: str, judge: Callable[[str, str], float]
    ) -> Iterator[tuple[float, Hit]]:
        """Pair the things that are found with what their best hit is worth."""
        for thing, texts in zip(self.things, self.texts, strict=True):
            if asked.isdecimal() and int(asked) == thing.number:
                yield 2 * NAME, Hit(thing=thing, reason=Reason.NUMBER, words=asked)
                continue
            score, best = 0.0, texts[0]
            for text in texts:
                if text.worth * _WHOLE > score:
                    met = text.worth * judge(asked, text.words)
                    score, best = (met, text) if met > score else (score, best)
            if score:
                yield score, Hit(thing=thing, reason=best.reason, words=best.shown)


def build(things: Iterable[Thing], bundles: Iterable[Bundle] = ()) -> Index:
    """Return the index of ``things``; takes no time, readings are looked up when asked for.

    A thing is found by the names of the ``bundles`` it belongs to too.
    """
    kept, grouped = tuple(things), tuple(bundles)
    texts = (
        (*_texts(thing), *_bundled(own for own in grouped if thing.code in own.things))
        for thing in kept
    )
    return Index(things=kept, texts=tuple(texts))


def _bundled(bundles: Iterable[Bundle]) -> Iterator[_Text]:
    for own in bundles:
        for words in (own.name, *own.words):
            yield _text(own.name, BUNDLE, Reason.BUNDLE, words)
        yield _text(own.name, CODE, Reason.BUNDLE, own.kind)


def _texts(thing: Thing) -> Iterator[_Text]:
    yield _text(thing.name, NAME, Reason.NAME)
    for word in thing.words:
        yield _text(word, WORD, Reason.WORD)
    for item in thing.items:
        yield _text(item.name, ITEM, Reason.ITEM)
        yield _text(item.name, CODE, Reason.ITEM, item.code)
    yield _text(thing.name, CODE, Reason.NAME, thing.code)
    yield _text(thing.intro, INTRO, Reason.INTRO)


def _text(shown: str, worth: int, reason: Reason, met: str = "") -> _Text:
    """Return words to be met, ``met`` where these are others than those that are shown."""
    return _Text(words=normal(met or shown), worth=worth, reason=reason, shown=shown)


def normal(words: str) -> str:
    """Return the letters and digits of ``words`` in one width and case, ü as v (NFKC)."""
    folded = unicodedata.normalize("NFKC", words).lower().replace("ü", "v")
    return "".join(character for character in folded if character.isalnum())


# ---- the words themselves, and as they are read


def _exactly(asked: str, words: str) -> float:
    """Return how well ``asked`` is met as it stands: 0 to 1.2."""
    place = words.find(asked)
    return _placed(1.0, place, len(asked) == len(words)) if place >= 0 else 0.0


def _as_read(asked: str, words: str) -> float:
    """Return the same for letters, which may stand for what is read so."""
    return _exactly(asked, words) or _read(asked, words, _readings)


def _said_inside(asked: str, words: str) -> float:
    """Return how well ``words`` are met by being a part of a longer saying (我爸退休了)."""
    if not SHORTEST_SAID <= len(words) < len(asked) or words not in asked:
        return 0.0
    return 0.5 + 0.5 * len(words) / len(asked)


def _by_sound(asked: str, words: str) -> float:
    """Return the same for sounds that are often mixed up."""
    return _read(_mixed(asked), words, _mixed_readings)


def _placed(quality: float, place: int, whole: bool) -> float:
    return quality * (_WHOLE if whole else 1.0 if place == 0 else _WITHIN)


def _has_latin(asked: str) -> bool:
    return not pinyin.LETTERS.isdisjoint(asked)


def _read(asked: str, words: str, readings: Callable[[str], tuple[str, ...]]) -> float:
    """Return the quality of the best place from which the words are read as ``asked``."""
    syllables, begins, letters = _syllables(words, readings)
    if not letters.issuperset(asked):
        return 0.0
    best = 0.0
    for start in begins.get(asked[0], ()):
        met = _spell(asked, syllables, start)
        if met is None or (start and met[1] and len(asked) == 1):
            continue
        count, short = met
        quality = 0.95 - 0.3 * short / count
        best = max(best, _placed(quality, start, count == len(words)))
    return best


@lru_cache(maxsize=8192)
def _syllables(
    words: str, readings: Callable[[str], tuple[str, ...]]
) -> tuple[tuple[tuple[str, ...], ...], dict[str, tuple[int, ...]], frozenset[str]]:
    """Return the readings of each character, where they begin with a letter, and all letters."""
    every = tuple(readings(character) for character in words)
    begins: dict[str, tuple[int, ...]] = {}
    for place, one in enumerate(every):
        for letter in dict.fromkeys(own[:1] for own in one):
            begins[letter] = (*begins.get(letter, ()), place)
    return every, begins, frozenset("".join(own for one in every for own in one))


def _spell(
    asked: str, syllables: tuple[tuple[str, ...], ...], start: int
) -> tuple[int, int] | None:
    """Spell ``asked`` from one syllable on.

    Each syllable is written whole or by its initial, the last one may be broken off.

    Returns:
        How many syllables were used and how many of them were not written whole; None when
        ``asked`` cannot be spelled so.
    """
    if not asked:
        return 0, 0
    if start == len(syllables):
        return None
    found = []
    for short, rest in _ways(asked, syllables[start]):
        met = _spell(rest, syllables, start + 1)
        if met is not None:
            found.append((met[0] + 1, met[1] + short))
    return min(found, key=lambda met: met[1] / met[0], default=None)


@lru_cache(maxsize=2048)
def _ways(asked: str, readings: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Return the ways to write one syllable: 1 if it is not whole, and what is left.

    Of one query the same syllables are asked for in many texts, so the last ones are kept.
    """
    found: list[tuple[int, str]] = []
    for reading in readings:
        if reading[:1] != asked[0]:
            continue
        if asked.startswith(reading):
            found.append((0, asked[len(reading) :]))
        elif reading.startswith(asked):
            found.append((1, ""))
        initials = (reading[:1], *(two for two in INITIALS if reading.startswith(two)))
        found += [
            (1, asked[len(own) :]) for own in initials if own != reading and asked.startswith(own)
        ]
    return tuple(found)


@lru_cache(maxsize=4096)
def _readings(character: str) -> tuple[str, ...]:
    """Return a character and its readings."""
    return (character, *pinyin.readings(character))


@cache
def _mixed_readings(character: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_mixed(reading) for reading in _readings(character)))


@lru_cache(maxsize=512)
def _mixed(letters: str) -> str:
    for one, stands in _MIXED_UP:
        letters = letters.replace(one, stands)
    return letters


# ---- a slip


def _with_a_slip(asked: str, words: str) -> float:
    """Return how well ``asked`` is met but for one character more, less or another."""
    if len(asked) < TYPO_CHARACTERS:
        return 0.0
    return 0.4 if any(_slips(asked, near) <= 1 for near in _near(asked, words)) else 0.0


def _spelled_with_a_slip(asked: str, words: str) -> float:
    """Return the same for letters, held against how the words are usually read."""
    return _with_a_slip(asked, _spelled(words)) if len(asked) >= TYPO_LETTERS else 0.0


@lru_cache(maxsize=4096)
def _spelled(words: str) -> str:
    return "".join(_usual(character) for character in words)


def _usual(character: str) -> str:
    """Return the usual reading of a character, or itself."""
    return _readings(character)[:2][-1]


def _near(asked: str, words: str) -> Iterator[str]:
    """Yield the parts of ``words`` around a half of ``asked``: with one slip the other is unharmed.

    The part before or behind that half is one character longer than the half that may be harmed.
    """
    middle = len(asked) // 2
    for half, before, behind in (
        (asked[:middle], 0, len(asked) + 1),
        (asked[middle:], middle + 1, len(asked) - middle),
    ):
        place = words.find(half)
        while place >= 0:
            yield words[max(0, place - before) : place + behind]
            place = words.find(half, place + 1)


def _slips(asked: str, words: str) -> int:
    """Return the fewest edits that make ``asked`` a part of ``words`` (Sellers 1980).

    Two neighbours changed for one another count as one.
    """
    rows = [[0] * (len(words) + 1)]
    for i, wanted in enumerate(asked, 1):
        row, above = [i], rows[-1]
        for j, met in enumerate(words, 1):
            cost = min(above[j - 1] + (wanted != met), above[j] + 1, row[j - 1] + 1)
            if i > 1 and j > 1 and asked[i - 2] == met and wanted == words[j - 2]:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return min(rows[-1])


_CHARACTERS: Final = (_exactly, _said_inside, _with_a_slip)
_LATIN: Final = (_as_read, _by_sound, _spelled_with_a_slip)
"""How a query is judged, one way after the other until something is found; the same for letters."""
