"""The pad that words are written on: bar of candidates, keys, pages of digits and signs.

Its height never changes while it is used, so that nothing moves under a finger; on a lying screen
it takes less than 45 % of the height (elder letters: 55 %, for one question).  Targets begin with
``screen:`` and go to :class:`screens.input.InputMethod`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view_parts import Text, text
from screens.input.composition import DIGIT_KEYS, SYMBOL_KEYS, Composition, Mode, Stage
from screens.input.engine import BREAK
from screens.semantic import Node
from screens.widgets import candidates, keys, number_pad
from screens.widgets.keys import Look, Sizes

if TYPE_CHECKING:
    from kiosk.journey.view_parts import Keyboard
    from screens.widgets.kit import Kit

_LETTER_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_DIGIT_COLUMNS: Final = 5
_SYMBOL_COLUMNS: Final = 8
_KEY: Final = "screen:key:"
_PLAIN: Final[Look] = "plain"
_STILL: Final[Look] = "still"
_CHOOSE: Final[Look] = "choose"
_WAY: Final[Look] = "way"


def height(kit: Kit, *, big: bool = False) -> int:
    """Return the dots from the pad's upper to its lower edge, the same in all its states."""
    return keys.sizes(kit, big=big).height + 2 * kit.px(14)


def pad(
    kit: Kit,
    state: Composition,
    *,
    big: bool = False,
    available: bool = True,
    done: Text | None = None,
    width: int = 0,
) -> Node:
    """Return the pad in a state of the input method.

    Args:
        kit: theme and words.
        state: ``InputMethod.state``.
        big: larger letters and, upright, larger keys.
        available: ``InputMethod.available``; without a dictionary the bar says so.
        done: words of the key that finishes the field (``screen:done``), or none.
        width: dots the pad has, ten keys and their gaps at least (943 of the reference);
            0: the whole screen.
    """
    size = keys.sizes(kit, big=big, width=width)
    if state.leaf:
        parts = candidates.leaf(kit, state, size)
    elif state.mode is Mode.DIGITS:
        parts = _digit_page(kit, size)
    elif state.mode is Mode.SYMBOLS:
        parts = [candidates.bar(kit, state, size, available=available), *_symbol_page(kit, size)]
    else:
        parts = [candidates.bar(kit, state, size, available=available), *_letters(kit, state, size)]
    control = [] if state.leaf else [_control(kit, state, size, available=available, done=done)]
    return keys.ground(kit, [*parts, *control], size)


def dock(
    kit: Kit,
    keyboard: Keyboard,
    state: Composition,
    *,
    big: bool = False,
    available: bool = True,
    done: Text | None = None,
    width: int = 0,
) -> Node:
    """Return the pad that a field asks for (``Input.keyboard``): of words or of numbers."""
    if keyboard in {"pinyin", "latin"}:
        return pad(kit, state, big=big, available=available, done=done, width=width)
    return number_pad.pad(kit, keyboard, big=big, done=done, width=width)


# ---- keys


def _letters(kit: Kit, state: Composition, size: Sizes) -> list[Node]:
    upper, middle, lower = (
        [_letter(kit, state, letter, size) for letter in letters] for letters in _LETTER_ROWS
    )
    left = _shift(kit, state, size) if state.mode is Mode.LATIN else _break(kit, state, size)
    edge = keys.space(0.5)
    return [
        keys.row(kit, upper, size),
        keys.row(kit, [edge, *middle, edge], size),
        keys.row(kit, [left, *lower, _erase(kit, size, 1.5)], size),
    ]


def _letter(kit: Kit, state: Composition, letter: str, size: Sizes) -> Node:
    shown = letter.upper() if state.capital else letter
    return keys.word_key(kit, shown, f"{_KEY}{letter}", size.letter)


def _break(kit: Kit, state: Composition, size: Sizes) -> Node:
    works = bool(state.letters) and not state.letters.endswith(BREAK)
    words = kit.say(text("input.break"))
    target = f"{_KEY}{BREAK}" if works else ""
    kind: Look = "quiet" if works else "still"
    return keys.word_key(kit, words, target, size.word, kind=kind, grow=1.5)


def _shift(kit: Kit, state: Composition, size: Sizes) -> Node:
    kind: Look = "choose" if state.capital else "quiet"
    label = kit.say(text("input.shift"))
    return keys.icon_key(
        kit, "arrow-big-up", "screen:shift", size.letter, label=label, kind=kind, grow=1.5
    )


