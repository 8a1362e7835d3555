"""Training: what it is, before it begins; how it ended, after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Text
    from kiosk.maintenance.view_training import StaffTrainView

_ICONS: Final = ("shield-check", "id-card", "graduation-cap", "clock")
"""Of the sentences, in their order."""


def build(kit: Kit, view: StaffTrainView) -> Node:
    """Return the page."""
    lines = [
        _line(kit, said, icon)
        for said, icon in zip(view.says, _ICONS[: len(view.says)], strict=True)
    ]
    body = [
        staff_blocks.working(kit, view.doing, "graduation-cap"),
        staff_blocks.outcome(kit, view.outcome),
        meaning(kit.card(lines, (36, 36), gap=30), Role.LIST),
    ]
    return staff_frame.page(kit, view, body)


def _line(kit: Kit, said: Text, icon: str) -> Node:
    return kit.row(
        [kit.icon(icon, 48, look.JADE), kit.words(said, 36, look.INK, grow=1.0, leading=1.4)],
        28,
        align="start",
    )
