"""The touch grid: every cell over the whole glass wants a finger once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_cells, staff_frame
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.maintenance.view import StaffTouchView


def build(kit: Kit, view: StaffTouchView) -> Node:
    """Return the grid, edge to edge; what is left to do is told in a band in the middle."""
    upper = view.rows - view.rows // 2
    band = _band(kit, view)
    strip = staff_frame.training(kit, view.frame)
    parts = [
        strip,
        staff_cells.rows(kit, view, range(upper)),
        band,
        staff_cells.rows(kit, view, range(upper, view.rows)),
    ]
    made = kit.column(parts, fill=look.COOL)
    return meaning(made, Role.PAGE, kit.say(view.title), value=view.page)


def _band(kit: Kit, view: StaffTouchView) -> Node:
    """Return what is left to do, and the way back for whom the glass does not feel."""
    left = view.columns * view.rows - len(view.touched)
    title = kit.words(view.title, 48, look.ON_DEEP, "serif", role=Role.TITLE)
    words = text("staff.touch.left", n=left, s=view.seconds_left)
    told = kit.words(words, 30, look.ON_DEEP_2)
    wide = kit.px(230)
    ways = [styled(staff_frame.on_deep(kit, own), width=wide) for own in view.frame.nav]
    edge, down = kit.px(48), kit.px(28)
    made = kit.row(
        [kit.column([title, told], 4, grow=1.0), *ways],
        24,
        fill=look.DEEP,
        pad=(down, edge, down, edge),
    )
    return meaning(made, Role.STATUS)