def _erase(kit: Kit, size: Sizes, grow: float) -> Node:
    label = kit.say(text("input.erase"))
    return keys.icon_key(kit, "delete", "screen:erase", size.letter, label=label, grow=grow)


def _digit_page(kit: Kit, size: Sizes) -> list[Node]:
    """Return the rows of digits; they take the room of the bar too."""
    rows = len(DIGIT_KEYS) // _DIGIT_COLUMNS
    high = (size.height - size.key - rows * size.gap) // rows
    spare = size.height - size.key - rows * (high + size.gap)
    made = []
    for number in range(rows):
        words = DIGIT_KEYS[number * _DIGIT_COLUMNS : (number + 1) * _DIGIT_COLUMNS]
        tall = high + (spare if number == 0 else 0)
        line = [_written(kit, one, size) for one in words]
        made.append(keys.row(kit, line, size, height=tall))
    return made


def _symbol_page(kit: Kit, size: Sizes) -> list[Node]:
    return [
        keys.row(
            kit,
            [_written(kit, one, size) for one in SYMBOL_KEYS[start : start + _SYMBOL_COLUMNS]],
            size,
        )
        for start in range(0, len(SYMBOL_KEYS), _SYMBOL_COLUMNS)
    ]


def _written(kit: Kit, words: str, size: Sizes) -> Node:
    """Return a key that writes what stands on it."""
    return keys.word_key(kit, words, f"{_KEY}{words}", size.letter)


def _control(
    kit: Kit, state: Composition, size: Sizes, *, available: bool, done: Text | None
) -> Node:
    """Return the lowest row: other pages, space, the other language, the way on."""
    if state.mode in {Mode.DIGITS, Mode.SYMBOLS}:
        other = Mode.SYMBOLS if state.mode is Mode.DIGITS else Mode.DIGITS
        line: list[Node | None] = [
            _mode(kit, state.writes, size, 1.8),
            _mode(kit, other, size, 1.8),
            keys.space(0.6),
            _erase(kit, size, 2.0),
        ]
    else:
        line = [
            _mode(kit, Mode.DIGITS, size, 1.4),
            _mode(kit, Mode.SYMBOLS, size, 1.4),
            _space(kit, state, size),
            _language(kit, state, size) if available else None,
        ]
    shown = [one for one in (*line, _done(kit, state, size, done)) if one is not None]
    return keys.row(kit, shown, size)


_MODE_WORDS: Final = {
    Mode.DIGITS: "input.digits",
    Mode.SYMBOLS: "input.signs",
    Mode.PINYIN: "input.pinyin",
    Mode.LATIN: "input.letters",
}


def _mode(kit: Kit, mode: Mode, size: Sizes, grow: float) -> Node:
    words = kit.say(text(_MODE_WORDS[mode]))
    target = f"screen:mode:{mode.value}"
    return keys.word_key(kit, words, target, size.word, kind="quiet", grow=grow)


def _language(kit: Kit, state: Composition, size: Sizes) -> Node:
    other = Mode.LATIN if state.mode is Mode.PINYIN else Mode.PINYIN
    words = kit.say(text("input.language"))
    target = f"screen:mode:{other.value}"
    return keys.word_key(kit, words, target, size.word, kind="quiet", grow=1.4)


def _space(kit: Kit, state: Composition, size: Sizes) -> Node:
    """Return the long key: space in letters, takes the marked candidate in pinyin."""
    target, words, kind = "", "input.pinyin", _STILL
    if state.mode is Mode.LATIN:
        target, words, kind = "screen:space", "input.space", _PLAIN
    elif state.reading.candidates:
        target, words, kind = "screen:space", "input.choose", _CHOOSE
    return keys.word_key(kit, kit.say(text(words)), target, size.word, kind=kind, grow=3.9)


def _done(kit: Kit, state: Composition, size: Sizes, done: Text | None) -> Node | None:
    """Return the way on; while letters wait it cannot be touched, for they would be lost."""
    if done is None:
        return None
    composing = state.stage is Stage.COMPOSING
    target, kind = ("", _STILL) if composing else ("screen:done", _WAY)
    return keys.word_key(kit, kit.say(done), target, size.word, kind=kind, grow=1.9)
