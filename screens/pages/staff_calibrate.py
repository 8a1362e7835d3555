"""The touch calibration: a target to touch, or a grid to try and two buttons in its middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from kiosk.maintenance.calibrate_moves import WHOLE
from screens import theme as look
from screens.pages import staff_blocks, staff_cells
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.maintenance.view import StaffCalibrateView
    from screens.theme import Theme

POINTED: Final = "staff:point:"
_WHOLE_PAGE: Final = f"{POINTED}{WHOLE // 2},{WHOLE // 2}"
"""The target of the whole page; the stage says where it was felt instead."""
_TARGET: Final = 120.0


def build(kit: Kit, view: StaffCalibrateView) -> Node:
    """Return the page; it has no bar: every dot of the glass is tried."""
    return _points(kit, view) if not view.rows else _grid(kit, view)


def pointed(x: float, y: float, theme: Theme) -> str:
    """Return the touch that tells where on the page a finger was felt."""
    across, down = round(x / theme.width * WHOLE), round(y / theme.height * WHOLE)
    return f"{POINTED}{min(max(across, 0), WHOLE)},{min(max(down, 0), WHOLE)}"


def _points(kit: Kit, view: StaffCalibrateView) -> Node:
    """Return one target where its share of the screen is, and in the middle what to do."""
    width, height = kit.theme.width, kit.theme.height
    layers = [_target(kit, view.at) if view.at else None, _words(kit, view)]
    whole = styled(kit.stack(layers), width=width, height=height, fill=look.COOL)
    touched = meaning(whole, Role.BUTTON, kit.say(view.title), target=_WHOLE_PAGE)
    return meaning(
        kit.column([touched], fill=look.COOL), Role.PAGE, kit.say(view.title), value=view.page
    )


def _target(kit: Kit, at: tuple[float, float]) -> Node:
    """Return the layer of the target; its middle is at the share of the screen."""
    width, height = kit.theme.width, kit.theme.height
    half = kit.theme.icon(_TARGET) / 2
    left, top = round(at[0] * width - half), round(at[1] * height - half)
    row = kit.row([kit.icon("crosshair", _TARGET, look.SEAL)], pad=(0, 0, 0, left))
    return kit.column([row], pad=(top, 0, 0, 0), width=width, height=height)


def _words(kit: Kit, view: StaffCalibrateView) -> Node:
    said = [
        kit.words(view.title, 48, look.ON_DEEP, "serif", role=Role.TITLE, leading=1.2),
        *(kit.words(own.text, 32, look.ON_DEEP, "bold", leading=1.3) for own in view.notices),
        *(kit.words(own.hint, 30, look.ON_DEEP_2, leading=1.3) for own in view.notices if own.hint),
        kit.words(text("calibration.point_do"), 32, look.ON_DEEP_2, leading=1.3),
        kit.words(text("calibration.left", s=view.seconds_left), 28, look.ON_DEEP_2, leading=1.3),
    ]
    edge = kit.px(48)
    return kit.column(
        said,
        12,
        width=kit.px(760),
        fill=look.DEEP,
        radius=kit.px(28),
        pad=(edge, edge, edge, edge),
    )


def _grid(kit: Kit, view: StaffCalibrateView) -> Node:
    """Return cells over the whole glass, and the question in a band in the middle."""
    upper = view.rows // 2
    parts = [
        staff_cells.rows(kit, view, range(upper)),
        _band(kit, view),
        staff_cells.rows(kit, view, range(upper, view.rows)),
    ]
    made = kit.column(parts, fill=look.COOL)
    return meaning(made, Role.PAGE, kit.say(view.title), value=view.page)


def _band(kit: Kit, view: StaffCalibrateView) -> Node:
    """Return the question, between the halves of the grid."""
    title = kit.words(view.title, 48, look.DEEP, "serif", role=Role.TITLE, leading=1.2)
    left = text("calibration.confirm_left", s=view.seconds_left)
    told = kit.words(left, 30, look.INK, leading=1.3)
    ways = staff_blocks.ways(kit, view.ways, 2, first="way")
    edge, down = kit.px(48), kit.px(28)
    made = kit.column([title, told, ways], 18, fill=look.COOL, pad=(down, edge, down, edge))
    return meaning(made, Role.STATUS)
