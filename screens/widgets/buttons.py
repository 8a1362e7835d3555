"""What can be touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from screens import theme as look
from screens.fonts import advance
from screens.semantic import Face, Node, Role
from screens.text import break_lines
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Action


def _button(kit: Kit, action: Action, node: Node, role: Role = Role.BUTTON) -> Node:
    state = ("chosen",) if action.chosen else ()
    hint = kit.say(action.note) if action.note else ""
    return meaning(node, role, kit.say(action.label), target=action.target, state=state, hint=hint)


def fitted(
    kit: Kit,
    words: str,
    sizes: Sequence[float],
    colour: str,
    face: Face = "sans",
    *,
    room: int,
    lines: int = 2,
    align: bool = False,
) -> Node:
    """Set words as large as they fit into ``lines`` lines of ``room`` dots: first size that does.

    ``sizes`` are tried in order; in the first only one line is allowed, so that a word is rather
    made smaller than broken. Nothing is cut: if none fits, the last size breaks as it must.
    """
    for number, size in enumerate(sizes):
        dots = kit.theme.type(size)
        if _fits(words, (face, dots, room), lines if number else 1):
            break
    return kit.words(
        words,
        size,
        colour,
        face,
        align="center" if align else "start",
        balance=True,
        leading=1.16,
    )


def _fits(words: str, setting: tuple[Face, int, int], lines: int) -> bool:
    face, dots, room = setting
    if any(advance(word, face, dots) > room for word in words.split() if word.isascii()):
        return False
    return len(break_lines(words, face=face, size=dots, room=room, balance=True)) <= lines


def primary(
    kit: Kit, action: Action, *, high: float = 104, size: float = 38, icon: str = "chevron-right"
) -> Node:
    """Return the way on: green, one on a page."""
    shown = action.icon or icon
    return _button(
        kit,
        action,
        kit.row(
            [
                kit.words(action.label, size, look.CARD, "bold", leading=1.16, balance=True),
                kit.icon(shown, size * 0.95, look.CARD) if shown else None,
            ],
            18,
            justify="center",
            min_height=kit.theme.target(high),
            min_width=kit.px(340),
            pad=(kit.px(8), kit.px(48), kit.px(8), kit.px(48)),
            fill=look.JADE,
            radius=kit.px(28),
        ),
    )


def way_on(kit: Kit, action: Action, room: int) -> Node:
    """Return the way on of a bar, at most ``room`` dots wide: the words give way, not the bar."""
    across, gap = kit.px(24 if kit.elder else 44), kit.px(14)
    shown = action.icon or "chevron-right"
    label = kit.say(action.label)
    mark = kit.theme.icon(36)
    if kit.elder:
        mark, shown = 0, ""
    inner = room - 2 * across - (mark + gap if shown else 0)
    words = fitted(kit, label, (38, 33, 27), look.CARD, "bold", room=inner, align=True)
    made = kit.row(
        [words, kit.icon(shown, 36, look.CARD) if shown else None],
        14,
        justify="center",
        height=kit.theme.target(128 if kit.elder else 104),
        min_width=min(room, kit.px(340)),
        pad=(0, across, 0, across),
        fill=look.JADE,
        radius=kit.px(32 if kit.elder else 28),
    )
    return _button(kit, action, made)


def outlined(
    kit: Kit,
    action: Action,
    *,
    high: float = 104,
    size: float = 34,
    ink: str = look.DEEP,
    icon: str = "",
    **style: object,
) -> Node:
    """Return a second way: white, with a deep rim."""
    shown = action.icon or icon
    parts = [
        kit.icon(shown, size * 1.05, ink) if shown else None,
        kit.words(action.label, size, ink, "bold", leading=1.2, balance=True),
    ]
    return _button(
        kit,
        action,
        kit.row(
            parts,
            16,
            **{
                "justify": "center",
                "min_height": kit.theme.target(high),
                "min_width": kit.theme.target(),
                "pad": (0, kit.px(30), 0, kit.px(30)),
                "fill": look.CARD,
                "border": look.DEEP_2,
                "border_width": kit.px(3),
                "radius": kit.px(28),
                **style,
            },
        ),
    )


def quiet(kit: Kit, action: Action, colour: str = look.INK_2) -> Node:
    """Return a button without a frame, as in the bottom bar."""
    parts = [
        kit.icon(action.icon, 34, colour) if action.icon else None,
        kit.words(action.label, 34, colour),
    ]
    across = kit.px(14)
    return _button(
        kit,
        action,
        kit.row(
            parts,
            14,
            justify="center",
            height=kit.theme.target(96),
            min_width=kit.theme.target(),
            pad=(0, across, 0, across),
            radius=kit.px(24),
        ),
    )


def on_deep(kit: Kit, action: Action) -> Node:
    """Return an outlined button on the deep ground."""
    room = kit.px(241 - 44 - (0 if kit.elder else 54))
    wide = kit.px(500 - 44 - 70) if action.target == "help" else room
    parts = [
        kit.icon(action.icon, 38, look.ON_DEEP) if action.icon and not kit.elder else None,
        fitted(kit, kit.say(action.label), (33, 27), look.ON_DEEP, room=wide),
    ]
    return _button(
        kit,
        action,
        kit.row(
            parts,
            16,
            justify="center" if kit.elder else "start",
            height=kit.theme.target(112),
            pad=(0, kit.px(20), 0, kit.px(24)),
            border=look.DEEP_LINE,
            border_width=kit.px(2),
            radius=kit.px(24),
        ),
    )


_WAY_ICONS: Final = {
    "retry": "rotate-ccw",
    "reconsider": "undo-2",
    "cancel": "x",
    "finish": "log-out",
    "home": "house",
}


def way_icon(action: Action) -> str:
    """Return the icon of a way out of a page that has none of its own."""
    return _WAY_ICONS.get(action.target, "pencil-line")


def link(kit: Kit, action: Action, size: float = 30) -> Node:
    """Return a small green word at the end of a row, with a full-size target."""
    words = kit.words(action.label, size, look.JADE_INK, "bold", align="center", leading=1.16)
    return _button(
        kit,
        action,
        kit.row(
            [words],
            justify="center",
            height=kit.theme.target(),
            min_width=kit.theme.target(),
        ),
    )


def tile(kit: Kit, action: Action, *, size: float = 34, high: float = 92) -> Node:
    """Return a small choice: one word in a frame."""
    chosen = action.chosen
    parts = [
        kit.words(
            action.label,
            size,
            look.JADE_INK if chosen else look.INK,
            "bold" if chosen else "sans",
            align="center",
            balance=True,
            leading=1.2,
        ),
        kit.words(action.note, 24, look.INK_2, align="center", leading=1.2)
        if action.note
        else None,
    ]
    return _button(
        kit,
        action,
        kit.column(
            parts,
            2,
            justify="center",
            min_height=kit.theme.target(high),
            min_width=kit.theme.target(),
            pad=(kit.px(6), kit.px(10), kit.px(6), kit.px(10)),
            fill=look.JADE_WASH if chosen else look.CARD,
            border=look.JADE if chosen else look.LINE_STRONG,
            border_width=kit.px(3 if chosen else 2),
            radius=kit.px(24),
        ),
        Role.CHOICE,
    )


def choice_card(kit: Kit, action: Action, *, high: float = 176) -> Node:
    """Return a large choice: a name, one line that explains it, an icon."""
    chosen = action.chosen
    name = kit.words(action.label, 44, look.INK, "bold", leading=1.24)
    note = kit.words(action.note, 30, look.INK_2, leading=1.24) if action.note else None
    mark = kit.icon("circle-check" if chosen else "chevron-right", 44, look.JADE)
    return _button(
        kit,
        action,
        kit.row(
            [
                kit.icon(action.icon, 68, look.JADE) if action.icon else None,
                kit.column([name, note], 6, grow=1.0),
                mark,
            ],
            34,
            min_height=kit.theme.target(high),
            pad=(kit.px(22), kit.px(36), kit.px(22), kit.px(40)),
            fill=look.JADE_WASH if chosen else look.CARD,
            border=look.JADE if chosen else look.LINE_STRONG,
            border_width=kit.px(4 if chosen else 3),
            radius=kit.px(32),
        ),
        Role.CHOICE,
    )
