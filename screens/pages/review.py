"""The whole form before it is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import ReviewRow, ReviewView


def build(kit: Kit, view: ReviewView) -> Node:
    """Return the page: every field with its source, and what submitting states."""
    table = blocks.rows(kit, [_row(kit, row) for row in view.rows])
    lines = [kit.words(words, 30, look.INK, grow=1.0) for words in view.statement]
    said = kit.row(
        [kit.icon("pen-line", 46, look.DEEP_2), kit.column(lines, 8, grow=1.0)],
        26,
        pad=(kit.px(20), kit.px(32), kit.px(20), kit.px(32)),
        fill="#EFEADC",
        radius=kit.px(28),
    )
    return scaffold.page(kit, view, [table, said], gap=26)


def _row(kit: Kit, row: ReviewRow) -> Node:
    badge = (
        kit.badge(row.source, "quiet", "user-round-pen")
        if row.by_citizen
        else kit.badge(row.source, "done", "database")
    )
    upright = kit.theme.portrait
    change = buttons.link(kit, row.change, 32) if row.change else _no_change(kit)
    made = kit.row(
        [
            kit.column([kit.words(row.label, 29, look.INK_2)], width=kit.px(190)),
            kit.words(row.value, 35, look.INK, "bold", grow=1.0, lines=2, leading=1.22),
            badge,
            change,
        ],
        16,
        min_height=kit.px(100 if upright else 86),
        pad=(0, kit.px(14), 0, kit.px(32)),
    )
    return meaning(made, Role.ROW)


def _no_change(kit: Kit) -> Node:
    return kit.column([], width=kit.px(18))
