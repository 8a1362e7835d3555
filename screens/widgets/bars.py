"""Top bar, bottom bar and the five bars of progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from screens import theme as look
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import MARGIN, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Frame


def brand(kit: Kit, words: str, colour: str = look.DEEP, side: float = 60) -> Node:
    """Return the red stamp 一端 and who serves (or the thing that is being done)."""
    stamp = kit.column(
        [kit.words("一端", side * 0.4, look.CARD, "serif", align="center", leading=1.0)],
        justify="center",
        width=kit.px(side),
        height=kit.px(side),
        radius=kit.px(side * 0.24),
        fill=look.SEAL,
    )
    return kit.row([stamp, kit.words(words, 34, colour, "serif", lines=1)], 16)


def steps(kit: Kit, frame: Frame) -> Node | None:
    """Return the five bars, or nothing where there is no way to measure."""
    if frame.steps is None:
        return None
    return blocks.bars(kit, frame.steps.done + frame.steps.part, frame.steps.of)


def top(kit: Kit, frame: Frame) -> Node:
    """Return the top bar; its right side is kept for 大字 · 朗读 · EN."""
    edge = kit.px(MARGIN)
    line = kit.row(
        [brand(kit, frame.thing or frame.service), kit.space()],
        height=kit.px(112),
        pad=(0, edge, 0, edge),
    )
    return meaning(line, Role.BAR)


SLOTS: Final = {"home": 148, "back": 148, "help": 236}
"""Places of the bottom bar and their widths in units: help stands where it always stands."""


def _slot(kit: Kit, frame: Frame, name: str) -> Node:
    wide = kit.px(SLOTS[name])
    found = next((action for action in frame.nav if action.target == name), None)
    if found is None:
        return kit.column([], width=wide)
    return styled(buttons.quiet(kit, found), width=wide)


def bottom(kit: Kit, frame: Frame) -> Node:
    """Return the bottom bar: 首页 · 返回 · 找人帮忙 left, the way on right."""
    nav = [_slot(kit, frame, name) for name in SLOTS]
    go = buttons.primary(kit, frame.go) if frame.go else None
    down = kit.px(16)
    line = kit.row(
        [*nav, kit.space(), go],
        4,
        pad=(0, kit.px(MARGIN), 0, kit.px(MARGIN - 24)),
        height=kit.theme.target(104) + 2 * down,
    )
    made = kit.column([kit.rule(), line], fill=look.CARD)
    return meaning(made, Role.BAR)
