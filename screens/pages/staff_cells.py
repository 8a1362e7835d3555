"""Cells over the whole glass, each wants a finger once: for the touch test and calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kiosk.journey.view import text
from screens import theme as look
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from collections.abc import Collection


class Grid(Protocol):
    """What a view says of its cells, which are numbered line by line from 0."""

    @property
    def columns(self) -> int:
        """How many cells a line has."""

    @property
    def touched(self) -> Collection[int]:
        """Numbers of the cells that felt a finger."""


def rows(kit: Kit, grid: Grid, which: range) -> Node:
    """Return some lines of the grid, as tall together as they are many."""
    lines = [
        kit.row([_cell(kit, grid, row, own) for own in range(grid.columns)], 6, align="stretch")
        for row in which
    ]
    grown = [styled(line, grow=1.0) for line in lines]
    edge = kit.px(3)
    return kit.column(grown, 6, grow=float(len(which)), pad=(edge, edge, edge, edge))


def _cell(kit: Kit, grid: Grid, row: int, column: int) -> Node:
    number = row * grid.columns + column
    done = number in grid.touched
    key = "cell_done" if done else "cell"
    label = kit.say(text(f"staff.touch.{key}", row=row + 1, column=column + 1))
    mark = kit.icon("check", 48, look.CARD) if done else None
    made = kit.column(
        [mark],
        align="center",
        justify="center",
        grow=1.0,
        min_height=kit.theme.icon(48),
        fill=look.JADE if done else look.CARD,
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(14),
    )
    state = ("done",) if done else ()
    return meaning(made, Role.BUTTON, label, target=f"staff:cell:{number}", state=state)
