"""What the page from which a training is begun shows."""

from __future__ import annotations

from typing import Final

from kiosk.journey.view_parts import text
from kiosk.maintenance.context import Context
from kiosk.maintenance.present_parts import frame, outcome, way
from kiosk.maintenance.view_training import StaffTrainView
from kiosk.translation import Translator

SAYS: Final = ("real", "hands", "marked", "away")
"""What is told of a training before it begins."""


def training(ctx: Context, _: Translator) -> StaffTrainView:
    """Return the page."""
    runs = bool(ctx.awaited)
    doing = ctx.doing or text("staff.train.starts")
    again = "staff.train.again" if ctx.outcome is not None else "staff.train.begin"
    return StaffTrainView(
        frame=frame(ctx, leave=not runs, go=None if runs else way("train", words=again)),
        title=text("staff.train.title"),
        lead=text("staff.train.lead"),
        says=tuple(text(f"staff.train.says.{one}") for one in SAYS),
        doing=doing if runs else None,
        outcome=outcome(ctx.outcome),
    )
