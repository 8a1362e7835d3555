"""Top bar, bottom bar, the rail of a lying screen, and the five bars of progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from screens import layout
from screens import theme as look
from screens.semantic import Node, Role, Style, Type
from screens.widgets import blocks, buttons
from screens.widgets.kit import MARGIN, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Action, Frame


def brand(kit: Kit, frame: Frame, room: int, colour: str = look.DEEP, side: float = 60) -> Node:
    """Return the red stamp 一端 (a mark: it keeps its size) and who serves, or the thing.

    ``room`` is how many dots both may take.
    """
    side = 80 if kit.elder else side
    letters = Type(
        size=kit.px(side * 0.4), colour=look.CARD, face="serif", align="center", leading=1.0
    )
    stamp = kit.column(
        [Node(role=Role.TEXT, label="一端", style=Style(type=letters))],
        justify="center",
        width=kit.px(side),
        height=kit.px(side),
        radius=kit.px(side * 0.24),
        fill=look.SEAL,
    )
    words = kit.say(frame.alert) if frame.alert else kit.named(frame.thing or frame.service)
    colour = look.SEAL_INK if frame.alert and colour == look.DEEP else colour
    room -= kit.px(side + 16)
    name = buttons.fitted(kit, words, (34, 27), colour, "serif", room=room)
    return kit.row([stamp, styled(name, grow=1.0)], 16, grow=1.0)


RAIL_INNER: Final = 500


def steps(kit: Kit, frame: Frame) -> Node | None:
    """Return the five bars, or nothing where there is no way to measure."""
    if frame.steps is None:
        return None
    return blocks.bars(kit, frame.steps.done + frame.steps.part, frame.steps.of)


def tools(kit: Kit, frame: Frame, *, plain: bool = False) -> Node | None:
    """Return the pills at the right of the top bar: 大字 · EN; plain: without pictures."""
    if not frame.tools:
        return None
    return kit.row([tool(kit, action, plain=plain) for action in frame.tools], 18)


_TOOL_ICONS: Final = {"size": "a-large-small", "language": "languages"}


def tool(kit: Kit, action: Action, *, plain: bool = False) -> Node:
    """Return one pill; it is filled while it is on."""
    ink = look.CARD if action.chosen else look.INK
    mark = look.CARD if action.chosen else look.DEEP_2
    high, across = kit.theme.target(84), kit.px(28)
    icon = action.icon or _TOOL_ICONS.get(action.target, "settings-2")
    made = kit.row(
        [None if plain else kit.icon(icon, 33, mark), kit.words(action.label, 30, ink)],
        12,
        justify="center",
        height=high,
        min_width=kit.theme.target(140),
        pad=(0, across, 0, across),
        fill=look.DEEP if action.chosen else look.CARD,
        border=look.DEEP if action.chosen else look.LINE_STRONG,
        border_width=kit.px(2),
        radius=high // 2,
    )
    state = ("chosen",) if action.chosen else ()
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target, state=state)


def top(kit: Kit, frame: Frame) -> Node:
    """Return the top bar of an upright screen; beside a long name the pills are plain."""
    edge, gap = kit.px(MARGIN), kit.px(24)
    high = max(kit.px(112), kit.theme.target(84) + gap)
    for plain in (False, True):
        pills = tools(kit, frame, plain=plain)
        wide = layout.size(pills, kit.theme.width)[0] if pills else 0
        name = brand(kit, frame, kit.theme.width - 2 * edge - gap - wide)
        if layout.size(name, kit.theme.width - 2 * edge - gap - wide)[1] <= high:
            break
    line = kit.row([name, pills], 24, height=high, pad=(0, edge, 0, edge))
    return meaning(line, Role.BAR)


SLOTS: Final = {"home": 172, "back": 158, "help": 236}
"""Places of the bottom bar and their widths in units: help stands where it always stands."""
ELDER_SLOTS: Final = {"home": 192, "back": 192, "help": 264}
"""The same with elder letters."""


def _slots(kit: Kit) -> dict[str, int]:
    return ELDER_SLOTS if kit.elder else SLOTS


def _slot(kit: Kit, frame: Frame, name: str) -> Node:
    wide = kit.px(_slots(kit)[name])
    found = next((action for action in frame.nav if action.target == name), None)
    if found is None:
        return kit.column([], width=wide)
    made = _elder_nav(kit, found, wide) if kit.elder else buttons.quiet(kit, found)
    return styled(made, width=wide)


def _elder_nav(kit: Kit, action: Action, wide: int) -> Node:
    """Return a framed word without a picture: there is room for one of the two."""
    across = kit.px(10)
    words = buttons.fitted(
        kit, kit.say(action.label), (36, 30), look.DEEP, "bold", room=wide - 2 * across, align=True
    )
    made = kit.column(
        [words],
        justify="center",
        height=kit.theme.target(128),
        pad=(0, across, 0, across),
        fill=look.CARD,
        border=look.DEEP_2,
        border_width=kit.px(3),
        radius=kit.px(32),
    )
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target)


def bottom(kit: Kit, frame: Frame) -> Node:
    """Return the bottom bar: 首页 · 返回 · 找人帮忙 left, the way on right."""
    nav = [_slot(kit, frame, name) for name in _slots(kit)]
    gap, high = (14, 128) if kit.elder else (4, 104)
    before, after = (32, 32) if kit.elder else (MARGIN - 24, MARGIN)
    taken = sum(_slots(kit).values()) + before + after + (len(nav) + 1) * gap
    go = buttons.way_on(kit, frame.go, kit.theme.width - kit.px(taken)) if frame.go else None
    down = kit.px(16)
    line = kit.row(
        [*nav, kit.space(), go],
        gap,
        pad=(0, kit.px(after), 0, kit.px(before)),
        height=kit.theme.target(high) + 2 * down,
    )
    made = kit.column([kit.rule(), line], fill=look.CARD)
    return meaning(made, Role.BAR)


def rail_nav(kit: Kit, frame: Frame) -> Node:
    """Return the navigation of the rail: every button always stands in its own place."""
    made = {action.target: buttons.on_deep(kit, action) for action in frame.nav}
    upper = [made.get(name, kit.column([])) for name in ("home", "back")]
    over = kit.grid(upper, 2, 18) if made.keys() & {"home", "back"} else None
    return meaning(kit.column([over, made.get("help")], 18), Role.BAR)
