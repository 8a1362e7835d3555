"""One composition as a pure state machine: letters typed, part chosen, candidates, modes.

Nothing is written into a field before it was chosen: a composition that is left open is dropped,
except for the part that was chosen already.  :data:`TRANSITIONS` holds every transition; a key
that has none in a stage changes nothing.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from screens.input.engine import BREAK, MAX_LETTERS, Reading

NOTHING: Final = Reading()


class Mode(StrEnum):
    """What the keys write."""

    PINYIN = "pinyin"
    LATIN = "latin"
    DIGITS = "digits"
    """Digits, X, and the words of a house number."""
    SYMBOLS = "symbols"
    """Signs of names (·) and addresses."""


class Stage(StrEnum):
    """What a key means depends on this: the mode, and whether letters wait for a choice."""

    COMPOSING = "composing"
    PINYIN = "pinyin"
    LATIN = "latin"
    DIGITS = "digits"
    SYMBOLS = "symbols"


class KeyKind(StrEnum):
    """Kinds of keys; the value is the word in their targets."""

    KEY = "key"
    """A letter, the break, or a word of the digit and sign pages."""
    CANDIDATE = "candidate"
    """A candidate by its number, from 0."""
    LEAF = "leaf"
    """``+1``, ``-1``: turn; ``0``: back to the letters."""
    MODE = "mode"
    SHIFT = "shift"
    ERASE = "erase"
    SPACE = "space"
    DONE = "done"


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A key that was touched."""

    kind: KeyKind
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Insert:
    """Write these words at the end of the field."""

    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Erase:
    """Take the last character of the field away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """The field is finished."""


Emit = Insert | Erase | Done
LookUp = Callable[[str], Reading]
"""Letters → their reading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A part of the composition that was chosen, and the letters it stands for."""

    words: str
    letters: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Composition:
    """The state; all of it is painted."""

    mode: Mode = Mode.PINYIN
    letters: str = ""
    """Waiting for a choice, ≤ :data:`MAX_LETTERS`; what was chosen is not among them."""
    chosen: tuple[Chosen, ...] = ()
    reading: Reading = NOTHING
    """Of :attr:`letters`."""
    leaf: int = 0
    """0: the keys are shown; n: the n-th leaf of all candidates."""
    capital: bool = False
    """The next latin letter is a capital."""
    writes: Mode = Mode.PINYIN
    """Pinyin or latin: where the pages of digits and signs lead back to."""

    @property
    def stage(self) -> Stage:
        """Return what decides over the meaning of a key."""
        return Stage.COMPOSING if self.letters else Stage(self.mode.value)

    @property
    def words(self) -> str:
        """Return what was chosen and waits for the rest."""
        return "".join(part.words for part in self.chosen)


Step = tuple[Composition, tuple[Emit, ...]]
Move = Callable[[Composition, str, LookUp], Step]

LETTERS: Final = frozenset(string.ascii_lowercase)
DIGIT_KEYS: Final = (
    *("1", "2", "3", "号", "楼", "4", "5", "6", "栋", "单元"),
    *("7", "8", "9", "室", "层", "X", "0", "-", "路", "组"),
)
"""The page of digits, row by row: three digits and two words of a house number each."""
SYMBOL_KEYS: Final = (
    *("·", "，", "。", "、", "：", "；", "？", "！"),
    *("（", "）", "《", "》", "“", "”", "-", "/"),
    *("@", "#", "&", "+", "%", ".", "_", "～"),
)
_WRITTEN: Final = {
    Mode.DIGITS: frozenset(DIGIT_KEYS),
    Mode.SYMBOLS: frozenset(SYMBOL_KEYS),
}
_LIMIT: Final = MAX_LETTERS


def press(state: Composition, key: Key, look_up: LookUp) -> Step:
    """Return the state after ``key`` and what is to be done to the field; never raises."""
    move = TRANSITIONS.get((state.stage, key.kind))
    return move(state, key.value, look_up) if move else (state, ())


def _with_letters(state: Composition, letters: str, look_up: LookUp) -> Composition:
    reading = look_up(letters) if letters else NOTHING
    return replace(state, letters=letters, reading=reading, leaf=0)


def _compose(state: Composition, value: str, look_up: LookUp) -> Step:
    """Add a letter, or a break after a letter."""
    waiting = state.letters
    used = len(waiting) + sum(len(part.letters) for part in state.chosen)
    after_letter = waiting[-1:] not in ("", BREAK)
    if used >= _LIMIT or not (value in LETTERS or (value == BREAK and after_letter)):
        return state, ()
    return _with_letters(state, waiting + value, look_up), ()


def _choose(state: Composition, value: str, look_up: LookUp) -> Step:
    """Choose a candidate; when no letters are left the whole is written."""
    found = state.reading.candidates
    if not value.isdecimal() or int(value) >= len(found):
        return state, ()
    words, end = found[int(value)].words, found[int(value)].letters
    part = Chosen(words=words, letters=state.letters[:end])
    now = replace(state, chosen=(*state.chosen, part))
    left = state.letters[end:].lstrip(BREAK)
    if left:
        return _with_letters(now, left, look_up), ()
    return _empty(now), (Insert(words=now.words),)


def _choose_first(state: Composition, _value: str, look_up: LookUp) -> Step:
    return _choose(state, "0", look_up)


def _erase_letter(state: Composition, _value: str, look_up: LookUp) -> Step:
    """Take the last letter; behind the first one the last choice is undone."""
    left = state.letters[:-1]
    if left or not state.chosen:
        return _with_letters(state, left, look_up), ()
    *before, last = state.chosen
    now = replace(state, chosen=tuple(before))
    return _with_letters(now, last.letters, look_up), ()


def _turn(state: Composition, value: str, _look_up: LookUp) -> Step:
    """Turn the leaves of the candidates."""
    if value not in {"+1", "-1", "0"} or not state.reading.candidates:
        return state, ()
    leaf = state.leaf + int(value) if int(value) else 0
    return replace(state, leaf=min(max(leaf, 0), len(state.reading.candidates))), ()


def _empty(state: Composition) -> Composition:
    return replace(state, letters="", chosen=(), reading=NOTHING, leaf=0, capital=False)


def _to_mode(state: Composition, value: str, _look_up: LookUp) -> Step:
    """Change the mode; what was chosen is written, letters that wait are dropped."""
    if value not in set(Mode):
        return state, ()
    mode = Mode(value)
    writes = mode if mode in {Mode.PINYIN, Mode.LATIN} else state.writes
    written = (Insert(words=state.words),) if state.chosen else ()
    return replace(_empty(state), mode=mode, writes=writes), written


def _write_latin(state: Composition, value: str, _look_up: LookUp) -> Step:
    if value not in LETTERS:
        return state, ()
    letter = value.upper() if state.capital else value
    return replace(state, capital=False), (Insert(words=letter),)


def _write_key(state: Composition, value: str, _look_up: LookUp) -> Step:
    known = value in _WRITTEN[state.mode]
    return state, (Insert(words=value),) if known else ()


def _write_space(state: Composition, _value: str, _look_up: LookUp) -> Step:
    return state, (Insert(words=" "),)


def _shift(state: Composition, _value: str, _look_up: LookUp) -> Step:
    return replace(state, capital=not state.capital), ()


def _erase_field(state: Composition, _value: str, _look_up: LookUp) -> Step:
    return state, (Erase(),)


def _finish(state: Composition, _value: str, _look_up: LookUp) -> Step:
    return state, (Done(),)


_S, _K = Stage, KeyKind
TRANSITIONS: Final[Mapping[tuple[Stage, KeyKind], Move]] = {
    (_S.COMPOSING, _K.KEY): _compose,
    (_S.COMPOSING, _K.CANDIDATE): _choose,
    (_S.COMPOSING, _K.LEAF): _turn,
    (_S.COMPOSING, _K.MODE): _to_mode,
    (_S.COMPOSING, _K.ERASE): _erase_letter,
    (_S.COMPOSING, _K.SPACE): _choose_first,
    (_S.PINYIN, _K.KEY): _compose,
    (_S.PINYIN, _K.MODE): _to_mode,
    (_S.PINYIN, _K.ERASE): _erase_field,
    (_S.PINYIN, _K.DONE): _finish,
    (_S.LATIN, _K.KEY): _write_latin,
    (_S.LATIN, _K.SHIFT): _shift,
    (_S.LATIN, _K.SPACE): _write_space,
    (_S.LATIN, _K.MODE): _to_mode,
    (_S.LATIN, _K.ERASE): _erase_field,
    (_S.LATIN, _K.DONE): _finish,
    (_S.DIGITS, _K.KEY): _write_key,
    (_S.DIGITS, _K.MODE): _to_mode,
    (_S.DIGITS, _K.ERASE): _erase_field,
    (_S.DIGITS, _K.DONE): _finish,
    (_S.SYMBOLS, _K.KEY): _write_key,
    (_S.SYMBOLS, _K.MODE): _to_mode,
    (_S.SYMBOLS, _K.ERASE): _erase_field,
    (_S.SYMBOLS, _K.DONE): _finish,
}
