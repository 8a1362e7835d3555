"""What the page of the touch calibration shows."""

from __future__ import annotations

from kiosk.journey.view_parts import text
from kiosk.maintenance.calibrate_moves import COLUMNS, ROWS
from kiosk.maintenance.context import Context
from kiosk.maintenance.present_parts import failed, frame, way
from kiosk.maintenance.touch_matrix import TARGETS
from kiosk.maintenance.view_calibrate import StaffCalibrateView
from kiosk.translation import Translator


def calibrate(ctx: Context, _: Translator) -> StaffCalibrateView:
    """Return the page."""
    if ctx.trying:
        yes = way("yes", words="calibration.keep")
        return StaffCalibrateView(
            frame=frame(ctx, back=None, leave=False),
            title=text("calibration.title.confirm"),
            columns=COLUMNS,
            rows=ROWS,
            touched=ctx.touched,
            seconds_left=ctx.touch_s,
            ways=(yes, way("no", words="calibration.undo")),
        )
    number = len(ctx.felt) + 1
    return StaffCalibrateView(
        frame=frame(ctx, back=None, leave=False),
        title=text("calibration.title.point", n=number, of=len(TARGETS)),
        notices=failed(ctx),
        at=None if ctx.awaited else TARGETS[number - 1],
        number=number,
        of=len(TARGETS),
        columns=0,
        rows=0,
        seconds_left=ctx.touch_s,
    )
