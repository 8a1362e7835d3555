"""The bar of candidates over the keys, and the leaves with all of them.

A candidate in the bar is as wide as its words and their margins; on a leaf it takes as many cells
as its words need.  None is cut, and none is smaller than a target has to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from kiosk.journey.view_parts import Text, text
from screens import theme as look
from screens.fonts import advance
from screens.input.engine import BREAK
from screens.semantic import Node, Role
from screens.widgets import keys
from screens.widgets.kit import meaning, styled

if TYPE_CHECKING:
    from screens.input.composition import Composition
    from screens.widgets.keys import Sizes
    from screens.widgets.kit import Kit

_INSET: Final = 6


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


def bar(kit: Kit, state: Composition, size: Sizes, *, available: bool) -> Node:
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
    across = kit.px(18)
    whole = size.width - 2 * kit.px(_INSET)
    room = (whole if size.upright else _typed_wide(size)) - 2 * across
    written = _end(f"{state.words} {spelled}".lstrip(), room, kit.theme.type(size.word))
    said = kit.words(written, size.word, look.INK_2, lines=1, leading=1.2)
    if size.upright:
        high = size.bar - kit.theme.target(0) - kit.px(10)
        made = kit.row([said], height=high, pad=(0, across, 0, across))
    else:
        made = kit.row([styled(said, grow=1.0)], width=_typed_wide(size), pad=(0, 0, 0, across))
    return meaning(made, Role.STATUS)


def _end(words: str, room: int, dots: int) -> str:
    """Return the end of ``words`` that has room: what is typed now must be seen."""
    shown = words
    while shown and advance(f"…{shown}", "sans", dots) > room:
        shown = shown[1:]
    return shown if shown == words else f"…{shown}"


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


def leaf(kit: Kit, state: Composition, size: Sizes) -> list[Node]:
    """Return a leaf of all candidates in the place of the keys."""
    wanted = [size.cells(words) for words in _long(kit, state, size)]
    leaves = pack(wanted, size.columns, keys.ROWS)
    turned = min(state.leaf, len(leaves))
    rows = []
    for line in leaves[turned - 1]:
        starts = accumulate((wanted[number] for number in line), initial=0)
        shown = [
            _candidate(kit, state, number, size, size.wide(start, wanted[number]))
            for number, start in zip(line, starts, strict=False)
        ]
        rows.append(styled(kit.row(shown, height=size.key), gap=size.gap))
    empty = kit.column([], height=size.key)
    rows += [empty] * (keys.ROWS - len(rows))
    return [_leaf_bar(kit, state, size, turned, len(leaves)), *rows]


def _leaf_bar(kit: Kit, state: Composition, size: Sizes, turned: int, leaves: int) -> Node:
    side = kit.theme.target(0)
    ways = [
        ("chevron-left", "input.leaf_before", "screen:leaf:-1", turned > 1),
        ("chevron-right", "input.leaf_next", "screen:leaf:+1", turned < leaves),
        ("chevron-up", "input.close", "screen:leaf:0", True),
    ]
    shown = [
        _bar_key(kit, icon, label, target) if works else kit.column([], width=side, height=side)
        for icon, label, target, works in ways
    ]
    count = kit.words(f"{turned} / {leaves}", size.word, look.INK_2, lines=1)
    line = [keys.space(1.0), count, kit.column([], width=kit.px(24)), *shown]
    return _strip(kit, _with_typed(kit, state, size, line), size)
