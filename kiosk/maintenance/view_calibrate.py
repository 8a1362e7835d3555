"""The view model of the touch calibration."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.journey.view_parts import Action
from kiosk.maintenance.view_parts import StaffView


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffCalibrateView(StaffView):
    """Four targets, one after the other; then a grid, and whether to keep it.

    ``title``: ``calibration.title.point`` (n, of) | ``.confirm``.  While ``at`` is set the whole
    page is one field: it hands back ``staff:point:<across>,<down>``.
    """

    page: str = "staff_calibrate"
    at: tuple[float, float] | None = None
    """The target of now, in shares of the screen; None: the grid is shown."""
    number: int = 1
    of: int = 4
    columns: int = 3
    rows: int = 6
    touched: frozenset[int] = frozenset()
    seconds_left: int = 30
    ways: tuple[Action, ...] = ()
    """yes and no, with the grid."""
