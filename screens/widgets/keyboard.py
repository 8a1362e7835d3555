"""The pad that words are written on: bar of candidates, keys, pages of digits and signs.

Its height never changes while it is used, so that nothing moves under a finger; on a lying screen
it takes less than 45 % of the height.  A candidate takes as many cells as its words need, so none
is cut.  Targets begin with ``screen:`` and go to :class:`screens.input.InputMethod`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from kiosk.journey.view_parts import Text, text
from screens import theme as look
from screens.fonts import advance
from screens.input.composition import DIGIT_KEYS, SYMBOL_KEYS, Composition, Mode, Stage
from screens.input.engine import BREAK
from screens.semantic import Node, Role
from screens.widgets import keys
from screens.widgets.keys import Look, Sizes
from screens.widgets.kit import meaning, styled

if TYPE_CHECKING:
    from screens.widgets.kit import Kit

_LETTER_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_DIGIT_COLUMNS: Final = 5
_SYMBOL_COLUMNS: Final = 8
_KEY: Final = "screen:key:"
_INSET: Final = 6
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
        width: dots the pad has; 0: the whole screen.
    """
    size = keys.sizes(kit, big=big, width=width)
    if state.leaf:
        parts = _all_candidates(kit, state, size)
    elif state.mode is Mode.DIGITS:
        parts = _digit_page(kit, size)
    elif state.mode is Mode.SYMBOLS:
        parts = [_bar(kit, state, size, available=available), *_symbol_page(kit, size)]
    else:
        parts = [_bar(kit, state, size, available=available), *_letters(kit, state, size)]
    control = [] if state.leaf else [_control(kit, state, size, available=available, done=done)]
    return keys.ground(kit, [*parts, *control], size)


# ---- candidates


def pack(wanted: Sequence[int], columns: int, rows: int) -> list[list[list[int]]]:
    """Set things that take ``wanted`` cells into leaves of ``rows`` rows of ``columns`` cells.

    Returns:
        Leaves of rows of the things' numbers, in their order; none takes more than a row.
    """
    leaves: list[list[list[int]]] = [[[]]]
    used = 0
    for number, cells in enumerate(wanted):
        if used and used + cells > columns:
            used = 0
            leaves[-1].append([])
            if len(leaves[-1]) > rows:
                leaves.append([leaves[-1].pop()])
        leaves[-1][-1].append(number)
        used += cells
    return leaves


def _long(kit: Kit, state: Composition, size: Sizes) -> list[float]:
    """Return how long each candidate's words are, in dots."""
    dots = kit.theme.type(size.letter)
    return [advance(one.words, "sans", dots) for one in state.reading.candidates]


def _candidate(kit: Kit, state: Composition, number: int, size: Sizes, wide: int) -> Node:
    """Return a candidate ``wide`` dots wide; the first one is what the long key takes."""
    words = state.reading.candidates[number].words
    first = number == 0
    colour = look.CARD if first else look.INK
    face = kit.words(words, size.letter, colour, align="center", lines=1, leading=1.2)
    made = kit.column(
        [face],
        justify="center",
        width=wide,
        height=kit.theme.target(0) if not state.leaf else size.key,
        radius=kit.px(keys.RADIUS),
        fill=look.JADE if first else look.CARD,
    )
    chosen = ("chosen",) if first else ()
    return meaning(made, Role.CHOICE, words, target=f"screen:candidate:{number}", state=chosen)


def _bar(kit: Kit, state: Composition, size: Sizes, *, available: bool) -> Node:
    """Return the bar: what was typed, and the candidates that fit, on a white strip."""
    if not state.letters:
        return _strip(kit, [_hint(kit, _idle_hint(state, available=available), size)], size)
    if not state.reading.candidates:
        told = _hint(kit, text("input.hint.nothing"), size)
        return _strip(kit, _with_typed(kit, state, size, [told]), size)
    shown = list(_fitting(kit, state, size))
    more = [_more(kit)] if len(shown) < len(state.reading.candidates) else []
    return _strip(kit, _with_typed(kit, state, size, [*shown, keys.space(1.0), *more]), size)


def _fitting(kit: Kit, state: Composition, size: Sizes) -> Iterator[Node]:
    """Yield the candidates that stand in the bar beside the key for more."""
    least, gap = kit.theme.target(0), size.gap
    typed = 0 if size.upright else _typed_wide(size) + gap
    room = size.width - 2 * kit.px(_INSET) - typed - least - gap
    left = room
    for number, words in enumerate(_long(kit, state, size)):
        wide = min(max(least, round(words) + 2 * kit.px(18)), room)
        if wide > left:
            return
        left -= wide + gap
        yield _candidate(kit, state, number, size, wide)


