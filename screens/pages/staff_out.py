"""Out of service: what citizens read, until when, and how it will look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.semantic import Node, Role
from screens.widgets import buttons
from screens.widgets.kit import WHOLE, Kit, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.journey.view import Action
    from kiosk.maintenance.view import StaffOutView


def build(kit: Kit, view: StaffOutView) -> Node:
    """Return the page; what citizens will see is painted small."""
    choices = [
        *_choices(kit, "staff.out.reasons", view.reasons, 2 if kit.upright else 3),
        *_choices(kit, "staff.out.untils", view.untils, 3),
    ]
    shown = [staff_blocks.heading(kit, "staff.out.shown"), _shown(kit, view)]
    if kit.upright or not choices:
        return staff_frame.page(kit, view, [*choices, *shown], gap=20)
    halves = [kit.column(choices, 20, grow=1.35), kit.column(shown, 20, grow=1.0)]
    return staff_frame.page(kit, view, [kit.row(halves, 32, align="start")])


def _choices(kit: Kit, key: str, actions: Sequence[Action], columns: int) -> list[Node | None]:
    if not actions:
        return []
    made = [buttons.tile(kit, own, high=100) for own in actions]
    return [staff_blocks.heading(kit, key), kit.grid(made, columns, 16)]


def _shown(kit: Kit, view: StaffOutView) -> Node:
    """Return what citizens will read, as it will look."""
    edge, down = kit.px(40), kit.px(44)
    made = kit.column(
        [
            kit.row([kit.icon("wrench", 68, look.GOLD_LIGHT), kit.space()]),
            kit.words(view.shown, 54, look.ON_DEEP, "serif", balance=True, leading=1.24),
            kit.words(view.shown_lead, 32, look.ON_DEEP_2, balance=True, leading=1.5),
        ],
        16,
        fill=look.DEEP,
        radius=kit.px(32),
        min_height=kit.px(360),
        justify="center",
        pad=(down, edge, down, edge),
    )
    return meaning(made, Role.STATUS, state=(WHOLE,))
