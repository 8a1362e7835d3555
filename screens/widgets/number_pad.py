"""The pad that numbers are written on: mobile, identity number, money, account.

Its targets are the journey's own: ``text:<character>`` and ``erase``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kiosk.journey.view_parts import Text, text
from screens.semantic import Node
from screens.widgets import keys
from screens.widgets.kit import styled

if TYPE_CHECKING:
    from kiosk.journey.view_parts import Keyboard
    from screens.widgets.keys import Sizes
    from screens.widgets.kit import Kit

_EXTRA: Final[Mapping[str, str]] = {"id_number": "X", "money": ".", "decimal": "."}
"""The key beside 0: check character X of GB 11643, the point of an amount or a measure."""
_ROWS: Final = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"))


def pad(
    kit: Kit, kind: Keyboard, *, big: bool = False, done: Text | None = None, width: int = 0
) -> Node:
    """Return the pad of a kind of number; as high as the pad of words.

    Args:
        kit: theme and words.
        kind: which character stands beside 0; a kind that needs none has a long 0.
        big: larger digits and, upright, larger keys.
        done: words of the key that finishes the field (``done``), or none.
        width: dots the pad has; 0: the whole screen.
    """
    size = keys.sizes(kit, big=big, width=width)
    lines = [*_ROWS, _last(kind)]
    high, spare = divmod(size.height - (len(lines) - 1) * size.gap, len(lines))
    left = size.width * 3 // 4
    digits = [
        _line(kit, line, size, left, high + (spare if number == 0 else 0))
        for number, line in enumerate(lines)
    ]
    side = [_erase(kit, size), _done(kit, size, done) if done else None]
    right = styled(kit.column(side, grow=1.0), gap=size.gap)
    parts = [styled(kit.column(digits, width=left), gap=size.gap), right]
    whole = styled(kit.row(parts, align="stretch", height=size.height), gap=size.gap)
    return keys.ground(kit, [whole], size)


def _line(kit: Kit, line: tuple[str, ...], size: Sizes, width: int, height: int) -> Node:
    """Return a row of keys; with fewer than three the last one takes the places that are left."""
    column = (width - 2 * size.gap) / 3
    places = [1] * (len(line) - 1) + [4 - len(line)]
    shown = [
        keys.word_key(
            kit, one, f"text:{one}", size.letter, grow=count * column + (count - 1) * size.gap
        )
        for one, count in zip(line, places, strict=True)
    ]
    return keys.row(kit, shown, size, width=width, height=height)


def _last(kind: Keyboard) -> tuple[str, ...]:
    extra = _EXTRA.get(kind, "")
    return (extra, "0") if extra else ("0",)


def _erase(kit: Kit, size: Sizes) -> Node:
    label = kit.say(text("input.erase"))
    return keys.icon_key(kit, "delete", "erase", size.letter, label=label)


def _done(kit: Kit, size: Sizes, done: Text) -> Node:
    return keys.word_key(kit, kit.say(done), "done", size.word, kind="way")