def _strip(kit: Kit, parts: Sequence[Node], size: Sizes) -> Node:
    """Lay the parts of the bar on its white ground: beside one another lying, else in two lines."""
    down, across = kit.px(4), kit.px(_INSET)
    made = (kit.column if size.upright else kit.row)(
        parts,
        fill=look.CARD,
        radius=kit.px(keys.RADIUS + 6),
        height=size.bar,
        justify="center" if size.upright else "start",
        pad=(down, across, down, across),
    )
    return styled(made, gap=0 if size.upright else size.gap)


def _with_typed(kit: Kit, state: Composition, size: Sizes, line: Sequence[Node]) -> list[Node]:
    """Put what was typed over the candidates, on a lying screen before them."""
    typed = _typed(kit, state, size)
    if not size.upright:
        return [typed, *line]
    return [typed, styled(kit.row(line), gap=size.gap)]


def _typed_wide(size: Sizes) -> int:
    return size.width // 6


def _typed(kit: Kit, state: Composition, size: Sizes) -> Node:
    """Return what was chosen and the letters that wait, cut into syllables."""
    tail = BREAK if state.letters.endswith(BREAK) else ""
    spelled = " ".join(state.reading.syllables or (state.letters,)) + tail
    parts = [part for part in (state.words, spelled) if part]
    said = kit.words(" ".join(parts), size.word, look.INK_2, lines=1, leading=1.2)
    across = kit.px(18)
    if size.upright:
        high = size.bar - kit.theme.target(0) - kit.px(10)
        made = kit.row([said], height=high, pad=(0, across, 0, across))
    else:
        made = kit.row([styled(said, grow=1.0)], width=_typed_wide(size), pad=(0, 0, 0, across))
    return meaning(made, Role.STATUS)


def _hint(kit: Kit, told: Text, size: Sizes) -> Node:
    across = kit.px(18)
    words = kit.words(told, size.word, look.INK_2, lines=2, grow=1.0, leading=1.2)
    return kit.row([words], pad=(0, across, 0, across), grow=0.0 if size.upright else 1.0)


def _idle_hint(state: Composition, *, available: bool) -> Text:
    if not available:
        return text("input.hint.absent")
    return text(f"input.hint.{state.mode.value}")


def _more(kit: Kit) -> Node:
    return _bar_key(kit, "chevron-down", "input.more", "screen:leaf:+1")


def _bar_key(kit: Kit, icon: str, label: str, target: str) -> Node:
    """Return a picture of the bar that can be touched."""
    side = kit.theme.target(0)
    made = kit.column(
        [kit.row([kit.icon(icon, 44, look.INK)], justify="center")],
        justify="center",
        width=side,
        height=side,
        radius=kit.px(keys.RADIUS),
    )
    return meaning(made, Role.BUTTON, kit.say(text(label)), target=target)


def _all_candidates(kit: Kit, state: Composition, size: Sizes) -> list[Node]:
    """Return a leaf of all candidates in the place of the keys."""
    wanted = [size.cells(words) for words in _long(kit, state, size)]
    leaves = pack(wanted, size.columns, keys.ROWS)
    leaf = min(state.leaf, len(leaves))
    rows = []
    for line in leaves[leaf - 1]:
        starts = accumulate((wanted[number] for number in line), initial=0)
        shown = [
            _candidate(kit, state, number, size, size.wide(start, wanted[number]))
            for number, start in zip(line, starts, strict=False)
        ]
        rows.append(styled(kit.row(shown, height=size.key), gap=size.gap))
    empty = kit.column([], height=size.key)
    rows += [empty] * (keys.ROWS - len(rows))
    return [_leaf_bar(kit, state, size, leaf, len(leaves)), *rows]


def _leaf_bar(kit: Kit, state: Composition, size: Sizes, leaf: int, leaves: int) -> Node:
    side = kit.theme.target(0)
    ways = [
        ("chevron-left", "input.leaf_before", "screen:leaf:-1", leaf > 1),
        ("chevron-right", "input.leaf_next", "screen:leaf:+1", leaf < leaves),
        ("chevron-up", "input.close", "screen:leaf:0", True),
    ]
    shown = [
        _bar_key(kit, icon, label, target) if works else kit.column([], width=side, height=side)
        for icon, label, target, works in ways
    ]
    count = kit.words(f"{leaf} / {leaves}", size.word, look.INK_2, lines=1)
    line = [keys.space(1.0), count, kit.column([], width=kit.px(24)), *shown]
    return _strip(kit, _with_typed(kit, state, size, line), size)


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
